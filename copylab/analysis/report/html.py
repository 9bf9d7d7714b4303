"""A report as one HTML file: it opens offline, asks nobody for anything, and prints."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from zlib import crc32

from copylab.analysis.report.compose import compose
from copylab.analysis.report.document import (
    ArmName,
    Bullets,
    Paragraph,
    Plot,
    Quote,
    Table,
    split_plot,
    visible,
)
from copylab.analysis.report.style import PAGE_STYLE, STYLE
from copylab.analysis.report.svg import draw

if TYPE_CHECKING:
    from copylab.analysis.report.document import Block, Document, Part
    from copylab.analysis.results import Analysis

# Whatever an arm's copy holds, the page runs nothing and loads nothing.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


_SHORT_ROWS = 12
_PLOT_ROWS = 6
_HASH = re.compile("[0-9a-f]{64}")


def write(analysis: Analysis, *, locale: str = "en-US", brief: bool = False) -> str:
    """The report as a whole HTML page.

    Args:
        analysis: The analysis.
        locale: The locale of the report's words.
        brief: Whether to leave out all but the sections that decide.
    """
    document = compose(analysis, locale, brief=brief)
    return (
        f'<!DOCTYPE html>\n<html lang="{document.locale}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(document.title)}</title>\n<style>{PAGE_STYLE}{STYLE}"
        f"</style>\n</head>\n<body>\n{_body(document)}\n</body>\n</html>\n"
    )


def write_fragment(analysis: Analysis, *, locale: str = "en-US") -> str:
    """The report as part of a page, such as a notebook, with its own style.

    Args:
        analysis: The analysis.
        locale: The locale of the report's words.
    """
    document = compose(analysis, locale)
    # Several reports may stand in one notebook, and no id may stand there twice.
    prefix = f"r{crc32(repr(document).encode('utf-8', 'backslashreplace')):08x}-"
    parts = "\n".join(_section(part, prefix) for part in document.parts)
    return (
        f"<style>{STYLE}</style>\n"
        f'<article class="copylab" lang="{document.locale}">\n{_head(document)}\n'
        f"{parts}\n</article>"
    )


def write_parts(document: Document, *, prefix: str = "", level: int = 2) -> str:
    """The sections of a report for a page that has its own head and style.

    Args:
        document: The report.
        prefix: What its ids begin with, so that no other on the page is the same.
        level: The level of the sections' headings, 2 to 5.
    """
    return "\n".join(_section(part, prefix, level) for part in document.parts)


def _body(document: Document) -> str:
    links = "\n".join(
        f'<li><a href="#{part.name}">{_text(part.title)}</a></li>'
        for part in document.parts
    )
    sections = "\n".join(map(_section, document.parts))
    return (
        f'<div class="copylab">\n{_head(document)}\n'
        f'<nav aria-label="{_text(document.contents)}">\n<ul>\n{links}\n'
        f"</ul>\n</nav>\n<main>\n{sections}\n</main>\n</div>"
    )


def _head(document: Document) -> str:
    """The title, the verdict in a word, and what was tested."""
    about = "".join(f'\n<p class="about">{_text(line)}</p>' for line in document.about)
    return (
        f"<header>\n<h1><bdi>{_text(document.title)}</bdi></h1>\n"
        f'<p class="badge {document.tone or "plain"}">{_text(document.badge)}</p>'
        f"{about}\n</header>"
    )


def _section(part: Part, prefix: str = "", level: int = 2) -> str:
    name, head = f"{prefix}{part.name}", f"h{level}"
    blocks = "\n".join(
        _block(block, f"{name}-{place}", level)
        for place, block in enumerate(part.blocks)
    )
    return (
        f'<section id="{name}" aria-labelledby="{name}-title">\n'
        f'<{head} id="{name}-title">{_text(part.title)}</{head}>\n{blocks}\n</section>'
    )


def _block(block: Block, name: str, level: int) -> str:
    match block:
        case Paragraph():
            return f"<p{_tone(block.tone)}>{_text(block.text)}</p>"
        case Bullets():
            items = "\n".join(
                f"<li{_tone(item.tone)}>{_text(item.text)}</li>" for item in block.items
            )
            return f"<ul>\n{items}\n</ul>"
        case Table():
            return _table(block)
        case Plot():
            drawn = "\n".join(
                draw(piece, f"{name}-{number}")
                for number, piece in enumerate(split_plot(block, _PLOT_ROWS))
            )
            return (
                f"<figure>\n<figcaption>{_text(block.title)}</figcaption>\n"
                f"{drawn}\n"
                f'<p class="legend" aria-hidden="true">{_text(block.legend)}</p>\n'
                "</figure>"
            )
        case Quote():
            return _quote(block, level + 1)


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_numeric(table, place)}>{_text(heading)}</th>'
        if heading
        else "<td></td>"
        for place, heading in enumerate(table.headings)
    )
    tones = table.tones or ("",) * len(table.rows)
    note = f'\n<p class="note">{_text(table.note)}</p>' if table.note else ""
    rows = "\n".join(
        f"<tr{_tone(tone)}>{_cells(table, row)}</tr>"
        for row, tone in zip(table.rows, tones, strict=True)
    )
    return (
        f'<div class="table{_short(table)}" tabindex="0" role="region" '
        f'aria-label="{_text(table.caption)}">\n<table>\n'
        f"<caption><span>{_text(table.caption)}</span></caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>{note}"
    )


def _short(table: Table) -> str:
    """Whether the table is kept on one sheet of paper."""
    return " short" if len(table.rows) <= _SHORT_ROWS else ""


def _cells(table: Table, row: tuple[str, ...]) -> str:
    cells = []
    for place, cell in enumerate(row):
        shown = _text(cell)
        if isinstance(cell, ArmName):
            shown = f"<bdi>{shown}</bdi>"
        if place:
            kind = _numeric(table, place)
            if _HASH.fullmatch(cell):
                kind = ' class="hash"'
            cells.append(f"<td{kind}>{shown}</td>")
        else:
            cells.append(f'<th scope="row">{shown}</th>')
    return "".join(cells)


def _quote(quote: Quote, level: int) -> str:
    language = f' lang="{_text(quote.locale)}"' if quote.locale else ""
    fields = "".join(
        f"<dt>{_text(name)}</dt><dd{language}>{escape(visible(text, lines=True))}</dd>"
        for name, text in quote.fields
    )
    lines = "".join(f'<p class="known">{_text(line)}</p>' for line in quote.lines)
    words = f"<dl>{fields}</dl>" if fields else ""
    return (
        f'<article class="copy">\n<h{level}><bdi>{_text(quote.heading)}</bdi></h{level}>\n'
        f"{lines}\n{words}\n</article>"
    )


def _numeric(table: Table, place: int) -> str:
    return ' class="number"' if place in table.numeric else ""


def _tone(tone: str) -> str:
    return f' class="{tone}"' if tone else ""


def _text(text: str) -> str:
    """The text as it may stand between tags and in quoted attributes."""
    return escape(visible(text))
