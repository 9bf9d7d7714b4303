"""Values that read like a message to somebody: those of the workspace's personas.

Values that prove a limit are hard to read: eight rare characters, an address of hyphens.
Where a branch is shown to be read, it is filled with values of personas as far as what
leads to the branch lets them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from copylab.message.model import NUMBER_TYPES
from copylab.message.values import MISSING, reader

if TYPE_CHECKING:
    from copylab.catalog import Catalog
    from copylab.message.model import Message, Variable

_LAST_OF_BMP = 0xFFFF


def usual_values(
    catalog: Catalog, message: Message, locale: str
) -> Mapping[str, object]:
    """A value of each variable that some persona of a locale has, as copy uses it.

    The persona with most values that are not at a bound comes first.

    Args:
        catalog: The workspace's content.
        message: The message whose variables are filled.
        locale: The locale of the words.
    """
    language = locale.partition("-")[0]
    found: list[dict[str, object]] = []
    for user in catalog.personas.values():
        tag = user.get("locale")
        if isinstance(tag, str) and tag.partition("-")[0] == language:
            found.append(_values_of(user, message, locale))
    scores = [
        sum(_is_usual(message.variables[name], value) for name, value in values.items())
        for values in found
    ]
    ranked = sorted(range(len(found)), key=lambda place: -scores[place])
    usual: dict[str, object] = {}
    for only_usual in (True, False):
        for place in ranked:
            for name, value in found[place].items():
                if not only_usual or _is_usual(message.variables[name], value):
                    usual.setdefault(name, value)
    return usual


def _values_of(
    user: Mapping[str, object], message: Message, locale: str
) -> dict[str, object]:
    """The values of a persona that are in bounds."""
    values = {}
    for name, variable in message.variables.items():
        value = reader(variable, locale=locale)(
            user.get(variable.source, user.get(name))
        )
        if value is not MISSING:
            values[name] = value
    return values


def _is_usual(variable: Variable, value: object) -> bool:
    """Whether a value is none that was chosen for its length."""
    if isinstance(value, str):
        is_plain = all(ord(char) <= _LAST_OF_BMP for char in value)
        most = variable.max_length
        return is_plain and (most is None or len(value) < most)
    if variable.type in NUMBER_TYPES:
        return value not in {variable.low, variable.high}
    return True


def shown_value(value: object) -> str:
    """A value as people write it; of a list, its items one after the other."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return ", ".join(map(shown_value, value))
    if isinstance(value, Mapping):
        return " ".join(map(shown_value, value.values()))
    return str(value)
