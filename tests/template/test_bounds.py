"""Worst texts: what a short message can need at most."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from copylab.channels.sms import measure
from copylab.document import Section, parse_document
from copylab.message.copy import make_passage
from copylab.message.variables import read_variables
from copylab.source import SourceFile
from copylab.template.bounds import Bounds, bound_shape, bound_text, worst_on_path
from copylab.template.lower import lower_passage
from copylab.template.paths import enumerate_paths
from copylab.template.ranges import Letters, Words, as_letters, cost, join, union
from copylab.template.scope import Scope

WORDS = [f"w{n}" for n in range(12)]
Worst = Callable[[str, str], int]


@pytest.fixture
def worst_parts() -> Worst:
    """The most parts that copy can need with some declarations."""

    def most(declared: str, text: str) -> int:
        root, findings = parse_document(SourceFile("message.yaml", declared))
        assert root is not None
        scope = Scope(read_variables(Section(root, findings, "v")), "en-US")
        source = SourceFile("sms.en-US.md", text)
        lowered = lower_passage(make_passage(source, 0, len(text)), scope)
        assert not findings
        assert lowered.findings == ()
        paths = enumerate_paths(lowered.shape, scope)
        assert paths is not None
        worst = [worst_on_path(path, scope, "sms").text for path in paths]
        return max(measure(text).segments for text in worst)

    return most


def test_a_short_word_that_leaves_gsm_7_beats_a_long_one_that_does_not(
    worst_parts: Worst,
) -> None:
    values = [*WORDS, "a" * 40, "短"]
    declared = f"city: {{type: enum, values: [{', '.join(values)}]}}"
    assert worst_parts(declared, "x" * 100 + "{{ city }}") == 2
    assert worst_parts(declared, "x" * 50 + "{{ city }}") == 1


def test_a_long_word_inside_gsm_7_beats_a_short_one_outside(worst_parts: Worst) -> None:
    values = [*WORDS, "a" * 170, "短"]
    declared = f"city: {{type: enum, values: [{', '.join(values)}]}}"
    assert worst_parts(declared, "{{ city }}") == 2


def test_one_character_of_a_name_is_enough_to_leave_gsm_7(worst_parts: Worst) -> None:
    declared = "name: {type: person_name, max: 1}"
    assert worst_parts(declared, "x" * 68 + "{{ name }}") == 1
    assert worst_parts(declared, "x" * 69 + "{{ name }}") == 2
    gsm = "name: {type: person_name, max: 1, charset: gsm7}"
    assert worst_parts(gsm, "x" * 158 + "{{ name }}") == 1
    assert worst_parts(gsm, "x" * 159 + "{{ name }}") == 2


def test_a_plural_form_outside_of_gsm_7_counts(worst_parts: Worst) -> None:
    declared = "days: {type: int, min: 0, max: 9}"
    text = "x" * 80 + '{{ days | plural(one="día", other="days") }}'
    assert worst_parts(declared, text) == 2


def test_every_choice_of_words_is_within_the_worst(worst_parts: Worst) -> None:
    first, second = ["a" * 60, "é" * 3, "短" * 2], ["b" * 30, "€" * 20, "😀" * 9]
    declared = (
        f"one: {{type: enum, values: [{', '.join([*WORDS, *first])}]}}\n"
        f"two: {{type: enum, values: [{', '.join([*WORDS, *second])}]}}\n"
    )
    for fixed in range(0, 170, 7):
        text = "x" * fixed
        true = max(
            measure(text + a + b).segments for a, b in itertools.product(first, second)
        )
        assert worst_parts(declared, text + "{{ one }}{{ two }}") == true


def test_an_undeclared_bound_is_bounded_by_much() -> None:
    source = SourceFile("message.yaml", "note: {type: text}")
    root, findings = parse_document(source)
    assert root is not None
    scope = Scope(read_variables(Section(root, findings, "v")), "en-US")
    passage = make_passage(SourceFile("a.md", "{{ note }}"), 0, 10)
    shape = lower_passage(passage, scope).shape
    assert bound_shape(shape, scope).most["length"] >= 100_000


def test_bounds_add_up_and_join() -> None:
    short, long = bound_text("a"), bound_text("中€")
    both, either = short.then(long), short.either(long)
    assert (both.shortest, both.most["length"], both.gsm7) == (3, 3, False)
    assert (either.shortest, either.most["bytes"]) == (1, 6)
    assert short.repeated(0, 3) == Bounds(0, bound_text("aaa").most)


def test_ranges_joined_or_united_hold_each_part() -> None:
    words = Words((("a", "aa"), ("b", "b~")))
    letters = Letters((("x", "xx"), ("y", "中")), 1, 3, prefix="p")
    both, either = join([words, letters]), union([words, letters])
    assert both.most("length") >= cost("b~pxxxxxx", "length")
    assert both.most("septets") >= cost("b~p中中中", "septets")
    assert len(both.shortest()) <= 4
    assert either.most("bytes") >= cost("p中中中", "bytes")
    assert as_letters(words).low == 2
    assert union([words, words]).worst("length")[1] in {"aa", "b~"}
