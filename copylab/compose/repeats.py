"""Repeats: users who stand in a table twice, found before anybody is composed.

A user who stands there twice would get two messages. The table is read once for its
users alone; digests of them go to files by their first bits, so that what is compared
at a time stays small, however long the table is.
"""

from __future__ import annotations

import tempfile
from itertools import repeat
from operator import add
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import IO

    from numpy.typing import NDArray

_SHARES = 64
_SHARE_BITS = np.uint64(58)
_HELD_BYTES = 250_000
_ENTRY = np.dtype([("first", "u8"), ("second", "u8"), ("row", "i8")])


class Repeats(NamedTuple):
    """Rows whose user stands further up.

    Attributes:
        rows: The positions of such rows in the table, ascending.
        before: The position of the first row of the same user, for each.
    """

    rows: NDArray[np.int64]
    before: NDArray[np.int64]

    def between(self, start: int, end: int) -> dict[int, int]:
        """The repeats among some rows, with the first row of each user."""
        low, high = np.searchsorted(self.rows, (start, end)).tolist()
        rows, before = self.rows[low:high].tolist(), self.before[low:high].tolist()
        return dict(zip(rows, before, strict=True))


NO_REPEATS = Repeats(np.zeros(0, np.int64), np.zeros(0, np.int64))


def find_repeats(
    users: Iterable[tuple[int, Sequence[str | None]]], folder: Path
) -> Repeats:
    """The rows whose user stands further up in the table.

    Args:
        users: The names of users, with the position of the first of them; None is
            nobody.
        folder: Where what does not fit into memory goes for the time being.
    """
    shares: list[IO[bytes]] = [
        tempfile.SpooledTemporaryFile(_HELD_BYTES, dir=str(folder))  # noqa: SIM115 - closed below
        for _ in range(_SHARES)
    ]
    try:
        for row, names in users:
            _deal(shares, row, names)
        found = [_repeats_of(share) for share in shares]
    finally:
        for share in shares:
            share.close()
    rows = np.concatenate([part[0] for part in found])
    before = np.concatenate([part[1] for part in found])
    order = np.argsort(rows)
    return Repeats(rows[order], before[order])


def _deal(shares: Sequence[IO[bytes]], row: int, names: Sequence[str | None]) -> None:
    """Put the digests of some users into the files of their first bits."""
    known = [name for name in names if name is not None]
    entries = np.empty(len(known), _ENTRY)
    # Two keyed hashes of 64 bits each: the key is the process's own.
    entries["first"] = np.fromiter(map(hash, known), np.int64, len(known)).view("u8")
    other = map(hash, map(add, known, repeat("\0")))
    entries["second"] = np.fromiter(other, np.int64, len(known)).view("u8")
    rows = np.arange(row, row + len(names))
    if len(known) < len(names):
        rows = rows[[name is not None for name in names]]
    entries["row"] = rows
    share = (entries["first"] >> _SHARE_BITS).astype(np.int64)
    order = np.argsort(share, kind="stable")
    ends = np.searchsorted(share[order], np.arange(_SHARES), side="right").tolist()
    start = 0
    for file, end in zip(shares, ends, strict=True):
        if end > start:
            file.write(entries[order[start:end]].tobytes())
        start = end


def _repeats_of(share: IO[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The repeats among the users of one file, and the first row of each."""
    share.seek(0)
    entries = np.frombuffer(share.read(), _ENTRY)
    order = np.lexsort((entries["row"], entries["second"], entries["first"]))
    entries = entries[order]
    same = np.zeros(len(entries), np.bool_)
    same[1:] = (entries["first"][1:] == entries["first"][:-1]) & (
        entries["second"][1:] == entries["second"][:-1]
    )
    heads = np.where(same, 0, np.arange(len(entries)))
    firsts = entries["row"][np.maximum.accumulate(heads)] if len(heads) else heads
    return entries["row"][same].astype(np.int64), firsts[same].astype(np.int64)
