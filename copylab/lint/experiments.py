"""Experiments and what they refer to: messages, words, audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import Section, parse_document
from copylab.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment
    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase
    from copylab.message.model import Message
    from copylab.source import SourceFile

AUDIENCES = "experiments/audiences.yaml"
_UNKNOWN = frozenset(("unknown-audience", "unknown-attribute"))


def experiment_span(experiment: Experiment, path: str) -> Span:
    """Where a part of an experiment stands; the start of the file where it does not."""
    start = Span(experiment.file, 1, 1, 1, 1)
    return experiment.place_of.get(path) or experiment.place_of.get("message", start)


def message_of(case: ExperimentCase) -> Message | None:
    """The message of an experiment; None where there is none of that name."""
    return case.catalog.messages.get(case.experiment.message)


def channels_of(experiment: Experiment, message: Message) -> tuple[str, ...]:
    """The channels an experiment covers: those it names, or all of the message."""
    return experiment.channels or message.channels


def audience_findings(case: ExperimentCase, rule: str) -> Iterator[Finding]:
    """What one rule says about the audience that an experiment names or writes.

    A name that stands in the audiences' own file is not unknown: what is wrong with it
    was told there.
    """
    from copylab.audience.read import (  # noqa: PLC0415 - a message needs none
        condition_findings,
    )

    experiment, catalog = case.experiment, case.catalog
    source = catalog.sources.get(experiment.file)
    if experiment.audience is None or source is None:
        return
    found = condition_findings(
        experiment.audience,
        experiment_span(experiment, "audience"),
        source,
        catalog.attributes,
        catalog.audiences,
    )
    for item in found:
        if item.rule == rule and not (
            rule in _UNKNOWN and _is_told_already(item, source, catalog)
        ):
            yield item


def _is_told_already(finding: Finding, source: SourceFile, catalog: Catalog) -> bool:
    """Whether a finding is about an audience that is written, and is at fault itself."""
    written = catalog.sources.get(AUDIENCES)
    if written is None or finding.line is None or finding.column is None:
        return any(item.file == AUDIENCES for item in catalog.errors())
    root, _ = parse_document(written)
    if root is None:
        return True
    names = {entry.key for entry in Section(root, [], AUDIENCES).entries()}
    line = source.line(finding.line)
    end = finding.end_column if finding.end_line == finding.line else None
    name = line[finding.column - 1 : None if end is None else end - 1]
    return name.strip(" \"'") in names - catalog.audiences.keys()
