"""Looks at an experiment of a workspace: its plan, its ledger, and a look recorded."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from statistics import NormalDist
from typing import TYPE_CHECKING

from copylab.analysis.distributions import two_sided_normal_quantile
from copylab.analysis.planning import drift_for
from copylab.analysis.results import HealthNote
from copylab.analysis.sequential.boundaries import find_boundaries
from copylab.analysis.sequential.judge import AnyLook, PlannedLook
from copylab.analysis.sequential.judging import correction_at
from copylab.analysis.sequential.plan import (
    USUAL_UNITS,
    LookPlan,
    PastLook,
    equal_looks,
)
from copylab.analysis.sequential.spending import spend_alpha
from copylab.analysis.sequential.standing import find_standing
from copylab.decision.ledger import add_look, ledger_file, read_ledger
from copylab.errors import DataError, DecisionError
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from copylab.analysis.corrections import Correction
    from copylab.analysis.results import Analysis, ArmComparison
    from copylab.analysis.sequential.plan import Wish
    from copylab.analysis.sequential.standing import Standing
    from copylab.catalog import Catalog
    from copylab.decision.ledger import LedgerEntry
    from copylab.emit import Plain
    from copylab.experiment.model import Experiment, Plan
    from copylab.write import FileChange

_DIGITS = 10


def look_plan(
    plan: Plan, *, alpha: float | None = None, anytime: bool = False
) -> LookPlan:
    """When one looks, by the plan of an experiment.

    Args:
        plan: The plan.
        alpha: The level over all looks; None is the plan's.
        anytime: Look whenever one likes, whatever the plan says.
    """
    level = plan.alpha if alpha is None else alpha
    sized = plan.units is not None or plan.mde is not None
    if anytime or plan.anytime:
        return LookPlan((), plan.spending, level, mde=plan.mde, is_sized=sized)
    at = plan.look_at or equal_looks(plan.looks)
    return LookPlan(at, plan.spending, level, plan.futility, plan.mde, sized)


def find_looks(
    catalog: Catalog,
    experiment: Experiment,
    found: Analysis,
    *,
    plan: LookPlan,
    wish: Wish = "due",
) -> Standing | None:
    """Where the present data of an experiment stand among its looks.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        found: The analysis of the data by a fixed test at the plan's alpha.
        plan: When one looks.
        wish: ``extra`` or ``final`` for a look although none is due, ``recorded`` for
            none before the plan's end.

    Returns:
        None where the plan does not say how many units it is for, so that nothing says
        how far it is.

    Raises:
        DataError: The ledger is not whole, the plan was changed after a look, or the
            look wished for cannot be taken.
    """
    entries = [
        entry
        for entry in read_ledger(catalog.root, experiment)
        if entry.epoch == experiment.epoch
    ]
    if entries:
        _refuse_other_rules(experiment, plan, entries)
    planned = _planned(experiment, found, plan, entries)
    if planned is None:
        if wish in {"extra", "final"}:
            raise DataError(
                "the plan does not say how many units it is for",
                file=experiment.file,
                help="add mde: 15% or units: 40000 to the plan",
            )
        return None
    return find_standing(
        plan,
        [entry.look for entry in entries],
        units=_closed_units(found),
        planned_units=planned,
        counts=hash_counts(found),
        wish=wish,
    )


def _closed_units(found: Analysis) -> int:
    """The units through their time for outcomes; the analysis holds no others then."""
    outlook = found.outlook
    if outlook is not None and outlook.still_open >= outlook.units:
        return 0
    return sum(arm.n for arm in found.arms)


def note_looks(
    experiment: Experiment, looks: Standing | None, correction: Correction
) -> list[HealthNote]:
    """What a reader has to know about the looks of an analysis."""
    notes = []
    plan = experiment.plan
    if looks is None and plan.looks > 1:
        message = (
            f"the plan has {plan.looks} looks but neither mde nor units, so nothing "
            "says when one is due: this was read as one analysis, and every further "
            "one makes a false winner likelier"
        )
        cure = "add mde: 15% or units: 40000 to the plan"
        notes.append(
            HealthNote(
                "looks-without-size",
                ok=True,
                message=message,
                cure=cure,
                facts={"looks": plan.looks},
            )
        )
    judge = None if looks is None else looks.judge
    if judge is not None and correction_at(judge, correction) != correction:
        message = "Dunnett's correction is not made over several looks; Holm's is in its place"
        notes.append(HealthNote("holm-for-dunnett", ok=True, message=message))
    return notes


def _planned(
    experiment: Experiment,
    found: Analysis,
    plan: LookPlan,
    entries: Sequence[LedgerEntry],
) -> int | None:
    """The units of the plan: as at the first look, which fixed them, or as they are."""
    if entries and not plan.is_any:
        return entries[0].look.planned_units
    planned = planned_units(experiment, found)
    if not plan.is_any:
        return planned
    if planned is None:
        return USUAL_UNITS
    if experiment.plan.units is not None:
        return planned
    # A power of two does not move with every unit that comes in.
    return int(2 ** round(math.log2(planned)))


def planned_units(experiment: Experiment, analysis: Analysis) -> int | None:
    """How many units the plan asks for, at the spread that the data show.

    The plan's ``units`` where it names them. Else so many that a relative difference of
    ``mde`` in the primary metric is found with the planned power by each variant's
    comparison with the control, at alpha divided by their number, with the boundaries
    of the planned looks. The standard error is taken from the interval of the
    difference and shrinks with the root of the units.

    Args:
        experiment: The experiment with its plan.
        analysis: Its analysis so far, by a fixed test.

    Returns:
        The units of all arms together; None where the plan names neither, or the
        control's value is 0 or not defined, against which nothing is relative.
    """
    plan = experiment.plan
    if plan.units is not None:
        return plan.units
    compared = [
        item
        for item in analysis.comparisons
        if item.role == "primary"
        and item.arm != NO_SEND
        and experiment.arms.get(item.arm)
    ]
    if plan.mde is None or not compared:
        return None
    drift = _wanted_drift(plan, analysis.alpha / len(compared))
    reached = NormalDist().inv_cdf(1 - analysis.alpha / 2)
    needed = [_needed(item, plan.mde, drift / reached) for item in compared]
    if None in needed:
        return None
    units = sum(arm.n for arm in analysis.arms)
    return math.ceil(units * max(part for part in needed if part is not None))


def _wanted_drift(plan: Plan, level: float) -> float:
    """The z, at the plan's end, of an effect that is found with the planned power."""
    if plan.anytime:
        return drift_for((1.0,), (AnyLook(1.0, level).boundary,), plan.power)
    at = plan.look_at or equal_looks(plan.looks)
    bounds: tuple[float, ...]
    if at == (1.0,):
        bounds = (two_sided_normal_quantile(level),)
    else:
        spent = [spend_alpha(plan.spending, level, part) for part in at]
        bounds = find_boundaries(at, spent)
    return drift_for(at, bounds, plan.power)


def _needed(item: ArmComparison, mde: float, errors: float) -> float | None:
    """By how much the units must grow for a comparison; below 1 if they suffice."""
    low, high = item.diff.low, item.diff.high
    if low is None or high is None or not item.control_value:
        return None
    effect = mde * abs(item.control_value)
    return (errors * (high - low) / 2 / effect) ** 2


def hash_counts(found: Analysis) -> str:
    """The hash of what the primary metric was read from: units and values of all arms.

    Values are taken to ten digits, for sums over many rows end in noise behind them.
    """
    primary = [item for item in found.comparisons if item.role == "primary"]
    values = {item.arm: item.value for item in primary}
    values |= {item.control: item.control_value for item in primary}
    spreads = [(item.diff.low, item.diff.high) for item in primary]
    content = {
        "units": {arm.arm: arm.n for arm in found.arms},
        "values": {arm: _digits(value) for arm, value in values.items()},
        "spreads": [[_digits(end) for end in pair] for pair in spreads],
    }
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _digits(number: float | None) -> str | None:
    return None if number is None else f"{number:.{_DIGITS}g}"


def record_look(
    catalog: Catalog,
    experiment: Experiment,
    analysis: Analysis,
    *,
    at: datetime,
    data_until: datetime | None = None,
) -> tuple[PastLook, tuple[FileChange, ...]]:
    """The look of an analysis, and the changes that record it; none where it is known.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        analysis: Its analysis at a look.
        at: The time of the look.
        data_until: The time up to which data were read; None for all of them.

    Raises:
        DecisionError: There is no look to record: the experiment is not running, none
            is due, or the data cannot be read.
        DataError: The ledger is not whole.
        CopylabError: The experiment's file cannot be edited.
    """
    looks = analysis.looks
    if looks is not None and looks.recorded is not None:
        return looks.recorded, ()
    if looks is None or not isinstance(looks.judge, PlannedLook):
        raise DecisionError(
            f"there is no look to record: {_why_none(looks)}",
            file=experiment.file,
            help="copylab analyze says where the plan stands",
        )
    if experiment.status != "running":
        raise DecisionError(
            f"'{experiment.name}' is {experiment.status}, not running: only looks at a "
            "running experiment are recorded",
            file=experiment.file,
            help=f"copylab start {experiment.name}",
        )
    if analysis.verdict.action == "invalid":
        raise DecisionError(
            f"a look at data that cannot be read is none: {analysis.verdict.reason}",
            help="mend the data first; nothing of alpha is spent",
        )
    look = _past_look(analysis, looks, looks.judge, at, data_until)
    spent_now = looks.judge.alpha_spent - looks.alpha_before
    changes = add_look(
        catalog.root, experiment, look, rules=_rules(looks.plan), spent_now=spent_now
    )
    return look, changes


def mark_recorded(analysis: Analysis, look: PastLook) -> Analysis:
    """The analysis with its look recorded."""
    if analysis.looks is None:
        return analysis
    return replace(analysis, looks=replace(analysis.looks, recorded=look))


def _why_none(looks: Standing | None) -> str:
    if looks is None:
        return "the plan does not say how many units it is for (mde: or units:)"
    if looks.plan.is_any:
        return "with looks at any time none has to be recorded"
    if looks.state == "over":
        return "the last look is taken"
    return "none is due (--look takes one more, --final the last)"


def _past_look(
    analysis: Analysis,
    looks: Standing,
    judge: PlannedLook,
    at: datetime,
    data_until: datetime | None,
) -> PastLook:
    verdict = analysis.verdict
    return PastLook(
        number=looks.number,
        at=at,
        units=looks.units,
        planned_units=looks.planned_units,
        information=looks.information,
        time=looks.time,
        alpha_spent=judge.alpha_spent,
        boundary=judge.boundary,
        counts=looks.counts,
        action=verdict.action,
        arm=verdict.arm,
        also=verdict.also,
        statistics=_statistics(analysis, judge),
        data_until=data_until,
    )


def _statistics(analysis: Analysis, judge: PlannedLook) -> dict[str, float]:
    """The z of each arm on the primary metric, from its interval."""
    found = {}
    for item in analysis.comparisons:
        low, high = item.diff.low, item.diff.high
        if item.role != "primary" or low is None or high is None or high <= low:
            continue
        found[item.arm] = (item.diff.value or 0.0) * 2 * judge.boundary / (high - low)
    return found


def _rules(plan: LookPlan) -> dict[str, Plain]:
    return {
        "alpha": plan.alpha,
        "spending": plan.spending,
        "looks": [float(f"{part:.8g}") for part in plan.at],
    }


def _refuse_other_rules(
    experiment: Experiment, plan: LookPlan, entries: Sequence[LedgerEntry]
) -> None:
    """Pass if the plan is the one by which the looks were taken.

    How many looks are planned may change: what was spent stays spent.
    """
    first = entries[0]
    if plan.is_any:
        raise DataError(
            "looks were taken by a plan of looks, so looks at any time come too late",
            file=ledger_file(experiment.name),
            help="keep to the plan, or start a new epoch",
        )
    now = _rules(plan)
    told = {"alpha": "alpha", "spending": "spending of alpha"}
    changed = [
        f"{told[key]} was {first.rules.get(key)} and is {now[key]}"
        for key in told
        if first.rules.get(key) != now[key]
    ]
    units = experiment.plan.units
    if units is not None and units != first.look.planned_units:
        changed.append(
            f"planned units were {first.look.planned_units:,}, are {units:,}"
        )
    if changed:
        place = experiment.place_of.get("plan")
        raise DataError(
            f"the plan has changed since look 1: {'; '.join(changed)}",
            file=experiment.file,
            line=place.line if place else None,
            help="put the plan back as it was; another plan needs a new epoch",
        )
