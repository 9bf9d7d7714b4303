"""How the numbers were made: the test, the corrections and the source of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.citations import cite_methods
from copylab.analysis.report.correction_notes import (
    across_arms,
    for_looks,
    name_corrections,
)
from copylab.analysis.report.document import Bullets, Paragraph, Part
from copylab.analysis.report.metric_parts import level_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison


def method_part(analysis: Analysis, words: Words) -> Part:
    """Which test each number comes from, and which corrections it received."""
    lines = [*_tests(analysis, words), *_corrections(analysis, words)]
    judged = [item for item in analysis.comparisons if item.role != "guardrail"]
    if judged:
        p = words("p_adjusted" if across_arms(judged) else "p")
        star = words(
            "method.star", p=p, alpha=f"{analysis.alpha:g}", level=level_of(analysis)
        )
        lines.append(star)
    lines += _adjusted(analysis, words)
    if any(item.kind == "share" for item in analysis.comparisons):
        lines.append(words("method.percent"))
    if analysis.outlook is not None:
        lines.append(words("method.assigned"))
    sources = words.pair(
        words("method.sources"), words.listed(cite_methods(analysis, words))
    )
    items = tuple(map(Paragraph, [*lines, sources]))
    return Part("method", words("part.method"), (Bullets(items),))


def _names(items: Sequence[ArmComparison], words: Words) -> str:
    return words.join([*dict.fromkeys(item.metric for item in items)])


def _tests(analysis: Analysis, words: Words) -> Iterator[str]:
    """The test of each metric."""
    by_method: dict[str, list[ArmComparison]] = {}
    for item in analysis.comparisons:
        by_method.setdefault(item.method, []).append(item)
    for method, items in by_method.items():
        yield words(
            "method.test",
            metrics=_names(items, words),
            method=words.method(method),
            level=level_of(analysis),
        )


def _corrections(analysis: Analysis, words: Words) -> Iterator[str]:
    """The corrections of each family of p-values."""
    others = len(analysis.arms) - 1
    families: dict[tuple[str, ...], list[ArmComparison]] = {}
    guards = [item for item in analysis.comparisons if item.role == "guardrail"]
    for item in analysis.comparisons:
        if item.role != "guardrail":
            families.setdefault(tuple(across_arms([item])), []).append(item)
    for names, items in families.items():
        key = "uncorrected" if others > 1 else "single"
        yield words(
            f"method.{'corrected' if names else key}",
            metrics=_names(items, words),
            names=name_corrections(names, words),
            others=others,
        )
    if others > 1:
        yield words("method.intervals")
    if guards:
        names = tuple(across_arms(guards))
        yield words(
            "method.guardrails" if names else "method.guardrails.plain",
            metrics=_names(guards, words),
            names=name_corrections(names, words),
        )
    looked = [item for item in analysis.comparisons if for_looks([item])]
    if looked:
        yield words(
            "method.looks",
            metrics=_names(looked, words),
            names=name_corrections(for_looks(looked), words),
        )


def _adjusted(analysis: Analysis, words: Words) -> Iterator[str]:
    """What was done to make metrics vary less."""
    for item in analysis.adjustments:
        if item.applied:
            yield words(
                "adjusted",
                metric=item.metric,
                how=words.join([words.method(name) for name in item.applied]),
                share=f"{round(100 * item.variance_reduction)}%",
            )
        for reason in item.reasons:
            yield words("adjusted.not", metric=item.metric, reason=words.reason(reason))
