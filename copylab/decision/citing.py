"""What data are, for a record: a file by its bytes, a table by its rows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from copylab.analysis.engines.engine import one_row
from copylab.analysis.engines.expressions import literal
from copylab.analysis.origin import DataFile, cite_file

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source
    from copylab.decision.data_places import Places

_SPLIT, _NOTHING = "\x1f", "\x1e"
"""Signs that keep cells apart, and an empty one from one without text."""
_WORDS = 4


def cite_data(
    engine: Engine, source: Source, places: Places, root: Path
) -> tuple[DataFile, ...]:
    """The data that were read, with their lengths and hashes.

    Args:
        engine: Where the table is.
        source: The table.
        places: Where it lies.
        root: The workspace's root, from which paths of files are told.

    Raises:
        DataError: The table cannot be read.
        UnreadableError: A file cannot be read.
    """
    if isinstance(places, list):
        return tuple(cite_file(path, root) for path in places)
    return (cite_table(engine, source),)


def cite_table(engine: Engine, source: Source) -> DataFile:
    """A table of a database with the length and the hash of its rows, in any order.

    A row is the text of its cells in the order of their names. Its MD5 is taken as
    four whole numbers, each summed over all rows by the engine; the hash is the
    SHA-256 of the columns, the number of rows and these sums.

    Args:
        engine: Where the table is.
        source: The table.

    Raises:
        DataError: It cannot be read.
    """
    columns = sorted(source.columns)
    cells = [f"coalesce({source.word(name)}, {literal(_NOTHING)})" for name in columns]
    row = f" || {literal(_SPLIT)} || ".join(cells)
    words = [
        f"sum(CAST('0x' || substr(hash, {1 + 8 * i}, 8) AS BIGINT))"
        for i in range(_WORDS)
    ]
    found = one_row(
        engine,
        f"SELECT count(*), sum(size), {', '.join(words)} FROM (SELECT md5(row_text) "  # noqa: S608 - names are quoted
        f"AS hash, strlen(row_text) AS size FROM "
        f"(SELECT {row} AS row_text FROM {source.relation}) AS texts) AS hashed",
        source.path,
    )
    rows, size, *sums = found
    told = _SPLIT.join([*columns, *map(str, (rows, *sums))])
    return DataFile(source.path, size, hashlib.sha256(told.encode()).hexdigest())
