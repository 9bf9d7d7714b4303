"""Composing a table: batches of users in, batches of messages out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.channels.cost import Sold, merge_sold, sold_on, total_by_currency
from copylab.channels.route import routes_of
from copylab.compose.batch import ComposedBatch, Tally, compose_users
from copylab.compose.columns import message_columns
from copylab.compose.find import find_locale
from copylab.compose.needs import (
    absent_message,
    check_unit,
    check_users,
    needed_columns,
    read_columns,
)
from copylab.compose.one import Composer
from copylab.compose.output import OutputFiles, check_output
from copylab.compose.rows import check_columns, open_users
from copylab.errors import DataError
from copylab.experiment.exposure import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from decimal import Decimal
    from pathlib import Path

    from pyarrow import RecordBatch

    from copylab.catalog import Catalog
    from copylab.compose.batch import Part
    from copylab.compose.user_batch import UserBatch
    from copylab.message.model import Message

    Progress = Callable[[int, int | None], None]
    """Told after each batch: the rows so far, and all of them where that is known."""

_NAME = "the users"


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
    """

    message: str
    channel: str
    send_id: str
    tally: Tally
    files: Mapping[Part, Path]
    sold: tuple[Sold, ...] = ()

    @property
    def cost(self) -> dict[str, Decimal]:
        """What the messages with a known price cost, exactly, by currency."""
        return total_by_currency(self.sold)


def choose_channel(message: Message) -> tuple[str, str]:
    """The channel of a message where none is named, and why it is that one.

    Raises:
        ValueError: The message does not say; its channels are listed.
    """
    channels = message.channels
    if len(channels) == 1:
        return channels[0], "the message's only one"
    if message.sequence and message.sequence[0].channel in channels:
        return message.sequence[0].channel, "the first step of the message's sequence"
    known = ", ".join(channels) or "none"
    raise ValueError(f"{message.id} has copy for {known}")


def default_send_id(message: str, channel: str, at: datetime) -> str:
    """The key of a send where none is given: the same for the same send."""
    return f"{message}/{channel}/{format_time(at)}"


def compose_batches(
    catalog: Catalog,
    message_id: str,
    batches: Iterable[RecordBatch],
    *,
    channel: str,
    at: datetime,
    locale: str | None = None,
    send_id: str | None = None,
) -> Iterator[ComposedBatch]:
    """What becomes of each batch of users, in their order.

    Rows are numbered from 0 over all batches. Each user is a message or a reject;
    nobody is lost.

    Args:
        catalog: A workspace.
        message_id: The id of a message.
        batches: Arrow record batches of one schema, such as ``table.to_batches()``.
        channel: ``sms``, ``push`` or ``email``.
        at: The time of the send, with a time zone.
        locale: The locale to write in; None takes the column ``locale``.
        send_id: The key of this send; None makes ``MESSAGE/CHANNEL/AT``.

    Raises:
        ValueError: There is no such message or channel, no copy in the locale, or
            ``at`` has no zone.
        DataError: A batch lacks columns, or names one twice; raised as it is read.
    """
    composer = Composer(catalog, message_id, channel)
    check_send(composer, at, locale)
    key = default_send_id(message_id, channel, at) if send_id is None else send_id
    users = _read_batches(composer, batches, locale)
    return _compose_all(composer, users, at=at, locale=locale, send_id=key)


def compose_table(  # noqa: PLR0913 - what a send is, and where it goes
    catalog: Catalog,
    message_id: str,
    users: Path | str,
    output: Path | str,
    *,
    channel: str,
    at: datetime,
    locale: str | None = None,
    send_id: str | None = None,
    progress: Progress | None = None,
) -> TableSummary:
    """What became of a file of users; its messages, exposures and rejects are written.

    Args:
        catalog: A workspace.
        message_id: The id of a message.
        users: Parquet, CSV or JSON lines.
        output: Where the messages go; its ending says how all three are written.
        channel: ``sms``, ``push`` or ``email``.
        at: The time of the send, with a time zone.
        locale: The locale to write in; None takes the column ``locale``.
        send_id: The key of this send; None makes ``MESSAGE/CHANNEL/AT``.
        progress: Told after each batch.

    Raises:
        ValueError: There is no such message or channel, no copy in the locale, or
            ``at`` has no zone.
        DataError: The users cannot be read or lack columns, or the output cannot be
            written; then no file is.
    """
    composer = Composer(catalog, message_id, channel)
    check_send(composer, at, locale)
    key = default_send_id(message_id, channel, at) if send_id is None else send_id
    table = open_users(users)
    paths = check_output(table.path, output)
    batches = table.batches(check_users(table, composer, locale))
    tally = Tally()
    try:
        columns = message_columns(channel, composer.message.push)
        with OutputFiles(paths, columns) as files:
            results = _compose_all(composer, batches, at=at, locale=locale, send_id=key)
            for result in results:
                files.write(result)
                tally.add(result.tally)
                if progress is not None:
                    progress(tally.rows, table.rows)
            if not tally.rows:
                raise DataError("holds no users", file=str(users))
    except OSError as error:
        raise DataError(
            f"cannot be written: {error.strerror or error}", file=str(output)
        ) from None
    sold = sold_messages(composer.message, tally)
    return TableSummary(message_id, channel, key, tally, paths, sold)


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


def check_send(composer: Composer, at: datetime, locale: str | None) -> None:
    """Pass if the time of a send has a zone and its locale has words.

    Raises:
        ValueError: One is not so.
    """
    if at.tzinfo is None:
        raise ValueError(f"at == {at!r}, must have a time zone")
    if locale is None:
        return
    message, channel = composer.message, composer.channel
    if find_locale(composer.catalog, message, channel, locale) is None:
        known = ", ".join(tag for medium, tag in message.copies if medium == channel)
        raise ValueError(
            f"locale == {locale!r}, must be one that {message.id} has {channel} copy "
            f"for: {known}"
        )


def _compose_all(
    composer: Composer,
    batches: Iterable[UserBatch],
    *,
    at: datetime,
    locale: str | None,
    send_id: str,
) -> Iterator[ComposedBatch]:
    row = 0
    for batch in batches:
        yield compose_users(composer, batch, row, at=at, locale=locale, send_id=send_id)
        row += batch.size


def _read_batches(
    composer: Composer, batches: Iterable[RecordBatch], locale: str | None
) -> Iterator[UserBatch]:
    from copylab.compose.arrow_rows import (  # noqa: PLC0415 - Arrow is heavy
        not_text,
        read_arrow,
    )

    needs = needed_columns(composer, locale)
    columns = read_columns(composer, locale)
    schema = None
    for batch in batches:
        if batch.schema != schema:
            schema = batch.schema
            check_columns(_NAME, tuple(schema.names))
            absent = [name for name in needs if name not in schema.names]
            if absent:
                raise DataError(absent_message(absent, needs), file=_NAME)
            check_unit(composer, not_text(schema), _NAME)
        yield read_arrow(batch, columns)
