from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.audience.attributes import Attribute
from copylab.audience.condition import (
    And,
    Compare,
    Condition,
    Constant,
    Flag,
    IsNull,
    Not,
    Now,
    Or,
    Ref,
    audience_hash,
    refs_of,
    to_text,
)
from copylab.audience.parse import parse_condition

Parse = Callable[[str], Condition]

LOANS = Ref("loans", "int")
FLAG = Flag(Ref("app_installed", "bool"))


def test_reads_the_examples(parse: Parse) -> None:
    registered = Ref("registered_at", "timestamp")
    approved = Ref("approved_at", "timestamp", nullable=True)
    visited = Ref("last_visit_at", "timestamp", nullable=True)
    first = parse("registered_at <= now - 3 days and last_visit_at is null")
    assert first == And(
        (Compare(registered, "<=", Now(timedelta(days=-3))), IsNull(visited))
    )
    second = parse("approved_at <= now - 7 days and loans = 0 and app_installed")
    assert second == And(
        (
            Compare(approved, "<=", Now(timedelta(days=-7))),
            Compare(LOANS, "=", Constant(0, "int")),
            FLAG,
        )
    )


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("3<loans", "loans > 3"),
        ("loans!=-1", "loans <> -1"),
        ("NOT loans = 1", "not loans = 1"),
        ("not (loans in (1,2))", "loans not in (1, 2)"),
        ("visits is not null", "visits is not null"),
        ("not visits is null", "visits is not null"),
        ("stage not like 'a%'", "stage not like 'a%'"),
        ("stage = 'it''s'", "stage = 'it''s'"),
        (
            "loans = 1 or loans = 2 and app_installed",
            "loans = 1 or loans = 2 and app_installed",
        ),
        (
            "(loans = 1 or loans = 2) and app_installed",
            "(loans = 1 or loans = 2) and app_installed",
        ),
        ("((app_installed))", "app_installed"),
        ("score between -1.50 and 2.0", "score between -1.5 and 2.0"),
        ("approved_at > '2026-01-31'", "approved_at > '2026-01-31T00:00:00Z'"),
        (
            "approved_at > '2026-01-31 08:00+08:00'",
            "approved_at > '2026-01-31T00:00:00Z'",
        ),
        ("born = '2026-01-31'", "born = '2026-01-31'"),
        ("registered_at > now - 48 hours", "registered_at > now - 2 days"),
        ("registered_at > now + 90 minutes", "registered_at > now + 90 minutes"),
        ("registered_at > now - 0 days", "registered_at > now"),
        (
            "date(registered_at) = date(now - 1 day)",
            "date(registered_at) = date(now - 1 days)",
        ),
        ("loans\n  = 1\n  and true", "loans = 1 and true"),
        ("app_installed = false", "app_installed = false"),
    ],
)
def test_spells_conditions_in_one_way(parse: Parse, text: str, canonical: str) -> None:
    condition = parse(text)
    assert to_text(condition) == canonical
    assert parse(canonical) == condition
    assert audience_hash(parse(canonical)) == audience_hash(condition)


def test_and_binds_tighter_than_or_and_not_tighter_than_and(parse: Parse) -> None:
    found = parse("app_installed or not loans = 1 and app_installed")
    inner = And((Not(Compare(LOANS, "=", Constant(1, "int"))), FLAG))
    assert found == Or((FLAG, inner))


def test_literals_take_the_type_of_what_they_are_compared_with(parse: Parse) -> None:
    condition = parse("'2026-01-31' < approved_at")
    assert isinstance(condition, Compare)
    at = datetime(2026, 1, 31, tzinfo=UTC)
    assert (condition.op, condition.right) == (">", Constant(at, "timestamp"))
    decimal = parse("score = 0.10")
    assert isinstance(decimal, Compare)
    assert decimal.right == Constant(Decimal("0.1"), "decimal")


WRONG = [
    ("loan = 1", "unknown-attribute", "loan", "did you mean 'loans'?"),
    ("loans = 1 and nothing_like_it", "unknown-attribute", "nothing_like_it", ""),
    ("f(loans) = 1", "audience-syntax", "f(", ""),
    ("lower(stage) = 'x'", "audience-syntax", "lower(", ""),
    ("now() > registered_at", "audience-syntax", "now(", "write now"),
    ("loans in (select 1)", "audience-syntax", "select", ""),
    ("exists (select 1)", "audience-syntax", "exists", ""),
    ("case when app_installed then true end", "audience-syntax", "case", ""),
    ("loans = null", "audience-syntax", "null", "is null"),
    ("loans in (1, null)", "audience-syntax", "null", "is null"),
    ("app_installed is true", "audience-syntax", "is", "write ="),
    ('stage = "x"', "audience-syntax", '"x"', "'x'"),
    ("stage = 'x", "audience-syntax", "'x", "close the quote"),
    ("stage = 'x' 'y'", "audience-syntax", "'y'", ""),
    ("loans == 1", "audience-syntax", "==", "= once"),
    ("loans + 1 = 2", "audience-syntax", "+", "arithmetic"),
    ("loans * 2 = 2", "audience-syntax", "*", "arithmetic"),
    ("loans = 1; drop", "audience-syntax", ";", "one condition"),
    ("u.loans = 1", "audience-syntax", ".", "without a table"),
    ("loans::text = '1'", "audience-syntax", "::", ""),
    ("loans = 1 -- no", "audience-syntax", "-- no", "YAML"),
    ("loans = 1e3", "audience-syntax", "1e3", "digits"),
    ("loans = 1234567890123456789", "audience-syntax", "1234567890123456789", ""),
    ("(loans = 1", "audience-syntax", "(", "write )"),
    ("loans = 1)", "audience-syntax", ")", ""),
    ("loans = ", "audience-syntax", "=", ""),
    ("and loans = 1", "audience-syntax", "and", ""),
    ("loans 1", "audience-syntax", "1", ""),
    ("loans = 1 = 2", "audience-syntax", "loans = 1", ""),
    ("loans in ()", "audience-syntax", ")", ""),
    ("loans in visits", "audience-syntax", "loans in visits", ""),
    ("loans in 1", "audience-syntax", "loans in 1", ""),
    ("loans between 1", "audience-syntax", "1", ""),
    ("loans between 1 or 2", "audience-syntax", "or", ""),
    ("loans, visits", "audience-syntax", ",", ""),
    ("loans (1)", "audience-syntax", "loans (", ""),
    ("(loans) (1)", "audience-syntax", "(", ""),
    ("registered_at > now - 9999999 days", "audience-syntax", "now - 9999999 days", ""),
    ("loans = (visits = 1)", "audience-syntax", "visits = 1", ""),
    ("loans not = 1", "audience-syntax", "not", ""),
    ("", "audience-syntax", "", "loans = 0"),
    ("registered_at > now - 3 weeks", "audience-syntax", "now - 3 weeks", "3 days"),
    ("registered_at > now - 99999 days", "audience-syntax", "now - 99999 days", ""),
    ("registered_at > 3 days", "audience-syntax", "3", "now - 3 days"),
    ("date(loans = 1", "audience-syntax", "date", "date(now)"),
    ("now", "audience-syntax", "now", ""),
    ("(loans, loans) = (1, 2)", "audience-syntax", "loans, loans", ""),
    ("loans", "type-mismatch", "loans", ""),
    ("loans = 'x'", "type-mismatch", "loans = 'x'", ""),
    ("stage = 1", "type-mismatch", "stage = 1", ""),
    ("loans = true", "type-mismatch", "loans = true", ""),
    ("app_installed > true", "type-mismatch", "app_installed > true", ""),
    ("app_installed between false and true", "type-mismatch", "", ""),
    ("born < now", "type-mismatch", "born < now", "date("),
    ("born < '2026-1-1'", "type-mismatch", "'2026-1-1'", "2026-01-31"),
    ("born < '2026-02-30'", "type-mismatch", "'2026-02-30'", ""),
    ("approved_at < 'soon'", "type-mismatch", "'soon'", "T09:30:00Z"),
    ("now > '0001-01-01T00:00+10:00'", "type-mismatch", "'0001-01-01T00:00+10:00'", ""),
    ("date(loans) = date(now)", "type-mismatch", "date(loans)", ""),
    ("1 = 1", "type-mismatch", "1 = 1", ""),
    ("1 in (1, 2)", "type-mismatch", "1 in (1, 2", ""),
    ("1 between 0 and loans", "type-mismatch", "1 between 0 and loans", ""),
    ("loans in (1, visits)", "type-mismatch", "visits", ""),
    ("loans like '1%'", "type-mismatch", "loans", ""),
    ("stage like stage", "type-mismatch", "stage", "'app%'"),
    (r"stage like 'a\%'", "type-mismatch", r"'a\%'", ""),
    ("1 is null", "type-mismatch", "1", ""),
    ("(" * 31 + "app_installed" + ")" * 31, "too-complex", "(", ""),
    ("not " * 31 + "app_installed", "too-complex", "not", ""),
    ("x" * 5001, "too-complex", "x" * 5001, ""),
]


@pytest.mark.parametrize(("text", "rule", "shown", "cure"), WRONG)
def test_reports_what_is_wrong_at_its_place(
    attributes: dict[str, Attribute], text: str, rule: str, shown: str, cure: str
) -> None:
    condition, problems = parse_condition(text, attributes)
    assert condition is None
    assert [problem.rule for problem in problems] == [rule]
    start, end = problems[0].place
    assert text[start:end] == (shown or text)
    assert cure in problems[0].help


def test_reports_every_unknown_attribute_at_once(
    attributes: dict[str, Attribute],
) -> None:
    _, problems = parse_condition("aa = 1 and (bb or cc like 'x')", attributes)
    assert [problem.place for problem in problems] == [(0, 2), (12, 14), (18, 20)]


def test_names_the_attributes_it_looks_at(parse: Parse) -> None:
    text = "date(approved_at) = born or not (loans in (1) and stage like 'a') or "
    text += "visits between 1 and loans or opted_out or score is null or true"
    names = [ref.name for ref in refs_of(parse(text))]
    first = ["approved_at", "born", "loans", "stage"]
    assert names == [*first, "visits", "loans", "opted_out", "score"]


def test_long_chains_are_read(parse: Parse) -> None:
    text = " or ".join(f"loans = {number}" for number in range(300))
    condition = parse(text)
    assert isinstance(condition, Or)
    assert len(condition.conditions) == 300


WORDS = "loans stage app_installed now date ( ) , = <> < in is not null like between"
WORDS += " and or true 'a' '' 1 -1 2.5 - 3 days hours interval \" ' ; -- /* . :: [ {{ ?"
WORDS += " select case @ $1 :x || <=> 0x1 N'x' any all ilike \n"


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split(" ")), max_size=12))
def test_never_raises_and_never_reads_what_it_does_not_know(
    attributes: dict[str, Attribute], words: list[str]
) -> None:
    text = " ".join(words)
    condition, problems = parse_condition(text, attributes)
    assert (condition is None) == bool(problems)
    for problem in problems:
        assert 0 <= problem.place.start <= problem.place.end <= len(text)
    if condition is not None:
        assert parse_condition(to_text(condition), attributes)[0] == condition


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_never_raises_for_any_text(attributes: dict[str, Attribute], text: str) -> None:
    condition, problems = parse_condition(text, attributes)
    assert (condition is None) == bool(problems)
