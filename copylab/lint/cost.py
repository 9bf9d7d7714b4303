"""Cost: what short messages come to at the size of an audience, at best and at worst.

The parts at least and at most hold over every branch and every allowed value, as they
are sent on the route of each market. So the sums are bounds, and no estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from copylab.lint.case import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from copylab.catalog import Catalog
    from copylab.channels.route import Route
    from copylab.sms_settings import Price

SMS = "SMS"
MIXED = "its products are paid for in different currencies"


@dataclass(frozen=True, slots=True)
class Range:
    """What something comes to at best and at worst.

    Attributes:
        least: At best.
        most: At worst.
    """

    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one variant costs in one market.

    Attributes:
        message: The message.
        locale: The locale.
        variant: The variant.
        market: The market; empty where none is declared.
        profile: The profile by which it is counted.
        is_live: Whether it is the variant that is sent outside of experiments.
        least_parts: The parts that every text needs.
        most_parts: The parts that no text exceeds.
        products: What it can be sold as: `SMS`, `LMS` or both.
        prices: The price of a part by product; only those that are known.
        cost: What all of the audience costs; None where a price is not known.
        currency: ISO 4217 of the cost, or empty.
        listed: Every price that is declared for the market, by product; `*` is any.
        problem: Why the prices come to no sum, or empty.
    """

    message: str
    locale: str
    variant: str
    market: str
    profile: str
    is_live: bool
    least_parts: int
    most_parts: int
    products: tuple[str, ...]
    prices: tuple[tuple[str, Price], ...]
    cost: Range | None
    currency: str
    listed: tuple[tuple[str, Price], ...] = ()
    problem: str = ""

    def to_dict(self) -> dict[str, object]:
        """The row as JSON-ready values; amounts as texts, so that they stay exact."""
        return {
            "message": self.message,
            "locale": self.locale,
            "variant": self.variant,
            "market": self.market,
            "profile": self.profile,
            "live": self.is_live,
            "parts": {"least": self.least_parts, "most": self.most_parts},
            "products": list(self.products),
            "prices": {name: say(price.amount) for name, price in self.prices},
            "cost": _range_to_dict(self.cost),
            "currency": self.currency or None,
        }


@dataclass(frozen=True, slots=True)
class CostTotal:
    """What the live variants cost together in one currency.

    Attributes:
        currency: ISO 4217.
        messages: How many messages are summed.
        cost: Each sent to all of the audience, in its cheapest and dearest live text.
    """

    currency: str
    messages: int
    cost: Range

    def to_dict(self) -> dict[str, object]:
        """The total as JSON-ready values."""
        return {
            "currency": self.currency,
            "messages": self.messages,
            "cost": _range_to_dict(self.cost),
        }


@dataclass(frozen=True, slots=True)
class Costs:
    """What the short messages of a workspace cost.

    Attributes:
        audience_size: How many people get each message.
        rows: By message, locale, variant and market.
    """

    audience_size: int
    rows: tuple[CostRow, ...]

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The markets whose cost is not known, sorted."""
        return tuple(sorted({row.market for row in self.rows if row.cost is None}))

    @property
    def totals(self) -> tuple[CostTotal, ...]:
        """The sums of the live variants, one a currency.

        A person gets one text of a message: that of his locale. So at worst a message
        costs what its dearest live text does, and at best what the cheapest does.
        """
        totals = []
        live = [row for row in self.rows if row.is_live and row.cost is not None]
        for currency in sorted({row.currency for row in live}):
            by_message: dict[str, list[Range]] = {}
            for row in live:
                if row.currency == currency and row.cost is not None:
                    by_message.setdefault(row.message, []).append(row.cost)
            least = sum(
                (min(cost.least for cost in costs) for costs in by_message.values()),
                Decimal(0),
            )
            most = sum(
                (max(cost.most for cost in costs) for costs in by_message.values()),
                Decimal(0),
            )
            totals.append(CostTotal(currency, len(by_message), Range(least, most)))
        return tuple(totals)

    def to_dict(self) -> dict[str, object]:
        """The costs as JSON-ready values; amounts as texts, so that they stay exact."""
        return {
            "audience_size": self.audience_size,
            "rows": [row.to_dict() for row in self.rows],
            "totals": [total.to_dict() for total in self.totals],
            "unpriced": list(self.unpriced),
        }


def cost_catalog(
    catalog: Catalog, audience_size: int, paths: Sequence[str] = ()
) -> Costs:
    """What the short messages of a workspace cost.

    Args:
        catalog: What was read of the workspace.
        audience_size: How many people get each message, 1 or more.
        paths: Files or folders, from the workspace's root, to look at; empty is all.

    Raises:
        ValueError: The size is less than 1.
    """
    if audience_size < 1:
        raise ValueError(f"audience_size == {audience_size}, must be 1 or more")
    rows: list[CostRow] = []
    for key in sorted(catalog.templates):
        if key[1] != "sms" or not catalog.templates[key].get("body"):
            continue
        template = catalog.templates[key]["body"]
        if not _is_below(template.passage.source.name, paths):
            continue
        variables = catalog.messages[key[0]].variables
        if template.lowered.findings or not all(
            variables[name].has_bounds for name in template.lowered.used
        ):
            continue
        rows += cost_words(Words.of(catalog, key, None), audience_size)
    return Costs(audience_size, tuple(rows))


def merge_costs(costs: Iterable[Costs | None]) -> Costs | None:
    """The costs of several workspaces as one; None where none were asked for."""
    known = [one for one in costs if one is not None]
    if not known:
        return None
    rows = tuple(row for one in known for row in one.rows)
    return Costs(known[0].audience_size, rows)


def cost_words(words: Words, audience_size: int) -> list[CostRow]:
    """What one variant costs on each of its routes.

    Args:
        words: A variant of a short message.
        audience_size: How many people get it.
    """
    return [_row(words, route, audience_size) for route in words.routes]


def _row(words: Words, route: Route, audience_size: int) -> CostRow:
    is_long, least = words.least_on(route)
    long_product = route.profile.long_product
    can_be_long = is_long
    if words.fields["body"].paths is None:
        most, can_be_long = words.parts_bound_on(route), long_product is not None
    else:
        most = max((sent.most for sent in words.sent_on(route)), default=least)
        can_be_long = any(s.length.product != SMS for s in words.sent_on(route))
    products = [] if is_long else [SMS]
    if can_be_long and long_product is not None:
        products.append(long_product)
    prices = [(name, route.price(name)) for name in products]
    known = tuple((name, price) for name, price in prices if price is not None)
    cost, currency, problem = None, "", ""
    if len({price.currency for _, price in known}) > 1:
        problem = MIXED
    elif known and len(known) == len(products):
        currency = known[0][1].currency
        sums = [
            (price.amount * parts * audience_size)
            for _, price in known
            for parts in (least, most)
        ]
        cost = Range(min(sums), max(sums))
    return CostRow(
        words.message.id,
        words.locale,
        words.variant,
        route.market,
        route.profile.name,
        words.variant == words.message.live,
        least,
        most,
        tuple(products),
        known,
        cost,
        currency,
        tuple(route.prices.items()),
        problem,
    )


def _is_below(file: str, paths: Sequence[str]) -> bool:
    return not paths or any(
        path in {"", "."} or file == path or file.startswith(f"{path}/")
        for path in paths
    )


def _range_to_dict(cost: Range | None) -> dict[str, str] | None:
    if cost is None:
        return None
    return {"least": say(cost.least), "most": say(cost.most)}


def say(amount: Decimal) -> str:
    """An amount without an exponent, with two decimals or as many as it has."""
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:  # noqa: PLR2004 - cents
        plain = format(amount, "f").rstrip("0")
        return plain if len(plain.partition(".")[2]) > 1 else format(amount, ".2f")
    return format(amount, ".2f")
