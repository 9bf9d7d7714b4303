"""From a place in a file to the same words in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from copylab.findings import Finding, place
from copylab.message.copy import make_passage
from copylab.message.model import Variable
from copylab.preview.trying.excerpt import cut_excerpt
from copylab.preview.trying.printed import interval_of, offset_of, print_field
from copylab.source import SourceFile, Span
from copylab.template.lower import Template, lower_passage
from copylab.template.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT = "# plain\n  Hello {{ name }}, {# note #}see\n\\# this: {{ name }}!\nEnd  \n"
NOWHERE = Span("message.yaml", 1, 1, 1, 1)
VARIABLES: Mapping[str, Variable] = {
    "name": Variable("name", "text", "name", NOWHERE, max_length=20)
}


def template_of(text: str) -> Template:
    source = SourceFile("templates/m/sms.en-US.md", text)
    start = source.text.index("\n") + 1
    end = len(source.text.rstrip())
    passage = make_passage(source, start, end)
    scope = Scope(VARIABLES, "en-US")
    return Template(passage, lower_passage(passage, scope), scope)


def finding_at(source: SourceFile, start: int, end: int) -> Finding:
    finding = Finding("some-rule", "X001", "warning", "it is wrong")
    return place(finding, source.span(start, end))


@given(st.text("abcé中😀 \n", max_size=8), st.integers(0, 60), st.integers(1, 20))
def test_marked_words_are_those_of_the_file(name: str, at: int, size: int) -> None:
    template = template_of(TEXT)
    source = template.passage.source
    start = min(at, len(source.text) - 1)
    end = min(start + size, len(source.text))
    sent = f"Hello {name}, see\n# this: {name}!\nEnd".strip()
    printed = print_field("body", template, {"name": name}, sent)
    wanted = source.text[start:end]
    for low, high in printed.ranges(finding_at(source, start, end), source):
        assert 0 <= low < high <= len(sent)
        for word in sent[low:high].replace(name, " ").split() if name else ():
            assert word in TEXT
    if "this" in wanted:
        marks = printed.ranges(finding_at(source, start, end), source)
        assert any("this" in sent[low:high] for low, high in marks) or not marks


def test_a_word_of_the_copy_is_found_behind_values_of_any_length() -> None:
    template = template_of(TEXT)
    source = template.passage.source
    at = TEXT.index("this")
    for name in ("", "x", "a long name 😀"):
        sent = f"Hello {name}, see\n# this: {name}!\nEnd"
        printed = print_field("body", template, {"name": name}, sent)
        (found,) = printed.ranges(finding_at(source, at, at + 4), source)
        assert sent[slice(*found)] == "this"


def test_a_tag_stands_for_what_it_prints() -> None:
    template = template_of(TEXT)
    source = template.passage.source
    at = TEXT.index("{{ name }}!")
    sent = "Hello Ann, see\n# this: Ann!\nEnd"
    printed = print_field("body", template, {"name": "Ann"}, sent)
    (found,) = printed.ranges(finding_at(source, at + 3, at + 7), source)
    assert found == (sent.rindex("Ann"), sent.rindex("Ann") + 3)
    assert printed.holds_value(*found)
    assert not printed.holds_value(0, 5)


def test_nothing_is_marked_where_the_text_is_another() -> None:
    template = template_of(TEXT)
    source = template.passage.source
    printed = print_field("body", template, {"name": "Ann"}, "Something else")
    at = TEXT.index("this")
    assert printed.ranges(finding_at(source, at, at + 4), source) == ()


@given(st.text("ab\n", max_size=20), st.integers(0, 20))
def test_lines_and_columns_lead_back_to_the_offset(text: str, at: int) -> None:
    source = SourceFile("x", text)
    offset = min(at, len(text))
    assert offset_of(source, *source.position(offset)) == offset


def test_a_finding_of_another_file_has_no_place() -> None:
    source = SourceFile("one", "text")
    assert interval_of(Finding("r", "X", "info", "m", "two", 1, 1), source) is None
    assert interval_of(Finding("r", "X", "info", "m", "one"), source) is None


def test_an_excerpt_shows_the_lines_with_their_marks_and_the_gaps() -> None:
    source = SourceFile("f", "one\ntwo\nthree\nfour\nfive")
    two, five = finding_at(source, 4, 7), finding_at(source, 19, 21)
    lines = cut_excerpt(source, [(1, two), (2, five)])
    assert [(line.number, line.is_after_gap) for line in lines] == [
        (2, False),
        (5, True),
    ]
    assert [(p.text, p.numbers) for p in lines[1].pieces] == [("fi", (2,)), ("ve", ())]
    around = cut_excerpt(source, [(1, two)], around=1)
    assert [line.number for line in around] == [1, 2, 3]
