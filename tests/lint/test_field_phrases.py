"""Phrases on every branch: what is said of a field agrees with what it renders."""

import itertools
import re
import time
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copylab.lint.field import Field
from copylab.lint.pack import load_pack, rule_packs
from copylab.lint.surely import judge_words
from copylab.message.model import Passage, Variable
from copylab.source import SourceFile, Span
from copylab.template.automaton import automaton_of
from copylab.template.lower import Template, lower_passage
from copylab.template.render import compile_shape
from copylab.template.scope import Scope

NOWHERE = Span("message.yaml", 1, 1, 1, 1)
WORDS = ("a", "b", "c")
VARIABLES = {
    "stage": Variable("stage", "enum", "stage", NOWHERE, values=WORDS),
    "app": Variable("app", "bool", "app", NOWHERE),
    "old": Variable("old", "bool", "old", NOWHERE),
    "name": Variable("name", "person_name", "name", NOWHERE, max_length=8),
}
STOP = re.compile(r"\bSTOP\b")


def field(text: str) -> Field:
    source = SourceFile("sms.en-US.md", text)
    passage = Passage(source, text, ((0, 0),))
    scope = Scope(VARIABLES, "en-US")
    lowered = lower_passage(passage, scope)
    assert lowered.findings == ()
    return Field("body", Template(passage, lowered, scope))


def renders(item: Field) -> list[str]:
    """Every text of the field, for every choice and a few names."""
    render = compile_shape(item.shape, item.template.scope)
    return [
        render({"stage": stage, "app": app, "old": old, "name": name})
        for stage, app, old, name in itertools.product(
            WORDS, (True, False), (True, False), ("x", "Ann", "7")
        )
    ]


TESTS = ("stage == 'a'", "stage in ['a', 'b']", "app", "not old", "app and old")
CHUNKS = ("STOP", "ST", "OP", " ", "Reply ", "x", "{{ name }}", "{{ stage }}")


def join(parts: Sequence[str]) -> str:
    return "".join(parts)


templates = st.recursive(
    st.lists(st.sampled_from(CHUNKS), max_size=4).map(join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(join),
        st.tuples(st.sampled_from(TESTS), inner, inner).map(
            lambda t: f"{{% if {t[0]} %}}{t[1]}{{% else %}}{t[2]}{{% endif %}}"
        ),
        st.tuples(st.sampled_from(TESTS), inner).map(
            lambda t: f"{{% if {t[0]} %}}{t[1]}{{% endif %}}"
        ),
    ),
    max_leaves=8,
)


@given(templates)
@settings(max_examples=300, deadline=None)
def test_a_phrase_that_is_proved_is_in_every_rendering(text: str) -> None:
    item = field(text)
    if not item.lacking(STOP):
        assert all(STOP.search(out) for out in renders(item))


@given(templates)
@example("STOP{% if stage == 'a' %}STOP{% else %}STOP{% endif %}")
@example("{% if app %}Reply STOP{% else %}Reply STOP{% endif %}PED working")
@example("x{% if app %}STOP{% else %}STOP{% endif %} ")
@example("{% if app %}STOP{% else %}STOP{% endif %}{% if old %} {% endif %}x")
@settings(max_examples=300, deadline=None)
def test_a_phrase_proved_without_walking_is_proved_by_walking_too(text: str) -> None:
    item = field(text)
    verdict = judge_words(item.shape, item.template.scope, STOP, ())
    assert (verdict.answer == "ALWAYS") <= (item.lacking(STOP) == [])


@given(templates)
@settings(max_examples=300, deadline=None)
def test_words_that_are_nowhere_found_are_in_no_rendering(text: str) -> None:
    item = field(text)
    if not item.find(re.compile("STOP")):
        names = ("x", "Ann", "7")
        assert not [
            out for out in renders(item) if "STOP" in re.sub("|".join(names), "?", out)
        ]


@given(templates)
@settings(max_examples=200, deadline=None)
def test_what_is_found_stands_where_it_is_said_to_stand(text: str) -> None:
    item = field(text)
    for _, match, span in item.find(re.compile("STOP|ST|OP")):
        source = item.template.passage.source
        line = source.line(span.line)
        assert match.group().startswith(line[span.column - 1 :][:2])


def test_a_loop_counts_by_its_own_branches() -> None:
    steps = Variable(
        "steps",
        "list",
        "steps",
        NOWHERE,
        max_items=3,
        items={"kind": Variable("kind", "enum", "kind", NOWHERE, values=WORDS)},
    )
    text = "{% for s in steps %}{% if s.kind == 'a' %}STOP {% endif %}{% endfor %}"
    source = SourceFile("email.en-US.md", text)
    passage = Passage(source, text, ((0, 0),))
    scope = Scope({"steps": steps}, "en-US", allow_loops=True)
    item = Field("body", Template(passage, lower_passage(passage, scope), scope))
    assert item.find(STOP)
    assert item.lacking(STOP)


def test_with_too_many_branches_words_are_still_found_arm_by_arm() -> None:
    maze = "".join(
        f"{{% if '{number}' in name %}}x{{% endif %}}" for number in range(14)
    )
    item = field(f"{maze}{{% if app %}}bad{{% endif %}}. Reply STOP")
    assert item.paths is None
    assert [match.group() for _, match, _ in item.find(re.compile("bad"))] == ["bad"]
    assert item.lacking(STOP) == []
    unsure = field(f"{maze}{{% if app %}}Reply STOP{{% endif %}}")
    assert unsure.lacking(STOP)
    assert unsure.branch_span(STOP).column == len(maze) + 1


MAZE = "".join(
    f"{{% if '{n}' in name %}}x {{% else %}}y {{% endif %}}" for n in range(40)
)


ARMS = "{% if app %}STOP{% else %}STOP{% endif %}"


@pytest.mark.parametrize(
    "words",
    [f"Reply {ARMS}PED working, we know", f"{ARMS}{{{{ name }}}}", f"non{ARMS}."],
)
def test_an_arm_that_runs_into_other_words_proves_nothing(words: str) -> None:
    item = field(MAZE + words)
    assert item.paths is None
    assert item.lacking(STOP)


@pytest.mark.parametrize(
    "words",
    [ARMS, f"{ARMS} to opt out", f"Reply {ARMS}{{% if old %}}, ok{{% endif %}}."],
)
def test_an_arm_with_a_bound_on_each_side_proves_its_phrase(words: str) -> None:
    item = field(MAZE + words)
    assert item.paths is None
    assert item.lacking(STOP) == []


def test_wide_letters_join_words_without_walking_too() -> None:
    assert field(f"{MAZE}Reply STOP\uff30ED").lacking(STOP)
    assert not field(f"{MAZE}Reply \uff33TOP").lacking(STOP)


def all_patterns() -> list[str]:
    found: list[str] = []

    def visit(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in {"patterns", "when", "allow", "unless", "not_after", "also"}:
                    found.extend([value] if isinstance(value, str) else value)
                else:
                    visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    for name in ("optout", "email", *(f"rules/{each}" for each in rule_packs())):
        visit(load_pack(name))
    return found


@pytest.mark.parametrize("pattern", all_patterns())
def test_no_pattern_takes_long(pattern: str) -> None:
    compiled = re.compile(pattern, re.IGNORECASE)
    for text in ("a", "1", " ", "9 a", "0%", "每天", "STOP ", "P.O. Box 1 ", "$1,"):
        start = time.process_time()
        list(compiled.finditer(text * 10_000))
        assert time.process_time() - start < 2


def required_patterns() -> list[str]:
    """The phrases that a text must hold: only these are proved."""
    optout, email = load_pack("optout"), load_pack("email")["postal_address"]
    parts = [*optout["sms"].values(), optout["email_words"], *email.values()]
    for name in rule_packs():
        for rule in load_pack(f"rules/{name}")["rules"]:
            if rule["kind"] == "must_contain":
                parts += [rule, {"patterns": rule.get("also", [])}]
    return [pattern for part in parts for pattern in part["patterns"]]


@pytest.mark.parametrize("pattern", required_patterns())
def test_every_required_phrase_can_be_proved_over_all_outputs(pattern: str) -> None:
    assert automaton_of(re.compile(pattern, re.IGNORECASE)) is not None


def test_what_two_items_of_a_loop_make_together_is_not_proved_for_one() -> None:
    text = "{% for item in items %}stop{% endfor %}"
    number = Variable("n", "int", "n", NOWHERE, low=Decimal(1), high=Decimal(9))
    items = Variable(
        "items", "list", "items", NOWHERE, max_items=3, items={"n": number}
    )
    passage = Passage(SourceFile("email.en-US.md", text), text, ((0, 0),))
    scope = Scope({"items": items}, "en-US", allow_loops=True)
    item = Field("body", Template(passage, lower_passage(passage, scope), scope))
    assert item.lacking(re.compile("stopstop"))
    assert not item.lacking(re.compile("stop"))
