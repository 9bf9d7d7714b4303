"""Attempts: what one variant gives a user, and what became of each of their values.

``compose`` answers for the variant that a user gets. Somebody who writes copy asks for
every variant, and wants to know which values were not taken and why: the answer is that
of ``compose``, with the same reading, the same building and the same reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copylab.compose.build import BUILDERS
from copylab.compose.result import Rejected, Skipped
from copylab.message.values import MISSING, why_missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.channels.composed import Email, Push, Sms
    from copylab.compose.prepare import Input, PreparedCopy


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a user's value.

    Attributes:
        name: The variable.
        source: The key of the user that holds it.
        why: Why it counts as missing; empty where it was taken as it is.
        action: What follows where it is missing: ``use``, ``skip`` or ``error``.
        replacement: What is used instead, as copy uses it.
    """

    name: str
    source: str
    why: str
    action: str
    replacement: object


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a variant gives a user.

    Attributes:
        outcome: The message, or why there is none.
        taken: What became of each value, in the order of the variables' names.
        values: The values as copy uses them; without those that are missing.
    """

    outcome: Sms | Push | Email | Skipped | Rejected
    taken: tuple[Taken, ...]
    values: Mapping[str, Any]


def attempt(copy: PreparedCopy, channel: str, user: Mapping[str, object]) -> Attempt:
    """What a variant gives a user, outside of every experiment.

    Args:
        copy: The variant's words, ready to be rendered.
        channel: ``sms``, ``push`` or ``email``.
        user: One flat mapping of attributes and variables.
    """
    values: dict[str, Any] = {}
    taken = []
    for item in copy.inputs:
        value, became = take_value(item, user.get(item.source))
        taken.append(became)
        if value is not MISSING:
            values[item.name] = value
    stopped = _stopped(taken)
    outcome = stopped or BUILDERS[channel](copy, values, lambda _segments: None)
    return Attempt(outcome, tuple(taken), values)


def take_value(item: Input, raw: object) -> tuple[object, Taken]:
    """The value as copy uses it, or ``MISSING``; and what became of the raw one."""
    value = item.read(raw)
    why = ""
    if value is MISSING:
        why = why_missing(item.variable, raw)
        value = item.replacement if item.action == "use" else MISSING
    became = Taken(item.name, item.source, why, item.action, item.replacement)
    return value, became


def _stopped(taken: list[Taken]) -> Skipped | Rejected | None:
    """Why nothing can be made of the values; where one says error, error wins."""
    lacking = [item for item in taken if item.why and item.action != "use"]
    if not lacking:
        return None
    problems = tuple(f"{item.name}: {item.why}" for item in lacking)
    if any(item.action == "error" for item in lacking):
        return Rejected("missing", problems)
    return Skipped("missing", None, problems)
