import pytest

from copylab.audience.attributes import (
    ATTRIBUTE_TYPES,
    Attribute,
    parse_attribute,
    read_attributes,
)
from copylab.source import Span

PLACE = Span("copylab.yaml", 4, 16, 4, 26)


@pytest.mark.parametrize("kind", ATTRIBUTE_TYPES)
def test_reads_every_type_with_and_without_null(kind: str) -> None:
    assert parse_attribute("x", kind) == Attribute("x", kind)  # type: ignore[arg-type]
    optional = parse_attribute("x", f" {kind}? ")
    assert (optional.type, optional.nullable) == (kind, True)


@pytest.mark.parametrize("text", ["", "?", "text", "Int", "int??", "int ?", "? int"])
def test_refuses_what_is_no_type(text: str) -> None:
    with pytest.raises(ValueError, match="is no type"):
        parse_attribute("x", text)


@pytest.mark.parametrize("name", ["", "a-b", "1a", "a.b", "名", "a b", "x" * 101])
def test_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        parse_attribute(name, "int")


@pytest.mark.parametrize("name", ["and", "now", "NULL", "true", "select"])
def test_refuses_words_of_the_language(name: str) -> None:
    with pytest.raises(ValueError, match="is a word of the condition language"):
        parse_attribute(name, "int")


def test_reports_each_wrong_declaration_at_its_place() -> None:
    declared = {
        "loans": ("int", PLACE),
        "approved_at": ("timestmp?", PLACE),
        "not": ("int", PLACE),
        "Loans": ("int", PLACE),
        "x": ("list", PLACE),
    }
    attributes, findings = read_attributes(declared)
    assert set(attributes) == {"loans", "Loans"}
    assert [finding.help for finding in findings] == [
        "did you mean 'timestamp'?",
        "rename the attribute",
        "rename one",
        "types: string, int, decimal, bool, date, timestamp",
    ]
    assert {finding.line for finding in findings} == {4}
    assert "differ in case only" in findings[2].message
