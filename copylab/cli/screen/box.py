"""Boxes: text wrapped by the columns it takes, in a frame of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.graphemes import split_graphemes
from copylab.channels.width import display_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        for line in wrap(text, columns):
            pad = " " * max(columns - display_width(line), 0)
            lines.append(f"│ {line}{pad} │")
    return [*lines, "╰" + "─" * (columns + 2) + "╯"]


def plural(count: int, thing: str) -> str:
    """A count with its thing: `1 part`, `2 parts`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
