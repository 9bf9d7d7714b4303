"""Trying a rule on the examples of its page: it fires on the bad ones, not on the good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.catalog import read_catalog
from copylab.lint.examples import write_example
from copylab.lint.layout_case import LayoutCases
from copylab.lint.linted import lint_message

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.lint.rule import Example, Rule


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a rule.

    Attributes:
        rule: The rule.
        examples: How many examples were tried.
        wrong: What a finding, or its absence, should not be; one sentence each.
    """

    rule: Rule
    examples: int
    wrong: tuple[str, ...]


def try_rule(rule: Rule, folder: Path) -> Tried:
    """What a rule does on its examples.

    Args:
        rule: A rule whose examples are copy, with files around it where they say.
        folder: An empty folder, in which a small workspace is made for each example.
    """
    page = rule.page()
    wrong = []
    for part, examples in (("bad", page.bad), ("good", page.good)):
        if not examples:
            wrong.append(f"has no {part} example")
        for number, example in enumerate(examples, start=1):
            reason = _try(rule, example, folder / f"{part}-{number}")
            wanted = "fires" if part == "bad" else ""
            if reason != wanted:
                said = f"{reason} on" if reason else "is silent on"
                wrong.append(f"{said} its {part} example {number} ({example.info})")
    return Tried(rule, len(page.bad) + len(page.good), tuple(wrong))


def _try(rule: Rule, example: Example, folder: Path) -> str:
    """``fires`` where the rule finds something; nothing where it does not; else why."""
    try:
        write_example(example, folder)
    except (LookupError, ValueError) as error:
        return f"cannot be tried ({error})"
    catalog = read_catalog(folder)
    if not catalog.messages:
        return "cannot be read"
    layouts = LayoutCases(catalog)
    for name in catalog.messages:
        linted = lint_message(catalog, name, [rule], layouts)
        if linted.findings:
            return "fires"
        if linted.unread:
            return f"cannot be read ({linted.unread[0]})"
        if linted.unchecked:
            return f"cannot be checked ({linted.unchecked[0][0]} is not declared)"
    return ""
