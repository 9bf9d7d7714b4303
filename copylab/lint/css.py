"""CSS as far as rules need it: declarations, colours, sizes and contrast."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
LINK: Colour = (0, 0, 238)
"""What clients show links in that have no colour of their own."""

_DECLARATION = re.compile(
    r"(?P<name>--[\w-]{1,80}|-?[a-zA-Z][\w-]{0,80})\s{0,9}:"
    r"(?P<value>(?:\"[^\"]*\"|'[^']*'|\([^()]*\)|[^;{}()\"'])*)"
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\Z")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)\Z")
_SIZE = re.compile(r"(?P<number>\d{0,5}(?:\.\d{1,6})?)(?P<unit>px|pt|em|rem|%|)\Z")
# The sixteen colours of CSS 2.1, and those that mails are written with.
_NAMED: dict[str, Colour] = {
    "black": BLACK, "white": WHITE, "silver": (192, 192, 192), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "maroon": (128, 0, 0), "red": (255, 0, 0),
    "purple": (128, 0, 128), "fuchsia": (255, 0, 255), "green": (0, 128, 0),
    "lime": (0, 255, 0), "olive": (128, 128, 0), "yellow": (255, 255, 0),
    "navy": (0, 0, 128), "blue": (0, 0, 255), "teal": (0, 128, 128),
    "aqua": (0, 255, 255), "orange": (255, 165, 0), "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211), "darkgray": (169, 169, 169), "whitesmoke": (245, 245, 245),
}  # fmt: skip
_KEYWORDS = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0,
    "x-large": 24.0, "xx-large": 32.0,
}  # fmt: skip
USUAL_PX = 16.0


def declarations(style: str) -> dict[str, str]:
    """The properties of a ``style`` attribute, in small letters; the later one wins."""
    found: dict[str, str] = {}
    for match in _DECLARATION.finditer(_COMMENT.sub(" ", style)):
        value = match["value"].replace("!important", "").strip().lower()
        found[match["name"].lower()] = value
    return found


def sheet_declarations(sheet: str) -> Iterator[tuple[str, str, int, int]]:
    """Name, value, start and end of each declaration of a style sheet.

    What stands in front of a ``{`` is no declaration, ``a:hover`` with it.
    """
    text = _COMMENT.sub(lambda match: " " * len(match[0]), sheet)
    for block in re.finditer(r"\{(?P<inside>[^{}]*)\}", text):
        start = block.start("inside")
        for match in _DECLARATION.finditer(block["inside"]):
            place = start + match.start(), start + match.end()
            yield match["name"].lower(), match["value"].strip().lower(), *place


def parse_colour(value: str) -> Colour | None:
    """The colour, or None where it is not fixed or not known."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    found = _HEX.match(value)
    if found is not None:
        digits = found[1]
        if len(digits) == 3:  # noqa: PLR2004 - #rgb is short for #rrggbb
            digits = "".join(digit * 2 for digit in digits)
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    found = _RGB.match(value)
    if found is not None:
        red, green, blue = (min(int(part), 255) for part in found.groups())
        return red, green, blue
    return None


def parse_size(value: str, around_px: float) -> float | None:
    """A font size in pixels, or None where it is not fixed or not known.

    Args:
        value: As it is written.
        around_px: The size around it.
    """
    value = value.strip().lower()
    if value in _KEYWORDS:
        return _KEYWORDS[value]
    found = _SIZE.match(value)
    if found is None or not found["number"] or found["number"] == ".":
        return None
    number = float(found["number"])
    unit = found["unit"]
    if not unit and number:
        return None
    factors = {"px": 1, "pt": 4 / 3, "em": around_px, "rem": USUAL_PX, "": 1}
    return number * (around_px / 100 if unit == "%" else factors[unit])


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = []
    for part in colour:
        share = part / 255
        parts.append(
            share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - the formula of sRGB
        )
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
