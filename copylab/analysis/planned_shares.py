"""Planned shares as written on the command line: ``A=5,B=4``."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"\s*=\s*(\d+\.?\d*|\.\d+)\s*%?\s*(?:,\s*|$)")
_UNKNOWN = re.compile(r"\s*([^=,]*?)\s*=")
_HELP = 'write every arm once, as in "A=5,B=4"; quote names that hold commas: "\\"A, b\\"=5"'


def equal_shares(arms: Iterable[str]) -> dict[str, float]:
    """The same share for every arm."""
    return dict.fromkeys(arms, 1.0)


def parse_shares(text: str, arms: Sequence[str]) -> dict[str, float]:
    """The planned share of every arm, in the order of ``arms``.

    Names are matched against the arms of the data, the longest first, so they may hold
    commas and equals signs; a name may also stand in double quotes. If the text is the
    path of a CSV file, its rows are read as arm and share.

    Args:
        text: ``A=5,B=4``, ``"A, b"=50%,B=50%``, or the path of a CSV file.
        arms: The arms found in the data.

    Raises:
        DataError: An arm is unknown, missing or named twice, or a share is no number.
    """
    pairs = _read_file(Path(text)) if _is_file(text) else _split(text, arms)
    shares: dict[str, float] = {}
    for arm, share in pairs:
        if arm not in arms:
            known = ", ".join(f'"{name}"' for name in arms[:12])
            raise DataError(
                f'the split names "{arm}", which is not an arm of the data',
                help=f"the arms are {known}",
            )
        if arm in shares:
            raise DataError(f'the split names "{arm}" twice', help=_HELP)
        shares[arm] = share
    left_out = [arm for arm in arms if arm not in shares]
    if left_out:
        raise DataError(
            f'the split leaves out "{left_out[0]}"'
            + (f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""),
            help="give every arm of the data its share, 0 where none was planned",
        )
    if not sum(shares.values()):
        raise DataError("the split gives every arm a share of 0", help=_HELP)
    return {arm: shares[arm] for arm in arms}


def _split(text: str, arms: Sequence[str]) -> list[tuple[str, float]]:
    """The pairs in the text."""
    written = {arm: arm for arm in arms}
    written |= {'"' + arm.replace('"', '""') + '"': arm for arm in arms}
    longest_first = sorted(written, key=len, reverse=True)
    pairs, place = [], 0
    while place < len(text):
        rest = text[place:].lstrip()
        place = len(text) - len(rest)
        for name in longest_first:
            number = _NUMBER.match(rest, len(name)) if rest.startswith(name) else None
            if number:
                pairs.append((written[name], float(number[1])))
                place += number.end()
                break
        else:
            raise _explain(rest, longest_first)
    return pairs


def _explain(rest: str, names: Sequence[str]) -> DataError:
    """Why the text cannot be read from here on."""
    if any(rest.startswith(name) for name in names):
        return DataError(f'the split has no number at "{rest[:60]}"', help=_HELP)
    unknown = _UNKNOWN.match(rest)
    return DataError(
        f'the split names "{unknown[1]}", which is not an arm of the data'
        if unknown
        else f'the split cannot be read at "{rest[:60]}"',
        help=_HELP,
    )


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a long split is no valid name of a file
        return False


def _read_file(path: Path) -> list[tuple[str, float]]:
    """The arm and the share of each row; a first row without a number is a heading."""
    try:
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"cannot be read: {error}", file=str(path), help="write a CSV file in UTF-8"
        ) from error
    pairs: list[tuple[str, float]] = []
    for line, row in enumerate(rows, start=1):
        number = (
            re.fullmatch(r"\s*(\d+\.?\d*|\.\d+)\s*%?\s*", row[1]) if row[1:] else None
        )
        if number and len(row) == 2:  # noqa: PLR2004 - arm and share
            pairs.append((row[0], float(number[1])))
        elif row and line > 1:
            raise DataError(
                "is not an arm and its share",
                file=str(path),
                line=line,
                help="write one arm and one number a row: A,5",
            )
    return pairs
