"""Reading users from CSV: every cell is a text, and an empty one is null."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING

from copylab.compose.rows import (
    UserTable,
    check_columns,
    opened,
    read_lines,
    take_batches,
)
from copylab.compose.user_batch import Broken, User, UserBatch
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

CANNOT_GO_ON = ("unexpected end of data", "field larger than field limit")
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def open_csv(path: Path) -> UserTable:
    """The table of users in a CSV file with a header; ``.gz`` is unpacked.

    Raises:
        DataError: The header cannot be read, or it names a column twice.
    """
    with opened(path) as file:
        header = next(read_cells(file, path), None)
    if isinstance(header, Broken):
        raise DataError(f"the header {header.problem}", file=str(path), line=1)
    if not header:
        raise DataError("has no header", file=str(path), line=1)
    columns = tuple(name.strip() for name in header)
    check_header(path, columns)

    def rows() -> Iterator[User | Broken]:
        with opened(path) as file:
            cells = read_cells(file, path)
            next(cells)
            for row in cells:
                yield read_row(row, columns)

    def absent(needed: Collection[str]) -> list[str]:
        return [name for name in needed if name not in columns]

    def batches(_needed: Collection[str]) -> Iterator[UserBatch]:
        return take_batches(rows())

    return UserTable(path, columns, absent, batches, {}, None, "csv")


def check_header(path: Path, columns: tuple[str, ...]) -> None:
    """Pass if a header names each column, once, and its cells are separated by commas.

    Raises:
        DataError: It does not.
    """
    if len(columns) == 1:
        for sign, name in _OTHER_DELIMITERS.items():
            if sign in columns[0]:
                raise DataError(
                    f"has one column; its cells seem to be separated by {name}",
                    file=str(path),
                    line=1,
                    help="export the table with commas between the cells",
                )
    if "" in columns:
        place = columns.index("") + 1
        raise DataError(
            f"column {place} has no name",
            file=str(path),
            line=1,
            help="the first line must name each column",
        )
    check_columns(str(path), columns)


def read_cells(
    file: IO[bytes], path: Path, before: int = 0
) -> Iterator[list[str] | Broken]:
    """The cells of each row; blank lines are none.

    Args:
        file: The lines.
        path: Where they come from, as messages name it.
        before: How many lines stand before them.

    Raises:
        DataError: A cell does not end, so that no later row can be told.
    """
    lines: list[str] = []

    def noted() -> Iterator[str]:
        for line in read_lines(file, path, before):
            lines.append(line)
            yield line

    reader = csv.reader(noted(), strict=True)
    while True:
        start = before + reader.line_num + 1
        lines.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error).startswith(CANNOT_GO_ON):
                raise DataError(
                    "a quoted cell that begins in this row does not end",
                    file=str(path),
                    line=start,
                    help='close it with "; a quote inside of a cell is written ""',
                ) from None
            yield Broken(f"line {start} is not CSV: {error}", "".join(lines))
            continue
        if row:
            yield row


def read_row(row: list[str] | Broken, columns: tuple[str, ...]) -> User | Broken:
    """The user in the cells of a row; an empty cell is null."""
    if isinstance(row, Broken):
        return row
    if len(row) != len(columns):
        return Broken(f"has {len(row)} cells, the header has {len(columns)}", row)
    return {name: cell or None for name, cell in zip(columns, row, strict=True)}
