"""Every page of a rule: its parts are there, and its examples do what it says."""

from datetime import date
from pathlib import Path

import pytest

from copylab.findings import CODES, Finding
from copylab.lint.engine import lint_catalog
from copylab.lint.examples import write_example
from copylab.lint.rule import Example, Rule, all_rules
from copylab.workspace import open_workspace

RULES = all_rules()
BAD = [
    pytest.param(rule, example, id=f"{rule.name}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.page().bad)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.name}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.page().good)
]
NO_WITNESS = {
    "control-char",  # printing it again would break the terminal
    "header-injection",
    "list-unsubscribe-missing",
    "newline-or-markup-in-title",
    "postal-address-missing",
    "unsubscribe-missing",
}
"""Rules on words whose findings may be about a layout or a declaration."""


def lint(example: Example, folder: Path) -> tuple[Finding, ...]:
    write_example(example, folder)
    return lint_catalog(open_workspace(folder), as_of=date(2026, 11, 22)).findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_has_all_its_parts(rule: Rule) -> None:
    page = rule.page()
    assert page.title
    assert page.what
    assert page.why
    assert page.bad
    assert page.good
    assert page.source


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_rule_fires_on_its_bad_examples(
    rule: Rule, example: Example, tmp_path: Path
) -> None:
    found = [item for item in lint(example, tmp_path) if item.rule == rule.name]
    assert found
    for item in found:
        assert item.code == rule.code
        assert item.message
        assert item.file
        assert (tmp_path / item.file).exists()
        assert item.line
        assert item.column
        if (
            rule.subject == "words"
            and rule.name not in NO_WITNESS
            and not item.file.endswith(".yaml")  # a declaration shows itself
        ):
            assert item.witness is not None


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_rule_is_silent_on_its_good_examples_and_nothing_is_wrong_with_them(
    rule: Rule, example: Example, tmp_path: Path
) -> None:
    found = lint(example, tmp_path)
    assert not [item for item in found if item.rule == rule.name]
    assert not [str(item) for item in found if item.severity == "error"]


def test_names_and_codes_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_a_rule_stands_in_the_file_of_its_name() -> None:
    for rule in RULES:
        if rule.documentation is None:
            assert rule.module.rpartition(".")[2] == rule.name.replace("-", "_")


def test_every_rule_decided_while_reading_has_a_page_that_agrees_with_it() -> None:
    rules = {rule.name: rule for rule in RULES}
    for name, (code, severity) in CODES.items():
        assert (rules[name].code, rules[name].severity) == (code, severity)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_finding_on_a_rules_page_says_what_to_do(
    rule: Rule, tmp_path: Path
) -> None:
    for number, example in enumerate(rule.page().bad):
        folder = tmp_path / str(number)
        folder.mkdir()
        write_example(example, folder)
        findings = open_workspace(folder).lint().findings
        assert all(finding.help for finding in findings), findings
