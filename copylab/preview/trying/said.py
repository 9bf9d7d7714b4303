"""Said: what stands beside each control, in the reader's language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from copylab.message.charsets import is_blank
from copylab.message.model import NUMBER_TYPES
from copylab.preview.trying.choice import Choice, shown_values
from copylab.preview.trying.raw import raw_of, read_raw, show_raw
from copylab.preview.trying.users import TYPICAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.compose.attempt import Taken
    from copylab.message.model import Variable
    from copylab.preview.page import View
    from copylab.preview.trying.controls import Control
    from copylab.preview.trying.grid import GridPlace
    from copylab.preview.trying.outcome import Trying


def say_state(
    view: View,
    trying: Trying,
    controls: Sequence[Control],
    choice: Choice,
    user: Mapping[str, object],
    given: Mapping[str, object],
) -> str:
    """What the section shows besides the results, as JSON.

    Args:
        view: Who looks.
        trying: The place.
        controls: What can be set.
        choice: What the reader chose.
        user: The user that this describes.
        given: The same user with nothing switched off.
    """
    state = {
        "channel": choice.place.channel,
        "locale": choice.place.locale,
        "persona": choice.persona,
        "controls": say_controls(view, trying, controls, choice, user, given),
    }
    return json.dumps(state, ensure_ascii=False)


def say_controls(
    view: View,
    trying: Trying,
    controls: Sequence[Control],
    choice: Choice,
    user: Mapping[str, object],
    given: Mapping[str, object],
) -> dict[str, dict[str, object]]:
    """By control, its value, whether it is used, and what is said of it.

    It takes what ``say_state`` takes.
    """
    values = shown_values(given, choice, controls)
    taken = trying.take(user)
    said: dict[str, dict[str, object]] = {}
    for control in controls:
        raw, is_missing = values[control.name]
        found = taken.get(control.name)
        said[control.name] = {
            "raw": raw,
            "missing": is_missing,
            "used": control.is_attribute or found is not None,
            "then": _then(view, trying, control),
            "told": "" if is_missing else _told(view, trying, control, found, raw),
        }
    return said


def say_place(
    view: View, item: GridPlace, controls: Sequence[Control]
) -> dict[str, object]:
    """What can be set in one place of a file, and which results that gives.

    Args:
        view: Who looks.
        item: The place with its results.
        controls: What can be set where there is a server.
    """
    trying = item.trying
    choice = Choice(trying.place)
    usual, _ = item.personas[TYPICAL]
    return {
        "controls": say_controls(view, trying, controls, choice, usual, usual),
        "axes": [
            {
                "name": axis.control.name,
                "stops": axis.stops,
                "usual": axis.usual,
                "told": [
                    _told_of_stop(view, trying, axis.control, s) for s in axis.stops
                ],
            }
            for axis in item.axes
        ],
        "variants": [
            {"name": table.variant, "axes": table.axes, "pieces": table.pieces}
            for table in item.tables
        ],
        "personas": {
            name: {
                "controls": say_controls(view, trying, controls, choice, user, user),
                "pieces": [pieces[variant] for variant in trying.presses],
            }
            for name, (user, pieces) in item.personas.items()
        },
    }


def _told_of_stop(
    view: View, trying: Trying, control: Control, stop: str | None
) -> str:
    """What is said of a value that a control of a file offers."""
    if stop is None:
        return ""
    taken = trying.take({control.source: read_raw(control, stop)})
    return _told(view, trying, control, taken.get(control.name), stop)


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


def _told(
    view: View, trying: Trying, control: Control, taken: Taken | None, raw: str
) -> str:
    """Why a value that is given was not taken; empty where it was."""
    if taken is None or not taken.why or raw == "":
        return ""
    variable = trying.message.variables[control.name]
    return view.say(
        "trying.told_use", why=_why(view, control, variable, raw, taken.why)
    )


def _why(view: View, control: Control, variable: Variable, raw: str, why: str) -> str:
    """The reason in the reader's language; the library's words where there are none."""
    if is_blank(raw):
        return view.say("trying.why_blank")
    most = variable.max_length
    if control.kind == "text" and most is not None and len(raw.strip()) > most:
        return view.say("trying.why_long", n=len(raw.strip()), most=most)
    if control.kind == "url" and why.startswith("not an address"):
        return view.say("trying.why_url", most=most)
    if control.kind == "enum":
        return view.say("trying.why_enum", words=", ".join(variable.values))
    if variable.type in NUMBER_TYPES and control.low:
        key = "trying.why_decimals" if variable.decimals else "trying.why_number"
        return view.say(
            key, low=control.low, high=control.high, decimals=variable.decimals
        )
    if control.kind in {"date", "datetime"}:
        low, high = (end.replace("T", " ") for end in (control.low, control.high))
        return view.say(f"trying.why_{control.kind}", low=low, high=high)
    return why
