"""Tags and conditional comments of a layout without their pair, branch by branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.html_view import parse_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.lint.field import Field, Written
    from copylab.lint.html_view import Unbalanced
    from copylab.source import Span


def unbalanced(item: Field) -> list[tuple[Written, Unbalanced]]:
    """What lacks its pair on a way through a layout, each place once.

    Where there are too many ways to walk, nothing is said: an arm alone need not pair.
    """
    if "unbalanced" not in item.kept:
        item.kept["unbalanced"] = list(_find(item))
    found: list[tuple[Written, Unbalanced]] = item.kept["unbalanced"]
    return found


def _find(item: Field) -> Iterator[tuple[Written, Unbalanced]]:
    told: set[Span] = set()
    for written in item.written if item.paths is not None else ():
        views = [tree_of(written)]
        if "[if" in item.literals:
            views.append(parse_html(written.skeleton.text, "outlook"))
        for tree in views:
            for found in tree.unbalanced:
                span = written.skeleton.span(found.start, found.end)
                if span not in told:
                    told.add(span)
                    yield written, found
