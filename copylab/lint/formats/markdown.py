r"""``markdown``: a comment for a pull request, or the summary of a CI job.

Everything that comes from files is escaped or stands in a block of its own: no text of
theirs adds a heading, a link, a tag or a mention. GitHub takes comments of 65,536
characters; what does not fit is counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES
from copylab.lint.formats.group import group_of
from copylab.lint.formats.shown import show
from copylab.lint.formats.summary import cost_lines, count, summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.findings import Finding, Severity, Witness
    from copylab.lint.report import Report

MAX_CHARACTERS = 60_000
_SIGNS: dict[Severity, str] = {"error": "🔴", "warning": "🟡", "info": "🔵"}
_WORDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
# What starts an element of Markdown, a formula, an emoji or a link within a line, and
# what starts one at the beginning of a line.
_MARKS = re.compile(r"([\\`*_\[\]<>&~|@#!$%]|:(?=\S))|(?<=\bwww)(\.)|\A([-+=])")
# A comment between keeps @name, #12, !3 and GH-4 from becoming mentions and references.
_REFERENCES = re.compile(r"\\[@#!%~$](?=[\w\"])|(?<=\bGH)-(?=\d)", re.IGNORECASE)
_BACKTICKS = re.compile("`+")


def render(report: Report) -> str:
    """The summary, a table of messages, then the findings message by message."""
    head, *rest = summarise(report)
    if not report.findings:
        title = f"### ✅ copylab lint: {_escape(head)}"
        return "\n".join([title, "", *_proved(rest), *_costs(report)])
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        groups[group_of(finding)].append(finding)
    sign = next(_SIGNS[level] for level in SEVERITIES if report.count(level))
    lines = [f"### {sign} copylab lint: {_escape(head)}", "", *_table(groups), ""]
    return "\n".join([*_fill(lines, groups), *_proved(rest), *_costs(report)])


def _proved(lines: Sequence[str]) -> list[str]:
    return [f"{_escape(line)}  " for line in lines]


def _costs(report: Report) -> list[str]:
    """The table of costs as it is, where there is one."""
    lines = cost_lines(report)
    return (
        ["", "```", *(line.replace("`", "'") for line in lines), "```"] if lines else []
    )


def _table(groups: dict[str, list[Finding]]) -> list[str]:
    lines = ["| message | errors | warnings | notes |", "| :-- | --: | --: | --: |"]
    for name, findings in groups.items():
        found = Counter(finding.severity for finding in findings)
        cells = " | ".join(str(found[level] or "") for level in SEVERITIES)
        lines.append(f"| {_code(name, in_table=True)} | {cells} |")
    return lines


def _fill(lines: list[str], groups: dict[str, list[Finding]]) -> list[str]:
    """The findings below the head, as many as fit."""
    size = sum(len(line) + 1 for line in lines)
    left = sum(map(len, groups.values()))
    for name, findings in groups.items():
        title: list[str] = ["", f"#### {_code(name)}", ""]
        for finding in findings:
            block = [*title, *_finding(finding)]
            size += sum(len(line) + 1 for line in block)
            if size > MAX_CHARACTERS:
                more = count(left, "more finding")
                return [*lines, f"…and {more}: run `copylab lint` to see them.", ""]
            lines += block
            left -= 1
            title = []
    return lines


def _finding(finding: Finding) -> list[str]:
    word = f"{_SIGNS[finding.severity]} **{_WORDS[finding.severity]}**"
    name = _code(f"{finding.rule} {finding.code}")
    lines = [f"{word}: {_escape(finding.message)} {name}  "]
    parts = [finding.file or "", finding.line, finding.column]
    place = ":".join(str(part) for part in parts if part not in {None, ""})
    where = " / ".join(part for part in (finding.variant, finding.field) if part)
    shown = " ".join(_code(part) for part in (place, where) if part)
    lines += [f"{shown}  "] if shown else []
    lines += [f"help: {_escape(finding.help)}"] if finding.help else []
    lines.append("")
    return lines + (_details(finding.witness) if finding.witness is not None else [])


def _details(witness: Witness) -> list[str]:
    """The message that shows a finding, folded away."""
    choices = [f"{name}: {value}" for name, value in witness.choices]
    return [
        "<details><summary>the message that shows it</summary>",
        "",
        *_block(witness.text),
        *(["", *_block("\n".join(choices))] if choices else []),
        "",
        "</details>",
        "",
    ]


def _block(text: str) -> list[str]:
    """A fenced block that nothing in the text can close."""
    shown = show(text.replace("\t", "    "), lines=True)
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *shown.split("\n"), fence]


def _escape(text: str) -> str:
    """Words as they are: what would mean something to Markdown has a backslash."""
    escaped = _MARKS.sub(r"\\\g<0>", show(" ".join(text.split())))
    return _REFERENCES.sub(lambda match: f"{match[0]}<!-- -->", escaped)


def _code(text: str, *, in_table: bool = False) -> str:
    """A span of code that nothing in the text can close."""
    shown = show(" ".join(text.split())) or " "
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in (shown[0], shown[-1]) else ""
    span = f"{fence}{pad}{shown}{pad}{fence}"
    return span.replace("|", "\\|") if in_table else span
