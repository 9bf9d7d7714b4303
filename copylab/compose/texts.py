"""Texts of many users with the same words: rendered in pieces, joined in Arrow.

Each piece is rendered by the function that serves one user, once for each different
input that it looks at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from copylab.compose.cells import Cells, combine, evaluate, same_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.template.render import Pieces

_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
"""What Python takes off the ends of a text; there are no blanks behind U+3000."""


def render_stretches(
    pieces: Pieces, values: Mapping[str, Cells], size: int
) -> list[Cells]:
    """The text of each piece, by row.

    Args:
        pieces: The words, taken apart.
        values: By variable, its values; as many as there are rows.
        size: How many rows there are.
    """
    return [
        values[piece.names[0]]
        if piece.is_value
        else evaluate(
            piece.render, piece.names, [values[name] for name in piece.names], size
        )
        for piece in pieces.pieces
    ]


def few_texts(template: str, stretches: Sequence[Cells], size: int) -> Cells | None:
    """The different texts, without blanks at their ends; None where they are not few.

    Args:
        template: The words between the pieces, with ``%s`` for each.
        stretches: The text of each piece.
        size: How many rows there are.
    """
    if not stretches:
        return same_cells((template % ()).strip(), size)
    found = combine(stretches, size)
    if found is None:
        return None
    return Cells([(template % texts).strip() for texts in found[0]], found[1])


def all_texts(template: str, stretches: Sequence[Cells]) -> Cells:
    """A text a row, without blanks at its ends; as for ``few_texts``."""
    rows = zip(*(stretch.rows() for stretch in stretches), strict=True)
    return Cells([(template % texts).strip() for texts in rows])


def join_texts(template: str, columns: Sequence[pa.Array]) -> pa.Array:
    """The text of each row, with blanks at its ends.

    Args:
        template: The words between the pieces, with ``%s`` for each.
        columns: The text of each piece, one or more.
    """
    # A sign that is no mark of a piece is doubled there.
    words = template.replace("%%", "%\0").split("%s")
    scalars = [pa.scalar(word.replace("%\0", "%")) for word in words]
    between = zip(columns, scalars[1:], strict=True)
    parts = [scalars[0], *(part for pair in between for part in pair)]
    return pc.binary_join_element_wise(*parts, "")


def trim(texts: pa.Array) -> pa.Array:
    """Texts without the blanks at their ends, as ``str.strip`` takes them off."""
    return pc.utf8_trim(texts, characters=_BLANKS)


def text_column(cells: Cells) -> pa.Array:
    """Cells as Arrow texts.

    Raises:
        UnicodeError: A text is none that can be written.
    """
    texts = pa.array(cells.values, pa.string())
    return texts if cells.codes is None else texts.take(pa.array(cells.codes))
