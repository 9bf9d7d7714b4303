"""What an analysis says besides its comparisons, from the statistics of all arms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.funnel import build_funnel
from copylab.analysis.holdout import SILENCE, compare_holdout
from copylab.analysis.ranking import rank_arms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.funnel import Funnel
    from copylab.analysis.guardrails import Better
    from copylab.analysis.holdout import HoldoutLift
    from copylab.analysis.ranking import Ranking
    from copylab.analysis.results import Role
    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.table_metrics import Kind
    from copylab.analysis.units import Statistic


@dataclass(frozen=True, slots=True)
class Question:
    """A metric as an analysis asks for it.

    Attributes:
        name: The metric's name.
        kind: How it is put together.
        role: What it is for; one is primary.
        better: Which direction is good.
        adjusted: What was done to its statistics, for the name of the method.
    """

    name: str
    kind: Kind
    role: Role
    better: Better = "higher"
    adjusted: str = ""


@dataclass(frozen=True, slots=True)
class Insights:
    """What is said besides the comparisons.

    Attributes:
        funnel: The shares in order, None for fewer than two.
        ranking: Who is best by the primary metric, None where nobody can be ranked.
        holdout_lift: All that send against the held out, by metric.
    """

    funnel: Funnel | None
    ranking: Ranking | None
    holdout_lift: tuple[HoldoutLift, ...]


def find_insights(
    questions: Sequence[Question],
    raw: Mapping[str, Mapping[str, Statistic]],
    tested: Mapping[str, Mapping[str, Statistic]],
    *,
    control: str,
    alpha: float,
    holdout: str = SILENCE,
    judge: Judge | None = None,
) -> Insights:
    """What the statistics say besides the comparisons.

    Args:
        questions: The metrics; those that are shares and no guardrails are the funnel,
            in this order.
        raw: For each metric, the statistic of each arm as measured.
        tested: The same as the comparisons took them, adjusted or not.
        control: The control.
        alpha: The level of the tests.
        holdout: The arm that got nothing, if there is one of that name.
        judge: What judges at a look; None for fixed tests.
    """
    steps = [
        item.name
        for item in questions
        if item.kind == "share" and item.role != "guardrail"
    ]
    primary = next(item for item in questions if item.role == "primary")
    return Insights(
        build_funnel(steps, raw, control),
        rank_arms(
            primary.name,
            tested[primary.name],
            better=primary.better,
            alpha=alpha,
            adjusted=primary.adjusted,
            judge=judge,
        ),
        compare_holdout(
            [(item.name, item.kind) for item in questions],
            raw,
            holdout,
            alpha,
            judge=judge,
        ),
    )
