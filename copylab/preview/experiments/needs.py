"""How many users an experiment needs, in each arm and by when, as far as data tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from copylab.analysis.plan_answer import Supply, answer_metric
from copylab.analysis.wording import word_value
from copylab.decision.planning import design_of, measure_baselines
from copylab.decision.results import metric_specs
from copylab.errors import DataError

if TYPE_CHECKING:
    from datetime import date, datetime

    from copylab.analysis.results import Analysis
    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment

_DAY = timedelta(days=1)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class ArmNeed:
    """What an arm needs.

    Attributes:
        arm: The arm.
        needed: Its users by the plan.
        found: Its users through their time for outcomes; None before any.
    """

    arm: str
    needed: int
    found: int | None = None

    @property
    def part(self) -> float:
        """How far it is, 0 to 1."""
        return min((self.found or 0) / self.needed, 1.0) if self.needed else 1.0


@dataclass(frozen=True, slots=True)
class Needs:
    """What a plan asks for.

    Attributes:
        metric: The metric that decides.
        value: What it is like in the control, in words.
        effect: The relative effect to be found, in words; empty where none is named.
        units: The users of all arms together.
        arms: What each arm needs.
        source: The experiment on whose control's users the metric was measured; empty
            where it is this one.
        source_units: How many those were; None where it is this one.
        per_day: The users a day that came in so far; None where data do not tell.
        end: The day on which the last user can be through; None likewise.
        missing: The users still to come; None before any came.
    """

    metric: str
    value: str
    effect: str
    units: int
    arms: tuple[ArmNeed, ...]
    source: str = ""
    source_units: int | None = None
    per_day: float | None = None
    end: date | None = None
    missing: int | None = None


def needs_of_running(
    experiment: Experiment, analysis: Analysis, at: datetime
) -> Needs | None:
    """What a running experiment still needs, by its own data.

    Args:
        experiment: The experiment.
        analysis: Its analysis.
        at: The moment from which days to come are counted.

    Returns:
        None where the plan does not say how many users it is for.
    """
    looks = analysis.looks
    if looks is None or (looks.plan.is_any and not looks.plan.is_sized):
        return None
    primary = [item for item in analysis.comparisons if item.role == "primary"]
    planned = looks.planned_units
    found = {arm.arm: arm.n for arm in analysis.arms}
    missing = max(planned - sum(found.values()), 0)
    per_day = _pace(analysis)
    end = None
    if missing and per_day and experiment.status == "running":
        window = experiment.plan.window or timedelta(0)
        end = (at + _DAY * ceil(missing / per_day) + window).date()
    mde = experiment.plan.mde
    chosen = experiment.metrics
    return Needs(
        metric=chosen.primary if chosen else "",
        value=word_value(primary[0].kind, primary[0].control_value) if primary else "",
        effect="" if mde is None else f"{100 * mde:.3g}%",
        units=planned,
        arms=_arms(experiment, planned, found),
        per_day=per_day,
        end=end,
        missing=missing,
    )


def _pace(analysis: Analysis) -> float | None:
    """Users a day; None where all were sent to within a day, which tells no pace."""
    span, outlook = analysis.span, analysis.outlook
    if span is None or outlook is None:
        return None
    length = span.last_send - span.first_send
    return outlook.units / (length / _DAY) if length >= _DAY else None


def needs_of_draft(
    catalog: Catalog, experiment: Experiment, at: datetime | None
) -> Needs:
    """What a draft needs, by the data of the experiments before it.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        at: As for ``analyze_workspace``.

    Raises:
        DataError: Neither data nor plan tell.
        CopylabError: The data or the experiment's files cannot be used.
    """
    spec = metric_specs(catalog, experiment)[0]
    found = measure_baselines(catalog, experiment, at=at)
    baseline = found.baselines.get(spec.name)
    plan = experiment.plan
    if baseline is None:
        raise DataError(
            f"'{spec.name}' happened to nobody in the data, or to everybody",
            file=experiment.file,
            help=f"copylab plan {experiment.name} --rate {spec.name}=3%",
        )
    if plan.mde is None and plan.units is None:
        raise DataError(
            "the plan does not say how many units it is for",
            file=experiment.file,
            help="add mde: 15% or units: 40000 to the plan",
        )
    design = design_of(experiment, spec, baseline)
    supply = Supply()
    units = plan.units
    answer = answer_metric(spec.name, design, supply, mde=plan.mde, units=units)
    if answer.units is None:
        raise DataError(
            f"'{spec.name}' cannot be decided: it needs more users than exist",
            file=experiment.file,
            help="plan for a larger effect, or let a nearer metric decide",
        )
    return Needs(
        metric=spec.name,
        value=word_value(baseline.kind, baseline.value),
        effect="" if answer.mde is None else f"{100 * answer.mde:.3g}%",
        units=answer.units,
        arms=_arms(experiment, answer.units, {}),
        source="" if found.experiment == experiment.name else found.experiment,
        source_units=found.units,
    )


def _arms(
    experiment: Experiment, units: int, found: dict[str, int]
) -> tuple[ArmNeed, ...]:
    return tuple(
        ArmNeed(arm, ceil(float(share) * units - _ROUNDING), found.get(arm))
        for arm, share in experiment.arms.items()
    )
