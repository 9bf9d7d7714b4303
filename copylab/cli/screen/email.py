"""An e-mail as an inbox lists it, and both of its parts."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from copylab.channels.screens import cut_to_columns
from copylab.channels.width import display_width
from copylab.cli.screen.box import draw_box, plural, visible
from copylab.cli.screen.html_text import read_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.composed import Email

INBOXES = (("phone, narrow", 33), ("phone", 48), ("desktop", 77))
"""Columns of an inbox line by device: subjects show 33 to 48 columns on phones and 60 to
77 on desktops (device test of emailtooltester, others differ by 15)."""
PAGE_COLUMNS = 78
CLIPPED_AT_BYTES = 102_400
"""Bytes of HTML after which Gmail shows the rest on demand only."""


def show_email(sent: Email) -> list[str]:
    """The lines for an e-mail: inbox, headers, text part and HTML part."""
    return [
        *_inbox(sent),
        "",
        *_headers(sent),
        "",
        *draw_box([("text part", sent.text.rstrip())], PAGE_COLUMNS),
        "",
        *draw_box([("HTML part", "\n".join(read_html(sent.html)))], PAGE_COLUMNS),
        "",
        _size(sent),
    ]


def _inbox(sent: Email) -> Iterator[str]:
    """The line of a list of messages on screens of several widths."""
    name, address = parseaddr(sent.headers.get("From", ""))
    sender = name or address
    if sender:
        yield f"inbox, from {visible(sender)}:"
    else:
        yield "inbox:"
    line = sent.subject + (f" - {sent.preheader}" if sent.preheader else "")
    widest = max(len(label) for label, _ in INBOXES)
    for label, columns in INBOXES:
        yield f"  {label.ljust(widest)}  {visible(cut_to_columns(line, columns)[0])}"


def _headers(sent: Email) -> Iterator[str]:
    yield from (f"{name}: {visible(value)}" for name, value in sent.headers.items())
    yield f"Subject: {visible(sent.subject)}  ({plural(display_width(sent.subject), 'column')})"
    if sent.preheader:
        columns = plural(display_width(sent.preheader), "column")
        yield f"Preheader: {visible(sent.preheader)}  ({columns})"
    else:
        yield "Preheader: none; inboxes show the first words of the body"


def _size(sent: Email) -> str:
    """The size of the HTML part beside what Gmail shows."""
    size = len(sent.html.encode())
    share = size / CLIPPED_AT_BYTES
    return f"HTML part: {size:,} bytes, {share:.0%} of what Gmail shows at once"
