"""What a reader sees is judged as a whole: fields of one message know each other."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.findings import Finding
from copylab.lint.engine import lint_catalog
from copylab.lint.examples import write_example
from copylab.lint.rule import Example
from copylab.workspace import open_workspace

Lint = Callable[[Path, str], list[Finding]]


def push(title: str, body: str) -> Example:
    text = f"## title\n{title}\n## body\n{body}\n"
    return Example("push.zh-CN.md industry=lending", text)


def test_words_in_one_field_answer_for_another(tmp_path: Path, lint_rule: Lint) -> None:
    write_example(push("备用金待领取", "年化利率7.2%起（单利）。"), tmp_path)
    assert lint_rule(tmp_path, "cn-loan-without-annual-rate") == []


def test_branches_that_never_meet_are_not_held_against_each_other(
    tmp_path: Path, lint_rule: Lint
) -> None:
    offer = "{% if stage == 'repaid' %}备用金待领取{% else %}欢迎{% endif %}"
    rate = "{% if stage == 'repaid' %}年化利率7.2%起。{% else %}打开看看。{% endif %}"
    write_example(push(offer, rate), tmp_path)
    assert lint_rule(tmp_path, "cn-loan-without-annual-rate") == []


def test_branches_that_can_meet_are(tmp_path: Path, lint_rule: Lint) -> None:
    offer = "{% if stage == 'repaid' %}备用金待领取{% else %}欢迎{% endif %}"
    rate = "{% if app %}年化利率7.2%起。{% else %}打开看看。{% endif %}"
    write_example(push(offer, rate), tmp_path)
    [finding] = lint_rule(tmp_path, "cn-loan-without-annual-rate")
    column = len("{% if stage == 'repaid' %}") + 1
    assert (finding.line, finding.column, finding.field) == (2, column, "title")
    assert finding.witness is not None
    assert "备用金" in finding.witness.text


def test_a_variable_of_the_opt_out_is_used(tmp_path: Path, lint_rule: Lint) -> None:
    text = (
        "purpose: marketing\nlive: plain\nlocales: [en-US]\nvariables:\n"
        '  unsubscribe_url: {type: url, base: "https://example.com/u/", max: 60}\n'
        "=== email.en-US.md\n## subject\nHello\n## body\nHello.\n"
    )
    write_example(Example("message.yaml", text), tmp_path)
    assert lint_rule(tmp_path, "unused-variable") == []


@pytest.mark.parametrize(
    ("words", "severity"),  # 20 letters of two units, and 70 units in one part
    [
        ("{{ name }}, reply STOP to end", "info"),
        ("{{ name }}, saved! Now reply STOP to opt out", "warning"),
    ],
)
def test_a_value_outside_of_gsm7_is_a_note_until_it_costs_a_part(
    words: str, severity: str, tmp_path: Path
) -> None:
    write_example(Example("sms.en-US.md", f"{words}\n"), tmp_path)
    [finding] = lint_catalog(open_workspace(tmp_path), select=("SMS011",)).findings
    assert finding.severity == severity
    assert (finding.line, finding.column, finding.end_column) == (1, 1, 11)
    assert "charset: gsm7" in finding.help


def test_findings_can_be_changed_in_severity_or_switched_off(tmp_path: Path) -> None:
    text = "Example: we’re back. Reply STOP to opt out\n"
    write_example(Example("sms.en-US.md", text), tmp_path)
    config = tmp_path / "copylab.yaml"
    before = config.read_text()
    for written, expected in (("error", ["error"]), ("off", [])):
        rules = f"lint: {{rules: {{ucs2-forced-by-literal: '{written}'}}}}\n"
        config.write_text(before + rules)
        found = lint_catalog(open_workspace(tmp_path), select=("SMS010",)).findings
        assert [item.severity for item in found] == expected
