"""What would change the verdict: how near the nearest of its reasons is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.passed_over import gain
from copylab.analysis.report.guardrail_part import find_comparison, say_margin
from copylab.analysis.wording import word_bounds

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
        near = _near_end(item, words)
        if item.arm == analysis.verdict.arm and near is not None:
            yield words(
                "change.zero",
                metric=item.metric,
                arm=item.arm,
                near=near,
            )


def _near_margins(analysis: Analysis, words: Words) -> Iterator[str]:
    """How near what is tolerated the guardrails of the verdict's arm come."""
    for result in analysis.guardrails:
        item = find_comparison(analysis, result)
        if item is None or result.arm != analysis.verdict.arm or result.margin is None:
            continue
        far = _bad_end(analysis, item, words)
        if far is not None:
            yield words(
                "change.guardrail",
                metric=item.metric,
                arm=item.arm,
                margin=say_margin(item, result, words),
                far=far,
            )


def _broken(analysis: Analysis, words: Words) -> Iterator[str]:
    for result in analysis.guardrails:
        item = find_comparison(analysis, result)
        near = None if item is None else _near_end(item, words)
        if result.state == "broken" and item is not None and near is not None:
            yield words(
                "change.broken",
                metric=item.metric,
                arm=item.arm,
                near=near,
            )


def _held_back(analysis: Analysis, words: Words) -> Iterator[str]:
    """The open guardrails of arms that are better."""
    better = {
        i.arm for i in _primary(analysis) if i.significant and gain(analysis, i) > 0
    }
    for result in analysis.guardrails:
        item = find_comparison(analysis, result)
        far = None if item is None else _bad_end(analysis, item, words)
        if result.state == "held" or result.arm not in better or item is None:
            continue
        if far is not None:
            yield words(
                "change.hold",
                metric=item.metric,
                arm=item.arm,
                margin=say_margin(item, result, words),
                far=far,
            )


def _undecided(analysis: Analysis, words: Words) -> Iterator[str]:
    """What the data still allow for the best arm."""
    known = [item for item in _primary(analysis) if item.comparable]
    best = max(known, key=lambda item: gain(analysis, item), default=None)
    if best is None or best.diff.low is None or best.diff.high is None:
        return
    low, high = (_say(best, end, words) for end in word_bounds(best.kind, best.diff))
    yield words("change.better", metric=best.metric, arm=best.arm, low=low, high=high)


def _primary(analysis: Analysis) -> list[ArmComparison]:
    return [item for item in analysis.comparisons if item.role == "primary"]


def _near_end(item: ArmComparison, words: Words) -> str | None:
    """The end of the interval that is nearer to zero, in words."""
    low, high = word_bounds(item.kind, item.diff)
    ends = [(item.diff.low, low), (item.diff.high, high)]
    known = [(abs(end), shown) for end, shown in ends if end is not None]
    return _say(item, min(known)[1], words) if known else None


def _bad_end(analysis: Analysis, item: ArmComparison, words: Words) -> str | None:
    """The end of the interval that is worse, in words."""
    low, high = word_bounds(item.kind, item.diff)
    lower_is_better = analysis.better.get(item.metric) == "lower"
    end, shown = (item.diff.high, high) if lower_is_better else (item.diff.low, low)
    return None if end is None else _say(item, shown, words)


def _say(item: ArmComparison, shown: str, words: Words) -> str:
    return words("points", diff=shown) if item.kind == "share" else shown
