"""Inbox: what a list of messages shows of an e-mail before anybody opens it.

Approximate and advisory, as everything that pixels decide.
"""

from __future__ import annotations

from typing import NamedTuple

from copylab.channels.screens import ELLIPSIS, cut_to_columns
from copylab.channels.width import display_width


class Inbox(NamedTuple):
    """A device with a list of messages.

    Attributes:
        name: `narrow_phone`, `phone` or `desktop`.
        columns: Columns of its line; a Han character is two.
    """

    name: str
    columns: int


INBOXES = (Inbox("narrow_phone", 33), Inbox("phone", 48), Inbox("desktop", 77))
"""Subjects show 33 to 48 columns on phones and 60 to 77 on desktops (device test of
emailtooltester, others differ by 15)."""
CLIPPED_AT_BYTES = 102_400
"""Bytes of HTML after which Gmail shows the rest on demand only."""
BETWEEN = " - "
"""What stands between a subject and the line behind it."""


class InboxLine(NamedTuple):
    """An e-mail in a list of messages.

    Attributes:
        inbox: The device.
        subject: What is seen of the subject, an ellipsis at its end where it is cut.
        preview: What is seen of the line behind it, in the same way; may be empty.
        subject_cut: Columns of the subject that are not seen.
        preview_cut: Columns of the line behind it that are not seen.
    """

    inbox: Inbox
    subject: str
    preview: str
    subject_cut: int
    preview_cut: int

    @property
    def text(self) -> str:
        """The whole line."""
        return self.subject + (BETWEEN + self.preview if self.preview else "")


def inbox_line(subject: str, preview: str, inbox: Inbox) -> InboxLine:
    """An e-mail as a device lists it: the subject, then the line behind it.

    Args:
        subject: The subject.
        preview: The preheader, or what stands in its place; may be empty.
        inbox: The device.
    """
    line = subject + (BETWEEN + preview if preview else "")
    shown, cut = cut_to_columns(line, inbox.columns)
    if not cut:
        return InboxLine(inbox, subject, preview, 0, 0)
    kept = shown.removesuffix(ELLIPSIS)
    behind = len(subject) + len(BETWEEN)
    if preview and len(kept) > behind:
        return InboxLine(inbox, subject, shown[behind:], 0, cut)
    if len(kept) >= len(subject):
        return InboxLine(inbox, subject, ELLIPSIS, 0, display_width(preview))
    left = display_width(subject[len(kept) :])
    return InboxLine(inbox, shown, "", left, display_width(preview))
