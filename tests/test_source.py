"""Source files: lines, columns and spans."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copylab.source import SourceFile, Span


@given(text=st.text(alphabet="a中😀\n\r \u2028\x85", max_size=40))
def test_every_offset_has_its_line_and_column(text: str) -> None:
    source = SourceFile("a", text)
    lines = source.text.split("\n")
    assert "\r" not in source.text
    for offset in range(len(source.text) + 1):
        line, column = source.position(offset)
        before = sum(len(each) + 1 for each in lines[: line - 1])
        assert before + column - 1 == offset
        assert source.line(line) == lines[line - 1]


def test_all_line_ends_become_one() -> None:
    assert SourceFile("a", "a\r\nb\rc\n").text == "a\nb\nc\n"
    assert SourceFile("a", "a\r\nb") == SourceFile("a", "a\nb")


def test_spans_count_code_points_from_one() -> None:
    source = SourceFile("a", "你😀\nb")
    assert source.span(1, 2) == Span("a", 1, 2, 1, 3)
    assert source.span(0, 4) == Span("a", 1, 1, 2, 2)
    assert source.whole() == Span("a", 1, 1, 1, 3)


def test_a_line_that_is_not_there_is_empty() -> None:
    source = SourceFile("a", "x\n")
    assert [source.line(number) for number in (0, 1, 2, 3, -1)] == ["", "x", "", "", ""]
