"""Rows of the output tables as they are made of one message, one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from copylab.compose.result import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.channels.composed import Email, Push, Sms
    from copylab.compose.one import Composer
    from copylab.compose.result import Rejected
    from copylab.compose.user_batch import Broken
    from copylab.experiment.exposure import Exposure

    Row = tuple[object, ...]

UNREADABLE = "unreadable"
"""The reason of a row that could not be read."""
REPEATED = "duplicate"
"""The reason of a row whose user stands further up in the table."""


def message_cells(composer: Composer) -> Callable[[Any], Row]:
    """The function that gives the cells of a message behind its first five."""
    if composer.channel == "push" and composer.message.push.is_set:
        return _push_cells_with_headers
    return _CELLS[composer.channel]


def broken_row(row: int, broken: Broken) -> Row:
    """The row among the rejects of a row that cannot be read."""
    problem = encodable(broken.problem)
    return row, None, "rejected", UNREADABLE, problem, to_json(broken.content)


def reject_row(
    row: int, unit: str | None, composed: Skipped | Rejected, content: object
) -> Row:
    """The row among the rejects of a user without a message."""
    status = "skipped" if isinstance(composed, Skipped) else "rejected"
    problems = encodable("; ".join(composed.problems))
    return row, unit, status, composed.reason, problems, to_json(content)


def encodable_record(record: Exposure) -> Exposure:
    """The record with a unit that files can hold."""
    unit = record.unit
    if unit is None or encodable(unit) == unit:
        return record
    return record._replace(unit=encodable(unit))


def encodable(text: str) -> str:
    r"""The text; half of a surrogate pair is spelt out (``\ud83d``), for files are UTF-8."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


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


_CELLS: dict[str, Callable[[Any], Row]] = {
    "sms": _sms_cells,
    "push": _push_cells,
    "email": _email_cells,
}


def to_json(value: object) -> str:
    """A value as JSON that any reader takes; what JSON lacks becomes text."""
    kind = type(value)
    if kind is str and value.isascii():  # type: ignore[attr-defined]
        return encode_basestring(value)  # type: ignore[arg-type]
    if kind is datetime:
        return f'"{value.isoformat()}"'  # type: ignore[attr-defined]
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
