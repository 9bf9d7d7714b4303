"""Contents: which characters, and where they are few which texts, a hole can print."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from copylab.message.charsets import GSM7_BASIC, GSM7_EXTENSION, in_charset
from copylab.message.values import URL_SAFE
from copylab.template.bounds import hole_range
from copylab.template.choices import START, State, decide
from copylab.template.domains import UNBOUNDED_LENGTH, known_text, range_of
from copylab.template.expression import (
    NUMERIC,
    TEXTUAL,
    Concat,
    Cond,
    Const,
    Expression,
    Filtered,
    Item,
    Unknown,
    Var,
)
from copylab.template.filters import FILTERS
from copylab.template.ranges import Letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from copylab.message.model import Variable
    from copylab.template.ranges import Range
    from copylab.template.scope import Scope
    from copylab.template.shape import Hole

Characters = frozenset[str] | None
"""Some characters; None is any."""
MAX_WORDS = 64
"""A hole that prints one of so many texts at most is taken text by text."""
_DIGITS = frozenset("0123456789")
_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
_LAST_LATIN = 0x2026


@dataclass(frozen=True, slots=True)
class Content:
    """What a hole can print.

    Attributes:
        characters: The characters; each text is made of these.
        low: The fewest code points.
        high: The most code points.
        words: All texts, where they are few and known; else None.
    """

    characters: Characters
    low: int
    high: int
    words: tuple[str, ...] | None = None


def content_of(hole: Hole, scope: Scope, state: State = START) -> Content:
    """What a hole can print, escaped for its destination."""
    if isinstance(hole.expression, Unknown):
        return Content(None, 0, UNBOUNDED_LENGTH)
    ranges = hole_range(hole, scope, state)
    escape = scope.escapes.get(hole.escape)
    words = _all_words(hole.expression, scope, state)
    if words is not None:
        words = tuple(dict.fromkeys(map(escape, words) if escape else words))
    characters = characters_of(hole.expression, scope, state)
    if escape is not None:
        characters = _each(characters, escape)
    return Content(
        characters, len(ranges.shortest()), ranges.most("length"), words or None
    )


def _all_words(
    expression: Expression, scope: Scope, state: State
) -> tuple[str, ...] | None:
    """Every text an expression can be, or None where they are many or not known."""
    found: Iterable[str] | None = None
    match expression:
        case Const(value=str() as text):
            found = (text,)
        case Var() | Item() if expression.type == "enum":
            variable = _variable(expression, scope)
            cell = state.get(expression.name) if isinstance(expression, Var) else None
            if variable is not None:
                words = cell if isinstance(cell, frozenset) else variable.values
                found = [word for word in variable.values if word in words]
        case Var() if expression.type in TEXTUAL:
            said = known_text(expression.name, state)
            found = None if said is None else (said,)
        case Filtered(filter="plural"):
            found = [str(form) for _, form in expression.kwargs]
    kept = None if found is None else tuple(dict.fromkeys(found))
    return kept if kept is None or len(kept) <= MAX_WORDS else None


def characters_of(expression: Expression, scope: Scope, state: State) -> Characters:
    """The characters of which everything an expression prints is made."""
    words = _all_words(expression, scope, state)
    if words is not None:
        return frozenset().union(*words)
    match expression:
        case Cond():
            decision = decide(expression.test, state, scope)
            if isinstance(decision, bool):
                side = expression.yes if decision else expression.no
                return characters_of(side, scope, state)
            sides = (expression.yes, expression.no)
            return _union(characters_of(side, scope, state) for side in sides)
        case Concat():
            return _union(
                characters_of(part, scope, state) for part in expression.parts
            )
        case Var() | Item() if expression.type in TEXTUAL:
            variable = _variable(expression, scope)
            return None if variable is None else _of_variable(variable)
        case Filtered() if expression.operand.type in TEXTUAL:
            return _filtered(expression, scope, state)
        case Filtered():
            return _printed_number(range_of(expression, scope, state))
    if expression.type in {*NUMERIC, "date"}:
        return _DIGITS | frozenset("-.")
    return None


def _printed_number(ranges: Range) -> Characters:
    """The characters of a format: its longest prints have all but some digits."""
    if isinstance(ranges, Letters):
        return None
    return _DIGITS.union(*(text for _, text in ranges.choices))


def _filtered(expression: Filtered, scope: Scope, state: State) -> Characters:
    inner = characters_of(expression.operand, scope, state)
    match expression.filter:
        case "upper" | "lower" | "capitalize" | "title":
            return _each(inner, _all_cases)
        case "trim":
            return inner
        case "truncate":
            end = dict(expression.kwargs).get("end", "...")
            if len(expression.args) > len(("length", "killwords")):
                end = expression.args[2]
            return _union((inner, frozenset(str(end))))
        case "urlencode":
            return frozenset(c for c in _ASCII if c.isalnum() or c in "%-._~/")
    assert expression.filter in FILTERS
    return None


def _all_cases(character: str) -> str:
    return f"{character}{character.upper()}{character.lower()}{character.title()}"


def _each(characters: Characters, function: Callable[[str], str]) -> Characters:
    """The characters that a function makes of each; any stay any."""
    if characters is None:
        return None
    return frozenset().union(*map(function, characters))


def _union(parts: Iterable[Characters]) -> Characters:
    found: frozenset[str] = frozenset()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found


def _variable(expression: Var | Item, scope: Scope) -> Variable | None:
    if isinstance(expression, Var):
        return scope.variables.get(expression.name)
    owner = scope.variables.get(expression.loop)
    return None if owner is None else owner.items.get(expression.field)


def _of_variable(variable: Variable) -> Characters:
    """The characters that the value of a text or a url can hold."""
    if variable.type == "url":
        if not variable.base:
            return _ASCII
        return frozenset(f"{URL_SAFE}%{variable.base}").union(
            c for c in _ASCII if c.isalnum()
        )
    found = _of_charset(variable.charset)
    if found is None:
        return None
    breaks = frozenset("\n") if variable.multiline else frozenset()
    values = [variable.missing.value, *variable.missing.locales.values()]
    replaced = frozenset().union(*(v for v in values if isinstance(v, str)))
    return found | breaks | replaced


@cache
def _of_charset(charset: str) -> Characters:
    """The characters of a charset; None for those of which there are too many."""
    match charset:
        case "digits":
            return _DIGITS
        case "ascii":
            return _ASCII
        case "gsm7":
            return frozenset(GSM7_BASIC + GSM7_EXTENSION)
        case "latin":
            every = map(chr, range(0x20, _LAST_LATIN + 1))
            return frozenset(c for c in every if in_charset(c, charset))
    return None
