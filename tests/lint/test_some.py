"""What is said of a file is the same, whether it alone is asked about or everything."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import pytest
from lint_edits import add, edit
from lint_workspace import write_workspace

from copylab.cli.linting import Asked, lint_root
from copylab.errors import UnreadableError
from copylab.lint.engine import lint_catalog
from copylab.lint.some import lint_some
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from copylab.lint.report import Report
    from copylab.lint.rule import Rule

DAY = date(2026, 11, 22)


def select_all(_: Sequence[Rule]) -> tuple[str, ...]:
    return ()


def lint(root: Path, *paths: str) -> Report:
    return lint_root(root, list(paths), Asked(tuple(paths), (), DAY))


def compare_each_file(root: Path) -> int:
    """Hold the report about each file to the one about all; how many findings."""
    try:
        whole = lint_catalog(open_workspace(root), as_of=DAY)
    except UnreadableError:
        return 0
    files = sorted(whole.sources) + [item.file for item in whole.findings if item.file]
    for file in dict.fromkeys(files):
        alone = lint(root, file)
        of_file = [
            [item for item in findings if item.file == file]
            for findings in (whole.findings, whole.suppressed, whole.proofs)
        ]
        assert [*alone.findings] == of_file[0], file
        assert [*alone.suppressed] == of_file[1], file
        assert [*alone.proofs] == of_file[2], file
    return len(whole.findings)


def test_each_file_of_the_sample_gets_what_the_whole_run_says_of_it(
    sample: Path,
) -> None:
    for path in sorted((sample / "templates/winback").rglob("*.*")):
        line = "TODO ‘x’ http://bit.ly/x\n"
        add(path, "# nothing\n" if path.suffix == ".yaml" else line)
    assert compare_each_file(sample) > 50


def test_each_file_gets_the_same_after_random_edits(tmp_path: Path) -> None:
    write_workspace(tmp_path, 4)
    dice = random.Random(5)
    for number in range(7):
        edit(tmp_path, dice, number)
    assert compare_each_file(tmp_path) > 0


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(8))
def test_each_file_gets_the_same_after_many_random_edits(
    tmp_path: Path, seed: int
) -> None:
    write_workspace(tmp_path, 9)
    dice = random.Random(seed)
    for number in range(20):
        edit(tmp_path, dice, number)
        compare_each_file(tmp_path)


def test_a_folder_and_several_files_are_read_without_the_rest(tmp_path: Path) -> None:
    write_workspace(tmp_path, 9)
    add(tmp_path / "templates/group00/message0004/message.yaml", "a: [\n")
    whole = lint_catalog(open_workspace(tmp_path), as_of=DAY)
    folder = "templates/group00/message0007"
    files = [f"{folder}/email.en-US.md", f"{folder}/push.zh-CN.md"]
    for paths in ([folder], files):
        report = lint_some(tmp_path, paths, select_all, DAY)
        assert report is not None
        assert not any("message0004" in name for name in report.sources)
        wanted = [
            proof
            for proof in whole.proofs
            if proof.file in paths
            or (folder in paths and proof.file.startswith(folder))
        ]
        assert list(report.proofs) == wanted


def test_a_push_that_repeats_another_is_told_where_it_alone_is_asked_about(
    tmp_path: Path,
) -> None:
    write_workspace(tmp_path, 3)
    texts = "## title\n您好\n## body\n\\# 今日\n资料已保存，无需再填。\n"
    for number in (0, 2):
        path = tmp_path / f"templates/group00/message000{number}/push.zh-CN.md"
        path.write_text(texts, encoding="utf-8")
    report = lint(tmp_path, "templates/group00/message0002/push.zh-CN.md")
    found = [item for item in report.findings if item.rule == "duplicate-body"]
    assert [item.message for item in found] == [
        "the body is that of group00/message0000, and vivo drops what repeats"
    ]
    first = lint(tmp_path, "templates/group00/message0000/push.zh-CN.md")
    assert not any(item.rule == "duplicate-body" for item in first.findings)


@pytest.mark.parametrize(
    "path", ["copylab.yaml", "templates", "templates/_partials", "experiments"]
)
def test_what_concerns_all_messages_is_read_with_all_of_them(
    tmp_path: Path, path: str
) -> None:
    write_workspace(tmp_path, 2)
    assert lint_some(tmp_path, [path], select_all, DAY) is None
