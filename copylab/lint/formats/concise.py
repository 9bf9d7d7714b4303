"""``concise``: one finding a line, ``path:line:column: severity code name: message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.formats.shown import show
from copylab.lint.formats.summary import cost_lines, summarise

if TYPE_CHECKING:
    from copylab.findings import Finding
    from copylab.lint.report import Report


def render(report: Report) -> str:
    """The findings, then the summary."""
    return "\n".join(
        [*map(_line, report.findings), *summarise(report), *cost_lines(report)]
    )


def _line(finding: Finding) -> str:
    parts = [finding.file or "-", finding.line, finding.column]
    place = ":".join(str(part) for part in parts if part is not None)
    where = "/".join(part for part in (finding.variant, finding.field) if part)
    tail = f" [{where}]" if where else ""
    text = " ".join(finding.message.split())
    line = f"{place}: {finding.severity} {finding.code} {finding.rule}: {text}{tail}"
    return show(line)
