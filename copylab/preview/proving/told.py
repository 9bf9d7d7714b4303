"""What was found in a message and in what it uses: told, suppressed and accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.config import CONFIG_NAME
from copylab.lint.suppress import read_suppressions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from copylab.catalog import Catalog
    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.report import Report
    from copylab.lint.rule import Rule

_PARTIALS = "templates/_partials/"
_LOOSE_ENDS = "，,、；; "
"""What is left at the end of a reason when its day is taken off."""


@dataclass(frozen=True, slots=True)
class Excused:
    """A comment that keeps findings from being told, or did until its day.

    Attributes:
        place: The file and the line.
        rules: The rules it is about.
        reason: Why, in its author's words.
        until: The last day it counts; None where it names none.
        is_over: Whether that day has passed, so that nothing is kept back any more.
        findings: What it keeps back in this message.
    """

    place: str
    rules: tuple[str, ...]
    reason: str
    until: date | None
    is_over: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that was found in a message.

    Attributes:
        findings: What is told.
        excused: The comments in force that keep something back.
        known: What the baseline has: found before, and accepted then.
    """

    findings: tuple[Finding, ...]
    excused: tuple[Excused, ...]
    known: tuple[Finding, ...]

    @property
    def suppressed(self) -> int:
        """How many findings comments keep back."""
        return len({id(f) for each in self.excused for f in each.findings})

    def count(self, severity: str) -> int:
        """How many of the findings that are told have a severity."""
        return sum(finding.severity == severity for finding in self.findings)


def files_of(
    catalog: Catalog, message_id: str, texts: Iterable[Words]
) -> tuple[str, ...]:
    """The files that a message is made of: its own, its partials and its layouts.

    Args:
        catalog: The workspace's content.
        message_id: The message.
        texts: Its words.
    """
    message = catalog.messages[message_id]
    found = [message.file, *(copy.source.name for copy in message.copies.values())]
    for words in texts:
        for item in words.fields.values():
            found += [
                _PARTIALS + name for name in sorted(item.template.lowered.includes)
            ]
        found += [item.file for item in words.layout.values()]
    return tuple(dict.fromkeys(found))


def find_told(
    catalog: Catalog,
    report: Report,
    files: Collection[str],
    texts: Sequence[Words],
    rules: Sequence[Rule],
    day: date,
) -> Told:
    """What the report says of a message and of the files it uses.

    A finding in the workspace's settings is the message's where its rule finds the same
    when it looks at the message's words again.

    Args:
        catalog: The workspace's content.
        report: What was found in it.
        files: The files of the message.
        texts: Its words.
        rules: All rules there are.
        day: The day on which expiries are judged.
    """
    by_name = {rule.name: rule for rule in rules}

    def own(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(
            finding
            for finding in findings
            if finding.file in files or _is_about(finding, texts, by_name)
        )

    excused = _excused(catalog, files, own(report.suppressed), rules, day)
    return Told(own(report.findings), tuple(excused), own(report.known))


def _is_about(
    finding: Finding, texts: Sequence[Words], rules: Mapping[str, Rule]
) -> bool:
    """Whether a finding in the settings is one about some words."""
    return finding.file == CONFIG_NAME and any(
        is_found_in(finding, words, rules) for words in texts
    )


def is_found_in(finding: Finding, words: Words, rules: Mapping[str, Rule]) -> bool:
    """Whether the rule of a finding finds it when it looks at some words.

    What stands in a partial, a layout or the settings is told once, whomever it is
    about.

    Args:
        finding: What was found.
        words: A text.
        rules: All rules by name.
    """
    rule = rules.get(finding.rule)
    if rule is None or rule.check is None or rule.subject != "words":
        return False
    if not rule.looks_at(words.channel, words.message.purpose):
        return False
    return any(
        (again.file, again.line, again.column, again.message)
        == (finding.file, finding.line, finding.column, finding.message)
        for again in rule.check(words)
    )


def _excused(
    catalog: Catalog,
    files: Collection[str],
    suppressed: Sequence[Finding],
    rules: Sequence[Rule],
    day: date,
) -> Iterator[Excused]:
    """The comments of the files, and of the settings where they keep something back."""
    for name in (*files, CONFIG_NAME):
        source = catalog.sources.get(name)
        if source is None or "copylab" not in source.text:
            continue
        for item in read_suppressions(source, rules):
            kept = tuple(f for f in suppressed if item.covers(f))
            is_over = item.until is not None and item.until < day
            if kept or (is_over and name != CONFIG_NAME):
                yield Excused(
                    f"{name}:{item.span.line}",
                    item.rules,
                    item.reason.rstrip(_LOOSE_ENDS),
                    item.until,
                    is_over,
                    () if is_over else kept,
                )
