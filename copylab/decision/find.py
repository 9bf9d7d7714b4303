"""Finding: the experiment of a name, and everything wrong that concerns it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from copylab.catalog import Catalog
from copylab.document import suggest
from copylab.errors import DataError, WorkspaceError
from copylab.experiment.metrics import metric_findings
from copylab.readiness import readiness_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copylab.experiment.model import Experiment
    from copylab.findings import Finding
    from copylab.message.model import Message

NOT_FROZEN = "experiment-not-frozen"
# What references and the rules of starting say already, whatever lint is set to.
_TOLD = frozenset(
    (
        NOT_FROZEN,
        "experiment-overlap",
        "layer-overlap",
        "unknown-message",
        "unknown-channel",
        "unknown-arm-variant",
        "unknown-audience",
        "unknown-metric",
    )
)
_SHARED = (
    "copylab.yaml",
    "experiments/audiences.yaml",
    "experiments/layers.yaml",
    "experiments/metrics.yaml",
)


def find_experiment_named(catalog: Catalog, name: str) -> Experiment:
    """The experiment of a name.

    Raises:
        WorkspaceError: Its file is there but cannot be read as an experiment.
        DataError: There is none.
    """
    experiment = catalog.experiments.get(name)
    if experiment is not None:
        return experiment
    file = f"experiments/{name}.yaml"
    if file in catalog.sources:
        wrong = [item for item in catalog.errors() if item.file == file]
        raise WorkspaceError(
            f"the experiment '{name}' cannot be read",
            wrong,
            file=file,
            help="copylab lint shows each finding with its place and cure",
        )
    known = ", ".join(sorted(catalog.experiments)) or "none"
    raise DataError(
        f"there is no experiment '{name}'",
        help=suggest(name, catalog.experiments) or f"experiments: {known}",
    )


def channels_of(catalog: Catalog, experiment: Experiment) -> tuple[str, ...]:
    """The channels an experiment covers; none where its message is unknown."""
    message = catalog.messages.get(experiment.message)
    if message is None:
        return ()
    return experiment.channels or message.channels


def reference_findings(catalog: Catalog, experiment: Experiment) -> list[Finding]:
    """What an experiment refers to that is not there, as if it were running."""
    running = replace(experiment, status="running")
    held = {item.name: getattr(catalog, item.name) for item in fields(Catalog)}
    # A catalog, whatever holds it: a workspace would get everything ready for sending.
    alone = Catalog(**{**held, "experiments": {experiment.name: running}})
    return [
        *readiness_findings(alone),
        *metric_findings(experiment, catalog.metrics),
    ]


def wordless(message: Message, variant: str) -> list[tuple[str, str]]:
    """The channels and locales in which a variant has no words."""
    return [key for key, copy in message.copies.items() if variant not in copy.variants]


def blocking_findings(
    catalog: Catalog,
    experiment: Experiment,
    *,
    linted: Sequence[Finding] | None = None,
) -> list[Finding]:
    """Every error that must be mended before an experiment may send.

    Those are errors in its file, in the files all experiments share, in what it refers
    to, and in the words of its arms in its channels. What was frozen and has changed
    is left to the rules of starting.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        linted: What lint found in all of the workspace; None lints what concerns the
            experiment.
    """
    from copylab.lint.engine import lint_catalog  # noqa: PLC0415 - reading results needs no lint

    message = catalog.messages.get(experiment.message)
    folder = f"templates/{experiment.message}"
    included = ("templates/_partials", "templates/_layouts")
    files = (*_SHARED, experiment.file, folder, *included)
    if linted is None:
        linted = lint_catalog(catalog, paths=files).findings
    skipped = _other_files(catalog, experiment)
    arms = set(experiment.arms)
    references = reference_findings(catalog, experiment)
    found: list[Finding] = []
    for item in (*references, *catalog.errors(), *linted):
        told = item.rule in _TOLD and item not in references
        if item.severity != "error" or told:
            continue
        inside = item.file is None or any(
            item.file == file or item.file.startswith(f"{file}/") for file in files
        )
        if not inside or item.file in skipped:
            continue
        if message is not None and item.variant not in {None, *arms}:
            continue
        found.append(item)
    return _without_repeats(found)


def _other_files(catalog: Catalog, experiment: Experiment) -> frozenset[str]:
    """Copy files of the message in channels that the experiment leaves out."""
    message = catalog.messages.get(experiment.message)
    if message is None or not experiment.channels:
        return frozenset()
    return frozenset(
        copy.source.name
        for (channel, _), copy in message.copies.items()
        if channel not in experiment.channels
    )


def _without_repeats(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each place and severity; the first says it."""
    kept: dict[object, Finding] = {}
    for item in findings:
        if item.line is None:
            kept.setdefault((item.file, item.message), item)
        else:
            kept.setdefault((item.file, item.line, item.column, item.rule), item)
    return list(kept.values())
