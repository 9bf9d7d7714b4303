"""Layouts as rules see them: fields whose ways and words are computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.layouts import LayoutReader
from copylab.lint.field import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.catalog import Catalog
    from copylab.message.model import Message
    from copylab.template.lower import Template


class LayoutCases:
    """The layouts of a workspace; messages that share a lowered layout share a proof."""

    def __init__(self, catalog: Catalog) -> None:
        self._reader = LayoutReader(catalog.layouts, catalog.config)
        self._kept: dict[int, dict[str, Field]] = {}

    def fields(self, message: Message, locale: str) -> Mapping[str, Field]:
        """The ``html`` and ``text`` parts around a message.

        Empty without a layout, and where words of it could not be read: what is not
        known is not judged.
        """
        parts = self._reader.parts(message, locale)
        if not _are_whole(parts):
            return {}
        # The reader keeps what it gave, so that an identity stays one.
        if id(parts) not in self._kept:
            self._kept[id(parts)] = {
                name: Field(name, template) for name, template in parts.items()
            }
        return self._kept[id(parts)]

    def gap(self, message: Message, locale: str) -> str:
        """What of the layout around a message is not known, in words; else empty."""
        return self._reader.gap(message, locale)

    def compiled(self, message: Message, locale: str) -> Field | None:
        """The ``html`` part as it is sent, or None where there are no ``fields``.

        Its places are no places of the file.
        """
        template = self._reader.compiled(message, locale)
        if template is None or not self.fields(message, locale):
            return None
        if id(template) not in self._kept:
            self._kept[id(template)] = {"html": Field("html", template)}
        return self._kept[id(template)]["html"]


def _are_whole(parts: Mapping[str, Template]) -> bool:
    """Whether there are parts, and no words of any are left out."""
    return bool(parts) and all(part.lowered.is_whole for part in parts.values())
