"""Learning: what hooks, tones and lengths do, over all concluded experiments.

Each test gives the logarithm of the ratio of an arm to its control on one metric. Tests
that compare the same two values of a tag are pooled by a random-effects model; so are
those in which the arm's words are shorter, or longer, than the control's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import expm1
from typing import TYPE_CHECKING

from copylab.analysis.comparison import Interval
from copylab.analysis.meta import METHOD, Pooled, pool
from copylab.analysis.priors import log_lift
from copylab.decision.factorial import Factorial, find_factorials

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from copylab.decision.history import PastComparison, PastDecision

LENGTH = "length"
Contrast = tuple[str, str, str, str]
"""A metric, a tag, its value in the arm, and its value in the control."""
SAME_LENGTH = 0.1
"""Words are as long as others if they differ by a tenth at most."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """What one test says of a contrast.

    Attributes:
        experiment: The experiment.
        arm: The arm.
        control: Its control.
        estimate: ``log(1 + lift)``.
        error: Its standard error.
        also: Other tags in which the two differ: the contrast is not theirs alone.
    """

    __test__ = False  # nothing for pytest

    experiment: str
    arm: str
    control: str
    estimate: float
    error: float
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What tests say together of one value of a tag against another.

    Attributes:
        metric: The metric.
        tag: The tag, such as ``hook``, or ``length``.
        value: The value of the arms.
        against: The value of the controls.
        results: The tests.
        pooled: What they say together; of ``log(1 + lift)``.
    """

    metric: str
    tag: str
    value: str
    against: str
    results: tuple[TestResult, ...]
    pooled: Pooled

    @property
    def alone(self) -> int:
        """In how many of the tests nothing else differs."""
        return sum(1 for item in self.results if not item.also)

    @property
    def lift(self) -> Interval:
        """The lift with its interval."""
        return as_lift(self.pooled.mean)

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values, effects as lifts."""
        pooled = self.pooled
        predicted = pooled.predicted
        return {
            "metric": self.metric,
            "tag": self.tag,
            "value": self.value,
            "against": self.against,
            "tests": pooled.count,
            "alone": self.alone,
            "lift": self.lift.to_dict(),
            "predicted": None if predicted is None else as_lift(predicted).to_dict(),
            "p_value": pooled.p_value,
            "q": pooled.q,
            "q_p_value": pooled.q_p_value,
            "i2": pooled.i2,
            "tau2": pooled.tau2,
            "few": pooled.is_few,
            "results": [
                {
                    "experiment": item.experiment,
                    "arm": item.arm,
                    "control": item.control,
                    "log_ratio": item.estimate,
                    "error": item.error,
                    "also": list(item.also),
                }
                for item in self.results
            ],
        }


@dataclass(frozen=True, slots=True)
class Lessons:
    """All that past experiments teach.

    Attributes:
        experiments: How many were read, promoted or not.
        lessons: By metric and tag, the one with most tests first.
        factorials: Experiments whose arms cross two tags.
        skipped: Comparisons left out, and why.
    """

    experiments: int
    lessons: tuple[Lesson, ...]
    factorials: tuple[Factorial, ...] = ()
    skipped: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values, with the name of the method."""
        return {
            "method": METHOD,
            "experiments": self.experiments,
            "lessons": [lesson.to_dict() for lesson in self.lessons],
            "factorials": [item.to_dict() for item in self.factorials],
            "skipped": list(self.skipped),
        }


def as_lift(log_ratio: Interval) -> Interval:
    """The lift behind the logarithm of a ratio, bounds and all."""
    ends = (log_ratio.value, log_ratio.low, log_ratio.high)
    return Interval(*(None if end is None else expm1(end) for end in ends))


def learn(
    decisions: Sequence[PastDecision],
    *,
    metric: str | None = None,
    tag: str | None = None,
    alpha: float = 0.05,
    unrecorded: Sequence[str] = (),
) -> Lessons:
    """What the decisions teach.

    Args:
        decisions: Records of past decisions.
        metric: The metric to learn on; None takes each experiment's primary one, and
            keeps metrics apart.
        tag: The one tag to look at, or ``length``; None takes all.
        alpha: The level of the intervals.
        unrecorded: Experiments that are concluded and have no record.
    """
    usable = [decision for decision in decisions if decision.is_readable]
    skipped = [
        f"{decision.experiment}: its data could not be read"
        for decision in decisions
        if not decision.is_readable
    ]
    skipped += [
        f"{name}: concluded without a record; copylab promote {name} --keep writes one"
        for name in unrecorded
    ]
    groups: dict[Contrast, list[TestResult]] = {}
    for decision in usable:
        for item in _wanted(decision, metric):
            found, why = _read_test(decision, item, tag)
            skipped += [why] if why else []
            for key, result in found:
                groups.setdefault(key, []).append(result)
    lessons = [
        Lesson(*key, tuple(results), _pool(results, alpha))
        for key, results in groups.items()
    ]
    lessons.sort(key=_place)
    return Lessons(
        len(decisions),
        tuple(lessons),
        tuple(find_factorials(usable, metric=metric, alpha=alpha)),
        tuple(skipped),
    )


def _read_test(
    decision: PastDecision, item: PastComparison, tag: str | None
) -> tuple[list[tuple[Contrast, TestResult]], str]:
    """What one comparison says, by contrast; or why it says nothing."""
    known = log_lift(item.lift, decision.level)
    where = f"{decision.experiment}: {item.arm} on {item.metric}"
    if known is None:
        return [], f"{where} has no lift with an interval"
    contrasts = list(_contrasts(decision, item))
    if not contrasts:
        return [], f"{where} differs from its control in no known tag"
    names = [name for name, _, _ in contrasts if name != LENGTH]
    found = []
    for name, value, against in contrasts:
        also = tuple(other for other in names if other != name)
        result = TestResult(decision.experiment, item.arm, item.control, *known, also)
        if tag in {None, name}:
            found.append(((item.metric, name, value, against), result))
    return found, ""


def _place(lesson: Lesson) -> tuple[str, bool, str, int, str]:
    """The order of lessons: by metric and tag, lengths last, most tests first."""
    is_length = lesson.tag == LENGTH
    return lesson.metric, is_length, lesson.tag, -lesson.pooled.count, lesson.value


def _wanted(decision: PastDecision, metric: str | None) -> Iterator[PastComparison]:
    """The comparisons of two wordings on the metric that is learned on."""
    for item in decision.comparisons:
        asked = item.role == "primary" if metric is None else item.metric == metric
        if asked and "none" not in {item.arm, item.control}:
            yield item


def _contrasts(
    decision: PastDecision, item: PastComparison
) -> Iterator[tuple[str, str, str]]:
    """In what the words of an arm differ from the control's: tag, value, against."""
    mine, theirs = (decision.tags.get(arm, {}) for arm in (item.arm, item.control))
    for name in sorted(mine.keys() & theirs.keys()):
        if mine[name] != theirs[name]:
            yield name, mine[name], theirs[name]
    length = _compare_length(decision, item)
    if length is not None:
        yield LENGTH, length, "control"


def _compare_length(decision: PastDecision, item: PastComparison) -> str | None:
    """Whether an arm's words are shorter or longer than the control's."""
    mine, theirs = (decision.lengths.get(arm, {}) for arm in (item.arm, item.control))
    ratios = [
        mine[key] / theirs[key] for key in mine.keys() & theirs.keys() if theirs[key]
    ]
    if not ratios:
        return None
    ratio = sum(ratios) / len(ratios)
    if abs(ratio - 1) <= SAME_LENGTH:
        return None
    return "longer" if ratio > 1 else "shorter"


def _pool(results: Iterable[TestResult], alpha: float) -> Pooled:
    """One estimate a test: arms of one test share its control, so they are averaged."""
    by_test: dict[str, list[TestResult]] = {}
    for item in results:
        by_test.setdefault(item.experiment, []).append(item)
    estimates, errors = [], []
    for items in by_test.values():
        weights = [1 / item.error**2 for item in items]
        mean = sum(w * i.estimate for w, i in zip(weights, items, strict=True))
        estimates.append(mean / sum(weights))
        # The control's error is in all of them: averaging them lessens it hardly.
        errors.append(min(item.error for item in items))
    return pool(estimates, errors, alpha)
