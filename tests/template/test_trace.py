"""Where printed words come from: stretches of a text and their leaves."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from copylab.template.lower import lower_passage
from copylab.template.render import compile_shape, trace_shape
from copylab.template.shape import Hole, Lit, Rep, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[[int], Any]
    Draw = Callable[[random.Random, str], dict[str, object]]

CASES = 400


def test_stretches_are_the_rendered_text_and_know_their_leaves(
    write_case: Write, draw_values: Draw
) -> None:
    loops = exact = 0
    for seed in range(CASES):
        case = write_case(seed)
        shape = lower_passage(
            case.passage, case.scope, escape=case.escape, partials=case.partials
        ).shape
        leaves = {id(node) for node in walk(shape)}
        values = draw_values(random.Random(seed), case.scope.locale)
        printed = trace_shape(shape, case.scope, values)
        whole = "".join(item.text for item in printed)
        assert whole == compile_shape(shape, case.scope)(values)
        loops += any(isinstance(node, Rep) for node in walk(shape))
        for item in printed:
            assert id(item.leaf) in leaves
            place = item.leaf.place
            written = place.passage.text[place.start : place.end]
            if isinstance(item.leaf, Lit) and place.exact:
                assert item.text == written
                exact += bool(written)
            elif isinstance(item.leaf, Hole):
                assert written
    assert loops > CASES // 20
    assert exact > CASES
