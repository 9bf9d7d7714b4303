"""Results: from an experiment of a workspace to the analysis of its data."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copylab.analysis.epoch_ratio import check_epochs
from copylab.analysis.metrics import MetricSpec
from copylab.analysis.origin import Origin, cite_file
from copylab.analysis.sources import (
    connect,
    find_files,
    literal,
    open_source,
    translated_errors,
)
from copylab.analysis.workspace_form import analyze_experiment
from copylab.decision.context import add_context
from copylab.decision.find import NOT_FROZEN, channels_of, find_experiment_named
from copylab.decision.looks import find_looks, look_plan, note_looks, planned_units
from copylab.errors import DataError, WorkspaceError
from copylab.experiment.metrics import metric_findings
from copylab.experiment.quantities import parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, timedelta

    from copylab.analysis.corrections import Correction
    from copylab.analysis.epoch_ratio import EpochRatio
    from copylab.analysis.results import Analysis, HealthNote, Role
    from copylab.analysis.sequential.plan import Wish
    from copylab.analysis.sequential.standing import Standing
    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment, MetricDefinition

    Files = str | Path | Sequence[str | Path] | None

__all__ = [
    "analyze_workspace",
    "data_files",
    "metric_specs",
    "metric_window",
    "outcome_columns",
    "planned_units",
    "present_epoch",
]

_SECONDS_AN_HOUR = 3600


def analyze_workspace(  # noqa: PLR0913 - what a reading can be asked
    catalog: Catalog,
    name: str,
    *,
    exposures: Files = None,
    outcomes: Files = None,
    alpha: float | None = None,
    correction: Correction = "holm",
    at: datetime | None = None,
    persona: str | None = None,
    wish: Wish = "due",
    anytime: bool = False,
) -> Analysis:
    """The analysis of an experiment of a workspace, by its plan.

    Only exposures of the present epoch count. With ``mde`` or ``units`` in the plan,
    neither better nor worse is read but at a look; see ``copylab.decision.looks``.
    Nothing is written: ``record_look`` does that.

    Args:
        catalog: The workspace.
        name: The experiment.
        exposures: Files or patterns of exposures; None is where ``data:`` points.
        outcomes: Files or patterns of outcomes; None is where ``data:`` points.
        alpha: The level of the tests; None is the plan's.
        correction: The correction across arms.
        at: The time of the analysis; None takes the data as complete.
        persona: A made-up user to render the arms' words for, by name.
        wish: ``extra`` takes a look although none is due, ``final`` the last one.
        anytime: Judge as for looks at any time, though the plan has a single look.

    Raises:
        DataError: The experiment has no metrics, its data cannot be used, or its ledger
            of looks is not whole.
        DecisionError: There is no such experiment.
        UnreadableError: A file cannot be read.
        WorkspaceError: The experiment's own files have errors.
    """
    experiment = find_experiment_named(catalog, name)
    metrics = metric_specs(catalog, experiment)
    seen = data_files(catalog, "exposures", exposures)
    events = data_files(catalog, "outcomes", outcomes)
    columns = outcome_columns(catalog, events, metrics)
    settings = catalog.config.outcomes
    epochs, notes = _check_epochs(experiment, seen)
    plan = look_plan(experiment.plan, alpha=alpha, anytime=anytime)

    def run(exposed: Sequence[str], looks: Standing | None = None) -> Analysis:
        return analyze_experiment(
            experiment.name,
            exposures=exposed,
            outcomes=events,
            arms={arm: float(share) for arm, share in experiment.arms.items()},
            control=experiment.control,
            metrics=metrics,
            alpha=plan.alpha,
            correction=correction,
            planned_units=None if looks is None else looks.planned_units,
            at=at,
            outcome_columns=columns,
            machines=settings.machines,
            delivered=settings.delivered,
            notes=notes,
            strata=experiment.strata,
            closed_only=at is not None and (plan.is_sized or plan.is_any),
            looks=looks,
        )

    with present_epoch(experiment, seen) as exposed:
        found = run(exposed)
        looks = find_looks(catalog, experiment, found, plan=plan, wish=wish)
        if looks is not None:
            found = run(exposed, looks)
    health = (*found.health, *note_looks(experiment, looks, correction))
    origin = _find_origin(catalog, experiment, seen, events, at)
    found = replace(found, epochs=tuple(epochs), health=health, origin=origin)
    return add_context(catalog, experiment, found, persona=persona)


def _find_origin(
    catalog: Catalog,
    experiment: Experiment,
    exposures: Sequence[str],
    outcomes: Sequence[str],
    at: datetime | None,
) -> Origin:
    """What was tested, on which files."""
    present = experiment.epochs[-1] if experiment.epochs else None
    return Origin(
        at=at,
        message=experiment.message,
        channels=tuple(channels_of(catalog, experiment)),
        audience=experiment.audience or "",
        unit=experiment.unit,
        epoch=None if present is None else present.epoch,
        started=None if present is None else present.at,
        copies=catalog.arm_hashes(experiment),
        exposures=tuple(cite_file(path, catalog.root) for path in exposures),
        outcomes=tuple(cite_file(path, catalog.root) for path in outcomes),
    )


def _check_epochs(
    experiment: Experiment, files: Sequence[str]
) -> tuple[list[EpochRatio], list[HealthNote]]:
    """The sample ratio of each epoch that the experiment's file knows."""
    shares = {
        epoch.epoch: {arm: float(share) for arm, share in epoch.arms.items()}
        for epoch in experiment.epochs
    }
    with connect() as connection:
        source = open_source(connection, *files)
        return check_epochs(connection, source, experiment.name, shares)


def metric_specs(catalog: Catalog, experiment: Experiment) -> list[MetricSpec]:
    """The metrics of an experiment as the analysis takes them, the primary first.

    Raises:
        WorkspaceError: The experiment's file or that of the metrics has errors.
        DataError: It names no metrics, or one has no time in which events count.
    """
    _refuse_errors(catalog, experiment)
    chosen = experiment.metrics
    if chosen is None:
        raise DataError(
            f"the experiment '{experiment.name}' has no metrics",
            file=experiment.file,
            help="add metrics: {primary: click}, named in experiments/metrics.yaml",
        )
    roles: dict[str, Role] = dict.fromkeys(chosen.guardrails, "guardrail")
    roles |= dict.fromkeys(chosen.secondary, "secondary")
    roles[chosen.primary] = "primary"
    return [
        _spec(catalog.metrics[name], roles[name], experiment)
        for name in dict.fromkeys(chosen.names)
    ]


def _refuse_errors(catalog: Catalog, experiment: Experiment) -> None:
    files = {experiment.file, "experiments/metrics.yaml"}
    wrong = [
        item
        for item in catalog.errors()
        if item.file in files and item.rule != NOT_FROZEN
    ]
    wrong += metric_findings(experiment, catalog.metrics)
    if wrong:
        raise WorkspaceError(
            f"the experiment '{experiment.name}' has errors and cannot be analysed",
            wrong,
            help="copylab lint shows each with its place and cure",
        )


def _spec(metric: MetricDefinition, role: Role, experiment: Experiment) -> MetricSpec:
    within = metric_window(metric, experiment)
    return MetricSpec(
        name=metric.name,
        event=metric.event,
        kind=metric.kind,
        within_hours=within.total_seconds() / _SECONDS_AN_HOUR,
        value=metric.value,
        per=metric.per,
        winsorise=metric.winsorise,
        better=metric.better,
        **_covariate(metric),
        margin=metric.margin,
        role=role,
    )


def _covariate(metric: MetricDefinition) -> dict[str, Any]:
    """A metric's covariate: a time span before the exposure, or a column."""
    if metric.covariate is None:
        return {}
    try:
        span = parse_duration(metric.covariate)
    except ValueError:
        return {"covariate": metric.covariate}
    if not span:
        place = metric.place
        raise DataError(
            f"the covariate of '{metric.name}' is no time at all",
            file=place.file if place else None,
            line=place.line if place else None,
            help="write a time span before the exposure, such as 28d",
        )
    return {"before_hours": span.total_seconds() / _SECONDS_AN_HOUR}


def metric_window(metric: MetricDefinition, experiment: Experiment) -> timedelta:
    """How long after an exposure an event counts: the metric's time, or the plan's.

    Raises:
        DataError: Neither says.
    """
    within = metric.within or experiment.plan.window
    if within is None:
        place = metric.place
        raise DataError(
            f"the metric '{metric.name}' does not say how long its events count",
            file=place.file if place else None,
            line=place.line if place else None,
            help="add within: 7d to it, or window: 7d to the experiment's plan",
        )
    return within


def data_files(catalog: Catalog, kind: str, given: Files = None) -> list[str]:
    """The files of a kind of data.

    Args:
        catalog: The workspace.
        kind: ``exposures`` or ``outcomes``.
        given: Files or patterns from the caller, which are taken as they are; None is
            where ``data:`` points, from the workspace's root.

    Raises:
        DataError: The settings name none, or not files.
        UnreadableError: A name or pattern fits no file.
    """
    if given is not None:
        return find_files([given] if isinstance(given, str | Path) else given)
    listed = catalog.config.data.get(kind)
    names = listed if isinstance(listed, list) else [listed]
    patterns = [name for name in names if isinstance(name, str) and name]
    if not patterns or len(patterns) != len(names) or "://" in "".join(patterns):
        what = "are not said" if listed is None else "are not files"
        raise DataError(
            f"the {kind} {what} in the workspace's settings",
            file=catalog.config.file,
            help=f'write data: {{{kind}: "data/{kind}/*.parquet"}}, or use --{kind}',
        )
    return find_files([catalog.root / pattern for pattern in patterns])


def outcome_columns(
    catalog: Catalog, files: Sequence[str], metrics: Iterable[MetricSpec]
) -> dict[str, str]:
    """What the columns of the outcomes are called in these files.

    ``data: columns:`` maps names. A metric's ``value: amount`` is found in a column of
    that name; a table without one has it in ``value``, where every event has its own.
    """
    mapped = catalog.config.data.get("columns")
    columns = {
        str(key): str(name)
        for key, name in (mapped.items() if isinstance(mapped, dict) else ())
    }
    with connect() as connection:
        there = open_source(connection, *files).columns
    usual = columns.get("value", "value")
    for metric in metrics:
        value = metric.value
        if value and columns.get(value, value) not in there and usual in there:
            columns[value] = usual
    return columns


@contextmanager
def present_epoch(experiment: Experiment, files: Sequence[str]) -> Iterator[list[str]]:
    """Files with the exposures of the present epoch alone.

    Arms and copy differ between epochs, so their results are not added up. Files that
    hold no other epoch are given as they are.

    Args:
        experiment: The experiment.
        files: Files of exposures.
    """
    with connect() as connection, tempfile.TemporaryDirectory() as folder:
        source = open_source(connection, *files)
        if "epoch" not in source.columns or experiment.epoch <= 1:
            yield list(files)
            return
        kept = Path(folder) / "exposures.parquet"
        # Other experiments have their own numbers and are not read anyway.
        query = (
            f"COPY (SELECT * FROM {source.relation} WHERE "  # noqa: S608 - literals
            f"experiment = {literal(experiment.name)} AND "
            f"TRY_CAST(epoch AS INT) = {experiment.epoch}) "
            f"TO {literal(str(kept))} (FORMAT parquet)"
        )
        with translated_errors(source.path):
            connection.execute(query)
        yield [str(kept)]
