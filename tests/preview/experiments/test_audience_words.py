"""A condition in words, in both languages."""

from __future__ import annotations

import pytest

from copylab.audience.attributes import Attribute
from copylab.audience.read import read_condition
from copylab.preview.experiments.audience import Clause, word_condition
from copylab.preview.page import View

KNOWN = {
    name: Attribute(name, kind, nullable)
    for name, kind, nullable in (
        ("approved_at", "timestamp", True),
        ("loans", "int", False),
        ("city", "string", True),
        ("app", "bool", False),
    )
}


def words(text: str, language: str = "en") -> Clause:
    audience, problems = read_condition(text, KNOWN, {})
    assert problems == []
    assert audience is not None
    view = View(language, "experiments/x.html", is_served=False)  # type: ignore[arg-type]
    return word_condition(audience.condition, view)


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        ("loans = 0", "loans is 0", "loans 等于 0"),
        ("loans <> 2", "loans is not 2", "loans 不等于 2"),
        ("loans >= 3", "loans is 3 at least", "loans 不小于 3"),
        ("loans < 3", "loans is below 3", "loans 小于 3"),
        ("loans in (1, 2)", "loans is one of 1, 2", "loans 是以下之一：1, 2"),
        (
            "loans not in (1, 2)",
            "loans is none of 1, 2",
            "loans 不是以下任何一个：1, 2",
        ),
        ("loans between 1 and 3", "loans is between 1 and 3", "loans 介于 1 与 3 之间"),
        ("app", "app is true", "app 为是"),
        ("not app", "app is false", "app 为否"),
        ("city is null", "city is empty", "city 为空"),
        ("city is not null", "city has a value", "city 不为空"),
    ],
)
def test_a_clause_is_a_sentence(condition: str, english: str, chinese: str) -> None:
    assert words(condition) == Clause(english)
    assert words(condition, "zh") == Clause(chinese)


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        ("<= now - 7 days", "is 7 days ago or longer", "距今 7 天或更久"),
        ("< now - 1 days", "is more than a day ago", "在 1 天以前"),
        ("> now - 90 days", "is less than 90 days ago", "距今不到 90 天"),
        (">= now - 36 hours", "is 36 hours ago at most", "距今不超过 36 小时"),
        ("<= now + 3 days", "is 3 days away at most", "不晚于今后 3 天"),
        ("> now", "is still to come", "未到"),
        ("<= now", "is past", "已过"),
    ],
)
def test_a_time_is_told_from_now(condition: str, english: str, chinese: str) -> None:
    text = f"approved_at is not null and approved_at {condition}"
    assert words(text).parts[1].text == f"approved_at {english}"
    assert words(text, "zh").parts[1].text == f"approved_at {chinese}"


def test_a_time_before_its_attribute_is_told_the_same() -> None:
    turned = "approved_at is not null and now - 7 days >= approved_at"
    usual = "approved_at is not null and approved_at <= now - 7 days"
    assert words(turned).parts[1] == words(usual).parts[1]


def test_parts_keep_their_tree() -> None:
    found = words(
        "loans = 0 and (city is null or city = 'x') and not (loans > 1 or app)"
    )
    assert found.text == "all of these hold"
    one, two, three = found.parts
    assert one.parts == ()
    assert two.text == "at least one of these holds"
    assert [part.text for part in two.parts] == ["city is empty", "city is 'x'"]
    assert three.text == "this does not hold"
    assert three.parts[0].text == "at least one of these holds"
