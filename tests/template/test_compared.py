"""The constants at which conditions turn."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from copylab.message.copy import make_passage
from copylab.source import SourceFile
from copylab.template.compared import compared_constants
from copylab.template.lower import lower_passage
from copylab.template.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.message.model import Variable

    Constants = Callable[[str], dict[str, set[object]]]


@pytest.fixture
def constants(declared: Mapping[str, Variable]) -> Constants:
    def find(text: str) -> dict[str, set[object]]:
        passage = make_passage(SourceFile("sms.en-US.md", text), 0, len(text))
        lowered = lower_passage(passage, Scope(declared, "en-US"))
        assert lowered.findings == ()
        found = compared_constants(lowered.shape)
        return {name: set(values) for name, values in found.items()}

    return find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if days > 3 %}a{% elif days == 7 %}b{% endif %}", {"days": {3, 7}}),
        ("{% if 3 < days <= 9 %}a{% endif %}", {"days": {3, 9}}),
        ("{% if days + 2 > 8 %}a{% endif %}", {"days": {6}}),
        ("{% if 8 >= 1 + days - 4 %}a{% endif %}", {"days": {11}}),
        ("{% if 10 - days > 4 %}a{% endif %}", {}),
        ("{% if count in [1, 5] %}a{% endif %}", {"count": {1, 5}}),
        ("{{ 'a' if cny < 9.5 else 'b' }}", {"cny": {Decimal("9.5")}}),
        ("{% if note == 'VIP' %}a{% endif %}", {"note": {"VIP"}}),
        ("{% if stage in ['repaid'] %}a{% endif %}", {"stage": {"repaid"}}),
        ("{% if not (vip and days >= 5) %}a{% endif %}", {"days": {5}}),
        ("{% if days > count %}a{% endif %}", {}),
        ("{{ days }}", {}),
    ],
)
def test_constants_are_found_where_the_comparison_turns(
    constants: Constants, text: str, expected: dict[str, set[object]]
) -> None:
    assert constants(text) == expected
