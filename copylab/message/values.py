"""Values of variables: from what a user record holds to what copy prints.

A value that is absent, null, empty, blank or outside its bounds is missing. It is
never cut and never rounded: that is what makes a proof made before the send true
during it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Context, Decimal, InvalidOperation
from numbers import Number
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from copylab.message.autolinks import find_autolink
from copylab.message.charsets import first_outside, in_charset, is_blank

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.message.model import Variable

    Read = Callable[[object], object]


class _MissingType:
    """The type of ``MISSING``."""

    def __repr__(self) -> str:
        return "MISSING"

    def __reduce__(self) -> str:
        return "MISSING"


MISSING: Final = _MissingType()
MAX_NUMBER_DIGITS = 40
"""A number of more digits is no number of anybody; it would only cost time."""
EXACT = Context(prec=2 * MAX_NUMBER_DIGITS)
"""A context of our own: what a service sets for its thread changes no message."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,40}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?\Z")
# Characters that let a name become a link, a tag or an expression; a dot does between
# letters. The other dots separate labels as well (UTS #46, 2.3).
_NOT_IN_NAME = re.compile(r"[<>\[\]{}/\\@:]")
_DOTS = frozenset(".。．｡")
_DOT_IN_NAME = re.compile(
    "[.\u2024-\u2026\u2488-\u249b\u3002\ufe12\ufe19\ufe30\ufe52\uff0e\uff61]"
)
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[bq]\?", re.IGNORECASE)
_BREAKS = re.compile(r"\r\n|\r")
_PLAIN_REST = re.compile(r"(?!//)(?!.*\.\.)[A-Za-z0-9._~/?=&-]+\Z")
URL_SAFE = "-._~/?=&"
_WHOLE_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][!-~]*)?\Z")


def reader(variable: Variable, *, locale: str = "") -> Read:
    """A function from a raw value to the value as copy uses it, or ``MISSING``.

    The results are ``str`` for text, names, enums and urls; ``int``; ``Decimal``
    for decimal, percent and money; ``bool``; ``date``; aware ``datetime`` in UTC;
    and a tuple of dicts for a list.

    Args:
        variable: The declaration.
        locale: The locale whose replacements the fields of a list's items take.
    """
    if variable.type == "list":
        return _list(variable, locale)
    return _READERS[variable.type](variable)


def why_missing(variable: Variable, raw: object) -> str:
    """Why a raw value counts as missing, in words that do not repeat the value."""
    if raw is None or is_null(raw):
        return "absent"
    if isinstance(raw, str) and is_blank(raw):
        return "blank"
    if variable.type in {"text", "person_name"} and isinstance(raw, str):
        return _why_text(variable, unicodedata.normalize("NFC", raw.strip()))
    if variable.type == "url" and isinstance(raw, str):
        return _why_url(variable, raw.strip())
    if variable.type == "enum":
        return "not one of " + ", ".join(variable.values)
    if variable.low is not None and variable.high is not None:
        low, high = _bound(variable, variable.low), _bound(variable, variable.high)
        return f"not a {variable.type} from {low} to {high}" + (
            f" with at most {variable.decimals} decimals" if variable.decimals else ""
        )
    return f"not a {variable.type} in its bounds"


def _bound(variable: Variable, bound: Decimal | datetime) -> str:
    if not isinstance(bound, datetime):
        return format(bound, "f")
    if variable.type == "date":
        return bound.date().isoformat()
    return bound.isoformat(timespec="minutes").replace("+00:00", "Z")


def is_null(raw: object) -> bool:
    """Whether it is NaN, NaT or pandas' NA: none of them equals itself."""
    try:
        return not raw == raw  # noqa: PLR0124, SIM201 - NA refuses to be negated
    except ArithmeticError:  # a signalling NaN
        return True
    except (TypeError, ValueError):  # NA has no truth; an array has too many
        return type(raw).__name__ == "NAType"


def _why_text(variable: Variable, text: str) -> str:
    if variable.max_length is not None and len(text) > variable.max_length:
        return f"longer than {variable.max_length} characters ({len(text)})"
    lines = _BREAKS.sub("\n", text).replace("\n", "") if variable.multiline else text
    culprit = first_outside(lines, variable.charset)
    if culprit is not None:
        return f"holds U+{ord(culprit):04X}, not in charset {variable.charset}"
    link = None if variable.links else find_autolink(text)
    if link is not None:
        return f"holds {link}, which phones and mail readers turn into a link"
    if _ENCODED_WORD.search(text):
        return "holds an encoded word, which mail readers show as another text"
    return "holds characters a name may not have"


def _text(variable: Variable) -> Read:
    limit = variable.max_length or 0
    charset, multiline = variable.charset, variable.multiline
    misleads = _could_link
    if variable.type == "person_name":
        misleads = _could_mislead
    elif variable.links:
        misleads = _could_be_decoded

    def read(raw: object) -> object:
        if not isinstance(raw, str):
            return MISSING
        text = raw.strip()
        if not text.isascii():
            text = unicodedata.normalize("NFC", text).strip()
            if is_blank(text):
                return MISSING
        if multiline and ("\r" in text or "\n" in text):
            text = _BREAKS.sub("\n", text)
            inside = all(in_charset(line, charset) for line in text.split("\n"))
        else:
            inside = in_charset(text, charset)
        if not text or not inside or len(text) > limit:
            return MISSING
        return MISSING if misleads(text) else text

    return read


def _could_link(text: str) -> bool:
    """Whether readers could make a link of a text, or another text."""
    return find_autolink(text) is not None or _could_be_decoded(text)


def _could_be_decoded(text: str) -> bool:
    """Whether a text holds what readers of mail decode, RFC 2047 section 2."""
    return "=?" in text and _ENCODED_WORD.search(text) is not None


def _could_mislead(text: str) -> bool:
    """Whether clients could make a link, a tag or an expression of a name."""
    if _NOT_IN_NAME.search(text):
        return True
    if not _DOT_IN_NAME.search(text):
        return _could_be_decoded(text)
    if _could_link(text):
        return True
    kinds = [unicodedata.category(c)[0] for c in text]
    return any(
        text[at] in _DOTS and kinds[at - 1] in "LMN" and kinds[at + 1] in "LMN"
        for at in range(1, len(kinds) - 1)
    )


def _whole(raw: object) -> int | None:
    """A whole number, or None; booleans and texts that are none are refused."""
    if type(raw) is int:
        return raw
    if isinstance(raw, str):
        return int(raw) if _INTEGER.match(raw := raw.strip()) else None
    number = _exact(raw)
    if number is None or number != number.to_integral_value(context=EXACT):
        return None
    return int(number)


def _exact(raw: object) -> Decimal | None:
    """A finite number of a sensible size, exactly as it prints, or None."""
    if isinstance(raw, str):
        return Decimal(raw) if _NUMBER.match(raw := raw.strip()) else None
    if isinstance(raw, bool) or not isinstance(raw, Number):
        return None
    try:
        number = raw if isinstance(raw, Decimal) else Decimal(str(raw))
    except (InvalidOperation, ValueError):
        return None
    if not number.is_finite() or abs(number.adjusted()) >= MAX_NUMBER_DIGITS:
        # A zero may carry any exponent; it is a zero all the same.
        return Decimal(0) if number.is_zero() else None
    return number


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
        if type(raw) is int and not decimals and low is not None and high is not None:
            return Decimal(raw) if low <= raw <= high else MISSING  # type: ignore[operator]
        number = _exact(raw)
        if number is None or low is None or high is None:
            return MISSING
        if not low <= number <= high:  # type: ignore[operator]
            return MISSING
        try:
            exact = number.quantize(step, context=EXACT)
        except InvalidOperation:  # more decimals than any declaration has
            return MISSING
        if exact != number:
            return MISSING
        return exact or exact.copy_abs()  # minus zero would print its sign

    return read


def _enum(variable: Variable) -> Read:
    values = {value: value for value in variable.values}

    def read(raw: object) -> object:
        if not isinstance(raw, str):
            return MISSING
        text = raw.strip()
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return values.get(text, MISSING)

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
    if type(raw).__name__ == "datetime64":  # numpy's; it prints as ISO 8601
        raw = str(raw)
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw.strip())
        except ValueError:
            return None
    if not isinstance(raw, datetime) or is_null(raw):
        return None
    try:
        local = raw.replace(tzinfo=UTC) if raw.tzinfo is None else raw.astimezone(UTC)
    except OverflowError:  # the first or the last day there is, in another zone
        return None
    # A subclass, such as pandas' Timestamp, prints and compares in its own ways.
    return datetime.combine(local.date(), local.time(), UTC)


def read_date(raw: object) -> date | None:
    """A date from a date, a datetime or an ISO 8601 text, or None."""
    if type(raw).__name__ == "datetime64":
        raw = read_datetime(raw)
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            return None
    if isinstance(raw, datetime):
        return None if is_null(raw) else raw.date()
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
        if base and _PLAIN_REST.match(rest):  # nothing to encode or to refuse
            address = base + rest
            return address if len(address) <= limit else MISSING
        if is_blank(rest) or not in_charset(rest, "any"):
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


def _why_url(variable: Variable, rest: str) -> str:
    """Why a text is no address that may be sent."""
    base, limit = variable.base, variable.max_length
    if not base:
        return f"not an address of at most {limit} characters"
    if rest.startswith(base) or _WHOLE_URL.match(rest):
        return f"a whole address; give only what follows {base}"
    if rest.startswith("//") or ".." in rest or "\\" in rest:
        return f"holds '//' in front, '..' or '\\', and must not leave {base}"
    if (culprit := first_outside(rest, "any")) is not None:
        return f"holds U+{ord(culprit):04X}, not in charset any"
    address = base + quote(unicodedata.normalize("NFC", rest), safe=URL_SAFE)
    return f"{len(address)} characters with {base} in front, at most {limit}"


def _list(variable: Variable, locale: str) -> Read:
    limit = variable.max_items or 0
    read_item = _item(variable, locale)

    def read(raw: object) -> object:
        if isinstance(raw, str | bytes | Mapping) or not isinstance(raw, Collection):
            return MISSING
        try:
            count = len(raw)
        except TypeError:  # numpy's array of no dimensions
            return MISSING
        if not 0 < count <= limit:
            return MISSING
        items = tuple(map(read_item, raw))
        return MISSING if MISSING in items else items

    return read


def _item(variable: Variable, locale: str) -> Read:
    """A function that reads an item; it is missing where one of its fields is."""
    fields = [
        (name, field.source, reader(field, locale=locale), _replacement(field, locale))
        for name, field in variable.items.items()
    ]

    def read(raw: object) -> object:
        if not isinstance(raw, Mapping):
            return MISSING
        item = {}
        for name, source, read_field, replacement in fields:
            value = read_field(raw.get(source))
            value = replacement if value is MISSING else value
            if value is MISSING:
                return MISSING
            item[name] = value
        return item

    return read


def _replacement(field: Variable, locale: str) -> object:
    """What stands for a field of an item that is missing, or ``MISSING``."""
    action, raw = field.missing.at(locale)
    if action != "use":
        return MISSING
    return raw if raw == "" else reader(field)(raw)


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
}
