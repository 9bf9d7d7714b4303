from collections.abc import Callable

import pytest

from copylab.audience.condition import And, Condition, Named, Not, Or, Place
from copylab.audience.nulls import null_problems

Parse = Callable[[str], Condition]


def found(condition: Condition) -> list[tuple[str | None, Place]]:
    problems = null_problems(condition)
    assert all(problem.rule == "nullable-compared" for problem in problems)
    assert all(problem.help for problem in problems)
    return [(problem.severity, problem.place) for problem in problems]


@pytest.mark.parametrize(
    "text",
    [
        "loans = 1 and not app_installed",
        "registered_at <= now - 3 days and last_visit_at is null",
        "visits is not null and visits > 3",
        "visits is null or visits <> 3",
        "visits is null or not visits = 3",
        "not (visits is not null and visits = 3)",
        "visits is not null and (visits > 3 or not visits = 1)",
        "(visits is null and app_installed) or visits <> 3",
        "score is not null and visits is not null and score <> visits",
        "true",
    ],
)
def test_is_silent_where_null_cannot_be_or_was_spoken_about(
    parse: Parse, text: str
) -> None:
    assert found(parse(text)) == []


@pytest.mark.parametrize(
    ("text", "severity", "place"),
    [
        ("approved_at <= now - 7 days and loans = 0", "warning", (0, 27)),
        ("loans = 0 and opted_out", "warning", (14, 23)),
        ("visits in (1, 2)", "warning", (0, 15)),
        ("not visits <> 3", "warning", (4, 15)),
        ("date(approved_at) = date(now)", "warning", (0, 29)),
        ("visits <> 3", "error", (0, 11)),
        ("not visits = 3", "error", (4, 14)),
        ("visits not in (1, 2)", "error", (0, 19)),
        ("stage not like 'a%'", "error", (0, 19)),
        ("not opted_out", "error", (4, 13)),
        ("not (loans = 1 or visits > 3)", "error", (18, 28)),
        ("loans is null or visits <> 3", "error", (17, 28)),
    ],
)
def test_warns_where_users_fall_out_and_errs_where_they_seem_to_stay(
    parse: Parse, text: str, severity: str, place: tuple[int, int]
) -> None:
    assert found(parse(text)) == [(severity, place)]


@pytest.mark.parametrize(
    "text",
    [
        "visits > 0 and visits <> 3",
        "visits <> 3 and (loans = 1 and visits > 0)",
    ],
)
def test_an_error_sinks_where_another_comparison_decides(
    parse: Parse, text: str
) -> None:
    assert [severity for severity, _ in found(parse(text))] == ["warning", "warning"]


def test_an_alternative_does_not_decide(parse: Parse) -> None:
    severities = [severity for severity, _ in found(parse("visits > 5 or visits <> 3"))]
    assert severities == ["warning", "error"]


def test_a_named_audience_is_judged_where_it_is_declared(parse: Parse) -> None:
    place = Place(4, 9)
    equal = Named("three", parse("visits = 3"), place)
    unequal = Named("three", parse("visits <> 3"), place)
    negated = Named("three", parse("not visits = 3"), place)
    assert found(equal) == found(unequal) == found(negated) == []
    assert found(Not(equal)) == [("error", place)]
    assert found(Not(unequal)) == found(Not(negated)) == []
    assert found(Not(Not(equal))) == []


def test_null_may_be_spoken_about_around_a_named_audience(parse: Parse) -> None:
    named = Named("three", parse("visits = 3"), Place(0, 5))
    assert found(Or((parse("visits is null"), Not(named)))) == []
    spoken = Named("three", parse("visits is not null and visits = 3"))
    assert found(Not(spoken)) == []
    excluded = And((parse("visits > 0"), Not(named)))
    assert [severity for severity, _ in found(excluded)] == ["warning", "warning"]


def test_a_named_audience_with_two_comparisons_is_reported_once(parse: Parse) -> None:
    named = Named("n", parse("visits = 3 or visits = 3"), Place(0, 1))
    assert len(found(Not(named))) == 1
