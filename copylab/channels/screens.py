"""Screens: what a phone shows of a push before anybody opens it.

Approximate and advisory: pixels decide, and fonts and phones differ. The figures are
dated data; a column is one Latin character, a Han character is two.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from copylab.channels.dated import dated_names, load_dated
from copylab.channels.graphemes import split_graphemes
from copylab.channels.width import display_width

if TYPE_CHECKING:
    from collections.abc import Sequence

ELLIPSIS = "…"
_PLACES = ("banner", "lock_screen", "notification_centre", "expanded")


@dataclass(frozen=True, slots=True)
class Surface:
    """A place where a push appears.

    Attributes:
        platform: `ios` or `android`.
        name: `banner`, `lock_screen`, `notification_centre` or `expanded`.
        title_columns: Columns of the title that it shows.
        title_lines: The lines of the title.
        body_columns: Columns of the body that it shows.
        body_lines: The lines of the body.
    """

    platform: str
    name: str
    title_columns: int
    title_lines: int
    body_columns: int
    body_lines: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a place shows of a push.

    Attributes:
        surface: The place.
        title: The title as it is seen, with an ellipsis where it is cut.
        body: The body as it is seen.
        title_cut: Columns of the title that are not seen.
        body_cut: Columns of the body that are not seen.
    """

    surface: Surface
    title: str
    body: str
    title_cut: int
    body_cut: int

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values."""
        return {
            "platform": self.surface.platform,
            "surface": self.surface.name,
            "title": self.title,
            "body": self.body,
            "title_cut": self.title_cut,
            "body_cut": self.body_cut,
        }


def platform_names() -> tuple[str, ...]:
    """The platforms whose screens are known, sorted."""
    return dated_names("screens")


@cache
def surfaces(platform: str) -> tuple[Surface, ...]:
    """The places where a platform shows a push, from the least room to the most.

    Args:
        platform: `ios` or `android`.

    Raises:
        ValueError: There is no such platform.
    """
    values = load_dated("screens", platform)

    def number(key: str) -> int:
        value = values[key].value
        assert isinstance(value, int)
        return value

    found = [
        Surface(
            platform,
            name,
            number("title_columns"),
            number("title_lines"),
            number(f"{name}_columns"),
            number(f"{name}_lines"),
        )
        for name in _PLACES
        if f"{name}_columns" in values
    ]
    return tuple(sorted(found, key=lambda surface: surface.body_columns))


def shown_on_screens(
    title: str, body: str, *, platforms: Sequence[str] = ("ios", "android")
) -> tuple[Shown, ...]:
    """What each place of each platform shows of a push.

    Args:
        title: The title.
        body: The text.
        platforms: The platforms, in the order of the result.

    Raises:
        ValueError: There is no such platform.
    """
    return tuple(
        _shown(title, body, surface)
        for platform in platforms
        for surface in surfaces(platform)
    )


def visible_columns(field: str) -> int:
    """The columns of `title` or `body` that every platform shows where it shows most.

    What is longer is cut everywhere on some platform until the push is opened.
    """
    found = []
    for platform in platform_names():
        roomiest = surfaces(platform)[-1]
        is_title = field == "title"
        found.append(roomiest.title_columns if is_title else roomiest.body_columns)
    return min(found)


@cache
def clipped_characters() -> int:
    """The characters of a text that Android keeps; it drops the others unseen."""
    value = load_dated("screens", "android")["clipped_characters"].value
    assert isinstance(value, int)
    return value


def cut_to_columns(text: str, columns: int, *, lines: int = 1) -> tuple[str, int]:
    """The start of a text that fits, with an ellipsis where it is cut, and what is not.

    A user-perceived character is never torn apart. A line break uses up its line.

    Args:
        text: Any text.
        columns: The room, in columns, at least 1.
        lines: The lines that the room is divided into, at least 1.

    Returns:
        The text that is seen, and how many columns of the text are not.

    Raises:
        ValueError: There is no room, or no line.
    """
    if columns < 1 or lines < 1:
        raise ValueError(f"columns, lines == {columns}, {lines}, must be at least 1")
    line_columns = -(-columns // lines)
    clusters = split_graphemes(text.rstrip())
    if _count_fitting(clusters, columns, line_columns) == len(clusters):
        return text, 0
    room = columns - display_width(ELLIPSIS)
    kept = _count_fitting(clusters, room, line_columns)
    hidden = "".join(clusters[kept:]).replace("\n", "")
    return "".join(clusters[:kept]).rstrip() + ELLIPSIS, display_width(hidden)


def _count_fitting(clusters: Sequence[str], columns: int, line_columns: int) -> int:
    """How many of the clusters fit."""
    used = line_start = 0
    for index, cluster in enumerate(clusters):
        if cluster == "\n":
            whole_lines = -(-used // line_columns) * line_columns
            used = line_start = max(whole_lines, line_start + line_columns)
        else:
            used += display_width(cluster)
        if used > columns:
            return index
    return len(clusters)


def _shown(title: str, body: str, surface: Surface) -> Shown:
    head, head_cut = cut_to_columns(
        title, surface.title_columns, lines=surface.title_lines
    )
    text, cut = cut_to_columns(body, surface.body_columns, lines=surface.body_lines)
    return Shown(surface, head, text, head_cut, cut)
