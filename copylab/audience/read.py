"""``experiments/audiences.yaml``: audiences named once, and used by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.audience.attributes import check_name
from copylab.audience.condition import Condition, Place, audience_hash
from copylab.audience.nulls import null_problems
from copylab.audience.parse import parse_condition
from copylab.audience.places import TextPlaces, find_problems
from copylab.audience.scan import Problem
from copylab.document import Section, parse_document, suggest
from copylab.findings import Finding, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.audience.attributes import Attribute
    from copylab.document import Entry
    from copylab.source import SourceFile, Span

MAX_CHAIN = 20
"""How many audiences may be used inside one another."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A named condition on the attributes of users.

    Attributes:
        name: How experiments call it.
        text: The condition as it is written.
        condition: What it says.
        hash: The hash of what it says, audiences used by name included.
        place: Where it is declared.
    """

    name: str
    text: str
    condition: Condition
    hash: str
    place: Span | None = None


def read_audiences(
    source: SourceFile, attributes: Mapping[str, Attribute]
) -> tuple[dict[str, Audience], list[Finding]]:
    """The audiences of a file by name, and what is wrong with the file.

    An audience that cannot be read is reported and left out; so is one that uses it.

    Args:
        source: The file.
        attributes: Attributes of users by name.
    """
    root, findings = parse_document(source)
    if root is None:
        return {}, findings
    section = Section(root, findings, "the list of audiences")
    entries = {entry.key: entry for entry in section.entries()}
    reading = _Reading(source, attributes, entries, findings)
    read = {name: reading.audience(name) for name in entries}
    return {name: found for name, found in read.items() if found is not None}, findings


def read_condition(
    text: str,
    attributes: Mapping[str, Attribute],
    audiences: Mapping[str, Audience],
) -> tuple[Audience | None, list[Problem]]:
    """The audience an experiment names, or writes itself, and what is wrong with it.

    Args:
        text: A name of an audience, or a condition that may use names.
        attributes: Attributes of users by name.
        audiences: The audiences there are.

    Returns:
        The named audience itself, or one without a place whose name is its text.
    """
    name = text.strip()
    if name in audiences:
        return audiences[name], []
    if not check_name(name) and name not in attributes:
        cure = suggest(name, audiences) or "declare it in experiments/audiences.yaml"
        message = f"there is no audience '{name}'"
        place = Place(0, len(text))
        return None, [Problem("unknown-audience", message, place, cure)]
    condition, problems = parse_condition(text, attributes, _Known(audiences))
    if condition is None:
        return None, problems
    problems += null_problems(condition)
    return Audience(text, text, condition, audience_hash(condition)), problems


def condition_findings(
    text: str,
    span: Span,
    source: SourceFile,
    attributes: Mapping[str, Attribute],
    audiences: Mapping[str, Audience],
) -> list[Finding]:
    """What is wrong with the audience an experiment names or writes, in its file.

    Args:
        text: A name of an audience, or a condition that may use names.
        span: Where the text stands in the file, with its quotes.
        source: The experiment's file.
        attributes: Attributes of users by name.
        audiences: The audiences there are.
    """
    _, problems = read_condition(text, attributes, audiences)
    if not problems:
        return []
    return find_problems(problems, TextPlaces(source, span, text))


class _Known:
    """Audiences that have all been read."""

    def __init__(self, audiences: Mapping[str, Audience]) -> None:
        self.audiences = audiences

    def names(self) -> tuple[str, ...]:
        """All names."""
        return tuple(self.audiences)

    def condition(self, name: str, place: Place) -> Condition | Problem | None:
        """What a name stands for."""
        if name not in self.audiences:
            return Problem("unknown-attribute", "", place)
        return self.audiences[name].condition


class _Reading:
    """Reads audiences in the order they use each other."""

    def __init__(
        self,
        source: SourceFile,
        attributes: Mapping[str, Attribute],
        entries: Mapping[str, Entry],
        findings: list[Finding],
    ) -> None:
        self.source = source
        self.attributes = attributes
        self.entries = entries
        self.findings = findings
        self.done: dict[str, Audience | None] = {}
        self.chain: list[str] = []

    def names(self) -> tuple[str, ...]:
        """All names of the file."""
        return tuple(self.entries)

    def audience(self, name: str) -> Audience | None:
        """The audience of a name; None where it was reported."""
        if name not in self.done:
            self.chain.append(name)
            self.done[name] = self.read(self.entries[name])
            self.chain.pop()
        return self.done[name]

    def read(self, entry: Entry) -> Audience | None:
        """Read one audience, and report what is wrong with it."""
        name, node = entry.key, entry.node
        wrong = check_name(name)
        if name in self.attributes:
            wrong = f"'{name}' is an attribute already"
        if wrong:
            finding = report("bad-value", wrong, entry.key_span, help="rename it")
            self.findings.append(finding)
        if isinstance(node.value, dict | tuple) or node.value is None:
            message = f"the audience '{name}' must be a condition, not {node.kind}"
            cure = "write one line, such as: loans = 0 and app_installed"
            self.findings.append(report("bad-value", message, node.span, help=cure))
            return None
        condition, problems = parse_condition(node.text, self.attributes, self)
        if condition is not None:
            problems = problems + null_problems(condition)
        if problems:
            places = TextPlaces(self.source, node.span, node.text)
            self.findings += find_problems(problems, places)
        if condition is None or wrong:
            return None
        hashed = audience_hash(condition)
        return Audience(name, node.text, condition, hashed, entry.key_span)

    def condition(self, name: str, place: Place) -> Condition | Problem | None:
        """What a name stands for, read now if it was not yet."""
        if name not in self.entries:
            return Problem("unknown-attribute", "", place)
        if name in self.chain:
            loop = [*self.chain[self.chain.index(name) :], name]
            message = "the audience is defined by itself: " + " → ".join(loop)
            cure = "write one of them out"
            return Problem("audience-cycle", message, place, cure)
        if len(self.chain) >= MAX_CHAIN:
            message = f"more than {MAX_CHAIN} audiences are used inside one another"
            return Problem("too-complex", message, place, "write some of them out")
        found = self.audience(name)
        return None if found is None else found.condition
