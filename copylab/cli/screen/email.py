"""An e-mail as an inbox lists it, and both of its parts."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from copylab.channels.html_text import read_html
from copylab.channels.inbox import BETWEEN, CLIPPED_AT_BYTES, INBOXES
from copylab.channels.screens import cut_to_columns
from copylab.channels.width import display_width
from copylab.cli.screen.box import draw_box, plural, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.composed import Email

PAGE_COLUMNS = 78
_DEVICES = {
    "narrow_phone": "phone, narrow",
    "phone": "phone",
    "desktop": "desktop",
}


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
    line = sent.subject + (f"{BETWEEN}{sent.preheader}" if sent.preheader else "")
    widest = max(map(len, _DEVICES.values()))
    for inbox in INBOXES:
        label = _DEVICES[inbox.name].ljust(widest)
        yield f"  {label}  {visible(cut_to_columns(line, inbox.columns)[0])}"


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
