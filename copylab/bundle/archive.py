"""The file of a bundle: a line that names it, an index, and parts with their hashes.

    copylab bundle 1 <bytes of the index> <sha256 of the index>LF
    index       JSON, packed: the version, the hash of the classes, the parts
    parts       JSON, packed, one behind the other in the order of the index

Everything is packed by zlib. The index holds the hash of every part, so its own hash
stands for the whole file.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from copylab.bundle.classes import FORMAT, layout_hash
from copylab.bundle.magic import MAGIC
from copylab.errors import UnreadableError
from copylab.source import read_bytes
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MAX_LINE_BYTES = 200
_MAX_PART_BYTES = 256_000_000
"""The largest part that is unpacked; a small file can hold a very long run of zeros."""
_LEVEL = 9
_CURE = "build it again: copylab build"


@dataclass(frozen=True, slots=True)
class Archive:
    """A bundle in memory, whole and with the right hashes.

    Attributes:
        name: How the file is called in messages.
        hash: The hash of its content.
        version: The version of copylab that built it.
        data: The bytes of all parts.
        places: By part, where its bytes start and end.
    """

    name: str
    hash: str
    version: str
    data: bytes = field(repr=False)
    places: Mapping[str, tuple[int, int]] = field(repr=False)

    def part(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """What a part holds.

        Raises:
            UnreadableError: There is no such part, or it is not what it should be.
        """
        if name not in self.places:
            raise broken(self.name, f"the part '{name}' is missing")
        start, end = self.places[name]
        return _unpack(self.data[start:end], self.name)


def write_archive(parts: Mapping[str, object]) -> bytes:
    """The bytes of a bundle; the same parts give the same bytes."""
    packed = {name: _pack(part) for name, part in parts.items()}
    index = _pack(
        {
            "version": __version__,
            "classes": layout_hash(),
            "parts": [
                [name, len(data), hashlib.sha256(data).hexdigest()]
                for name, data in packed.items()
            ],
        }
    )
    digest = hashlib.sha256(index).hexdigest()
    line = b"%s%d %d %s\n" % (MAGIC, FORMAT, len(index), digest.encode())
    return b"".join((line, index, *packed.values()))


def read_archive(path: Path) -> Archive:
    """The bundle in a file, its hashes checked.

    Raises:
        UnreadableError: The file cannot be read, is no bundle, is cut off or was
            changed, or was built by a copylab that writes other bundles.
    """
    return parse_archive(read_bytes(path, str(path)), str(path))


def parse_archive(data: bytes, name: str) -> Archive:
    """As ``read_archive``, from bytes.

    Args:
        data: The bytes of the file.
        name: How the file is called in messages.
    """
    if not data.startswith(MAGIC):
        cure = "give the folder that holds copylab.yaml, or what copylab build wrote"
        raise UnreadableError("is no bundle", file=name, help=cure)
    line, newline, _ = data[:_MAX_LINE_BYTES].partition(b"\n")
    words = line.removeprefix(MAGIC).decode("ascii", "replace").split(" ")
    if newline and words[0].isdecimal() and words[0] != str(FORMAT):
        raise _other(name, f"a bundle of format {words[0]}; this is copylab")
    if not newline or len(words) != 3 or not words[1].isdecimal():  # noqa: PLR2004 - above
        raise broken(name, "its first line is cut off")
    start = len(line) + 1
    end = start + int(words[1])
    if hashlib.sha256(data[start:end]).hexdigest() != words[2]:
        raise broken(name, "its index is cut off or was changed")
    index = _unpack(data[start:end], name)
    body = data[end:]
    try:
        version, classes = str(index["version"]), index["classes"]
        if classes == layout_hash():
            places = _places(index["parts"], body, name)
            return Archive(name, words[2], version, body, places)
    except (LookupError, TypeError, ValueError) as error:
        raise broken(name, f"its index cannot be read ({error})") from None
    raise _other(name, f"a bundle built by copylab {version}; this is copylab")


def broken(name: str, why: str) -> UnreadableError:
    """The error about a bundle that is not whole."""
    return UnreadableError(f"is a broken bundle: {why}", file=name, help=_CURE)


def _other(name: str, what: str) -> UnreadableError:
    cure = "build it with the copylab that loads it: copylab build"
    return UnreadableError(
        f"is {what} {__version__}, which cannot read it", file=name, help=cure
    )


def _places(
    parts: list[tuple[str, int, str]], body: bytes, name: str
) -> dict[str, tuple[int, int]]:
    """Where each part lies; all of them are there, with their hashes."""
    places = {}
    view, at = memoryview(body), 0
    for part, size, digest in parts:
        places[part] = at, at + size
        if hashlib.sha256(view[at : at + size]).hexdigest() != digest:
            raise broken(name, f"the part '{part}' is cut off or was changed")
        at += size
    if at != len(body):
        raise broken(name, "something follows its last part")
    return places


def _pack(part: object) -> bytes:
    text = json.dumps(part, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode(), _LEVEL)


def _unpack(data: bytes, name: str) -> Any:  # noqa: ANN401 - JSON
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(data, _MAX_PART_BYTES)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise broken(name, "a part is larger than a part can be")
        return json.loads(text)
    except (zlib.error, ValueError, RecursionError) as error:
        raise broken(name, f"a part cannot be read ({error})") from None
