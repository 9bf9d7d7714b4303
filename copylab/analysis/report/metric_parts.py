"""The metrics: the primary with its plot, guardrails, funnel and secondary metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.corrections import CORRECTION_NAMES
from copylab.analysis.passed_over import gain
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
    word_amount,
    word_diff,
    word_lift,
    word_p,
    word_value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.report.document import Block, Tone
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison


def level_of(analysis: Analysis) -> str:
    """The level of the intervals: ``95%``."""
    return f"{100 * (1 - analysis.alpha):g}%"


def primary_part(analysis: Analysis, words: Words) -> Part:
    """The primary metric: its intervals as a plot, its numbers, and the prior.

    Between looks it is not read.
    """
    items = [item for item in analysis.comparisons if item.role == "primary"]
    if not items:
        hidden = Paragraph(words("stand.hidden"))
        return Part("primary", words("part.primary"), (hidden,))
    title = words("part.primary")
    if not items:
        return Part("primary", title, (Paragraph(words("primary.hidden")),))
    blocks: list[Block] = [*_plots(analysis, items, words)]
    blocks.append(_table(analysis, items, words))
    if analysis.outlook is not None:
        blocks.append(Paragraph(_word_prior(analysis, words)))
    blocks += _ranking(analysis, words)
    return Part("primary", title, tuple(blocks))


def secondary_part(analysis: Analysis, words: Words) -> Part | None:
    """The secondary metrics, a table each; None where there are none."""
    tables = [
        _table(analysis, items, words)
        for items in _by_metric(analysis, "secondary").values()
    ]
    if not tables:
        return None
    return Part("secondary", words("part.secondary"), tuple(tables))


def guardrail_part(analysis: Analysis, words: Words) -> Part:
    """Each guardrail and arm: held, open or broken, and how far it may go."""
    title = words("part.guardrails")
    if not analysis.guardrails:
        none = Paragraph(words("guardrails.none"))
        return Part("guardrails", title, (none,))
    level = level_of(analysis)
    found = {
        (item.metric, item.arm): item
        for item in analysis.comparisons
        if item.role == "guardrail"
    }
    tones: dict[str, Tone] = {"held": "good", "open": "warn", "broken": "bad"}
    rows, row_tones = [], []
    for result in analysis.guardrails:
        item = found[result.metric, result.arm]
        margin = words("margin.none")
        if result.margin is not None:
            margin = word_amount(item.kind, result.margin).lstrip("+")
            margin = margin.replace(
                " points", "" if not words.is_english else " points"
            )
        rows.append(
            (
                result.metric,
                ArmName(result.arm),
                words(f"state.{result.state}"),
                word_value(item.kind, item.value),
                word_value(item.kind, item.control_value),
                word_diff(item.kind, item.diff),
                margin,
            )
        )
        row_tones.append(tones[result.state])
    headings = (
        words("guardrail"), words("arm"), words("state"), words("value"),
        words("control"), words("diff", level=level), words("margin"),
    )  # fmt: skip
    table = Table(title, headings, tuple(rows), frozenset((3, 4, 5)), tuple(row_tones))
    blocks: list[Block] = [table]
    blocks += [
        plot
        for items in _by_metric(analysis, "guardrail").values()
        if (plot := _guardrail_plot(analysis, items, words)) is not None
    ]
    rule = Paragraph(
        words("guardrails.rule", level=f"{100 * (1 - analysis.alpha / 2):g}%")
    )
    return Part("guardrails", title, (*blocks, rule))


def funnel_part(analysis: Analysis, words: Words) -> Part:
    """The share metrics side by side, of everybody assigned."""
    title = words("part.funnel")
    steps = [
        items
        for role in ("primary", "secondary")
        for items in _by_metric(analysis, role).values()
        if items[0].kind == "share"
    ]
    if len(steps) < 2:  # noqa: PLR2004 - one step is no funnel
        return Part("funnel", title, (Paragraph(words("funnel.none")),))
    values: dict[str, dict[str, float | None]] = {}
    for items in steps:
        values.setdefault(items[0].control, {})[items[0].metric] = items[
            0
        ].control_value
        for item in items:
            values.setdefault(item.arm, {})[item.metric] = item.value
    names = [items[0].metric for items in steps]
    rows = tuple(
        (ArmName(arm), *(word_value("share", values[arm].get(name)) for name in names))
        for arm in (one.arm for one in analysis.arms)
        if arm in values
    )
    numeric = frozenset(range(1, len(names) + 1))
    table = Table(words("funnel"), (words("arm"), *names), rows, numeric)
    blocks: list[Block] = [table, *_steps(analysis, words)]
    return Part("funnel", title, (*blocks, Paragraph(words("funnel.note"))))


def _steps(analysis: Analysis, words: Words) -> list[Table]:
    """How many go on from each step, and where an arm gains and loses."""
    funnel = analysis.funnel
    if funnel is None:
        return []
    rows = []
    for arm in funnel.arms:
        cells = []
        for step in arm.steps:
            shown = word_value("share", step.rate)
            if step.contribution is not None:
                shown += f" ({100 * step.contribution:+.2f})"
            cells.append(shown)
        rows.append((ArmName(arm.arm), *cells))
    headings = (words("arm"), *funnel.metrics)
    numeric = frozenset(range(1, len(headings)))
    return [Table(words("steps"), headings, tuple(rows), numeric)]


def holdout_part(analysis: Analysis, words: Words) -> Part:
    """Each arm against no message at all."""
    title = words("part.holdout")
    if not analysis.holdout and not analysis.holdout_lift:
        return Part("holdout", title, (Paragraph(words("holdout.none")),))
    level = level_of(analysis)
    headings = (
        words("metrics"), words("arm"), words("value"), "none",
        words("diff", level=level), words("p"),
    )  # fmt: skip
    rows = tuple(
        (
            item.metric,
            ArmName(item.arm),
            word_value(item.kind, item.value),
            word_value(item.kind, item.control_value),
            word_diff(item.kind, item.diff),
            _word_p(item, item.p_value),
        )
        for item in analysis.holdout
    )
    blocks: list[Block] = [*_sending(analysis, words)]
    if rows:
        blocks.append(Table(words("holdout"), headings, rows, frozenset((2, 3, 4, 5))))
    return Part("holdout", title, tuple(blocks))


def _sending(analysis: Analysis, words: Words) -> list[Table]:
    """All arms that send, as one, against silence."""
    if not analysis.holdout_lift:
        return []
    level = level_of(analysis)
    headings = (
        words("metrics"), words("n"), words("value"), "none",
        words("diff", level=level), words("lift", level=level), words("p"),
    )  # fmt: skip
    rows = tuple(
        (
            item.metric,
            words("holdout.units", n=item.n, zero=item.holdout_n),
            word_value(item.kind, item.comparison.value),
            word_value(item.kind, item.comparison.control_value),
            word_diff(item.kind, item.comparison.diff),
            word_lift(item.comparison.lift),
            word_p(item.comparison.p_value)
            if item.comparison.diff.value is not None
            else NOTHING,
        )
        for item in analysis.holdout_lift
    )
    return [Table(words("holdout.all"), headings, rows, frozenset((2, 3, 6)))]


def _ranking(analysis: Analysis, words: Words) -> list[Table]:
    """The chance of each arm to be the best, and what choosing it costs."""
    ranking = analysis.ranking
    if ranking is None:
        return []
    kind = next(i.kind for i in analysis.comparisons if i.metric == ranking.metric)
    rows = tuple(
        (
            ArmName(arm.arm),
            f"{arm.probability_best:.1%}",
            word_amount(kind, arm.expected_loss).lstrip("+").removesuffix(" points"),
        )
        for arm in ranking.arms
    )
    headings = (words("arm"), words("best.chance"), words("best.loss"))
    caption = words("best", method=ranking.method)
    return [Table(caption, headings, rows, frozenset((1, 2)))]


def _by_metric(analysis: Analysis, role: str) -> dict[str, list[ArmComparison]]:
    found: dict[str, list[ArmComparison]] = {}
    for item in analysis.comparisons:
        if item.role == role:
            found.setdefault(item.metric, []).append(item)
    return found


def _table(analysis: Analysis, items: Sequence[ArmComparison], words: Words) -> Table:
    """A metric's numbers: the control, then the best arm first."""
    first = items[0]
    level = level_of(analysis)
    corrected = any(name in CORRECTION_NAMES for name in first.corrections)
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
            _word_p(item, item.p_value),
        ]
        row += [_word_p(item, item.p_adjusted)] if corrected else []
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
    return Table(caption, tuple(headings), tuple(rows), numeric, tuple(tones))


def tone_of(analysis: Analysis, item: ArmComparison) -> Tone:
    """Whether a comparison shows something good or bad."""
    if not item.significant:
        return ""
    return "good" if gain(analysis, item) > 0 else "bad"


def _plots(
    analysis: Analysis, items: Sequence[ArmComparison], words: Words
) -> list[Plot]:
    """The lifts on one axis; differences where a lift has no number."""
    known = [item for item in items if item.diff.value is not None]
    if not known:
        return []
    by_lift = all(item.lift.value is not None for item in known)
    shrunk = {
        item.arm: item.lift.value
        for item in analysis.shrunk
        if by_lift and item.metric == known[0].metric
    }
    # Silence is far below everything; beside it no wording could be told apart.
    spoken = [item for item in known if item.arm != "none"] or known
    rows = tuple(
        _row(analysis, item, shrunk.get(item.arm), by_lift=by_lift)
        for item in sorted(spoken, key=_difference, reverse=True)
    )
    title = words(
        "plot.lift" if by_lift else "plot.diff",
        metric=known[0].metric,
        control=known[0].control,
        level=level_of(analysis),
    )
    legend = words("plot.legend" if shrunk else "plot.legend.plain")
    return [Plot(title, rows, legend=legend)]


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


def _guardrail_plot(
    analysis: Analysis, items: Sequence[ArmComparison], words: Words
) -> Plot | None:
    known = [item for item in items if item.diff.value is not None]
    if not known:
        return None
    first = known[0]
    results = {(r.metric, r.arm): r for r in analysis.guardrails}
    tones: dict[str, Tone] = {"held": "", "open": "warn", "broken": "bad"}
    margin = results[first.metric, first.arm].margin
    sign = 1 if analysis.better.get(first.metric) == "lower" else -1
    rows = tuple(
        PlotRow(
            ArmName(item.arm),
            item.diff.value or 0.0,
            item.diff.low,
            item.diff.high,
            word_diff(item.kind, item.diff),
            tones[results[item.metric, item.arm].state],
        )
        for item in known
    )
    title = words(
        "plot.guardrail",
        metric=first.metric,
        control=first.control,
        level=level_of(analysis),
    )
    limit = None if margin is None else sign * margin
    legend = words("plot.legend.plain" if limit is None else "plot.legend.limit")
    return Plot(title, rows, limit, legend)


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


def _word_p(item: ArmComparison, p_value: float) -> str:
    return word_p(p_value) if item.comparable else NOTHING


def _difference(item: ArmComparison) -> float:
    return item.diff.value if item.diff.value is not None else float("-inf")


def _mark(item: ArmComparison, words: Words) -> str:
    if not item.significant:
        return ""
    return words("higher" if (item.diff.value or 0) > 0 else "lower")
