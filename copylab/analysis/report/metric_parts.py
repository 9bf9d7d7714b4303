"""The metrics that were planned: the primary with its plot, and the secondary ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.passed_over import gain
from copylab.analysis.report.correction_notes import across_arms, note_comparisons
from copylab.analysis.report.document import (
    ArmName,
    Paragraph,
    Part,
    Plot,
    PlotRow,
    Table,
)
from copylab.analysis.wording import (
    NOTHING,
    word_chance,
    word_diff,
    word_lift,
    word_p,
    word_size,
    word_value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.report.document import Axis, Block, Tone
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison
    from copylab.analysis.table_metrics import Kind

_SILENCE = "none"
_WIDEST_LIFT = 10.0
_SMALLEST_LOSS = 0.01


def level_of(analysis: Analysis) -> str:
    """The level of the intervals: ``95%``."""
    return f"{100 * (1 - analysis.alpha):g}%"


def is_hidden(analysis: Analysis) -> bool:
    """Whether nothing of the results is shown, for no look is due."""
    return analysis.looks is not None and not analysis.looks.is_read


def say_size(kind: Kind, number: float, words: Words) -> str:
    """The size of a difference with its unit: ``0.2 points``."""
    shown = word_size(kind, number)
    return words("points", diff=shown) if kind == "share" else shown


def primary_part(analysis: Analysis, words: Words) -> Part:
    """The primary metric: its intervals as a plot, its numbers, and the prior.

    Between looks it is not read.
    """
    items = [item for item in analysis.comparisons if item.role == "primary"]
    if not items:
        hidden = Paragraph(words("stand.hidden"))
        return Part("primary", words("part.primary"), (hidden,))
    title = words("part.primary")
    blocks: list[Block] = [*_warnings(analysis, words)]
    blocks += _plots(analysis, items, words)
    blocks.append(_table(analysis, items, words))
    if analysis.outlook is not None:
        blocks.append(Paragraph(_word_prior(analysis, words)))
    blocks += _ranking(analysis, words)
    return Part("primary", title, tuple(blocks))


def secondary_part(analysis: Analysis, words: Words) -> Part | None:
    """The secondary metrics, a table each; None where there are none."""
    tables = [
        _table(analysis, items, words)
        for items in by_metric(analysis, "secondary").values()
    ]
    if not tables:
        return None
    blocks: list[Block] = [*_warnings(analysis, words), *tables]
    return Part("secondary", words("part.secondary"), tuple(blocks))


def _warnings(analysis: Analysis, words: Words) -> list[Paragraph]:
    """What stands above numbers that nobody is to read."""
    if analysis.verdict.action != "invalid":
        return []
    return [Paragraph(words("unread"), "bad")]


def _ranking(analysis: Analysis, words: Words) -> list[Table]:
    """The chance of each arm to be the best, and what choosing it costs."""
    ranking = analysis.ranking
    if ranking is None or analysis.verdict.action == "invalid":
        return []
    kind = next(i.kind for i in analysis.comparisons if i.metric == ranking.metric)
    rows = tuple(
        (
            ArmName(arm.arm),
            word_chance(arm.probability_best),
            _word_loss(kind, arm.expected_loss),
        )
        for arm in ranking.arms
    )
    loss = words("best.loss.points" if kind == "share" else "best.loss")
    headings = (words("arm"), words("best.chance"), loss)
    caption = words("best", method=words.method(ranking.method))
    numeric = frozenset((1, 2))
    return [Table(caption, headings, rows, numeric, note=words("best.note"))]


def _word_loss(kind: Kind, loss: float) -> str:
    """An expected loss; of a share in points, to the hundredth."""
    if kind != "share":
        return word_size(kind, loss)
    points = 100 * loss
    return f"{points:.2f}" if points >= _SMALLEST_LOSS else f"<{_SMALLEST_LOSS}"


def by_metric(analysis: Analysis, role: str) -> dict[str, list[ArmComparison]]:
    """The comparisons of a role, metric by metric."""
    found: dict[str, list[ArmComparison]] = {}
    for item in analysis.comparisons:
        if item.role == role:
            found.setdefault(item.metric, []).append(item)
    return found


def _table(analysis: Analysis, items: Sequence[ArmComparison], words: Words) -> Table:
    """A metric's numbers: the control, then the best arm first."""
    first = items[0]
    level = level_of(analysis)
    corrected = bool(across_arms(items))
    shrunk = {
        item.arm: word_lift(item.lift)
        for item in analysis.shrunk
        if item.metric == first.metric and first.role == "primary"
    }
    headings = [
        words("arm"), words("n"), words("value"),
        words("diff.points" if first.kind == "share" else "diff", level=level),
        words("lift", level=level), words("p"),
    ]  # fmt: skip
    headings += [words("p_adjusted")] if corrected else []
    headings += [words("expected", level=level)] if shrunk else []
    headings.append(words("mark"))
    counts = {arm.arm: f"{arm.n:,}" for arm in analysis.arms}
    value = word_value(first.kind, first.control_value)
    head = [ArmName(first.control), counts[first.control], value, words("control")]
    rows = [(*head, *[""] * (len(headings) - len(head)))]
    tones: list[Tone] = [""]
    for item in sorted(items, key=_difference, reverse=True):
        row = [
            ArmName(item.arm),
            counts[item.arm],
            word_value(item.kind, item.value),
            word_diff(item.kind, item.diff),
            word_lift(item.lift),
            show_p(item, item.p_value),
        ]
        row += [show_p(item, item.p_adjusted)] if corrected else []
        row += [shrunk.get(item.arm, NOTHING)] if shrunk else []
        rows.append((*row, _mark(item, words)))
        tones.append(tone_of(analysis, item))
    numeric = frozenset((1, 2, 5, 6) if corrected else (1, 2, 5))
    caption = words(
        "metric",
        metric=first.metric,
        kind=words(f"kind.{first.kind}"),
        role=words(f"role.{first.role}"),
    )
    note = note_comparisons(analysis, items, words)
    return Table(caption, tuple(headings), tuple(rows), numeric, tuple(tones), note)


def tone_of(analysis: Analysis, item: ArmComparison) -> Tone:
    """Whether a comparison shows something good or bad; silence shows neither."""
    unread = analysis.verdict.action == "invalid"
    if unread or not item.significant or item.arm == _SILENCE:
        return ""
    return "good" if gain(analysis, item) > 0 else "bad"


def _plots(
    analysis: Analysis, items: Sequence[ArmComparison], words: Words
) -> list[Plot]:
    """The lifts on one axis; differences where a lift has no number."""
    known = [item for item in items if item.diff.value is not None]
    if not known:
        return []
    # Silence is far below everything; beside it no wording could be told apart.
    spoken = [item for item in known if item.arm != _SILENCE] or known
    by_lift = all(map(_has_lift, spoken))
    shrunk = {
        item.arm: item.lift.value
        for item in analysis.shrunk
        if by_lift and item.metric == known[0].metric
    }
    rows = tuple(
        _row(analysis, item, shrunk.get(item.arm), by_lift=by_lift)
        for item in sorted(spoken, key=_difference, reverse=True)
    )
    kind = "lift"
    axis: Axis = "percent"
    if not by_lift:
        axis = "points" if known[0].kind == "share" else "plain"
        kind = "diff.points" if known[0].kind == "share" else "diff"
    title = words(
        f"plot.{kind}",
        metric=known[0].metric,
        control=known[0].control,
        level=level_of(analysis),
    )
    legend = words("plot.legend" if shrunk else "plot.legend.plain")
    return [Plot(title, rows, legend=legend, axis=axis)]


def _has_lift(item: ArmComparison) -> bool:
    """Whether a lift can be drawn: it has a value, and no bound beyond all others."""
    lift = item.lift
    return lift.value is not None and (lift.high is None or lift.high < _WIDEST_LIFT)


def _row(
    analysis: Analysis,
    item: ArmComparison,
    expected: float | None,
    *,
    by_lift: bool,
) -> PlotRow:
    shown = item.lift if by_lift else item.diff
    text = word_lift(item.lift) if by_lift else word_diff(item.kind, item.diff)
    return PlotRow(
        ArmName(item.arm),
        shown.value or 0.0,
        shown.low,
        shown.high,
        text,
        tone_of(analysis, item),
        expected,
    )


def _word_prior(analysis: Analysis, words: Words) -> str:
    prior = analysis.prior
    if prior is None or not analysis.shrunk:
        return words("prior.none")
    return words(
        f"prior.{prior.source}",
        mean=f"{prior.mean:.3g}",
        sd=f"{prior.sd:.3g}",
        count=prior.experiments,
    )


def show_p(item: ArmComparison, p_value: float) -> str:
    """A p-value of a comparison, where there is one."""
    return word_p(p_value) if item.comparable else NOTHING


def _difference(item: ArmComparison) -> float:
    return item.diff.value if item.diff.value is not None else float("-inf")


def _mark(item: ArmComparison, words: Words) -> str:
    if not item.significant:
        return ""
    return words("higher" if (item.diff.value or 0) > 0 else "lower")
