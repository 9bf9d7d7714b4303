"""``github``: annotations on the lines of a pull request.

The form is that of GitHub's workflow commands: percent signs and line ends are escaped
in the message, colons and commas besides in the properties. Other characters that
would act are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.formats.shown import show
from copylab.lint.formats.summary import cost_lines, summarise

if TYPE_CHECKING:
    from copylab.findings import Finding
    from copylab.lint.report import Report

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """One command a finding, then the summary as plain lines."""
    return "\n".join(
        [*map(_command, report.findings), *summarise(report), *cost_lines(report)]
    )


def _command(finding: Finding) -> str:
    properties = {
        "file": finding.file,
        "line": finding.line,
        "col": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "title": f"{finding.rule} ({finding.code})",
    }
    listed = ",".join(
        f"{name}={_escape_property(str(value))}"
        for name, value in properties.items()
        if value is not None
    )
    lines = [finding.message]
    if finding.witness is not None:
        lines += ["", finding.witness.text]
        lines += [f"{name} = {value}" for name, value in finding.witness.choices]
    lines += [f"help: {finding.help}"] if finding.help else []
    text = _escape("\n".join(lines))
    return f"::{_COMMANDS[finding.severity]} {listed}::{text}"


def _escape(text: str) -> str:
    return show(text, lines=True).replace("%", "%25").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
