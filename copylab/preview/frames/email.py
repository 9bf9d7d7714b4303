"""An e-mail as an inbox lists it and as a reader opens it."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from html import unescape
from typing import TYPE_CHECKING, Literal

from copylab.channels.inbox import CLIPPED_AT_BYTES, INBOXES, inbox_line
from copylab.channels.screens import ELLIPSIS
from copylab.channels.width import display_width
from copylab.lint.html_view import parse_html
from copylab.preview.frames.framed_html import FramedHtml, frame_html
from copylab.preview.frames.pieces import Mark, Piece, cut_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.channels.composed import Email
    from copylab.channels.inbox import Inbox
    from copylab.lint.html_view import Element
    from copylab.message.model import Message

Behind = Literal["preheader", "body", "nothing"]

_MOST_BODY = 200
"""Characters of a body that an inbox could show at most."""


@dataclass(frozen=True, slots=True)
class InboxView:
    """An e-mail in the list of one device.

    Attributes:
        name: ``narrow_phone``, ``phone`` or ``desktop``.
        columns: The columns of the line.
        subject: What is seen of the subject, without an ellipsis.
        is_subject_cut: Whether the subject is cut.
        has_room: Whether there is room behind the subject.
        preview: What is seen of the line behind it, without an ellipsis.
        is_preview_cut: Whether that is cut, or has no room at all.
        hidden: The words that are not seen; of a line behind only where it is the
            preheader.
    """

    name: str
    columns: int
    subject: tuple[Piece, ...]
    is_subject_cut: bool
    has_room: bool
    preview: tuple[Piece, ...]
    is_preview_cut: bool
    hidden: str


@dataclass(frozen=True, slots=True)
class EmailFrame:
    """An e-mail in inboxes and opened.

    Attributes:
        sender_name: The name it comes from; empty where only an address is known.
        sender_address: The address it comes from; may be empty.
        subject: The subject.
        subject_columns: Its columns.
        preheader: The line behind it; may be empty.
        preheader_columns: Its columns.
        behind: What inboxes show behind the subject: the ``preheader``, the first words
            of the ``body``, or ``nothing``.
        inboxes: The lines of three devices, the narrowest first.
        page: The HTML part for a sandboxed frame.
        text: The text part.
        headers: The headers as they are sent.
        size_bytes: The size of the HTML part.
        clipped_at_bytes: The size from which Gmail clips it.
        locale: The locale of the words.
        clock: The time that the devices show.
        kind: ``email``.
    """

    sender_name: str
    sender_address: str
    subject: str
    subject_columns: int
    preheader: str
    preheader_columns: int
    behind: Behind
    inboxes: tuple[InboxView, ...]
    page: FramedHtml
    text: str
    headers: tuple[tuple[str, str], ...]
    size_bytes: int
    clipped_at_bytes: int = CLIPPED_AT_BYTES
    locale: str = ""
    clock: str = ""
    kind: str = "email"

    @property
    def is_clipped(self) -> bool:
        """Whether Gmail shows its end on demand only."""
        return self.size_bytes > self.clipped_at_bytes

    @property
    def sender(self) -> str:
        """Who it comes from, as a list of messages says it."""
        return self.sender_name or self.sender_address


def email_frame(
    message: Message,
    locale: str,
    sent: Email,
    *,
    subject_marks: Sequence[Mark] = (),
    preheader_marks: Sequence[Mark] = (),
    clock: str = "",
) -> EmailFrame:
    """An e-mail as inboxes and readers show it.

    Args:
        message: The message.
        locale: The locale of its words.
        sent: The e-mail.
        subject_marks: What is to be marked in the subject.
        preheader_marks: What is to be marked in the preheader.
        clock: The time that the devices show.
    """
    name, address = parseaddr(sent.headers.get("From", ""))
    behind, preview = _behind(sent)
    marks = preheader_marks if behind == "preheader" else ()
    views = (
        _view(sent.subject, preview, inbox, (subject_marks, marks)) for inbox in INBOXES
    )
    return EmailFrame(
        sender_name=name
        or ("" if address else message.brand.at(locale).get("name", "")),
        sender_address=address,
        subject=sent.subject,
        subject_columns=display_width(sent.subject),
        preheader=sent.preheader,
        preheader_columns=display_width(sent.preheader),
        behind=behind,
        inboxes=tuple(views),
        page=frame_html(sent.html),
        text=sent.text.rstrip(),
        headers=tuple(sent.headers.items()),
        size_bytes=sent.html_bytes,
        locale=locale,
        clock=clock,
    )


def _behind(sent: Email) -> tuple[Behind, str]:
    """What inboxes show behind the subject."""
    if sent.preheader:
        return "preheader", sent.preheader
    words = _first_words(sent.html)
    return ("body", words) if words else ("nothing", "")


def _first_words(html: str) -> str:
    """The first words that a reader sees of the HTML part."""
    words: list[str] = []
    for text in parse_html(html).root.texts():
        around = (text.parent, *text.parent.around())
        if not any(_is_unseen(element) for element in around):
            words.append(unescape(text.text))
        if sum(map(len, words)) > _MOST_BODY:
            break
    return " ".join("".join(words).split())[:_MOST_BODY]


def _is_unseen(element: Element) -> bool:
    style = element.get("style").lower().replace(" ", "")
    return element.name in {"head", "template"} or "display:none" in style


def _view(
    subject: str,
    preview: str,
    inbox: Inbox,
    marks: tuple[Sequence[Mark], Sequence[Mark]],
) -> InboxView:
    line = inbox_line(subject, preview, inbox)
    shown = _kept(line.subject, subject)
    behind = _kept(line.preview, preview)
    hidden = subject[shown:] if shown < len(subject) else preview[behind:]
    return InboxView(
        inbox.name,
        inbox.columns,
        cut_pieces(subject, marks[0], end=shown),
        shown < len(subject),
        bool(line.preview),
        cut_pieces(preview, marks[1], end=behind),
        behind < len(preview),
        hidden.strip(),
    )


def _kept(shown: str, text: str) -> int:
    """How much of a text is shown, an ellipsis at its end aside."""
    return len(text) if shown == text else len(shown.removesuffix(ELLIPSIS))
