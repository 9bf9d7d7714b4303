"""What sending does at all: every arm that sends together against those held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.pairs import compare
from copylab.analysis.sequential.judging import fixed_level, judge_pair, touched_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.comparison import Comparison
    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.table_metrics import Kind
    from copylab.analysis.units import Statistic

ALL_SENDING = "global holdout"
"""The name of the analysis that compares all sending with the global holdout."""

SILENCE = "none"
"""The name of the arm that sends nothing."""


@dataclass(frozen=True, slots=True)
class HoldoutLift:
    """All that send against the held out, on one metric.

    Attributes:
        metric: The metric.
        kind: How it is put together.
        holdout: The arm that got nothing.
        arms: The arms that send, taken as one in the numbers in which they were sent.
        n: Their units.
        holdout_n: The units held out.
        comparison: The one against the other: one comparison a metric.
        corrections: The corrections that touched it: for looks, if any.
    """

    metric: str
    kind: Kind
    holdout: str
    arms: tuple[str, ...]
    n: int
    holdout_n: int
    comparison: Comparison
    corrections: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """All attributes, the comparison's flat among them."""
        found = self.comparison
        return {
            "metric": self.metric,
            "holdout": self.holdout,
            "arms": list(self.arms),
            "n": self.n,
            "holdout_n": self.holdout_n,
            "value": found.value,
            "holdout_value": found.control_value,
            "diff": found.diff.to_dict(),
            "lift": found.lift.to_dict(),
            "p_value": found.p_value if found.diff.value is not None else None,
            "corrections": list(self.corrections),
            "method": found.method,
        }


def compare_holdout(
    metrics: Sequence[tuple[str, Kind]],
    statistics: Mapping[str, Mapping[str, Statistic]],
    holdout: str,
    alpha: float,
    *,
    judge: Judge | None = None,
) -> tuple[HoldoutLift, ...]:
    """Each metric of all that send against the held out; empty where there are none.

    Args:
        metrics: Names and kinds, in order.
        statistics: For each metric, the unadjusted statistic of each arm.
        holdout: The arm that got nothing.
        alpha: The level of the test.
        judge: What judges at a look; None for a fixed test.
    """
    found = []
    for metric, kind in metrics:
        by_arm = statistics[metric]
        sending = [arm for arm in by_arm if arm != holdout]
        if holdout not in by_arm or not sending:
            continue
        whole = by_arm[sending[0]]
        for arm in sending[1:]:
            whole = whole + by_arm[arm]  # type: ignore[operator]  # of one kind each
        zero = by_arm[holdout]
        comparison = compare(whole, zero, fixed_level(judge, alpha))
        found.append(
            HoldoutLift(
                metric, kind, holdout, tuple(sending), whole.n, zero.n,
                judge_pair(comparison, judge), touched_by(judge),
            )
        )  # fmt: skip
    return tuple(found)
