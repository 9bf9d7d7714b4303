"""What differs between two texts, so that a reader of either language sees it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.graphemes import split_graphemes
from copylab.preview.differences import Piece, fold, mark

WORDS = st.text(alphabet="ab 1,。额度年化您的\n👨\u200d👩\u0301é", max_size=40)


def sides(pieces: Any) -> tuple[str, str]:
    """The first and the second text, put together from the pieces again."""
    first = "".join(piece.text for piece in pieces if piece.kind != "added")
    second = "".join(piece.text for piece in pieces if piece.kind != "removed")
    return first, second


def test_words_of_letters_stay_whole() -> None:
    assert mark("your limit is ready", "your limits are ready") == (
        Piece("same", "your "),
        Piece("removed", "limit is"),
        Piece("added", "limits are"),
        Piece("same", " ready"),
    )


def test_chinese_is_compared_by_character() -> None:
    pieces = mark("您的申请填到身份核对，继续", "您的申请填到联系方式，继续")
    assert pieces == (
        Piece("same", "您的申请填到"),
        Piece("removed", "身份核对"),
        Piece("added", "联系方式"),
        Piece("same", "，继续"),
    )


def test_a_character_that_happens_to_be_in_both_does_not_tear_a_phrase_apart() -> None:
    pieces = mark("填到绑定银行卡了", "填到银色联系卡片")
    assert [piece.kind for piece in pieces] == ["same", "removed", "added"]


def test_a_family_is_one_sign_and_differs_as_a_whole() -> None:
    girl, boy = "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👦"
    assert mark(f"hi {girl}!", f"hi {boy}!")[1:3] == (
        Piece("removed", girl),
        Piece("added", boy),
    )


def test_equal_texts_are_one_piece_and_no_text_is_none() -> None:
    assert mark("same", "same") == (Piece("same", "same"),)
    assert mark("", "") == ()
    assert mark("", "new") == (Piece("added", "new"),)


@given(WORDS, WORDS)
def test_the_pieces_put_together_are_the_two_texts(first: str, second: str) -> None:
    assert sides(mark(first, second)) == (first, second)


@given(WORDS, WORDS)
def test_folding_leaves_no_word_out(first: str, second: str) -> None:
    folded = fold(mark(first, second))
    assert sides(folded) == (first, second)
    assert all(piece.kind == "same" for piece in folded if piece.folded)


@given(WORDS, WORDS)
def test_no_sign_of_a_line_is_cut_in_two(first: str, second: str) -> None:
    if "\n" in first + second:
        return
    cuts = [sides(mark(first, second)[:count])[1] for count in range(9)]
    starts, at = {0}, 0
    for cluster in split_graphemes(second):
        at += len(cluster)
        starts.add(at)
    assert all(len(cut) in starts for cut in cuts)


def test_lines_far_from_a_difference_are_folded_and_counted() -> None:
    lines = [f"line {number}" for number in range(20)]
    changed = [*lines[:9], "another line", *lines[10:]]
    pieces = fold(mark("\n".join(lines), "\n".join(changed)))
    assert [piece.folded for piece in pieces if piece.folded] == [7, 9]
    shown = "".join(piece.text for piece in pieces if not piece.folded)
    assert "line 8" in shown
    assert "line 10" in shown
    assert "line 3" not in shown


def test_a_few_lines_are_shown_rather_than_folded() -> None:
    text = "one\ntwo\nthree\nfour"
    assert not any(piece.folded for piece in fold(mark(text, text + "\nfive")))


def test_very_long_texts_that_share_no_line_differ_as_wholes() -> None:
    first, second = "啊" * 3000, "啊" * 2999 + "哦"
    assert mark(first, second) == (Piece("removed", first), Piece("added", second))
