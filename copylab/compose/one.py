"""Composing one user: audience, arm, variant, locale, values, render, exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copylab.channels.composed import Email, Push, Sms
from copylab.compose.build import BUILDERS
from copylab.compose.find import find_experiment, find_locale, find_message
from copylab.compose.prepare import (
    PreparedCopy,
    PreparedExperiment,
    prepare_copy,
    prepare_experiment,
)
from copylab.compose.result import Rejected, Skipped
from copylab.experiment.assign import Assignment, assign
from copylab.experiment.exposure import Exposure
from copylab.message.values import MISSING, why_missing
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.catalog import Catalog

Composed = Sms | Push | Email | Skipped | Rejected

SCHEME = "md5-v1"
_MAX_KEPT_LOCALES = 1000


class Composer:
    """One message and channel of a catalog, prepared and ready for users.

    Preparing a variant happens at its first user and is kept. Two threads may prepare
    the same variant at once; they make the same thing, and one of them is kept.

    Args:
        catalog: The workspace's content.
        message_id: A message of the catalog.
        channel: A channel the message has words for.

    Raises:
        ValueError: There is no such message, or it has no words for the channel.
    """

    def __init__(self, catalog: Catalog, message_id: str, channel: str) -> None:
        self.catalog = catalog
        self.message = find_message(catalog, message_id, channel)
        self.channel = channel
        found = find_experiment(catalog, message_id, channel)
        self.experiment: PreparedExperiment | None = (
            None if found is None else prepare_experiment(catalog, found)
        )
        self._build = BUILDERS[channel]
        self._copies: dict[tuple[str, str], PreparedCopy] = {}
        self._locales: dict[str, str | None] = {}

    def compose(
        self,
        user: Mapping[str, object],
        at: datetime,
        locale: str | None = None,
        send_id: str | None = None,
    ) -> Composed:
        """The message for a user, or why there is none.

        Args:
            user: One flat mapping of attributes and variables.
            at: The time of the send, with a time zone.
            locale: The locale to write in; None takes the user's ``locale``.
            send_id: The caller's key of this send, for deduplication.
        """
        assignment = None
        variant = self.message.live
        prepared = self.experiment
        if prepared is not None:
            assignment = assign(
                prepared.split, user, now=at, audience=prepared.audience
            )
            if assignment.arm is not None:
                variant = assignment.arm
            elif assignment.reason == "unit":
                unit = prepared.experiment.unit
                return Rejected("unit", (f"{unit} is missing or is not a text",))
        wanted = user.get("locale") if locale is None else locale
        tag = self._find_locale(wanted)
        if tag is None:
            return self._reject_locale(wanted)
        if variant == "none":
            none = self.expose(user, at, send_id, assignment, (None, None, tag), None)
            return Skipped("arm_none", none)
        copy = self._copies.get((variant, tag)) or self._prepare(variant, tag)
        values: dict[str, Any] = {}
        for name, source, read, action, replacement, _ in copy.inputs:
            value = read(user.get(source))
            if value is MISSING:
                if action != "use":
                    words = (variant, copy.hash, tag)
                    exposure = self.expose(user, at, send_id, assignment, words, None)
                    return _stop(copy, user, exposure)
                value = replacement
            values[name] = value
        words = (variant, copy.hash, tag)
        return self._build(
            copy,
            values,
            lambda segments: self.expose(
                user, at, send_id, assignment, words, segments
            ),
        )

    def _prepare(self, variant: str, tag: str) -> PreparedCopy:
        copy = prepare_copy(self.catalog, self.message, self.channel, tag, variant)
        self._copies[variant, tag] = copy
        return copy

    def _find_locale(self, wanted: object) -> str | None:
        """The locale of the file for a wanted locale, or None."""
        tag = wanted if isinstance(wanted, str) else ""
        if tag in self._locales:
            return self._locales[tag]
        found = find_locale(self.catalog, self.message, self.channel, tag)
        if len(self._locales) < _MAX_KEPT_LOCALES:  # a hostile table fills no memory
            self._locales[tag] = found
        return found

    def _reject_locale(self, wanted: object) -> Rejected:
        has = sorted(
            tag for channel, tag in self.message.copies if channel == self.channel
        )
        what = f"locale '{wanted}'" if wanted else "no locale"
        return Rejected("locale", (f"{what}: the copy is in {', '.join(has)}",))

    def expose(
        self,
        user: Mapping[str, object],
        at: datetime,
        send_id: str | None,
        assignment: Assignment | None,
        words: tuple[str | None, str | None, str],
        segments: int | None,
    ) -> Exposure:
        """The record of a send; ``words`` are the variant, its hash and its locale."""
        variant, copy_hash, locale = words
        prepared = self.experiment
        if prepared is None or assignment is None:
            unit = user.get("user_id")
            return Exposure(
                ts=at,
                send_id=send_id,
                experiment=None,
                salt=None,
                scheme=None,
                unit_type="user_id",
                unit=unit if isinstance(unit, str) else None,
                traffic_bucket=None,
                arm_bucket=None,
                epoch=None,
                layer=None,
                arm=None,
                reason="no_experiment",
                audience_hash=None,
                template_id=self.message.id,
                variant=variant,
                template_hash=copy_hash,
                channel=self.channel,
                locale=locale,
                segments=segments,
                lib_version=__version__,
            )
        experiment = prepared.experiment
        return Exposure(
            ts=at,
            send_id=send_id,
            experiment=experiment.name,
            salt=experiment.salt,
            scheme=SCHEME,
            unit_type=experiment.unit,
            unit=assignment.unit,
            traffic_bucket=assignment.traffic_bucket,
            arm_bucket=assignment.arm_bucket,
            epoch=assignment.epoch,
            layer=None,
            arm=assignment.arm,
            # 'unit' was rejected before; the other reasons are the same words.
            reason=assignment.reason,  # type: ignore[arg-type]
            audience_hash=prepared.audience_hash,
            template_id=self.message.id,
            variant=variant,
            template_hash=copy_hash,
            channel=self.channel,
            locale=locale,
            segments=segments,
            lib_version=__version__,
        )


def _stop(
    copy: PreparedCopy, user: Mapping[str, object], exposure: Exposure
) -> Skipped | Rejected:
    """All missing values at once; where one says error, error wins."""
    problems = []
    fatal = False
    for name, source, read, action, _, variable in copy.inputs:
        raw = user.get(source)
        if action != "use" and read(raw) is MISSING:
            fatal = fatal or action == "error"
            problems.append(f"{name}: {why_missing(variable, raw)}")
    if fatal:
        return Rejected("missing", tuple(problems))
    return Skipped("missing", exposure, tuple(problems))
