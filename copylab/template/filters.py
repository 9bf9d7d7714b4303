"""Filters: what each prints, and what it can print.

A filter is in the language only with its contract: from the domain of its operand to
the range of its output. The tests hold every contract against its implementation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

from copylab.template.expression import NUMERIC, TEXTUAL
from copylab.template.formats import (
    format_clock,
    format_day,
    format_money,
    format_number,
    format_percent,
    plural_categories,
    plural_category,
)
from copylab.template.ranges import Letters, Range, Words, as_letters
from copylab.template.scope import NumberDomain, TimeDomain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Domain = NumberDomain | TimeDomain | Range | None
    Apply = Callable[["Call", Domain], Callable[[object], str]]

DAYS_OF_YEAR = 366
FEBRUARY = 2
CASE_EXPANDING = ("ΐ", "ﬃ", "İ")
"""Characters whose case forms are the longest of Unicode: ``ΐ`` has three code
points and six bytes in capitals, ``ﬃ`` three columns, ``İ`` two code points in small
letters (Unicode 15, SpecialCasing.txt; a test scans all characters)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A filter with its arguments, in a locale.

    Attributes:
        args: Positional arguments, literals.
        kwargs: Keyword arguments, literals.
        locale: The locale of the words.
        timezone: The zone dates and times are printed in.
    """

    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    locale: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the language.

    Attributes:
        name: How templates call it.
        accepts: The types of operands.
        apply: From a call and the operand's domain to the function that prints.
        bound: From a call and the operand's domain to the range of the output.
        check: What is wrong with the arguments, or None.
    """

    name: str
    accepts: frozenset[str]
    apply: Callable[[Call, Domain], Callable[[object], str]]
    bound: Callable[[Call, Domain], Range]
    check: Callable[[Call], str | None]


# Numbers ---------------------------------------------------------------------


def _number_words(domain: Domain, function: Callable[[object], str]) -> Range:
    """The words of a number format: the extremes stand for all between them."""
    assert isinstance(domain, NumberDomain)
    numbers: list[object] = [
        int(number) if domain.decimals == 0 else number for number in domain.extremes()
    ]
    return Words(tuple((number, function(number)) for number in numbers))


def _apply_number(call: Call, _domain: Domain) -> Callable[[object], str]:
    locale = call.locale
    return lambda value: format_number(value, locale)


def _apply_percent(call: Call, _domain: Domain) -> Callable[[object], str]:
    locale = call.locale
    return lambda value: format_percent(value, locale)


def _apply_money(call: Call, domain: Domain) -> Callable[[object], str]:
    assert isinstance(domain, NumberDomain)
    currency, decimals, locale = domain.currency, domain.decimals, call.locale
    style = str(call.args[0]) if call.args else ""
    return lambda value: format_money(value, currency, decimals, locale, style)


def _apply_plural(call: Call, _domain: Domain) -> Callable[[object], str]:
    forms = {key: str(form) for key, form in call.kwargs.items()}
    other, locale = forms["other"], call.locale
    return lambda value: forms.get(plural_category(value, locale), other)


def _bound_plural(call: Call, domain: Domain) -> Range:
    """All forms the locale can ask for; a number from the extremes where one fits."""
    forms = {key: str(form) for key, form in call.kwargs.items()}
    wanted = plural_categories(call.locale)
    texts = {forms.get(category, forms["other"]) for category in wanted}
    assert isinstance(domain, NumberDomain)
    apply = _apply_plural(call, domain)
    small = [Decimal(n) for n in range(12) if domain.low <= n <= domain.high]
    found: dict[str, object] = {}
    for number in [*domain.extremes(), *small]:
        value: object = int(number) if domain.decimals == 0 else number
        found.setdefault(apply(value), value)
    return Words(tuple((found.get(text), text) for text in sorted(texts)), exact=False)


# Dates and times -------------------------------------------------------------

_DATE_PATTERN = re.compile(r"(?:[yMLdEQ]+|'[^']*'|[^A-Za-z'])+\Z")


def _pattern_of(call: Call) -> str:
    return str(call.args[0]) if call.args else "medium"


def _apply_date(call: Call, _domain: Domain) -> Callable[[object], str]:
    pattern, locale, zone = _pattern_of(call), call.locale, call.timezone
    return lambda value: format_day(value, pattern, locale, zone)


def _apply_time(call: Call, _domain: Domain) -> Callable[[object], str]:
    locale, zone = call.locale, call.timezone
    return lambda value: format_clock(value, locale, zone)


def sample_days(domain: TimeDomain) -> list[date]:
    """Days whose prints are as long as any of the domain's.

    A date print depends on the month's name, the weekday's name, and how many digits
    day and year have: each month's ten days 20 to 29 meet every weekday with two
    digits, in the last year of the domain, and the ends of the domain are added.
    """
    first, last = domain.low.date(), domain.high.date()
    if (last - first).days <= DAYS_OF_YEAR:
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]
    year = last.year - 1 if last < date(last.year, 12, 29) else last.year
    days = [
        date(year, month, day)
        for month in range(1, 13)
        for day in range(20, 30 if month != FEBRUARY else 29)
    ]
    return [first, last, *(day for day in days if first <= day <= last)]


def _bound_date(call: Call, domain: Domain) -> Range:
    assert isinstance(domain, TimeDomain)
    function = _apply_date(call, domain)
    if domain.kind == "date":
        values: list[object] = list(sample_days(domain))
    else:
        values = [
            datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            for day in sample_days(domain)
        ]
    return Words(tuple((value, function(value)) for value in values))


def _bound_time(call: Call, domain: Domain) -> Range:
    """Every hour with two-digit minutes; offsets of zones change only the hour."""
    assert isinstance(domain, TimeDomain)
    function = _apply_time(call, domain)
    start = domain.high - timedelta(days=2)
    day = datetime(start.year, start.month, start.day, tzinfo=UTC)
    values: list[object] = [day + timedelta(minutes=15 * n + 14) for n in range(96)]
    return Words(tuple((value, function(value)) for value in values), exact=False)


# Texts -----------------------------------------------------------------------


def _widen_case(domain: Domain) -> Range:
    """A range to which the worst case forms belong, where the alphabet is open."""
    assert isinstance(domain, Letters | Words)
    if isinstance(domain, Words):
        return domain
    pieces = {piece for _, piece in domain.alphabet}
    if any(character > "\u024f" for piece in pieces for character in piece):
        extra = tuple((character, character) for character in CASE_EXPANDING)
        return Letters(
            (*domain.alphabet, *extra),
            domain.low,
            domain.high,
            domain.prefix,
            domain.suffix,
            exact=domain.exact,
        )
    return domain


def _bound_case(function: Callable[[str], str], *, exact: bool) -> Callable[..., Range]:
    def bound(_call: Call, domain: Domain) -> Range:
        ranges = _widen_case(domain)
        if isinstance(ranges, Words):
            return ranges.map(function)
        return ranges.map(function, exact=exact)

    return bound


def _capitals_bound(_call: Call, domain: Domain) -> Range:
    """Title and capitalize print each letter in one of its cases."""
    ranges = _widen_case(domain)
    letters = as_letters(ranges) if isinstance(ranges, Words) else ranges
    pieces: dict[str, str] = {}
    for raw, piece in letters.alphabet:
        for form in (piece, piece.upper(), piece.lower(), piece.title()):
            pieces.setdefault(form, raw)
    fixed = max(len(letters.prefix.upper()), len(letters.prefix))
    alphabet = tuple((raw, piece) for piece, raw in pieces.items())
    high = letters.high + fixed + len(letters.suffix.upper())
    return Letters(alphabet, letters.low, high, exact=False)


_WORD_START = re.compile(r"([-\s({\[<]+)")


def title_case(text: str) -> str:
    """Each word with a capital first letter, as Jinja's ``title`` does."""
    parts = _WORD_START.split(text)
    return "".join(part[0].upper() + part[1:].lower() for part in parts if part)


def _apply_text(
    function: Callable[[str], str],
) -> Callable[..., Callable[[object], str]]:
    return lambda _call, _domain: function  # type: ignore[return-value]


def _truncate_settings(call: Call) -> tuple[int, bool, str, int]:
    names = ("length", "killwords", "end", "leeway")
    settings: dict[str, object] = {
        "length": 255,
        "killwords": False,
        "end": "...",
        "leeway": 5,
        **dict(zip(names, call.args, strict=False)),
        **call.kwargs,
    }
    length, leeway = settings["length"], settings["leeway"]
    assert isinstance(length, int)
    assert isinstance(leeway, int)
    return length, bool(settings["killwords"]), str(settings["end"]), leeway


def _apply_truncate(call: Call, _domain: Domain) -> Callable[[object], str]:
    length, killwords, end, leeway = _truncate_settings(call)

    def truncate(value: object) -> str:
        text = str(value)
        if len(text) <= length + leeway:
            return text
        kept = text[: length - len(end)]
        return (kept if killwords else kept.rsplit(" ", 1)[0]) + end

    return truncate


def _bound_truncate(call: Call, domain: Domain) -> Range:
    length, _, end, leeway = _truncate_settings(call)
    assert isinstance(domain, Letters | Words)
    letters = as_letters(domain)
    if letters.high <= length + leeway:
        return domain
    pieces = {piece: raw for raw, piece in letters.alphabet}
    for character in end:
        pieces.setdefault(character, "")
    alphabet = tuple((raw, piece) for piece, raw in pieces.items())
    low = min(letters.low, len(end))
    return Letters(alphabet, low, length + leeway, exact=False)


def _check_truncate(call: Call) -> str | None:
    known = {"length", "killwords", "end", "leeway"}
    if len(call.args) > len(known) or not set(call.kwargs) <= known:
        return "truncate takes length, killwords, end, leeway"
    names = ("length", "killwords", "end", "leeway")
    given = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
    for name in ("length", "leeway"):
        value = given.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            return f"truncate's {name} must be a whole number"
    length, _, end, _ = _truncate_settings(call)
    return "truncate's length is shorter than its end" if length < len(end) else None


def _quote(text: str) -> str:
    return quote(text, safe="/")


def _no_arguments(call: Call) -> str | None:
    return "it takes no arguments" if call.args or call.kwargs else None


def _check_money(call: Call) -> str | None:
    if call.kwargs or len(call.args) > 1 or call.args not in {(), ("symbol",)}:
        return 'money takes nothing, or "symbol"'
    return None


def _check_date(call: Call) -> str | None:
    if call.kwargs or len(call.args) > 1:
        return 'date takes nothing, or a pattern such as "d MMMM"'
    pattern = _pattern_of(call)
    if pattern != "medium" and not _DATE_PATTERN.match(pattern):
        return "a date pattern holds y M L d E Q, punctuation, and words in '…'"
    return None


def _check_plural(call: Call) -> str | None:
    if call.args or not all(isinstance(form, str) for form in call.kwargs.values()):
        return 'plural takes forms: plural(one="day", other="days")'
    unknown = call.kwargs.keys() - {"zero", "one", "two", "few", "many", "other"}
    if unknown:
        return f"'{min(unknown)}' is no plural category"
    missing = plural_categories(call.locale) - call.kwargs.keys() - {"many", "other"}
    if "other" not in call.kwargs:
        missing |= {"other"}
    if missing:
        return f"{call.locale} also needs the form '{min(missing)}'"
    return None


_NUMERIC_BOUND: dict[str, Callable[[Call, Domain], Callable[[object], str]]] = {
    "number": _apply_number,
    "percent": _apply_percent,
    "money": _apply_money,
}


def _bound_numeric(name: str) -> Callable[[Call, Domain], Range]:
    apply = _NUMERIC_BOUND[name]
    return lambda call, domain: _number_words(domain, apply(call, domain))


def _text_filter(name: str, function: Callable[[str], str], *, exact: bool) -> Filter:
    apply = _apply_text(function)
    return Filter(
        name, TEXTUAL, apply, _bound_case(function, exact=exact), _no_arguments
    )


_POINTS = frozenset(("percent", "decimal", "int"))
_COUNTS = frozenset(("int", "decimal"))
_MONEY = frozenset(("money",))
_DAYS = frozenset(("date", "datetime"))
_TIMES = frozenset(("datetime",))
_TITLE, _CAPITALIZE = _apply_text(title_case), _apply_text(str.capitalize)

_ALL = (
    Filter("number", NUMERIC, _apply_number, _bound_numeric("number"), _no_arguments),
    Filter(
        "percent", _POINTS, _apply_percent, _bound_numeric("percent"), _no_arguments
    ),
    Filter("money", _MONEY, _apply_money, _bound_numeric("money"), _check_money),
    Filter("plural", _COUNTS, _apply_plural, _bound_plural, _check_plural),
    Filter("date", _DAYS, _apply_date, _bound_date, _check_date),
    Filter("time", _TIMES, _apply_time, _bound_time, _no_arguments),
    _text_filter("upper", str.upper, exact=True),
    _text_filter("lower", str.lower, exact=True),
    _text_filter("trim", str.strip, exact=True),
    _text_filter("urlencode", _quote, exact=True),
    Filter("capitalize", TEXTUAL, _CAPITALIZE, _capitals_bound, _no_arguments),
    Filter("title", TEXTUAL, _TITLE, _capitals_bound, _no_arguments),
    Filter("truncate", TEXTUAL, _apply_truncate, _bound_truncate, _check_truncate),
)
FILTERS: dict[str, Filter] = {entry.name: entry for entry in _ALL}

REFUSED = {
    "default": "say what happens to a missing value once, in message.yaml: missing:",
    "d": "say what happens to a missing value once, in message.yaml: missing:",
    "safe": "values are escaped for where they land; nothing can switch that off",
    "escape": "values are escaped for where they land; leave it out",
    "e": "values are escaped for where they land; leave it out",
    "round": "printing never rounds; declare decimals, and send exact numbers",
    "format": "use money, number, percent or date",
}
"""Filters of Jinja that people look for, and what to do instead."""
