"""Domains: what each expression can print, given what is known of its variables."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from copylab.message.charsets import GSM7_BASIC, GSM7_EXTENSION, in_charset
from copylab.message.values import MISSING, URL_SAFE, reader
from copylab.template.choices import START, State, decide
from copylab.template.expression import (
    NUMERIC,
    Arithmetic,
    Compare,
    Concat,
    Cond,
    Const,
    Expression,
    Filtered,
    Item,
    LoopState,
    Unknown,
    Var,
)
from copylab.template.filters import FILTERS, Call
from copylab.template.ranges import (
    MEASURES,
    Letters,
    Range,
    Words,
    cost,
    in_gsm7,
    join,
    union,
)
from copylab.template.scope import (
    NumberDomain,
    Scope,
    TimeDomain,
    number_domain,
    time_domain,
)
from copylab.template.semantics import plain_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.message.model import Variable

UNBOUNDED_LENGTH = 1_000_000
"""Stands for a length that nothing bounds; such a template is never sent."""

UNKNOWN = "?"
"""What a value that could not be read counts as: no message that has one is sent, and
what is found in the rest of it holds whatever the value is meant to be."""
_GUESS = Words(((UNKNOWN, UNKNOWN),), exact=False)

OPEN_ALPHABET = tuple('𠀀ΐﬃİ"\\&<`{€~*_W0 ῼῷ')
"""Characters of charset ``any`` of which one is as costly as any other character in
each measure, as it is, in capitals and small letters, and escaped, and of which one
prints a code point as costly as any that is printed then (``~`` is the only one of two
septets that percent-encoding leaves); tested against all of Unicode."""
_HAN_ALPHABET = tuple('𠀀中０"\\&<`{~*_W0 ')
_KOREAN_ALPHABET = tuple('가ŉß"\\&<`{€~*_W0 ')
_SHORTEST_START = "http://"
_NOT_IN_NAMES = frozenset("<>[]{}/\\@:")


@lru_cache(maxsize=64)
def alphabet(charset: str, *, name: bool = False) -> tuple[tuple[str, str], ...]:
    """Characters that stand for a charset: for each measure the costliest is there."""
    if charset == "digits":
        characters = tuple("0123456789")
    elif charset == "zh":
        characters = _HAN_ALPHABET
    elif charset == "ko":
        characters = _KOREAN_ALPHABET
    elif charset == "any":
        characters = OPEN_ALPHABET
    elif charset == "gsm7":
        characters = tuple("W" + GSM7_BASIC + GSM7_EXTENSION)
    elif charset == "ascii":
        characters = ("W", *map(chr, range(0x20, 0x7F)))
    else:
        everything = (chr(code) for code in range(0x20, 0x2027))
        characters = _representatives([c for c in everything if in_charset(c, charset)])
    if name:
        characters = tuple(c for c in characters if c not in _NOT_IN_NAMES)
    return tuple((character, character) for character in characters)


def _representatives(characters: list[str]) -> tuple[str, ...]:
    """The costliest characters in each measure, as they are and in other cases."""
    functions: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower, str.title)
    chosen: dict[str, None] = dict.fromkeys("W\"\\&<`{*_0 ~'")
    for function in functions:
        for measure in MEASURES:
            best = max(characters, key=lambda c: cost(function(c), measure))
            chosen[best] = None
        outside = [c for c in characters if not in_gsm7(function(c))]
        if outside:
            chosen[max(outside, key=lambda c: cost(function(c), "units"))] = None
    return tuple(c for c in chosen if c in set(characters))


def text_range(variable: Variable, scope: Scope, state: State) -> Range:
    """What a text variable can hold."""
    empty = Compare("==", Var(variable.name, variable.type), Const("", "text"))
    known = state.get(empty)
    action, replacement = variable.missing.at(scope.locale)
    may_be_empty = action == "use" and replacement == ""
    if may_be_empty and known is True:
        return Words((("", ""),))
    said = known_text(variable.name, state)
    if said:
        return Words(((said, said),))
    letters = alphabet(variable.charset, name=variable.type == "person_name")
    if variable.multiline:
        letters = (*letters, ("\n", "\n"))
    low = 0 if may_be_empty and known is None else 1
    return Letters(letters, low, variable.max_length or UNBOUNDED_LENGTH)


def url_range(variable: Variable) -> Range:
    """What an address can be: the base, and what the user record adds."""
    limit = variable.max_length or UNBOUNDED_LENGTH
    if variable.base:
        letters = tuple((c, c) for c in f"{URL_SAFE}aA0%" if c != "%")
        room = limit - len(variable.base)
        # A percent sign comes only with what it encodes, of which it is a third.
        return Letters((*letters, ("", "%")), 1, max(room, 0), prefix=variable.base)
    letters = tuple((chr(code), chr(code)) for code in (0x61, *range(0x21, 0x7F)))
    room = max(limit - len(_SHORTEST_START), 0)
    return Letters(letters, 1, room, prefix=_SHORTEST_START, exact=False)


def variable_range(variable: Variable, scope: Scope, state: State) -> Range:
    """What a variable prints without a filter."""
    match variable.type:
        case "text" | "person_name":
            return text_range(variable, scope, state)
        case "url":
            return url_range(variable)
        case "enum":
            cell = state.get(variable.name)
            words = cell if isinstance(cell, frozenset) else variable.values
            chosen = [word for word in variable.values if word in words]
            return Words(tuple((word, word) for word in chosen) or (("", ""),))
        case "date":
            domain = time_domain(variable)
            assert domain is not None
            days = [domain.low.date(), domain.high.date()]
            return Words(tuple((day, day.isoformat()) for day in days))
    return Letters(alphabet("any"), 0, UNBOUNDED_LENGTH, exact=False)


def _declared(expression: Var | Item, scope: Scope) -> Variable | None:
    if isinstance(expression, Var):
        return scope.variables.get(expression.name)
    owner = scope.variables.get(expression.loop)
    return None if owner is None else owner.items.get(expression.field)


def numbers_of(
    expression: Expression, scope: Scope, state: State
) -> NumberDomain | None:
    """The numbers an expression can be, or None where they are not bounded."""
    match expression:
        case Const():
            assert isinstance(expression.value, int | Decimal)
            return NumberDomain.exactly(expression.value)
        case Var() | Item():
            variable = _declared(expression, scope)
            domain = None if variable is None else number_domain(variable)
            cell = state.get(expression.name) if isinstance(expression, Var) else None
            if domain is None or not isinstance(cell, tuple):
                return domain
            return NumberDomain(cell[0], cell[1], domain.decimals, domain.currency)
        case LoopState():
            items = max((v.max_items or 1 for v in scope.variables.values()), default=1)
            return NumberDomain.between(1, items)
        case Arithmetic():
            left = numbers_of(expression.left, scope, state)
            right = numbers_of(expression.right, scope, state)
            if left is None or right is None:
                return None
            if expression.op == "+":
                return NumberDomain(left.low + right.low, left.high + right.high, 0)
            return NumberDomain(left.low - right.high, left.high - right.low, 0)
        case Cond():
            yes = numbers_of(expression.yes, scope, state)
            no = numbers_of(expression.no, scope, state)
            return None if yes is None or no is None else yes.union(no)
    return None


def times_of(expression: Expression, scope: Scope) -> TimeDomain | None:
    """The dates or times an expression can be."""
    match expression:
        case Var() | Item():
            variable = _declared(expression, scope)
            return None if variable is None else time_domain(variable)
        case Cond():
            yes, no = times_of(expression.yes, scope), times_of(expression.no, scope)
            if yes is None or no is None:
                return None
            low, high = min(yes.low, no.low), max(yes.high, no.high)
            return TimeDomain(low, high, yes.kind)
    return None


def range_of(expression: Expression, scope: Scope, state: State) -> Range:
    """What an expression can print."""
    match expression:
        case Cond():
            return _either_range(expression, scope, state)
        case Unknown():
            return _GUESS
        case _ if expression.type in NUMERIC:
            return _plain_range(expression, scope, state)
        case Const():
            text = str(expression.value)
            return Words(((text, text),))
        case Var() | Item():
            return _value_range(expression, scope, state)
        case Concat():
            return join([range_of(part, scope, state) for part in expression.parts])
        case Filtered():
            return _filtered(expression, scope, state)
    return Letters(alphabet("any"), 0, UNBOUNDED_LENGTH, exact=False)


def _either_range(expression: Cond, scope: Scope, state: State) -> Range:
    decision = decide(expression.test, state, scope)
    if isinstance(decision, bool):
        side = expression.yes if decision else expression.no
        return range_of(side, scope, state)
    sides = (expression.yes, expression.no)
    return union([range_of(side, scope, state) for side in sides])


def _value_range(expression: Var | Item, scope: Scope, state: State) -> Range:
    variable = _declared(expression, scope)
    if variable is None:
        return Letters(alphabet("any"), 0, UNBOUNDED_LENGTH, exact=False)
    if scope.is_guessed and not variable.has_bounds:
        return _GUESS
    # Nothing is known of a single item: the state is about variables.
    known = state if isinstance(expression, Var) else START
    return variable_range(variable, scope, known)


def _plain_range(expression: Expression, scope: Scope, state: State) -> Range:
    """The words of a number that is printed without a filter."""
    domain = numbers_of(expression, scope, state)
    if domain is None and scope.is_guessed:
        return _GUESS
    if domain is None:
        return Letters(alphabet("digits"), 1, UNBOUNDED_LENGTH, exact=False)
    numbers = [domain.plain(number) for number in domain.extremes()]
    choices = tuple((number, plain_number(number)) for number in numbers)
    return Words(choices, exact=isinstance(expression, Var))


def _filtered(expression: Filtered, scope: Scope, state: State) -> Range:
    operand = expression.operand
    call = Call(expression.args, dict(expression.kwargs), scope.locale, scope.timezone)
    domain: NumberDomain | TimeDomain | Range | None
    if operand.type in NUMERIC:
        domain = numbers_of(operand, scope, state)
    elif operand.type in {"date", "datetime"}:
        domain = times_of(operand, scope)
    else:
        domain = range_of(operand, scope, state)
    if domain is None and scope.is_guessed:
        return _GUESS
    if domain is None:
        return Letters(alphabet("any"), 0, UNBOUNDED_LENGTH, exact=False)
    return FILTERS[expression.filter].bound(call, domain)


def sample_value(variable: Variable, scope: Scope, state: State) -> object:
    """A raw value of a variable that agrees with what is known of it."""
    cell = state.get(variable.name)
    match variable.type:
        case "enum":
            words = cell if isinstance(cell, frozenset) else variable.values
            return next((word for word in variable.values if word in words), "")
        case "int" | "decimal" | "percent" | "money":
            number = cell[1] if isinstance(cell, tuple) else variable.high
            whole = variable.type == "int" and isinstance(number, Decimal)
            return int(number) if whole else number  # type: ignore[arg-type]
        case "bool":
            truth = state.get(Var(variable.name, "bool"))
            return truth is not False
        case "date":
            return variable.high.date() if variable.high else None  # type: ignore[union-attr]
        case "datetime":
            return variable.high
        case "list":
            empty = Compare("==", Var(variable.name, "list"), Const((), "list"))
            if state.get(empty) is True:
                return []
            item = {
                field.source: sample_value(field, scope, State({}))
                for field in variable.items.values()
            }
            return [item] * (variable.max_items or 1)
    return _sample_text(variable, scope, state)


def known_text(name: str, state: State) -> str | None:
    """The text that a variable is known to equal, or None."""
    cell = state.get(name)
    return next(iter(cell)) if isinstance(cell, frozenset) and len(cell) == 1 else None


def _sample_text(variable: Variable, scope: Scope, state: State) -> object:
    said = known_text(variable.name, state)
    if said is not None:
        return said
    parts = _known_parts(variable.name, state)
    ranges = variable_range(variable, scope, state)
    raw, text = ranges.worst("units")
    candidates = [parts, raw, unicodedata.normalize("NFC", text)]
    if isinstance(ranges, Letters):
        fixed, size = ranges.prefix, ranges.high
        candidates += [fixed + piece * size for _, piece in ranges.alphabet]
    read = reader(variable)
    return next((each for each in candidates if read(each) is not MISSING), raw)


def _known_parts(name: str, state: State) -> str:
    """A text with everything that a variable is known to hold, or an empty one."""
    held = [
        str(key.left.value)
        for key, truth in state.cells.items()
        if truth is True
        and isinstance(key, Compare)
        and key.op == "in"
        and isinstance(key.left, Const)
        and isinstance(key.right, Var)
        and key.right.name == name
    ]
    return "".join(held)
