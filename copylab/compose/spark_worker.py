"""Composing on a worker of Spark: Arrow batches of users in, of results out.

A worker gets the message with all it needs as bytes, so it reads no file of the
workspace. It composes with the same code as every other way of composing.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from copylab.compose.batch import compose_users, table_columns
from copylab.compose.needs import read_columns
from copylab.compose.one import Composer
from copylab.compose.spark_errors import telling
from copylab.compose.spark_lines import read_record
from copylab.compose.user_batch import row_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from pyarrow import Array, RecordBatch

    from copylab.catalog import Catalog
    from copylab.compose.batch import Part
    from copylab.compose.columns import Column
    from copylab.compose.user_batch import UserBatch

    Batches = Iterable[RecordBatch]
    Work = Callable[[Batches], Batches]

KINDS: dict[Part, str] = {
    "messages": "message",
    "exposures": "exposure",
    "rejects": "reject",
}
"""What a row of the results is, by the table it belongs to."""

ROW, BEFORE = "__copylab_row", "__copylab_before"
"""Columns in front of a user's own: the row, and the row of the same user before it."""

_KEPT_MESSAGES = 4


@dataclass(frozen=True, slots=True)
class Send:
    """What a worker has to know of a send.

    Attributes:
        catalog: A catalog with one message, pickled.
        message: The id of the message.
        channel: ``sms``, ``push`` or ``email``.
        at: The time of the send.
        locale: The locale to write in; None takes each user's.
        send_id: The key of this send.
    """

    catalog: bytes
    message: str
    channel: str
    at: datetime
    locale: str | None
    send_id: str


def pack_message(catalog: Catalog, message: str) -> bytes:
    """A catalog with one message and what belongs to it, pickled.

    Args:
        catalog: A workspace.
        message: The id of a message of it.
    """
    experiments = {
        name: item
        for name, item in catalog.experiments.items()
        if item.message == message
    }
    return pickle.dumps(
        replace(
            catalog,
            messages={message: catalog.messages[message]},
            templates={k: v for k, v in catalog.templates.items() if k[0] == message},
            experiments=experiments,
            metrics={},
            personas={},
            sources={},
            findings=(),
        )
    )


def partition_function(send: Send, *, records: bool = False) -> Work:
    """The function that Spark runs on each partition.

    Args:
        send: What to compose.
        records: Whether users come as the records of ``spark_lines``.
    """
    packed = pickle.dumps(send)

    def work(batches: Batches) -> Batches:
        from copylab.compose.spark_worker import (  # noqa: PLC0415 - on the worker
            compose_partition,
        )

        return compose_partition(packed, batches, records=records)

    return telling(work)


def compose_partition(packed: bytes, batches: Batches, *, records: bool) -> Batches:
    """What becomes of the users of a partition: a row a message, exposure and reject.

    Args:
        packed: A ``Send``, pickled.
        batches: Users, with ``ROW`` and ``BEFORE`` as their first columns.
        records: Whether users come as the records of ``spark_lines``.
    """
    from copylab.compose.arrow_rows import read_arrow  # noqa: PLC0415 - Arrow is heavy

    send: Send = pickle.loads(packed)  # noqa: S301 - made by the driver of this job
    composer = _composer(send.catalog, send.message, send.channel)
    columns = read_columns(composer, send.locale)
    for batch in batches:
        if not batch.num_rows:
            continue
        if records:
            users = row_batch(
                [read_record(text) for text in batch["record"].to_pylist()]
            )
        else:
            users = read_arrow(_in_utc(batch.drop_columns([ROW, BEFORE])), columns)
        yield from compose_rows(composer, send, users, batch[ROW], batch[BEFORE])


def compose_rows(
    composer: Composer, send: Send, users: UserBatch, rows: Array, before: Array
) -> Batches:
    """What becomes of some users whose rows are known.

    Args:
        composer: The message and channel, prepared.
        send: What to compose.
        users: The users.
        rows: The row of each, as an Arrow column of whole numbers.
        before: The row in which the same user stands before; null for most.
    """
    repeated = {
        place: row for place, row in enumerate(before.to_pylist()) if row is not None
    }
    result = compose_users(
        composer,
        users,
        0,
        at=send.at,
        locale=send.locale,
        send_id=send.send_id,
        repeated=repeated,
    )
    tables = {
        "messages": result.messages,
        "exposures": result.exposures,
        "rejects": result.rejects,
    }
    for part, kind in KINDS.items():
        table = tables[part]
        if part != "exposures":
            table = table.set_column(0, "row", rows.take(table["row"]))
        if table.num_rows:
            yield _as_results(kind, part, table, table_columns(result.columns))


def _as_results(
    kind: str, part: Part, table: RecordBatch, tables: dict[Part, tuple[Column, ...]]
) -> RecordBatch:
    """The rows of one table as rows of the results, the other tables null."""
    import pyarrow as pa  # noqa: PLC0415 - Arrow is heavy

    from copylab.compose.columns import arrow_schema  # noqa: PLC0415 - as above

    count = table.num_rows
    columns: dict[str, Any] = {"kind": pa.repeat(pa.scalar(kind), count)}
    for other, columns_of in tables.items():
        schema = arrow_schema(columns_of)
        if other == part:
            columns[KINDS[other]] = pa.StructArray.from_arrays(
                table.columns, fields=list(schema)
            )
        else:
            columns[KINDS[other]] = pa.nulls(count, pa.struct(list(schema)))
    return pa.RecordBatch.from_pydict(columns)


def _in_utc(batch: RecordBatch) -> RecordBatch:
    """The batch with its times in UTC: Spark hands them over in the session's zone."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    fields = [field.with_type(_utc_type(field.type)) for field in batch.schema]
    schema = pa.schema(fields)
    return batch if schema.equals(batch.schema) else batch.cast(schema)


def _utc_type(kind: Any) -> Any:  # noqa: ANN401 - Arrow has no types for mypy
    import pyarrow as pa  # noqa: PLC0415 - as above

    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return pa.timestamp(kind.unit, "UTC")
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_utc_type(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(_utc_type(kind.key_type), _utc_type(kind.item_type))
    if pa.types.is_list(kind):
        field = kind.value_field
        return pa.list_(field.with_type(_utc_type(field.type)))
    return kind


@lru_cache(maxsize=_KEPT_MESSAGES)
def _composer(catalog: bytes, message: str, channel: str) -> Composer:
    """The message, prepared once in a worker, not once a partition."""
    loaded: Catalog = pickle.loads(catalog)  # noqa: S301 - made by the driver of this job
    return Composer(loaded, message, channel)
