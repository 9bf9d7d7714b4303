"""The worst case of a text: the longest that allowed values make it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.channels.cost import billed_parts, message_cost
from copylab.lint.longest import find_longest
from copylab.lint.readability import is_readable, words_of
from copylab.message.values import MISSING
from copylab.preview.as_read import as_read
from copylab.preview.branch_measure import Measure, measure_branch
from copylab.preview.usual_values import shown_value
from copylab.template.render import compile_shape
from copylab.template.shape import shape_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.catalog import Catalog, Key
    from copylab.channels.route import Route
    from copylab.lint.case import Words
    from copylab.lint.field import Field


@dataclass(frozen=True, slots=True)
class WorstField:
    """One field of the worst case.

    Attributes:
        name: The field.
        text: What it says then.
        measure: How long that is; None where nothing is sent.
    """

    name: str
    text: str
    measure: Measure | None


@dataclass(frozen=True, slots=True)
class Worst:
    """The longest that a text was made.

    Attributes:
        fields: Its fields.
        values: The values that make it so long.
        is_proved: Whether no allowed values make it longer; else it is the longest that
            was found, and the limit is proved by lint.
        cost: What one such message costs, with the currency; empty where nobody says.
        market: Where a short message costs most, where it goes to several markets.
    """

    fields: tuple[WorstField, ...]
    values: tuple[tuple[str, str], ...]
    is_proved: bool
    cost: str = ""
    market: str = ""


def find_worst(catalog: Catalog, key: Key) -> Worst | None:
    """The longest that a text can be made; None where it cannot be rendered.

    A short message is judged by its parts on the route where it needs most, a push and
    an e-mail by the columns of the body.

    Args:
        catalog: The workspace's content.
        key: Message, channel, locale and variant.
    """
    if key not in catalog.templates or not is_readable(catalog, key):
        return None
    words = words_of(catalog, key, None)
    longest = find_longest(catalog, key)
    texts = {
        name: _render(item, longest.values, key[2])
        for name, item in words.fields.items()
    }
    if any(text is None for text in texts.values()):
        return None
    body = (texts["body"] or "").strip()
    route = _dearest(words, body)
    fields = tuple(
        _field(item, key[1], route, texts[name] or "")
        for name, item in words.fields.items()
    )
    return Worst(
        fields,
        tuple(
            (name, shown_value(value))
            for name, value in longest.values.items()
            if name in words.used
        ),
        longest.is_proved,
        "" if route is None else _cost(route, body),
        "" if route is None or len(words.routes) == 1 else route.market,
    )


def _render(item: Field, values: Mapping[str, object], locale: str) -> str | None:
    """A field with values, replacements where there are none; None where one lacks."""
    variables = item.template.scope.variables
    given = dict(values)
    for name in shape_variables(item.shape):
        if name in variables and name not in given:
            action, replacement = variables[name].missing.at(locale)
            given[name] = replacement if action == "use" else MISSING
    if any(value is MISSING for value in given.values()):
        return None
    return compile_shape(item.shape, item.template.scope)(given)


def _dearest(words: Words, text: str) -> Route | None:
    """The route on which a short message needs most parts; None for other channels."""
    if words.channel != "sms" or not text:
        return None
    return max(words.routes, key=lambda route: _parts(route, text))


def _parts(route: Route, text: str) -> int:
    try:
        return billed_parts(route.measure(text), route.profile)
    except ValueError:  # it holds what this route cannot carry: lint tells it
        return 0


def _field(item: Field, channel: str, route: Route | None, text: str) -> WorstField:
    shown = as_read(channel, item.name, text)
    shown = shown if route is None else route.as_sent(shown)
    return WorstField(item.name, shown, measure_branch(item, channel, route, shown, ()))


def _cost(route: Route, text: str) -> str:
    try:
        length = route.measure(text)
    except ValueError:
        return ""
    cost, price = message_cost(length, route), route.price(length.product)
    return "" if cost is None or price is None else f"{cost} {price.currency}"
