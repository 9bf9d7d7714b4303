"""Every filter's contract, held against its implementation."""

from __future__ import annotations

import random
import sys
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from html import escape

import pytest

from copylab.channels.markdown import escape_markdown
from copylab.message.charsets import CHARSETS, in_charset
from copylab.template.contract import Call, Domain, Filter
from copylab.template.domains import OPEN_ALPHABET, alphabet
from copylab.template.filters import FILTERS, REFUSED
from copylab.template.formats import (
    format_clock,
    format_money,
    format_number,
    format_percent,
    locale_known,
    plural_category,
)
from copylab.template.ranges import MEASURES, Letters, Words, cost, in_gsm7
from copylab.template.scope import NumberDomain, TimeDomain
from copylab.template.text_filters import percent_encode, title_case

LOCALES = ("zh-CN", "en-US", "de-DE", "fr-FR", "ar", "hi-IN")
MANY = 1100
"""Numbers up to which a domain is printed in full."""
CASES = (str.upper, str.lower, str.title, str.capitalize, title_case)
FUNCTIONS = (str, *CASES, percent_encode, escape, escape_markdown)


@pytest.fixture(scope="module")
def everything() -> str:
    """Every character that charset ``any`` allows by itself."""
    characters = map(chr, range(sys.maxunicode + 1))
    return "".join(c for c in characters if in_charset(c, "any"))


@pytest.fixture(scope="module")
def cased(everything: str) -> str:
    """Every character that a case function changes."""
    return "".join(c for c in everything if any(f(c) != c for f in CASES))


@pytest.mark.parametrize("measure", MEASURES)
def test_open_alphabet_is_as_costly_as_any_character(
    everything: str, measure: str
) -> None:
    price = {c: cost(c, measure) for c in everything}
    assert max(price.values()) == max(cost(c, measure) for c in OPEN_ALPHABET)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_open_alphabet_covers_what_functions_print(
    everything: str, cased: str, function: object
) -> None:
    assert callable(function)
    changed = cased if function in CASES else everything
    printed = {function(c) for c in changed}
    known = [function(c) for c in OPEN_ALPHABET]
    for measure in MEASURES:
        most = max(cost(text, measure) for text in printed)
        assert most <= max(cost(text, measure) for text in known), measure


@pytest.mark.parametrize("function", FUNCTIONS)
def test_alphabets_hold_the_costliest_code_point_that_is_printed(
    everything: str, cased: str, function: object
) -> None:
    """What ``truncate`` cuts is counted by code points, not by letters."""
    assert callable(function)
    for charset in CHARSETS:
        members = cased if function in CASES else everything
        printed = {p for c in members if in_charset(c, charset) for p in function(c)}
        known = {p for _, piece in alphabet(charset) for p in function(piece)}
        for measure in MEASURES:
            most = max((cost(point, measure) for point in printed), default=0)
            assert most <= max(cost(point, measure) for point in known), charset


def test_open_alphabet_covers_functions_after_each_other(cased: str) -> None:
    for first in CASES:
        for second in (*CASES, percent_encode, escape):
            printed = {second(first(c)) for c in cased}
            known = [second(first(c)) for c in OPEN_ALPHABET]
            for measure in MEASURES:
                most = max(cost(text, measure) for text in printed)
                assert most <= max(cost(text, measure) for text in known)


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("name", [False, True])
def test_alphabets_of_charsets_hold_the_costliest(
    everything: str, cased: str, charset: str, *, name: bool
) -> None:
    members = [c for c in everything if in_charset(c, charset)]
    if name:
        members = [c for c in members if c not in "<>[]{}/\\@:"]
    known = [piece for _, piece in alphabet(charset, name=name)]
    letters = frozenset(cased)
    for function in FUNCTIONS if charset != "any" else (str,):
        changed = [c for c in members if c in letters] if function in CASES else members
        printed = {function(c) for c in changed or members}
        shown = [function(c) for c in known]
        for measure in MEASURES:
            most = max(cost(text, measure) for text in printed)
            assert most <= max(cost(text, measure) for text in shown)
        leaves = any(not in_gsm7(function(c)) for c in members)
        assert leaves == any(not in_gsm7(text) for text in shown)


@pytest.mark.parametrize("charset", [c for c in CHARSETS if c != "any"])
def test_alphabets_hold_no_character_of_another_charset(charset: str) -> None:
    assert all(in_charset(piece, charset) for _, piece in alphabet(charset))


DOMAINS = [
    ("-5", "10", 0),
    ("1", "1000", 2),
    ("0", "999.99", 2),
    ("999.99", "999.99", 2),
    ("1000", "1000", 2),
    ("-1000", "-1", 2),
    ("1.5", "9.99", 2),
    ("0.5101", "0.5902", 4),
    ("-0.05", "0.05", 2),
    ("0", "1234567", 0),
    ("-9999999999999999", "9999999999999999", 0),
    ("10.5", "200.5", 1),
    ("-200.5", "-10.5", 1),
]


def _numbers(domain: NumberDomain, rng: random.Random) -> list[int | Decimal]:
    steps = int((domain.high - domain.low) / domain.step)
    if steps <= MANY:
        chosen = list(range(steps + 1))
    else:
        chosen = [rng.randint(0, steps) for _ in range(300)]
        chosen += [*range(100), *range(steps - 100, steps + 1)]
    return [domain.plain(domain.low + domain.step * n) for n in chosen]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("low", "high", "decimals"), DOMAINS)
def test_numbers_print_inside_their_range(
    low: str, high: str, decimals: int, locale: str
) -> None:
    rng = random.Random(f"{low}{high}{locale}")
    domain = NumberDomain(Decimal(low), Decimal(high), decimals, "CNY")
    values = _numbers(domain, rng)
    calls = [("number", ()), ("percent", ()), ("money", ()), ("money", ("symbol",))]
    for name, args in calls:
        call = Call(args, {}, locale, "UTC")
        every = (domain.high - domain.low) / domain.step <= MANY
        _hold(FILTERS[name], call, domain, values, tight=every)


def test_every_plural_form_lies_inside_its_range() -> None:
    keys = ("zero", "one", "two", "few", "many", "other")
    for locale in LOCALES:
        for low, high, decimals in DOMAINS[:8]:
            domain = NumberDomain(Decimal(low), Decimal(high), decimals)
            values = _numbers(domain, random.Random(low))
            forms = {key: key[0] * index for index, key in enumerate(keys, start=1)}
            call = Call((), forms, locale, "UTC")
            _hold(FILTERS["plural"], call, domain, values, tight=False)


TIMES = [
    ("1900-01-01", "2199-12-31"),
    ("2026-01-01", "2026-12-31"),
    ("2025-03-10", "2026-02-20"),
    ("2026-09-08", "2026-09-12"),
    ("2026-09-30", "2026-09-30"),
    ("2024-02-25", "2024-03-02"),
    ("2024-02-10", "2025-02-08"),
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("low", "high"), TIMES)
@pytest.mark.parametrize("pattern", [(), ("EEEE, d. MMMM y",), ("d/M",), ("QQQQ EEE",)])
def test_dates_print_inside_their_range(
    low: str, high: str, locale: str, pattern: tuple[str, ...]
) -> None:
    first, last = date.fromisoformat(low), date.fromisoformat(high)
    rng = random.Random(f"{low}{locale}{pattern}")
    days = (last - first).days
    chosen = (
        range(days + 1) if days < 400 else [rng.randint(0, days) for _ in range(500)]
    )
    values = [first + timedelta(days=n) for n in chosen]
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC)
    call = Call(pattern, {}, locale, "UTC")
    _hold(FILTERS["date"], call, TimeDomain(start, end, "date"), values, tight=False)


@pytest.mark.parametrize(
    "zone",
    ["UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"],
)
@pytest.mark.parametrize("hours", [0, 5, 30, 24 * 40, 24 * 800])
def test_moments_print_inside_their_range_in_every_zone(zone: str, hours: int) -> None:
    rng = random.Random(hours)
    low = datetime(2026, 9, 9, 20, 17, 5, tzinfo=UTC)
    high = low + timedelta(hours=hours)
    domain = TimeDomain(low, high, "datetime")
    seconds = int((high - low).total_seconds())
    values = [low, high]
    values += [low + timedelta(seconds=rng.randint(0, seconds)) for _ in range(300)]
    for locale in LOCALES:
        call = Call((), {}, locale, zone)
        _hold(FILTERS["date"], call, domain, values, tight=False)
        _hold(FILTERS["time"], call, domain, values, tight=False)


def _hold(
    contract: Filter, call: Call, domain: Domain, values: list[object], *, tight: bool
) -> None:
    printed = list(map(contract.apply(call, domain), values))
    bound = contract.bound(call, domain)
    for measure in MEASURES:
        most = max(cost(text, measure) for text in printed)
        assert most <= bound.most(measure), measure
        assert bound.most(measure) == cost(bound.worst(measure)[1], measure)
    assert min(map(len, printed)) >= len(bound.shortest())
    if bound.outside_gsm7() is None:
        assert all(map(in_gsm7, printed))
    if tight:  # every value there is was printed
        assert max(map(len, printed)) == bound.most("length")
        assert min(map(len, printed)) == len(bound.shortest())


TEXT_CALLS = [
    *(("upper", ()), ("lower", ()), ("title", ()), ("capitalize", ()), ("trim", ())),
    *(("urlencode", ()), ("truncate", (6,)), ("truncate", (4, True, "…", 0))),
    *(("truncate", (3, False, "", 1)), ("truncate", (255,))),
]


@pytest.mark.parametrize(("name", "args"), TEXT_CALLS)
@pytest.mark.parametrize("charset", CHARSETS)
def test_texts_print_inside_their_range(
    name: str, args: tuple[object, ...], charset: str, everything: str, cased: str
) -> None:
    rng = random.Random(f"{name}{charset}")
    pool = [c for c in "aZ 0-é中😀𠀀ΐﬃİß\"\\&<'~^€ΣﬁŉǰẞⱯ" if in_charset(c, charset)]
    pool += [c for c in rng.sample(everything, 3000) if in_charset(c, charset)]
    pool += [c for c in cased if in_charset(c, charset)]
    domain = Letters(alphabet(charset), 1, 9)
    call = Call(args, {}, "en-US", "UTC")
    values = ["".join(rng.choices(pool, k=rng.randint(1, 9))) for _ in range(1500)]
    values += [c * 9 for c in pool]
    values = [value.strip() for value in values if value.strip()]  # as they are read
    _hold(FILTERS[name], call, domain, values, tight=False)


def test_a_blank_inside_is_not_trimmed() -> None:
    call = Call((), {}, "en-US", "UTC")
    mixed = Letters((("", "a"), ("", " ")), 2, 3, exact=False)
    trimmed = FILTERS["trim"].bound(call, mixed)
    assert trimmed.shortest() == ""
    encoded = FILTERS["urlencode"].bound(call, trimmed)
    assert encoded.most("length") >= len(percent_encode("a a"))


def test_words_stay_words_through_text_filters() -> None:
    words = Words((("straße", "straße"), ("ﬁn", "ﬁn")))
    call = Call((), {}, "de-DE", "UTC")
    assert FILTERS["upper"].bound(call, words).worst("length")[1] == "STRASSE"
    assert FILTERS["title"].bound(call, words).worst("length")[1] == "Straße"


def test_money_puts_the_currency_where_writers_do() -> None:
    assert format_money(50000, "USD", 0, "en-US") == "$50,000"
    assert format_money(50000, "CNY", 0, "zh-CN") == "50,000元"
    assert format_money(50000, "CNY", 0, "zh-CN", "symbol") == "¥50,000"
    assert format_money(Decimal("5.5"), "CNY", 2, "zh-CN") == "5.50元"
    assert format_money(Decimal(1234567), "INR", 0, "hi-IN") == "₹12,34,567"
    assert format_money(Decimal("1234.5"), "EUR", 2, "de-DE") == "1.234,50 €"
    assert format_money(Decimal("1234.5"), "EUR", 2, "fr-FR") == "1 234,50 €"


def test_numbers_and_percents_drop_trailing_zeros_and_never_round() -> None:
    assert format_percent(Decimal("7.20"), "en-US") == "7.2%"
    assert format_percent(Decimal("7.20"), "de-DE") == "7,2 %"
    assert format_percent(Decimal("100.00"), "zh-CN") == "100%"
    assert format_number(Decimal("0.123456789012"), "en-US") == "0.123456789012"
    assert format_number(Decimal("9999999999999999.123456789012"), "en-US") == (
        "9,999,999,999,999,999.123456789012"
    )


def test_a_thread_s_decimal_context_does_not_change_what_is_printed() -> None:
    with localcontext() as context:
        context.prec = 3
        assert format_number(Decimal("7654321.55"), "en-US") == "7,654,321.55"
        assert plural_category(1000001, "pl-PL") == "many"


def test_one_is_one_however_it_is_written() -> None:
    for number in (Decimal("1.00"), 1, Decimal(1)):
        assert plural_category(number, "en-US") == "one"
    assert plural_category(Decimal("1.50"), "en-US") == "other"


def test_times_print_with_a_plain_space_in_their_zone() -> None:
    moment = datetime(2026, 9, 9, 20, 5, tzinfo=UTC)
    assert format_clock(moment, "en-US", "America/New_York") == "4:05 PM"
    assert format_clock(moment, "zh-CN", "Asia/Shanghai") == "04:05"


def test_no_filter_of_jinja_that_hides_a_missing_value_is_here() -> None:
    assert not FILTERS.keys() & REFUSED.keys()
    assert {"default", "d", "safe", "round", "format"} <= REFUSED.keys()
    assert "missing:" in REFUSED["default"]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "words"),
    [
        ("upper", (1,), {}, "no arguments"),
        ("number", (), {"decimals": 2}, "no arguments"),
        ("money", ("code",), {}, "symbol"),
        ("money", (), {"style": "symbol"}, "symbol"),
        ("date", ("HH:mm",), {}, "pattern"),
        ("date", ("MMMMMM",), {}, "too often"),
        ("date", ("long",), {}, "pattern"),
        ("date", ("y" * 101,), {}, "pattern"),
        ("date", ("'open",), {}, "pattern"),
        ("date", (5,), {}, "pattern"),
        ("date", ("",), {}, "pattern"),
        ("plural", (), {"one": "a"}, "'other'"),
        ("plural", (), {"other": "a"}, "'one'"),
        ("plural", (), {"one": "a", "other": "b", "six": "c"}, "'six'"),
        ("plural", ("a",), {}, "forms"),
        ("plural", (), {"one": 1, "other": "b"}, "forms"),
        ("truncate", (2,), {}, "shorter"),
        ("truncate", (-1,), {}, "whole number"),
        ("truncate", (True,), {}, "whole number"),
        ("truncate", (9,), {"length": 9}, "once"),
        ("truncate", (), {"len": 9}, "takes"),
        ("truncate", (9, "yes"), {}, "true or false"),
        ("truncate", (9, True, 5), {}, "text"),
    ],
)
def test_bad_arguments_are_named(
    name: str, args: tuple[object, ...], kwargs: dict[str, object], words: str
) -> None:
    problem = FILTERS[name].check(Call(args, kwargs, "en-US", "UTC"))
    assert problem is not None
    assert words in problem


@pytest.mark.parametrize(
    ("tag", "known"),
    [("zh-CN", True), ("en-CN", True), ("zh-Hans-CN", True), ("xx-YY", False)],
)
def test_formats_of_a_locale_are_known_or_not(tag: str, *, known: bool) -> None:
    assert locale_known(tag) is known


def test_the_open_alphabet_survives_normalisation() -> None:
    for character in OPEN_ALPHABET:
        assert unicodedata.normalize("NFC", character) == character


@pytest.mark.parametrize(
    ("text", "args", "expected"),
    [
        ("see evil.comedy now", (12, True, "", 0), "see"),
        ("evil.comedy", (8, True, "…", 0), "…"),
        ("evil.comedy", (8, False, "", 0), ""),
        ("see evil.com now", (12, True, "", 0), "see evil.com"),  # it was a link before
        ("see e.g. this one", (9, True, "", 0), "see e.g. "),
    ],
)
def test_truncate_leaves_no_link_where_there_was_none(
    text: str, args: tuple[object, ...], expected: str
) -> None:
    call = Call(args, {}, "en-US", "UTC")
    assert FILTERS["truncate"].apply(call, None)(text) == expected
