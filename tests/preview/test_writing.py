"""A site replaces the one before, and never anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.errors import CopylabError
from copylab.preview.writing import replace_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = [("index.html", b"one"), ("en/messages/a/b.html", b"two")]


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_the_folder_holds_the_new_files_and_no_old_ones(tmp_path: Path) -> None:
    target = tmp_path / "out" / "site"
    assert replace_site(target, FILES, tmp_path / "workspace") == 2
    assert names(target) == {"index.html", "en/messages/a/b.html", ".copylab-site"}
    assert replace_site(target, FILES[:1], tmp_path / "workspace") == 1
    assert names(target) == {"index.html", ".copylab-site"}
    assert [path.name for path in target.parent.iterdir()] == ["site"]


def test_what_publishing_needs_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "site"
    replace_site(target, FILES, tmp_path / "workspace")
    (target / ".git").mkdir()
    (target / ".git" / "HEAD").write_text("ref")
    (target / "CNAME").write_text("copy.example")
    replace_site(target, FILES[:1], tmp_path / "workspace")
    assert names(target) == {"index.html", ".copylab-site", ".git/HEAD", "CNAME"}


def test_a_folder_with_files_of_others_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / "thesis.txt").write_text("all of it")
    with pytest.raises(CopylabError, match="no site of ours"):
        replace_site(target, FILES, tmp_path / "workspace")
    assert names(target) == {"thesis.txt"}


@pytest.mark.parametrize("inside", ["", "templates", "templates/x", "experiments"])
def test_the_workspace_itself_is_no_target(tmp_path: Path, inside: str) -> None:
    root = tmp_path / "w"
    (root / "templates").mkdir(parents=True)
    with pytest.raises(CopylabError, match="part of the workspace"):
        replace_site(root / inside, FILES, root)


def test_a_page_that_fails_leaves_the_old_site(tmp_path: Path) -> None:
    target = tmp_path / "site"
    replace_site(target, FILES, tmp_path / "workspace")

    def failing() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"new"
        raise RuntimeError("a page fails")

    with pytest.raises(RuntimeError, match="a page fails"):
        replace_site(target, failing(), tmp_path / "workspace")
    assert (target / "index.html").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
