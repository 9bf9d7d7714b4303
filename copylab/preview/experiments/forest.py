"""Forest plots: each test with its interval, and below them what they say together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.comparison import Interval
from copylab.analysis.distributions import two_sided_normal_quantile
from copylab.analysis.wording import say_p, word_lift
from copylab.decision.learn import as_lift
from copylab.preview.experiments.axis import find_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.decision.learn import Lesson, TestResult
    from copylab.preview.experiments.axis import Axis


_LEAST_SIDE, _MORE_SIDE = 6.0, 8.0


@dataclass(frozen=True, slots=True)
class Mark:
    """An estimate with its interval on an axis.

    Attributes:
        label: What it is of.
        arms: The arm and its control; empty for what tests say together.
        also: Other tags in which the words differ.
        value: Where the estimate is, in percent of the axis.
        low: Where the lower bound is; 0 where there is none.
        high: Where the upper bound is; 100 where there is none.
        is_open: Whether a bound is missing.
        text: The lift with its interval, in words.
        weight: How much it counts against the others, 0 to 1.
    """

    label: str
    arms: tuple[str, str]
    also: tuple[str, ...]
    value: float
    low: float
    high: float
    is_open: bool
    text: str
    weight: float = 1.0

    @property
    def size(self) -> float:
        """The side of its square, in pixels."""
        return round(_LEAST_SIDE + _MORE_SIDE * self.weight, 1)

    @property
    def within(self) -> float:
        """Where the estimate is between the bounds, in percent."""
        width = self.high - self.low
        return round(100 * (self.value - self.low) / width, 2) if width else 50.0


@dataclass(frozen=True, slots=True)
class Forest:
    """What tests say of one value of a tag against another.

    Attributes:
        lesson: The lesson.
        axis: Its axis.
        tests: The tests.
        pooled: What they say together.
        predicted: Where a next test is to be expected; None with too few.
        lift: The lift with its interval, in words.
        p_value: In words.
        direction: ``up``, ``down`` or ``open``: where the whole interval lies.
    """

    lesson: Lesson
    axis: Axis
    tests: tuple[Mark, ...]
    pooled: Mark
    predicted: Mark | None
    lift: str
    p_value: str
    direction: str


def draw_forest(lesson: Lesson, alpha: float = 0.05) -> Forest:
    """The forest plot of a lesson.

    Args:
        lesson: The lesson.
        alpha: The level of the tests' own intervals.
    """
    reach = two_sided_normal_quantile(alpha)
    spans = {
        item: (item.estimate - reach * item.error, item.estimate + reach * item.error)
        for item in lesson.results
    }
    pooled = lesson.pooled
    ends = [end for span in spans.values() for end in span]
    for interval in (pooled.mean, pooled.predicted):
        ends += _known(interval)
    axis = find_axis(ends)
    most = max(1 / item.error for item in lesson.results)
    return Forest(
        lesson=lesson,
        axis=axis,
        tests=tuple(_test(item, spans[item], axis, most) for item in lesson.results),
        pooled=_mark("", pooled.mean, axis),
        predicted=None
        if pooled.predicted is None
        else _mark("", pooled.predicted, axis),
        lift=word_lift(lesson.lift),
        p_value=say_p(pooled.p_value),
        direction=_direction(pooled.mean),
    )


def _known(interval: Interval | None) -> Sequence[float]:
    if interval is None:
        return ()
    ends = (interval.value, interval.low, interval.high)
    return [end for end in ends if end is not None]


def _direction(interval: Interval) -> str:
    if interval.low is not None and interval.low > 0:
        return "up"
    if interval.high is not None and interval.high < 0:
        return "down"
    return "open"


def _test(item: TestResult, span: tuple[float, float], axis: Axis, most: float) -> Mark:
    shown = _mark(item.experiment, Interval(item.estimate, *span), axis)
    return Mark(
        label=shown.label,
        arms=(item.arm, item.control),
        also=item.also,
        value=shown.value,
        low=shown.low,
        high=shown.high,
        is_open=False,
        text=shown.text,
        weight=round(1 / item.error / most, 3),
    )


def _mark(label: str, interval: Interval, axis: Axis) -> Mark:
    """An interval of ``log(1 + lift)`` on an axis."""
    low, high = interval.low, interval.high
    return Mark(
        label=label,
        arms=("", ""),
        also=(),
        value=axis.left(interval.value or 0.0),
        low=0.0 if low is None else axis.left(low),
        high=100.0 if high is None else axis.left(high),
        is_open=low is None or high is None,
        text=word_lift(as_lift(interval)),
    )
