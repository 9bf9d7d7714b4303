"""Users to try: the workspace's personas, and those that the declarations make up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from copylab.lint.longest import find_longest
from copylab.message.model import NUMBER_TYPES
from copylab.message.values import MISSING, reader
from copylab.preview.trying.raw import raw_of
from copylab.preview.usual_values import usual_values
from copylab.template.choices import START
from copylab.template.domains import sample_value
from copylab.template.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from copylab.catalog import Catalog
    from copylab.message.model import Message, Variable
    from copylab.preview.trying.controls import Control

User = dict[str, object]

TYPICAL, LONGEST, NOTHING, HOSTILE = "typical", "longest", "nothing", "hostile"
MADE_UP = (TYPICAL, LONGEST, NOTHING, HOSTILE)
"""Users that no file declares; a persona of the same name takes its place."""

_NAMES = {"zh": "王小明", "ja": "田中", "ko": "김민준", "ar": "ليلى"}
_WORDS = {"zh": "示例", "ja": "見本", "ko": "예시", "ar": "مثال"}
_REST = "k3PzQa"
_BAD_TEXT = '<script>alert("1")</script> {{ 7*7 }} evil.example/win \u202eabc\u2069'
_BAD = {
    "int": "1e9",
    "decimal": "NaN",
    "percent": "-1e400",
    "money": "-1",
    "date": "31/12/2026",
    "datetime": "tomorrow",
    "url": "//evil.example/../x",
    "enum": "' or true or '",
    "bool": "true\r\nBcc: everyone@evil.example",
    "list": "[Verify](https://evil.example)",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand.

    Attributes:
        channel: The channel.
        locale: The locale of a file.
    """

    channel: str
    locale: str

    def __str__(self) -> str:
        """As it stands in addresses: ``sms.zh-CN``."""
        return f"{self.channel}.{self.locale}"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to try a message with.

    Attributes:
        name: The name in the address.
        is_made_up: Whether no file declares it.
        locale: The language that its user asks for; empty where it asks for none.
    """

    name: str
    is_made_up: bool
    locale: str = ""


def list_personas(catalog: Catalog) -> tuple[Persona, ...]:
    """Everybody to try with: the made-up ones first, then those of the workspace."""
    made = [Persona(name, True) for name in MADE_UP if name not in catalog.personas]  # noqa: FBT003 - a field by its place
    declared = [
        Persona(name, False, _locale_of(user))  # noqa: FBT003 - as above
        for name, user in catalog.personas.items()
    ]
    return (*made, *declared)


def _locale_of(user: Mapping[str, object]) -> str:
    locale = user.get("locale")
    return locale if isinstance(locale, str) else ""


def user_of(
    catalog: Catalog,
    message: Message,
    place: Place,
    persona: str,
    at: datetime,
    controls: Sequence[Control] = (),
) -> User:
    """The user of a name, as the sending service would hand it over.

    Args:
        catalog: The workspace's content.
        message: The message.
        place: Where its words stand.
        persona: A name of ``list_personas``; another one is the typical user.
        at: The moment of the look: days of a typical user lie after it.
        controls: What can be set; attributes among them are filled in, too.
    """
    declared = catalog.personas.get(persona)
    if declared is not None:
        return dict(declared)
    match persona:
        case "nothing":
            return {}
        case "hostile":
            return {
                item.source: _BAD.get(item.type, _BAD_TEXT)
                for item in message.variables.values()
            }
        case "longest":
            return _longest(catalog, message, place)
    return _typical(catalog, message, place, at, controls)


def _longest(catalog: Catalog, message: Message, place: Place) -> User:
    """The values that make the live variant longest."""
    key = (message.id, place.channel, place.locale, message.live)
    if key not in catalog.templates:
        return {}
    found = find_longest(catalog, key).values
    words = _used(catalog, message, place)
    used = [name for name in found if name in words]
    user: User = {}
    for name in (*used, *found):
        variable = message.variables[name]
        user.setdefault(variable.source, raw_of(variable, found[name]))
    return user


def _typical(
    catalog: Catalog,
    message: Message,
    place: Place,
    at: datetime,
    controls: Sequence[Control],
) -> User:
    """Somebody with usual values: of the personas, else what the types suggest."""
    usual = usual_values(catalog, message, place.locale)
    words = _used(catalog, message, place)
    used = [name for name in message.variables if name in words]
    user: User = {}
    for name in (*used, *message.variables):
        variable = message.variables[name]
        value = usual.get(name, MISSING)
        raw = raw_of(variable, value)
        if value is MISSING:
            raw = _likely(variable, place.locale, at)
        if raw is not None:
            user.setdefault(variable.source, raw)
    language = place.locale.partition("-")[0]
    alike = [
        persona
        for persona in catalog.personas.values()
        if _locale_of(persona).partition("-")[0] == language
    ]
    for control in controls:
        if control.is_attribute:
            held = (p[control.source] for p in alike if control.source in p)
            user.setdefault(control.source, next(held, None))
    return user


def _used(catalog: Catalog, message: Message, place: Place) -> frozenset[str]:
    """The variables that the words of a place refer to."""
    where = (place.channel, place.locale)
    copy = message.copies.get(where)
    parts = (
        template.lowered.used
        for variant in (() if copy is None else copy.variants)
        for template in catalog.templates.get(
            (message.id, *where, variant), {}
        ).values()
    )
    return frozenset().union(*parts)


def _likely(variable: Variable, locale: str, at: datetime) -> object:
    """A value that somebody may have; None where none is found in the bounds."""
    read = reader(variable, locale=locale)
    for raw in _guesses(variable, locale, at):
        if read(raw) is not MISSING:
            return raw
    if not variable.has_bounds:
        return None
    sample = sample_value(variable, Scope({variable.name: variable}, locale), START)
    value = read(sample)
    return None if value is MISSING else raw_of(variable, value)


def _guesses(variable: Variable, locale: str, at: datetime) -> Iterator[object]:
    language = locale.partition("-")[0]
    if variable.type == "person_name":
        yield from (_NAMES.get(language, "Alex"), "Alex", "Li", "12")
    elif variable.type == "text":
        yield from (_WORDS.get(language, "Example"), "Example", "123456", "abc", "1")
    elif variable.type == "url":
        yield from (
            (_REST, f"https://example.com/{_REST}")
            if variable.base
            else ("https://example.com/" + _REST,)
        )
    elif variable.type in NUMBER_TYPES:
        yield from _middle(variable)
    elif variable.type == "date":
        yield (at + timedelta(days=14)).date().isoformat()
    elif variable.type == "datetime":
        yield (at + timedelta(days=14)).replace(second=0, microsecond=0).isoformat()
    elif variable.type == "list":
        item = {
            field.source: _likely(field, locale, at)
            for field in variable.items.values()
        }
        yield from ([dict(item), dict(item)], [dict(item)])


def _middle(variable: Variable) -> Iterator[object]:
    """A round number between the bounds, nearer to the lower one as amounts are."""
    low, high = variable.low, variable.high
    if not isinstance(low, Decimal) or not isinstance(high, Decimal):
        return
    aim = low + (high - low) / 4
    for digits in (1, 2):
        unit = Decimal(1).scaleb(aim.adjusted() - digits + 1) if aim else Decimal(1)
        yield format(aim.quantize(unit), "f")
    yield format(low, "f")
