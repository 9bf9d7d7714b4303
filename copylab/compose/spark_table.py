"""Composing a file on Spark: read there, written there, three folders beside each other."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.compose.rows_out import REPEATED
from copylab.compose.spark_frame import SparkComposed, compose_marked, prepare_send
from copylab.compose.spark_output import (
    PARTS,
    check_spark_output,
    publish,
    remove,
    write_results,
    write_table,
)
from copylab.compose.spark_users import locate_users, read_users
from copylab.compose.summary import TableSummary, sold_messages
from copylab.errors import DataError

_SHOWN = 5

if TYPE_CHECKING:
    from datetime import datetime

    from pyspark.sql import SparkSession

    from copylab.catalog import Catalog


def compose_spark_table(  # noqa: PLR0913 - what a send is, and where it goes
    session: SparkSession,
    catalog: Catalog,
    message_id: str,
    users: str,
    output: str,
    *,
    channel: str,
    at: datetime,
    locale: str | None = None,
    send_id: str | None = None,
    allow_duplicates: bool = False,
) -> TableSummary:
    """What became of a file of users; Spark reads it and writes three folders.

    Rows, numbers and values are those of ``compose_table``. The users are composed once,
    into a folder beside the output; the three tables are made of that, and get their
    names when all are whole.

    Args:
        session: Spark, from ``spark_session``.
        catalog: A workspace.
        message_id: The id of a message.
        users: Parquet, CSV or JSON lines: a file, a folder of such, or an address.
        output: The folder of the messages; its ending says how all three are written.
        channel: ``sms``, ``push`` or ``email``.
        at: The time of the send, with a time zone.
        locale: The locale to write in; None takes the column ``locale``.
        send_id: The key of this send; None makes ``MESSAGE/CHANNEL/AT``.
        allow_duplicates: Whether a user who stands in the table twice gets two
            messages; else the later rows are rejected.

    Raises:
        ValueError: There is no such message or channel, no copy in the locale, or
            ``at`` has no zone.
        DataError: The users cannot be read or lack columns, or the output cannot be
            written; then no table is. What Spark raises is told by ``spark_session``.
    """
    composer, send = prepare_send(
        catalog, message_id, at=at, channel=channel, locale=locale, send_id=send_id
    )
    locate_users(users)
    places = check_spark_output(session, users, output)
    try:
        found = read_users(
            session, users, composer, locale, allow_duplicates=allow_duplicates
        )
        composed = compose_marked(found.frame, composer, send, records=found.records)
        results = write_results(session, composed, f"{places.staging}/results")
        staged = SparkComposed(results, send.channel, send.send_id)
        tally = staged.tally()
        if not tally.rows:
            raise DataError("holds no users", file=users)
        tables = {
            "messages": staged.messages,
            "exposures": staged.exposures,
            "rejects": staged.rejects,
        }
        for part in PARTS:
            write_table(tables[part], f"{places.staging}/{part}", places.ending)
        repeated = _repeated_rows(staged)
        publish(session, places)
    finally:
        with suppress(Exception):
            remove(session, places.staging)
    sold = sold_messages(composer.message, tally)
    files = {part: Path(shown) for part, shown in places.shown.items()}
    return TableSummary(
        message_id,
        channel,
        send.send_id,
        tally,
        files,
        sold,
        repeated_rows=repeated,
    )


def _repeated_rows(composed: SparkComposed) -> tuple[int, ...]:
    """The first few rows whose user stands further up in the table."""
    repeated = composed.rejects.where(f"reason = '{REPEATED}'").select("row")
    return tuple(row["row"] for row in repeated.orderBy("row").limit(_SHOWN).collect())
