"""Composing a Spark table: the same rows as from a local one, on many machines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.compose.arrow_rows import not_text
from copylab.compose.batch import Tally, table_columns
from copylab.compose.needs import absent_message, check_unit, needed_columns
from copylab.compose.one import Composer
from copylab.compose.record import USUAL_UNIT
from copylab.compose.rows import check_columns
from copylab.compose.spark_worker import (
    BEFORE,
    KINDS,
    ROW,
    Send,
    pack_message,
    partition_function,
)
from copylab.compose.table import check_send, choose_channel, default_send_id
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from pyspark.sql import DataFrame

    from copylab.catalog import Catalog
    from copylab.compose.columns import Column

_NAME = "the users"
_SQL_TYPES = {"text": "string", "count": "int", "row": "bigint", "time": "timestamp"}


@dataclass(frozen=True, slots=True)
class SparkComposed:
    """What becomes of a Spark table of users; Spark composes when it is read.

    The three tables are parts of ``results``. To read more than one of them without
    composing twice, ``results.persist()`` first, or write ``results`` and read that.
    Composing is deterministic: twice gives the same rows.

    Attributes:
        results: A row for each message, exposure and reject; ``kind`` says which, and
            the column of that name holds it as a struct.
        channel: The channel of the messages.
        send_id: The key of this send, as the exposures carry it.
    """

    results: DataFrame
    channel: str
    send_id: str

    @property
    def messages(self) -> DataFrame:
        """The messages, in the columns of ``ComposedBatch.messages``."""
        return self._part("message")

    @property
    def exposures(self) -> DataFrame:
        """The exposures to log, in the columns of ``ComposedBatch.exposures``."""
        return self._part("exposure")

    @property
    def rejects(self) -> DataFrame:
        """The users without a message, in the columns of ``ComposedBatch.rejects``."""
        return self._part("reject")

    def _part(self, kind: str) -> DataFrame:
        return self.results.where(f"kind = '{kind}'").select(f"{kind}.*")

    def tally(self) -> Tally:
        """What became of the users, counted by Spark: this runs the job."""
        tally = Tally()
        sizes = ("locale", "product", "segments", "segments_max")
        keys = ("variant", *sizes) if self.channel == "sms" else ("variant",)
        for row in self.messages.groupBy(*keys).count().collect():
            variant, count = row["variant"], row["count"]
            tally.variants[variant] += count
            if self.channel == "sms":
                tally.segments[variant] += row["segments"] * count
                tally.lengths[tuple(row[key] for key in sizes)] += count
        without = self.rejects.groupBy("status", "reason").count().collect()
        tally.without = Counter(
            {(row["status"], row["reason"]): row["count"] for row in without}
        )
        tally.rows = tally.composed + tally.without.total()
        return tally


def spark(  # noqa: PLR0913 - what a send is
    frame: DataFrame,
    workspace: Catalog,
    message: str,
    *,
    at: datetime,
    channel: str | None = None,
    locale: str | None = None,
    send_id: str | None = None,
    row: str | None = None,
    allow_duplicates: bool = False,
) -> SparkComposed:
    """What becomes of the users of a Spark table, as ``compose_table`` says it.

    The rows and their values are those of the local engine, whatever the zone of the
    session. Only the numbers of rows differ: rows of a table on many machines have no
    order. ``row`` names a column that numbers them; without one they get Spark's
    ``monotonically_increasing_id``, which tells rows apart and has gaps.

    Args:
        frame: The users, a row each.
        workspace: A workspace; its message travels to the workers, which need copylab
            in the same version and none of its files.
        message: The id of a message.
        at: The time of the send, with a time zone.
        channel: ``sms``, ``push`` or ``email``; None takes the message's only one, or
            that of the first step of its sequence.
        locale: The locale to write in; None takes the column ``locale``.
        send_id: The key of this send; None makes ``MESSAGE/CHANNEL/AT``.
        row: A column of whole numbers, one for each row.
        allow_duplicates: Whether a user who stands in the table twice gets two
            messages; else the later rows are rejected.

    Raises:
        ValueError: There is no such message or channel, none is named and the message
            has several, there is no copy in the locale, or ``at`` has no zone.
        DataError: The table lacks columns, names one twice, or holds what Arrow cannot
            carry; or the unit of the experiment is no text.
    """
    composer, send = prepare_send(
        workspace, message, at=at, channel=channel, locale=locale, send_id=send_id
    )
    check_frame(frame, composer, locale)
    number = "monotonically_increasing_id()"
    if row is not None:
        number = _row_number(frame, row)
    numbered = frame.selectExpr(f"{number} as {ROW}", "*")
    key = None if allow_duplicates else user_column(composer, frame.columns)
    unique = mark_repeated(numbered, key)
    return compose_marked(unique, composer, send)


def prepare_send(
    workspace: Catalog,
    message: str,
    *,
    at: datetime,
    channel: str | None,
    locale: str | None,
    send_id: str | None,
) -> tuple[Composer, Send]:
    """The message, prepared, and what a worker has to know of its send.

    Raises:
        ValueError: As ``spark``.
    """
    if channel is None:
        found = workspace.messages.get(message)
        channel = "" if found is None else choose_channel(found)[0]
    composer = Composer(workspace, message, channel)
    check_send(composer, at, locale)
    key = default_send_id(message, channel, at) if send_id is None else send_id
    packed = pack_message(workspace, message)
    return composer, Send(packed, message, channel, at, locale, key)


def compose_marked(
    frame: DataFrame, composer: Composer, send: Send, *, records: bool = False
) -> SparkComposed:
    """What becomes of users whose rows are numbered and marked where they repeat.

    Args:
        frame: Users behind ``ROW`` and ``BEFORE``.
        composer: The message and channel, prepared.
        send: What to compose.
        records: Whether they come as the records of ``spark_lines``.
    """
    schema = results_schema(composer.columns)
    results = frame.mapInArrow(partition_function(send, records=records), schema)
    return SparkComposed(results, send.channel, send.send_id)


def results_schema(messages: tuple[Column, ...]) -> str:
    """The schema of the results, as Spark writes it.

    Args:
        messages: The columns of the messages.
    """
    parts = ["kind string"]
    for part, columns in table_columns(messages).items():
        fields = ", ".join(
            f"`{column.name}`: {_SQL_TYPES[column.type]}" for column in columns
        )
        parts.append(f"{KINDS[part]} struct<{fields}>")
    return ", ".join(parts)


def check_frame(
    frame: DataFrame, composer: Composer, locale: str | None, shown: str = _NAME
) -> None:
    """Pass if a Spark table can be composed from.

    Args:
        frame: The users.
        composer: The message and channel, prepared.
        locale: The locale to write in; None takes each user's.
        shown: The table as messages name it.

    Raises:
        DataError: As ``spark``.
    """
    import pyarrow as pa  # noqa: PLC0415 - Arrow is heavy
    from pyspark.errors import PySparkTypeError  # noqa: PLC0415 - Spark is heavy
    from pyspark.sql.pandas.types import to_arrow_type  # noqa: PLC0415 - as above

    names = tuple(frame.columns)
    check_columns(shown, names)
    needs = needed_columns(composer, locale)
    absent = [name for name in needs if name not in names]
    if absent:
        raise DataError(absent_message(absent, needs), file=shown)
    fields = []
    for field in frame.schema:
        try:
            fields.append((field.name, to_arrow_type(field.dataType)))
        except PySparkTypeError:
            kind = field.dataType.simpleString()
            raise DataError(
                f"the column '{field.name}' holds {kind}, which Spark hands to nobody",
                file=shown,
                help="cast it to string, or drop it",
            ) from None
    check_unit(composer, not_text(pa.schema(fields)), shown)


def mark_repeated(frame: DataFrame, key: str | None) -> DataFrame:
    """The users, with the row in which the same user stands first, where one does.

    The rows of a user are brought together, in one pass: two passes over a table that
    is computed anew each time could disagree on which is the first.

    Args:
        frame: Users behind ``ROW``.
        key: The column that tells users apart; None takes every row for another.
    """
    kept = [quoted(name) for name in frame.columns[1:]]
    if key is None:
        return frame.selectExpr(ROW, f"cast(null as bigint) as {BEFORE}", *kept)
    name = quoted(key)
    # Rows without a user are nobody's twin, nor should one machine get all of them.
    window = f"over (partition by {name}, if({name} is null, {ROW}, null))"
    first = f"min({ROW}) {window}"
    before = f"if({first} < {ROW}, {first}, null) as {BEFORE}"
    return frame.selectExpr(ROW, before, *kept)


def user_column(composer: Composer, columns: Collection[str] | None) -> str | None:
    """The column that tells users apart: theirs, or the unit of the experiment.

    Args:
        composer: The message and channel, prepared.
        columns: The columns there are; None where each row names its own.
    """
    prepared = composer.experiment
    keys = [USUAL_UNIT] if prepared is None else [USUAL_UNIT, prepared.experiment.unit]
    return next((key for key in keys if columns is None or key in columns), None)


def quoted(name: str) -> str:
    """The name of a column in Spark's SQL."""
    return f"`{name.replace('`', '``')}`"


def _row_number(frame: DataFrame, name: str) -> str:
    """The SQL of the column that numbers rows."""
    if name not in frame.columns:
        known = ", ".join(f"'{column}'" for column in frame.columns)
        raise DataError(
            f"lacks the column '{name}' that should number the rows",
            file=_NAME,
            help=f"the columns are {known}",
        )
    kind = frame.schema[name].dataType.simpleString()
    if kind not in {"tinyint", "smallint", "int", "bigint"}:
        raise DataError(
            f"the column '{name}' holds {kind} and cannot number the rows",
            file=_NAME,
            help="name a column of whole numbers, one for each row",
        )
    return f"cast({quoted(name)} as bigint)"
