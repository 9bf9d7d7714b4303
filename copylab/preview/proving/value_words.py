"""What values a variable may have, and what happens without one, in words."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from copylab.message.model import NUMBER_TYPES, TEXT_TYPES
from copylab.preview.usual_values import shown_value

if TYPE_CHECKING:
    from copylab.message.model import Variable
    from copylab.preview.page import View


def bounds_words(view: View, variable: Variable) -> str:
    """What a variable may be, such as ``500 to 200,000 CNY``."""
    if not variable.has_bounds:
        return view.say("proof.bounds_none")
    if variable.type in TEXT_TYPES:
        words = view.say("proof.bounds_text", n=variable.max_length or 0)
        if variable.charset == "any":
            return words
        return words + view.say("proof.bounds_charset", charset=variable.charset)
    if variable.type == "url":
        say = "proof.bounds_url" if variable.base else "proof.bounds_any_url"
        return view.say(say, base=variable.base, n=variable.max_length or 0)
    if variable.type == "enum":
        return view.say("proof.bounds_enum", values=" · ".join(variable.values))
    if variable.type == "bool":
        return view.say("proof.bounds_bool")
    if variable.type == "list":
        return view.say("proof.bounds_list", n=variable.max_items or 0)
    return _range(view, variable)


def _range(view: View, variable: Variable) -> str:
    """The smallest and the largest number, date or time."""
    low, high = _end(variable, variable.low), _end(variable, variable.high)
    words = view.say("proof.bounds_range", low=low, high=high)
    unit = "%" if variable.type == "percent" else f" {variable.currency}".rstrip()
    return f"{words}{unit}"


def _end(variable: Variable, value: object) -> str:
    if isinstance(value, Decimal) and variable.type in NUMBER_TYPES:
        return f"{value:,f}"
    if isinstance(value, datetime):
        return (
            f"{value:%Y-%m-%d}"
            if variable.type == "date"
            else f"{value:%Y-%m-%d %H:%M}"
        )
    return str(value)


def missing_words(view: View, variable: Variable, locales: tuple[str, ...]) -> str:
    """What happens without a value, in the locales of the message."""
    found: dict[tuple[str, str], list[str]] = {}
    for locale in locales:
        action, replacement = variable.missing.at(locale)
        text = shown_value(replacement) if action == "use" else ""
        found.setdefault((action, text), []).append(locale)
    parts = []
    for (action, text), tags in found.items():
        words = view.say(f"proof.missing_{action}", value=text)
        if action == "use" and not text:
            words = view.say("proof.missing_nothing")
        parts.append(f"{', '.join(tags)}: {words}" if len(found) > 1 else words)
    return view.say("proof.and").join(parts)
