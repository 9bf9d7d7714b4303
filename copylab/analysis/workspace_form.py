"""The analysis of an experiment from its exposures and outcomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.analysis.comparing import compare_arms
from copylab.analysis.comparison import check_alpha
from copylab.analysis.delivery import note_delivery
from copylab.analysis.empty_arms import note_empty_arms
from copylab.analysis.engines.opening import open_tables
from copylab.analysis.filtered_arms import block_filtered
from copylab.analysis.gathering import Reading, gather
from copylab.analysis.guarding import compare_guardrails
from copylab.analysis.insights import Question, find_insights
from copylab.analysis.measuring import TWO_ARMS_CURE
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.outlook import Outlook
from copylab.analysis.results import Analysis, Arm, HealthNote
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.sequential.judging import (
    fixed_correction,
    fixed_level,
    judge_arms,
)
from copylab.analysis.sequential.progress import find_progress
from copylab.analysis.sequential.withhold import withhold_results
from copylab.analysis.units import Measured
from copylab.analysis.verdict import Evidence, Progress, decide
from copylab.data_settings import DELIVERED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from copylab.analysis.corrections import Correction
    from copylab.analysis.engines.opening import Data
    from copylab.analysis.exposed_units import Assigned
    from copylab.analysis.gathering import Gathered
    from copylab.analysis.metrics import MetricSpec
    from copylab.analysis.results import ArmComparison
    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.sequential.standing import Standing
    from copylab.analysis.table_metrics import Kind
    from copylab.analysis.units import Statistic
    from copylab.data_settings import MachineRules

_SILENCE = "none"

MOST_MIXED = 0.001
"""The share of units seen in two arms above which a result is not read."""


def analyze_experiment(  # noqa: PLR0913 - an experiment's plan, flat
    experiment: str,
    *,
    exposures: Data,
    outcomes: Data,
    arms: Mapping[str, float],
    control: str,
    metrics: Sequence[MetricSpec],
    alpha: float = 0.05,
    correction: Correction = "holm",
    planned_units: int | None = None,
    at: datetime | None = None,
    outcome_columns: Mapping[str, str] | None = None,
    machines: MachineRules | None = None,
    delivered: str = DELIVERED,
    notes: Sequence[HealthNote] = (),
    closed_only: bool = False,
    looks: Standing | None = None,
    strata: str | None = None,
    connection: object | None = None,
) -> Analysis:
    """The analysis of an experiment on everybody assigned.

    Units seen in two arms are set aside and counted; above 0.1 % of all units the
    result is not read. An arm that is logged but not planned, or has units though
    its share is 0, makes the result unreadable as well.

    Args:
        experiment: The experiment's name in the exposures.
        exposures: Files or patterns of exposures, or a table of a database; other
            experiments may be in them. With a connection, a table's name.
        outcomes: Files or patterns of outcomes, or a table of a database.
        arms: The planned share of every arm, ``none`` among them, in any unit.
        control: The arm that the others are compared with.
        metrics: What to measure; exactly one has the role ``primary``.
        alpha: The level of the tests.
        correction: The correction across arms; guardrails have Holm's of their own.
        planned_units: The number of units that the plan asks for, None without one.
        at: The time of the analysis: later rows are ignored, and units whose time for
            outcomes is not over are counted as open. None takes the data as complete.
        outcome_columns: What ``unit``, ``event``, ``at`` and values are called in the
            outcomes, where they have other names.
        machines: How events made by machines are known; they are left out.
        delivered: The event that says a message arrived.
        notes: What is known of the data already.
        closed_only: Whether units that still have time for outcomes are left out.
        looks: Where the analysis stands among the looks of its plan; it takes the place
            of ``planned_units``. Between looks only health and guardrails are given.
        strata: The column of the exposures with groups from before the assignment.
        connection: An open connection of Ibis, psycopg or DuckDB, or a Spark session,
            that holds both tables; it is left as it was.

    Raises:
        ValueError: The control is not among the arms, or there is not one primary.
        DataError: A table, a column or a value cannot be used.
        UnreadableError: A file cannot be read.
    """
    asked = Asked(arms, control, alpha, correction, planned_units, tuple(notes), looks)
    how = Reading(
        experiment, [*arms], metrics, at, outcome_columns, machines, delivered,
        closed_only, strata,
    )  # fmt: skip
    check_question(how, asked)
    with open_tables(exposures, outcomes, connection=connection) as opened:
        engine, (seen, happened) = opened
        gathered = gather(engine, seen, happened, how)
    return conclude(gathered, how, asked)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of data that are gathered.

    Attributes:
        arms: The planned share of every arm, ``none`` among them, in any unit.
        control: The arm that the others are compared with.
        alpha: The level of the tests.
        correction: The correction across arms; guardrails have Holm's of their own.
        planned_units: The number of units that the plan asks for, None without one.
        notes: What is known of the data already.
        looks: Where the analysis stands among the looks of its plan.
    """

    arms: Mapping[str, float]
    control: str
    alpha: float = 0.05
    correction: Correction = "holm"
    planned_units: int | None = None
    notes: Sequence[HealthNote] = ()
    looks: Standing | None = None

    @property
    def judge(self) -> Judge | None:
        """How the looks judge, None without any."""
        return None if self.looks is None else self.looks.judge


def check_question(how: Reading, asked: Asked) -> None:
    """Pass if the question makes sense, before data are read for it.

    Raises:
        ValueError: The control is not among the arms, there is not one primary, or
            alpha is no level.
    """
    check_alpha(asked.alpha)
    _find_primary(how.metrics)
    if asked.control not in asked.arms:
        raise ValueError(
            f"control == {asked.control!r}, must be one of {list(asked.arms)}"
        )


def conclude(gathered: Gathered, how: Reading, asked: Asked) -> Analysis:
    """The analysis of what was gathered; asking twice reads nothing twice.

    Args:
        gathered: What the data say.
        how: How they were read.
        asked: What is asked of them.

    Raises:
        ValueError: As for ``check_question``.
    """
    check_question(how, asked)
    table, arms, control = gathered.table, asked.arms, asked.control
    seen = Measured(table.units, table.tested)
    raw = _keep_planned(Measured(table.units, table.raw), arms, control, how.metrics)
    measured = _keep_planned(seen, arms, control, how.metrics)
    health = (
        *asked.notes,
        *gathered.health,
        *_note_health(gathered.assigned, seen, arms, gathered.silent),
        *table.notes,
        *note_empty_arms(measured),
        *note_delivery(gathered.delivery),
    )
    found = _judge(gathered, how, asked, measured, health)
    insights = find_insights(
        [
            Question(m.name, m.kind, m.role, m.better, table.methods[m.name])
            for m in how.metrics
        ],
        raw.statistics,
        measured.statistics,
        control=control,
        alpha=asked.alpha,
        judge=asked.judge,
    )
    found = replace(
        found,
        funnel=insights.funnel,
        ranking=insights.ranking,
        holdout_lift=insights.holdout_lift,
    )
    hidden = asked.looks is not None and not asked.looks.is_read
    return withhold_results(found) if hidden else found


def _judge(
    gathered: Gathered,
    how: Reading,
    asked: Asked,
    measured: Measured,
    health: tuple[HealthNote, ...],
) -> Analysis:
    """The arms compared, and the verdict."""
    alpha, judge, arms = asked.alpha, asked.judge, asked.arms
    table, assigned = gathered.table, gathered.assigned
    comparisons = _compare(
        measured, how.metrics, asked.control, alpha, asked.correction, judge,
        table.methods,
    )  # fmt: skip
    guarded, guardrails = compare_guardrails(
        [metric for metric in how.metrics if metric.role == "guardrail"],
        measured.statistics,
        asked.control,
        alpha=alpha,
        judge=None if asked.looks is None else asked.looks.guard,
        methods=table.methods,
    )
    srm = check_sample_ratio(measured.units, arms)
    whole = sum(arms.values())
    return Analysis(
        control=asked.control,
        alpha=alpha,
        arms=tuple(Arm(arm, n, arms[arm] / whole) for arm, n in measured.units.items()),
        srm=srm,
        comparisons=(*comparisons, *guarded),
        verdict=decide(
            _evidence(how, asked, measured, comparisons),
            srm=srm,
            guardrails=guardrails,
            blocked=block_filtered(gathered.delivery, asked.control),
            health=health,
            progress=_find_progress(how, asked, assigned, measured, comparisons),
        ),
        health=health,
        guardrails=tuple(guardrails),
        name=how.experiment,
        better={metric.name: metric.better for metric in how.metrics},
        holdout=_against_silence(measured, how.metrics, asked.control, alpha, judge),
        delivery=gathered.delivery,
        sends=gathered.sends,
        outlook=Outlook(assigned.units, asked.planned_units, assigned.still_open),
        looks=asked.looks,
        rows=gathered.rows,
        span=gathered.span,
        adjustments=table.adjustments,
        strata=table.judge(gathered.columns, how.strata, asked.control, alpha, judge)
        if how.strata
        else (),
    )


def _evidence(
    how: Reading,
    asked: Asked,
    measured: Measured,
    comparisons: Sequence[ArmComparison],
) -> Evidence:
    """What the verdict rests on: the primary metric."""
    primary = _find_primary(how.metrics)
    return Evidence(
        [item for item in comparisons if item.role == "primary"],
        measured.statistics[primary.name],
        better=primary.better,
        alpha=fixed_level(asked.judge, asked.alpha),
        silence=_SILENCE if _SILENCE in asked.arms else None,
    )


def _find_progress(
    how: Reading,
    asked: Asked,
    assigned: Assigned,
    measured: Measured,
    comparisons: Sequence[ArmComparison],
) -> Progress | None:
    """How far the plan is used up, by its looks where it has them."""
    if asked.looks is None:
        return _progress(assigned, asked.planned_units)
    return find_progress(asked.looks, _evidence(how, asked, measured, comparisons))


def _against_silence(
    measured: Measured,
    metrics: Sequence[MetricSpec],
    control: str,
    alpha: float,
    judge: Judge | None,
) -> tuple[ArmComparison, ...]:
    """Each arm that sends against ``none``, on all metrics but guardrails."""
    if not measured.units.get(_SILENCE) or control == _SILENCE:
        return ()
    return tuple(
        item
        for metric in metrics
        if metric.role != "guardrail"
        for item in judge_arms(
            compare_arms(
                metric.name,
                metric.kind,
                measured.statistics[metric.name],
                _SILENCE,
                alpha=fixed_level(judge, alpha),
                correction="none",
                role=metric.role,
            ),
            judge,
            "none",
        )
    )


def _find_primary(metrics: Sequence[MetricSpec]) -> MetricSpec:
    primary = [metric for metric in metrics if metric.role == "primary"]
    if len(primary) != 1:
        raise ValueError(f"metrics has {len(primary)} primary metrics, must have one")
    return primary[0]


def _note_health(
    assigned: Assigned,
    measured: Measured,
    arms: Mapping[str, float],
    silent: Sequence[str],
) -> list[HealthNote]:
    """What a reader has to know about the data, faults among them."""
    notes = []
    if assigned.mixed:
        share = assigned.mixed / assigned.units
        named = ", ".join(assigned.examples)
        more = ", …" if assigned.mixed > len(assigned.examples) else ""
        notes.append(
            HealthNote(
                "units-in-two-arms",
                share <= MOST_MIXED,
                f"{assigned.mixed:,} of {assigned.units:,} units ({100 * share:.3g}%) "
                f"were seen in more than one arm and are left out ({named}{more})",
                cure=TWO_ARMS_CURE,
                facts={
                    "mixed": assigned.mixed,
                    "units": assigned.units,
                    "examples": named + more,
                },
            )
        )
    for arm, n in measured.units.items():
        if arm not in arms:
            message = f'{n:,} units are in the arm "{arm}", which is not planned'
            facts: dict[str, str | int | float] = {"n": n, "arm": arm}
            notes.append(
                HealthNote(
                    "unplanned-arm",
                    ok=False,
                    message=message,
                    cure="add the arm to the experiment as a new epoch, or find out who "
                    "sends what is not planned",
                    facts=facts,
                )
            )
    for event in silent:
        message = f'the event "{event}" happened to no unit in time'
        told = {"event": event}
        notes.append(HealthNote("no-such-event", ok=True, message=message, facts=told))
    if assigned.still_open:
        message = f"{assigned.still_open:,} units still have time for outcomes"
        open_units = {"n": assigned.still_open}
        notes.append(
            HealthNote("open-windows", ok=True, message=message, facts=open_units)
        )
    return notes


def _keep_planned(
    measured: Measured,
    arms: Mapping[str, float],
    control: str,
    metrics: Sequence[MetricSpec],
) -> Measured:
    """The planned arms alone, the control first, those without units included."""
    order = [control, *(arm for arm in arms if arm != control)]
    return Measured(
        {arm: measured.units.get(arm, 0) for arm in order},
        {
            metric.name: {
                arm: measured.statistics[metric.name].get(
                    arm, _nobody(metric.kind, measured.statistics[metric.name])
                )
                for arm in order
            }
            for metric in metrics
        },
    )


def _nobody(kind: Kind, others: Mapping[str, Statistic]) -> Statistic:
    """The statistic of an arm without units: like the others', adjusted or not."""
    nothing = Moments(0, 0.0, 0.0)
    if any(isinstance(other, Moments) for other in others.values()):
        return nothing
    match kind:
        case "share":
            return Proportion(0, 0)
        case "mean":
            return nothing
        case "ratio":
            return PairMoments(nothing, nothing, 0.0)


def _compare(
    measured: Measured,
    metrics: Sequence[MetricSpec],
    control: str,
    alpha: float,
    correction: Correction,
    judge: Judge | None,
    methods: Mapping[str, str],
) -> list[ArmComparison]:
    """All comparisons but the guardrails', the primary's first."""
    chosen = [metric for metric in metrics if metric.role != "guardrail"]
    return [
        item
        for metric in sorted(chosen, key=lambda metric: metric.role != "primary")
        for item in judge_arms(
            compare_arms(
                metric.name,
                metric.kind,
                measured.statistics[metric.name],
                control,
                alpha=fixed_level(judge, alpha),
                correction=fixed_correction(judge, correction),
                role=metric.role,
                adjusted=methods[metric.name],
            ),
            judge,
            correction,
        )
    ]


def _progress(assigned: Assigned, planned_units: int | None) -> Progress | None:
    """How far the plan is used up; without a plan only open windows are a reason."""
    if assigned.still_open:
        return Progress(
            complete=False,
            message=f"{assigned.still_open:,} of {assigned.units:,} units still have "
            "time for outcomes",
        )
    if planned_units is None:
        return None
    return Progress(
        complete=assigned.units >= planned_units,
        message=f"{assigned.units:,} of {planned_units:,} planned units",
    )
