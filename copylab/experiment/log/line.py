"""A row as a line: an exposure → one JSON object and a line feed.

Most columns of a service's exposures repeat: all but the time, the send, the unit and
its buckets. What repeats is checked and written once and kept, so a line costs little
more than its own parts.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import NamedTuple, get_args, get_type_hints

from copylab.errors import DataError
from copylab.experiment.buckets import SLOTS
from copylab.experiment.exposure import (
    EXPOSURE_COLUMNS,
    EXPOSURE_REASONS,
    Exposure,
    format_time,
)

# The C function behind json, for text that may stay as it is; see RFC 8259, section 7.
quote = json.encoder.encode_basestring
"""The text as JSON."""

LAST = SLOTS - 1
"""The last bucket."""

MAX_COUNT = 2**31 - 1
"""The largest number in a column of numbers: they are 32 bits wide in Parquet."""

_MOST_KEPT = 4096
"""Beginnings and ends of lines that are kept; a service has a few dozen."""


class LogColumn(NamedTuple):
    """A column of the log.

    Attributes:
        name: Its name.
        kind: ``time``, ``text`` or ``count``.
        optional: Whether a row may have nothing in it.
    """

    name: str
    kind: str
    optional: bool


def _columns() -> tuple[LogColumn, ...]:
    columns = []
    for name, hint in get_type_hints(Exposure).items():
        kinds = get_args(hint)
        kind = "count" if int in kinds or hint is int else "text"
        kind = "time" if hint is datetime else kind
        columns.append(LogColumn(name, kind, type(None) in kinds))
    return tuple(columns)


LOG_COLUMNS = _columns()
"""The columns of the log: those of the exposure record, in its order."""

_BUCKETS = ("traffic_bucket", "arm_bucket")


class LineEncoder:
    """Makes lines of exposures, keeping what repeats from one to the next.

    Threads may share one: it holds nothing that a second thread could spoil.

    Attributes:
        last_moment: The last time, and its text.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], tuple[str, str]] = {}
        self.last_moment: tuple[object, str] = (self, "")

    def encode(self, row: Exposure) -> bytes:
        r"""The line of a row, its line feed included.

        Half of a surrogate pair is spelt out (``\ud83d``), as in all files.

        Raises:
            DataError: A value is not of its column's type; the message names the row.
            TypeError: It is no exposure.
        """
        try:
            # 1 and True are one key, and are written alike: the value is the same.
            middle, end = self._kept[row[2:6] + row[9:]]
            at, text = self.last_moment
            if at is not row[0]:
                text = self.moment(row[0])
            send, traffic, slot = row[1], row[7], row[8]
            if traffic.__class__ is slot.__class__ is int:
                if not 0 <= traffic <= LAST >= slot >= 0:
                    return self._encode_slowly(row)
                buckets = f'"traffic_bucket":{traffic},"arm_bucket":{slot}'
            elif traffic is None and slot is None:
                buckets = '"traffic_bucket":null,"arm_bucket":null'
            else:
                return self._encode_slowly(row)
            return (
                f'{{"ts":"{text}","send_id":{"null" if send is None else quote(send)}'
                f"{middle}{quote(row[6])},{buckets}{end}"  # type: ignore[arg-type]
            ).encode()
        except (KeyError, TypeError, AttributeError, ValueError):
            pass  # the long way says what is wrong with it, if anything is
        return self._encode_slowly(row)

    def moment(self, at: datetime) -> str:
        """The time as text, kept as the last one: a batch has one for all its rows.

        Raises:
            TypeError: It is no plain time in UTC.
        """
        if type(at) is not datetime or at.tzinfo is not UTC:
            raise TypeError(f"at == {at!r}, must be a plain time in UTC")
        text = f"{at.isoformat()[:-6]}Z"
        self.last_moment = (at, text)
        return text

    def frame(self, row: Exposure) -> tuple[str, str]:
        """The middle and the end of the row's line, once it was encoded."""
        return self._kept[row[2:6] + row[9:]]

    def _encode_slowly(self, row: Exposure) -> bytes:
        if not isinstance(row, Exposure):
            raise TypeError(f"a log takes exposures, not {type(row).__name__}")
        cells = [
            f'"{column.name}":{_cell(row, column, value)}'
            for column, value in zip(LOG_COLUMNS, row, strict=True)
        ]
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        end = ",".join(["", *cells[9:]]) + "}\n"
        middle = ",".join(["", *cells[2:6], '"unit":'])
        self._kept[row[2:6] + row[9:]] = middle, end
        return f"{{{','.join(cells)}}}\n".encode()


def _cell(row: Exposure, column: LogColumn, value: object) -> str:
    """A value as JSON.

    Raises:
        DataError: It is not of its column's type.
    """
    if value is None and column.optional:
        return "null"
    if column.kind == "text" and isinstance(value, str):
        if column.name == "reason" and value not in EXPOSURE_REASONS:
            raise _refusal(row, column, value, f"one of {', '.join(EXPOSURE_REASONS)}")
        return quote(value.encode("utf-8", "backslashreplace").decode())
    if column.kind == "count" and isinstance(value, int) and type(value) is not bool:
        most = LAST if column.name in _BUCKETS else MAX_COUNT
        if 0 <= value <= most:
            return str(int(value))
        raise _refusal(row, column, value, f"in 0..{most}")
    if column.kind == "time" and isinstance(value, datetime) and value.tzinfo:
        return f'"{format_time(_plain(value))}"'
    needed = {"text": "a text", "count": "a whole number", "time": "a time with a zone"}
    or_none = " or None" if column.optional else ""
    raise _refusal(row, column, value, f"{needed[column.kind]}{or_none}")


def _plain(at: datetime) -> datetime:
    """The time in UTC to the microsecond; some classes of time know more."""
    at = at.astimezone(UTC)
    return datetime(
        at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, UTC
    )


def _refusal(row: Exposure, column: LogColumn, value: object, must: str) -> DataError:
    shown = repr(value)
    if len(shown) > _SHOWN:
        shown = f"{shown[:_SHOWN]}…"
    return DataError(
        f"{name_row(row._asdict())} was not written: "
        f"{column.name} == {shown}, must be {must}",
        help="log the exposure as composing gave it",
    )


_SHOWN = 80


def name_row(row: dict[str, object]) -> str:
    """What a row is called in messages: its unit, experiment and send."""
    parts = []
    for name in ("unit", "experiment", "send_id"):
        value = row.get(name)
        if value is not None:
            shown = str(value).encode("utf-8", "backslashreplace").decode()
            shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
            parts.append(f"{name} {shown!r}")
    return f"the exposure of {', '.join(parts) or 'no unit'}"


assert EXPOSURE_COLUMNS[:9] == (
    "ts", "send_id", "experiment", "salt", "scheme", "unit_type", "unit", *_BUCKETS,
)  # fmt: skip
