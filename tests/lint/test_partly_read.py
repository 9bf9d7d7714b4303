"""One fault does not hide the others: what was read is checked, and the rest is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.findings import Finding
from copylab.lint.engine import lint_catalog
from copylab.lint.examples import write_example
from copylab.lint.report import Report
from copylab.lint.rule import Example
from copylab.workspace import open_workspace


@pytest.fixture
def lint(tmp_path: Path) -> Callable[[str], Report]:
    """The report on one short message of a marketing kind."""

    def run(text: str) -> Report:
        write_example(Example("sms.en-US.md", text + "\n"), tmp_path)
        return lint_catalog(open_workspace(tmp_path))

    return run


def rules_of(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def find(report: Report, rule: str) -> Finding:
    [finding] = [item for item in report.findings if item.rule == rule]
    return finding


@pytest.mark.parametrize(
    ("tag", "rule"),
    [
        ("{{ nmae }}", "undeclared-variable"),
        ("{{ name | shout }}", "unknown-filter"),
        ("{{ name | money }}", "type-mismatch"),
        ("{{ name.upper() }}", "not-in-language"),
        ("{% if nmae %}a{% endif %}", "undeclared-variable"),
        ("{% set x = nmae %}{{ x }}{{ x | money }}", "undeclared-variable"),
        ("{% macro m() %}x{% endmacro %}", "not-in-language"),
    ],
)
def test_the_rest_of_a_text_is_checked(
    lint: Callable[[str], Report], tag: str, rule: str
) -> None:
    report = lint(f"Example: \u2019{tag}")
    found = rules_of(report)
    assert {rule, "optout-missing", "ucs2-forced-by-literal"} <= found
    assert sum(item.rule == rule for item in report.findings) == 1
    assert not report.proofs, "what has an error is not called proved"
    [sentence] = report.not_checked
    assert "read in part" in sentence


def test_a_value_that_was_not_read_never_makes_a_phrase_sure(
    lint: Callable[[str], Report],
) -> None:
    assert "optout-missing" in rules_of(lint("Example: Reply STOP{{ nmae }}"))
    assert "optout-missing" not in rules_of(lint("Example: {{ nmae }}. Reply STOP now"))


def test_both_arms_of_an_unread_condition_are_checked(
    lint: Callable[[str], Report],
) -> None:
    text = "Example: {% if nmae == 'x' %}a\u2019{% else %}b\u201d{% endif %} Reply STOP"
    found = lint(text).findings
    marks = [item for item in found if item.rule == "ucs2-forced-by-literal"]
    assert len(marks) == 2
    assert all(item.witness is not None for item in marks)
    assert find(lint(text), "undeclared-variable").column is not None


def test_a_value_that_was_not_read_makes_no_text_too_long(
    lint: Callable[[str], Report],
) -> None:
    short = "Example: {{ nmae }} your book is here. Reply STOP to opt out"
    assert rules_of(lint(short)) == {"undeclared-variable"}
    long = f"Example: {{{{ nmae }}}} {'book ' * 40}. Reply STOP to opt out"
    assert "segments-exceed" in rules_of(lint(long))


def test_words_that_were_not_read_are_not_checked(
    lint: Callable[[str], Report],
) -> None:
    report = lint("Example: {% include 'none.md' %}")
    assert rules_of(report) == {"include-missing"}
    assert [item.endswith("it could not be read") for item in report.not_checked]


def test_a_variable_without_bounds_hides_nothing(tmp_path: Path) -> None:
    text = "Example: {{ note }}{{ days | number }}{% if days > 3 %}\u2019{% endif %}"
    message = (
        "purpose: marketing\nlive: plain\nlocales: [en-US]\nvariables:\n"
        "  note: {type: text, missing: x}\n  days: {type: int, missing: 1}\n"
    )
    write_example(
        Example("message.yaml", f"{message}=== sms.en-US.md\n{text}\n"), tmp_path
    )
    report = lint_catalog(open_workspace(tmp_path))
    assert {"unbounded-variable", "optout-missing"} <= rules_of(report)
    assert "ucs2-forced-by-literal" in rules_of(report)
    assert "segments-exceed" not in rules_of(report)
    assert "days, note have no bounds" in report.not_checked[0]
