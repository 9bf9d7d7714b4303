"""What ``copylab lint`` prints, where: colours, encodings, paths, several workspaces."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys

import pytest

from copylab.cli.reporting import usual_format, wants_color
from copylab.lint.formats import FORMATS

GOOD = {
    "copylab.yaml": "brand: {name: Example}\nmarkets: [US]\n",
    "templates/hi/message.yaml": "purpose: transactional\nlive: plain\n",
    "templates/hi/sms.en-US.md": "# plain\nExample: hi there.\n",
}
COPY = "templates/hi/sms.en-US.md"
BAD = {**GOOD, COPY: "# plain\nExample: hi {{ 名字 }}.\n"}


def _below(folder: str, files: dict[str, str]) -> dict[str, str]:
    return {f"{folder}/{name}": text for name, text in files.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_in_the_help_and_prints_something_for_clean_copy(
    run_copylab, make_files, name
) -> None:
    ran = run_copylab("lint", "--format", name, cwd=make_files(GOOD))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()
    assert ran.out.endswith("\n")


def test_help_lists_every_format_and_names_the_usual_one(run_copylab) -> None:
    text = " ".join(run_copylab("lint", "--help").out.split())
    assert f"[{'|'.join(FORMATS)}]" in text
    assert "github in GitHub Actions" in text


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": ""}, False),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
        ({}, False),
    ],
)
def test_colours_follow_the_environment(env, wanted) -> None:
    assert wants_color(env) is wanted
    assert usual_format(env) == "concise"
    assert usual_format({**env, "GITHUB_ACTIONS": "true"}) == "github"


@pytest.mark.parametrize("forced", ["", "1"])
def test_a_pipe_has_colours_only_when_forced(run_copylab, make_files, forced) -> None:
    ran = run_copylab(
        "lint", "--format", "full", cwd=make_files(BAD), FORCE_COLOR=forced, NO_COLOR=""
    )
    assert ("\x1b[" in ran.out) is bool(forced)


def test_a_terminal_gets_the_full_format_in_colours(make_files) -> None:
    ours, theirs = pty.openpty()
    try:
        env = {**os.environ, "GITHUB_ACTIONS": "", "TERM": "xterm"}
        for name in ("NO_COLOR", "FORCE_COLOR"):
            env.pop(name, None)
        command = [sys.executable, "-m", "copylab", "lint"]
        ran = subprocess.run(
            command, cwd=make_files(BAD), env=env, stdout=theirs, check=False
        )
        os.close(theirs)
        shown = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
    assert ran.returncode == 1
    assert shown.startswith("\x1b[1;31merror\x1b[0m: '名字' is not declared")


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab"])
def test_formats_for_programs_are_utf_8_wherever_they_go(
    run_copylab, make_files, name
) -> None:
    ran = run_copylab(
        "lint", "--format", name, cwd=make_files(BAD), PYTHONIOENCODING="ascii"
    )
    assert ran.code == 1
    assert "'名字' is not declared" in ran.out
    json.loads(ran.out)


def test_a_terminal_without_chinese_gets_escapes_and_no_trace(
    run_copylab, make_files
) -> None:
    ran = run_copylab("lint", cwd=make_files(BAD), PYTHONIOENCODING="ascii")
    assert ran.code == 1
    assert "'\\u540d\\u5b57' is not declared" in ran.out
    assert ran.err == ""


@pytest.mark.parametrize("name", FORMATS)
def test_file_names_that_no_encoding_carries_are_printed_all_the_same(
    run_copylab, make_files, name
) -> None:
    root = make_files(GOOD)
    folder = os.fsdecode(b"templates/w\xff\n::error::x")
    for file, text in BAD.items():
        if file.startswith("templates/hi/"):
            path = root / folder / file.rpartition("/")[2]
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    ran = run_copylab("lint", "--format", name, cwd=root)
    assert (ran.code, ran.err) == (1, "")
    assert "is not declared" in ran.out
    if name in {"json", "sarif", "gitlab"}:
        json.loads(ran.out)
    commands = [line for line in ran.out.split("\n") if line.startswith("::")]
    assert len(commands) == (name == "github")


def test_paths_are_clickable_from_where_one_stands(run_copylab, make_files) -> None:
    root = make_files(_below("copy", BAD))
    place = f"copy/{COPY}:2:16: error"
    assert run_copylab("lint", "copy", cwd=root).out.startswith(place)
    shown = run_copylab("lint", "copy", "--format", "full", cwd=root).out
    assert f"--> copy/{COPY}:2:16" in shown
    assert " 2 | Example: hi {{ 名字 }}." in shown
    inside = run_copylab("lint", cwd=root / "copy/templates")
    assert inside.out.startswith(f"{COPY}:2:16: error")


@pytest.mark.parametrize("name", ["github", "gitlab", "junit", "sarif", "markdown"])
def test_ci_gets_paths_from_the_root_of_the_repository(
    run_copylab, make_files, name
) -> None:
    root = make_files({**_below("a/copy", BAD), ".git/HEAD": "ref: refs/heads/main\n"})
    ran = run_copylab("lint", "--format", name, cwd=root / "a/copy")
    assert f"a/copy/{COPY}" in ran.out


def test_json_names_files_from_the_root_of_the_workspace(
    run_copylab, make_files
) -> None:
    root = make_files({**_below("a/copy", BAD), ".git/HEAD": "x"})
    ran = run_copylab("lint", "a/copy", "--format", "json", cwd=root)
    (finding,) = json.loads(ran.out)["findings"]
    assert finding["file"] == COPY


@pytest.mark.parametrize("name", FORMATS)
def test_two_workspaces_make_one_report(run_copylab, make_files, name) -> None:
    root = make_files({**_below("a", BAD), **_below("b", GOOD), **_below("c", BAD)})
    ran = run_copylab("lint", "a", "b", "c", "--format", name, cwd=root)
    assert (ran.code, ran.err) == (1, "")
    places = set(re.findall(r"\b([abc])/templates/hi", ran.out))
    assert {"a", "c"} <= places
    if name in {"json", "sarif", "gitlab"}:
        json.loads(ran.out)


def test_exit_codes_are_0_1_and_2(run_copylab, make_files) -> None:
    warned = GOOD["templates/hi/message.yaml"] + (
        "variables: {spare: {type: int, min: 0, max: 9}}\n"
    )
    root = make_files({**GOOD, "templates/hi/message.yaml": warned})
    for fail_on, code in (
        ("error", 0), ("warning", 1), ("info", 1), ("never", 0),
    ):  # fmt: skip
        for name in FORMATS:
            ran = run_copylab("lint", "--fail-on", fail_on, "--format", name, cwd=root)
            assert (ran.code, ran.err) == (code, ""), (fail_on, name)
    many = "# plain\n" + "{{ x }}" * 300 + "\n"
    (root / COPY).write_text(many)
    assert run_copylab("lint", cwd=root).code == 1
    assert run_copylab("lint", "--fail-on", "never", cwd=root).code == 0
    (root / "copylab.yaml").unlink()
    assert run_copylab("lint", "--fail-on", "never", cwd=root).code == 2
