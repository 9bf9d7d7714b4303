"""``full``: for people: the line, a caret, the message that shows it, and the cure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.formats.shown import column_width, show
from copylab.lint.formats.summary import cost_lines, summarise

if TYPE_CHECKING:
    from copylab.findings import Finding, Severity, Witness
    from copylab.lint.report import Report

_MAX_COLUMNS = 96
_TAB = "    "
_HUES: dict[Severity, str] = {"error": "31", "warning": "33", "info": "36"}


@dataclass(frozen=True, slots=True)
class _Ink:
    """Colours of a terminal, or none (ECMA-48, select graphic rendition)."""

    is_on: bool

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.is_on and text else text

    def strong(self, text: str, severity: Severity) -> str:
        return self.paint(text, f"1;{_HUES[severity]}")

    def rail(self, text: str) -> str:
        return self.paint(text, "34")

    def faint(self, text: str) -> str:
        return self.paint(text, "2")


def render(report: Report, *, color: bool = False) -> str:
    """Every finding with its line, then the summary.

    Args:
        report: What was found.
        color: Whether the text goes to a terminal that shows colours.
    """
    ink = _Ink(color)
    blocks = ["\n".join(_block(finding, report, ink)) for finding in report.findings]
    return "\n\n".join([*blocks, "\n".join([*summarise(report), *cost_lines(report)])])


def _block(finding: Finding, report: Report, ink: _Ink) -> list[str]:
    head = ink.strong(finding.severity, finding.severity)
    name = ink.faint(f"[{finding.rule} {finding.code}]")
    lines = [f"{head}: {show(finding.message)}  {name}"]
    where = " / ".join(part for part in (finding.variant, finding.field) if part)
    if finding.file is not None:
        parts = [show(finding.file), finding.line, finding.column]
        place = ":".join(str(part) for part in parts if part is not None)
        arrow = ink.rail("-->")
        lines.append(f"  {arrow} {place}" + (f"   {show(where)}" if where else ""))
    lines += _excerpt(finding, report, ink)
    if finding.witness is not None:
        lines += _witness(finding.witness, ink)
    if finding.help:
        lines.append(f"   {ink.rail('=')} help: {show(finding.help)}")
    authority = report.authority_of(finding)
    if authority:
        lines.append(ink.faint(f"   = source: {show(authority)}"))
    return lines


def _excerpt(finding: Finding, report: Report, ink: _Ink) -> list[str]:
    """The line with carets below the columns that the finding is about."""
    source = report.sources.get(finding.file or "")
    if source is None or finding.line is None or finding.column is None:
        return []
    text = source.line(finding.line)
    start = finding.column - 1
    end = len(text)
    if finding.end_line == finding.line and finding.end_column is not None:
        end = max(finding.end_column - 1, start + 1)
    text, start, end = _window(text, start, end)
    number = str(finding.line)
    bar = f" {' ' * len(number)} {ink.rail('|')}"
    blank = " " * _columns(text[:start])
    carets = "^" * max(1, _columns(text[start:end]))
    marked = ink.strong(carets, finding.severity)
    return [
        bar,
        f" {ink.rail(f'{number} |')} {_visible(text)}".rstrip(),
        f"{bar} {blank}{marked}",
    ]


def _window(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a long line around the columns, and where they are in it."""
    if _columns(text) <= _MAX_COLUMNS:
        return text, start, min(end, len(text))
    first = start
    while first > 0 and _columns(text[first - 1 : start]) <= _MAX_COLUMNS // 3:
        first -= 1
    last = start
    while last < len(text) and _columns(text[first : last + 1]) <= _MAX_COLUMNS:
        last += 1
    left = "…" if first else ""
    right = "…" if last < len(text) else ""
    cut = left + text[first:last] + right
    return cut, start - first + len(left), min(end, last) - first + len(left)


def _visible(text: str) -> str:
    return show(text.replace("\t", _TAB))


def _columns(text: str) -> int:
    return sum(map(column_width, _visible(text)))


def _witness(witness: Witness, ink: _Ink) -> list[str]:
    mark = ink.rail("=")
    lines = [_visible(line) for line in witness.text.split("\n")]
    shown = [f"   {mark} message: {lines[0]}"]
    # A mark in front: no line of a message starts one of the log it is printed to.
    shown += [f"   {ink.rail('|')}          {line}".rstrip() for line in lines[1:]]
    return shown + [
        f"   {mark} {show(name)}: {show(value)}" for name, value in witness.choices
    ]
