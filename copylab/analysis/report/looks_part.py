"""The looks: which one this is, what it spends of alpha, and when the next is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.change_lines import change_lines
from copylab.analysis.report.document import Bullets, Paragraph, Part
from copylab.analysis.sequential.judge import AnyLook, PlannedLook
from copylab.analysis.sequential.spending import SPENDING_NAMES

if TYPE_CHECKING:
    from copylab.analysis.report.document import Block
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis
    from copylab.analysis.sequential.standing import Standing


def looks_part(analysis: Analysis, words: Words) -> Part:
    """How far the plan is used up, and where the analysis stands among its looks."""
    lines = []
    outlook, looks = analysis.outlook, analysis.looks
    if looks is not None:
        lines += _standing_lines(looks, words, analysis.name)
    elif outlook is None:
        lines.append(words("looks.none"))
    else:
        lines.append(words("looks.no_plan", units=outlook.units))
    if outlook is not None and outlook.still_open:
        lines.append(words("looks.open", open=outlook.still_open))
    blocks: list[Block] = [Bullets(tuple(map(Paragraph, lines)))]
    changes = change_lines(analysis, words)
    if changes:
        clauses = Bullets(tuple(map(Paragraph, changes)))
        blocks += [Paragraph(words.pair(words("change"), "")), clauses]
    return Part("looks", words("part.looks"), tuple(blocks))


def _standing_lines(looks: Standing, words: Words, name: str) -> list[str]:
    units = words(
        "stand.units",
        units=looks.units,
        planned=looks.planned_units,
        share=f"{100 * looks.information:.3g}",
    )
    judge = looks.judge
    if isinstance(judge, AnyLook):
        boundary, width = f"{judge.boundary:.2f}", f"{judge.width:.2f}"
        price = words("stand.width", width=width)
        any_time = words("stand.any", boundary=boundary)
        return [any_time, price, *([units] if looks.plan.is_sized else [])]
    if isinstance(judge, PlannedLook):
        return [*_look_lines(looks, judge, words, name), units, *_next(looks, words)]
    taken = words(
        "stand.between" if looks.state == "between" else "stand.over",
        taken=len(looks.past),
        planned=len(looks.plan.at),
        spent=f"{looks.alpha_spent:.2g}",
        alpha=f"{looks.plan.alpha:g}",
    )
    return [taken, units, *_next(looks, words), words("stand.hidden")]


def _look_lines(
    looks: Standing, judge: PlannedLook, words: Words, name: str
) -> list[str]:
    """The number of a look, and what it spends."""
    key = "stand.last" if looks.is_last else "stand.at"
    lines = [words(key, number=looks.number, planned=len(looks.plan.at))]
    spending = looks.plan.spending
    lines.append(
        words(
            "stand.spent" if looks.alpha_before else "stand.spent.first",
            now=f"{judge.alpha_spent - looks.alpha_before:.2g}",
            spent=f"{judge.alpha_spent:.2g}",
            alpha=f"{judge.alpha:g}",
            boundary=f"{judge.boundary:.3f}",
            spending=SPENDING_NAMES[spending]
            if words.is_english
            else words(f"spending.{spending}"),
        )
    )
    if looks.recorded is not None:
        lines.append(words("stand.recorded", date=f"{looks.recorded.at:%Y-%m-%d}"))
    elif len(looks.plan.at) > 1:
        lines.append(words("stand.unrecorded", name=name))
    return lines


def _next(looks: Standing, words: Words) -> list[str]:
    if looks.next is None:
        return []
    share = f"{100 * looks.next.information:.3g}"
    return [words("stand.next", units=looks.next.units, share=share)]
