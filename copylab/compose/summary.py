"""What became of a table of users, summed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.channels.cost import Sold, merge_sold, sold_on, total_by_currency
from copylab.channels.route import routes_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

    from copylab.compose.batch import Part, Tally
    from copylab.message.model import Message


@dataclass(frozen=True, slots=True)
class TableSummary:
    """What became of a table.

    Attributes:
        message: The message.
        channel: The channel.
        send_id: The key of the send, as the exposures carry it.
        tally: The counts.
        files: Where the messages, the exposures and the rejects are.
        sold: What short messages are sold as and for; empty for other channels.
        resumed_rows: Rows that an earlier run had finished.
        repeated_rows: The first few rows whose user stands further up in the table.
    """

    message: str
    channel: str
    send_id: str
    tally: Tally
    files: Mapping[Part, Path]
    sold: tuple[Sold, ...] = ()
    resumed_rows: int = 0
    repeated_rows: tuple[int, ...] = ()

    @property
    def cost(self) -> dict[str, Decimal]:
        """What the messages with a known price cost, exactly, by currency."""
        return total_by_currency(self.sold)


def sold_messages(message: Message, tally: Tally) -> tuple[Sold, ...]:
    """What short messages are sold as and for, one entry a product and price.

    Args:
        message: The message.
        tally: What became of its users.
    """
    by_locale: dict[str, dict[tuple[str, int, int], int]] = {}
    for (locale, product, least, most), count in tally.lengths.items():
        by_locale.setdefault(locale, {})[product, least, most] = count
    found = [
        sold
        for locale in sorted(by_locale)
        for sold in sold_on(routes_of(message, locale), by_locale[locale])
    ]
    return tuple(merge_sold(found))
