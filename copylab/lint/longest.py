"""The longest message that values in bounds can make, for people who want to see it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from copylab.channels.cost import billed_parts
from copylab.channels.gsm import is_gsm
from copylab.channels.width import display_width
from copylab.lint.case import Words
from copylab.lint.sent import worst_on
from copylab.message.values import MISSING, reader
from copylab.template.bounds import worst_on_path
from copylab.template.choices import START
from copylab.template.domains import range_of, sample_value
from copylab.template.expression import Var
from copylab.template.render import compile_shape
from copylab.template.witness import describe_value, render_example

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from copylab.catalog import Catalog, Key
    from copylab.channels.route import Route
    from copylab.lint.field import Field
    from copylab.message.model import Variable
    from copylab.template.bounds import Worst
    from copylab.template.paths import Path
    from copylab.template.scope import Scope

Rank = tuple[bool, int, int]

_MAX_TRIES = 64
"""How many ways, the longest first, are tried for values that lead to them."""
_TEXTS = frozenset({"text", "person_name"})
_PRINTED = frozenset({"text", "person_name", "url", "money", "percent", "decimal"})


@dataclass(frozen=True, slots=True)
class Longest:
    """Values that make a message as long as it can be.

    Attributes:
        values: The values as copy uses them, by variable.
        choices: The values in words.
        is_proved: Whether every way through the words was looked at, and the longest
            one has values that lead to it.
    """

    values: dict[str, object]
    choices: tuple[tuple[str, str], ...]
    is_proved: bool


def find_longest(catalog: Catalog, key: Key) -> Longest:
    """The values with which a variant is longest, in the measure of its channel.

    A short message is judged by its parts and then its units as they are sent; a push
    and an e-mail by the columns of the body. A variable that the body does not print
    has the value that is longest by itself.

    Args:
        catalog: The workspace's content.
        key: Message, channel, locale and variant.
    """
    words = Words.of(catalog, key, None)
    body = words.fields["body"]
    scope = body.template.scope
    found, is_longest = _find_values(words, body)
    values = found or {}
    for name, variable in words.message.variables.items():
        if name not in values:
            value = _longest_value(variable, scope)
            if value is not MISSING:
                values[name] = value
    choices = tuple(
        (name, describe_value(value))
        for name, value in values.items()
        if name in words.used
    )
    return Longest(values, choices, is_longest and body.paths is not None)


def _find_values(words: Words, body: Field) -> tuple[dict[str, object] | None, bool]:
    """The values with the longest text, and whether no text can be longer."""
    rank, scope = _ranking(words), body.template.scope
    render = compile_shape(body.shape, scope)
    best: dict[str, object] | None = None
    longest: Rank = (False, -1, -1)
    ways = _ways(words, body, rank)
    for most, path, worst in ways[:_MAX_TRIES]:
        if longest >= most:
            break
        example = render_example(body.shape, path, scope, worst)
        if example is None:
            continue
        given = _sendable(dict(example.values), words, scope)
        for values in _with_numbers(given, scope):
            size = rank(render(values).strip())
            if size > longest:
                best, longest = values, size
    is_longest = bool(ways) and longest >= ways[0][0]
    return None if best is None else _readable(best, words, scope), is_longest


def _with_numbers(
    values: dict[str, object], scope: Scope
) -> Iterator[dict[str, object]]:
    """The values, and the same with one number changed: words can depend on it."""
    yield values
    for name in values:
        variable = scope.variables.get(name)
        if variable is not None and variable.type == "int":
            for number in _numbers(variable):
                yield {**values, name: number}


def _numbers(variable: Variable) -> Iterator[int]:
    """Whole numbers in bounds: those that print longest, and small ones."""
    if isinstance(variable.low, Decimal) and isinstance(variable.high, Decimal):
        low, high = int(variable.low), int(variable.high)
        ends = (high, low, 10 ** (len(str(high)) - 1))
        yield from (n for n in (*ends, 0, 1, 2, 5, 11) if low <= n <= high)


def _ranking(words: Words) -> Callable[[str], Rank]:
    """How texts are compared: by product, parts and units as sent, or by columns."""
    if words.channel != "sms":
        return lambda text: (False, 0, display_width(text))
    return lambda text: max(_sent_rank(route, text) for route in words.routes)


def _sent_rank(route: Route, text: str) -> Rank:
    """How dear a text is on a route; one that cannot be sent is not dear."""
    try:
        length = route.measure(text)
    except ValueError:
        return False, 0, len(text)
    parts = billed_parts(length, route.profile)
    return length.product != "SMS", parts, length.units


def _sendable(
    values: dict[str, object], words: Words, scope: Scope
) -> dict[str, object]:
    """The values with characters that every route can carry, where bounds allow it."""
    codecs = {route.profile.encoding for route in words.routes} - {"auto", "UCS-2"}
    if words.channel != "sms" or not codecs:
        return values
    return {
        name: _carried(scope.variables[name], value, scope, codecs)
        if name in scope.variables and scope.variables[name].type in _TEXTS
        else value
        for name, value in values.items()
    }


def _carried(
    variable: Variable, value: object, scope: Scope, codecs: set[str]
) -> object:
    """A value as long as another one of a letter that all codecs have."""
    if not isinstance(value, str) or all(_has(codec, value) for codec in codecs):
        return value
    read = reader(variable, locale=scope.locale)
    for letter in "가éW":
        found = read(letter * len(value))
        if found is not MISSING and all(_has(codec, letter) for codec in codecs):
            return found
    return value


def _has(codec: str, text: str) -> bool:
    """Whether an encoding can carry a text."""
    if codec == "GSM-7":
        return is_gsm(text) is not None or not text
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _readable(
    values: dict[str, object], words: Words, scope: Scope
) -> dict[str, object]:
    """The same, with values of letters where those are as long.

    On a screen all wide characters are as wide; what a short message counts differs.
    """
    types = {"url"} if words.channel == "sms" else {"url", "text", "person_name"}
    return {
        name: _letters(scope.variables[name], value, scope)
        if name in scope.variables and scope.variables[name].type in types
        else value
        for name, value in values.items()
    }


def _letters(variable: Variable, value: object, scope: Scope) -> object:
    """A value as long as another one made of a letter, where there is one in bounds."""
    if not isinstance(value, str) or value in variable.values:
        return value
    read = reader(variable, locale=scope.locale)
    length = len(value) - len(variable.base)
    for letter in "x" if variable.type == "url" else "國W":
        found = read(letter * length)
        if found is not MISSING:
            return found
    return value


def _ways(
    words: Words, body: Field, rank: Callable[[str], Rank]
) -> list[tuple[Rank, Path, Worst]]:
    """The ways through the body with their worst texts, the longest first."""
    scope = body.template.scope
    if words.channel == "sms":
        found = (
            worst_on(path, scope, route)
            for path in body.paths or ()
            for route in words.routes
        )
        ways = [
            (sent.rank, sent.path, sent.worst) for sent in found if sent is not None
        ]
    else:
        worsts = [(p, worst_on_path(p, scope, "width")) for p in body.paths or ()]
        ways = [(rank(worst.text.strip()), path, worst) for path, worst in worsts]
    return sorted(ways, key=lambda way: way[0], reverse=True)


def _longest_value(variable: Variable, scope: Scope) -> object:
    """The value of a variable that prints most, or one within its bounds."""
    read: Callable[[object], object] = reader(variable, locale=scope.locale)
    if variable.type in _PRINTED:
        raw, _ = range_of(Var(variable.name, variable.type), scope, START).worst(
            "length"
        )
        value = read(raw)
        if value is not MISSING:
            return value
    return read(sample_value(variable, scope, START))
