"""Fixes change what they name and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.findings import Edit, Finding, Fix
from copylab.lint.fix import apply_fixes, files_to_fix
from copylab.source import SourceFile, Span

TEXTS = st.lists(
    st.sampled_from(["a", "’", "𠮷", "\r\n", "\n", "\r", " "]), max_size=40
)


def finding(*edits: Edit, safe: bool = True) -> Finding:
    return Finding("x", "X1", "info", "says", fix=Fix(edits, is_safe=safe))


@given(TEXTS, st.booleans())
def test_every_other_byte_stays_whatever_the_line_ends(
    pieces: list[str],
    mark: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    raw = ("\ufeff" if mark else "") + "".join(pieces)
    source = SourceFile("a.md", raw.removeprefix("\ufeff"))
    found = [
        finding(Edit(source.span(index, index + 1), "'"))
        for index, character in enumerate(source.text)
        if character == "’"
    ]
    fixed = apply_fixes(raw.encode(), found)
    assert fixed.data == raw.replace("’", "'").encode()
    assert (fixed.fixes, fixed.left) == (len(found), 0)


def test_edits_that_overlap_wait_for_the_next_time() -> None:
    source = SourceFile("a.md", "abcdef")
    one = finding(Edit(source.span(0, 3), "X"))
    other = finding(Edit(source.span(2, 4), "Y"))
    fixed = apply_fixes(b"abcdef", [one, other])
    assert (fixed.data, fixed.fixes, fixed.left) == (b"Xdef", 1, 1)


def test_the_same_edit_of_two_findings_is_made_once() -> None:
    source = SourceFile("a.md", "abc")
    twin = finding(Edit(source.span(1, 2), ""))
    fixed = apply_fixes(b"abc", [twin, twin])
    assert (fixed.data, fixed.fixes) == (b"ac", 2)


def test_unsafe_fixes_and_those_of_several_files_are_left_out() -> None:
    here, there = (Edit(Span(name, 1, 1, 1, 2), "") for name in ("a.md", "b.md"))
    both = finding(here, there)
    risky = finding(here, safe=False)
    assert files_to_fix([both, risky]) == {}
    assert files_to_fix([both, risky], unsafe=True) == {"a.md": [risky]}


@pytest.mark.parametrize(
    "text",
    [
        "Acme {\u200b% if %} x",
        "Acme {\u200b{ x }} x",
        "x {\u200b# c #}",
        "x {# c #\u200b}",
        "\u200b# plain\ncopy",
        "a\n  \u200b# plain\ncopy",
        "\u200b\\# plain",
    ],
)
def test_no_fix_makes_a_tag_a_comment_or_a_heading_of_copy(text: str) -> None:
    source = SourceFile("a.md", text)
    at = text.index("\u200b")
    fixed = apply_fixes(text.encode(), [finding(Edit(source.span(at, at + 1), ""))])
    assert fixed.data == text.encode()
    assert fixed.fixes == 0


def test_a_sign_that_would_open_a_tag_is_not_put_in() -> None:
    source = SourceFile("a.md", "｛{ x }}")
    fixed = apply_fixes("｛{ x }}".encode(), [finding(Edit(source.span(0, 1), "{"))])
    assert fixed.fixes == 0
