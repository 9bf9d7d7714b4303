"""Columns of users in memory: few different values are read, rendered and asked once.

Most columns of a table repeat themselves: amounts, stages, days. What depends on such
columns alone is worked out for each of their different values, by the same functions
that serve one user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

_FULL = 2**62
_SAMPLE = 256
# Where most values differ, finding those that do not costs more than it saves.
_MOST_DIFFERENT = 0.5
_EXACT = frozenset((str, int, bool))
"""Types whose equal values print the same; 1.0 and 1.00 are equal as decimals."""


class Cells(NamedTuple):
    """A column: a value a row, or its different values and which of them a row has.

    Attributes:
        values: The values.
        codes: By row, the position in ``values``; None where there is a value a row.
    """

    values: Sequence[Any]
    codes: Codes | None = None

    def at(self, row: int) -> object:
        """The value of a row."""
        value: object = self.values[row if self.codes is None else int(self.codes[row])]
        return value

    def take(self, rows: Codes) -> Cells:
        """The cells of some rows, in their order; values of no row are left out."""
        if self.codes is None:
            values = self.values
            return Cells([values[row] for row in rows.tolist()])
        codes = self.codes[rows]
        used = np.zeros(len(self.values), np.bool_)
        used[codes] = True
        if used.all():
            return Cells(self.values, codes)
        values = [self.values[place] for place in np.flatnonzero(used).tolist()]
        return Cells(values, (np.cumsum(used) - 1)[codes])

    def rows(self) -> Sequence[Any]:
        """A value a row."""
        if self.codes is None:
            return self.values
        values = self.values
        return [values[code] for code in self.codes.tolist()]

    def map(self, function: Callable[[Any], object]) -> Cells:
        """The cells with a function applied to each value."""
        return Cells([function(value) for value in self.values], self.codes)


def same_cells(value: object, size: int) -> Cells:
    """A column that holds one value."""
    return Cells([value], np.zeros(size, np.int64))


def list_cells(values: Sequence[Any]) -> Cells:
    """The column of some values; the different ones, where they are few."""
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if len(kinds) > 1 or not kinds <= _EXACT or _differs(values):
        return Cells(values)
    places: dict[object, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    if len(places) > _MOST_DIFFERENT * len(values):
        return Cells(values)
    return Cells(list(places), np.array(codes, np.int64))


def _differs(values: Sequence[Any]) -> bool:
    """Whether nearly all of the first values differ."""
    sample = values[:_SAMPLE]
    return len(sample) == _SAMPLE and len(set(sample)) > 0.9 * _SAMPLE


def combine(
    columns: Sequence[Cells], size: int
) -> tuple[list[tuple[Any, ...]], Codes] | None:
    """The different combinations of some columns, and which of them each row has.

    Args:
        columns: Columns of as many rows.
        size: How many.

    Returns:
        The combinations and the position of each row's; None where a column has a
        value a row, or the combinations are not few.
    """
    codes = np.zeros(size, np.int64)
    radix = 1
    for column in columns:
        if column.codes is None:
            return None
        if radix * len(column.values) > _FULL:
            return None
        radix *= len(column.values)
        codes = codes * len(column.values) + column.codes
    different, inverse = np.unique(codes, return_inverse=True)
    if len(different) > _MOST_DIFFERENT * size and len(different) > 1:
        return None
    rest: Codes = different
    parts: list[list[Any]] = []
    for column in reversed(columns):
        rest, places = np.divmod(rest, len(column.values))
        parts.append([column.values[place] for place in places.tolist()])
    if not parts:
        return [()], inverse
    return list(zip(*reversed(parts), strict=True)), inverse


def evaluate(
    function: Callable[[dict[str, Any]], object],
    names: Sequence[str],
    columns: Sequence[Cells],
    size: int,
) -> Cells:
    """What a function of a mapping gives for each row, worked out as seldom as can be.

    Args:
        function: From a mapping of the names to a value.
        names: The names.
        columns: By name, the column.
        size: How many rows there are.
    """
    if not size:
        return Cells([])
    if len(columns) == 1:
        name = names[0]
        return Cells([function({name: v}) for v in columns[0].values], columns[0].codes)
    found = combine(columns, size)
    if found is not None:
        combinations, codes = found
        given = (dict(zip(names, values, strict=True)) for values in combinations)
        return Cells([function(values) for values in given], codes)
    rows = zip(*(column.rows() for column in columns), strict=True)
    return Cells([function(dict(zip(names, values, strict=True))) for values in rows])
