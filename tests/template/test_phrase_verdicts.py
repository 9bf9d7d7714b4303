"""ALWAYS is in every output, NEVER in none, and MAYBE says who decides."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copylab.message.model import Missing, Passage, Variable
from copylab.source import SourceFile, Span
from copylab.template.automaton import automaton_of
from copylab.template.lower import lower_passage
from copylab.template.paths import enumerate_paths
from copylab.template.phrases import PhraseVerdict, judge_phrase
from copylab.template.render import compile_shape
from copylab.template.scope import Scope
from copylab.template.shape import Lit, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from copylab.template.shape import Shape

    Write = Callable[[int], Any]
    Draw = Callable[[random.Random, str], dict[str, object]]

NOWHERE = Span("message.yaml", 1, 1, 1, 1)
WORDS = ("OP", "a", "ST")
ITEM = Variable("way", "enum", "way", NOWHERE, values=("ST", "OP"))
VARIABLES = {
    "stage": Variable("stage", "enum", "stage", NOWHERE, values=WORDS),
    "app": Variable("app", "bool", "app", NOWHERE),
    "days": Variable("days", "int", "days", NOWHERE, low=0, high=2),  # type: ignore[arg-type]
    "name": Variable("name", "text", "name", NOWHERE, max_length=8),
    "pin": Variable("pin", "text", "pin", NOWHERE, max_length=4, charset="digits"),
    "long": Variable(
        "long", "enum", "long", NOWHERE, values=tuple(f"OP{n}" for n in range(20))
    ),
    "steps": Variable(
        "steps",
        "list",
        "steps",
        NOWHERE,
        max_items=3,
        items={"way": ITEM},
        missing=Missing("use", []),
    ),
    "sure": Variable("sure", "list", "sure", NOWHERE, max_items=2, items={"way": ITEM}),
}


def shape_of(text: str) -> tuple[Shape, Scope]:
    passage = Passage(SourceFile("email.en-US.md", text), text, ((0, 0),))
    scope = Scope(VARIABLES, "en-US", allow_loops=True)
    lowered = lower_passage(passage, scope)
    assert lowered.findings == ()
    return lowered.shape, scope


def judge(text: str, phrase: str | re.Pattern[str]) -> PhraseVerdict:
    return judge_phrase(*shape_of(text), phrase)


@pytest.mark.parametrize(
    ("text", "answer", "because"),
    [
        ("Reply STOP", "ALWAYS", ""),
        ("Reply", "NEVER", ""),
        ("{% if app %}STOP{% else %}STOP{% endif %}", "ALWAYS", ""),
        ("{% if app %}STOP{% endif %}", "MAYBE", "branch"),
        ("{{ name }}", "MAYBE", "value"),
        ("{{ pin }}", "NEVER", ""),
        ("ST{{ pin }}OP", "NEVER", ""),
        ("ST{{ name }}", "MAYBE", "value"),
        ("S{% if app %}TOP{% else %}TOP{% endif %}", "ALWAYS", ""),
        ("ST{{ long }}", "ALWAYS", ""),
        ("{% if app %}ST{% endif %} {% if app %}STOP{% endif %}", "MAYBE", "branch"),
        ("{% if app %}STOP{% endif %}{% if not app %}STOP{% endif %}", "ALWAYS", ""),
        ("{% if app %}ST{% endif %}{% if not app %}OP{% endif %}", "NEVER", ""),
        ("ST{{ stage }}", "MAYBE", "branch"),
        ("{% if stage == 'OP' %}ST{{ stage }}{% else %}STOP{% endif %}", "ALWAYS", ""),
        ('{{ days | plural(one="STOP", other="STOPs") }}', "ALWAYS", ""),
        ("ST{% for s in steps %}{{ s.way }}{% endfor %}OP", "ALWAYS", ""),
        ("ST{% for s in steps %}x{{ s.way }}{% endfor %}OP", "MAYBE", "branch"),
        ("{% for s in sure %}a STOP b{% endfor %}", "ALWAYS", ""),
        ("{% for s in steps %}a STOP b{% endfor %}", "MAYBE", "branch"),
        ("{% for s in sure %}OPaST{% endfor %}", "MAYBE", "branch"),
        ("ST{% for s in sure %}OPaST{% endfor %}", "ALWAYS", ""),
    ],
)
def test_a_phrase_is_judged_over_all_outputs(
    text: str, answer: str, because: str
) -> None:
    found = judge(text, "STOP")
    assert (found.answer, found.because) == (answer, because)


def test_the_bounds_of_words_are_seen_through_values() -> None:
    stop = re.compile(r"\bSTOP\b")
    assert judge("STOP{{ pin }}", stop).answer == "NEVER"
    assert judge("STOP.{{ pin }}", stop).answer == "ALWAYS"
    found = judge("STOP{{ name }}", stop)
    assert (found.answer, found.because) == ("MAYBE", "branch")


def test_a_verdict_shows_ways_that_lack_and_that_hold() -> None:
    found = judge("a{% if app %}STOP{% else %}no{% endif %}", "STOP")
    assert found.lacking is not None
    assert found.holding is not None
    texts = [
        "".join(leaf.text for leaf in way.leaves if isinstance(leaf, Lit))
        for way in (found.lacking, found.holding)
    ]
    assert texts == ["ano", "aSTOP"]


def test_what_a_machine_cannot_read_is_not_judged() -> None:
    for pattern in (r"(a)\1", r"(?=ab)a", r"(?<!ab)c"):
        assert judge("aab", re.compile(pattern)).because == "unproved"


def test_too_many_ways_are_judged_without_walking_them() -> None:
    choices = "{% if days == 1 %}a{% endif %}" + "".join(
        f"{{% if '{n}' in name %}}x{{% else %}}y{{% endif %}}" for n in range(40)
    )
    started = time.process_time()
    assert judge(
        choices + "ST{% if app %}OP{% else %}OP{% endif %}", "STOP"
    ).answer == ("ALWAYS")
    assert judge(choices, "STOP").answer == "NEVER"
    found = judge(choices + "{% if app %}STOP{% endif %}", "STOP")
    assert (found.answer, found.because) == ("MAYBE", "branch")
    assert time.process_time() - started < 2


def test_a_pattern_that_runs_for_ever_elsewhere_is_judged_at_once() -> None:
    text = "a" * 3000 + "{{ name }}" + "{% if app %}b{% else %}c{% endif %}"
    started = time.process_time()
    assert judge(text, re.compile(r"(?:a+)+$")).answer == "NEVER"
    assert judge(text, re.compile(r"(?:a|aa)+x(?:\d*)*y\Z")).answer != "ALWAYS"
    assert time.process_time() - started < 2


TESTS = ("stage == 'OP'", "stage in ['OP', 'a']", "app", "not app", "days > 0")
CHUNKS = ("STOP", "ST", "OP", "S", " ", "x", "{{ stage }}", "{{ days }}", "{{ long }}")


def join(parts: Sequence[str]) -> str:
    return "".join(parts)


finite = st.recursive(
    st.lists(st.sampled_from(CHUNKS), max_size=4).map(join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(join),
        st.tuples(st.sampled_from(TESTS), inner, inner).map(
            lambda t: f"{{% if {t[0]} %}}{t[1]}{{% else %}}{t[2]}{{% endif %}}"
        ),
        inner.map(lambda t: f"{{% for s in sure %}}{t}{{% endfor %}}"),
    ),
    max_leaves=7,
)
PATTERNS = (
    "STOP",
    r"\bSTOP\b",
    "OPS",
    r"S(?!T)",
    r"(?<!\d)x",
    r"^ST",
    r"OP$",
    "s[0-9]",
)


def renders(shape: Shape, scope: Scope) -> set[str]:
    render = compile_shape(shape, scope)
    # The text of one output depends on one of the long words at a time.
    return {
        render(
            {"stage": stage, "app": app, "days": days, "long": long, "sure": ({},) * n}
        )
        for stage, app, days, long, n in itertools.product(
            WORDS, (True, False), range(3), VARIABLES["long"].values, (1, 2)
        )
    }


@given(finite, st.sampled_from(PATTERNS))
@example("{% for s in sure %}{{ stage }}{% endfor %}", "STOP")
@settings(max_examples=250, deadline=None)
def test_a_verdict_agrees_with_all_outputs(text: str, source: str) -> None:
    assume_flat = text.count("{% for") < 2
    if not assume_flat:
        return
    pattern = re.compile(source, re.IGNORECASE)
    shape, scope = shape_of(text)
    found = judge_phrase(shape, scope, pattern)
    hits = {bool(pattern.search(out)) for out in renders(shape, scope)}
    truth = {frozenset((True,)): "ALWAYS", frozenset((False,)): "NEVER"}
    expected = truth.get(frozenset(hits), "MAYBE")
    if found.answer != "MAYBE":
        assert found.answer == expected
    elif "long" not in text and "days" not in text and "{% for" not in text:
        # Words and choices alone are decided exactly.
        assert expected == "MAYBE"


def draw_patterns(shape: Shape, rng: random.Random) -> list[re.Pattern[str]]:
    """Pieces of the author's words, alone, beside others, bounded, or foreign."""
    leaves = [n.text for n in walk(shape) if isinstance(n, Lit) and n.text]
    words = "".join(leaves)
    patterns = []
    for _ in range(10):
        if not words or rng.random() < 0.3:
            piece = re.escape(
                "".join(rng.choices("aZ0 é中-&;rR拒", k=rng.randint(1, 2)))
            )
        elif rng.random() < 0.5:
            piece = re.escape(rng.choice(leaves)[-2:] + rng.choice(leaves)[:2])
        else:
            start = rng.randrange(len(words))
            piece = re.escape(words[start : start + rng.randint(1, 6)])
        form = rng.choice(
            (
                "{}",
                "{}",
                r"\b{}",
                r"{}\b",
                r"(?<!\d){}",
                r"{}(?!\d)",
                "^{}",
                "{}$",
                r"{}\w",
            )
        )
        patterns.append(re.compile(form.format(piece), rng.choice((0, re.IGNORECASE))))
    return patterns


def hold_verdicts(case: Any, draw: Draw, seed: int, times: int) -> Counter[str]:
    """Hold the verdicts on one template.

    Raises:
        AssertionError: An output is not as a verdict says.
    """
    lowered = lower_passage(
        case.passage, case.scope, escape=case.escape, partials=case.partials
    )
    shape, scope, rng = lowered.shape, case.scope, random.Random(seed)
    paths = enumerate_paths(shape, scope, limit=16)
    render = compile_shape(shape, scope)
    said = [
        (pattern, judge_phrase(shape, scope, pattern, paths=paths or []).answer)
        for pattern in draw_patterns(shape, rng)
    ]
    for _ in range(times):
        values = draw(rng, scope.locale)
        text = render({name: values[name] for name in lowered.used})
        for pattern, answer in said:
            held = pattern.search(text) is not None
            assert held or answer != "ALWAYS", (pattern.pattern, text, seed)
            assert not held or answer != "NEVER", (pattern.pattern, text, seed)
    return Counter(answer for _, answer in said)


def test_verdicts_hold_on_random_templates(
    write_case: Write, draw_values: Draw
) -> None:
    said: Counter[str] = Counter()
    for seed in range(150):
        said += hold_verdicts(write_case(seed), draw_values, seed, 4)
    assert min(said["ALWAYS"], said["NEVER"]) > 100


@pytest.mark.fuzz
@pytest.mark.parametrize("part", range(5))
def test_verdicts_hold_on_a_hundred_thousand_renders(
    write_case: Write, draw_values: Draw, part: int
) -> None:
    for seed in range(1000 + part * 2000, 1000 + (part + 1) * 2000):
        hold_verdicts(write_case(seed), draw_values, seed, 10)


def test_the_machine_finds_what_python_finds() -> None:
    rng, tried = random.Random(1), 0
    while tried < 6000:
        source = _random_pattern(rng) + rng.choice(("", "", "", "$", r"\Z"))
        try:
            pattern = re.compile(
                source, rng.choice((0, re.IGNORECASE, re.DOTALL, re.MULTILINE))
            )
        except re.error:
            continue
        machine = automaton_of(pattern)
        assert machine is not None
        for _ in range(10):
            text = "".join(rng.choices("abABcSsßẞ 12_-中\nkKK惠٣", k=rng.randint(0, 7)))
            tried += 1
            assert machine.search(text) is (pattern.search(text) is not None), source


ATOMS = ("a", "b", "S", "ß", "[ab]", "[^a]", ".", r"\d", r"\w", r"\s", "(?:a|bc|)")
ATOMS = (*ATOMS, "[0-9-]", "(?i:k)", "中", "[一-龥]", "(?-i:A)", r"\W", r"[^\d\s]")
POINTS = (r"\b", r"\B", "(?<!a)", "(?!b)", "(?<=[ab])", r"(?=\d)", "^", "(?m:^)")
POINTS = (*POINTS, "(?m:$)", "(?!惠|先)")


def _random_pattern(rng: random.Random, depth: int = 0) -> str:
    pieces = []
    for _ in range(rng.randint(1, 4)):
        if rng.random() < 0.3:
            pieces.append(rng.choice(POINTS))
            continue
        atom = rng.choice(ATOMS)
        if depth < 2 and rng.random() < 0.2:
            other = rng.choice(("", "|" + _random_pattern(rng, depth + 1)))
            atom = f"(?:{_random_pattern(rng, depth + 1)}{other})"
        if rng.random() < 0.3:
            atom += rng.choice(("*", "+", "?", "{2}", "{1,3}", "*?"))
        pieces.append(atom)
    return "".join(pieces)
