"""Each rule of the packs is silent on what the pages of all others call good.

Every good example of every rule is laid out once, and all rules of the packs look at it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from copylab.catalog import read_catalog
from copylab.lint.examples import write_example
from copylab.lint.layout_case import LayoutCases
from copylab.lint.linted import lint_message
from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.rule import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.findings import Severity
    from copylab.lint.rule import Example

OVERLAPS = {
    "cn-rational-borrowing": "advice for every loan text: examples of other rules are "
    "kept short and leave the sentence on borrowing within one's means out",
    "cn-sms-finance-channel": "examples declare no gateway, which is a warning for "
    "every SMS of a lender or a wealth manager for China, whatever it says",
}
"""By rule that tells something about good examples of others, why it is right to."""


class Told(NamedTuple):
    """What a rule tells about an example of another rule's page."""

    rule: str
    severity: str
    owner: str
    said: str


@cache
def told(folder: Path) -> tuple[tuple[Told, ...], frozenset[str]]:
    """What is told about the good examples, and the markets they are for."""
    found: list[Told] = []
    markets: set[str] = set()
    for rule in all_rules():
        for number, example in enumerate(rule.page().good):
            inner = folder / f"{rule.name}-{number}"
            findings, about = _lint(example, inner)
            markets |= about
            found += [
                Told(rule_name, severity, rule.name, said)
                for rule_name, severity, said in findings
                if rule_name != rule.name
            ]
    return tuple(found), frozenset(markets)


def _lint(
    example: Example, folder: Path
) -> tuple[list[tuple[str, Severity, str]], frozenset[str]]:
    """What the rules of the packs find in an example, and the markets it is for."""
    folder.mkdir()
    write_example(example, folder)
    catalog = read_catalog(folder)
    layouts = LayoutCases(catalog)
    rules = builtin_pack_rules()
    found, markets = [], set()
    for name, message in catalog.messages.items():
        linted = lint_message(catalog, name, rules, layouts)
        found += [(item.rule, item.severity, str(item)) for item in linted.findings]
        for _, locale in message.copies:
            markets |= set(message.markets.at(locale))
    return found, frozenset(markets)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


def test_rules_are_silent_on_the_good_examples_of_others(examples: Path) -> None:
    found, _ = told(examples)
    wrong = [
        f"{item.rule} on a good example of {item.owner}: {item.said}"
        for item in found
        if item.rule not in OVERLAPS
    ]
    assert not wrong, "\n".join(wrong)


def test_an_overlap_is_no_error_and_still_there(examples: Path) -> None:
    found, _ = told(examples)
    assert not [item.said for item in found if item.severity == "error"]
    assert OVERLAPS.keys() == {item.rule for item in found if item.rule in OVERLAPS}


def test_the_examples_are_for_many_markets(examples: Path) -> None:
    _, markets = told(examples)
    named = {
        market
        for rule in builtin_pack_rules()
        if rule.provision is not None
        for market in rule.provision.markets
        if market != "EU"
    }
    assert named <= markets, sorted(named - markets)
