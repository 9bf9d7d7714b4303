"""What counts as missing, and what copy uses instead of raw values."""

from __future__ import annotations

import enum
import json
import os
import pickle
import string
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.findings import Finding
from copylab.message.model import Variable
from copylab.message.values import MISSING, reader, why_missing
from copylab.source import Span
from copylab.template.bounds import bound_range
from copylab.template.choices import START
from copylab.template.domains import variable_range
from copylab.template.ranges import MEASURES, cost, in_gsm7
from copylab.template.scope import Scope

Read = Callable[..., object]
Declare = Callable[[str], tuple[dict[str, Variable], list[Finding]]]
SPAN = Span("message.yaml", 1, 1, 1, 1)
KINDS = {
    "text": "type: text, max: 8",
    "person_name": "type: person_name, max: 8",
    "int": "type: int, min: -3, max: 40",
    "decimal": "type: decimal, min: 0, max: 40",
    "percent": "type: percent, min: 0, max: 100",
    "money": "type: money, currency: CNY, min: 500, max: 200000",
    "date": "type: date",
    "datetime": "type: datetime",
    "url": 'type: url, base: "https://s.example.cn/w/", max: 45',
    "enum": "type: enum, values: [a, b]",
    "bool": "type: bool",
    "list": "type: list, max_items: 2, items: {a: {type: text, max: 3}}",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "raw",
    [
        *(None, "", "  ", "\t\n", "\u3000\u2003", float("nan"), Decimal("NaN")),
        *(
            Decimal("Infinity"),
            float("inf"),
            pd.NaT,
            pd.NA,
            np.nan,
            np.datetime64("NaT"),
        ),
        *(b"x", {}, [], (), [None], {"a": 1}, object(), 1j, Fraction(1, 3), str, len),
        *("\u2800", "\u0301\u0301", "\x00", "a\ud800", "9" * 5000, 10**5000),
        np.array([1, 2]),
        pd.Series([1, 2]),
        Decimal("1E+999999"),
        Decimal("1E-999999"),
    ],
    ids=lambda raw: type(raw).__name__,
)
def test_what_is_no_value_is_missing_and_can_be_explained(
    read_value: Read, declare: Declare, kind: str, raw: object
) -> None:
    assert read_value(KINDS[kind], raw) is MISSING
    reason = why_missing(declare(f"x: {{{KINDS[kind]}}}")[0]["x"], raw)
    assert reason
    assert "99999" not in reason


ACCEPTED = [
    ("int", "30", 30),
    ("int", " 30 ", 30),
    ("int", "+3", 3),
    ("int", "-3", -3),
    ("int", 30.0, 30),
    ("int", Decimal("30.00"), 30),
    ("int", np.int64(40), 40),
    ("int", np.float64(7.0), 7),
    ("int", np.uint8(7), 7),
    ("int", -0.0, 0),
    ("decimal", "7.2", Decimal("7.20")),
    ("decimal", 7.2, Decimal("7.20")),
    ("decimal", np.float32(7.2), Decimal("7.20")),
    ("decimal", np.float64(0.1), Decimal("0.10")),
    ("decimal", 40, Decimal("40.00")),
    ("decimal", Decimal("1.500"), Decimal("1.50")),
    ("decimal", Decimal("0E-50"), Decimal("0.00")),
    ("percent", "7.25", Decimal("7.25")),
    ("money", "500", Decimal(500)),
    ("money", 200000.0, Decimal(200000)),
    ("text", "  hello ", "hello"),
    ("text", "e\u0301", "é"),
    ("text", np.str_("ab"), "ab"),
    ("text", "12", "12"),
    ("text", "👩\u200d👧", "👩\u200d👧"),
    ("text", "क्\u200dष", "क्\u200dष"),
    ("text", "می\u200cخو", "می\u200cخو"),
    ("text", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
    ("text", "<b>&{{", "<b>&{{"),
    ("text", "𠀀" * 8, "𠀀" * 8),
    ("person_name", "O'Neil", "O'Neil"),
    ("person_name", "J. R.", "J. R."),
    ("person_name", "Jean-P.", "Jean-P."),
    ("person_name", "José", "José"),
    ("enum", " a ", "a"),
    ("bool", True, True),
    ("bool", "true", True),
    ("bool", "False", False),
    ("bool", np.bool_(1), True),
    ("date", "2026-09-30", date(2026, 9, 30)),
    ("date", datetime(2026, 9, 30, 5, tzinfo=UTC), date(2026, 9, 30)),
    ("date", pd.Timestamp("2026-09-30"), date(2026, 9, 30)),
    ("date", np.datetime64("2026-09-30"), date(2026, 9, 30)),
    ("datetime", "2026-09-30T08:00:00Z", datetime(2026, 9, 30, 8, tzinfo=UTC)),
    ("datetime", "2026-09-30T08:00:00+08:00", datetime(2026, 9, 30, tzinfo=UTC)),
    ("datetime", "2026-09-30", datetime(2026, 9, 30, tzinfo=UTC)),
    (
        "datetime",
        np.datetime64("2026-09-30T08", "ns"),
        datetime(2026, 9, 30, 8, tzinfo=UTC),
    ),
    ("url", "abc", "https://s.example.cn/w/abc"),
    ("url", "a?b=c&d", "https://s.example.cn/w/a?b=c&d"),
    ("url", "你", "https://s.example.cn/w/%E4%BD%A0"),
    ("url", "a b@c:d%2e#", "https://s.example.cn/w/a%20b%40c%3Ad%252e%23"),
]


@pytest.mark.parametrize(("kind", "raw", "value"), ACCEPTED)
def test_values_are_read_as_their_type(
    read_value: Read, kind: str, raw: object, value: object
) -> None:
    found = read_value(KINDS[kind], raw)
    assert found == value
    assert type(found) is type(value)
    assert str(found) == str(value)


REJECTED = [
    *(("int", raw) for raw in ("abc", "3.0", "1e1", "0x1", "٣", "1_0", "--1", "3 0")),
    *(("int", raw) for raw in (True, False, np.bool_(1), 30.5, "-4", -4, 41, "41")),
    *(
        ("decimal", raw)
        for raw in ("7.255", 7.255, "1e1", ".5", "5.", "1,000", "-0.01")
    ),
    *(("decimal", raw) for raw in (True, "40.01", np.float64(40.5), "∞", 0.1 + 0.2)),
    *(("money", raw) for raw in ("500.5", 499, 200001, "¥500", "5e2", True)),
    *(("text", raw) for raw in (12, 1.5, True, b"ab", ["a"], "123456789", "a\nb")),
    *(("text", f"a{mark}b") for mark in "\u200b\u200e\u202e\u2066\u2060\ufeff\u00ad"),
    *(("text", f"a{mark}b") for mark in "\u200c\u200d\u2028\u2029\x07\x1b\t\x85\ue000"),
    *(("text", f"a{mark}b") for mark in "\u115f\u3164\uffa0\u034f\U000e0041"),
    ("text", "👩\u200d"),
    ("text", "نا\u200c"),
    ("text", "\u0378"),
    *(("person_name", f"a{mark}b") for mark in "<>[]{}/\\@:"),
    *(("person_name", name) for name in ("evil.com", "x.y", "é.с", "a1.co", "के.कॉम")),
    *(("person_name", name) for name in ("中．国", "中。国", "a\nb", "123456789")),
    *(
        ("url", rest)
        for rest in ("//evil.cn", "a/../b", "..", "a\\b", "x" * 23, "a\nb")
    ),
    *(("url", rest) for rest in ("你好吗", 5, "\u202ea")),
    *(("enum", raw) for raw in ("A", "c", 1, True, ["a"])),
    *(("bool", raw) for raw in (1, 0, "yes", "1", "TRUE", "t", 1.0)),
    *(("date", raw) for raw in ("30.9.2026", "2026-02-30", 20260930, "1899-12-31")),
    *(("date", raw) for raw in ("2200-01-01", "2026-09-30T08:00:00")),
    *(("datetime", raw) for raw in ("now", "0001-01-01T00:00:00+14:00", 0)),
    ("datetime", datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))),
    ("list", [{"a": "1"}] * 3),
    ("list", [{"b": "1"}]),
    ("list", [{"a": "1234"}]),
    ("list", "ab"),
    ("list", {"a": "1"}),
    ("list", [1]),
]


@pytest.mark.parametrize(("kind", "raw"), REJECTED)
def test_values_out_of_bounds_are_missing(
    read_value: Read, kind: str, raw: object
) -> None:
    assert read_value(KINDS[kind], raw) is MISSING


@pytest.mark.parametrize(
    ("declaration", "inside", "outside"),
    [
        ("type: int, min: 3, max: 720", (3, 720), (2, 721)),
        ("type: decimal, min: 0.5, max: 1.5", ("0.5", "1.5"), ("0.49", "1.51")),
        (
            "type: date, min: 2026-01-01, max: 2026-01-03",
            ("2026-01-01", "2026-01-03"),
            ("2025-12-31", "2026-01-04"),
        ),
        (
            "type: datetime, max: 2026-01-03",
            ("2026-01-03T23:59:59.5Z",),
            ("2026-01-04T00:00:00Z",),
        ),
        ("type: text, max: 3", ("abc", "a"), ("abcd",)),
        ('type: url, base: "https://a.cn/", max: 15', ("ab",), ("abc",)),
        ("type: url, max: 15", ("https://a.cn/ab",), ("https://a.cn/abc",)),
    ],
)
def test_bounds_are_inclusive(
    read_value: Read,
    declaration: str,
    inside: tuple[object, ...],
    outside: tuple[object, ...],
) -> None:
    assert MISSING not in [read_value(declaration, raw) for raw in inside]
    assert {read_value(declaration, raw) for raw in outside} == {MISSING}


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://a.cn", True),
        ("http://a.cn:80/x?y#z", True),
        ("ftp://a.cn", False),
        ("javascript:alert(1)", False),
        ("//a.cn", False),
        ("https://user@a.cn", False),
        ("https://a.cn\\@b.cn", False),
        ("https://a.cn/a b", False),
        ("https://a.cn/中", False),
        ("https://", False),
    ],
)
def test_a_whole_address_is_one_on_the_web(
    read_value: Read, address: str, *, good: bool
) -> None:
    expected = address if good else MISSING
    assert read_value("type: url, max: 60", address) == expected


@given(rest=st.text(max_size=30))
def test_no_value_changes_scheme_or_host_of_a_base(rest: str) -> None:
    base = "https://s.example.cn/w/"
    variable = Variable("x", "url", "x", SPAN, base=base, max_length=200)
    address = reader(variable)(rest)
    if address is not MISSING:
        assert isinstance(address, str)
        assert address.startswith(base)
        added = address.removeprefix(base)
        assert set(added) <= {*string.ascii_letters, *string.digits, *"-._~/?=&%"}
        assert ".." not in added
        assert not added.startswith("//")


@given(raw=st.floats() | st.integers() | st.decimals() | st.text() | st.booleans())
def test_a_number_is_never_rounded(raw: object) -> None:
    variable = Variable(
        "x", "decimal", "x", SPAN, low=Decimal(-99), high=Decimal(99), decimals=2
    )
    number = reader(variable)(raw)
    if number is not MISSING:
        assert isinstance(number, Decimal)
        assert number == Decimal(str(raw).strip())
        assert number.as_tuple().exponent == -2
        assert -99 <= number <= 99
        assert not str(number).startswith("-0.00")


def test_a_thread_s_decimal_context_changes_nothing(read_value: Read) -> None:
    with localcontext() as context:
        context.prec = 2
        number = read_value("type: decimal, min: 0, max: 99999", "12345.67")
    assert number == Decimal("12345.67")


def test_the_widest_declaration_has_values(read_value: Read) -> None:
    wide = "type: decimal, decimals: 12, min: 0, max: 9999999999999999"
    number = "9999999999999998.123456789012"
    assert read_value(wide, number) == Decimal(number)


def test_an_enumeration_that_is_a_number_prints_as_one(read_value: Read) -> None:
    class Level(enum.IntEnum):
        HIGH = 3

    assert str(read_value(KINDS["int"], Level.HIGH)) == "3"


@pytest.mark.parametrize(
    ("charset", "good", "bad"),
    [
        ("digits", "0123456789", "a٣ .-"),
        ("ascii", " ~azAZ09{}|", "é中\x7f\n"),
        ("gsm7", "@£Δß€^[]{}~|\\ é", "\x1b\f\r\n`çá中😀"),
        ("latin", "aZéßłəŉẞ'’-.,0 ñọ́", "中яα😀~{}<>|"),
        ("zh", "中𠀀，。（）０ａ！ a~《》【】、\u3000中", "éя😀가ひ"),
        ("ko", "가뷁힣 ㄱ中ひяΩß€～a{", "é😀𠀀ا\u1100\u3164\xad\x7f"),
        ("any", "aé中😀яا가ひ~€", "\x07\u202e\u200b\ue000\u0378"),
    ],
)
def test_charsets_hold_what_they_say(
    read_value: Read, charset: str, good: str, bad: str
) -> None:
    declaration = f"type: text, max: 40, charset: {charset}"
    assert read_value(declaration, f"{good}") == good.strip()
    edge = good[2]
    for character in bad:
        assert read_value(declaration, f"{edge}{character}{edge}") is MISSING


def test_several_lines_are_for_who_asks_for_them(read_value: Read) -> None:
    declaration = "type: text, max: 8, multiline: true"
    assert read_value(declaration, "a\r\nb\rc\n") == "a\nb\nc"
    assert read_value(declaration, "a\u2028b") is MISSING
    assert read_value(declaration, "a\r\n" * 4 + "b") is MISSING


LIST = (
    "type: list, max_items: 2, items: {a: {type: text, max: 3, missing: {zh-CN: 无, "
    "en: no}}, b: {type: int, min: 0, max: 9, from: key, missing: 5}, "
    'c: {type: text, max: 2, missing: ""}}'
)


def test_items_are_read_field_by_field(read_value: Read) -> None:
    raw = [{"a": " x ", "key": "7", "c": "z"}, {"a": "y"}]
    first, second = {"a": "x", "b": 7, "c": "z"}, {"a": "y", "b": 5, "c": ""}
    assert read_value(LIST, raw) == (first, second)
    assert read_value(LIST, np.array(raw, dtype=object)) == (first, second)


def test_replacements_of_fields_follow_the_locale(read_value: Read) -> None:
    assert read_value(LIST, [{}], locale="zh-CN") == ({"a": "无", "b": 5, "c": ""},)
    assert read_value(LIST, [{}], locale="en-US") == ({"a": "no", "b": 5, "c": ""},)
    assert read_value(LIST, [{}], locale="fr-FR") is MISSING
    assert read_value(LIST, [{}]) is MISSING


def test_missing_is_itself_in_another_process() -> None:
    assert pickle.loads(pickle.dumps(MISSING)) is MISSING
    assert repr(MISSING) == "MISSING"


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        ("text", "123456789", "longer than 8"),
        ("text", "a\u202eb", "U+202E"),
        ("person_name", "A/B", "a name may not have"),
        ("person_name", "evil.com", "a domain name, which phones and mail readers"),
        ("text", "evil.com", "a domain name, which phones and mail readers"),
        ("int", 41, "from -3 to 40"),
        ("date", "x", "from 1900-01-01 to 2199-12-31"),
        ("datetime", "x", "from 1900-01-01T00:00Z to 2199-12-31T23:59Z"),
        ("decimal", "1.234", "at most 2 decimals"),
        ("enum", "c", "not one of a, b"),
        ("url", "//x", "holds '//' in front, '..' or '\\'"),
        ("url", "a/../x", "holds '//' in front, '..' or '\\'"),
        (
            "url",
            "https://s.example.cn/w/evil" + "x" * 30,
            "a whole address; give only what follows https://s.example.cn/w/",
        ),
        (
            "url",
            "x" * 40,
            "63 characters with https://s.example.cn/w/ in front, at most 45",
        ),
        ("url", "a\u202eb", "holds U+202E, not in charset any"),
        ("bool", "x", "not a bool"),
    ],
)
def test_reasons_say_what_is_wrong_without_the_value(
    declare: Declare, kind: str, raw: object, words: str
) -> None:
    reason = why_missing(declare(f"x: {{{KINDS[kind]}}}")[0]["x"], raw)
    assert words in reason
    assert "evil" not in reason


def _names() -> dict[str, set[str]]:
    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("COPYLAB_DATA", root.parent / "shared" / "data"))
    path = folder / "names_worstcase.json"
    if not path.exists():
        pytest.skip(f"the names' data is not there: set COPYLAB_DATA ({path.name})")
    locales = json.loads(path.read_text(encoding="utf-8"))["locales"]
    return {
        locale: {
            name
            for part in parts.values()
            for key in ("longest", "odd", "shortest")
            for name in (
                [part[key]] if isinstance(part.get(key), str) else part.get(key, ())
            )
        }
        for locale, parts in locales.items()
    }


def test_every_real_name_stays_in_its_bounds() -> None:
    kept = seen = 0
    for locale, names in _names().items():
        for limit in (4, 8, 40):
            variable = Variable("x", "person_name", "x", SPAN, max_length=limit)
            scope = Scope({"x": variable}, locale.replace("_", "-"))
            bounds = bound_range(variable_range(variable, scope, START))
            read = reader(variable)
            for name in names:
                value = read(name)
                seen += limit == 40
                kept += limit == 40 and value is not MISSING
                if isinstance(value, str):
                    assert len(value) <= limit
                    assert bounds.shortest <= len(value)
                    assert all(cost(value, m) <= bounds.most[m] for m in MEASURES)
                    assert bounds.gsm7 <= in_gsm7(value)
    assert kept > 0.97 * seen > 500
