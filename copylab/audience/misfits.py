"""Attributes that hold what they cannot: a value is there, and its type is another.

Such a value is not null: nobody can say whether the user is in the audience. So the user
is told of, and not quietly left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.audience.condition import refs_of
from copylab.audience.values import READERS
from copylab.message.charsets import is_blank
from copylab.message.values import is_null

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.audience.attributes import AttributeType
    from copylab.audience.condition import Condition

_MOST_SHOWN = 60


def is_misfit(value: object, kind: AttributeType) -> bool:
    """Whether a value is there that cannot be read as a type.

    Nothing is there where the value is null (None, NaN, NaT) or, but for texts, blank.

    Args:
        value: What a user holds.
        kind: What the attribute is declared to be.
    """
    if value is None or READERS[kind](value) is not None:
        return False
    if isinstance(value, str):
        return not is_blank(value)
    return not is_null(value)


def misfit_problem(name: str, kind: AttributeType, value: object) -> str:
    """What is wrong with a value that cannot be read: its attribute, and what stands there.

    Args:
        name: The attribute.
        kind: What it is declared to be.
        value: What a user holds.
    """
    shown = repr(value[: _MOST_SHOWN + 1]) if isinstance(value, str) else str(value)
    if len(shown) > _MOST_SHOWN:
        shown = shown[:_MOST_SHOWN] + "…"
    return f"{name}: {shown} is no {kind}, which it is declared to be"


def attribute_types(condition: Condition) -> dict[str, AttributeType]:
    """By name, the types of the attributes that a condition asks for."""
    return {
        ref.name: ref.type for ref in sorted(refs_of(condition), key=lambda r: r.name)
    }


def misfit_problems(
    types: Mapping[str, AttributeType], user: Mapping[str, object]
) -> tuple[str, ...]:
    """What is wrong with the attributes of a user; empty where all can be read.

    Args:
        types: The types of the attributes that are asked for, by name.
        user: Attributes by name.
    """
    return tuple(
        misfit_problem(name, kind, user[name])
        for name, kind in types.items()
        if is_misfit(user.get(name), kind)
    )
