"""Composing a table: batches of users in, batches of messages out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.channels.cost import Sold, merge_sold, sold_on, total_by_currency
from copylab.channels.route import routes_of
from copylab.compose.batch import ComposedBatch, Tally, compose_users
from copylab.compose.content_hash import content_hash
from copylab.compose.find import find_locale
from copylab.compose.needs import (
    absent_message,
    check_unit,
    check_users,
    needed_columns,
    read_columns,
)
from copylab.compose.one import Composer
from copylab.compose.output import check_output, publish
from copylab.compose.part_files import Job
from copylab.compose.pool import available_cores, compose_parts
from copylab.compose.record import USUAL_UNIT
from copylab.compose.rows import check_columns, open_users
from copylab.compose.slices import cut_slices, slice_reader
from copylab.compose.work_folder import WorkFolder
from copylab.errors import DataError
from copylab.experiment.exposure import format_time
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from decimal import Decimal
    from pathlib import Path

    from pyarrow import RecordBatch

    from copylab.catalog import Catalog
    from copylab.compose.batch import Part
    from copylab.compose.repeats import Repeats
    from copylab.compose.rows import UserTable
    from copylab.compose.slices import Slice
    from copylab.compose.user_batch import UserBatch
    from copylab.message.model import Message

    Progress = Callable[[int, int | None], None]
    """Told after each batch: the rows so far, and all of them where that is known."""

PART_ROWS = {"sms": 32_768, "push": 32_768, "email": 4096}
"""How many users a part has, by channel; an e-mail is large."""
_NAME = "the users"
_SHOWN_REPEATS = 5


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
    needed = check_users(table, composer, locale)
    rows = part_rows or PART_ROWS[channel]
    suffix = paths["messages"].suffix.lower()
    before = _stamp(table.path)
    run = {
        "users": _digest(table.path),
        "content": content_hash(composer),
        "message": message_id,
        "channel": channel,
        "locale": locale,
        "arms": arms,
        "at": at.isoformat(),
        "send_id": key,
        "duplicates": allow_duplicates,
        "part_rows": rows,
        "suffix": suffix,
        "version": __version__,
    }
    tally = Tally()
    try:
        with WorkFolder(paths["messages"], run, suffix, restart=restart) as work:
            resumed = _resume(work, tally, table, progress)
            key_of = None if allow_duplicates else user_key(composer, table)
            reader = slice_reader(table, needed)
            repeats = _find_repeats(table, key_of, rows, work.path)
            job = Job(composer, reader, at, locale, key, suffix, work.path)
            tasks = _tasks(table, rows, work, repeats)
            count = workers or available_cores()
            for part in compose_parts(job, tasks, count):
                tally.add(work.finish(part).tally)
                if progress is not None:
                    progress(tally.rows, table.rows)
            if not tally.rows:
                raise DataError("holds no users", file=str(users))
            if _stamp(table.path) != before:
                raise DataError(
                    "was changed while it was read",
                    file=str(users),
                    help="compose again when nobody writes to it",
                )
            publish(work.finished, paths, composer.columns)
            work.remove()
    except OSError as error:
        raise DataError(
            f"cannot be written: {error.strerror or error}", file=str(output)
        ) from None
    sold = sold_messages(composer.message, tally)
    first = tuple(repeats.rows[:_SHOWN_REPEATS].tolist())
    return TableSummary(message_id, channel, key, tally, paths, sold, resumed, first)


def _check_counts(**counts: int | None) -> None:
    for name, count in counts.items():
        if count is not None and count < 1:
            raise ValueError(f"{name} == {count}, must be 1 or more")


def _stamp(path: Path) -> tuple[int, int]:
    """What of a file changes when somebody writes to it."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(
            f"cannot be read: {error.strerror or error}", file=str(path)
        ) from None


def _resume(
    work: WorkFolder, tally: Tally, table: UserTable, progress: Progress | None
) -> int:
    """Count what was finished before; how many rows that is."""
    for part in work.finished:
        tally.add(part.tally)
    if tally.rows and progress is not None:
        progress(tally.rows, table.rows)
    return tally.rows


def user_key(composer: Composer, table: UserTable) -> str | None:
    """The column that tells users apart: theirs, or the unit of the experiment."""
    prepared = composer.experiment
    keys = [USUAL_UNIT] if prepared is None else [USUAL_UNIT, prepared.experiment.unit]
    known = table.columns
    return next((key for key in keys if known is None or key in known), None)


def _find_repeats(
    table: UserTable, key: str | None, rows: int, folder: Path
) -> Repeats:
    from copylab.compose.repeats import NO_REPEATS, find_repeats  # noqa: PLC0415 - numpy is heavy

    if key is None:
        return NO_REPEATS
    reader = slice_reader(table, {key})
    alone = None if "." in key else {key}  # a dot would name a field of a struct

    def names() -> Iterator[tuple[int, list[str | None]]]:
        for piece in cut_slices(table, rows, columns=alone):
            row = piece.start.row
            for batch in reader.batches(piece, rows):
                found = batch.cells(key).rows()
                yield row, [v if v is None or type(v) is str else str(v) for v in found]
                row += batch.size

    return find_repeats(names(), folder)


def _tasks(
    table: UserTable, rows: int, work: WorkFolder, repeats: Repeats
) -> Iterator[tuple[Slice, dict[int, int]]]:
    """What is left to compose."""
    start = work.finished[-1].end if work.finished else None
    for piece in cut_slices(table, rows, start):
        yield piece, repeats.between(piece.start.row, piece.end.row)


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
