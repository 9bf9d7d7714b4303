"""The analysis of an experiment from its exposures and outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.before_exposure import add_before
from copylab.analysis.comparing import compare_arms
from copylab.analysis.comparison import check_alpha
from copylab.analysis.data_span import find_span
from copylab.analysis.delivery import measure_delivery, note_delivery
from copylab.analysis.empty_arms import note_empty_arms
from copylab.analysis.exposed_units import Assigned, gather_units, measure_outcomes
from copylab.analysis.guardrails import judge_guardrail
from copylab.analysis.handed_sends import (
    count_sends,
    gather_sends,
    note_changed_copy,
    note_repeats_after,
)
from copylab.analysis.insights import Question, find_insights
from copylab.analysis.machine_events import drop_machine_events
from copylab.analysis.measuring import measure_table
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.outcome_health import note_missing_outcomes
from copylab.analysis.outlook import Outlook
from copylab.analysis.results import Analysis, Arm, HealthNote
from copylab.analysis.row_counts import count_rows
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.sequential.judging import (
    fixed_correction,
    fixed_level,
    judge_arms,
)
from copylab.analysis.sequential.progress import find_progress
from copylab.analysis.sequential.withhold import withhold_results
from copylab.analysis.sources import connect, find_files, open_source
from copylab.analysis.units import Measured
from copylab.analysis.verdict import Evidence, Progress, decide
from copylab.data_settings import DELIVERED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from copylab.analysis.corrections import Correction
    from copylab.analysis.guardrails import GuardrailResult
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
    exposures: Sequence[str | Path],
    outcomes: Sequence[str | Path],
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
) -> Analysis:
    """The analysis of an experiment on everybody assigned.

    Units seen in two arms are set aside and counted; above 0.1 % of all units the
    result is not read. An arm that is logged but not planned, or has units though
    its share is 0, makes the result unreadable as well.

    Args:
        experiment: The experiment's name in the exposures.
        exposures: Files or patterns of exposures; other experiments may be in them.
        outcomes: Files or patterns of outcomes.
        arms: The planned share of every arm, ``none`` among them, in any unit.
        control: The arm that the others are compared with.
        metrics: What to measure; exactly one has the role ``primary``.
        alpha: The level of the tests.
        correction: The correction across arms, for all but guardrails.
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

    Raises:
        ValueError: The control is not among the arms, or there is not one primary.
        DataError: A table, a column or a value cannot be used.
        UnreadableError: A file cannot be read.
    """
    check_alpha(alpha)
    primary = _find_primary(metrics)
    if control not in arms:
        raise ValueError(f"control == {control!r}, must be one of {list(arms)}")
    window = max(metric.within_hours for metric in metrics)
    with connect() as connection:
        seen = open_source(connection, *find_files(exposures))
        assigned = gather_units(
            connection, seen, experiment, at=at, window_hours=window,
            closed_only=closed_only,
        )  # fmt: skip
        gather_sends(connection, seen, experiment, at=at)
        events = open_source(connection, *find_files(outcomes))
        named = outcome_columns or {}
        delivery = measure_delivery(
            connection, events, [*arms], event=delivered, columns=named, at=at
        )
        health = [*notes, *note_changed_copy(connection)]
        if machines is not None:
            events, found = drop_machine_events(
                connection, events, machines, columns=named
            )
            health += found
        source, columns, silent = measure_outcomes(
            connection, events, metrics, at=at, columns=named
        )
        rows = count_rows(connection, seen, experiment, at=at, window_hours=window)
        span = find_span(connection)
        source, layout = add_before(
            connection, source, seen, experiment, metrics, strata=strata
        )
        table = measure_table(connection, source, "arm", columns, layout)
        measured = Measured(table.units, table.tested)
        health += note_missing_outcomes(connection, events, named)
        health += note_repeats_after(connection, window)
        sends = count_sends(connection)
    health += _note_health(assigned, measured, arms, silent)
    health += table.notes
    raw = _keep_planned(Measured(table.units, table.raw), arms, control, metrics)
    measured = _keep_planned(measured, arms, control, metrics)
    insights = find_insights(
        [
            Question(m.name, m.kind, m.role, m.better, table.methods[m.name])
            for m in metrics
        ],
        raw.statistics,
        measured.statistics,
        control=control,
        alpha=alpha,
        judge=None if looks is None else looks.judge,
    )
    health += [*note_empty_arms(measured), *note_delivery(delivery)]
    srm = check_sample_ratio(measured.units, arms)
    judge = None if looks is None else looks.judge
    comparisons, guardrails = _compare(
        measured, metrics, control, alpha, correction, judge, table.methods
    )
    evidence = Evidence(
        [item for item in comparisons if item.role == "primary"],
        measured.statistics[primary.name],
        better=primary.better,
        alpha=fixed_level(judge, alpha),
        silence=_SILENCE if _SILENCE in arms else None,
    )
    progress = _progress(assigned, planned_units)
    if looks is not None:
        progress = find_progress(looks, evidence)
    whole = sum(arms.values())
    found_all = Analysis(
        control=control,
        alpha=alpha,
        arms=tuple(Arm(arm, n, arms[arm] / whole) for arm, n in measured.units.items()),
        srm=srm,
        comparisons=tuple(comparisons),
        verdict=decide(
            evidence, srm=srm, guardrails=guardrails, health=health, progress=progress
        ),
        health=tuple(health),
        guardrails=tuple(guardrails),
        name=experiment,
        better={metric.name: metric.better for metric in metrics},
        holdout=_against_silence(measured, metrics, control, fixed_level(judge, alpha)),
        delivery=delivery,
        sends=sends,
        outlook=Outlook(assigned.units, planned_units, assigned.still_open),
        looks=looks,
        rows=rows,
        span=span,
        funnel=insights.funnel,
        ranking=insights.ranking,
        holdout_lift=insights.holdout_lift,
        adjustments=table.adjustments,
        strata=table.judge(columns, strata, control, alpha) if strata else (),
    )
    hidden = looks is not None and not looks.is_read
    return withhold_results(found_all) if hidden else found_all


def _against_silence(
    measured: Measured, metrics: Sequence[MetricSpec], control: str, alpha: float
) -> tuple[ArmComparison, ...]:
    """Each arm that sends against ``none``, on all metrics but guardrails."""
    if not measured.units.get(_SILENCE) or control == _SILENCE:
        return ()
    return tuple(
        item
        for metric in metrics
        if metric.role != "guardrail"
        for item in compare_arms(
            metric.name,
            metric.kind,
            measured.statistics[metric.name],
            _SILENCE,
            alpha=alpha,
            correction="none",
            role=metric.role,
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
                HealthNote("unplanned-arm", ok=False, message=message, facts=facts)
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
) -> tuple[list[ArmComparison], list[GuardrailResult]]:
    """All comparisons, the primary's first, and the word of each guardrail."""
    comparisons: list[ArmComparison] = []
    guardrails: list[GuardrailResult] = []
    for metric in sorted(metrics, key=lambda metric: metric.role != "primary"):
        # Guardrails are read at any time: nothing is promoted for them.
        used = None if metric.role == "guardrail" else judge
        wanted = "none" if metric.role == "guardrail" else correction
        found = compare_arms(
            metric.name,
            metric.kind,
            measured.statistics[metric.name],
            control,
            alpha=fixed_level(used, alpha),
            correction=fixed_correction(used, wanted),
            role=metric.role,
            adjusted=methods[metric.name],
        )
        found = judge_arms(found, used, wanted)
        comparisons += found
        if metric.role == "guardrail":
            guardrails += [
                judge_guardrail(item, better=metric.better, margin=metric.margin)
                for item in found
            ]
    return comparisons, guardrails


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
