"""Try it: values on one side, what comes of them on the other.

The section stands on a message's page. What comes of values is a page of its own
without a frame around it, which the section asks for whenever a value changes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.compose.result import Rejected
from copylab.experiment.exposure import Exposure
from copylab.preview.page import Page
from copylab.preview.trying.choice import make_user, read_choice, shown_values
from copylab.preview.trying.controls import make_controls
from copylab.preview.trying.outcome import prepare_trying
from copylab.preview.trying.raw import raw_of, show_raw
from copylab.preview.trying.users import list_personas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.compose.attempt import Taken
    from copylab.message.model import Message
    from copylab.preview.page import View
    from copylab.preview.shown import Shown
    from copylab.preview.trying.choice import Choice
    from copylab.preview.trying.controls import Control
    from copylab.preview.trying.outcome import TriedVariant, Trying
    from copylab.preview.trying.told import Told
    from copylab.preview.trying.users import Persona, Place, User
    from copylab.workspace import Workspace

STYLES = ("try.css",)
SCRIPTS = ("try.js",)


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the running experiment, or the holdout, makes of a user.

    Attributes:
        experiment: The experiment; empty for the holdout alone.
        arm: The arm; empty where the user is in none.
        variant: The variant that the user gets; empty for none.
        reason: Why, as exposures say it; or ``unit`` or ``attribute``.
        unit: The attribute that users are drawn by.
    """

    experiment: str
    arm: str
    variant: str
    reason: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TryResult:
    """What comes of a choice.

    Attributes:
        place: The channel and the locale.
        variants: What each variant gives.
        about: The findings about the message as a whole.
        assigned: What the running experiment makes of the user, or None.
        status: One sentence on all of it.
        state: What the controls show, as JSON.
        is_stale: Whether the words are those of an earlier state of the files.
    """

    place: Place
    variants: tuple[TriedVariant, ...]
    about: tuple[Told, ...]
    assigned: Assigned | None
    status: str
    state: str
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class TryIt:
    """The section of a message's page in which it is tried out.

    Attributes:
        message_id: The message.
        fragment: The path of the page that gives results.
        places: By channel, its locales.
        personas: Whom it can be tried with.
        controls: The variables' controls.
        attributes: Controls of what audiences ask for.
        choice: What the address says.
        result: What comes of that.
    """

    message_id: str
    fragment: str
    places: tuple[tuple[str, tuple[str, ...]], ...]
    personas: tuple[Persona, ...]
    controls: tuple[Control, ...]
    attributes: tuple[Control, ...]
    choice: Choice
    result: TryResult

    @property
    def locales(self) -> tuple[str, ...]:
        """All locales of all channels."""
        return tuple(dict.fromkeys(tag for _, tags in self.places for tag in tags))


def try_it(shown: Shown, view: View, message_id: str) -> TryIt | None:
    """The section for a message's page, under the name ``tryit``.

    None where the message has no words at all.

    Args:
        shown: The state of the workspace.
        view: Who looks; the address holds what they chose.
        message_id: The message.
    """
    workspace = _workspace_of(shown, message_id)
    message = workspace.messages[message_id]
    if not message.copies:
        return None
    controls = make_controls(workspace, message)
    choice = read_choice(view.query, workspace, message, controls)
    places = tuple(
        (channel, tuple(tag for name, tag in message.copies if name == channel))
        for channel in message.channels
    )
    return TryIt(
        message_id,
        f"try/{message_id}.html",
        places,
        list_personas(workspace),
        tuple(item for item in controls if not item.is_attribute),
        tuple(item for item in controls if item.is_attribute),
        choice,
        _result(shown, view, message, controls, choice),
    )


def try_page(shown: Shown, view: View, message_id: str) -> Page:
    """What comes of the values in the address, without a frame around it.

    Args:
        shown: The state of the workspace.
        view: Who looks; the address holds what they chose.
        message_id: The message.

    Raises:
        ValueError: The message has no words.
    """
    found = try_it(shown, view, message_id)
    if found is None:
        raise ValueError(f"message_id == {message_id!r}, which has no words to try")
    title = f"{view.say('trying.title')}: {message_id}"
    return Page(
        view.path, title, "parts/try_result.html", {"tryit": found}, STYLES, SCRIPTS
    )


def _workspace_of(shown: Shown, message_id: str) -> Workspace:
    """The workspace in which the message can be read."""
    return shown.last_good.get(message_id, shown.workspace)


def _result(
    shown: Shown,
    view: View,
    message: Message,
    controls: tuple[Control, ...],
    choice: Choice,
) -> TryResult:
    workspace = _workspace_of(shown, message.id)
    user = make_user(workspace, message, choice, controls, shown.at)
    is_stale = workspace is not shown.workspace
    trying = prepare_trying(
        workspace,
        message,
        choice.place,
        shown.report,
        shown.findings_of(message.id),
        is_stale=is_stale,
    )
    variants = tuple(trying.try_variant(name, user) for name in trying.presses)
    return TryResult(
        choice.place,
        variants,
        () if is_stale else trying.teller.about_message(),
        None if is_stale else _assigned(shown, message, choice.place, user),
        _status(view, choice.place, variants),
        _state(view, trying, controls, choice, user),
        is_stale,
    )


def _status(view: View, place: Place, variants: tuple[TriedVariant, ...]) -> str:
    findings = {told.finding for variant in variants for told in variant.told}
    sent = sum(variant.state == "sent" for variant in variants)
    return view.say(
        "trying.status",
        place=str(place),
        sent=sent,
        n=len(variants),
        findings=len(findings),
    )


def _state(
    view: View,
    trying: Trying,
    controls: tuple[Control, ...],
    choice: Choice,
    user: User,
) -> str:
    """What each control shows, as JSON: its value, and what is said of it."""
    values = shown_values(user, choice, controls)
    taken = trying.take(user)
    shown = {
        control.name: {
            "raw": values[control.name][0],
            "missing": values[control.name][1],
            "used": control.is_attribute or control.name in taken,
            "then": _then(view, trying, control),
            "told": _told(view, taken.get(control.name), *values[control.name]),
        }
        for control in controls
    }
    state = {
        "channel": choice.place.channel,
        "locale": choice.place.locale,
        "persona": choice.persona,
        "controls": shown,
    }
    return json.dumps(state, ensure_ascii=False)


def _then(view: View, trying: Trying, control: Control) -> str:
    """What follows where a variable is missing."""
    variable = trying.message.variables.get(control.name)
    if variable is None or control.is_attribute:
        return ""
    action, raw = variable.missing.at(trying.place.locale)
    if action != "use":
        return view.say(f"trying.then_{action}")
    text = show_raw(raw_of(variable, raw))
    if text in {None, "", "[]"}:
        return view.say("trying.then_nothing")
    return view.say("trying.then_use", value=text)


def _told(view: View, taken: Taken | None, raw: str, is_missing: bool) -> str:  # noqa: FBT001 - as the control shows it
    """Why a value that is given was not taken; empty where it was."""
    if taken is None or not taken.why or (is_missing and not raw):
        return ""
    return "" if is_missing else view.say("trying.told_use", why=taken.why)


def _assigned(
    shown: Shown, message: Message, place: Place, user: Mapping[str, object]
) -> Assigned | None:
    """What the running experiment makes of a user; None where none is running."""
    workspace = shown.workspace
    if workspace.errors() or not workspace.templates:
        return None
    composer = workspace.composer(message.id, place.channel)
    if composer.experiment is None and composer.holdout is None:
        return None
    unit = ", ".join(composer.unit_keys)
    name = "" if composer.experiment is None else composer.experiment.experiment.name
    composed = workspace.compose(
        message.id, user, channel=place.channel, at=shown.at, locale=place.locale
    )
    if isinstance(composed, Rejected):
        if composed.reason in {"unit", "attribute"}:
            return Assigned(name, "", "", composed.reason, unit)
        return None
    exposure = composed.exposure
    if not isinstance(exposure, Exposure):
        return None
    return Assigned(
        exposure.experiment or name,
        exposure.arm or "",
        exposure.variant or "",
        exposure.reason,
        unit,
    )
