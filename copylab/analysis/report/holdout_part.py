"""What sending does at all: the arms against no message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.correction_notes import for_looks, name_corrections
from copylab.analysis.report.document import ArmName, Paragraph, Part, Table
from copylab.analysis.report.metric_parts import is_hidden, level_of, show_p
from copylab.analysis.wording import NOTHING, word_diff, word_lift, word_p, word_value

if TYPE_CHECKING:
    from copylab.analysis.report.document import Block
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis


def holdout_part(analysis: Analysis, words: Words) -> Part:
    """All arms together, and each arm, against no message at all."""
    title = words("part.holdout")
    if is_hidden(analysis):
        return Part("holdout", title, (Paragraph(words("stand.hidden")),))
    if not analysis.holdout and not analysis.holdout_lift:
        return Part("holdout", title, (Paragraph(words("holdout.none")),))
    blocks: list[Block] = [*_together(analysis, words), *_each(analysis, words)]
    return Part("holdout", title, tuple(blocks))


def _each(analysis: Analysis, words: Words) -> list[Table]:
    """Each arm that sends against silence."""
    if not analysis.holdout:
        return []
    level = level_of(analysis)
    shares = all(item.kind == "share" for item in analysis.holdout)
    headings = (
        words("metrics"), words("arm"), words("value"), analysis.holdout[0].control,
        words("diff.points" if shares else "diff", level=level), words("p"),
    )  # fmt: skip
    rows = tuple(
        (
            item.metric,
            ArmName(item.arm),
            word_value(item.kind, item.value),
            word_value(item.kind, item.control_value),
            word_diff(item.kind, item.diff),
            show_p(item, item.p_value),
        )
        for item in analysis.holdout
    )
    caption = words("holdout", holdout=analysis.holdout[0].control)
    looks = for_looks(analysis.holdout)
    note = words("note.looks", names=name_corrections(looks, words)) if looks else ""
    return [Table(caption, headings, rows, frozenset((2, 3, 5)), note=note)]


def _together(analysis: Analysis, words: Words) -> list[Table]:
    """All arms that send, as one, against silence."""
    if not analysis.holdout_lift:
        return []
    level = level_of(analysis)
    first = analysis.holdout_lift[0]
    shares = all(item.kind == "share" for item in analysis.holdout_lift)
    headings = (
        words("metrics"), words("n"), words("value"), first.holdout,
        words("diff.points" if shares else "diff", level=level),
        words("lift", level=level), words("p"),
    )  # fmt: skip
    rows = tuple(
        (
            item.metric,
            words("holdout.units", n=item.n, zero=item.holdout_n),
            word_value(item.kind, item.comparison.value),
            word_value(item.kind, item.comparison.control_value),
            word_diff(item.kind, item.comparison.diff),
            NOTHING
            if item.comparison.lift.value is None
            else word_lift(item.comparison.lift),
            word_p(item.comparison.p_value)
            if item.comparison.diff.value is not None
            else NOTHING,
        )
        for item in analysis.holdout_lift
    )
    caption = words("holdout.all", holdout=first.holdout)
    return [Table(caption, headings, rows, frozenset((2, 3, 6)))]
