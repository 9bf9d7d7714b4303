"""Experiments and what they refer to: messages, words, audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.audience.read import condition_findings
from copylab.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.experiment.model import Experiment
    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase
    from copylab.message.model import Message


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
    """What one rule says about the audience that an experiment names or writes."""
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
    yield from (item for item in found if item.rule == rule)
