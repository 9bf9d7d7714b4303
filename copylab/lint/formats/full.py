"""``full``: for people: the line, a caret, the message that shows it, and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.formats.summary import summarise
from copylab.template.ranges import character_width

if TYPE_CHECKING:
    from copylab.findings import Finding, Witness
    from copylab.lint.report import Report

_MAX_COLUMNS = 96
_TAB = 4


def render(report: Report) -> str:
    """Every finding with its line, then the summary."""
    blocks = ["\n".join(_block(finding, report)) for finding in report.findings]
    return "\n\n".join([*blocks, "\n".join(summarise(report))])


def _block(finding: Finding, report: Report) -> list[str]:
    lines = [f"{finding.severity}: {finding.message}  [{finding.rule} {finding.code}]"]
    where = " / ".join(part for part in (finding.variant, finding.field) if part)
    if finding.file is not None:
        parts = [finding.file, finding.line, finding.column]
        place = ":".join(str(part) for part in parts if part is not None)
        lines.append(f"  --> {place}" + (f"   {where}" if where else ""))
    lines += _excerpt(finding, report)
    if finding.witness is not None:
        lines += _witness(finding.witness)
    if finding.help:
        lines.append(f"   = help: {finding.help}")
    return lines


def _excerpt(finding: Finding, report: Report) -> list[str]:
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
    bar = " " * len(number)
    blank = " " * _columns(text[:start])
    carets = "^" * max(1, _columns(text[start:end]))
    shown = text.replace("\t", " " * _TAB)
    return [f" {bar} |", f" {number} | {shown}", f" {bar} | {blank}{carets}"]


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


def _columns(text: str) -> int:
    return sum(_TAB if c == "\t" else character_width(c) for c in text)


def _witness(witness: Witness) -> list[str]:
    lines = witness.text.split("\n")
    shown = [
        f"   = message: {lines[0]}",
        *(f"              {line}" for line in lines[1:]),
    ]
    return shown + [f"   = {name}: {value}" for name, value in witness.choices]
