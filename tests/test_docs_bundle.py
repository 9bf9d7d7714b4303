"""What docs/bundle.md says, done."""

from __future__ import annotations

import re
import shutil

import pytest

import copylab


@pytest.fixture
def page(repository) -> str:
    return (repository / "docs/bundle.md").read_text("utf-8")


def test_the_command_prints_what_the_page_shows(
    page, repository, run_copylab, tmp_path
) -> None:
    command, first, content, written = re.search(
        r"```console\n\$ (.*?)\n```", page, re.DOTALL
    )[1].splitlines()
    root = tmp_path / "sample"
    for name in ("templates", "experiments"):
        shutil.copytree(repository / name, root / name)
    shutil.copy(repository / "copylab.yaml", root)
    ran = run_copylab(*command.split()[1:], cwd=root)
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    shape = re.compile(r"\d+ messages, \d+ experiments, \d+\.\d\d MB")
    assert shape.fullmatch(first)
    assert shape.fullmatch(lines[0])
    assert content.startswith("content: ")
    assert re.fullmatch(r"content: [0-9a-f]{64}", lines[1])
    assert lines[2] == written
    loaded = copylab.load(root / "build/copylab.bundle")
    assert loaded.messages == copylab.load(root).messages
