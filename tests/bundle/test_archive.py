from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.bundle import archive, open_bundle
from copylab.bundle.archive import MAGIC, parse_archive, write_archive
from copylab.bundle.plain import PlainError, from_plain
from copylab.errors import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

DATA = write_archive({"index": {}, "shared": [1, 2, "ä"], "folder/a": {"files": {}}})


def test_parts_come_back() -> None:
    read = parse_archive(DATA, "x")
    assert read.part("shared") == [1, 2, "ä"]
    assert read.version == archive.__version__
    with pytest.raises(UnreadableError, match="the part 'b' is missing"):
        read.part("b")


@given(st.integers(0, len(DATA) - 1))
def test_a_truncated_bundle_gives_one_clear_error(size: int) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse_archive(DATA[:size], "x")
    assert caught.value.file == "x"
    assert "copylab build" in caught.value.help


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_gives_one_clear_error(at: int, change: int) -> None:
    changed = bytearray(DATA)
    changed[at] ^= change
    with pytest.raises(UnreadableError):
        parse_archive(bytes(changed), "x")


@given(st.binary(max_size=300))
def test_noise_gives_one_clear_error(noise: bytes) -> None:
    for data in (noise, MAGIC + noise, DATA + noise[:1] + b"x"):
        with pytest.raises(UnreadableError):
            parse_archive(data, "x")


def test_a_bundle_of_other_classes_says_which_versions(monkeypatch) -> None:
    monkeypatch.setattr(archive, "layout_hash", lambda: "other")
    monkeypatch.setattr(archive, "__version__", "99.1")
    data = write_archive({"index": {}})
    monkeypatch.undo()
    with pytest.raises(UnreadableError) as caught:
        parse_archive(data, "x")
    assert "built by copylab 99.1" in caught.value.message
    assert "build it with the copylab that loads it" in caught.value.help


def test_another_version_with_the_same_classes_is_read(monkeypatch) -> None:
    monkeypatch.setattr(archive, "__version__", "99.1")
    data = write_archive({"index": {}})
    monkeypatch.undo()
    assert parse_archive(data, "x").version == "99.1"


def test_another_format_is_told_from_a_broken_bundle() -> None:
    with pytest.raises(UnreadableError, match="a bundle of format 7"):
        parse_archive(MAGIC + b"7 10 abc\n", "x")


def _forge(held: dict[str, bytes], **index: object) -> bytes:
    """A bundle with right hashes and wrong content."""
    listed = [[n, len(d), hashlib.sha256(d).hexdigest()] for n, d in held.items()]
    content = {"version": "1", "classes": archive.layout_hash(), "parts": listed}
    packed = zlib.compress(json.dumps(content | index).encode())
    digest = hashlib.sha256(packed).hexdigest().encode()
    line = MAGIC + b"1 %d %s\n" % (len(packed), digest)
    return line + packed + b"".join(held.values())


@pytest.mark.parametrize(
    "part",
    [
        b"no zlib",
        zlib.compress(b"no json"),
        zlib.compress(b"[" * 100_000),
        zlib.compress(b"{}")[:-3],
        zlib.compress(b"{}") + b"more",
        pickle.dumps(print),
    ],
)
def test_a_forged_part_gives_one_clear_error(part: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.bundle"
    path.write_bytes(_forge({"index": part, "shared": part}))
    with pytest.raises(UnreadableError, match="broken bundle"):
        open_bundle(path)


@pytest.mark.parametrize("index", [{"parts": 7}, {"parts": [["a"]]}, {"classes": None}])
def test_a_forged_index_gives_one_clear_error(index, tmp_path: Path) -> None:
    path = tmp_path / "x.bundle"
    path.write_bytes(_forge({}, **index))
    with pytest.raises(UnreadableError):
        open_bundle(path)


def test_a_part_that_unpacks_without_end_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(archive, "_MAX_PART_BYTES", 1000)
    part = zlib.compress(b" " * 2000)
    with pytest.raises(UnreadableError, match="larger than a part can be"):
        parse_archive(_forge({"index": part}), "x").part("index")


@pytest.mark.parametrize(
    "plain",
    [
        ["os.system", "true"],
        ["builtins.eval", "1"],
        ["Span"],
        ["Span", "a", 1, 2, 3, 4, 5],
        ["decimal", "x"],
        ["fraction", 1, 0],
        ["time", "never"],
        ["file", "nowhere"],
        ["map", "a"],
        [],
        [["Span"]],
        ["set", {}],
    ],
)
def test_only_listed_classes_are_made(plain: list) -> None:
    with pytest.raises(PlainError):
        from_plain(plain, {})


def test_a_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is not there"):
        open_bundle(tmp_path / "x.bundle")
