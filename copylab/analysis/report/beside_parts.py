"""What stands beside the metrics: the parts of the audience, and the cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.document import (
    ArmName,
    Bullets,
    Paragraph,
    Part,
    Table,
)
from copylab.analysis.report.metric_parts import is_hidden, level_of
from copylab.analysis.wording import NOTHING, say_p, word_diff, word_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from copylab.analysis.costs import ArmCost
    from copylab.analysis.heterogeneity import Heterogeneity
    from copylab.analysis.report.document import Block
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis


def cost_part(analysis: Analysis, words: Words) -> Part:
    """What the sends cost and what one more conversion does."""
    title = words("part.cost")
    if not analysis.costs:
        return Part("cost", title, (Paragraph(words("cost.none")),))
    mixed = any(len(cost.more) > 1 for cost in analysis.costs)
    headings = (
        words("arm"), words("sends"), words("parts"), words("amount"),
        words("extra", level=level_of(analysis)), words("extra.against"),
        words("more"), words("each"),
    )  # fmt: skip
    rows = tuple(_cost_row(cost, words) for cost in analysis.costs)
    numeric = frozenset((1, 2))
    note = (
        words("note.extra") if any(c.extra is not None for c in analysis.costs) else ""
    )
    table = Table(words("cost"), headings, rows, numeric, note=note)
    blocks: list[Block] = [table]
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
    if mixed:
        blocks.append(Paragraph(words("cost.mixed")))
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
            each = words("each.mixed")
    return (
        ArmName(cost.arm),
        f"{cost.sends:,}",
        NOTHING if cost.parts is None else f"{cost.parts:,}",
        word_amounts(cost.amounts),
        extra,
        cost.against or NOTHING,
        word_amounts(cost.more, signed=True),
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
    if is_hidden(analysis):
        return Part("strata", title, (Paragraph(words("stand.hidden")),))
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
            metric=item.metric, strata=item.strata, reason=words.reason(item.reason),
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
        words("control"),
        words(
            "diff.points" if item.kind == "share" else "diff", level=level_of(analysis)
        ),
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
    return Table(caption, headings, rows, frozenset((2, 3, 4)))
