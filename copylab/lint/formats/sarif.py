"""``sarif``: SARIF 2.1.0, for code scanning and for editors.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from copylab.lint.fingerprint import fingerprints
from copylab.version import __version__

if TYPE_CHECKING:
    from copylab.findings import Finding, Fix, Severity
    from copylab.lint.report import Report
    from copylab.lint.rule import Rule
    from copylab.source import SourceFile

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "copylab/v1"
"""The key of the fingerprints; a change of how they are made changes it."""

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
# Section 3.11.6: brackets that do not start a link are written with a backslash.
_LINK = re.compile(r"(?=[\[\]\\])")
_LOOKS_LIKE_LINK = re.compile(r"\[[^\]]*\]\(")

Json = dict[str, object]


def render(report: Report) -> str:
    """The log of one run, without line end."""
    rules = _rules(report)
    places = {name: index for index, name in enumerate(rules)}
    marks = fingerprints(report.findings)
    results = [
        _result(finding, mark, places[finding.rule], report)
        for finding, mark in zip(report.findings, marks, strict=True)
    ]
    driver = {"name": "copylab", "version": __version__, "rules": list(rules.values())}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True} | _notifications(report)],
        "columnKind": "utf16CodeUnits",
        "results": results,
        "properties": {"proofs": [proof.to_dict() for proof in report.proofs]},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _notifications(report: Report) -> Json:
    """What was not checked, where a reader of the log looks for it."""
    items = [
        {"level": "warning", "message": {"text": _plain(f"not checked: {item}")}}
        for item in report.not_checked
    ]
    return {"toolExecutionNotifications": items} if items else {}


def _rules(report: Report) -> dict[str, Json]:
    """The rules of the findings by name, with their pages."""
    told = {rule.name: rule for rule in report.told}
    rules: dict[str, Json] = {}
    for finding in report.findings:
        rule = told.get(finding.rule)
        if finding.rule not in rules:
            own = {"id": finding.rule, "name": finding.code}
            rules[finding.rule] = own | ({} if rule is None else _page(rule))
    return rules


def _page(rule: Rule) -> Json:
    page = rule.page()
    parts = [part for part in (page.what, page.why) if part]
    text = "\n\n".join([*parts, f"Source: {page.source}"] if page.source else parts)
    title = page.title or rule.name
    return {
        "shortDescription": {"text": _plain(title)},
        "fullDescription": {"text": _plain(page.what or title)},
        "help": {"text": _plain(text or title)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.subject, *rule.channels], "code": rule.code},
    }


def _result(finding: Finding, mark: str, index: int, report: Report) -> Json:
    text = finding.message
    if finding.help:
        text += f"\nhelp: {finding.help}"
    result: Json = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _plain(text)},
        "partialFingerprints": {FINGERPRINT: mark},
    }
    if finding.file is not None:
        physical = _place(finding, report)
        result["locations"] = [physical | _logical(finding)]
        if finding.witness is not None:
            shown = {"message": {"text": _plain(_witness(finding))}}
            result["relatedLocations"] = [{"id": 1} | shown | physical]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix, finding.help, report)]
    named = {"variant": finding.variant, "field": finding.field, "help": finding.help}
    result["properties"] = {key: value for key, value in named.items() if value}
    return result


def _fix(fix: Fix, about: str, report: Report) -> Json:
    """Changes that an editor can make (section 3.55)."""
    files: dict[str, list[Json]] = {}
    for edit in fix.edits:
        span, source = edit.span, report.sources.get(edit.span.file)
        region: Json = {
            "startLine": span.line,
            "startColumn": _units(source, span.line, span.column),
            "endLine": span.end_line,
            "endColumn": _units(source, span.end_line, span.end_column),
        }
        text = {"text": edit.text}
        change: Json = {"deletedRegion": region, "insertedContent": text}
        files.setdefault(span.file, []).append(change)
    changes = [
        {"artifactLocation": _artifact(file), "replacements": replacements}
        for file, replacements in files.items()
    ]
    return {"description": {"text": _plain(about)}, "artifactChanges": changes}


def _artifact(file: str) -> Json:
    return {"uri": quote(file.encode("utf-8", "surrogatepass"), safe="/")}


def _logical(finding: Finding) -> Json:
    name = "/".join(part for part in (finding.variant, finding.field) if part)
    if not name:
        return {}
    return {"logicalLocations": [{"name": name, "kind": "variant"}]}


def _witness(finding: Finding) -> str:
    assert finding.witness is not None
    lines = [f"message: {finding.witness.text}"]
    lines += [f"{name}: {value}" for name, value in finding.witness.choices]
    return "\n".join(lines)


def _place(finding: Finding, report: Report) -> Json:
    physical: Json = {"artifactLocation": _artifact(finding.file or "")}
    if finding.line is not None:
        source = report.sources.get(finding.file or "")
        physical["region"] = _region(finding, source)
    return {"physicalLocation": physical}


def _region(finding: Finding, source: SourceFile | None) -> Json:
    """The place in UTF-16 units, as ``columnKind`` says (section 3.30)."""
    assert finding.line is not None
    region: Json = {"startLine": finding.line}
    if finding.column is not None:
        region["startColumn"] = _units(source, finding.line, finding.column)
    if finding.end_line is not None:
        region["endLine"] = finding.end_line
        if finding.column is not None and finding.end_column is not None:
            region["endColumn"] = _units(source, finding.end_line, finding.end_column)
    return region


def _units(source: SourceFile | None, line: int, column: int) -> int:
    """A column in code points as one in UTF-16 units, both from 1."""
    if source is None:
        return column
    before = source.line(line)[: column - 1]
    return column + sum(character > "\uffff" for character in before)


def _plain(text: str) -> str:
    """A plain text message: what looks like a link in it is none (section 3.11.6)."""
    return _LINK.sub(r"\\", text) if _LOOKS_LIKE_LINK.search(text) else text
