"""The last lines of a lint run: what was found, proved, and left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES
from copylab.lint.formats.shown import show

if TYPE_CHECKING:
    from copylab.lint.report import Report


NOT_ADVICE = "copylab checks texts; it gives no legal advice."
"""What stands below findings that rest on a law."""


def count(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def summarise(report: Report) -> list[str]:
    """What was found, what was proved, and what was not checked."""
    found = [
        count(report.count(severity), "note" if severity == "info" else severity)
        for severity in SEVERITIES
        if report.count(severity)
    ]
    head = "found " + ", ".join(found) if found else "no findings"
    looked_at = count(report.messages, "message")
    if report.experiments and not report.messages:
        looked_at = count(report.experiments, "experiment")
    unchecked = len({code for _, code in report.unchecked})
    line = f"{head} from {count(report.rules - unchecked, 'rule')} on {looked_at}"
    lines = [line + (f"; {unchecked:,} not checked" if unchecked else "")]
    lines += _set_aside(report)
    if report.proofs or report.unread:
        lines.append(_proved(report))
    notes = (*report.not_checked, *report.undeclared)
    lines += [f"not checked: {show(item)}" for item in notes]
    if any(map(report.authority_of, report.findings)):
        lines.append(NOT_ADVICE)
    return lines


def cost_lines(report: Report) -> list[str]:
    """What the short messages cost, line by line; empty where nobody asked."""
    if report.costs is None:
        return []
    from copylab.lint.formats.cost_table import (  # noqa: PLC0415 - few ask for it
        render_costs,
    )

    return [show(line) for line in render_costs(report.costs).split("\n")]


def _set_aside(report: Report) -> list[str]:
    """How many findings are not told, and who decided that."""
    parts = []
    if report.suppressed:
        parts.append(f"{len(report.suppressed):,} suppressed by comments")
    if report.known:
        parts.append(f"{len(report.known):,} known from the baseline")
    return [f"not told: {', '.join(parts)}"] if parts else []


def _proved(report: Report) -> str:
    """How many of the texts were proved, and how many could be read at all."""
    proved = [proof for proof in report.proofs if proof.exhaustive]
    branches = sum(proof.branches for proof in proved)
    walked = f"{branches:,} of {branches:,} branches"
    read = len(report.proofs)
    total = read + report.unread
    if len(proved) == total:
        return f"proved on {walked} of {count(total, 'text')}"
    line = f"proved on {len(proved):,} of {total:,} texts"
    if proved:
        line += f" ({walked})"
    return f"{line}, {read:,} of {total:,} read" if report.unread else line
