from collections.abc import Callable

import pytest

from copylab.audience.attributes import Attribute, parse_attribute
from copylab.audience.condition import Condition
from copylab.audience.parse import parse_condition

DECLARED = {
    "user_id": "string",
    "stage": "string?",
    "loans": "int",
    "visits": "int?",
    "score": "decimal?",
    "app_installed": "bool",
    "opted_out": "bool?",
    "born": "date?",
    "registered_at": "timestamp",
    "approved_at": "timestamp?",
    "last_visit_at": "timestamp?",
}


@pytest.fixture(scope="session")
def attributes() -> dict[str, Attribute]:
    return {name: parse_attribute(name, text) for name, text in DECLARED.items()}


@pytest.fixture(scope="session")
def parse(attributes: dict[str, Attribute]) -> Callable[[str], Condition]:
    def parse_text(text: str) -> Condition:
        condition, problems = parse_condition(text, attributes)
        assert problems == []
        assert condition is not None
        return condition

    return parse_text
