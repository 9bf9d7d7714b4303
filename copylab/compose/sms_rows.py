"""Short messages of many users with the same words: each size is measured once.

Where texts repeat themselves, each different one is measured. Else the kinds of their
stretches say whose length their size alone decides: one text of each size stands for
all. The others are measured one by one, by the function that serves one user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copylab.channels.sms_kind import frame_kinds, is_by_size, kind_of
from copylab.compose.cells import Cells
from copylab.compose.texts import (
    all_texts,
    few_texts,
    join_texts,
    render_stretches,
    text_column,
    trim,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from copylab.compose.prepare import PreparedCopy
    from copylab.template.render import Pieces

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Columns = dict[str, Any]

_SIZES = ("encoding", "units", "segments", "segments_max")
_KINDS = 8
_ASCII = 128
_UNSENT: tuple[Any, ...] = ("", 2**31 - 1, 0, 0, (), "")
"""The length of a text that cannot be sent: it is longer than any."""


class _Measured(NamedTuple):
    """Texts and what they cost.

    Attributes:
        texts: A text a row, as ``Slab`` takes a column.
        lengths: The different lengths.
        codes: By row, which it has; None where there is a length a row.
    """

    texts: Any
    lengths: Sequence[tuple[Any, ...]]
    codes: Codes | None


def short_messages(
    copy: PreparedCopy, pieces: Pieces, values: Mapping[str, Cells], size: int
) -> tuple[Columns, Flags]:
    """The columns of short messages, and which of them cannot leave as they are.

    Args:
        copy: The words, prepared.
        pieces: The words of the body, taken apart.
        values: By variable, its values; as many as there are rows.
        size: How many rows there are.
    """
    stretches = render_stretches(pieces, values, size)
    found = _measure_all(copy, pieces.template, stretches, size)
    most_units, most_parts = copy.capless_size
    unfit = np.array(
        [
            length[1] > most_units or length[3] > most_parts or length is _UNSENT
            for length in found.lengths
        ],
        np.bool_,
    )
    cells = list(zip(*found.lengths, strict=True)) or [()] * len(_UNSENT)
    columns: Columns = {"text": found.texts}
    for name, place in (*zip(_SIZES, range(4), strict=True), ("product", 5)):
        columns[name] = Cells(cells[place], found.codes)
    return columns, unfit if found.codes is None else unfit[found.codes]


def _measure_all(
    copy: PreparedCopy, template: str, stretches: Sequence[Cells], size: int
) -> _Measured:
    few = few_texts(template, stretches, size)
    if few is None:
        frames = frame_kinds(copy.routes) if copy.routes else None
        if frames is not None:
            try:
                return _measure_sizes(copy, template, stretches, frames)
            except UnicodeError:  # half of a surrogate pair: no column holds it
                pass
        few = all_texts(template, stretches)
    lengths = [_measure(copy.measure, text) for text in few.values]
    return _Measured(few, lengths, few.codes)


def _measure_sizes(
    copy: PreparedCopy,
    template: str,
    stretches: Sequence[Cells],
    frames: frozenset[int],
) -> _Measured:
    """Texts that differ; those whose size decides are measured once a size."""
    columns = [text_column(stretch) for stretch in stretches]
    whole = join_texts(template, columns)
    texts = trim(whole)
    kinds = _kinds_of(template % (("",) * len(columns)), stretches, columns)
    by_size = np.array([is_by_size(kind, frames) for kind in range(_KINDS)])[kinds]
    # What was cut off could have been all that is foreign in a text.
    uncut = pc.equal(pc.binary_length(whole), pc.binary_length(texts))
    by_size &= uncut.to_numpy(zero_copy_only=False)
    sizes = pc.utf8_length(texts).to_numpy()
    keys = np.where(by_size, sizes.astype(np.int64) * _KINDS + kinds, -1)
    alone = np.flatnonzero(~by_size)
    different, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    chosen = first[different >= 0]
    measured = [
        _measure(copy.measure, text)
        for text in texts.take(pa.array(np.concatenate([chosen, alone]))).to_pylist()
    ]
    codes -= bool(len(alone))  # -1 is the first of all
    codes[alone] = np.arange(len(chosen), len(measured))
    return _Measured(texts, measured, codes)


def _kinds_of(
    words: str, stretches: Sequence[Cells], columns: Sequence[pa.Array]
) -> Codes:
    """The kind of each text, of that of its words and of its stretches."""
    kinds = np.full(len(columns[0]), kind_of(words), np.int64)
    for stretch, column in zip(stretches, columns, strict=True):
        if stretch.codes is None and _is_basic(column):
            continue
        own = np.array([kind_of(text) for text in stretch.values], np.int64)
        kinds |= own if stretch.codes is None else own[stretch.codes]
    return kinds


def _is_basic(texts: pa.Array) -> bool:
    """Whether all texts of a new column are made of such ASCII as GSM-7 has."""
    data = texts.buffers()[2]
    used = np.bincount(np.frombuffer(data or b"", np.uint8), minlength=_ASCII)
    if len(used) > _ASCII:
        return False
    return not kind_of("".join(map(chr, np.flatnonzero(used).tolist())))


def _measure(measure: Callable[[str], Any], text: str) -> tuple[Any, ...]:
    """The length of a text; ``_UNSENT`` for one that cannot be sent."""
    try:
        length: tuple[Any, ...] = measure(text)
    except ValueError:
        return _UNSENT
    return length
