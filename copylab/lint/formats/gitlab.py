"""``gitlab``: a Code Quality report, for the widget of a merge request.

GitLab compares two reports by fingerprint, so those of unchanged findings stay.
Source: docs.gitlab.com, Code Quality, "Import Code Quality results from a CI/CD job".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from copylab.lint.fingerprint import fingerprints

if TYPE_CHECKING:
    from copylab.findings import Finding, Severity
    from copylab.lint.report import Report

_SEVERITIES: dict[Severity, str] = {
    "error": "major",
    "warning": "minor",
    "info": "info",
}


def render(report: Report) -> str:
    """A list with an object for each finding; an empty list without."""
    marks = fingerprints(report.findings)
    entries = map(_entry, report.findings, marks)
    return json.dumps(list(entries), ensure_ascii=False, indent=2)


def _entry(finding: Finding, fingerprint: str) -> dict[str, object]:
    where = " / ".join(part for part in (finding.variant, finding.field) if part)
    description = finding.message + (f" ({where})" if where else "")
    begin = finding.line or 1
    return {
        "description": description,
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": finding.file or ".",
            "lines": {"begin": begin, "end": max(begin, finding.end_line or begin)},
        },
        "content": {"body": finding.help},
    }
