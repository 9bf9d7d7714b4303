"""Numbers, money, dates and times as the writers of a locale print them.

Formats are Babel's (CLDR). Printing is exact: a number is never rounded, and has as
many decimals as it was given.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import NumberPattern, parse_pattern

# What a service sets for its thread must not change a message.
_EXACT = Context(prec=80)
PLAIN_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
"""Spaces that force UCS-2 or break a line's width, printed as plain ones."""

# What the writers of a currency put after the amount instead of its symbol.
_UNIT_WORDS = {("zh", "CNY"): "元", ("ja", "JPY"): "円", ("zh", "JPY"): "日元"}


@lru_cache(maxsize=256)
def babel_locale(tag: str) -> Locale:
    """Babel's locale for a tag; its language alone where the region is unknown.

    Raises:
        ValueError: No locale is known by this tag.
    """
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        language = tag.partition("-")[0]
        try:
            return Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            raise ValueError(f"locale == {tag!r}, which is not known") from None


@lru_cache(maxsize=1024)
def _pattern(tag: str, decimals: int, style: str) -> NumberPattern:
    locale = babel_locale(tag)
    source = locale.decimal_formats[None].pattern
    if style == "currency":
        source = locale.currency_formats["standard"].pattern
    elif style == "percent":
        source = locale.percent_formats[None].pattern
    pattern = parse_pattern(source)
    pattern.frac_prec = (decimals, decimals)
    if style == "percent":
        pattern.scale = 0  # values are in points already
    return pattern


def _print(
    pattern: NumberPattern, number: Decimal | int, tag: str, currency: str | None = None
) -> str:
    with localcontext(_EXACT):
        text: str = pattern.apply(
            number, babel_locale(tag), currency=currency, currency_digits=False
        )
    return text.translate(PLAIN_SPACES)


def _decimals_of(number: Decimal | int) -> int:
    """Digits after the point, without trailing zeros."""
    if isinstance(number, int):
        return 0
    exponent = number.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@lru_cache(maxsize=65536)
def format_number(number: Decimal | int, tag: str) -> str:
    """The number with the locale's grouping, trailing zeros dropped."""
    return _print(_pattern(tag, _decimals_of(number), "decimal"), number, tag)


@lru_cache(maxsize=65536)
def format_percent(number: Decimal | int, tag: str) -> str:
    """A number of points with the locale's percent sign: 7.2 prints ``7.2%``."""
    return _print(_pattern(tag, _decimals_of(number), "percent"), number, tag)


@lru_cache(maxsize=65536)
def format_money(
    number: Decimal | int, currency: str, decimals: int, tag: str, style: str = ""
) -> str:
    """An amount with exactly ``decimals`` digits and its currency.

    The currency stands where the locale's writers put it: ``$50,000``, ``50,000元``.
    The style ``symbol`` forces the symbol (``¥50,000``).
    """
    word = _UNIT_WORDS.get((babel_locale(tag).language, currency))
    if word is not None and style != "symbol":
        return _print(_pattern(tag, decimals, "decimal"), number, tag) + word
    return _print(_pattern(tag, decimals, "currency"), number, tag, currency)


@lru_cache(maxsize=65536)
def format_day(value: date, pattern: str, tag: str, timezone: str) -> str:
    """A date in a pattern of CLDR (``medium`` or letters such as ``d MMMM``)."""
    locale = babel_locale(tag)
    if isinstance(value, datetime):
        local = value.astimezone(_zone(timezone))
        text = (
            format_date(local.date(), pattern, locale)
            if pattern == "medium"
            else format_datetime(local, pattern, locale=locale)
        )
    else:
        text = format_date(value, pattern, locale)
    return text.translate(PLAIN_SPACES)


@lru_cache(maxsize=65536)
def format_clock(value: datetime, tag: str, timezone: str) -> str:
    """A time of day in the locale's short form, with a plain space."""
    local = value.astimezone(_zone(timezone))
    text: str = format_time(
        local.replace(tzinfo=None), "short", locale=babel_locale(tag)
    )
    return text.translate(PLAIN_SPACES)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=65536)
def plural_category(number: Decimal | int, tag: str) -> str:
    """The plural category of CLDR: ``zero one two few many other``.

    The number counts as ``number`` prints it, without trailing zeros: 1.00 is one.
    """
    digits = number if isinstance(number, int) else number.normalize(_EXACT)
    with localcontext(_EXACT):
        return str(babel_locale(tag).plural_form(digits))


def locale_known(tag: str) -> bool:
    """Whether the formats of a locale, or of its language, are known."""
    try:
        babel_locale(tag)
    except ValueError:
        return False
    return True


def plural_categories(tag: str) -> frozenset[str]:
    """The categories that a locale's numbers can have."""
    return frozenset(babel_locale(tag).plural_form.tags) | {"other"}
