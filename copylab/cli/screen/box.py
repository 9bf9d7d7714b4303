"""Boxes: text wrapped by the columns it takes, in a frame of lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.channels.graphemes import split_graphemes
from copylab.channels.width import display_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# C0 and C1 controls but the line feed, and bidirectional controls (UAX #9).
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
PHONE_COLUMNS = 40
"""Columns of text in a bubble: about 20 Han characters, as on a phone."""


def wrap(text: str, columns: int = PHONE_COLUMNS) -> list[str]:
    """The lines of a text, none wider than so many columns.

    Lines break at spaces and between wide characters; a word that is longer than a line
    is cut between user-perceived characters. What is in the text stays in it: the lines
    of a paragraph, joined, are the paragraph.
    """
    return [line for part in text.split("\n") for line in _wrap_line(part, columns)]


def _wrap_line(text: str, columns: int) -> Iterator[str]:
    line, width = "", 0
    for word in _words(text):
        size = display_width(word)
        if line and width + display_width(word.rstrip(" ")) > columns:
            yield line
            line, width = "", 0
        if size > columns:
            for cluster in split_graphemes(word):
                if width + display_width(cluster) > columns:
                    yield line
                    line, width = "", 0
                line, width = line + cluster, width + display_width(cluster)
            continue
        line, width = line + word, width + size
    yield line


def _words(text: str) -> Iterator[str]:
    """Pieces that stay together: words with the spaces behind them, wide characters."""
    word = ""
    for cluster in split_graphemes(text):
        is_wide = display_width(cluster) > 1
        if word and (is_wide or (word.endswith(" ") and cluster != " ")):
            yield word
            word = ""
        word += cluster
        if is_wide:
            yield word
            word = ""
    if word:
        yield word


def visible(text: str) -> str:
    """The text with controls and marks of direction spelt out: a terminal obeys them."""
    return _UNSEEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)


def draw_box(
    sections: Sequence[tuple[str, str]], columns: int = PHONE_COLUMNS
) -> list[str]:
    """The lines of a frame with sections in it, each below a rule with its title.

    Args:
        sections: Pairs of a title, which may be empty, and a text.
        columns: The columns of the text.
    """
    lines = []
    for index, (title, text) in enumerate(sections):
        left, right = ("├", "┤") if index else ("╭", "╮")
        rule = f"─ {title} " if title else ""
        lines.append(left + rule + "─" * (columns + 2 - display_width(rule)) + right)
        for whole in wrap(visible(text), columns):
            line = whole if display_width(whole) <= columns else whole.rstrip(" ")
            pad = " " * max(columns - display_width(line), 0)
            lines.append(f"│ {line}{pad} │")
    return [*lines, "╰" + "─" * (columns + 2) + "╯"]


def plural(count: int, thing: str) -> str:
    """A count with its thing: `1 part`, `2 parts`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
