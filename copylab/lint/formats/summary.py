"""The last lines of a lint run: what was found, proved, and left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES

if TYPE_CHECKING:
    from copylab.lint.report import Report


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
    lines = [
        f"{head} from {count(report.rules, 'rule')} on {count(report.messages, 'message')}"
    ]
    if report.proofs:
        proved = [proof for proof in report.proofs if proof.exhaustive]
        branches = sum(proof.branches for proof in proved)
        texts = count(len(report.proofs), "text")
        lines.append(
            f"proved on {branches:,} of {branches:,} branches of {texts}"
            if len(proved) == len(report.proofs)
            else f"proved on all {branches:,} branches of {len(proved):,} of {texts}"
        )
    lines += [f"not checked: {item}" for item in report.not_checked]
    return lines
