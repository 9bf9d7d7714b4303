"""What push services and phone makers accept, as dated data that a workspace may override."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from copylab.channels.dated import dated_names, load_dated
from copylab.channels.width import display_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.channels.dated import Scalar


@dataclass(frozen=True, slots=True)
class PushProfile:
    """The limits of one push service; None where it has none.

    Attributes:
        name: The profile's name.
        max_payload_bytes: Octets of a payload it accepts, as it counts them.
        error_payload_bytes: Octets above which sending is a risk: the limit less what
            the service adds on its side.
        warning_payload_bytes: Octets above which to warn.
        title_unit: What `max_title` counts: `characters`, or `columns` where a wide
            character is two.
        body_unit: What `max_body` counts.
        ambiguous_columns: The columns of class A of UAX #11 where columns count.
        max_title: The hard limit of the title; beyond it the push fails.
        max_body: The hard limit of the body.
        max_daily_marketing: Marketing pushes a device takes from one app a day.
        max_daily_marketing_news: The same for an app with a news licence.
        max_daily_default_class: The same for a push without a class of its own.
        quiet_from_hour: The local hour from which it delivers no marketing.
        quiet_to_hour: The local hour until which it does not.
        class_key: The key that classes a push, such as `category`.
        marketing_class: What that key says for marketing, where it is the same for all.
        class_required: Whether a push without its class is refused.
        removes_duplicates: Whether a push that repeats another is dropped.
    """

    name: str
    max_payload_bytes: int | None = None
    error_payload_bytes: int | None = None
    warning_payload_bytes: int | None = None
    title_unit: str = "characters"
    body_unit: str = "characters"
    ambiguous_columns: int = 1
    max_title: int | None = None
    max_body: int | None = None
    max_daily_marketing: int | None = None
    max_daily_marketing_news: int | None = None
    max_daily_default_class: int | None = None
    quiet_from_hour: int | None = None
    quiet_to_hour: int | None = None
    class_key: str | None = None
    marketing_class: str | None = None
    class_required: bool = False
    removes_duplicates: bool = False

    @property
    def is_vendor(self) -> bool:
        """Whether it is a phone maker's service, with limits of title and body."""
        return self.max_title is not None

    def limit(self, field: str) -> tuple[int | None, str]:
        """The hard limit of `title` or `body`, and what it counts."""
        if field == "title":
            return self.max_title, self.title_unit
        return self.max_body, self.body_unit

    def measure(self, text: str, field: str) -> int:
        """The length of a `title` or `body` as the service counts it.

        Args:
            text: Any text.
            field: `title` or `body`.
        """
        if self.limit(field)[1] == "characters":
            return len(text)
        return display_width(text, ambiguous_columns=self.ambiguous_columns)


LIMITS = (
    "max_title", "max_body", "error_payload_bytes", "warning_payload_bytes",
    "max_daily_marketing", "max_daily_marketing_news",
)  # fmt: skip
"""The limits that a workspace may override."""


def push_profile_names() -> tuple[str, ...]:
    """The names `load_push_profile` knows, sorted."""
    return dated_names("push")


@cache
def vendor_names() -> tuple[str, ...]:
    """The names of the phone makers' services, sorted."""
    names = push_profile_names()
    return tuple(name for name in names if load_push_profile(name).is_vendor)


@cache
def load_push_profile(name: str) -> PushProfile:
    """The limits of the service called `name`, read from its dated data file once.

    Raises:
        ValueError: There is no such profile.
    """
    known = set(PushProfile.__dataclass_fields__) - {"name"}
    values: dict[str, Scalar] = {
        key: dated.value
        for key, dated in load_dated("push", name).items()
        if key in known
    }
    return PushProfile(name, **values)  # type: ignore[arg-type]  # tests hold the data to the types


def override_limits(profile: PushProfile, limits: Mapping[str, int]) -> PushProfile:
    """The profile with some of its limits replaced.

    Args:
        profile: The dated profile.
        limits: Numbers by the names in `LIMITS`.

    Raises:
        ValueError: There is no such limit, or it is below 1.
    """
    for name, number in limits.items():
        if name not in LIMITS:
            known = ", ".join(LIMITS)
            raise ValueError(f"limit == {name!r}, must be one of {known}")
        if number < 1:
            raise ValueError(f"{name} == {number}, must be at least 1")
    return replace(profile, **limits) if limits else profile  # type: ignore[arg-type]  # names are checked above
