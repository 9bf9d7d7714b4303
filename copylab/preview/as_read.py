"""Texts as their readers see them."""

from __future__ import annotations


def as_read(channel: str, field: str, text: str) -> str:
    """A rendered field as a reader sees it.

    The body of an e-mail is Markdown, whose marks and escapes nobody sees: it is the
    plain text that is sent beside the HTML.

    Args:
        channel: The channel.
        field: The field.
        text: What the field prints.
    """
    if channel != "email" or field != "body":
        return text.strip()
    from copylab.channels.markdown import markdown_to_text  # noqa: PLC0415 - e-mail only

    return markdown_to_text(text).strip()
