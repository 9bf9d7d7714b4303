"""Readiness: what stops a workspace from being sent from, though each file reads well.

A running experiment must find its message, its words and its audience; composing looks
none of that up again for each user. Drafts may be unfinished: nobody is sent to because
of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.audience.read import condition_findings
from copylab.document import suggest
from copylab.experiment.model import NO_SEND
from copylab.findings import Finding, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment
    from copylab.message.model import Message


def readiness_findings(catalog: Catalog) -> list[Finding]:
    """The errors that would stop composing, beyond those of single files."""
    findings: list[Finding] = []
    running = [
        item for item in catalog.experiments.values() if item.status == "running"
    ]
    for experiment in running:
        findings += _experiment_findings(catalog, experiment)
    for experiment in catalog.experiments.values():
        if experiment.status == "draft" and experiment.forced:
            findings += _forced_findings(catalog, experiment)
    findings += _overlaps(catalog, running)
    errors = [item for item in findings if item.severity == "error"]
    return list(dict.fromkeys(errors))


def _experiment_findings(catalog: Catalog, experiment: Experiment) -> Iterator[Finding]:
    message = catalog.messages.get(experiment.message)
    if message is None:
        text = f"there is no message '{experiment.message}'"
        cure = suggest(experiment.message, catalog.messages)
        cure = cure or f"write templates/{experiment.message}/message.yaml"
        yield _wrong(experiment, "message", text, cure)
    else:
        yield from _words_findings(experiment, message)
    source, span = (
        catalog.sources.get(experiment.file),
        experiment.place_of.get("audience"),
    )
    if experiment.audience is not None and source is not None and span is not None:
        yield from condition_findings(
            experiment.audience, span, source, catalog.attributes, catalog.audiences
        )


def _forced_findings(catalog: Catalog, experiment: Experiment) -> Iterator[Finding]:
    """Arms of a draft that somebody is to try out, and cannot."""
    forced = frozenset(experiment.forced.values())
    arms = {arm: share for arm, share in experiment.arms.items() if arm in forced}
    message = catalog.messages.get(experiment.message)
    if message is not None:
        yield from _words_findings(replace(experiment, arms=arms), message)


def _words_findings(experiment: Experiment, message: Message) -> Iterator[Finding]:
    """Channels and arms that the message has no words for."""
    for channel in experiment.channels:
        if channel not in message.channels:
            text = f"the message '{message.id}' has no {channel} copy"
            cure = "channels with copy: " + (", ".join(message.channels) or "none")
            yield _wrong(experiment, f"channels.{channel}", text, cure)
    covered = experiment.channels or message.channels
    for arm in experiment.variants:
        if arm not in message.variants:
            text = f"the arm '{arm}' is no variant of '{message.id}'"
            cure = suggest(arm, message.variants) or (
                f"variants: {', '.join(message.variants)}; or '{NO_SEND}'"
            )
            yield _wrong(experiment, f"arms.{arm}", text, cure)
            continue
        for (channel, locale), copy in message.copies.items():
            if channel in covered and arm not in copy.variants:
                text = f"the arm '{arm}' has no words in {channel}.{locale}"
                yield _wrong(experiment, f"arms.{arm}", text, f"write '# {arm}' there")


def _overlaps(catalog: Catalog, running: list[Experiment]) -> Iterator[Finding]:
    """Experiments of which one would never get a user."""
    owners: dict[tuple[str, str], str] = {}
    for experiment in sorted(running, key=lambda item: item.name):
        message = catalog.messages.get(experiment.message)
        channels = experiment.channels or (() if message is None else message.channels)
        for channel in channels:
            owner = owners.setdefault((experiment.message, channel), experiment.name)
            if owner != experiment.name:
                text = f"'{owner}' is running on {experiment.message} {channel} already"
                cure = "conclude one of them, or give it another channel"
                yield _wrong(experiment, "message", text, cure)


def _wrong(experiment: Experiment, path: str, text: str, cure: str) -> Finding:
    span = experiment.place_of.get(path) or experiment.place_of.get("message")
    return report("bad-arm", text, span, help=cure)
