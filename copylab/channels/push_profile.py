"""What push services and vendors accept, and what screens show, as dated data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from copylab.channels.dated import dated_names, load_dated

if TYPE_CHECKING:
    from copylab.channels.dated import Scalar


@dataclass(frozen=True, slots=True)
class PushProfile:
    """The limits of one push service; None where it has none.

    Attributes:
        name: The profile's name.
        max_payload_bytes: Octets of a payload it accepts.
        error_payload_bytes: Octets above which sending is a risk: the limit less what
            the service adds on its side.
        warning_payload_bytes: Octets above which to warn.
        title_unit: What `max_title` counts: `characters`, or `columns` where a wide
            character is two.
        body_unit: What `max_body` counts.
        max_title: The hard limit of the title; beyond it the push fails.
        max_body: The hard limit of the body.
        title_columns: Columns of the title that screens show.
        body_columns: Columns of the body that screens show.
        max_daily_marketing: Marketing pushes a device takes from one app a day.
    """

    name: str
    max_payload_bytes: int | None
    error_payload_bytes: int | None
    warning_payload_bytes: int | None
    title_unit: str
    body_unit: str
    max_title: int | None
    max_body: int | None
    title_columns: int | None
    body_columns: int | None
    max_daily_marketing: int | None


def push_profile_names() -> tuple[str, ...]:
    """The names `load_push_profile` knows, sorted."""
    return dated_names("push")


@cache
def load_push_profile(name: str) -> PushProfile:
    """The limits of the service called `name`, read from its dated data file once.

    Raises:
        ValueError: There is no such profile.
    """
    values = load_dated("push", name)

    def integer(key: str) -> int | None:
        value: Scalar = values[key].value if key in values else None
        return None if value is None else int(value)

    def unit(key: str) -> str:
        return str(values[key].value) if key in values else "characters"

    return PushProfile(
        name=name,
        max_payload_bytes=integer("max_payload_bytes"),
        error_payload_bytes=integer("error_payload_bytes"),
        warning_payload_bytes=integer("warning_payload_bytes"),
        title_unit=unit("title_unit"),
        body_unit=unit("body_unit"),
        max_title=integer("max_title"),
        max_body=integer("max_body"),
        title_columns=integer("title_columns"),
        body_columns=integer("body_columns"),
        max_daily_marketing=integer("max_daily_marketing"),
    )
