"""E-mail layouts: an HTML part and a text part around the body."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.errors import CopylabError
from copylab.findings import Finding, report
from copylab.locales import text_direction
from copylab.message.copy import make_passage
from copylab.source import SourceFile, Span
from copylab.template.lower import Lowered, Template, lower_passage
from copylab.template.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copylab.channels.layout import LayoutKind
    from copylab.config import Config
    from copylab.message.model import Message, Passage

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOWHERE = Span("", 1, 1, 1, 1)
GIVEN = {"body": "html", "subject": "text", "preheader": "text"}
"""Names a layout sees besides variables, ``brand``, ``locale`` and ``dir``."""


OPT_OUT = "unsubscribe_url"
"""How a layout calls the address to opt out at, whatever its variable is called."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout as written and as compiled.

    Attributes:
        name: Its name, the stem of its files.
        html: The HTML part as written, MJML or HTML.
        text: The text part.
        compiled: The HTML part, MJML compiled and CSS inlined, still a template.
    """

    name: str
    html: Passage
    text: Passage
    compiled: Passage


def read_layouts(
    sources: Mapping[str, SourceFile | None], findings: list[Finding]
) -> dict[str, Layout]:
    """The layouts among the files of ``_layouts``; what is wrong is collected.

    Args:
        sources: The files by name; None for one that cannot be read, as was told.
        findings: Where findings are collected.
    """
    layouts = {}
    for file_name, source in sources.items():
        stem, _, kind = file_name.rpartition(".")
        if kind == "txt" or source is None:
            continue
        twin = sources.get(f"{stem}.txt")
        if twin is None and f"{stem}.txt" in sources:
            continue
        if twin is None:
            message = f"the layout '{stem}' has no text part"
            cure = f"write {stem}.txt beside it: many people read the text part"
            findings.append(report("missing-field", message, source.whole(), help=cure))
            continue
        empty = [part for part in (source, twin) if not part.text.strip()]
        findings += map(_empty, empty)
        compiled = None if empty else _compile(source, kind, findings)
        if compiled is not None:
            parts = (_whole(source), _whole(twin), _whole(compiled))
            layouts[stem] = Layout(stem, *parts)
    return layouts


def _empty(part: SourceFile) -> Finding:
    kind = "text" if part.name.endswith(".txt") else "HTML"
    message = f"the {kind} part of the layout is empty"
    cure = "print {{ body }} in it, and what stands around it"
    return report("layout-broken", message, part.whole(), help=cure)


def _whole(source: SourceFile) -> Passage:
    start = len(source.text) - len(source.text.lstrip())
    return make_passage(source, start, max(start, len(source.text.rstrip())))


def _compile(
    source: SourceFile, kind: str, findings: list[Finding]
) -> SourceFile | None:
    from copylab.channels.layout import compile_layout  # noqa: PLC0415 - e-mail only
    from copylab.channels.layout_equal import check_layout  # noqa: PLC0415 - as above

    language: LayoutKind = "mjml" if kind == "mjml" else "html"
    try:
        text = compile_layout(source.text, language, file=source.name)
        check_layout(source.text, language, file=source.name)
    except CopylabError as error:
        line, column = error.line or 1, error.column or 1
        span = Span(source.name, line, column, line, column + 1)
        finding = report("layout-broken", error.message, span, help=error.help)
        findings.append(finding)
        return None
    return SourceFile(source.name, text)


def opt_out_of(message: Message) -> str:
    """The variable that a layout prints as ``unsubscribe_url``; empty where none is.

    It is the one that ``email.unsubscribe`` names, or else one of that very name.
    """
    named = message.email.get("unsubscribe", "")
    return next((name for name in (named, OPT_OUT) if name in message.variables), "")


def layout_scope(message: Message, locale: str, config: Config) -> Scope:
    """What names mean in the layout of a message's e-mails."""
    variables = dict(message.variables)
    opt_out = opt_out_of(message)
    if opt_out:
        variables[OPT_OUT] = variables[opt_out]
    return Scope(
        variables=variables,
        locale=locale,
        timezone=config.timezone,
        brand=message.brand.at(locale),
        escapes={"html": html.escape},
        allow_loops=True,
        given=GIVEN,
        constants={"locale": locale, "dir": text_direction(locale)},
    )


def lower_layout(passage: Passage, scope: Scope, *, escape: str) -> Lowered:
    """The shape of a part of a layout."""
    return lower_passage(passage, scope, escape=escape)


class LayoutReader:
    """Lowers layouts as they were written; messages that are equal in it share one.

    The HTML part is taken as it was written, not as it was compiled: its tags are the
    same, and their places are those that an author finds.

    Args:
        layouts: The layouts by name.
        config: The workspace's settings.
    """

    def __init__(self, layouts: Mapping[str, Layout], config: Config) -> None:
        self._layouts = layouts
        self._config = config
        self._names: dict[str, frozenset[str]] = {}
        self._kept: dict[object, dict[str, Template]] = {}

    def parts(self, message: Message, locale: str) -> Mapping[str, Template]:
        """The ``html`` and ``text`` parts around a message; empty without a layout."""
        layout = self._layouts.get(message.email.get("layout", ""))
        if layout is None:
            return {}
        scope = layout_scope(message, locale, self._config)
        key = self._key(layout, scope)
        if key not in self._kept:
            self._kept[key] = {
                name: Template(
                    passage, lower_layout(passage, scope, escape=escape), scope
                )
                for name, passage, escape in (
                    ("html", layout.html, "html"),
                    ("text", layout.text, "none"),
                )
            }
        return self._kept[key]

    def compiled(self, message: Message, locale: str) -> Template | None:
        """The HTML part as it is sent, MJML compiled and CSS inlined; None without.

        Its places are those of the compiled text, not those of the file.
        """
        layout = self._layouts.get(message.email.get("layout", ""))
        if layout is None:
            return None
        scope = layout_scope(message, locale, self._config)
        key = ("compiled", self._key(layout, scope))
        if key not in self._kept:
            lowered = lower_layout(layout.compiled, scope, escape="html")
            self._kept[key] = {"html": Template(layout.compiled, lowered, scope)}
        return self._kept[key]["html"]

    def gap(self, message: Message, locale: str) -> str:
        """What of the layout around a message is not known, in words; else empty."""
        if not message.email.get("layout"):
            return ""
        read = [part.lowered for part in self.parts(message, locale).values()]
        if not read or not all(part.is_whole for part in read):
            return "its layout could not be read; what needs it was not checked"
        errors = (f.severity == "error" for part in read for f in part.findings)
        return "its layout has errors; the rest was checked" if any(errors) else ""

    def findings(self, messages: Iterable[Message]) -> list[Finding]:
        """What is wrong with the layouts, for any of the messages that use them."""
        return [
            finding
            for message in messages
            for channel, locale in message.copies
            if channel == "email"
            for part in self.parts(message, locale).values()
            for finding in part.lowered.findings
        ]

    def _key(self, layout: Layout, scope: Scope) -> object:
        """What the lowered layout depends on: what it can name, brand and locale."""
        names = self._names.get(layout.name)
        if names is None:
            names = frozenset(_NAME.findall(layout.html.text + layout.text.text))
            self._names[layout.name] = names
        variables = tuple(
            repr(replace(variable, span=_NOWHERE))
            for name, variable in sorted(scope.variables.items())
            if name in names
        )
        return layout.name, scope.locale, tuple(sorted(scope.brand.items())), variables
