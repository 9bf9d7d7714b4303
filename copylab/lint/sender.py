"""The sender's settings, and where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import Section, parse_document

if TYPE_CHECKING:
    from copylab.lint.case import MessageCase
    from copylab.source import Span


def email_place(case: MessageCase, key: str) -> Span:
    """Where a message's ``email`` setting stands: in its own file, or the workspace's.

    Args:
        case: The message.
        key: The setting, such as ``from``.
    """
    catalog, message = case.catalog, case.message
    for file in (message.file, catalog.config.file):
        source = catalog.sources.get(file)
        root = parse_document(source)[0] if source is not None else None
        if root is None:
            continue
        part = Section(root, [], file).take_section("email")
        node = part.take(key) if part is not None else None
        if node is not None:
            return node.span
    return message.places.get("email") or message.places["purpose"]
