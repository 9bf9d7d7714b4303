"""Composing a batch of users: messages, exposures, and everybody without a message."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from copylab.compose.columns import (
    EXPOSURE_TABLE,
    REJECT_COLUMNS,
    Column,
    arrow_batch,
    message_columns,
)
from copylab.compose.record import USUAL_UNIT
from copylab.compose.result import Rejected, Skipped
from copylab.compose.rows import Broken

if TYPE_CHECKING:
    from pyarrow import RecordBatch

    from copylab.channels.composed import Email, Push, Sms
    from copylab.compose.one import Composer
    from copylab.compose.rows import User, UserBatch
    from copylab.experiment.exposure import Exposure

    Row = tuple[object, ...]

UNREADABLE = "unreadable"
"""The reason of a row that could not be read."""


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


@dataclass(frozen=True, slots=True)
class ComposedBatch:
    """What became of a batch of users.

    Attributes:
        channel: The channel of the messages.
        columns: The columns of the messages.
        message_rows: Tuples in the order of ``columns``.
        exposure_rows: The records to log, of silent arms and skips too.
        reject_rows: Tuples in the order of ``REJECT_COLUMNS``.
        tally: The counts.
    """

    channel: str
    columns: tuple[Column, ...]
    message_rows: list[Row] = field(default_factory=list)
    exposure_rows: list[Exposure] = field(default_factory=list)
    reject_rows: list[Row] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    @property
    def messages(self) -> RecordBatch:
        """The messages as an Arrow record batch, made when it is asked for."""
        return arrow_batch(self.columns, self.message_rows)

    @property
    def exposures(self) -> RecordBatch:
        """The exposures as an Arrow record batch, made when it is asked for."""
        return arrow_batch(EXPOSURE_TABLE, list(self.exposure_rows))

    @property
    def rejects(self) -> RecordBatch:
        """The users without a message as an Arrow record batch, made when asked for."""
        return arrow_batch(REJECT_COLUMNS, self.reject_rows)


def compose_users(
    composer: Composer,
    batch: UserBatch,
    first_row: int,
    *,
    at: datetime,
    locale: str | None,
    send_id: str,
) -> ComposedBatch:
    """What becomes of a batch of users.

    Args:
        composer: The message and channel, prepared.
        batch: The users.
        first_row: The position of the first of them in their table, from 0.
        at: The time of the send, with a time zone.
        locale: The locale to write in; None takes each user's.
        send_id: The key of this send.
    """
    push = composer.message.push
    columns = message_columns(composer.channel, push)
    result = ComposedBatch(composer.channel, columns)
    prepared = composer.experiment
    unit_key = USUAL_UNIT if prepared is None else prepared.experiment.unit
    compose, cells = composer.compose, _CELLS[composer.channel]
    if composer.channel == "push" and push.is_set:
        cells = _push_cells_with_headers
    for index, user in enumerate(batch.users):
        row = first_row + index
        if isinstance(user, Broken):
            result.reject_rows.append(_broken_row(row, user))
            continue
        composed: Any = compose(user, at, locale, send_id)
        unit = _unit_text(user, unit_key)
        kind = type(composed)
        if kind is Rejected or kind is Skipped:
            content = batch.whole(index)
            result.reject_rows.append(_reject_row(row, unit, composed, content))
        else:
            sent = composed.exposure
            place = (row, unit, sent.channel, sent.locale, sent.variant)
            result.message_rows.append(place + cells(composed))
        if kind is not Rejected and composed.exposure is not None:
            result.exposure_rows.append(_encodable_record(composed.exposure))
    _count(result, len(batch.users))
    return result


def _broken_row(row: int, broken: Broken) -> Row:
    problem = encodable(broken.problem)
    return row, None, "rejected", UNREADABLE, problem, to_json(broken.content)


def _reject_row(
    row: int, unit: str | None, composed: Skipped | Rejected, content: object
) -> Row:
    status = "skipped" if isinstance(composed, Skipped) else "rejected"
    problems = encodable("; ".join(composed.problems))
    return row, unit, status, composed.reason, problems, to_json(content)


def _count(result: ComposedBatch, rows: int) -> None:
    tally = result.tally
    tally.rows = rows
    names = [column.name for column in result.columns]
    variant = names.index("variant")
    tally.variants.update(str(row[variant]) for row in result.message_rows)
    tally.without.update((str(row[2]), str(row[3])) for row in result.reject_rows)
    if result.channel == "sms":
        segments = names.index("segments")
        for row in result.message_rows:
            tally.segments[str(row[variant])] += row[segments]  # type: ignore[operator]
        keys = ("locale", "product", "segments", "segments_max")
        tally.lengths.update(
            map(itemgetter(*map(names.index, keys)), result.message_rows)
        )


def _unit_text(user: User, key: str) -> str | None:
    """Who the user is, as text: a number or blank may be no unit, yet it is a hint."""
    unit = user.get(key)
    return None if unit is None else encodable(str(unit))


def _sms_cells(sms: Sms) -> Row:
    size = (sms.encoding, sms.units, sms.segments, sms.segments_max)
    return sms.text, *size, sms.product


def _push_cells(push: Push) -> Row:
    payload = push.payload
    return push.title, push.body, to_json(payload["apns"]), to_json(payload["fcm"])


def _push_cells_with_headers(push: Push) -> Row:
    payloads = map(to_json, push.payload.values())
    return push.title, push.body, *payloads, to_json(push.headers)


def _email_cells(email: Email) -> Row:
    headers = to_json(dict(email.headers))
    return email.subject, email.preheader, email.html, email.text, headers


_CELLS: dict[str, Any] = {"sms": _sms_cells, "push": _push_cells, "email": _email_cells}


def _encodable_record(record: Exposure) -> Exposure:
    unit = record.unit
    if unit is None or encodable(unit) == unit:
        return record
    return record._replace(unit=encodable(unit))


def encodable(text: str) -> str:
    r"""The text; half of a surrogate pair is spelt out (``\ud83d``), for files are UTF-8."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def to_json(value: object) -> str:
    """A value as JSON that any reader takes; what JSON lacks becomes text."""
    try:
        text = _encode(value)
    except (TypeError, ValueError):  # NaN, or a key that is no text
        text = json.dumps(_plain(value), ensure_ascii=False)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(_plain(value))
    return text


def _plain(value: object) -> object:
    """The value in JSON's own types."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, float) and value - value == 0:  # neither NaN nor infinite
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


# One encoder for all rows: making one costs more than most rows do.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain).encode
