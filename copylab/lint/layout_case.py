"""Layouts as rules see them: lowered as they were written, once for equal messages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.catalog import Template
from copylab.layouts import layout_scope, lower_layout
from copylab.lint.field import Field
from copylab.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.catalog import Catalog
    from copylab.findings import Finding
    from copylab.layouts import Layout
    from copylab.message.model import Message
    from copylab.template.scope import Scope

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOWHERE = Span("", 1, 1, 1, 1)


class LayoutCases:
    """The layouts of a workspace; equal variables, brand and locale share one proof.

    The HTML part is taken as it was written, not as it was compiled: its tags are the
    same, and their places are those that an author finds.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._names: dict[str, frozenset[str]] = {}
        self._kept: dict[object, dict[str, Field]] = {}

    def fields(self, message: Message, locale: str) -> Mapping[str, Field]:
        """The ``html`` and ``text`` parts around a message; empty without a layout."""
        layout = self._catalog.layouts.get(message.email.get("layout", ""))
        if layout is None:
            return {}
        scope = layout_scope(message, locale, self._catalog.config)
        key = self._key(layout, scope)
        if key not in self._kept:
            self._kept[key] = _lower(layout, scope)
        return self._kept[key]

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the layouts, for any message that uses them."""
        for message in self._catalog.messages.values():
            for channel, locale in message.copies:
                if channel == "email":
                    for field in self.fields(message, locale).values():
                        yield from field.template.lowered.findings

    def _key(self, layout: Layout, scope: Scope) -> object:
        names = self._names.get(layout.name)
        if names is None:
            names = frozenset(_NAME.findall(layout.html.text + layout.text.text))
            self._names[layout.name] = names
        variables = tuple(
            repr(replace(variable, span=_NOWHERE))
            for name, variable in sorted(scope.variables.items())
            if name in names
        )
        brand = tuple(sorted(scope.brand.items()))
        return layout.name, scope.locale, brand, variables


def _lower(layout: Layout, scope: Scope) -> dict[str, Field]:
    parts = {"html": layout.html, "text": layout.text}
    escapes = {"html": "html", "text": "none"}
    return {
        name: Field(
            name,
            Template(
                passage, lower_layout(passage, scope, escape=escapes[name]), scope
            ),
        )
        for name, passage in parts.items()
    }
