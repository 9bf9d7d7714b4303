"""A phrase that is said to be in every output is in every output."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from copylab.lint.skeletons import skeletons
from copylab.lint.surely import has_surely
from copylab.template.lower import lower_passage
from copylab.template.paths import enumerate_paths
from copylab.template.phrases import VALUE
from copylab.template.render import compile_shape
from copylab.template.shape import Lit, Rep, walk
from copylab.template.solve import agrees

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.template.shape import Shape

    Write = Callable[[int], Any]
    Draw = Callable[[random.Random, str], dict[str, object]]


def draw_patterns(shape: Shape, rng: random.Random) -> list[re.Pattern[str]]:
    """Pieces of what the author wrote, some of them bounded as words are."""
    words = "".join(leaf.text for leaf in walk(shape) if isinstance(leaf, Lit))
    patterns = []
    for _ in range(12 if words else 0):
        start = rng.randrange(len(words))
        piece = re.escape(words[start : start + rng.randint(1, 6)])
        form = rng.choice(("{}", "{}", r"\b{}", r"{}\b", r"(?<!\d){}", r"{}(?!\d)"))
        patterns.append(re.compile(form.format(piece), rng.choice((0, re.IGNORECASE))))
    return patterns


def hold_phrases(case: Any, draw: Draw, seed: int) -> int:
    lowered = lower_passage(
        case.passage, case.scope, escape=case.escape, partials=case.partials
    )
    shape, scope, rng = lowered.shape, case.scope, random.Random(seed)
    paths = enumerate_paths(shape, scope, limit=48) or []
    render, patterns = compile_shape(shape, scope), draw_patterns(shape, rng)
    texts = {id(path): skeletons(path, scope) for path in paths}
    proved = 0
    for _ in range(6):
        values = draw(rng, scope.locale)
        needed = {name: values[name] for name in lowered.used}
        text = render(needed)
        assert VALUE not in text
        for pattern in patterns:
            sure = False
            for path in paths:
                if any(isinstance(leaf, Rep) for leaf in path.leaves):
                    continue  # how often a loop runs is not written out
                if agrees(path.state, needed, scope):
                    found = texts[id(path)]
                    sure |= all(has_surely(s, s.text, pattern, scope) for s in found)
            if sure:
                proved += 1
                assert pattern.search(text), (pattern.pattern, text, seed)
    return proved


def test_a_proved_phrase_is_in_every_output(
    write_case: Write, draw_values: Draw
) -> None:
    proved = 0
    for seed in range(150):
        proved += hold_phrases(write_case(seed), draw_values, seed)
    assert proved > 1000


@pytest.mark.fuzz
def test_a_proved_phrase_is_in_every_of_many_outputs(
    write_case: Write, draw_values: Draw
) -> None:
    for seed in range(1000, 6000):
        hold_phrases(write_case(seed), draw_values, seed)
