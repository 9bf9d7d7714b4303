"""learn, promote --pr and the forms of analyze, as people run them."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "approved_sms_hook"
AT = "2026-11-22T11:00:00Z"
DAY = ("--date", "2026-12-08")


@pytest.fixture(scope="session")
def finished(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, run_copylab: Any
) -> Path:
    """The sample workspace with the data of a finished experiment."""
    root = tmp_path_factory.mktemp("finished") / "workspace"
    root.mkdir()
    shutil.copy(repository / "copylab.yaml", root)
    for name in ("templates", "experiments"):
        shutil.copytree(repository / name, root / name)
    assert run_copylab("start", NAME, "--at", AT, cwd=root).code == 0
    made = run_copylab(
        *("simulate", NAME, "--users", "12000", "--effect", "coupon=+60%"),
        *("--rate", "click=30%", "--seed", "7", "--at", AT),
        cwd=root,
    )
    assert made.code == 0
    return root


@pytest.fixture
def workspace(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "workspace")


def git(root: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    done = subprocess.run(
        ["git", "-C", str(root), *settings, *arguments],
        check=True,
        capture_output=True,
    )
    return done.stdout.decode()


def versioned(root: Path) -> Path:
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", "x")
    git(root, "config", "user.email", "x@example.com")
    (root / ".gitignore").write_text("data/\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=start")
    return root


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def test_a_promotion_becomes_a_commit_on_a_branch_of_its_own(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    versioned(workspace)
    done = run_copylab("promote", NAME, "--pr", *DAY, cwd=workspace)
    assert done.code == 0, done.err
    assert git(workspace, "branch", "--show-current").strip() == f"promote/{NAME}"
    changed = git(workspace, "diff", "--name-only", "main", "HEAD").split()
    assert changed == [
        f"experiments/{NAME}.yaml",
        f"experiments/decisions/{NAME}.yaml",
        "templates/winback/approved_day7/message.yaml",
    ]
    assert git(workspace, "status", "--porcelain") == ""
    title = f"Promote coupon in winback/approved_day7 ({NAME})"
    assert done.out.startswith(f"# {title}\n\n**PROMOTE coupon")
    assert git(workspace, "log", "-1", "--format=%s").strip() == title
    assert "| before | 【示例分期】" in done.out
    assert "| after | 【示例分期】" in done.out
    assert f"git push -u origin promote/{NAME}" in done.err
    assert git(workspace, "remote") == ""


def test_a_tree_with_changes_and_a_branch_in_the_way_are_refused(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    versioned(workspace)
    file = workspace / "copylab.yaml"
    usual = file.read_bytes()
    file.write_bytes(usual + b"# more\n")
    before = tree(workspace)
    refused = run_copylab("promote", NAME, "--pr", *DAY, cwd=workspace)
    assert refused.code == 1
    assert "the working tree has changes: copylab.yaml" in refused.err
    assert "help: commit or stash them first" in refused.err
    assert tree(workspace) == before
    file.write_bytes(usual)
    git(workspace, "branch", f"promote/{NAME}")
    refused = run_copylab("promote", NAME, "--pr", *DAY, cwd=workspace)
    assert refused.code == 1
    assert f"there is a branch 'promote/{NAME}' already" in refused.err


def test_a_hook_that_refuses_leaves_all_as_it_was(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    versioned(workspace)
    hook = workspace / ".git/hooks/commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'no ticket in the message' >&2\nexit 1\n")
    hook.chmod(0o755)
    before = tree(workspace)
    refused = run_copylab("promote", NAME, "--pr", *DAY, cwd=workspace)
    assert refused.code == 2
    assert "no ticket in the message" in refused.err
    assert "Traceback" not in refused.err
    assert tree(workspace) == before
    assert git(workspace, "branch", "--show-current").strip() == "main"
    assert git(workspace, "branch", "--list", "promote/*") == ""
    assert git(workspace, "status", "--porcelain") == ""


def test_without_a_repository_the_text_is_printed_all_the_same(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    done = run_copylab(
        "promote",
        NAME,
        "--pr",
        *DAY,
        cwd=workspace,
        GIT_CEILING_DIRECTORIES=str(workspace.parent),
    )
    assert done.code == 0, done.err
    assert done.out.startswith("# Promote coupon")
    assert "no git repository" in done.err
    assert (workspace / f"experiments/decisions/{NAME}.yaml").exists()


def test_a_dry_run_prints_the_text_and_changes_nothing(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    versioned(workspace)
    before = tree(workspace)
    done = run_copylab("promote", NAME, "--pr", "--dry-run", *DAY, cwd=workspace)
    assert done.code == 0, done.err
    assert done.out.startswith("# Promote coupon")
    assert tree(workspace) == before
    assert git(workspace, "branch", "--list", "promote/*") == ""


def test_what_was_decided_is_learned_from(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    nothing = run_copylab("learn", cwd=workspace)
    assert nothing.code == 0
    assert "nothing to learn yet" in nothing.out
    assert run_copylab("promote", NAME, *DAY, cwd=workspace).code == 0
    shown = run_copylab("learn", cwd=workspace)
    assert "1 concluded experiment; DerSimonian-Laird with Hartung-Knapp" in shown.out
    assert "discount against reminder: +" in shown.out
    assert "few tests" in shown.out
    found = json.loads(run_copylab("learn", "--format", "json", cwd=workspace).out)
    hooks = [item for item in found["lessons"] if item["tag"] == "hook"]
    assert {item["value"] for item in hooks} == {"discount", "curiosity", "milestone"}
    assert all(item["against"] == "reminder" and item["few"] for item in hooks)
    wrong = run_copylab("learn", "--metric", "nothing", cwd=workspace)
    assert wrong.code == 2
    assert "the decisions know" in wrong.err
    wrong = run_copylab("learn", "--tag", "hooks", cwd=workspace)
    assert wrong.code == 2
    assert "--tag hooks: the decisions know hook, tone, length" in wrong.err
    assert run_copylab("learn", "--tag", "length", cwd=workspace).code == 0


def test_a_hook_that_says_nothing_is_told_of_all_the_same(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    versioned(workspace)
    hook = workspace / ".git/hooks/commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    done = run_copylab("promote", NAME, *DAY, "--pr", cwd=workspace)
    assert done.code == 2
    assert "everything was put back: it said nothing, exit code 1" in done.err


def test_a_broken_record_is_named_with_a_cure(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    folder = workspace / "experiments/decisions"
    folder.mkdir()
    for text, command in (("a: [", ("learn",)), ("experiment: x\n", ("analyze", NAME))):
        (folder / "old.yaml").write_text(text)
        told = run_copylab(*command, cwd=workspace)
        assert told.code == 2
        assert told.err.startswith("error: experiments/decisions/old.yaml")
        assert "help: records are written by copylab promote" in told.err


def test_an_experiment_is_written_as_a_page_in_two_languages(
    workspace: Path, tmp_path: Path, run_copylab: Callable[..., Any]
) -> None:
    page = tmp_path / "report.html"
    for locale, word in (("en-US", "Data"), ("zh-CN", "数据健康")):
        done = run_copylab(
            *("analyze", NAME, "--format", "html", "--locale", locale),
            *("--output", str(page)),
            cwd=workspace,
        )
        assert (done.code, done.err) == (0, "")
        shown = page.read_text("utf-8")
        assert shown.startswith(f'<!DOCTYPE html>\n<html lang="{locale}">')
        assert word in shown or "Health of the data" in shown
        assert "【示例分期】" in shown
    assert [path.name for path in tmp_path.iterdir()].count("report.html") == 1
    folder = run_copylab(
        "analyze", NAME, "--format", "html", "--output", str(tmp_path), cwd=workspace
    )
    assert folder.code == 2
    assert "is a folder" in folder.err


def test_the_words_are_shown_for_a_persona(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    persona = run_copylab(
        "analyze", NAME, "--persona", "everything_longest", cwd=workspace
    )
    assert persona.code == 0, persona.err
    unknown = run_copylab(
        "analyze", NAME, "--persona", "everything_long", cwd=workspace
    )
    assert unknown.code == 2
    assert "did you mean 'everything_longest'?" in unknown.err


def test_a_declared_prior_is_used_and_a_wrong_one_is_told_with_its_place(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    settings = workspace / "copylab.yaml"
    usual = settings.read_text("utf-8")
    settings.write_text(f"{usual}\nprior: {{mean: 0%, sd: 10%}}\n", "utf-8")
    found = json.loads(
        run_copylab("analyze", NAME, "--format", "json", cwd=workspace).out
    )
    assert found["prior"]["source"] == "workspace"
    (winner,) = [item for item in found["shrunk"] if item["arm"] == "coupon"]
    assert 0 < winner["lift"]["value"] < winner["raw"]["value"]
    assert all(isinstance(cost["amounts"]["CNY"], str) for cost in found["costs"])
    settings.write_text(f"{usual}\nprior: wide\n", "utf-8")
    told = run_copylab("lint", "--format", "concise", cwd=workspace)
    assert "prior: 'wide' is not a percentage" in told.out
