"""Which corrections the numbers of a table received, in a sentence or two below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.corrections import CORRECTION_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison


def across_arms(items: Iterable[ArmComparison]) -> list[str]:
    """The corrections for several arms that touched comparisons, by key."""
    return _touched(items, for_arms=True)


def for_looks(items: Iterable[ArmComparison]) -> list[str]:
    """The corrections for several looks that touched comparisons, by key."""
    return _touched(items, for_arms=False)


def name_corrections(names: Sequence[str], words: Words) -> str:
    """Corrections in words."""
    return words.join([words(f"correction.{name}") for name in names])


def note_comparisons(
    analysis: Analysis, items: Sequence[ArmComparison], words: Words
) -> str:
    """The corrections of a metric's table."""
    others = len(analysis.arms) - 1
    arms, looks = across_arms(items), for_looks(items)
    if arms:
        names = name_corrections(arms, words)
        lines = [words("note.adjusted", names=names, others=others)]
    else:
        lines = [
            words("note.unadjusted" if others > 1 else "note.single", others=others)
        ]
    if looks:
        lines.append(words("note.looks", names=name_corrections(looks, words)))
    if others > 1:
        lines.append(words("note.intervals"))
    return words.sentences(lines)


def note_guardrails(items: Sequence[ArmComparison], words: Words) -> str:
    """The corrections of the table of guardrails."""
    arms, looks = across_arms(items), for_looks(items)
    lines = [words("note.guardrails.plain")]
    if arms:
        names = name_corrections(arms, words)
        lines = [words("note.guardrails", names=names)]
    if looks:
        lines.append(words("note.looks", names=name_corrections(looks, words)))
    return words.sentences(lines)


def _touched(items: Iterable[ArmComparison], *, for_arms: bool) -> list[str]:
    named = (name for item in items for name in item.corrections)
    return [*dict.fromkeys(n for n in named if (n in CORRECTION_NAMES) == for_arms)]
