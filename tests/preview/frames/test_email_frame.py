"""An e-mail as inboxes list it and readers open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.channels.composed import Email
from copylab.channels.inbox import INBOXES, inbox_line
from copylab.preview.frames.email import email_frame
from copylab.preview.frames.pieces import Mark
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.message.model import Message
    from copylab.preview.frames.email import InboxView


@pytest.fixture
def message(make_files: Callable[..., Path]) -> Message:
    files = {
        "copylab.yaml": "brand: {name: Acme}\nlocales: {default: en-US}\n",
        "templates/hello/message.yaml": "purpose: transactional\nlive: plain\n"
        "variants: {plain: {}}\nmarkets: [US]\n",
        "templates/hello/email.en-US.md": "## subject\nHi\n## body\nHello\n",
    }
    return open_workspace(make_files(files)).messages["hello"]


def words(view: InboxView) -> tuple[str, str]:
    subject = "".join(piece.text for piece in view.subject)
    return subject, "".join(piece.text for piece in view.preview)


def test_three_inboxes_cut_where_the_channel_says(message: Message) -> None:
    subject = "Your credit line is open, with nothing to pay"
    preheader = "It costs nothing until you use it. Subject to approval."
    frame = email_frame(message, "en-US", Email(subject, preheader, "<p>x</p>", "x\n"))
    assert [view.name for view in frame.inboxes] == ["narrow_phone", "phone", "desktop"]
    for view, inbox in zip(frame.inboxes, INBOXES, strict=True):
        line = inbox_line(subject, preheader, inbox)
        shown, behind = words(view)
        assert shown + "…" * view.is_subject_cut == line.subject
        if not view.is_subject_cut:
            assert subject == shown
            assert (behind + "…").rstrip("…") == line.preview.rstrip("…")
        whole = subject if view.is_subject_cut else preheader
        assert whole.endswith(view.hidden)
        assert view.is_preview_cut


def test_a_short_line_hides_nothing(message: Message) -> None:
    frame = email_frame(message, "en-US", Email("Hi", "There", "<p>x</p>", "x\n"))
    for view in frame.inboxes:
        assert words(view) == ("Hi", "There")
        assert not view.is_subject_cut
        assert not view.is_preview_cut
        assert view.hidden == ""


def test_without_a_preheader_the_first_words_of_the_body_stand_there(
    message: Message,
) -> None:
    html = (
        "<html><head><title>Hi</title><style>p{}</style></head><body>"
        "<div style='display: none'>secret</div><img alt='Logo'>"
        "<p>Hello <b>Ann</b>,&nbsp;you &amp; I</p>\n<p>go on</p></body></html>"
    )
    frame = email_frame(message, "en-US", Email("Hi", "", html, "x\n"))
    assert frame.behind == "body"
    assert words(frame.inboxes[2]) == ("Hi", "Hello Ann, you & I go on")


def test_an_e_mail_of_pictures_has_nothing_to_say_there(message: Message) -> None:
    frame = email_frame(message, "en-US", Email("Hi", "", "<img alt='x'>", "x\n"))
    assert frame.behind == "nothing"
    assert all(view.preview == () for view in frame.inboxes)


@pytest.mark.parametrize(
    ("headers", "name", "address"),
    [
        ({"From": "Acme <a@acme.example>"}, "Acme", "a@acme.example"),
        ({"From": "a@acme.example"}, "", "a@acme.example"),
        ({}, "Acme", ""),
    ],
)
def test_it_comes_from_whom_its_header_says(
    message: Message, headers: dict[str, str], name: str, address: str
) -> None:
    sent = Email("Hi", "", "<p>x</p>", "x\n", headers)
    frame = email_frame(message, "en-US", sent)
    assert (frame.sender_name, frame.sender_address) == (name, address)
    assert frame.sender == (name or address)
    assert frame.headers == tuple(headers.items())


def test_it_is_clipped_above_what_gmail_shows(message: Message) -> None:
    small = Email("Hi", "There", "é" * 51_200, "x\n")
    frame = email_frame(message, "en-US", small)
    assert (frame.size_bytes, frame.is_clipped) == (102_400, False)
    large = Email("Hi", "There", "é" * 51_201, "x\n")
    assert email_frame(message, "en-US", large).is_clipped


def test_marks_are_on_subject_and_preheader(message: Message) -> None:
    frame = email_frame(
        message,
        "en-US",
        Email("Hi Ann", "There", "<p>x</p>", "x\n"),
        subject_marks=(Mark(3, 6, "changed"),),
        preheader_marks=(Mark(0, 2, "error"),),
    )
    view = frame.inboxes[2]
    assert [(p.text, p.kinds) for p in view.subject] == [
        ("Hi ", ()),
        ("Ann", ("changed",)),
    ]
    assert view.preview[0].kinds == ("error",)
