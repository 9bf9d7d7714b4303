"""The audience of an experiment asked of a batch of users, column by column.

What stands here says of each user what ``Predicate.admits`` says of one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from copylab.audience.misfits import is_misfit
from copylab.audience.values import READERS
from copylab.compose.cells import Cells, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from copylab.audience.attributes import AttributeType
    from copylab.audience.closure import Matches
    from copylab.compose.audience_parts import AudiencePart
    from copylab.compose.one import Composer
    from copylab.compose.user_batch import UserBatch

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class Admitted(NamedTuple):
    """Who of some users is in an audience.

    Attributes:
        inside: By user, whether the audience lets them in; of a misfit, nothing.
        misfits: By user, whether an attribute holds what it cannot.
    """

    inside: Flags
    misfits: Flags


def ask_batch(
    composer: Composer, batch: UserBatch, rows: Codes, at: datetime
) -> Admitted:
    """Who of some users is in the audience of the running experiment.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        rows: The positions of those who are asked.
        at: The time that ``now`` stands for, with a time zone.
    """
    from copylab.compose.audience_columns import (  # noqa: PLC0415 - Arrow is heavy
        ask_columns,
    )

    inside = np.ones(len(rows), np.bool_)
    parts = []
    for part in composer.audience_parts:
        found = {name: batch.column(name) for name in part.names}
        known = {name: column for name, column in found.items() if column is not None}
        answers = None
        if len(known) == len(found):
            answers = ask_columns(part.condition, known, at)
        if answers is None:
            parts.append(part)
        else:  # such columns are of the declared types, so they hold no misfit
            inside &= answers.to_numpy(zero_copy_only=False)[rows]
    return _ask_read(composer, batch, rows, parts, inside, at)


def _ask_read(
    composer: Composer,
    batch: UserBatch,
    rows: Codes,
    parts: list[AudiencePart],
    inside: Flags,
    at: datetime,
) -> Admitted:
    """Ask the parts whose values have to be read: each column is read once."""
    misfits = np.zeros(len(rows), np.bool_)
    read: dict[str, Cells] = {}
    for name in {name: None for part in parts for name in part.names}:
        kind = composer.audience_types[name]
        read[name], wrong = _read_column(batch.cells(name), kind)
        if wrong is not None:
            misfits |= wrong[rows]
    # What is quickly asked leaves fewer users to ask one by one.
    parts.sort(key=lambda part: any(read[name].codes is None for name in part.names))
    for part in parts:
        some = np.flatnonzero(inside & ~misfits)
        columns = [read[name] for name in part.names]
        inside[some] = _answers(part, columns, rows[some], at)
    return Admitted(inside, misfits)


def _read_column(column: Cells, kind: AttributeType) -> tuple[Cells, Flags | None]:
    """The column as its type reads it, and which rows hold what they cannot."""
    reader: Callable[[object], object] = READERS[kind]
    read = column.map(reader)
    wrong = [
        place
        for place, value in enumerate(read.values)
        if value is None and is_misfit(column.values[place], kind)
    ]
    if not wrong:
        return read, None
    flags = np.zeros(len(read.values), np.bool_)
    flags[wrong] = True
    return read, flags if column.codes is None else flags[column.codes]


def _answers(
    part: AudiencePart, columns: list[Cells], rows: Codes, at: datetime
) -> Flags:
    """Which of some rows a condition holds for, asked once for each combination."""
    cells = [column.take(rows) for column in columns]
    found = evaluate(partial(_ask, part.matches, at), part.names, cells, len(rows))
    known = np.array(found.values, np.bool_)
    return known if found.codes is None else known[found.codes]


def _ask(matches: Matches, at: datetime, user: Mapping[str, object]) -> bool:
    return matches(user, at)
