"""The ``lint`` settings: folders that differ, and what is wrong with them."""

from __future__ import annotations

import pytest

from copylab.config import read_config
from copylab.lint_settings import matches_path
from copylab.source import SourceFile

LEGAL = "templates/legal/terms/sms.en-US.md"
OTHER = "templates/winback/sms.en-US.md"


@pytest.mark.parametrize(
    ("pattern", "file", "matches"),
    [
        ("templates/legal/**", LEGAL, True),
        ("templates/legal", LEGAL, True),
        ("templates/legal/", LEGAL, True),
        ("./templates/legal/**", LEGAL, True),
        ("templates/leg", LEGAL, False),
        ("templates/legal/**", "templates/legal", False),
        ("templates/legal/**", OTHER, False),
        ("templates/*/terms", LEGAL, True),
        ("templates/*/sms.en-US.md", LEGAL, False),
        ("templates/**/sms.*.md", LEGAL, True),
        ("templates/**/sms.*.md", OTHER, True),
        ("**/sms.en-US.md", LEGAL, True),
        ("**", LEGAL, True),
        ("sms.en-US.md", LEGAL, False),
        ("templates/l?gal/**", LEGAL, True),
        ("templates/l.gal/**", LEGAL, False),
        ("templates/(legal|x)/**", LEGAL, False),
    ],
)
def test_a_pattern_matches_from_the_root(pattern, file, matches) -> None:
    assert matches_path(pattern, file) is matches


def _read(text: str):
    return read_config(SourceFile("copylab.yaml", text))


def test_later_overrides_win_over_earlier_ones_and_over_the_settings() -> None:
    config, findings = _read(
        "lint:\n"
        "  rules: {optout-missing: warning, SMS001: info}\n"
        "  sms: {max_segments: {marketing: {warning: 2}}}\n"
        "  overrides:\n"
        "  - {paths: [templates/legal/**], rules: {optout-missing: off},\n"
        "     sms: {max_segments: {marketing: {error: 9}, otp: {warning: 2}}}}\n"
        "  - {paths: ['**/terms/*'], rules: {SMS040: info, segments-exceed: error}}\n"
    )
    assert findings == []
    lint = config.lint
    assert lint.severity_at(OTHER, "optout-missing", "SMS040") == "warning"
    assert lint.severity_at(None, "optout-missing", "SMS040") == "warning"
    assert lint.severity_at(LEGAL, "optout-missing", "SMS040") == "info"
    assert lint.severity_at("templates/legal/x", "optout-missing", "SMS040") == "off"
    assert lint.severity_at(OTHER, "segments-exceed", "SMS001") == "info"
    assert lint.severity_at(LEGAL, "segments-exceed", "SMS001") == "error"
    assert lint.severity_at(LEGAL, "other", "X1") is None
    assert lint.limits_at(OTHER)["marketing"] == {"warning": 2, "error": 3}
    assert lint.limits_at(LEGAL)["marketing"] == {"warning": 2, "error": 9}
    assert lint.limits_at(LEGAL)["otp"] == {"warning": 2, "error": 1}
    assert lint.limits_at(OTHER)["otp"] == {"warning": 1, "error": 1}


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        ("lint: {overrides: [{rules: {a: off}}]}", "missing-key", "has no 'paths'"),
        ("lint: {overrides: [{paths: []}]}", "bad-value", "paths lists nothing"),
        ("lint: {overrides: [{paths: templates}]}", "bad-value", "must be a list"),
        ("lint: {overrides: [x]}", "bad-value", "must be a mapping"),
        ("lint: {overrides: [{paths: [/etc]}]}", "bad-value", "no path below"),
        ("lint: {packs: [../own.yaml]}", "bad-value", "no path below the workspace"),
        ("lint: {overrides: [{paths: [a], rule: {}}]}", "unknown-key", "'rule'"),
        ("lint: {overrides: [{paths: [a], rules: {b: no}}]}", "bad-value", "is 'no'"),
    ],
)
def test_what_is_wrong_has_a_place(text, rule, says) -> None:
    _, findings = _read(text)
    found = [item for item in findings if item.rule == rule]
    assert any(says in item.message for item in found), findings
    assert all(item.line and item.help for item in findings)


def test_clients_are_those_that_rules_know() -> None:
    config, findings = read_config(
        SourceFile("copylab.yaml", "lint: {email: {clients: [gmail, lotus]}}\n")
    )
    assert config.lint.clients == ("gmail",)
    [finding] = findings
    assert (finding.rule, finding.line, finding.column) == ("bad-value", 1, 33)
    assert "outlook.com" in finding.help
