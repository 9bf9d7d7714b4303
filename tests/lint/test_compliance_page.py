"""The page on compliance says what runs, and every code of the catalogue is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from copylab.lint.compliance_page import render_page
from copylab.lint.pack import covered_codes, left_out_codes
from copylab.lint.rule import all_rules, find_rule

CATALOGUE = Path(__file__).parents[3] / "shared/reference/compliance-rules.yaml"


def test_the_page_is_what_the_packs_say(repository: Path) -> None:
    written = (repository / "docs/compliance.md").read_text(encoding="utf-8")
    assert written == render_page(), "make pages writes it again"


def test_a_code_is_in_one_place() -> None:
    shipped = {rule.code for rule in all_rules()}
    covered, left_out = set(covered_codes()), set(left_out_codes())
    assert not shipped & covered
    assert not shipped & left_out
    assert not covered & left_out


def test_what_covers_a_code_is_a_rule() -> None:
    names = {rule.name for rule in all_rules()}
    assert set(covered_codes().values()) <= names
    for code, name in covered_codes().items():
        found = find_rule(code)
        assert found is not None
        assert found.name == name


def test_each_reason_says_something() -> None:
    for code, reason in left_out_codes().items():
        assert len(reason.split()) > 3, code


@pytest.mark.skipif(
    not CATALOGUE.exists(), reason="the catalogue lies beside the project"
)
def test_every_code_of_the_catalogue_is_a_rule_covered_or_left_out_with_a_reason() -> (
    None
):
    catalogue = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    wanted = {entry["code"] for entry in catalogue["rules"]}
    shipped = {rule.code for rule in all_rules()}
    missing = wanted - shipped - set(covered_codes()) - set(left_out_codes())
    assert not missing
