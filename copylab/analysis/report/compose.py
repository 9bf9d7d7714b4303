"""The report as a document: its sections in the order in which they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.beside_parts import cost_part, strata_part
from copylab.analysis.report.copy_part import copy_part
from copylab.analysis.report.document import Document
from copylab.analysis.report.funnel_part import funnel_part
from copylab.analysis.report.guardrail_part import guardrail_part
from copylab.analysis.report.health_part import health_part
from copylab.analysis.report.holdout_part import holdout_part
from copylab.analysis.report.looks_part import looks_part
from copylab.analysis.report.method_part import method_part
from copylab.analysis.report.metric_parts import primary_part, secondary_part
from copylab.analysis.report.origin_part import about_lines, origin_part
from copylab.analysis.report.verdict_part import TONES, badge, verdict_part
from copylab.analysis.report.words import Words

if TYPE_CHECKING:
    from copylab.analysis.results import Analysis

BRIEF = frozenset(("verdict", "health", "primary", "guardrails", "cost"))
"""The sections of a short report."""


def compose(
    analysis: Analysis,
    locale: str = "en-US",
    *,
    brief: bool = False,
    with_next: bool = True,
) -> Document:
    """The report on an analysis.

    An experiment has all sections, each of which says so in a line where its data is
    not there; a table without a plan has those that a table can fill.

    Args:
        analysis: The analysis.
        locale: ``en-US`` or ``zh-CN``.
        brief: Whether to leave out all but the sections that decide.
        with_next: Whether to say what to do next; a decision that is made needs none.
    """
    words = Words(locale)
    parts = [
        verdict_part(analysis, words, with_next=with_next and not brief),
        health_part(analysis, words),
        primary_part(analysis, words),
        secondary_part(analysis, words),
    ]
    if analysis.outlook is not None:
        parts += [
            guardrail_part(analysis, words),
            funnel_part(analysis, words),
            strata_part(analysis, words),
            cost_part(analysis, words),
            holdout_part(analysis, words),
            looks_part(analysis, words),
            copy_part(analysis, words),
        ]
    else:  # a table has what was asked of it
        parts += [strata_part(analysis, words)] if analysis.strata else []
        parts += [holdout_part(analysis, words)] if _has_holdout(analysis) else []
    parts += [method_part(analysis, words), origin_part(analysis, words)]
    kept = [
        part for part in parts if part is not None and (not brief or part.name in BRIEF)
    ]
    return Document(
        title=words("title", name=analysis.name),
        locale=locale,
        badge=badge(analysis, words),
        tone=TONES[analysis.verdict.action],
        parts=tuple(kept),
        contents=words("contents"),
        about=about_lines(analysis, words),
    )


def _has_holdout(analysis: Analysis) -> bool:
    return bool(analysis.holdout or analysis.holdout_lift)
