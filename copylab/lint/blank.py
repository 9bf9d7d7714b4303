"""Blank fields: branches on which nothing is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.template.bounds import bound_shape, hole_range
from copylab.template.shape import Alt, Hole, Lit, Rep, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words
    from copylab.lint.rule import Rule
    from copylab.source import Span
    from copylab.template.paths import Path
    from copylab.template.scope import Scope


def blank_findings(
    rule: Rule, words: Words, names: tuple[str, ...]
) -> Iterator[Finding]:
    """One finding for each field that some branch leaves blank.

    Args:
        rule: The rule that asks.
        words: A variant.
        names: The fields that must not be blank.
    """
    for name in names:
        item = words.fields.get(name)
        if item is None or _has_words(item):
            continue
        for path in item.ways:
            if _can_be_blank(path, item.template.scope):
                message = f"the {name} can be blank"
                cure = "write words for every branch, or skip the send: missing: skip"
                span = _choice_span(item)
                yield words.finding(
                    rule, item, message, span=span, path=path, help=cure
                )
                break


def _has_words(item: Field) -> bool:
    """Whether words stand outside of every choice, as they nearly always do."""
    shape = item.shape
    parts = getattr(shape, "parts", (shape,))
    return any(isinstance(part, Lit) and part.text.strip() for part in parts)


def _can_be_blank(path: Path, scope: Scope) -> bool:
    for leaf in path.leaves:
        match leaf:
            case Lit():
                if leaf.text.strip():
                    return False
            case Hole():
                if hole_range(leaf, scope, path.state).shortest().strip():
                    return False
            case Rep():
                if leaf.low and bound_shape(leaf.body, scope, path.state).shortest:
                    return False
    return True


def _choice_span(item: Field) -> Span:
    """The first choice in the words, on which their being there depends."""
    for node in walk(item.shape):
        if isinstance(node, Alt):
            return node.place.span
    return item.span
