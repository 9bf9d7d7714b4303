import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from copylab.audience.condition import And, Condition, Named, Not
from copylab.audience.explain import AttributeValue, explain

Parse = Callable[[str], Condition]

NOW = datetime(2026, 2, 1, tzinfo=UTC)
TEXT = "approved_at <= now - 7 days and loans = 0 and app_installed"


def test_names_the_clauses_that_keep_a_user_out(parse: Parse) -> None:
    user = {"approved_at": NOW - timedelta(days=8), "loans": 2, "app_installed": False}
    clause = explain(parse(TEXT), user, now=NOW)
    assert clause.value is False
    assert clause.text == TEXT
    assert [part.value for part in clause.clauses] == [True, False, False]
    deciding = clause.deciding()
    assert [part.text for part in deciding] == ["loans = 0", "app_installed"]
    assert deciding[0].attributes == (AttributeValue("loans", 2, 2),)


def test_every_clause_decides_that_a_user_is_in(parse: Parse) -> None:
    user = {"approved_at": "2026-01-01T00:00:00Z", "loans": "0", "app_installed": True}
    clause = explain(parse(TEXT), user, now=NOW)
    assert clause.value is True
    assert len(clause.deciding()) == 3
    first = clause.clauses[0].attributes[0]
    assert first.given == "2026-01-01T00:00:00Z"
    assert first.read == datetime(2026, 1, 1, tzinfo=UTC)


def test_unknown_is_explained_by_what_is_unknown(parse: Parse) -> None:
    user = {"approved_at": None, "loans": 0, "app_installed": True}
    clause = explain(parse(TEXT), user, now=NOW)
    assert clause.value is None
    assert [part.text for part in clause.deciding()] == ["approved_at <= now - 7 days"]
    assert clause.clauses[0].attributes == (AttributeValue("approved_at", None, None),)


@pytest.mark.parametrize(
    ("text", "given", "problem"),
    [
        ("loans = 0", "abc", "is a str that is no int"),
        ("loans = 0", None, "is missing, and is declared int without ?"),
        ("visits = 0", None, ""),
        ("visits = 0", True, "is a bool that is no int"),
        ("score = 0", float("nan"), ""),
        ("score = 0", float("inf"), "is a float that is no decimal"),
        ("visits = 0", " ", ""),
        ("stage = 'x'", 7, "is a int that is no string"),
        ("opted_out", 1, "is a int that is no bool"),
        ("registered_at < now", 1700000000, "is a int that is no timestamp"),
        ("born < date(now)", NOW, "is a datetime that is no date"),
    ],
)
def test_says_what_is_wrong_with_a_value(
    parse: Parse, text: str, given: object, problem: str
) -> None:
    name = text.split(maxsplit=1)[0]
    clause = explain(parse(text), {name: given}, now=NOW)
    assert clause.value is None
    (value,) = clause.attributes
    assert value.read is None
    assert value.problem.startswith(problem)
    assert bool(value.problem) == bool(problem)


def test_named_audiences_and_not_are_shown_as_such(parse: Parse) -> None:
    condition = And(
        (Not(Named("borrowed", parse("loans > 0"))), parse("app_installed"))
    )
    clause = explain(condition, {"loans": 1, "app_installed": True}, now=NOW)
    negation = clause.clauses[0]
    assert (negation.text, negation.value) == ("not borrowed", False)
    assert negation.clauses[0].text == "borrowed"
    assert [part.text for part in clause.deciding()] == ["loans > 0"]


def test_an_alternative_that_holds_decides_alone(parse: Parse) -> None:
    condition = parse("loans = 0 or loans = 1 or app_installed")
    clause = explain(condition, {"loans": 1, "app_installed": False}, now=NOW)
    assert [part.text for part in clause.deciding()] == ["loans = 1"]


def test_is_json_ready(parse: Parse) -> None:
    user = {"approved_at": NOW, "loans": Decimal(1), "app_installed": True}
    record = explain(parse(TEXT), user, now=NOW).to_dict()
    assert json.loads(json.dumps(record)) == record
    assert record["value"] is False


def test_needs_a_time_with_a_zone(parse: Parse) -> None:
    with pytest.raises(ValueError, match="must have a time zone"):
        explain(parse(TEXT), {}, now=datetime(2026, 1, 1))  # noqa: DTZ001
