"""Composing a batch of users: messages, exposures, and everybody without a message."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from copylab.compose.columns import EXPOSURE_TABLE, REJECT_COLUMNS, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from pyarrow import RecordBatch

    from copylab.compose.one import Composer
    from copylab.compose.user_batch import UserBatch

Part = Literal["messages", "exposures", "rejects"]


@dataclass(slots=True)
class Tally:
    """What became of users, counted.

    Attributes:
        rows: All users.
        variants: Messages by variant.
        segments: SMS segments by variant.
        lengths: Short messages by locale, product, segments and most segments.
        without: Users without a message by status and reason.
    """

    rows: int = 0
    variants: Counter[str] = field(default_factory=Counter)
    segments: Counter[str] = field(default_factory=Counter)
    lengths: Counter[tuple[str, str, int, int]] = field(default_factory=Counter)
    without: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count what another tally counted as well."""
        self.rows += other.rows
        self.variants += other.variants
        self.segments += other.segments
        self.lengths += other.lengths
        self.without += other.without

    @property
    def composed(self) -> int:
        """Users with a message."""
        return self.variants.total()

    def count(self, status: str) -> int:
        """Users ``skipped`` or ``rejected``."""
        return sum(n for (word, _), n in self.without.items() if word == status)

    def to_dict(self) -> dict[str, Any]:
        """The counts as JSON holds them; ``from_dict`` reads them."""
        return {
            "rows": self.rows,
            "variants": dict(self.variants),
            "segments": dict(self.segments),
            "lengths": [[*key, count] for key, count in self.lengths.items()],
            "without": [[*key, count] for key, count in self.without.items()],
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Tally:
        """The counts that ``to_dict`` wrote."""
        return cls(
            found["rows"],
            Counter(found["variants"]),
            Counter(found["segments"]),
            _counter(found["lengths"]),
            _counter(found["without"]),
        )


def _counter(entries: Iterable[list[Any]]) -> Counter[Any]:
    return Counter({tuple(key): count for *key, count in entries})


@dataclass(frozen=True, slots=True)
class ComposedBatch:
    """What became of a batch of users.

    Attributes:
        channel: The channel of the messages.
        columns: The columns of the messages.
        coded: The three tables; texts that repeat themselves are dictionaries.
        tally: The counts.
    """

    channel: str
    columns: tuple[Column, ...]
    coded: Mapping[Part, RecordBatch]
    tally: Tally

    @property
    def messages(self) -> RecordBatch:
        """The messages as an Arrow record batch with plain texts."""
        return self._plain("messages")

    @property
    def exposures(self) -> RecordBatch:
        """The exposures to log, of silent arms and skips too, with plain texts."""
        return self._plain("exposures")

    @property
    def rejects(self) -> RecordBatch:
        """The users without a message as an Arrow record batch with plain texts."""
        return self._plain("rejects")

    def _plain(self, part: Part) -> RecordBatch:
        from copylab.compose.slabs import decode  # noqa: PLC0415 - Arrow is heavy

        return decode(self.coded[part], table_columns(self.columns)[part])


def table_columns(messages: tuple[Column, ...]) -> dict[Part, tuple[Column, ...]]:
    """The columns of the three tables, for messages of some columns."""
    return {
        "messages": messages,
        "exposures": EXPOSURE_TABLE,
        "rejects": REJECT_COLUMNS,
    }


def compose_users(
    composer: Composer,
    batch: UserBatch,
    first_row: int,
    *,
    at: datetime,
    locale: str | None,
    send_id: str,
    repeated: Mapping[int, int] | None = None,
) -> ComposedBatch:
    """What becomes of a batch of users.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        first_row: The position of the first of them in their table, from 0.
        at: The time of the send, with a time zone.
        locale: The locale to write in; None takes each user's.
        send_id: The key of this send.
        repeated: By position in the table, users who stand further up in it, and where;
            they are rejected.
    """
    from copylab.compose.many import Many  # noqa: PLC0415 - Arrow is heavy

    many = Many(composer, batch, first_row, at, locale, send_id)
    return many.compose(repeated or {})
