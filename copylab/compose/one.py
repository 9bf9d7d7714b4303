"""Composing one user: audience, arm, variant, locale, values, render, exposure."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from copylab.audience.misfits import misfit_problems
from copylab.channels.composed import Email, Push, Sms
from copylab.compose.audience_parts import AudiencePart, audience_parts
from copylab.compose.build import BUILDERS
from copylab.compose.columns import message_columns
from copylab.compose.find import (
    find_experiment,
    find_locale,
    find_message,
    find_trial,
)
from copylab.compose.placing import placer
from copylab.compose.prepare import (
    PreparedCopy,
    PreparedExperiment,
    prepare_copy,
    prepare_experiment,
    prepare_trial,
)
from copylab.compose.record import holdout_recorder, recorder, trial_recorder
from copylab.compose.result import Rejected, Skipped
from copylab.experiment.assign import force as force_arm
from copylab.experiment.buckets import SCHEME, is_unit
from copylab.experiment.holdout import prepare_holdout
from copylab.experiment.model import NO_SEND
from copylab.experiment.strata import STRATA_SCHEME
from copylab.message.values import MISSING, why_missing
from copylab.template.render import compile_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.audience.attributes import AttributeType
    from copylab.catalog import Catalog
    from copylab.compose.columns import Column
    from copylab.compose.record import Placement
    from copylab.experiment.exposure import Exposure
    from copylab.experiment.holdout import HoldoutSplit
    from copylab.template.render import Pieces

Composed = Sms | Push | Email | Skipped | Rejected

_MAX_KEPT_LOCALES = 1000


class Composer:
    """One message and channel of a catalog, prepared and ready for users.

    Preparing a variant happens at its first user and is kept. Two threads may prepare
    the same variant at once; they make the same thing, and one of them is kept.

    Args:
        catalog: The workspace's content.
        message_id: A message of the catalog.
        channel: A channel the message has words for.
        listed: The key of users that holds their arm, drawn with a list such as
            ``stratified_split`` makes; None lets their buckets say it.

    Raises:
        ValueError: There is no such message, it has no words for the channel, or there
            are arms on a list and no experiment is running.
    """

    def __init__(
        self,
        catalog: Catalog,
        message_id: str,
        channel: str,
        listed: str | None = None,
    ) -> None:
        self.catalog = catalog
        self.listed = listed
        self.message = find_message(catalog, message_id, channel)
        self.channel = channel
        found = find_experiment(catalog, message_id, channel)
        self.experiment: PreparedExperiment | None = (
            None if found is None else prepare_experiment(catalog, found)
        )
        self.holdout: HoldoutSplit | None = None
        held = catalog.holdout
        if held is not None and self.message.purpose in held.purposes:
            self.holdout = prepare_holdout(held)
            self._expose_held = holdout_recorder(message_id, channel, held)
        self.trial: PreparedExperiment | None = None
        if listed is not None and found is None:
            raise ValueError(
                f"listed == {listed!r}, but no experiment is running on "
                f"{message_id} {channel}"
            )
        scheme = SCHEME if listed is None else STRATA_SCHEME
        self.expose = recorder(message_id, channel, self.experiment, scheme)
        draft = find_trial(catalog, message_id, channel) if found is None else None
        if draft is not None:
            self.trial = prepare_trial(draft)
            tried = recorder(message_id, channel, self.trial)
            self.expose = trial_recorder(self.expose, tried)
        self._place = placer(self.experiment, self.holdout, self.trial, listed)
        self._build = BUILDERS[channel]
        self._copies: dict[tuple[str, str], PreparedCopy] = {}
        self._pieces: dict[tuple[str, str], Mapping[str, Pieces]] = {}
        self._locales: dict[str, str] = {}

    def compose(
        self,
        user: Mapping[str, object],
        at: datetime,
        locale: str | None = None,
        send_id: str | None = None,
        force: str | None = None,
    ) -> Composed:
        """The message for a user, or why there is none.

        Args:
            user: One flat mapping of attributes and variables.
            at: The time of the send, with a time zone.
            locale: The locale to write in; None takes the user's ``locale``.
            send_id: The caller's key of this send, for deduplication.
            force: An arm to try out, whatever the user's buckets say.

        Raises:
            ValueError: No experiment of the message and channel has the arm to try out.
        """
        variant = self.message.live
        placement = self._place(user, at) if force is None else self._force(user, force)
        if placement[0] is not None:
            variant = placement[0]
        elif placement[1] == "unit":
            return self._reject_unit(user)
        elif placement[1] == "attribute":
            return Rejected("attribute", misfit_problems(self.audience_types, user))
        wanted = user.get("locale") if locale is None else locale
        # Only what is a str can be looked up: a user's value may not be hashable.
        tag = self._locales.get(wanted) if type(wanted) is str else None
        if tag is None:
            tag = self._find_locale(wanted)
            if tag is None:
                return self.reject_locale(wanted)
        if variant == NO_SEND:
            return self.keep_silent(at, send_id, placement, tag)
        copy = self._copies.get((variant, tag)) or self.copy(variant, tag)
        values: dict[str, Any] = {}
        for name, source, read, action, replacement, _ in copy.inputs:
            value = read(user.get(source))
            if value is MISSING:
                if action != "use":
                    words = (variant, copy.hash, tag)
                    exposure = self.expose(at, send_id, placement, *words, None)
                    return _stop(copy, user, exposure)
                value = replacement
            values[name] = value
        expose = partial(self.expose, at, send_id, placement, variant, copy.hash, tag)
        return self._build(copy, values, expose)

    def _force(self, user: Mapping[str, object], arm: str) -> Placement:
        """Where a user stands who tries an arm out."""
        tried = self.experiment or self.trial
        where = f"{self.message.id} {self.channel}"
        if tried is None:
            raise ValueError(f"force == {arm!r}, but no experiment is on {where}")
        experiment = tried.experiment
        if arm not in experiment.arms:
            known = ", ".join(experiment.arms)
            raise ValueError(
                f"force == {arm!r}, must be an arm of {experiment.name}: {known}"
            )
        words = [
            copy.variants
            for (channel, _), copy in self.message.copies.items()
            if channel == self.channel
        ]
        if arm != NO_SEND and any(arm not in variants for variants in words):
            raise ValueError(f"force == {arm!r}, which has no words in {where}")
        return force_arm(tried.split, arm, user.get(experiment.unit))

    def keep_silent(
        self, at: datetime, send_id: str | None, placement: Placement, tag: str
    ) -> Skipped:
        """The skip of a user whom nothing is sent to, as planned."""
        if placement[1] == "holdout":
            held = self._expose_held(at, send_id, placement, None, None, tag, None)
            return Skipped("holdout", held)
        none = self.expose(at, send_id, placement, None, None, tag, None)
        return Skipped("arm_none", none)

    @property
    def unit_keys(self) -> list[str]:
        """The attributes that users must have to be placed, in their order."""
        units = [] if self.holdout is None else [self.holdout.holdout.unit]
        if self.experiment is not None:
            units.append(self.experiment.experiment.unit)
        return units

    @property
    def has_forced(self) -> bool:
        """Whether there are users whose arm is forced."""
        tried = self.experiment or self.trial
        return tried is not None and bool(tried.split.forced)

    @property
    def audience_types(self) -> Mapping[str, AttributeType]:
        """By name, the types of the attributes that the audience asks for."""
        return {} if self.experiment is None else self.experiment.attributes

    @staticmethod
    def unit_problem(unit: str) -> str:
        """What is wrong with a user whose unit is none."""
        return f"{unit} is missing or is not a text"

    def _reject_unit(self, user: Mapping[str, object]) -> Rejected:
        units = self.unit_keys
        wrong = next((unit for unit in units if not is_unit(user.get(unit))), None)
        if wrong is None:  # the unit is one, and its arm on the list is none
            arm = user.get(self.listed or "")
            return Rejected("arm", (f"{self.listed} is {arm!r}, no arm there is",))
        return Rejected("unit", (self.unit_problem(wrong),))

    def copy(self, variant: str, tag: str) -> PreparedCopy:
        """The words of a variant in the locale of a file, prepared once."""
        copy = self._copies.get((variant, tag))
        if copy is None:
            copy = prepare_copy(self.catalog, self.message, self.channel, tag, variant)
            self._copies[variant, tag] = copy
        return copy

    def pieces(self, variant: str, tag: str) -> Mapping[str, Pieces]:
        """By field, the words of a variant taken apart: for many users at once."""
        pieces = self._pieces.get((variant, tag))
        if pieces is None:
            key = (self.message.id, self.channel, tag, variant)
            pieces = {
                name: compile_pieces(item.lowered.shape, item.scope)
                for name, item in self.catalog.templates[key].items()
            }
            self._pieces[variant, tag] = pieces
        return pieces

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of a table of its messages."""
        return message_columns(self.channel, self.message.push)

    @cached_property
    def audience_parts(self) -> tuple[AudiencePart, ...]:
        """What must hold of a user who is in the audience of the experiment."""
        if self.experiment is None:
            return ()
        audience = self.catalog.audience_of(self.experiment.experiment)
        return () if audience is None else audience_parts(audience.condition)

    def __reduce__(self) -> tuple[type[Composer], tuple[Catalog, str, str, str | None]]:
        """What it needs of the workspace travels; what was compiled is made again."""
        own = self.message.id
        used = self.experiment or self.trial
        experiment = {} if used is None else {used.experiment.name: used.experiment}
        catalog = replace(
            self.catalog,
            messages={own: self.message},
            templates={k: v for k, v in self.catalog.templates.items() if k[0] == own},
            experiments=experiment,
            metrics={},
            personas={},
            sources={},
            findings=(),
        )
        return Composer, (catalog, own, self.channel, self.listed)

    def _find_locale(self, wanted: object) -> str | None:
        """The locale of the file for a wanted locale, kept for the next user."""
        tag = str(wanted) if isinstance(wanted, str) else ""
        found = find_locale(self.catalog, self.message, self.channel, tag)
        # A table of made-up locales must fill no memory.
        if found is not None and len(self._locales) < _MAX_KEPT_LOCALES:
            self._locales[tag] = found
        return found

    def reject_locale(self, wanted: object) -> Rejected:
        """The rejection of a user in whose locale there are no words."""
        has = sorted(
            tag for channel, tag in self.message.copies if channel == self.channel
        )
        what = f"locale '{wanted}'" if isinstance(wanted, str) else "no locale"
        return Rejected("locale", (f"{what}: the copy is in {', '.join(has)}",))


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
