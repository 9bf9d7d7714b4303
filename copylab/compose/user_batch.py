"""Some users in memory, by column and by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyarrow import Array

    from copylab.compose.cells import Cells, Codes


class Broken(NamedTuple):
    """A row that cannot be read.

    Attributes:
        problem: What is wrong with it.
        content: What stands there: the line, or the cells.
    """

    problem: str
    content: object


User = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class UserBatch:
    """Some users, in the order of their table.

    Attributes:
        size: How many rows there are.
        broken: By position, the rows that cannot be read.
        cells: From a column to its values; those of broken rows are null.
        texts: From a column to its values as Arrow texts; null where a value is none.
            Raises ``UnicodeError`` where one cannot be written.
        user: From a position to the user as composing reads it.
        whole: From a position to all that the row holds.
        names: The columns, where every row has the same; else None.
        picked: From a column and positions to its values there.
        column: From a column to what Arrow holds; None where the users are no table
            of Arrow's, or it has no such column.
    """

    size: int
    broken: Mapping[int, Broken]
    cells: Callable[[str], Cells]
    texts: Callable[[str], Array]
    user: Callable[[int], User]
    whole: Callable[[int], object]
    names: tuple[str, ...] | None
    picked: Callable[[str, Codes], Cells]
    column: Callable[[str], Array | None]

    @property
    def users(self) -> list[User | Broken]:
        """The users one by one, as composing reads them, or what could not be read."""
        broken = self.broken
        return [broken.get(place) or self.user(place) for place in range(self.size)]


def row_batch(rows: Sequence[User | Broken]) -> UserBatch:
    """Users that were read one by one; what is whole is what was read."""
    from copylab.compose.cells import list_cells  # noqa: PLC0415 - numpy is heavy

    broken = {place: row for place, row in enumerate(rows) if type(row) is Broken}
    known: dict[str, Cells] = {}

    def values(name: str) -> list[Any]:
        if broken:
            return [None if type(r) is Broken else r.get(name) for r in rows]  # type: ignore[union-attr]
        return [row.get(name) for row in rows]  # type: ignore[union-attr]

    def cells(name: str) -> Cells:
        if name not in known:
            known[name] = list_cells(values(name))
        return known[name]

    def texts(name: str) -> Array:
        import pyarrow as pa  # noqa: PLC0415 - Arrow is heavy

        found = [value if type(value) is str else None for value in values(name)]
        return pa.array(found, pa.string())

    def user(place: int) -> User:
        row = rows[place]
        return {} if isinstance(row, Broken) else row

    def whole(place: int) -> object:
        row = rows[place]
        return row.content if isinstance(row, Broken) else row

    def picked(name: str, places: Codes) -> Cells:
        return cells(name).take(places)

    def column(_name: str) -> None:
        return None

    return UserBatch(len(rows), broken, cells, texts, user, whole, None, picked, column)
