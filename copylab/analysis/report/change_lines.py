"""What would change the verdict: how near the nearest of its reasons is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.passed_over import gain
from copylab.analysis.report.guardrail_part import find_comparison, say_margin
from copylab.analysis.report.metric_parts import say_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison


def change_lines(analysis: Analysis, words: Words) -> list[str]:
    """What would make the verdict another, a clause each."""
    match analysis.verdict.action:
        case "invalid":
            return [words("change.mended")]
        case "continue":
            return [words("change.look")]
        case "promote":
            return [*_near_zero(analysis, words), *_near_margins(analysis, words)]
        case "harm":
            broken = [*_broken(analysis, words)]
            return broken or [*_near_zero(analysis, words)]
        case "keep" | "inconclusive":
            held_back = [*_held_back(analysis, words)]
            return held_back or [*_undecided(analysis, words), words("change.more")]


def _near_zero(analysis: Analysis, words: Words) -> Iterator[str]:
    """How near zero the interval of the verdict's arm comes."""
    for item in _primary(analysis):
        near = _near_end(item)
        if item.arm == analysis.verdict.arm and near is not None:
            yield words(
                "change.zero",
                metric=item.metric,
                arm=item.arm,
                near=say_size(item.kind, near, words, signed=True),
            )


def _near_margins(analysis: Analysis, words: Words) -> Iterator[str]:
    """How near what is tolerated the guardrails of the verdict's arm come."""
    for result in analysis.guardrails:
        item = find_comparison(analysis, result)
        if item is None or result.arm != analysis.verdict.arm or result.margin is None:
            continue
        far = _bad_end(analysis, item)
        if far is not None:
            yield words(
                "change.guardrail",
                metric=item.metric,
                arm=item.arm,
                margin=say_margin(item, result, words),
                far=say_size(item.kind, far, words, signed=True),
            )


def _broken(analysis: Analysis, words: Words) -> Iterator[str]:
    for result in analysis.guardrails:
        item = find_comparison(analysis, result)
        near = None if item is None else _near_end(item)
        if result.state == "broken" and item is not None and near is not None:
            yield words(
                "change.broken",
                metric=item.metric,
                arm=item.arm,
                near=say_size(item.kind, near, words, signed=True),
            )


def _held_back(analysis: Analysis, words: Words) -> Iterator[str]:
    """The open guardrails of arms that are better."""
    better = {
        i.arm for i in _primary(analysis) if i.significant and gain(analysis, i) > 0
    }
    for result in analysis.guardrails:
        item = find_comparison(analysis, result)
        far = None if item is None else _bad_end(analysis, item)
        if result.state == "held" or result.arm not in better or item is None:
            continue
        if far is not None:
            yield words(
                "change.hold",
                metric=item.metric,
                arm=item.arm,
                margin=say_margin(item, result, words),
                far=say_size(item.kind, far, words, signed=True),
            )


def _undecided(analysis: Analysis, words: Words) -> Iterator[str]:
    """What the data still allow for the best arm."""
    known = [item for item in _primary(analysis) if item.comparable]
    best = max(known, key=lambda item: gain(analysis, item), default=None)
    if best is None or best.diff.low is None or best.diff.high is None:
        return
    yield words(
        "change.better",
        metric=best.metric,
        arm=best.arm,
        low=say_size(best.kind, best.diff.low, words, signed=True),
        high=say_size(best.kind, best.diff.high, words, signed=True),
    )


def _primary(analysis: Analysis) -> list[ArmComparison]:
    return [item for item in analysis.comparisons if item.role == "primary"]


def _near_end(item: ArmComparison) -> float | None:
    """The end of the interval that is nearer to zero."""
    ends = [end for end in (item.diff.low, item.diff.high) if end is not None]
    return min(ends, key=abs, default=None)


def _bad_end(analysis: Analysis, item: ArmComparison) -> float | None:
    if analysis.better.get(item.metric) == "lower":
        return item.diff.high
    return item.diff.low
