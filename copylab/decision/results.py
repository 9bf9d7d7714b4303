"""Results: from an experiment of a workspace to the analysis of its data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from copylab.analysis.engines.opening import open_tables
from copylab.analysis.epoch_ratio import check_epochs
from copylab.analysis.gathering import Reading, gather
from copylab.analysis.metrics import MetricSpec
from copylab.analysis.origin import Origin
from copylab.analysis.workspace_form import Asked, conclude
from copylab.compose.record import USUAL_UNIT
from copylab.decision.citing import cite_data
from copylab.decision.context import add_context
from copylab.decision.data_places import data_places
from copylab.decision.find import NOT_FROZEN, channels_of, find_experiment_named
from copylab.decision.looks import find_looks, look_plan, note_looks, planned_units
from copylab.errors import DataError, WorkspaceError
from copylab.experiment.metrics import metric_findings
from copylab.experiment.quantities import parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from copylab.analysis.corrections import Correction
    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.epoch_ratio import EpochRatio
    from copylab.analysis.origin import DataFile
    from copylab.analysis.results import Analysis, HealthNote, Role
    from copylab.analysis.sequential.plan import Wish
    from copylab.analysis.sources import Source
    from copylab.catalog import Catalog
    from copylab.decision.data_places import Files
    from copylab.experiment.model import Experiment, MetricDefinition

__all__ = [
    "analyze_workspace",
    "data_places",
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
    connection: object | None = None,
) -> Analysis:
    """The analysis of an experiment of a workspace, by its plan.

    Only exposures of the present epoch count. With ``mde`` or ``units`` in the plan,
    neither better nor worse is read but at a look; see ``copylab.decision.looks``.
    Nothing is written: ``record_look`` does that.

    Args:
        catalog: The workspace.
        name: The experiment.
        exposures: Files or patterns of exposures, or a table as ``address#table``; None
            is where ``data:`` points.
        outcomes: Files or patterns of outcomes, or a table; None is where ``data:``
            points.
        alpha: The level of the tests; None is the plan's.
        correction: The correction across arms.
        at: The time of the analysis; None takes the data as complete.
        persona: A made-up user to render the arms' words for, by name.
        wish: ``extra`` takes a look although none is due, ``final`` the last one;
            ``recorded`` takes none before the plan's end, even where one is due.
        anytime: Judge as for looks at any time, though the plan has a single look.
        connection: An open connection of Ibis, psycopg or DuckDB, or a Spark session,
            that holds both tables; it is left as it was.

    Raises:
        DataError: The experiment has no metrics, its data cannot be used, or its ledger
            of looks is not whole.
        DecisionError: There is no such experiment.
        UnreadableError: A file cannot be read.
        WorkspaceError: The experiment's own files have errors.
    """
    experiment = find_experiment_named(catalog, name)
    metrics = metric_specs(catalog, experiment)
    seen = data_places(catalog, "exposures", exposures, connection=connection)
    events = data_places(catalog, "outcomes", outcomes, connection=connection)
    plan = look_plan(experiment.plan, alpha=alpha, anytime=anytime)
    with open_tables(seen, events, connection=connection, root=catalog.root) as opened:
        engine, (exposed, happened) = opened
        epochs, notes = _check_epochs(engine, exposed, experiment)
        how = Reading(
            experiment.name,
            arms=[*experiment.arms],
            metrics=metrics,
            at=at,
            columns=outcome_columns(catalog, happened, metrics, experiment.unit),
            machines=catalog.config.outcomes.machines,
            delivered=catalog.config.outcomes.delivered,
            closed_only=at is not None and (plan.is_sized or plan.is_any),
            strata=experiment.strata,
        )
        gathered = gather(engine, present_epoch(experiment, exposed), happened, how)
        cited = (
            cite_data(engine, exposed, seen, catalog.root),
            cite_data(engine, happened, events, catalog.root),
        )
    asked = Asked(
        {arm: float(share) for arm, share in experiment.arms.items()},
        experiment.control,
        alpha=plan.alpha,
        correction=correction,
        notes=notes,
    )
    found = conclude(gathered, how, asked)
    looks = find_looks(catalog, experiment, found, plan=plan, wish=wish)
    if looks is not None:
        asked = replace(asked, planned_units=looks.planned_units, looks=looks)
        found = conclude(gathered, how, asked)
    health = (*found.health, *note_looks(experiment, looks, correction))
    origin = _find_origin(catalog, experiment, *cited, at)
    found = replace(found, epochs=tuple(epochs), health=health, origin=origin)
    return add_context(catalog, experiment, found, persona=persona)


def _find_origin(
    catalog: Catalog,
    experiment: Experiment,
    exposures: tuple[DataFile, ...],
    outcomes: tuple[DataFile, ...],
    at: datetime | None,
) -> Origin:
    """What was tested, on which data."""
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
        exposures=exposures,
        outcomes=outcomes,
    )


def _check_epochs(
    engine: Engine, exposures: Source, experiment: Experiment
) -> tuple[list[EpochRatio], list[HealthNote]]:
    """The sample ratio of each epoch that the experiment's file knows."""
    shares = {
        epoch.epoch: {arm: float(share) for arm, share in epoch.arms.items()}
        for epoch in experiment.epochs
    }
    return check_epochs(engine, exposures, experiment.name, shares)


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


def outcome_columns(
    catalog: Catalog,
    outcomes: Source,
    metrics: Iterable[MetricSpec],
    unit: str = USUAL_UNIT,
) -> dict[str, str]:
    """What the columns of the outcomes are called in this table.

    ``data: columns:`` maps names. Whose an outcome is says the column that is called
    like the attribute that is randomised, such as ``household_id``, where there is one,
    and ``unit`` where there is none. A metric's ``value: amount`` is found in a column of
    that name; a table without one has it in ``value``, where every event has its own.
    """
    mapped = catalog.config.data.get("columns")
    columns = {
        str(key): str(name)
        for key, name in (mapped.items() if isinstance(mapped, dict) else ())
    }
    there = outcomes.columns
    whose = columns.pop(unit, unit)
    if whose in there:
        columns["unit"] = whose
    usual = columns.get("value", "value")
    for metric in metrics:
        value = metric.value
        if value and columns.get(value, value) not in there and usual in there:
            columns[value] = usual
    return columns


def present_epoch(experiment: Experiment, exposures: Source) -> Source:
    """The exposures of the present epoch alone.

    Arms and copy differ between epochs, so their results are not added up. Exposures
    that know no other epoch are given as they are.

    Args:
        experiment: The experiment.
        exposures: The exposures.
    """
    if "epoch" not in exposures.columns or experiment.epoch <= 1:
        return exposures
    return exposures.keep(
        f"{exposures.equals('experiment', experiment.name)} "
        f"AND TRY_CAST({exposures.name('epoch')} AS INT) = {experiment.epoch}"
    )
