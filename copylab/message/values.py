"""Values of variables: from what a user record holds to what copy prints.

A value that is absent, null, empty, blank or outside its bounds is missing. It is
never cut and never rounded: that is what makes a proof made before the send true
during it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from copylab.message.charsets import first_outside, in_charset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.message.model import Variable

    Read = Callable[[object], object]


class _MissingType:
    """The type of ``MISSING``."""

    def __repr__(self) -> str:
        return "MISSING"

    def __reduce__(self) -> str:
        return "MISSING"


MISSING: Final = _MissingType()

_INTEGER = re.compile(r"[+-]?[0-9]{1,40}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?\Z")
# Characters that let a name become a link, a tag or an expression.
_NOT_IN_NAME = re.compile(r"[<>\[\]{}/\\@:]|[^\W\d_]\.[^\W\d_]")
_BREAKS = re.compile(r"\r\n|\r")
URL_SAFE = "-._~/?=&"
_WHOLE_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][!-~]*)?\Z")


def reader(variable: Variable) -> Read:
    """A function from a raw value to the value as copy uses it, or ``MISSING``.

    The results are ``str`` for text, names, enums and urls; ``int``; ``Decimal``
    for decimal, percent and money; ``bool``; ``date``; aware ``datetime`` in UTC;
    and a tuple of dicts for a list.
    """
    return _READERS[variable.type](variable)


def why_missing(variable: Variable, raw: object) -> str:
    """Why a raw value counts as missing, in words that do not repeat the value."""
    if raw is None or raw != raw:  # noqa: PLR0124 - NaN differs from itself
        return "absent"
    if isinstance(raw, str) and not raw.strip():
        return "blank"
    if variable.type in {"text", "person_name"} and isinstance(raw, str):
        return _why_text(variable, unicodedata.normalize("NFC", raw.strip()))
    if variable.type == "url" and isinstance(raw, str):
        return f"not an address of at most {variable.max_length} characters"
    if variable.type == "enum":
        return "not one of " + ", ".join(variable.values)
    if variable.low is not None and variable.high is not None:
        return f"not a {variable.type} from {variable.low} to {variable.high}" + (
            f" with at most {variable.decimals} decimals" if variable.decimals else ""
        )
    return f"not a {variable.type} in its bounds"


def _why_text(variable: Variable, text: str) -> str:
    if variable.max_length is not None and len(text) > variable.max_length:
        return f"longer than {variable.max_length} characters ({len(text)})"
    culprit = first_outside(text, variable.charset)
    if culprit is not None:
        return f"holds U+{ord(culprit):04X}, not in charset {variable.charset}"
    return "holds characters a name may not have"


def _text(variable: Variable) -> Read:
    limit = variable.max_length or 0
    charset, multiline = variable.charset, variable.multiline
    is_name = variable.type == "person_name"

    def read(raw: object) -> object:
        if not isinstance(raw, str):
            return MISSING
        text = raw.strip()
        if not text.isascii():
            text = unicodedata.normalize("NFC", text).strip()
        if multiline and ("\r" in text or "\n" in text):
            text = _BREAKS.sub("\n", text)
            inside = all(in_charset(line, charset) for line in text.split("\n"))
        else:
            inside = in_charset(text, charset)
        if not text or not inside or len(text) > limit:
            return MISSING
        return MISSING if is_name and _NOT_IN_NAME.search(text) else text

    return read


def _whole(raw: object) -> int | None:
    """A whole number, or None; booleans and texts that are none are refused."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw
    if isinstance(raw, str):
        return int(raw) if _INTEGER.match(raw := raw.strip()) else None
    number = _exact(raw)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)


def _exact(raw: object) -> Decimal | None:
    """A finite number, exactly as it prints, or None."""
    if isinstance(raw, str):
        return Decimal(raw) if _NUMBER.match(raw := raw.strip()) else None
    if isinstance(raw, bool | date | bytes | list | dict | tuple) or raw is None:
        return None
    try:
        number = raw if isinstance(raw, Decimal) else Decimal(str(raw))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def _int(variable: Variable) -> Read:
    low, high = variable.low, variable.high

    def read(raw: object) -> object:
        number = _whole(raw)
        if number is None or low is None or high is None:
            return MISSING
        return number if low <= number <= high else MISSING  # type: ignore[operator]

    return read


def _decimal(variable: Variable) -> Read:
    low, high, decimals = variable.low, variable.high, variable.decimals
    step = Decimal(1).scaleb(-decimals)

    def read(raw: object) -> object:
        number = _exact(raw)
        if number is None or low is None or high is None:
            return MISSING
        if not low <= number <= high:  # type: ignore[operator]
            return MISSING
        # Within bounds of at most 40 digits, quantize cannot overflow a context
        # of the default 28 digits unless the declaration itself is that wide.
        try:
            exact = number.quantize(step)
        except InvalidOperation:
            return MISSING
        return exact if exact == number else MISSING

    return read


def _enum(variable: Variable) -> Read:
    values = {value: value for value in variable.values}

    def read(raw: object) -> object:
        if not isinstance(raw, str):
            return MISSING
        return values.get(raw.strip(), MISSING)

    return read


_BOOLEANS = {"true": True, "false": False, "True": True, "False": False}


def _bool(_variable: Variable) -> Read:
    def read(raw: object) -> object:
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, str):
            return _BOOLEANS.get(raw.strip(), MISSING)
        # numpy's booleans are no bool, but say so of themselves.
        return bool(raw) if type(raw).__name__ in {"bool_", "bool"} else MISSING

    return read


def read_datetime(raw: object) -> datetime | None:
    """An aware time in UTC from a datetime or an ISO 8601 text, or None."""
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw.strip())
        except ValueError:
            return None
    if not isinstance(raw, datetime) or raw != raw:  # noqa: PLR0124 - pandas' NaT
        return None
    return raw.replace(tzinfo=UTC) if raw.tzinfo is None else raw.astimezone(UTC)


def read_date(raw: object) -> date | None:
    """A date from a date, a datetime or an ISO 8601 text, or None."""
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            return None
    if isinstance(raw, datetime):
        return raw.date() if raw == raw else None  # noqa: PLR0124 - pandas' NaT
    return raw if isinstance(raw, date) else None


def _date(variable: Variable) -> Read:
    low, high = variable.low, variable.high
    assert isinstance(low, datetime)
    assert isinstance(high, datetime)
    first, last = low.date(), high.date()

    def read(raw: object) -> object:
        day = read_date(raw)
        return MISSING if day is None or not first <= day <= last else day

    return read


def _datetime(variable: Variable) -> Read:
    low, high = variable.low, variable.high
    assert isinstance(low, datetime)
    assert isinstance(high, datetime)

    def read(raw: object) -> object:
        time = read_datetime(raw)
        return MISSING if time is None or not low <= time <= high else time

    return read


def _url(variable: Variable) -> Read:
    base, limit = variable.base, variable.max_length or 0

    def read(raw: object) -> object:
        if not isinstance(raw, str):
            return MISSING
        rest = raw.strip()
        if not rest or not in_charset(rest, "any"):
            return MISSING
        if base:
            if rest.startswith("//") or ".." in rest or "\\" in rest:
                return MISSING
            address = base + quote(unicodedata.normalize("NFC", rest), safe=URL_SAFE)
        elif _WHOLE_URL.match(rest):
            address = rest
        else:
            return MISSING
        return address if len(address) <= limit else MISSING

    return read


def _list(variable: Variable) -> Read:
    limit = variable.max_items or 0
    fields = {name: (field, reader(field)) for name, field in variable.items.items()}

    def read_item(raw: object) -> dict[str, object] | None:
        from collections.abc import Mapping as MappingType  # noqa: PLC0415 - rare path

        if not isinstance(raw, MappingType):
            return None
        return _read_fields(raw, fields)

    def read(raw: object) -> object:
        if isinstance(raw, str | bytes) or not hasattr(raw, "__len__"):
            return MISSING
        if not 0 < len(raw) <= limit:
            return MISSING
        items = [read_item(item) for item in raw]  # type: ignore[attr-defined]
        return MISSING if None in items else tuple(items)

    return read


def _read_fields(
    raw: Mapping[str, object], fields: Mapping[str, tuple[Variable, Read]]
) -> dict[str, object] | None:
    """An item of a list, or None where one of its fields is missing."""
    item = {}
    for name, (field, read) in fields.items():
        value = read(raw.get(field.source))
        if value is MISSING and field.missing.action == "use":
            value = read(field.missing.value)
        if value is MISSING:
            return None
        item[name] = value
    return item


_READERS: dict[str, Callable[[Variable], Read]] = {
    "text": _text,
    "person_name": _text,
    "int": _int,
    "decimal": _decimal,
    "percent": _decimal,
    "money": _decimal,
    "date": _date,
    "datetime": _datetime,
    "url": _url,
    "enum": _enum,
    "bool": _bool,
    "list": _list,
}
