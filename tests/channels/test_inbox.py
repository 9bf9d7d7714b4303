"""What a list of messages shows of an e-mail."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.inbox import INBOXES, Inbox, inbox_line
from copylab.channels.screens import ELLIPSIS, cut_to_columns
from copylab.channels.width import display_width

NARROW, PHONE, DESKTOP = INBOXES


def test_a_short_line_is_shown_whole() -> None:
    line = inbox_line("Hello", "and more", DESKTOP)
    assert (line.subject, line.preview) == ("Hello", "and more")
    assert (line.subject_cut, line.preview_cut) == (0, 0)


def test_the_subject_takes_the_room_of_the_preheader() -> None:
    line = inbox_line("s" * 40, "preheader", NARROW)
    assert line.subject == "s" * 32 + ELLIPSIS
    assert line.preview == ""
    assert (line.subject_cut, line.preview_cut) == (8, len("preheader"))


def test_the_preheader_is_cut_where_the_line_ends() -> None:
    line = inbox_line("Subject", "p" * 60, PHONE)
    assert line.subject == "Subject"
    assert line.preview == "p" * (48 - 7 - 3 - 1) + ELLIPSIS
    assert line.preview_cut == 60 - (48 - 7 - 3 - 1)


def test_a_preheader_without_room_is_told_by_its_ellipsis() -> None:
    line = inbox_line("s" * 30, "preheader", NARROW)
    assert (line.subject, line.preview) == ("s" * 30, ELLIPSIS)
    assert (line.subject_cut, line.preview_cut) == (0, 9)


def test_a_han_character_takes_two_columns() -> None:
    line = inbox_line("额" * 20, "", NARROW)
    assert line.subject == "额" * 16 + ELLIPSIS
    assert line.subject_cut == 8


WORDS = st.text("ab额度 …-👩", max_size=60).map(str.strip)


@given(WORDS.filter(bool), WORDS, st.sampled_from([*INBOXES, Inbox("tiny", 5)]))
def test_a_line_is_what_fits_and_tells_whether_it_is_all(
    subject: str, preview: str, inbox: Inbox
) -> None:
    line = inbox_line(subject, preview, inbox)
    assert display_width(line.subject) <= inbox.columns
    whole = subject + (f" - {preview}" if preview else "")
    shown, cut = cut_to_columns(whole, inbox.columns)
    assert bool(line.subject_cut or line.preview_cut) == bool(cut)
    if not cut:
        assert line.text == whole
    if line.preview and line.preview != ELLIPSIS:
        assert line.text == shown
