"""Phrases that some words surely hold, whatever their values are.

What stands next to a value, runs into one, or comes out of words that a value chooses
from, is judged by the proof over all outputs; the rest is seen at a glance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.fold import fold
from copylab.template.automaton import automaton_of
from copylab.template.contents import content_of
from copylab.template.expression import Filtered
from copylab.template.phrases import VALUE, PhraseVerdict, judge_leaves, judge_phrase
from copylab.template.shape import Hole

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from copylab.lint.skeletons import Skeleton
    from copylab.template.paths import Path
    from copylab.template.scope import Scope
    from copylab.template.shape import Shape


def has_surely(
    skeleton: Skeleton, text: str, pattern: re.Pattern[str], scope: Scope
) -> bool:
    """Whether a phrase is in what the author wrote, whatever the values beside it are.

    A match that holds a value counts only where all that the value can be makes it one.

    Args:
        skeleton: What the author wrote.
        text: The same as a reader sees it.
        pattern: The phrase.
        scope: What the names in it mean.
    """
    is_beside = False
    for match in pattern.finditer(text):
        start, end = match.span()
        if VALUE not in match.group():
            if VALUE not in text:
                return True
            is_beside = True
            if automaton_of(pattern) and VALUE not in text[max(start - 1, 0) : end + 1]:
                return True
    if not is_beside and not _may_come_from_words(skeleton, pattern, scope):
        return False
    leaves = [piece.leaf for piece in skeleton.pieces]
    return judge_leaves(leaves, scope, pattern, fold=fold) == "ALWAYS"


def judge_words(
    shape: Shape, scope: Scope, pattern: re.Pattern[str], paths: Sequence[Path]
) -> PhraseVerdict:
    """Whether all outputs hold a phrase, as a reader sees it.

    Args:
        shape: The words.
        scope: What their names mean.
        pattern: The phrase.
        paths: The ways through them; empty where there are too many to walk.
    """
    return judge_phrase(shape, scope, pattern, paths=paths, fold=fold)


def _may_come_from_words(
    skeleton: Skeleton, pattern: re.Pattern[str], scope: Scope
) -> bool:
    """Whether a phrase is there with the first of the words that a value can be.

    If it is not, it is not in every output, and nothing needs to be proved.
    """
    if not any(_has_few_words(piece.leaf) for piece in skeleton.pieces):
        return False
    shown = []
    for piece in skeleton.pieces:
        words = None
        if isinstance(piece.leaf, Hole) and _has_few_words(piece.leaf):
            words = content_of(piece.leaf, scope).words
        shown.append(words[0] if words else piece.text)
    return pattern.search(fold("".join(shown))) is not None


def _has_few_words(leaf: Shape) -> bool:
    """Whether a value is one of a few words that stand in the copy or its settings."""
    if not isinstance(leaf, Hole):
        return False
    expression = leaf.expression
    if isinstance(expression, Filtered):
        return expression.filter == "plural"
    return expression.type == "enum"
