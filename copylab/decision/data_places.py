"""Where the data of a workspace lie: files, or a table of a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from copylab.analysis.sources import find_files
from copylab.data_settings import TableAt, read_table_at
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.catalog import Catalog

    Files = str | Path | TableAt | Sequence[str | Path] | None
    Places = list[str] | TableAt | str


def data_places(
    catalog: Catalog, kind: str, given: Files = None, *, connection: object = None
) -> Places:
    """Where a kind of data lies.

    Args:
        catalog: The workspace.
        kind: ``exposures`` or ``outcomes``.
        given: From the caller, taken as it is: files, patterns, or a table as
            ``address#table``; None is where ``data:`` points, from the workspace's root.
        connection: With one, what is given is the name of a table in it.

    Raises:
        DataError: The settings name nothing, or neither files nor a table.
        UnreadableError: A name or pattern fits no file.
    """
    if given is not None:
        return _given(given, is_named=connection is not None)
    listed = catalog.config.data.get(kind)
    if isinstance(listed, dict):
        url, table = listed.get("url"), listed.get("table")
        if isinstance(url, str) and isinstance(table, str) and "://" in url:
            return TableAt(url, table)
    names = listed if isinstance(listed, list) else [listed]
    patterns = [name for name in names if isinstance(name, str) and name]
    if len(patterns) == 1 == len(names) and "://" in patterns[0]:
        return _table_of(catalog, patterns[0])
    if not patterns or len(patterns) != len(names) or "://" in "".join(patterns):
        what = "are not said" if listed is None else "are neither files nor a table"
        raise DataError(
            f"the {kind} {what} in the workspace's settings",
            file=catalog.config.file,
            help=f'write data: {{{kind}: "data/{kind}/*.parquet"}} or '
            f"{{{kind}: {{url: …, table: …}}}}, or use --{kind}",
        )
    return find_files([catalog.root / pattern for pattern in patterns])


def _table_of(catalog: Catalog, text: str) -> TableAt:
    """The table that a text in the settings names."""
    try:
        found = read_table_at(text)
    except DataError as error:
        raise DataError(
            f"{error.file} {error.message}", file=catalog.config.file, help=error.help
        ) from None
    assert found is not None
    return found


def _given(
    given: str | Path | TableAt | Sequence[str | Path], *, is_named: bool
) -> Places:
    if isinstance(given, TableAt) or (is_named and isinstance(given, str)):
        return given
    if isinstance(given, str) and (there := read_table_at(given)):
        return there
    return find_files([given] if isinstance(given, str | Path) else given)
