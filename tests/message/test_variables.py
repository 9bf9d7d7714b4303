"""Declarations of variables: good ones are read, bad ones are found at their place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from copylab.findings import Finding
from copylab.message.model import Variable
from copylab.message.values import MISSING, reader

Declare = Callable[[str], tuple[dict[str, Variable], list[Finding]]]

BAD = [
    ("x: {type: txt, max: 3}", "bad-value", 1, 11, "did you mean 'text'?"),
    ("x: {max: 3}", "missing-key", 1, 4, "add type:"),
    ("x: text", "bad-value", 1, 4, ""),
    ("x:", "missing-key", 1, 3, "add type:"),
    ("x: {type: text}", "unbounded-variable", 1, 4, "max: 20"),
    ("x: {type: text, max: 0}", "bad-value", 1, 22, ""),
    ("x: {type: text, max: many}", "bad-value", 1, 22, ""),
    ("x: {type: text, max: 3.5}", "bad-value", 1, 22, ""),
    ("x: {type: text, max: true}", "bad-value", 1, 22, ""),
    ("x: {type: text, max: 999999999}", "bad-value", 1, 22, ""),
    ("x: {type: text, max: 3, charset: utf8}", "bad-value", 1, 34, ""),
    ("x: {type: text, max: 3, multiline: yes}", "bad-value", 1, 36, ""),
    ("x: {type: person_name, max: 3, multiline: true}", "unknown-key", 1, 32, ""),
    ("x: {type: text, max: 3, min: 1}", "unknown-key", 1, 25, ""),
    ("x: {type: text, mx: 3, max: 3}", "unknown-key", 1, 17, ""),
    ("x: {type: int, min: 3}", "unbounded-variable", 1, 4, "min: 0, max: 1000"),
    ("x: {type: int, min: 3, max: 2}", "bad-value", 1, 16, ""),
    ("x: {type: int, min: 0, max: 2.5}", "bad-value", 1, 24, ""),
    ("x: {type: int, min: .inf, max: 3}", "bad-value", 1, 16, ""),
    ("x: {type: int, min: .nan, max: 3}", "bad-value", 1, 16, ""),
    ("x: {type: int, min: 0, max: 1e99}", "bad-value", 1, 24, ""),
    ("x: {type: int, min: 0, max: 1e99999999999999999999}", "bad-value", 1, 24, ""),
    ("x: {type: int, min: 0, max: '9'}", "bad-value", 1, 24, ""),
    ("x: {type: int, min: 0, max: true}", "bad-value", 1, 24, ""),
    ("x: {type: int, min: 0, max: 9, decimals: 1}", "unknown-key", 1, 32, ""),
    ("x: {type: decimal, min: 0, max: 9, decimals: 13}", "bad-value", 1, 36, ""),
    ("x: {type: decimal, min: 0, max: 9, decimals: -1}", "bad-value", 1, 46, ""),
    ("x: {type: decimal, min: 0.001, max: 9}", "bad-value", 1, 20, ""),
    ("x: {type: money, min: 0, max: 9}", "missing-key", 1, 4, "add currency:"),
    ("x: {type: money, currency: RMB, min: 0, max: 9}", "bad-value", 1, 18, "CNY"),
    ("x: {type: money, currency: cny, min: 0, max: 9}", "bad-value", 1, 18, "CNY"),
    ("x: {type: date, min: tomorrow}", "bad-value", 1, 17, "2026-09-30"),
    ("x: {type: date, min: 2026-02-02, max: 2026-02-01}", "bad-value", 1, 17, ""),
    ("x: {type: date, min: 0999-01-01}", "bad-value", 1, 17, ""),
    ("x: {type: datetime, max: 9999-12-31}", "bad-value", 1, 21, ""),
    ("x: {type: url, max: 20, base: 'ftp://a.cn/'}", "bad-value", 1, 25, "https://"),
    ("x: {type: url, max: 20, base: 'https://A.cn/'}", "bad-value", 1, 25, ""),
    ("x: {type: url, max: 20, base: 'https://a.cn'}", "bad-value", 1, 25, ""),
    ("x: {type: url, max: 13, base: 'https://a.cn/'}", "bad-value", 1, 16, ""),
    ("x: {type: url}", "unbounded-variable", 1, 4, "whole address"),
    ("x: {type: enum}", "missing-key", 1, 4, "add values:"),
    ("x: {type: enum, values: []}", "bad-value", 1, 17, ""),
    ("x: {type: enum, values: [a, a]}", "bad-value", 1, 17, ""),
    ("x: {type: enum, values: ['a ']}", "bad-value", 1, 17, ""),
    ('x: {type: enum, values: ["a\\nb"]}', "bad-value", 1, 17, ""),
    ('x: {type: enum, values: ["a\\u202Eb"]}', "bad-value", 1, 17, ""),
    ("x: {type: enum, values: [[a]]}", "bad-value", 1, 26, ""),
    ("x: {type: enum, values: a}", "bad-value", 1, 25, "[a, b]"),
    ("x: {type: list, items: {a: {type: bool}}}", "unbounded-variable", 1, 4, ""),
    ("x: {type: list, max_items: 3}", "missing-key", 1, 4, "add items:"),
    ("x: {type: list, max_items: 99999, items: {}}", "bad-value", 1, 28, ""),
    (
        "x: {type: list, max_items: 1, items: {a: {type: text}}}",
        "unbounded-variable",
        1,
        42,
        "",
    ),
    (
        "x: {type: list, max_items: 1, items: {a-b: {type: bool}}}",
        "bad-value",
        1,
        39,
        "",
    ),
    (
        "x: {type: list, max_items: 1, items: {a: {type: bool, missing: skip}}}",
        "bad-value",
        1,
        31,
        "",
    ),
    (
        (
            "x: {type: list, max_items: 1, items: {a: {type: list, max_items: 1, items: "
            "{}}}}"
        ),
        "bad-value",
        1,
        31,
        "",
    ),
    (
        "x: {type: int, min: 0, max: 9, missing: 10}",
        "missing-value-out-of-bounds",
        1,
        41,
        "",
    ),
    (
        "x: {type: int, min: 0, max: 9, missing: many}",
        "missing-value-out-of-bounds",
        1,
        41,
        "",
    ),
    (
        "x: {type: text, max: 3, missing: abcd}",
        "missing-value-out-of-bounds",
        1,
        34,
        "",
    ),
    ("x: {type: text, max: 3, missing: ' '}", "missing-value-out-of-bounds", 1, 34, ""),
    (
        "x: {type: text, max: 5, missing: true}",
        "missing-value-out-of-bounds",
        1,
        34,
        "",
    ),
    (
        "x: {type: text, max: 3, missing: {zh-CN: abcd}}",
        "missing-value-out-of-bounds",
        1,
        42,
        "",
    ),
    ("x: {type: text, max: 3, missing: {chinese: a}}", "bad-value", 1, 25, ""),
    ("x: {type: text, max: 3, missing: {}}", "bad-value", 1, 25, ""),
    (
        "x: {type: enum, values: [a], missing: b}",
        "missing-value-out-of-bounds",
        1,
        39,
        "",
    ),
    ("x: {type: bool, missing: on}", "missing-value-out-of-bounds", 1, 26, ""),
    ("x: {type: url, max: 20, missing: ''}", "missing-value-out-of-bounds", 1, 34, ""),
    ("a-b: {type: bool}", "bad-value", 1, 1, ""),
    ("1a: {type: bool}", "bad-value", 1, 1, ""),
    ("brand: {type: bool}", "bad-value", 1, 1, ""),
    ("loop: {type: bool}", "bad-value", 1, 1, ""),
    ("not: {type: bool}", "bad-value", 1, 1, ""),
    ("none: {type: bool}", "bad-value", 1, 1, ""),
]


@pytest.mark.parametrize(("text", "rule", "line", "column", "cure"), BAD)
def test_bad_declarations_are_found_at_their_place(
    declare: Declare, text: str, rule: str, line: int, column: int, cure: str
) -> None:
    found = declare(f"ok: {{type: bool}}\n{text}\n")[1]
    assert [finding.rule for finding in found] == [rule]
    assert (found[0].line, found[0].column) == (line + 1, column)
    assert found[0].file == "message.yaml"
    assert cure in found[0].help


def test_all_that_is_wrong_is_found_at_once(declare: Declare) -> None:
    text = "a: {type: text}\nb: {type: int, min: 2, max: 1}\nc: {type: x}\nd: {k: 1}"
    variables, found = declare(text)
    assert [finding.line for finding in found] == [1, 2, 3, 4]
    assert set(variables) == {"a", "b"}


def test_bounds_have_their_defaults(declare: Declare) -> None:
    variables, findings = declare(
        "m: {type: money, currency: CNY, min: 0, max: 9}\n"
        "p: {type: percent, min: 0, max: 9}\n"
        "d: {type: date}\n"
        "t: {type: text, max: 3}\n"
    )
    assert findings == []
    assert (variables["m"].decimals, variables["p"].decimals) == (0, 2)
    assert variables["d"].low == datetime(1900, 1, 1, tzinfo=UTC)
    assert variables["t"].charset == "any"
    assert variables["t"].missing.at("zh-CN") == ("error", None)
    assert variables["t"].source == "t"


def test_numbers_are_read_digit_by_digit(declare: Declare) -> None:
    text = "x: {type: decimal, decimals: 12, min: -0.0, max: 1234567.123456789012}"
    variables, findings = declare(text)
    assert findings == []
    assert variables["x"].high == Decimal("1234567.123456789012")
    assert str(variables["x"].low) == "0"


def test_hexadecimal_bounds_are_numbers(declare: Declare) -> None:
    variables, findings = declare("x: {type: int, min: 0x10, max: 0o30}")
    assert findings == []
    assert (variables["x"].low, variables["x"].high) == (16, 24)


def test_words_of_yaml_1_1_are_words(declare: Declare) -> None:
    text = (
        "x: {type: enum, values: [on, off, yes, no, true, 1, 2026-01-01], missing: no}"
    )
    variables, findings = declare(text)
    assert findings == []
    words = ("on", "off", "yes", "no", "true", "1", "2026-01-01")
    assert variables["x"].values == words
    assert variables["x"].missing.at("en") == ("use", "no")


@pytest.mark.parametrize(
    ("declaration", "value"),
    [
        ("type: enum, values: [1, 2], missing: 1", "1"),
        ("type: enum, values: [true, false], missing: true", "true"),
        ("type: text, max: 4, missing: 0012", "0012"),
        ("type: decimal, min: 0, max: 9, missing: 7.20", Decimal("7.20")),
        ("type: int, min: 0, max: 99, missing: 30", 30),
        ("type: bool, missing: false", False),
        ("type: date, missing: 2026-01-01", "2026-01-01"),
    ],
)
def test_replacements_are_values_of_the_variable(
    declare: Declare, declaration: str, value: object
) -> None:
    variables, findings = declare(f"x: {{{declaration}}}")
    assert findings == []
    assert variables["x"].missing.at("en") == ("use", value)
    assert reader(variables["x"])(value) is not MISSING


def test_replacements_follow_the_locale_and_its_parents(declare: Declare) -> None:
    text = "x: {type: person_name, max: 8, missing: {zh-CN: 您, en: there, zh: 你}}"
    missing = declare(text)[0]["x"].missing
    assert missing.at("zh-Hans-CN") == ("use", "您")
    assert missing.at("zh-TW") == ("use", "你")
    assert missing.at("en-US") == ("use", "there")
    assert missing.at("fr-FR") == ("error", None)


def test_a_replacement_may_be_nothing_for_texts_and_lists(declare: Declare) -> None:
    text = 'x: {type: text, max: 3, missing: ""}\n'
    text += "y: {type: list, max_items: 2, missing: [], items: {a: {type: bool}}}"
    variables, findings = declare(text)
    assert findings == []
    assert variables["x"].missing.at("en") == ("use", "")
    assert variables["y"].missing.at("en") == ("use", [])


def test_another_key_may_hold_the_value(declare: Declare) -> None:
    assert declare("x: {type: bool, from: is_vip}")[0]["x"].source == "is_vip"


def test_enum_words_are_normalised(declare: Declare) -> None:
    variables, _ = declare('x: {type: enum, values: ["e\\u0301"]}')
    assert reader(variables["x"])("e\u0301") == "é"


def test_a_day_as_the_latest_moment_is_meant_to_its_end(declare: Declare) -> None:
    high = declare("x: {type: datetime, max: 2026-01-03}")[0]["x"].high
    assert isinstance(high, datetime)
    assert high.isoformat() == "2026-01-03T23:59:59.999999+00:00"
