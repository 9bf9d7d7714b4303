"""Composing a table: batches of users in, batches of messages out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.compose.batch import ComposedBatch, compose_users
from copylab.compose.find import find_locale
from copylab.compose.needs import (
    absent_message,
    check_unit,
    check_users,
    needed_columns,
    read_columns,
)
from copylab.compose.one import Composer
from copylab.compose.output import check_output
from copylab.compose.pool import available_cores
from copylab.compose.rows import check_columns, open_users
from copylab.compose.table_run import TableRun
from copylab.errors import DataError
from copylab.experiment.exposure import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from pyarrow import RecordBatch

    from copylab.catalog import Catalog
    from copylab.compose.summary import TableSummary
    from copylab.compose.table_run import Progress
    from copylab.compose.user_batch import UserBatch
    from copylab.message.model import Message

PART_ROWS = {"sms": 32_768, "push": 32_768, "email": 4096}
"""How many users a part has, by channel; an e-mail is large."""
_NAME = "the users"


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


def compose_batches(  # noqa: PLR0913 - what a send is
    catalog: Catalog,
    message_id: str,
    batches: Iterable[RecordBatch],
    *,
    channel: str,
    at: datetime,
    locale: str | None = None,
    send_id: str | None = None,
    arms: str | None = None,
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
        arms: The column with each user's arm, drawn with the whole list; None draws it
            by buckets.

    Raises:
        ValueError: There is no such message or channel, no copy in the locale, ``at``
            has no zone, or there are arms and no running experiment.
        DataError: A batch lacks columns, or names one twice; raised as it is read.
    """
    composer = Composer(catalog, message_id, channel, arms)
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
    arms: str | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    allow_duplicates: bool = False,
    restart: bool = False,
    part_rows: int | None = None,
) -> TableSummary:
    """What became of a file of users; its messages, exposures and rejects are written.

    The users are composed in parts, which are kept in ``OUTPUT.parts`` until all are
    there. A run that was killed is gone on with by the same call: its finished parts
    are taken as they are. The files appear at the end, whole. They are the same, byte
    for byte, whatever the number of workers and however often a run was killed.

    Args:
        catalog: A workspace.
        message_id: The id of a message.
        users: Parquet, CSV or JSON lines.
        output: Where the messages go; its ending says how all three are written.
        channel: ``sms``, ``push`` or ``email``.
        at: The time of the send, with a time zone.
        locale: The locale to write in; None takes the column ``locale``.
        send_id: The key of this send; None makes ``MESSAGE/CHANNEL/AT``.
        arms: As for ``compose_batches``.
        progress: Told after each part.
        workers: How many processes compose, 1 or more; None is one for each core. A
            small table is composed in this process.
        allow_duplicates: Whether a user who stands in the table twice gets two
            messages; else the later rows are rejected.
        restart: Whether to begin anew, whatever parts there are.
        part_rows: How many users a part has; None is what suits the channel.

    Raises:
        ValueError: There is no such message or channel, no copy in the locale, ``at``
            has no zone, or ``workers`` or ``part_rows`` is below 1.
        DataError: The users cannot be read or lack columns, the output cannot be
            written, or there are parts of another run; then no file is written.
        WorkerError: A worker process was ended by somebody else; parts are kept.
    """
    composer = Composer(catalog, message_id, channel, arms)
    check_send(composer, at, locale)
    _check_counts(workers=workers, part_rows=part_rows)
    key = default_send_id(message_id, channel, at) if send_id is None else send_id
    table = open_users(users)
    paths = check_output(table.path, output)
    run = TableRun(
        composer=composer,
        at=at,
        locale=locale,
        send_id=key,
        table=table,
        paths=paths,
        part_rows=part_rows or PART_ROWS[channel],
        allow_duplicates=allow_duplicates,
        needed=check_users(table, composer, locale),
        progress=progress or _untold,
    )
    count = workers or available_cores()
    try:
        return run.compose(count, restart=restart)
    except OSError as error:
        raise DataError(
            f"cannot be written: {error.strerror or error}", file=str(output)
        ) from None


def _untold(rows: int, of: int | None) -> None:
    """Nobody asked how far it is."""


def _check_counts(**counts: int | None) -> None:
    for name, count in counts.items():
        if count is not None and count < 1:
            raise ValueError(f"{name} == {count}, must be 1 or more")


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
