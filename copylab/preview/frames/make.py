"""Frames of a message: what one user would get, or why there is nothing to get."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from copylab.channels.composed import Email, Push
from copylab.channels.route import routes_of
from copylab.compose.build import BUILDERS
from copylab.compose.prepare import PreparedCopy, prepare_copy
from copylab.compose.render import read_values
from copylab.compose.result import Rejected
from copylab.message.charsets import is_blank
from copylab.message.values import MISSING, is_null, why_missing
from copylab.preview.frames.email import EmailFrame, email_frame
from copylab.preview.frames.push import PushFrame, push_frame
from copylab.preview.frames.sms import SmsFrame, sms_frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.channels.composed import Sms
    from copylab.message.model import Message, Variable
    from copylab.preview.frames.pieces import Mark

Why = Literal["skip", "error", "unsendable", "broken", "no_copy"]
Fault = Literal["absent", "blank", "outside"]


@dataclass(frozen=True, slots=True)
class Lack:
    """A variable without a value that can be used.

    Attributes:
        variable: Its name.
        source: The key of the user that should hold it.
        action: What its declaration says then: ``skip`` or ``error``.
        fault: Whether the value is ``absent``, ``blank`` or ``outside`` its bounds.
        given: The value as the user has it; empty where there is none.
        why: The library's words for it.
        low: The least number or date allowed, as it is written; empty for none.
        high: The greatest.
    """

    variable: str
    source: str
    action: str
    fault: Fault
    given: str
    why: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class NoFrame:
    """What stands in place of a message that a user does not get.

    Attributes:
        why: ``skip``: it is not sent, as planned; ``error``: it should have been sent
            and cannot; ``unsendable``: no route or service takes what would be sent;
            ``broken``: the words cannot be read; ``no_copy``: there are none.
        lacks: The variables without a value.
        problems: What is wrong besides, one sentence each.
        locale: The locale of the words.
        kind: ``none``.
    """

    why: Why
    lacks: tuple[Lack, ...] = ()
    problems: tuple[str, ...] = ()
    locale: str = ""
    kind: str = "none"


Frame = SmsFrame | PushFrame | EmailFrame
"""A message as it is seen; ``kind`` says of which channel."""


@dataclass(frozen=True, slots=True)
class Press:
    """The words of one variant, ready for many users.

    Attributes:
        catalog: The workspace's content.
        key: Message, channel, locale and variant.
        copy: The words, compiled; None where they cannot be.
        problems: Why they cannot be.
    """

    catalog: Catalog
    key: Key
    copy: PreparedCopy | None
    problems: tuple[str, ...] = ()

    @property
    def message(self) -> Message:
        """The message."""
        return self.catalog.messages[self.key[0]]


def prepare_press(catalog: Catalog, key: Key) -> Press:
    """The words of a variant, ready to be shown.

    Args:
        catalog: The workspace's content, with whatever is wrong in it.
        key: Message, channel, the exact locale of a file, and variant.
    """
    templates = catalog.templates.get(key)
    if templates is None:
        return Press(catalog, key, None)
    wrong = [
        finding.message
        for template in templates.values()
        for finding in template.lowered.findings
        if finding.severity == "error"
    ]
    if wrong:
        return Press(catalog, key, None, tuple(wrong))
    message = catalog.messages[key[0]]
    return Press(catalog, key, prepare_copy(catalog, message, *key[1:]))


def press_frame(
    press: Press, user: Mapping[str, object], *, clock: str = ""
) -> Frame | NoFrame:
    """What a user gets, or why there is nothing.

    Args:
        press: The words.
        user: One flat mapping of attributes and variables.
        clock: The time that the devices show.
    """
    locale = press.key[2]
    if press.copy is None:
        why: Why = "broken" if press.problems else "no_copy"
        return NoFrame(why, problems=press.problems, locale=locale)
    values, wrong = read_values(press.copy, user)
    if wrong:
        lacks = tuple(_lacks(press.copy, values, user))
        is_error = any(lack.action == "error" for lack in lacks)
        return NoFrame("error" if is_error else "skip", lacks, locale=locale)
    built = BUILDERS[press.key[1]](press.copy, values, lambda _: None)
    if isinstance(built, Rejected):
        return NoFrame("unsendable", problems=built.problems, locale=locale)
    return make_frame(press.message, locale, built, clock=clock)


def make_frame(
    message: Message,
    locale: str,
    sent: Sms | Push | Email,
    *,
    marks: Mapping[str, Sequence[Mark]] | None = None,
    clock: str = "",
) -> Frame:
    """A finished message as it is seen.

    Args:
        message: The message.
        locale: The locale of its words.
        sent: What would be sent.
        marks: What is to be marked, by field: ``body`` of a short message, ``title``
            and ``body`` of a push, ``subject`` and ``preheader`` of an e-mail.
        clock: The time that the devices show.

    Raises:
        ValueError: It is a short message that a route cannot carry.
    """
    on = marks or {}
    if isinstance(sent, Push):
        title, body = on.get("title", ()), on.get("body", ())
        return push_frame(
            message, locale, sent, title_marks=title, body_marks=body, clock=clock
        )
    if isinstance(sent, Email):
        subject, preheader = on.get("subject", ()), on.get("preheader", ())
        return email_frame(
            message,
            locale,
            sent,
            subject_marks=subject,
            preheader_marks=preheader,
            clock=clock,
        )
    routes = routes_of(message, locale)
    body = on.get("body", ())
    return sms_frame(message, locale, sent.text, routes, marks=body, clock=clock)


def clock_of(message: Message, channel: str) -> str:
    """The time at which a message may arrive: its step's window opens then.

    Args:
        message: The message.
        channel: The channel.
    """
    for step in message.sequence:
        if step.channel == channel and step.window:
            return step.window.partition("-")[0]
    return "10:08"


def _lacks(
    copy: PreparedCopy, values: Mapping[str, object], user: Mapping[str, object]
) -> list[Lack]:
    found = []
    for item in copy.inputs:
        if values[item.name] is not MISSING:
            continue
        raw = user.get(item.source, user.get(item.name))
        low, high = _bounds(item.variable)
        lack = Lack(
            item.name,
            item.source,
            item.action,
            _fault(raw),
            "" if raw is None else str(raw),
            why_missing(item.variable, raw),
            low,
            high,
        )
        found.append(lack)
    return found


def _fault(raw: object) -> Fault:
    if raw is None or is_null(raw):
        return "absent"
    return "blank" if isinstance(raw, str) and is_blank(raw) else "outside"


def _bounds(variable: Variable) -> tuple[str, str]:
    if variable.low is None or variable.high is None:
        return "", ""
    return _written(variable.low, variable), _written(variable.high, variable)


def _written(bound: object, variable: Variable) -> str:
    if isinstance(bound, Decimal):
        return f"{bound:,f}"
    text = str(bound.isoformat())  # type: ignore[attr-defined]  # a date or a time
    return text.partition("T")[0] if variable.type == "date" else text
