"""Try it: values on one side, what comes of them on the other.

The section stands on a message's page. What comes of values is a page of its own
without a frame around it, which the section asks for whenever a value changes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.preview.page import Page
from copylab.preview.trying.assigned import assign
from copylab.preview.trying.choice import make_user, read_choice
from copylab.preview.trying.controls import make_controls
from copylab.preview.trying.grid import make_grid
from copylab.preview.trying.outcome import prepare_trying
from copylab.preview.trying.said import say_place, say_state
from copylab.preview.trying.users import Place, list_personas

if TYPE_CHECKING:
    from copylab.message.model import Message
    from copylab.preview.page import View
    from copylab.preview.shown import Shown
    from copylab.preview.trying.assigned import Assigned
    from copylab.preview.trying.choice import Choice
    from copylab.preview.trying.controls import Control
    from copylab.preview.trying.grid import Grid
    from copylab.preview.trying.outcome import TriedVariant, Trying
    from copylab.preview.trying.told import Told
    from copylab.preview.trying.users import Persona
    from copylab.workspace import Workspace

STYLES = ("try.css",)
SCRIPTS = ("try.js",)
_MOST_KEPT = 16
"""Places that are kept ready: somebody looks at few at a time."""


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
class InFiles:
    """What a page without a server holds.

    Attributes:
        results: How many results.
        pieces: What variants give, each once.
        places: By place, what can be set and which results that gives, as JSON.
    """

    results: int
    pieces: tuple[tuple[TriedVariant, TryResult], ...]
    places: str


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
        files: What stands in for a server; None where there is one.
    """

    message_id: str
    fragment: str
    places: tuple[tuple[str, tuple[str, ...]], ...]
    personas: tuple[Persona, ...]
    controls: tuple[Control, ...]
    attributes: tuple[Control, ...]
    choice: Choice
    result: TryResult
    files: InFiles | None = None

    @property
    def has_declared(self) -> bool:
        """Whether the workspace declares personas."""
        return any(not persona.is_made_up for persona in self.personas)

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
    result = _result(shown, view, message, controls, choice)
    return TryIt(
        message_id,
        f"try/{message_id}.html",
        places,
        list_personas(workspace),
        tuple(item for item in controls if not item.is_attribute),
        tuple(item for item in controls if item.is_attribute),
        choice,
        result,
        None if view.is_served else _in_files(shown, view, message, controls),
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
    whole = replace(choice, missing=frozenset())
    given = make_user(workspace, message, whole, controls, shown.at)
    trying = _trying(shown, message, choice.place)
    variants = tuple(trying.try_variant(name, user) for name in trying.presses)
    return TryResult(
        choice.place,
        variants,
        () if trying.is_stale else trying.teller.about_message(),
        assign(workspace, message, choice.place, user, shown.at)
        if view.is_served and not trying.is_stale
        else None,
        _status(view, choice.place, variants),
        say_state(view, trying, controls, choice, user, given),
        trying.is_stale,
    )


def _trying(shown: Shown, message: Message, place: Place) -> Trying:
    """A place, ready to be tried; kept for the next values."""
    kept: dict[object, Trying] = shown.kept.setdefault("try_it.places", {})
    found = kept.get((message.id, place))
    if found is None:
        workspace = _workspace_of(shown, message.id)
        found = prepare_trying(
            workspace,
            message,
            place,
            shown.report,
            shown.findings_of(message.id),
            is_stale=workspace is not shown.workspace,
        )
        while len(kept) >= _MOST_KEPT:
            kept.pop(next(iter(kept)), None)
        kept[message.id, place] = found
    return found


def _in_files(
    shown: Shown, view: View, message: Message, controls: tuple[Control, ...]
) -> InFiles:
    """What a page without a server holds of a message."""
    grid = _grid(shown, message, controls)
    pieces = tuple(
        (piece, TryResult(place, (), (), None, "", "")) for place, piece in grid.pieces
    )
    places = {
        str(item.trying.place): say_place(view, item, controls) for item in grid.places
    }
    return InFiles(len(pieces), pieces, json.dumps(places, ensure_ascii=False))


def _grid(shown: Shown, message: Message, controls: tuple[Control, ...]) -> Grid:
    """The results for a file; kept, as the other language asks for the same."""
    kept: dict[str, Grid] = shown.kept.setdefault("try_it.grid", {})
    if message.id not in kept:
        workspace = _workspace_of(shown, message.id)
        places = (Place(*pair) for pair in _pairs(message))
        grid = make_grid(
            [_trying(shown, message, place) for place in places],
            controls,
            list_personas(workspace),
            shown.at,
            len(shown.workspace.messages),
        )
        kept.clear()
        kept[message.id] = grid
    return kept[message.id]


def _pairs(message: Message) -> list[tuple[str, str]]:
    """The places of a message, by channel."""
    return sorted(message.copies, key=lambda pair: message.channels.index(pair[0]))


def _status(view: View, place: Place, variants: tuple[TriedVariant, ...]) -> str:
    findings = sum(len(variant.told) for variant in variants)
    sent = sum(variant.state == "sent" for variant in variants)
    return view.say(
        "trying.status",
        place=str(place),
        sent=sent,
        n=len(variants),
        findings=findings,
    )
