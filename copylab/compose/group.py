"""Composing users who get the same words: one variant in one locale.

Values are read, pieces of the text rendered and messages built by the functions that
serve one user, once for each different input that they look at.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from copylab.compose.build import BUILDERS
from copylab.compose.cells import Cells, evaluate
from copylab.compose.result import Rejected
from copylab.compose.rows_out import message_cells
from copylab.compose.sms_rows import short_messages
from copylab.message.values import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from copylab.compose.one import Composer
    from copylab.compose.prepare import PreparedCopy
    from copylab.compose.user_batch import UserBatch
    from copylab.experiment.exposure import Exposure

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class Group(NamedTuple):
    """Messages with the same words.

    Attributes:
        rows: The position in the batch of each user with a message.
        left: The positions of those who are to be composed one by one: something about
            their texts is to be told.
        missing: The positions of those who lack a value that has no replacement.
        columns: The columns of the channel by name, of those with a message: ``Cells`` or
            Arrow's.
        lengths: Short messages by product, segments and most segments.
    """

    rows: Codes
    left: Codes
    missing: Codes
    columns: Mapping[str, Any]
    lengths: Counter[tuple[str, int, int]]


def compose_group(
    composer: Composer,
    batch: UserBatch,
    rows: Codes,
    variant: str,
    tag: str,
    *,
    record: Exposure,
) -> Group:
    """The messages of users who get one variant in one locale.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        rows: The positions of those who get these words, ascending.
        variant: The variant.
        tag: The locale of the file.
        record: The exposure of such a message, of whomever.
    """
    copy = composer.copy(variant, tag)
    values, wrong = _read(copy, batch, rows)
    if wrong.any():
        kept = np.flatnonzero(~wrong)
        values = {name: column.take(kept) for name, column in values.items()}
    else:
        kept = np.arange(len(rows))
    columns: Mapping[str, Any]
    if composer.channel == "sms":
        pieces = composer.pieces(variant, tag)["body"]
        columns, unfit = short_messages(copy, pieces, values, len(kept))
    else:
        columns, unfit = _built(composer, copy, values, len(kept), record)
    if unfit.any():
        fit = np.flatnonzero(~unfit)
        columns = {name: column.take(fit) for name, column in columns.items()}
        kept = kept[fit]
    left = ~wrong
    left[kept] = False
    return Group(
        rows[kept], rows[left], rows[wrong], columns, _lengths(columns, len(kept))
    )


def _read(
    copy: PreparedCopy, batch: UserBatch, rows: Codes
) -> tuple[dict[str, Cells], Flags]:
    """By variable its values, and which rows lack one that has no replacement."""
    wrong = np.zeros(len(rows), np.bool_)
    values: dict[str, Cells] = {}
    everybody = len(rows) == batch.size
    for name, source, read, action, replacement, _ in copy.inputs:
        raw = batch.cells(source) if everybody else batch.picked(source, rows)
        column = raw.map(read)
        missing = [i for i, value in enumerate(column.values) if value is MISSING]
        if missing and action != "use":
            wrong |= _flags(column, missing)
        elif missing:
            column = Cells(
                [replacement if v is MISSING else v for v in column.values],
                column.codes,
            )
        values[name] = column
    return values, wrong


def _flags(column: Cells, places: Sequence[int]) -> Flags:
    """Which rows have one of the values at some places."""
    flags = np.zeros(len(column.values), np.bool_)
    flags[places] = True
    return flags if column.codes is None else flags[column.codes]


def _lengths(columns: Mapping[str, Any], size: int) -> Counter[tuple[str, int, int]]:
    if "product" not in columns:
        return Counter()
    product, segments, most = (
        columns[name] for name in ("product", "segments", "segments_max")
    )
    keys = zip(product.values, segments.values, most.values, strict=True)
    if product.codes is None:
        return Counter(keys)
    counts: Counter[tuple[str, int, int]] = Counter()
    times = np.bincount(product.codes, minlength=len(product.values)).tolist()
    for key, count in zip(keys, times, strict=True):
        if count:
            counts[key] += count
    assert counts.total() == size
    return counts


def _built(
    composer: Composer,
    copy: PreparedCopy,
    values: Mapping[str, Cells],
    size: int,
    record: Exposure,
) -> tuple[dict[str, Cells], Flags]:
    """The columns of pushes or e-mails, and which users could not get one."""
    build = BUILDERS[composer.channel]
    show = message_cells(composer)
    names = [column.name for column in composer.columns[5:]]
    nothing = (None,) * len(names)

    def make(given: dict[str, Any]) -> tuple[object, ...]:
        message = build(copy, given, lambda _segments: record)
        return nothing if isinstance(message, Rejected) else show(message)

    built = evaluate(make, list(values), list(values.values()), size)
    unfit = [place for place, cells in enumerate(built.values) if cells is nothing]
    found = list(zip(*built.values, strict=True)) or [()] * len(names)
    columns = {
        name: Cells(cells, built.codes)
        for name, cells in zip(names, found, strict=True)
    }
    return columns, _flags(built, unfit)
