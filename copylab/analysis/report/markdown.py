"""A report as Markdown, for a pull request or a wiki."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.analysis.report.compose import compose
from copylab.analysis.report.document import (
    Bullets,
    Paragraph,
    Plot,
    Quote,
    Table,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.report.document import Block, Part
    from copylab.analysis.results import Analysis

_SIGNS = frozenset("\\|*_`<>#[]~@$&")
_LIST = re.compile(r"(\d+)([.)])(?=\s|$)")
# What GitHub makes links of although it is escaped: a sign that is not seen breaks it.
_LINKED = re.compile(r"(?:://|(?<![0-9A-Za-z])www(?=\.)|@|\\#)", re.IGNORECASE)


def write(analysis: Analysis, *, locale: str = "en-US", brief: bool = False) -> str:
    """The report as Markdown: the verdict in front, then a heading for each section.

    Args:
        analysis: The analysis.
        locale: The locale of the report's words.
        brief: Whether to leave out all but the sections that decide.
    """
    document = compose(analysis, locale, brief=brief)
    about = [escape(line) for line in document.about]
    verdict, *parts = map(_part, document.parts)
    if brief:  # it stands in a text that has its own title
        return "\n\n".join([verdict, *about, *parts])
    title = f"## {escape(document.title)}"
    return "\n\n".join([title, *about, verdict, *parts])


def _part(part: Part) -> str:
    blocks = [_block(block) for block in part.blocks]
    if part.name == "verdict":  # it stands in front and needs no heading
        first, *rest = blocks
        return "\n\n".join([f"**{first}**", *rest])
    return "\n\n".join([f"### {escape(part.title)}", *filter(None, blocks)])


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return escape(block.text)
        case Bullets():
            return "\n".join(f"- {escape(item.text)}" for item in block.items)
        case Table():
            return _table(block)
        case Plot():  # its numbers stand in the table below it
            return ""
        case Quote():
            return _quote(block)


def _table(table: Table) -> str:
    rule = ["---:" if i in table.numeric else "---" for i in range(len(table.headings))]
    lines = [_row(table.headings), "| " + " | ".join(rule) + " |"]
    lines += map(_row, table.rows)
    note = f"\n\n{escape(table.note)}" if table.note else ""
    return f"**{escape(table.caption)}**\n\n" + "\n".join(lines) + note


def _quote(quote: Quote) -> str:
    lines = [f"**{escape(quote.heading)}**", *map(escape, quote.lines)]
    for name, text in quote.fields:
        shown = [escape(line) for line in visible(text, lines=True).split("\n")]
        lines += [f"{escape(name)}:", "\n".join(f"> {line}  " for line in shown)]
    return "\n\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"


def escape(text: str) -> str:
    """The text with the signs that Markdown would read taken literally.

    Addresses are broken by a sign that is not seen, so that no reader of Markdown makes
    a link of them.
    """
    plain = " ".join(visible(text).split())
    shown = "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in plain)
    if shown[:1] in {"-", "+", "="}:
        shown = f"\\{shown}"
    shown = _LIST.sub(r"\1\\\2", shown, count=1) if _LIST.match(shown) else shown
    return _LINKED.sub(_break, shown)


def _break(found: re.Match[str]) -> str:
    """What would become a link, with a sign of no width behind its first part."""
    start = found[0]
    if start == "://":
        return ":&#8203;//"
    return f"{start}&#8203;"
