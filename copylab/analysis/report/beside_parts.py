"""What stands beside the metrics: cost, certainty, the words, and the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.corrections import CORRECTION_NAMES
from copylab.analysis.report.document import (
    ArmName,
    Bullets,
    Paragraph,
    Part,
    Quote,
    Table,
)
from copylab.analysis.report.metric_parts import level_of
from copylab.analysis.wording import NOTHING, say_p, word_diff, word_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from copylab.analysis.costs import ArmCost
    from copylab.analysis.heterogeneity import Heterogeneity
    from copylab.analysis.report.document import Block
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison


def cost_part(analysis: Analysis, words: Words) -> Part:
    """What the sends cost and what one more conversion does."""
    title = words("part.cost")
    if not analysis.costs:
        return Part("cost", title, (Paragraph(words("cost.none")),))
    headings = (
        words("arm"), words("sends"), words("parts"), words("amount"),
        words("extra", level=level_of(analysis)), words("extra.against"),
        words("each"),
    )  # fmt: skip
    rows = tuple(_cost_row(cost, words) for cost in analysis.costs)
    blocks: list[Block] = [Table(words("cost"), headings, rows, frozenset((1, 2, 3)))]
    if not any(cost.amounts for cost in analysis.costs):
        blocks.append(Paragraph(words("cost.no_price")))
    else:
        unpriced = sum(cost.unpriced for cost in analysis.costs)
        if unpriced:
            blocks.append(Paragraph(words("cost.unpriced", count=unpriced), "warn"))
        primary = [item for item in analysis.comparisons if item.role == "primary"]
        if primary:  # between looks nobody is told what a send brings
            note = words("cost.note", metric=primary[0].metric)
            blocks.append(Paragraph(note))
    return Part("cost", title, tuple(blocks))


def _cost_row(cost: ArmCost, words: Words) -> tuple[str, ...]:
    extra = NOTHING
    if cost.extra is not None:
        ends = [
            infinite if end is None else f"{end:+,.0f}"
            for end, infinite in ((cost.extra_low, "-∞"), (cost.extra_high, "∞"))
        ]
        extra = f"{cost.extra:+,.0f} [{ends[0]}, {ends[1]}]"
    each = word_amounts(cost.each) if cost.each else NOTHING
    if not cost.each and cost.extra is not None and cost.amounts:
        each = words("each.none")
        if cost.extra > 0 and all(amount <= 0 for amount in cost.more.values()):
            each = words("each.free", control=cost.against)
        elif cost.extra > 0:  # cheaper in one currency and dearer in another
            each = words("each.total", amounts=word_amounts(cost.more, signed=True))
    return (
        ArmName(cost.arm),
        f"{cost.sends:,}",
        NOTHING if cost.parts is None else f"{cost.parts:,}",
        word_amounts(cost.amounts),
        extra,
        cost.against or NOTHING,
        each,
    )


def word_amounts(amounts: Mapping[str, Decimal], *, signed: bool = False) -> str:
    """Amounts by currency: ``444.60 CNY + 42.55 USD``, to the cent or finer.

    Args:
        amounts: The amounts.
        signed: Whether each has its sign; they are listed with commas then.
    """
    if not amounts:
        return NOTHING
    sign = "+" if signed else ""
    shown = [
        f"{amount:{sign},.2f} {currency}"
        if abs(amount) >= 1 or not amount
        else f"{amount:{sign}.4f} {currency}"
        for currency, amount in sorted(amounts.items())
    ]
    return (", " if signed else " + ").join(shown)


def strata_part(analysis: Analysis, words: Words) -> Part:
    """Parts of the audience, with one test of whether the arms differ between them."""
    title = words("part.strata")
    if not analysis.strata:
        return Part("strata", title, (Paragraph(words("strata.none")),))
    items = [_interaction(item, analysis, words) for item in analysis.strata]
    blocks: list[Block] = [Bullets(tuple(items)), Paragraph(words("strata.note"))]
    primary = {i.metric for i in analysis.comparisons if i.role == "primary"}
    blocks += [
        _stratum_table(item, analysis, words)
        for item in analysis.strata
        if item.metric in primary
    ]
    return Part("strata", title, tuple(blocks))


def _interaction(item: Heterogeneity, analysis: Analysis, words: Words) -> Paragraph:
    if item.p_adjusted is None:
        text = words(
            "strata.untested",
            metric=item.metric, strata=item.strata, reason=item.reason,
        )  # fmt: skip
        return Paragraph(text)
    differ = item.p_adjusted < analysis.alpha
    text = words(
        "strata.metric",
        metric=item.metric,
        strata=item.strata,
        how=words("strata.differ" if differ else "strata.alike"),
        p=say_p(item.p_adjusted),
        corrected=words("corrected" if item.corrections else "uncorrected"),
    )
    return Paragraph(text, "warn" if differ else "")


def _stratum_table(item: Heterogeneity, analysis: Analysis, words: Words) -> Table:
    headings = (
        words("stratum"), words("arm"), words("n"), words("value"),
        words("control"), words("diff", level=level_of(analysis)),
    )  # fmt: skip
    rows = tuple(
        (
            part.stratum,
            ArmName(part.arm),
            f"{part.n:,}",
            word_value(item.kind, part.value),
            word_value(item.kind, part.control_value),
            word_diff(item.kind, part.diff),
        )
        for part in item.estimates
    )
    caption = words(
        "strata.table",
        metric=item.metric,
        strata=item.strata,
        control=analysis.control,
        level=level_of(analysis),
    )
    return Table(caption, headings, rows, frozenset((2, 3, 4, 5)))


def copy_part(analysis: Analysis, words: Words) -> Part:
    """The words of each arm beside its numbers."""
    title = words("part.copy")
    if not analysis.copies:
        return Part("copy", title, (Paragraph(words("copy.none")),))
    quotes: list[Block] = []
    for copy in analysis.copies:
        tags = [f"{name}: {value}" for name, value in copy.tags]
        lines = [words.join(tags)] if tags else []
        lines += _numbers(analysis, copy.arm, words)
        if copy.problem:
            lines.append(words("copy.problem", problem=copy.problem))
        heading = f"{copy.arm} · {copy.channel} · {copy.locale}"
        fields = tuple((words(f"field.{name}"), text) for name, text in copy.fields)
        quotes.append(Quote(heading, fields, tuple(lines), copy.locale))
    return Part("copy", title, (Paragraph(words("copy.note")), *quotes))


def _numbers(analysis: Analysis, arm: str, words: Words) -> list[str]:
    """What an arm's words did on the primary metric."""
    for item in analysis.comparisons:
        if item.role != "primary":
            continue
        if item.control == arm:
            value = word_value(item.kind, item.control_value)
            return [words("copy.control", metric=item.metric, value=value)]
        if item.arm == arm:
            return [
                words(
                    "copy.numbers",
                    metric=item.metric,
                    value=word_value(item.kind, item.value),
                    diff=word_diff(item.kind, item.diff),
                    control=item.control,
                )
            ]
    return []


def method_part(analysis: Analysis, words: Words) -> Part:
    """Which corrections each printed number received."""
    touched = list(dict.fromkeys(map(_across_arms, analysis.comparisons)))
    others = len(analysis.arms) - 1
    lines = []
    for corrections in touched:
        if corrections:
            names = [
                CORRECTION_NAMES[name]
                if words.is_english
                else words(f"correction.{name}")
                for name in corrections
            ]
            lines.append(
                words("method.corrected", names=words.join(names), others=others)
            )
        elif others > 1:
            lines.append(words("method.uncorrected", others=others))
        else:
            lines.append(words("method.single"))
    methods = dict.fromkeys(item.method for item in analysis.comparisons)
    lines.append(
        words("method.tests", level=level_of(analysis), methods=", ".join(methods))
    )
    p = words("p_adjusted" if any(touched) else "p")
    lines.append(words("method.star", p=p, alpha=f"{analysis.alpha:g}"))
    lines += _adjusted(analysis, words)
    if analysis.outlook is not None:
        lines.append(words("method.assigned"))
    items = tuple(map(Paragraph, lines))
    return Part("method", words("part.method"), (Bullets(items),))


def _across_arms(item: ArmComparison) -> tuple[str, ...]:
    """The corrections for several arms; the part on looks tells of the others."""
    return tuple(name for name in item.corrections if name in CORRECTION_NAMES)


def _adjusted(analysis: Analysis, words: Words) -> list[str]:
    """What was done to make metrics vary less."""
    lines = []
    for item in analysis.adjustments:
        if item.applied:
            lines.append(
                words(
                    "adjusted",
                    metric=item.metric,
                    how=words.join([*item.applied]),
                    share=f"{item.variance_reduction:.0%}",
                )
            )
        lines += [
            words("adjusted.not", metric=item.metric, reason=reason)
            for reason in item.reasons
        ]
    return lines
