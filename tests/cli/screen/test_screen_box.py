"""Text in a frame: every line as wide as the frame, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.graphemes import split_graphemes
from copylab.channels.width import display_width
from copylab.cli.screen.box import draw_box, wrap

TEXTS = st.text(
    alphabet=st.sampled_from("ab  .é好，𠮷👍🏽\u0301\u200d一"), min_size=0, max_size=80
)


@given(TEXTS, st.integers(4, 30))
def test_the_lines_of_a_paragraph_joined_are_the_paragraph(
    text: str, columns: int
) -> None:
    assert "".join(wrap(text, columns)) == text


@given(TEXTS, st.integers(8, 30))
def test_no_line_is_wider_than_asked_but_for_the_blank_at_its_end(
    text: str, columns: int
) -> None:
    for line in wrap(text, columns):
        widest = max(map(display_width, split_graphemes(line)), default=0)
        assert display_width(line.rstrip(" ")) <= max(columns, widest)


def test_lines_break_at_spaces_and_between_wide_characters() -> None:
    assert wrap("one two three", 8) == ["one two ", "three"]
    assert wrap("您好，世界和平", 6) == ["您好，", "世界和", "平"]


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert wrap("https://example", 6) == ["https:", "//exam", "ple"]


def test_line_breaks_of_the_text_are_kept() -> None:
    assert wrap("a\n\nb", 10) == ["a", "", "b"]


def test_a_frame_has_a_rule_with_a_title_for_each_section() -> None:
    assert draw_box([("part 1", "您好"), ("part 2", "ab")], columns=10) == [
        "╭─ part 1 ───╮",
        "│ 您好       │",
        "├─ part 2 ───┤",
        "│ ab         │",
        "╰────────────╯",
    ]


@given(TEXTS, st.integers(8, 30))
def test_every_line_of_a_frame_is_as_wide_as_the_frame(text: str, columns: int) -> None:
    clusters = split_graphemes(text)
    lines = draw_box([("", text)], columns)
    if all(display_width(cluster) <= columns for cluster in clusters):
        assert {display_width(line) for line in lines} == {columns + 4}


def test_what_a_terminal_obeys_is_spelt_out() -> None:
    lines = draw_box([("", "a\x1b]0;x\x07\u202eb")], columns=30)
    assert "a<U+001B>]0;x<U+0007><U+202E>b" in lines[1]
