"""Every example of README.md and docs/ runs, and does what it shows."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from typing import Any

import click
import pytest
from doc_console import Step, fits, read_steps
from doc_given import given_by_spark
from doc_pages import ROOT, Fence, read_fences, written_pages
from doc_run import FAULT, Run, excuse, run_page
from doc_worlds import NO_EXAMPLE, NOT_RUN, WORLDS

from copylab.cli import copylab

FENCES = {page: read_fences(page) for page in written_pages()}
RUN = {"console", "python"}
PAGES = [page for page, fences in FENCES.items() if RUN & {f.language for f in fences}]


def _pages() -> list[Any]:
    return [
        pytest.param(page, marks=pytest.mark.spark if WORLDS[page].spark else ())
        for page in PAGES
        if page in WORLDS
    ]


def _all(*languages: str) -> list[Fence]:
    return [f for fences in FENCES.values() for f in fences if f.language in languages]


def test_every_page_with_examples_runs_somewhere() -> None:
    assert list(WORLDS) == PAGES


@pytest.mark.parametrize("page", _pages())
def test_the_examples_of_a_page_run_and_show_what_happens(
    page: str, tmp_path, request: pytest.FixtureRequest
) -> None:
    given = {}
    if WORLDS[page].spark:
        given = given_by_spark(request.getfixturevalue("spark"))
    run = run_page(page, tmp_path, given)
    assert run.ran
    assert not run.problems, "\n\n".join(
        [*run.problems, "make examples writes what is printed into the pages"]
    )


def test_every_fence_says_what_it_is() -> None:
    run_or_read = {*RUN, "yaml", "json", "markdown", "csv"}
    for fence in (fence for fences in FENCES.values() for fence in fences):
        assert fence.language in run_or_read | NO_EXAMPLE.keys(), str(fence)
        if fence.language in {"markdown", "csv"}:
            assert fence.title, f"{fence}: title=… says which file it is"


def test_every_excuse_is_needed_and_has_a_reason() -> None:
    steps = [step for fence in _all("console") for step in read_steps(fence.text)]
    found = {excuse(step.command) for step in steps}
    found |= {excuse(fence.text) for fence in _all("python")}
    assert found - {None} == NOT_RUN.keys()
    used = {fence.language for fences in FENCES.values() for fence in fences}
    assert NO_EXAMPLE.keys() <= used
    assert all(len(reason) > 20 for reason in [*NOT_RUN.values(), *NO_EXAMPLE.values()])


def _commands() -> list[tuple[str, list[str]]]:
    """Each call of copylab in an example, run or not, and in plain text."""
    found = []
    for fence in _all("console"):
        for step in read_steps(fence.text):
            words = [word for word in step.words if "=" not in word or word[0] == "-"]
            if words[:1] == ["copylab"] and words[1:2] != ["--version"]:
                found.append((str(fence), step.words[1:]))
    for page in FENCES:
        text = (ROOT / page).read_text(encoding="utf-8")
        calls = re.findall(r"`copylab ([a-z][^`\n]*)`", text)
        found += [(page, shlex.split(call)) for call in calls]
    return found


def test_every_command_and_option_exists() -> None:
    """Those that are not run too, and those that stand in a sentence."""
    commands = _commands()
    assert len(commands) > 50
    for where, (name, *rest) in commands:
        command = copylab.get_command(click.Context(copylab), name)
        assert command is not None, f"{where}: copylab {name}"
        known = {"--help", "-h"}
        known |= {word for item in command.params for word in item.opts}
        known |= {word for item in command.params for word in item.secondary_opts}
        options = {word.split("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
        assert options <= known, f"{where}: copylab {name} has no {options - known}"


def test_the_targets_of_make_and_the_extras_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(project["project"]["optional-dependencies"])
    named, asked = set(), set()
    for page in FENCES:
        text = (ROOT / page).read_text(encoding="utf-8")
        named |= set(re.findall(r"(?:^\$ |`)make ([a-z]+)", text, re.MULTILINE))
        asked |= {
            extra
            for extras_of in re.findall(r"copylab\[([a-z,]+)\]", text)
            for extra in extras_of.split(",")
        }
    assert named
    assert named <= targets
    assert asked
    assert asked <= extras


@pytest.mark.parametrize("fence", _all("toml", "json"), ids=str)
def test_what_is_only_read_can_be_read(fence: Fence) -> None:
    read = {"toml": tomllib.loads, "json": json.loads}[fence.language]
    assert read(fence.text)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (("a", "b"), "a\nb\n"),
        (("a", "…", "z"), "a\nb\nc\nz\n"),
        (("a", "…"), "a\n"),
        (("one … three",), "one two three\n"),
        (("a",), "a   \n"),
        (("no findings from 169 rules",), "no findings from 275 rules\n"),
        (("done in 0.3 s",), "done in 12 s\n"),
    ],
)
def test_a_page_may_leave_out_and_mask(shown, printed) -> None:
    assert fits(shown, printed)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (("a",), "a\nb\n"),
        (("a", "b"), "a\n"),
        (("…", "b"), "a\nc\n"),
        (("1 part",), "2 parts\n"),
        (("found 1 error from 3 rules",), "found 2 errors from 3 rules\n"),
    ],
)
def test_a_page_may_not_show_something_else(shown, printed) -> None:
    assert not fits(shown, printed)


def test_commands_are_read_with_what_is_shown_below() -> None:
    text = "$ copylab a \\\n    --b c   # why\nout\n$ copylab d\n"
    assert read_steps(text) == [
        Step("copylab a --b c   # why", ("out",), 1),
        Step("copylab d", (), 3),
    ]
    assert read_steps(text)[0].words == ["copylab", "a", "--b", "c"]
    with pytest.raises(ValueError, match="before any command"):
        read_steps("out\n$ a\n")


def test_a_fault_of_copylab_is_never_what_a_page_shows() -> None:
    shown = [step.shown for f in _all("console") for step in read_steps(f.text)]
    assert not [lines for lines in shown if FAULT in "\n".join(lines)]
    fault = (ROOT / "copylab/cli/__init__.py").read_text(encoding="utf-8")
    assert FAULT in fault


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"```console\n$ echo '{FAULT}'\n{FAULT}\n```", FAULT),
        ("```console\n$ copylab --version\n1.2\n```", "+copylab "),
        ("```console\n$ copylab lint\n```", "exit code 2"),
        ("```console\n$ copylab --version\nerror\n```", "shown"),
        ("```console\n$ false | cat\n```", "exit code 1"),
        ("```python\n1 + 1\n# 3\n```", "'2\\n' is shown as '3'"),
        ("```python\nnothing\n```", "NameError"),
    ],
)
def test_a_wrong_example_is_found(tmp_path, monkeypatch, text, problem) -> None:
    page = tmp_path / "page.md"
    page.write_text(text + "\n", encoding="utf-8")
    monkeypatch.setitem(WORLDS, str(page), WORLDS["docs/tutorial.md"])
    folder = tmp_path / "empty"
    folder.mkdir()
    run: Run = run_page(str(page), folder, {})
    assert len(run.problems) == 1
    assert problem in run.problems[0]
