"""How far a plan is used up, as the verdict takes it, from where an analysis stands."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from copylab.analysis.sequential.boundaries import find_boundaries
from copylab.analysis.sequential.futility import conditional_power
from copylab.analysis.sequential.judge import PlannedLook
from copylab.analysis.sequential.spending import spend_alpha
from copylab.analysis.sequential.wording import say_next, say_stood, say_units
from copylab.analysis.verdict import Progress, Verdict

if TYPE_CHECKING:
    from copylab.analysis.results import ArmComparison
    from copylab.analysis.sequential.plan import PastLook
    from copylab.analysis.sequential.standing import Standing
    from copylab.analysis.verdict import Evidence

_SILENCE = "none"


def find_progress(looks: Standing, evidence: Evidence) -> Progress | None:
    """How far the plan is used up; None for looks at any time without a planned end.

    Args:
        looks: Where the analysis stands.
        evidence: The primary metric, judged at the look; not read between looks.
    """
    if not looks.is_read:
        decided = looks.decided
        told = say_next(looks)
        stood = None if decided is None else _stand(decided, told)
        return Progress(complete=False, message=told, decided=stood)
    if not looks.plan.is_sized:
        return None
    if looks.is_last or (looks.plan.is_any and looks.information >= 1):
        return Progress(complete=True, message=say_units(looks))
    return Progress(
        complete=False,
        message=say_next(looks),
        is_look=True,
        futile=_say_futility(looks, evidence),
    )


def _stand(look: PastLook, told: str) -> Verdict | None:
    """The verdict of a recorded look, which stands."""
    match look.action:
        case "promote" | "keep" | "harm" | "inconclusive":
            return Verdict(look.action, look.arm, say_stood(look, told), look.also)
    return None


def _say_futility(looks: Standing, evidence: Evidence) -> str:
    """That no arm has a fair chance to win any more; empty if one has."""
    wanted, effect = looks.plan.futility, looks.plan.mde
    if wanted is None or effect is None or not isinstance(looks.judge, PlannedLook):
        return ""
    last = _last_boundary(looks.judge)
    chances = [
        _chance(looks, evidence, item, effect, last)
        for item in evidence.comparisons
        if item.arm != _SILENCE
    ]
    known = [chance for chance in chances if chance is not None]
    if not known or len(known) < len(chances) or max(known) >= wanted:
        return ""
    return (
        f"Were the planned effect of {100 * effect:g}% true, an arm would still win "
        f"with a chance of {100 * max(known):.2g}% at most"
    )


def _last_boundary(judge: PlannedLook) -> float:
    """The boundary of the last look, if no other comes before it."""
    stops = [*judge.stops]
    information = [*(stop.information for stop in stops), 1.0]
    spent = [spend_alpha(judge.spending, judge.alpha, stop.time) for stop in stops]
    return find_boundaries(information, [*spent, judge.alpha])[-1]


def _chance(
    looks: Standing,
    evidence: Evidence,
    item: ArmComparison,
    effect: float,
    boundary: float,
) -> float | None:
    """The chance that an arm crosses the last boundary; None where it is not known."""
    low, high = item.diff.low, item.diff.high
    if low is None or high is None or not item.control_value or looks.judge is None:
        return None
    error = (high - low) / 2 / looks.judge.boundary
    full = error * sqrt(looks.information)
    return conditional_power(
        evidence.gain(item) / error,
        looks.information,
        effect * abs(item.control_value) / full,
        boundary,
    )
