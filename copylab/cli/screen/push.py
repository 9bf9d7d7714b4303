"""A notification as phones show it, and the size of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.screens import shown_on_screens
from copylab.cli.screen.box import draw_box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.composed import Push
    from copylab.channels.screens import Shown

_PLATFORMS = {"ios": "iOS", "android": "Android"}


def show_push(sent: Push) -> list[str]:
    """The lines for a notification: each place that shows it, and its sizes."""
    lines: list[str] = []
    for name, shown in _places(sent):
        lines += [name, *draw_box([("", f"{shown.title}\n{shown.body}")])]
        lines += [*_cut(shown), ""]
    sizes = [
        f"{service} {sent.payload_bytes(service):,} bytes" for service in sent.payload
    ]
    return [
        *lines,
        " · ".join(sizes),
        "Where screens cut is approximate: fonts and phones differ.",
    ]


def _places(sent: Push) -> Iterator[tuple[str, Shown]]:
    """The places by name; those that show the same are named together."""
    alike: dict[tuple[str, str], tuple[list[str], Shown]] = {}
    for shown in shown_on_screens(sent.title, sent.body):
        names, _ = alike.setdefault((shown.title, shown.body), ([], shown))
        place = shown.surface.name.replace("_", " ")
        names.append(f"{_PLATFORMS[shown.surface.platform]} {place}")
    for names, shown in alike.values():
        yield ", ".join(names) + ":", shown


def _cut(shown: Shown) -> Iterator[str]:
    """How much is not seen."""
    hidden = {"title": shown.title_cut, "body": shown.body_cut}
    parts = [
        f"{columns} columns of the {name}"
        for name, columns in hidden.items()
        if columns
    ]
    if parts:
        yield f"not seen: {' and '.join(parts)}"
