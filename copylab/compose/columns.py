"""The tables that composing writes: their columns, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_type_hints

from copylab.experiment.exposure import Exposure

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Schema

    from copylab.push_settings import PushSettings

    Columns = tuple["Column", ...]

ColumnType = Literal["text", "count", "row", "time"]


class Column(NamedTuple):
    """A column of an output table.

    Attributes:
        name: Its name.
        type: ``text``; ``count``, a whole number below 2^31; ``row``, one below 2^63;
            ``time``, in UTC.
        is_coded: Whether it is a text that has few different values.
    """

    name: str
    type: ColumnType = "text"
    is_coded: bool = False


_SENT = (
    Column("row", "row"),
    Column("unit"),
    Column("channel", is_coded=True),
    Column("locale", is_coded=True),
    Column("variant", is_coded=True),
)
MESSAGE_COLUMNS: dict[str, tuple[Column, ...]] = {
    "sms": (
        *_SENT,
        Column("text"),
        Column("encoding", is_coded=True),
        Column("units", "count"),
        Column("segments", "count"),
        Column("segments_max", "count"),
        Column("product", is_coded=True),
    ),
    "push": (*_SENT, Column("title"), Column("body"), Column("apns"), Column("fcm")),
    "email": (
        *_SENT,
        Column("subject"),
        Column("preheader"),
        Column("html"),
        Column("text"),
        Column("headers"),
    ),
}
"""The columns of composed messages by channel; payloads and headers are JSON."""


def message_columns(channel: str, push: PushSettings | None = None) -> Columns:
    """The columns of the messages of a channel.

    Args:
        channel: The channel.
        push: How its pushes are set up; each service that gets a payload has a column
            then, and the headers of all have one.
    """
    if channel != "push" or push is None or not push.is_set:
        return MESSAGE_COLUMNS[channel]
    services = map(Column, push.used_services)
    return (*_SENT, Column("title"), Column("body"), *services, Column("headers"))


REJECT_COLUMNS = (
    Column("row", "row"),
    Column("unit"),
    Column("status", is_coded=True),
    Column("reason", is_coded=True),
    Column("problems"),
    Column("user"),
)
"""The columns of users without a message; ``user`` is the whole row as JSON."""


def _exposure_column(name: str, kind: object) -> Column:
    if name == "ts":
        return Column(name, "time")
    if kind == int | None:
        return Column(name, "count")
    return Column(name, is_coded=name != "unit")


EXPOSURE_TABLE = tuple(
    _exposure_column(name, kind) for name, kind in get_type_hints(Exposure).items()
)
"""The columns of the exposure record."""


def arrow_schema(columns: tuple[Column, ...]) -> Schema:
    """The columns as an Arrow schema."""
    import pyarrow as pa  # noqa: PLC0415 - CSV and JSON lines need none

    types = {
        "text": pa.string(),
        "count": pa.int32(),
        "row": pa.int64(),
        "time": pa.timestamp("us", "UTC"),
    }
    return pa.schema([(column.name, types[column.type]) for column in columns])


def arrow_batch(
    columns: tuple[Column, ...], rows: list[tuple[object, ...]]
) -> RecordBatch:
    """Rows as an Arrow record batch."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    schema = arrow_schema(columns)
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [
        pa.array(values, field.type)
        for values, field in zip(cells, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
