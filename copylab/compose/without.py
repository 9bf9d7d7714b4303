"""Users without a message, many at once: what is told about each, column by column.

What stands here says of each user what ``Composer.compose`` says of one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from copylab.audience.misfits import is_misfit, misfit_problem
from copylab.compose.cells import Cells, combine
from copylab.compose.rows_out import encodable
from copylab.message.values import MISSING, why_missing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from copylab.audience.attributes import AttributeType
    from copylab.compose.one import Composer
    from copylab.compose.place_rows import Placed
    from copylab.compose.prepare import Input, PreparedCopy
    from copylab.compose.user_batch import UserBatch

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class Missing(NamedTuple):
    """Users who lack a value that has no replacement.

    Attributes:
        fatal: By user, whether one of the values says ``error``.
        problems: By user, what is missing.
    """

    fatal: Flags
    problems: Cells


def missing_values(copy: PreparedCopy, batch: UserBatch, rows: Codes) -> Missing:
    """What users of one variant and locale lack.

    Args:
        copy: The words, prepared.
        batch: The users.
        rows: The positions of those who lack something.
    """
    fatal = np.zeros(len(rows), np.bool_)
    told = []
    for item in copy.inputs:
        if item.action == "use":
            continue
        problems = batch.picked(item.source, rows).map(lambda raw: _tell(item, raw))  # noqa: B023 - called at once
        told.append(problems)
        if item.action == "error":
            lacks = np.array([bool(text) for text in problems.values], np.bool_)
            fatal |= lacks if problems.codes is None else lacks[problems.codes]
    return Missing(fatal, _joined(told, len(rows)))


def _tell(item: Input, raw: object) -> str:
    """What is wrong with a value, or nothing."""
    if item.read(raw) is not MISSING:
        return ""
    return f"{item.name}: {why_missing(item.variable, raw)}"


def _joined(told: list[Cells], size: int) -> Cells:
    found = combine(told, size)
    if found is not None:
        return Cells([_sentence(texts) for texts in found[0]], found[1])
    rows = zip(*(column.rows() for column in told), strict=True)
    return Cells([_sentence(texts) for texts in rows])


def _sentence(texts: tuple[str, ...]) -> str:
    return encodable("; ".join(filter(None, texts)))


def locale_problems(composer: Composer, batch: UserBatch, rows: Codes) -> Cells:
    """Why there are no words for users, who each name their locale.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        rows: The positions of those whose locale has no words.
    """

    def tell(wanted: object) -> str:
        return encodable("; ".join(composer.reject_locale(wanted).problems))

    return batch.picked("locale", rows).map(tell)


def unit_problems(
    composer: Composer, batch: UserBatch, placed: Placed, rows: Codes
) -> Cells | None:
    """What is wrong with the units of users who could not be placed.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        placed: Where they stand.
        rows: The positions of those who could not be placed.

    Returns:
        A text a user; None where units are not all that may be wrong, so that users
        are to be looked at one by one.
    """
    if placed.is_unread or composer.listed is not None or composer.has_forced:
        return None
    codes = np.full(len(rows), -1)
    problems: list[str] = []
    for unit in composer.unit_keys:
        wrong = ~has_unit(batch, unit)[rows] & (codes < 0)
        codes[wrong] = len(problems)
        problems.append(composer.unit_problem(unit))
    return None if (codes < 0).any() else Cells(problems, codes)


def attribute_problems(composer: Composer, batch: UserBatch, rows: Codes) -> Cells:
    """What is wrong with the attributes of users, those that hold what they cannot.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        rows: The positions of those with such an attribute.
    """
    told = [
        batch.picked(name, rows).map(partial(_tell_misfit, name, kind))
        for name, kind in composer.audience_types.items()
    ]
    return _joined(told, len(rows))


def _tell_misfit(name: str, kind: AttributeType, value: object) -> str:
    """What is wrong with an attribute's value, or nothing."""
    return misfit_problem(name, kind, value) if is_misfit(value, kind) else ""


def has_unit(batch: UserBatch, unit: str) -> Flags:
    """By row, whether the user has a unit.

    Raises:
        UnicodeError: A unit is no text that can be written.
    """
    import pyarrow.compute as pc  # noqa: PLC0415 - Arrow is heavy

    # Null becomes NaN in numpy, which is no number above 0.
    sizes = pc.binary_length(batch.texts(unit)).to_numpy(zero_copy_only=False)
    known: Flags = sizes > 0
    return known
