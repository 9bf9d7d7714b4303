"""Planning an experiment of a workspace: its design, and what its metrics are like."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from copylab.analysis.engines.expressions import literal
from copylab.analysis.engines.opening import open_tables
from copylab.analysis.exposed_units import gather_units, measure_outcomes
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.planning import Baseline, Design
from copylab.analysis.ratios import ratio_estimate
from copylab.analysis.sequential.plan import equal_looks
from copylab.analysis.units import measure_units
from copylab.audience.closure import compile_condition
from copylab.audience.misfits import attribute_types, misfit_problems
from copylab.compose.rows import open_users
from copylab.compose.user_batch import Broken
from copylab.decision.data_places import data_places
from copylab.decision.results import metric_specs, outcome_columns
from copylab.errors import DataError
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from copylab.analysis.corrections import Correction
    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.metrics import MetricSpec
    from copylab.analysis.sources import Source
    from copylab.analysis.units import Statistic
    from copylab.catalog import Catalog
    from copylab.decision.data_places import Files
    from copylab.experiment.model import Experiment


@dataclass(frozen=True, slots=True)
class Measured:
    """What metrics are like, by past data.

    Attributes:
        baselines: By metric; those of which nothing happened are left out.
        units: The units they were measured on.
        experiment: The experiment whose units those were.
    """

    baselines: Mapping[str, Baseline]
    units: int
    experiment: str


def design_of(
    experiment: Experiment,
    spec: MetricSpec,
    baseline: Baseline,
    *,
    alpha: float | None = None,
    power: float | None = None,
    looks: tuple[float, ...] | None = None,
    correction: Correction = "holm",
) -> Design:
    """The design of an experiment, one of its metrics deciding.

    The arm that sends nothing is not among the variants: nobody waits for it to win.

    Args:
        experiment: The experiment.
        spec: The metric.
        baseline: What it is like in the control.
        alpha: Instead of the plan's.
        power: Instead of the plan's.
        looks: Instead of the plan's; empty for looks at any time.
        correction: The correction across the arms.

    Raises:
        DataError: The control or every variant has no share.
    """
    plan = experiment.plan
    shares = {
        arm: float(share)
        for arm, share in experiment.arms.items()
        if share and arm not in {experiment.control, NO_SEND}
    }
    control = float(experiment.arms.get(experiment.control, 0))
    if not shares or not control:
        raise DataError(
            "the plan needs a control and a variant with a share each",
            file=experiment.file,
            help="give them their shares under arms:",
        )
    at = plan.look_at or equal_looks(plan.looks)
    if looks is not None:
        at = looks
    elif plan.anytime:
        at = ()
    return Design(
        baseline=baseline,
        shares=shares,
        control_share=control,
        alpha=plan.alpha if alpha is None else alpha,
        power=plan.power if power is None else power,
        looks=at,
        spending=plan.spending,
        correction=correction,
        better=spec.better,
    )


def measure_baselines(
    catalog: Catalog,
    experiment: Experiment,
    *,
    at: datetime | None,
    exposures: Files = None,
    outcomes: Files = None,
) -> Measured:
    """What the metrics of an experiment are like, by the data there are.

    They are measured on the control's units of the experiment itself; before it has
    any, on those of the experiment with the most units.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        at: As for ``analyze_workspace``.
        exposures: As for ``analyze_workspace``.
        outcomes: As for ``analyze_workspace``.

    Raises:
        DataError: There are no data, or they cannot be used.
        UnreadableError: A file cannot be read.
    """
    specs = metric_specs(catalog, experiment)
    seen = data_places(catalog, "exposures", exposures)
    events = data_places(catalog, "outcomes", outcomes)
    window = max(spec.within_hours for spec in specs)
    with open_tables(seen, events, root=catalog.root) as (engine, (source, happened)):
        source.check_columns(["experiment", "unit", "arm", "reason"])
        name = _largest(engine, source, experiment.name)
        unit = catalog.experiments.get(name, experiment).unit
        columns = outcome_columns(catalog, happened, specs, unit)
        gather_units(engine, source, name, at=at, window_hours=window, closed_only=True)
        table, measures, _ = measure_outcomes(
            engine, happened, specs, at=at, columns=columns
        )
        found = measure_units(engine, table, "arm", measures)
    known = catalog.experiments.get(name)
    arms = _baseline_arms(known, found.units)
    baselines = {}
    for spec in specs:
        baseline = _baseline(found.statistics[spec.name], arms)
        if baseline is not None:
            baselines[spec.name] = baseline
    return Measured(baselines, sum(found.units[arm] for arm in arms), name)


def _largest(engine: Engine, exposures: Source, wanted: str) -> str:
    """The experiment itself if it has units, else the one with the most.

    Raises:
        DataError: No experiment has any.
    """
    rows = engine.rows(
        "SELECT experiment, count(DISTINCT unit) AS units FROM ("  # noqa: S608 - names are quoted, values are literals
        f"SELECT {exposures.word('experiment')} AS experiment, "
        f"{exposures.word('unit')} AS unit FROM {exposures.relation} "
        f"WHERE {exposures.equals('reason', 'assigned')}) AS rows_of_ours "
        f"WHERE NOT experiment IS NULL GROUP BY experiment ORDER BY CASE WHEN "
        f"experiment = {literal(wanted)} THEN 0 ELSE 1 END, units DESC, experiment "
        "LIMIT 1",
        exposures.path,
    )
    if not rows:
        raise DataError("the exposures hold no unit", file=exposures.path)
    return str(rows[0][0])


def _baseline_arms(known: Experiment | None, units: Mapping[str, int]) -> list[str]:
    """The arms that say what a message does as it is."""
    if known is not None and units.get(known.control):
        return [known.control]
    return [arm for arm in units if arm != NO_SEND] or [*units]


def _baseline(
    statistics: Mapping[str, Statistic], arms: Iterable[str]
) -> Baseline | None:
    """What a metric is like over some arms; None where it says nothing."""
    parts = [statistics[arm] for arm in arms if arm in statistics]
    if not parts:
        return None
    whole = _add_up(parts)
    value = whole.value
    if not value:
        return None
    match whole:
        case Proportion():
            return Baseline("share", value) if value < 1 else None
        case Moments():
            return Baseline("mean", value, sqrt(whole.var)) if whole.var else None
        case PairMoments():
            spread = ratio_estimate(whole).variance * whole.n
            return Baseline("ratio", value, sqrt(spread)) if spread else None


def _add_up(parts: Sequence[Statistic]) -> Statistic:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part  # type: ignore[operator]
    return whole


def count_audience(
    catalog: Catalog, experiment: Experiment, users: str | Path, *, at: datetime
) -> int:
    """How many users of a table are in the audience of an experiment, each unit once.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        users: Parquet, CSV or JSON lines.
        at: The time that the audience's ``now`` stands for.

    Raises:
        DataError: The table cannot be read, lacks a column that is needed, or holds a
            value that its attribute cannot hold.
    """
    audience = catalog.audience_of(experiment)
    admits = None if audience is None else compile_condition(audience.condition).admits
    types = {} if audience is None else attribute_types(audience.condition)
    needed = {experiment.unit, *types}
    table = open_users(users)
    absent = table.absent(needed)
    if absent:
        raise DataError(
            f"has no column '{absent[0]}', which the audience needs",
            file=str(users),
            help="add it, or name another table",
        )
    found: set[str] = set()
    rows = (user for batch in table.batches(needed) for user in batch.users)
    for row, user in enumerate(rows):
        unit = None if isinstance(user, Broken) else user.get(experiment.unit)
        if isinstance(user, Broken) or not isinstance(unit, str) or not unit:
            continue
        inside = admits is None or admits(user, at)
        if inside:
            found.add(unit)
        elif inside is None:
            told = "; ".join(misfit_problems(types, user))
            raise DataError(
                f"row {row}, counted from 0: {told}",
                file=str(users),
                help="mend the table, or what copylab.yaml declares the attribute to be",
            )
    return len(found)
