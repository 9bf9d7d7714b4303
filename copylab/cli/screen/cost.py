"""What short messages cost, in sentences."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from copylab.channels.cost import show_amount, total_by_currency
from copylab.cli.screen.box import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.channels.cost import Sold


def cost_lines(sold: Sequence[Sold]) -> list[str]:
    """A line for each product and price, and one for all of them where there are more.

    Args:
        sold: What was composed, one or more.
    """
    lines = [_line(one, named=len({each.product for each in sold}) > 1) for one in sold]
    if len(sold) > 1:
        lines.append(f"together {_together(sold)}")
    return lines


def scaled_line(sold: Sequence[Sold], rows: int, audience_size: int) -> str:
    """What a larger audience would cost, if it is like the one that was composed for.

    Args:
        sold: What was composed, one or more.
        rows: The users who were composed for, those without a message among them.
        audience_size: The users there would be.
    """
    scale = Decimal(audience_size) / rows
    messages = round(sum(one.messages for one in sold) * scale)
    parts = round(sum(one.parts for one in sold) * scale)
    costs = "".join(
        f", {show_amount(amount * scale, currency)}"
        for currency, amount in sorted(total_by_currency(sold).items())
    )
    return (
        f"for {plural(audience_size, 'user')} about {plural(messages, 'message')}, "
        f"{plural(parts, 'part')}{costs}"
    )


def _line(one: Sold, *, named: bool) -> str:
    """One product at one price."""
    what = f" as {one.product}" if named else ""
    size = f"{plural(one.messages, 'message')}{what}, {_most(one)}{plural(one.parts, 'part')}"
    if one.price is None or one.amount is None:
        return f"{size} ({one.problem})"
    amount = show_amount(one.amount, one.price.currency)
    return f"{size}, {_most(one)}{amount} at {one.price.amount} {one.price.currency} a part"


def _most(one: Sold) -> str:
    return "at most " if one.is_most else ""


def _together(sold: Sequence[Sold]) -> str:
    parts = plural(sum(one.parts for one in sold), "part")
    messages = plural(sum(one.messages for one in sold), "message")
    totals = total_by_currency(sold)
    costs = [show_amount(totals[currency], currency) for currency in sorted(totals)]
    priceless = any(one.price is None for one in sold)
    also = " and what has no price" if priceless and costs else ""
    return f"{messages}, {parts}" + (f", {' and '.join(costs)}{also}" if costs else "")
