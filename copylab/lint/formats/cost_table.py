"""The table of what short messages cost, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.cost import SMS, say
from copylab.template.ranges import character_width

if TYPE_CHECKING:
    from decimal import Decimal

    from copylab.lint.cost import CostRow, Costs, CostTotal
    from copylab.sms_settings import Price

_HEAD = (
    "message",
    "locale",
    "variant",
    "market",
    "parts",
    "price",
    "at best",
    "at worst",
)
_NUMBERS = frozenset((4, 5, 6, 7))
_LIVE = "*"


def render_costs(costs: Costs) -> str:
    """The table, the sums of the live variants, and what is not known."""
    title = f"cost of one send to {costs.audience_size:,} people, over all branches and values"
    if not costs.rows:
        return f"{title}: there are no short messages"
    rows = [_HEAD, *map(_cells, costs.rows)]
    widths = [max(_width(row[n]) for row in rows) for n in range(len(_HEAD))]
    lines = [_line(row, widths) for row in rows]
    lines += [_total(total, costs) for total in costs.totals]
    lines += [_unpriced(market, costs) for market in costs.unpriced]
    return "\n".join([title, *lines])


def _cells(row: CostRow) -> tuple[str, ...]:
    parts = f"{row.least_parts:,}"
    if row.most_parts != row.least_parts:
        parts += f"-{row.most_parts:,}"
    if row.products != (SMS,):
        parts += f" {'/'.join(row.products)}"
    price = "/".join(say(price.amount) for _, price in row.prices) or "-"
    if row.problem:
        price = "/".join(f"{say(p.amount)} {p.currency}" for _, p in row.prices)
    best = worst = "-"
    if row.cost is not None:
        best = f"{_money(row.cost.least)} {row.currency}"
        worst = f"{_money(row.cost.most)} {row.currency}"
    live = _LIVE if row.is_live else ""
    return (
        row.message, row.locale, row.variant + live, row.market or "-", parts, price,
        best, worst,
    )  # fmt: skip


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = []
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        blank = " " * (width - _width(cell))
        padded.append(blank + cell if number in _NUMBERS else cell + blank)
    return f"  {'  '.join(padded)}".rstrip()


def _total(total: CostTotal, costs: Costs) -> str:
    count = "1 message" if total.messages == 1 else f"{total.messages:,} messages"
    least, most = _money(total.cost.least), _money(total.cost.most)
    span = least if least == most else f"{least} to {most}"
    return (
        f"  {_LIVE} live: {count}, each to {costs.audience_size:,} people: "
        f"{span} {total.currency}"
    )


def _unpriced(market: str, costs: Costs) -> str:
    """What to write for a market: a price, or that of the product that has none."""
    rows = [row for row in costs.rows if row.market == market and row.cost is None]
    problem = next((row.problem for row in rows if row.problem), "")
    if problem:
        name = market or "the messages"
        return f"  no sum for {name}: {problem}; write all prices of a market in one"
    listed = dict(rows[0].listed)
    if not listed:
        where = f" for {market}" if market else ""
        price = f"{{{market}: 0.045 CNY}}" if market else "0.045 CNY"
        return (
            f"  no price is known{where}: write sms: {{price: {price}}} in copylab.yaml"
        )
    products = {product for row in rows for product in row.products}
    missing = sorted(products - listed.keys())
    [*_, currency] = (price.currency for price in listed.values())
    prices = [f"{name}: {_plain(price)}" for name, price in listed.items()]
    prices += [f"{name}: … {currency}" for name in missing]
    where, shown = " and ".join(missing), f"{{{', '.join(prices)}}}"
    if market:
        where, shown = f"{where} in {market}", f"{{{market}: {shown}}}"
    return f"  no price is known for {where}: write sms: {{price: {shown}}} in copylab.yaml"


def _plain(price: Price) -> str:
    return f"{price.amount.normalize():f} {price.currency}"


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _width(text: str) -> int:
    return sum(map(character_width, text))
