"""``junit``: XML for the test reports of CI: a test a text, a failure a finding.

A text is a variant of a message in one channel and locale. What is wrong with a file
that holds no text of its own is a test by the file's name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from copylab.lint.formats.group import ELSEWHERE, group_of
from copylab.lint.formats.shown import show
from copylab.lint.formats.summary import count

if TYPE_CHECKING:
    from copylab.findings import Finding
    from copylab.lint.report import Proof, Report


@dataclass(slots=True)
class _Test:
    """A test: a text or a file, what was proved of it and what is wrong with it."""

    suite: str
    name: str
    file: str
    proof: Proof | None = None
    findings: list[Finding] = field(default_factory=list)


def render(report: Report) -> str:
    """The XML of all tests, a suite for each message."""
    suites: dict[str, list[_Test]] = defaultdict(list)
    for test in _tests(report):
        suites[test.suite].append(test)
    root = ET.Element("testsuites", {"name": "copylab lint"})
    for name, tests in suites.items():
        suite = ET.SubElement(root, "testsuite", {"name": show(name)} | _sums(tests))
        for test in tests:
            _add_test(suite, test)
    for key, number in _sums(
        [item for tests in suites.values() for item in tests]
    ).items():
        root.set(key, number)
    if report.not_checked:
        _add_output(root, report)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _tests(report: Report) -> list[_Test]:
    """Every text that was proved, and every other file with findings."""
    tests: dict[tuple[str, str | None], _Test] = {}
    for proof in report.proofs:
        name = f"{proof.channel}.{proof.locale} {proof.variant}"
        tests[proof.file, proof.variant] = _Test(proof.message, name, proof.file, proof)
    for finding in report.findings:
        key = (finding.file or "", finding.variant)
        if key not in tests:
            key = (finding.file or "", None)
            name = finding.file or ELSEWHERE
            test = _Test(group_of(finding), name, finding.file or "")
            tests.setdefault(key, test)
        tests[key].findings.append(finding)
    return list(tests.values())


def _sums(tests: list[_Test]) -> dict[str, str]:
    failed = sum(bool(test.findings) for test in tests)
    sums = {"tests": len(tests), "failures": failed, "errors": 0, "skipped": 0}
    return {key: str(number) for key, number in sums.items()} | {"time": "0"}


def _add_test(suite: ET.Element, test: _Test) -> None:
    names = {"classname": show(test.suite), "name": show(test.name), "time": "0"}
    if test.file:
        names["file"] = show(test.file)
    case = ET.SubElement(suite, "testcase", names)
    for finding in test.findings:
        kind = f"{finding.severity} {finding.rule}"
        failure = ET.SubElement(
            case, "failure", {"message": show(finding.message), "type": kind}
        )
        failure.text = show(_describe(finding), lines=True)
    if test.proof is not None:
        output = ET.SubElement(case, "system-out")
        output.text = show(_proved(test.proof))


def _describe(finding: Finding) -> str:
    """A finding in full: its place, the message that shows it, and the cure."""
    parts = [finding.file or "-", finding.line, finding.column]
    place = ":".join(str(part) for part in parts if part is not None)
    head = f"{place}: {finding.severity} {finding.rule} ({finding.code})"
    lines = [show(head), show(finding.message)]
    if finding.witness is not None:
        lines += ["", finding.witness.text]
        lines += [f"{name}: {value}" for name, value in finding.witness.choices]
    return "\n".join([*lines, "", f"help: {finding.help}"] if finding.help else lines)


def _proved(proof: Proof) -> str:
    rules = count(proof.rules, "rule")
    if not proof.exhaustive:
        return f"{rules} decided; too many branches to walk"
    walked = f"{proof.branches:,} of {proof.branches:,} branches"
    return f"{rules} decided on {walked}"


def _add_output(root: ET.Element, report: Report) -> None:
    """What was not checked, as a test that was skipped, so that it is seen."""
    suite = ET.SubElement(
        root,
        "testsuite",
        {"name": "not checked"}
        | _sums([])
        | {
            "tests": str(len(report.not_checked)),
            "skipped": str(len(report.not_checked)),
        },
    )
    for item in report.not_checked:
        names = {"classname": "not checked", "name": show(item), "time": "0"}
        case = ET.SubElement(suite, "testcase", names)
        ET.SubElement(case, "skipped", {"message": "could not be decided"})
    for key in ("tests", "skipped"):
        total = int(root.get(key, "0")) + len(report.not_checked)
        root.set(key, str(total))
