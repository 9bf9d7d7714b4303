from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from copylab.errors import CopylabError, UnreadableError
from copylab.write import FileChange, apply_changes, write_all, write_atomically

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["a.yaml"]


def test_a_new_file_has_the_usual_mode_and_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "b" / "c" / "a.yaml"
    before = os.umask(0o027)
    try:
        write_atomically(path, b"new")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_nothing_is_changed_where_one_file_cannot_be_prepared(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(UnreadableError, match="cannot be written"):
        write_all({tmp_path / "a": b"new", tmp_path / "file" / "b": b"new"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a", "file"]


def test_a_folder_in_the_place_of_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(UnreadableError, match="cannot be written"):
        write_atomically(tmp_path / "a", b"new")
    assert names(tmp_path) == []


def test_changes_are_made_on_what_they_were_worked_out_from(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"1")
    changes = [FileChange(old, "old", b"1", b"2"), FileChange(new, "new", None, b"3")]
    apply_changes(changes)
    assert (old.read_bytes(), new.read_bytes()) == (b"2", b"3")
    for touched in (old, new):
        with pytest.raises(CopylabError, match="somebody else") as caught:
            apply_changes([item for item in changes if item.path == touched])
        assert caught.value.file == touched.name
    assert (old.read_bytes(), new.read_bytes()) == (b"2", b"3")


def test_a_change_is_shown_as_a_diff(tmp_path: Path) -> None:
    change = FileChange(tmp_path, "a.yaml", b"a\nlive: x\nb\n", b"a\nlive: y\nb\n")
    assert change.diff().splitlines() == [
        "--- a/a.yaml",
        "+++ b/a.yaml",
        "@@ -1,3 +1,3 @@",
        " a",
        "-live: x",
        "+live: y",
        " b",
    ]


def test_of_several_who_change_a_file_at_once_one_does(tmp_path: Path) -> None:
    """Each looks at the file and writes it; nobody looks while another writes."""
    path, many = tmp_path / "a", 6
    for round_ in range(15):
        path.write_bytes(b"before")
        together = threading.Barrier(many)

        def change(number: int, together: threading.Barrier = together) -> bytes | None:
            after = f"by {number}".encode()
            together.wait()
            try:
                apply_changes([FileChange(path, "a", b"before", after)])
            except CopylabError as error:
                assert "changed by somebody else" in str(error)  # noqa: PT017 - a thread's
                return None
            return after

        with ThreadPoolExecutor(many) as pool:
            done = [after for after in pool.map(change, range(many)) if after]
        assert done == [path.read_bytes()], round_
