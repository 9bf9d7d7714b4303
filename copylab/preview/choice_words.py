"""Choices in words: what leads to a branch, as the reader's language says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.preview.page import View

_RANGE = re.compile(r"(-?[\d.]+) to (-?[\d.]+)")
_ITEMS = re.compile(r"(\d+) items")
_START = re.compile(r"'(.*…)' \((\d+) characters\)")
_SAME = re.compile(r"(\d+) x '(.)' \(U\+[0-9A-F]+\)")
_QUOTED = re.compile(r"'(.*)'", re.DOTALL)


def choice_words(view: View, name: str, value: str) -> str:
    """A choice such as ``step: identity``, ``days: 3 to 30`` or ``not (a < b)``.

    Args:
        view: Who looks.
        name: A variable, or a condition as it is written.
        value: What it is, as lint says it.
    """
    if name.isidentifier():
        return view.say("branches.choice", name=name, value=value_words(view, value))
    if value == "true":
        return name
    return view.say("branches.choice_not", name=name)


def value_words(view: View, value: str) -> str:
    """A value as lint says it, in the reader's language."""
    if value.lower() in {"true", "false"}:
        return view.say(f"branches.value_{value.lower()}")
    if match := _RANGE.fullmatch(value):
        return view.say("branches.value_range", low=match[1], high=match[2])
    if match := _ITEMS.fullmatch(value):
        return view.say("branches.value_items", n=int(match[1]))
    if match := _START.fullmatch(value):
        return view.say("branches.value_start", text=match[1], n=int(match[2]))
    if match := _SAME.fullmatch(value):
        return view.say("branches.value_same", text=match[2], n=int(match[1]))
    if match := _QUOTED.fullmatch(value):
        return match[1]
    return value.replace(" or ", view.say("branches.value_or"))
