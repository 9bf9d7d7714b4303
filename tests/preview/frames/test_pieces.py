"""A text cut where something about it changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copylab.preview.frames.pieces import Mark, Piece, cut_pieces

TEXTS = st.text("ab额 👩\n", max_size=12)
MARKS = st.lists(
    st.builds(
        lambda start, size, kind: Mark(start, start + size, kind, kind.upper()),
        st.integers(0, 14),
        st.integers(0, 6),
        st.sampled_from(["one", "two"]),
    ),
    max_size=4,
)


def test_a_text_without_marks_is_one_piece() -> None:
    assert cut_pieces("words") == (Piece("words"),)


def test_an_empty_text_has_no_pieces() -> None:
    assert cut_pieces("") == ()


def test_marks_that_overlap_are_both_on_what_they_share() -> None:
    marks = [Mark(0, 3, "one", "first"), Mark(2, 5, "two", "second")]
    assert cut_pieces("abcdef", marks) == (
        Piece("ab", ("one",), "first"),
        Piece("c", ("one", "two"), "first; second"),
        Piece("de", ("two",), "second"),
        Piece("f"),
    )


def test_a_mark_reaches_over_the_end_of_a_stretch() -> None:
    marks = [Mark(2, 6, "link")]
    assert cut_pieces("abcdefgh", marks, start=0, end=4) == (
        Piece("ab"),
        Piece("cd", ("link",)),
    )
    assert cut_pieces("abcdefgh", marks, start=4) == (
        Piece("ef", ("link",)),
        Piece("gh"),
    )


@given(TEXTS, MARKS, st.data())
def test_the_pieces_are_the_stretch_and_each_character_keeps_its_marks(
    text: str, marks: list[Mark], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    pieces = cut_pieces(text, marks, start=start, end=end)
    assert "".join(piece.text for piece in pieces) == text[start:end]
    assert all(piece.text for piece in pieces)
    at = start
    for piece in pieces:
        for index in range(at, at + len(piece.text)):
            kinds = {mark.kind for mark in marks if mark.start <= index < mark.end}
            assert set(piece.kinds) == kinds
        at += len(piece.text)
