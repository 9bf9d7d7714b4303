"""Raw values: a user's values as somebody types them, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from copylab.message.values import is_null

if TYPE_CHECKING:
    from copylab.message.model import Variable
    from copylab.preview.trying.controls import Control


def show_raw(value: object) -> str | None:
    """A raw value of a user as one types it; None where there is none."""
    if value is None or is_null(value):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(_plain(value), ensure_ascii=False)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(value: object) -> object:
    """A value of a list as JSON has it: a word is a word, and a number one as typed."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return show_raw(value)


def read_raw(control: Control, text: str) -> object:
    """The raw value that a typed text is: itself, and for a list the items.

    A text that is no list stays a text, so that what is said of it is what ``compose``
    says.
    """
    if control.kind != "list":
        return text
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return items if isinstance(items, list) else text


def raw_of(variable: Variable, value: object) -> object:
    """The raw value that a variable reads as a value that copy uses."""
    if variable.type == "url":
        return str(value).removeprefix(variable.base)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if variable.type == "list" and isinstance(value, tuple | list):
        return [_raw_item(variable, item) for item in value]
    return value


def _raw_item(variable: Variable, item: object) -> object:
    if not isinstance(item, Mapping):
        return item
    fields = variable.items
    return {
        fields[name].source: raw_of(fields[name], value)
        for name, value in item.items()
        if name in fields
    }
