"""Contracts: what a filter of the language is.

A filter is in the language only with its contract: from the domain of its operand to
the range of its output. The tests hold every contract against its implementation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.template.ranges import Range
from copylab.template.scope import NumberDomain, TimeDomain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Domain = NumberDomain | TimeDomain | Range | None
"""What is known of an operand: its numbers, its times, or what it can print."""


@dataclass(frozen=True, slots=True)
class Call:
    """A filter with its arguments, in a locale.

    Attributes:
        args: Positional arguments, literals.
        kwargs: Keyword arguments, literals.
        locale: The locale of the words.
        timezone: The zone dates and times are printed in.
    """

    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    locale: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the language.

    Attributes:
        name: How templates call it.
        accepts: The types of operands.
        apply: From a call and the operand's domain to the function that prints.
        bound: From a call and the operand's domain to the range of the output.
        check: What is wrong with the arguments, or None.
    """

    name: str
    accepts: frozenset[str]
    apply: Callable[[Call, Domain], Callable[[object], str]]
    bound: Callable[[Call, Domain], Range]
    check: Callable[[Call], str | None]


def takes_nothing(call: Call) -> str | None:
    """The check of a filter without arguments."""
    return "it takes no arguments" if call.args or call.kwargs else None
