"""The GitHub Action and the pre-commit hooks: loaded, held to their schemas, and run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
BASH = shutil.which("bash")
GOOD = {
    "copylab.yaml": "brand: {name: Example}\nmarkets: [US]\n",
    "templates/hi/message.yaml": "purpose: transactional\nlive: plain\n",
    "templates/hi/sms.en-US.md": "# plain\nExample: hi there.\n",
}
BAD = {**GOOD, "templates/hi/sms.en-US.md": "# plain\nExample: hi {{ nmae }}.\n"}

needs_bash = pytest.mark.skipif(BASH is None, reason="the action's steps are bash")


@dataclass(frozen=True)
class Step:
    code: int
    out: str
    err: str
    summary: str


def _action():
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def _fill(text: str, inputs: dict[str, str]) -> str:
    """The expressions of the action, as GitHub evaluates them."""

    def value(match: re.Match[str]) -> str:
        name, other = re.fullmatch(
            r"inputs\.([a-z-]+)(?: \|\| '([^']*)')?", match[1].strip()
        ).groups()
        return inputs[name] or other or ""

    return re.sub(r"\$\{\{(.*?)\}\}", value, text)


def _run_step(name: str, root: Path, **given: str) -> Step:
    """A step in a scratch runner, with the variables that GitHub sets."""
    action = _action()
    inputs = {key: item["default"] for key, item in action["inputs"].items()}
    inputs |= {key.replace("_", "-"): text for key, text in given.items()}
    (step,) = [item for item in action["runs"]["steps"] if item["name"] == name]
    runner = root.parent / "runner"
    runner.mkdir(exist_ok=True)
    summary, path = runner / "summary.md", runner / "path"
    script = runner / "step.sh"
    script.write_text(step["run"])
    env = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_PATH": str(path),
        "GITHUB_WORKSPACE": str(root),
        "RUNNER_TEMP": str(runner),
        **{key: _fill(text, inputs) for key, text in step.get("env", {}).items()},
    }
    place = root / _fill(step.get("working-directory", "."), inputs)
    # The command line of `shell: bash` in GitHub's documentation.
    command = [str(BASH), "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
    ran = subprocess.run(command, cwd=place, env=env, capture_output=True, check=False)
    written = summary.read_text(encoding="utf-8") if summary.exists() else ""
    return Step(ran.returncode, ran.stdout.decode(), ran.stderr.decode(), written)


@pytest.fixture
def checkout(make_files, tmp_path) -> Callable[..., Path]:
    """Makes a checkout, which the runner's own folder lies beside."""

    def make(files: dict[str, str], below: str = "") -> Path:
        make_files({f"repo/{below}{name}": text for name, text in files.items()})
        (tmp_path / "repo/.git").mkdir(exist_ok=True)
        return tmp_path / "repo"

    return make


def test_the_action_is_valid_by_the_published_schema() -> None:
    home = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((home / "github-actions.json").read_text(encoding="utf-8"))
    action = _action()
    jsonschema.validate(action, schema)
    assert action["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" for step in action["runs"]["steps"])
    del action["runs"]["steps"][0]["shell"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(action, schema)


def test_no_input_is_pasted_into_a_script() -> None:
    """What an input says must never become code."""
    for step in _action()["runs"]["steps"]:
        assert "${{" not in step["run"]


@needs_bash
def test_the_action_annotates_fails_and_writes_the_summary(checkout) -> None:
    ran = _run_step("Lint", checkout(BAD))
    assert ran.code == 1, ran.err
    assert ran.out.startswith("::error file=templates/hi/sms.en-US.md,line=2,")
    assert ran.summary.startswith("### 🔴 copylab lint: found 1 error")


@needs_bash
def test_the_action_passes_on_clean_copy(checkout) -> None:
    ran = _run_step("Lint", checkout(GOOD))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("no findings from ")
    assert ran.summary.startswith("### ✅ copylab lint: no findings")


@needs_bash
def test_the_action_takes_its_inputs(checkout) -> None:
    root = checkout(BAD)
    assert _run_step("Lint", root, fail_on="never").code == 0
    ran = _run_step(
        "Lint", root, summary="false", paths="copylab.yaml\n\ntemplates/hi\n"
    )
    assert ran.code == 1
    quiet = _run_step("Lint", root, paths="copylab.yaml")
    assert quiet.code == 0
    refused = _run_step("Lint", root, fail_on="everything")
    assert refused.code == 2
    hostile = _run_step("Lint", root, paths='$(touch pwned)"; touch pwned; "')
    assert hostile.code == 2
    assert not (root / "pwned").exists()


@needs_bash
def test_annotations_name_files_from_the_root_of_the_repository(checkout) -> None:
    root = checkout(BAD, "marketing/")
    ran = _run_step("Lint", root, working_directory="marketing")
    assert "::error file=marketing/templates/hi/sms.en-US.md,line=2," in ran.out
    assert "marketing/templates/hi/sms.en-US.md:2" in ran.summary


@needs_bash
@pytest.mark.fuzz
def test_the_action_installs_a_copylab_that_runs(checkout) -> None:
    """Minutes long: it builds copylab and installs all that it needs."""
    root = checkout(GOOD)
    ran = _run_step("Install copylab", root)
    assert ran.code == 0, ran.err
    folder = (root.parent / "runner/path").read_text(encoding="utf-8").strip()
    ran = _run_step("Lint", root, copylab=f"{folder}/copylab")
    assert (ran.code, ran.err) == (0, "")


def _git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    command = ["git", *who, *arguments]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


def _pre_commit(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / "pre-commit"), *arguments],
        cwd=root,
        env={
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(root.parent / "cache"),
            "GITHUB_ACTIONS": "",
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hooks_are_valid_to_pre_commit() -> None:
    ran = _pre_commit(ROOT, "validate-manifest", ".pre-commit-hooks.yaml")
    assert ran.returncode == 0, ran.stdout


@pytest.fixture
def hooked(make_files, tmp_path) -> Callable[..., Path]:
    """A repository with copy in it, and one that offers the hooks."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    _git(hooks, "init", "-q", "-b", "main")
    _git(hooks, "add", ".")
    _git(hooks, "commit", "-q", "-m", "hooks")

    def make(files: dict[str, str]) -> Path:
        make_files({f"repo/{name}": text for name, text in files.items()})
        root = tmp_path / "repo"
        _git(root, "init", "-q", "-b", "main")
        _git(root, "add", ".")
        return root

    return make


@pytest.mark.parametrize(
    ("files", "code", "says"),
    [
        (GOOD, 0, "Passed"),
        (BAD, 1, "templates/hi/sms.en-US.md:2:16: error CL301 undeclared-variable"),
        ({"notes.md": "# hi\n"}, 0, "(no files to check)Skipped"),
    ],
)
def test_the_hook_runs_in_the_real_pre_commit(hooked, files, code, says) -> None:
    """The hook of what is installed: the other one fetches its packages first."""
    root = hooked(files)
    ran = _pre_commit(
        root, "try-repo", "../hooks", "copylab-lint-installed", "--all-files"
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert says in ran.stdout


def test_both_hooks_do_the_same_and_see_every_file_of_a_workspace() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    own, installed = yaml.safe_load(text)
    assert (own["language"], installed["language"]) == ("python", "system")
    assert own["entry"] == installed["entry"] == "copylab lint"
    assert own["files"] == installed["files"]
    for path in (
        "copylab.yaml",
        "a/copylab.yaml",
        "templates/x/sms.en.md",
        "experiments/x.yaml",
    ):
        assert re.search(own["files"], path)
    for path in ("my-copylab.yaml", "README.md", "mytemplates/x.md"):
        assert not re.search(own["files"], path)
