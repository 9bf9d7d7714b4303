"""What is outside of the language is a finding with its place, and never runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from copylab.document import Section, parse_document
from copylab.message.copy import make_passage
from copylab.message.variables import read_variables
from copylab.source import SourceFile
from copylab.template.lower import Lowered, lower_passage
from copylab.template.paths import branches, enumerate_paths
from copylab.template.render import compile_shape
from copylab.template.scope import Scope

if TYPE_CHECKING:
    from copylab.findings import Finding
    from copylab.message.model import Passage

DECLARED = """\
name: {type: person_name, max: 8, missing: ""}
nick: {type: text, max: 8}
days: {type: int, min: -5, max: 10}
rate: {type: decimal, min: 0, max: 1000}
cny: {type: money, currency: CNY, min: 1, max: 1000}
usd: {type: money, currency: USD, min: 1, max: 1000}
vip: {type: bool}
stage: {type: enum, values: [registered, approved, repaid]}
born: {type: date}
due: {type: datetime}
items: {type: list, max_items: 3, items: {title: {type: text, max: 5}}}
"""
HANGS_AFTER_SECONDS = 20
Lower = Callable[..., Lowered]


def passage_of(text: str, name: str = "templates/m/sms.zh-CN.md") -> Passage:
    return make_passage(SourceFile(name, text), 0, len(text))


@pytest.fixture(scope="module")
def scope() -> Scope:
    root, findings = parse_document(SourceFile("message.yaml", DECLARED))
    assert root is not None
    variables = read_variables(Section(root, findings, "variables"))
    assert findings == []
    return Scope(variables, "en-US", brand={"name": "X"})


@pytest.fixture(scope="module")
def lower(scope: Scope) -> Lower:
    def lower(
        text: str, partials: Mapping[str, str] | None = None, *, loops: bool = False
    ) -> Lowered:
        where = Scope(scope.variables, "en-US", brand=scope.brand, allow_loops=loops)
        known = {
            name: passage_of(inner, f"templates/_partials/{name}")
            for name, inner in (partials or {}).items()
        }
        return lower_passage(passage_of(text), where, partials=known)

    return lower


def marked(finding: Finding, text: str) -> str:
    """What of a one-line text a finding points at."""
    assert finding.line == finding.end_line
    assert finding.line is not None
    line = text.split("\n")[finding.line - 1]
    assert finding.column is not None
    assert finding.end_column is not None
    return line[finding.column - 1 : finding.end_column - 1]


REFUSED = [
    ("{{ user.__class__ }}", "not-in-language", "user.__class__"),
    ("{{ ''.__class__.__mro__ }}", "not-in-language", ".__mro__"),
    ("{{ name.upper() }}", "not-in-language", "{{ name.upper() }}"),
    ("{{ name[0] }}", "not-in-language", "{{ name[0] }}"),
    ("{{ name() }}", "not-in-language", "{{ name() }}"),
    ("{{ lipsum() }}", "not-in-language", "{{ lipsum() }}"),
    ("{{ cycler('a') }}", "not-in-language", "{{ cycler('a') }}"),
    ("{{ self }}", "undeclared-variable", "self"),
    ("{{ request }}", "undeclared-variable", "request"),
    ("{{ [1, 2] }}", "not-in-language", "{{ [1, 2] }}"),
    ("{{ {'a': 1} }}", "not-in-language", "{{ {'a': 1} }}"),
    ("{{ none }}", "not-in-language", "{{ none }}"),
    ("{{ days * 2 }}", "not-in-language", "{{ days * 2 }}"),
    ("{{ 'a' * 1000000000 }}", "not-in-language", "{{ 'a' * 1000000000 }}"),
    ("{{ 2 ** 99 }}", "not-in-language", "{{ 2 ** 99 }}"),
    ("{{ name is defined }}", "not-in-language", "{{ name is defined }}"),
    ("{{ name if vip }}", "not-in-language", "{{ name if vip }}"),
    ("{{ 1e999 }}", "not-in-language", "1e999"),
    ("{{ 99999999999999999999 }}", "not-in-language", "99999999999999999999"),
    ("{{ 'a\\ud800' }}", "not-in-language", "'a\\ud800'"),
    ("{{ 'a\\x00' }}", "not-in-language", "'a\\x00'"),
    ("{% macro a() %}{% endmacro %}", "not-in-language", "{% macro a() %}"),
    ("{% import 'a' as b %}", "not-in-language", "{% import 'a' as b %}"),
    ("{% from 'a' import b %}", "not-in-language", "{% from 'a' import b %}"),
    ("{% extends 'a' %}", "not-in-language", "{% extends 'a' %}"),
    ("{% block b %}{% endblock %}", "not-in-language", "{% block b %}"),
    ("{% call x() %}{% endcall %}", "not-in-language", "{% call x() %}"),
    ("{% filter upper %}x{% endfilter %}", "not-in-language", "{% filter upper %}"),
    ("{% with a = 1 %}x{% endwith %}", "not-in-language", "{% with a = 1 %}"),
    (
        "{% autoescape true %}x{% endautoescape %}",
        "not-in-language",
        "{% autoescape true %}",
    ),
    ("{% set x %}a{% endset %}", "not-in-language", "{% set x %}"),
    ("{% set a, b = 1, 2 %}", "not-in-language", "{% set a, b = 1, 2 %}"),
    ("{% set brand = 'x' %}", "not-in-language", "{% set brand = 'x' %}"),
    ("{% include nick %}", "not-in-language", "{% include nick %}"),
    ("{% include ['a.md'] %}", "not-in-language", "{% include ['a.md'] %}"),
    (
        "{% include 'a.md' ignore missing %}",
        "not-in-language",
        "{% include 'a.md' ignore missing %}",
    ),
    ("{% include 'nope.md' %}", "include-missing", "{% include 'nope.md' %}"),
    ("{% include '../x' %}", "include-missing", "{% include '../x' %}"),
    ("{{ name | nope }}", "unknown-filter", "nope"),
    ("{{ name | default('x') }}", "unknown-filter", "default"),
    ("{{ name | upper | d }}", "unknown-filter", "d"),
    ("{{ name | safe }}", "unknown-filter", "safe"),
    ("{{ name | attr('x') }}", "unknown-filter", "attr"),
    ("{{ name | upper(1) }}", "bad-filter-arguments", "upper"),
    ("{{ name | truncate(days) }}", "bad-filter-arguments", "days"),
    ("{{ days | plural(one='x') }}", "bad-filter-arguments", "plural"),
    ("{{ name | upper(*items) }}", "not-in-language", "{{ name | upper(*items) }}"),
    ("{{ days | money }}", "type-mismatch", "money"),
    ("{{ name | number }}", "type-mismatch", "number"),
    ("{{ born | time }}", "type-mismatch", "time"),
    ("{{ due }}", "type-mismatch", "{{ due }}"),
    ("{{ vip }}", "type-mismatch", "{{ vip }}"),
    ("{{ items }}", "type-mismatch", "{{ items }}"),
    ("{{ name or 'x' }}", "type-mismatch", "{{ name or 'x' }}"),
    ("{{ name ~ vip }}", "type-mismatch", "{{ name ~ vip }}"),
    ("{{ name + 'x' }}", "type-mismatch", "{{ name + 'x' }}"),
    ("{{ rate + 1 }}", "type-mismatch", "{{ rate + 1 }}"),
    ("{{ -days }}", "type-mismatch", "{{ -days }}"),
    ("{{ 1 if vip else 'x' }}", "type-mismatch", "{{ 1 if vip else 'x' }}"),
    ("{{ (cny if vip else usd) | money }}", "type-mismatch", None),
    (
        "{% set a = cny %}{% if vip %}{% set a = usd %}{% endif %}",
        "type-mismatch",
        "{% if vip %}",
    ),
    ("{% if stage == 'paid' %}x{% endif %}", "type-mismatch", "'paid'"),
    ("{% if stage in ['paid', 'x'] %}y{% endif %}", "type-mismatch", None),
    ("{% if 'paid' == stage %}x{% endif %}", "type-mismatch", "'paid'"),
    ("{% if days == 'x' %}y{% endif %}", "type-mismatch", "'x'"),
    ("{% if days in ['x'] %}y{% endif %}", "type-mismatch", None),
    ("{% if name < 'x' %}y{% endif %}", "type-mismatch", "'x'"),
    ("{% if days in [vip] %}y{% endif %}", "not-in-language", None),
    ("{% if nam %}x{% endif %}", "undeclared-variable", "nam"),
    ("{{ brand.nam }}", "undeclared-variable", "brand.nam"),
    ("{% for i in items %}x{% endfor %}", "unbounded-loop", None),
    ("{% for i in range(10**9) %}x{% endfor %}", "unbounded-loop", None),
]


@pytest.mark.parametrize(("text", "rule", "place"), REFUSED)
def test_what_is_not_in_the_language_is_found_at_its_place(
    lower: Lower, text: str, rule: str, place: str | None
) -> None:
    for before in ("", "您好😀\n\n", "😀 "):
        found = lower(before + text)
        finding = next(item for item in found.findings if item.rule == rule)
        assert finding.file == "templates/m/sms.zh-CN.md"
        if place is not None:
            assert marked(finding, before + text) == place
        assert finding.message


LOOPS = [
    ("{% for i in range(10**9) %}x{% endfor %}", "unbounded-loop"),
    ("{% for i in name %}x{% endfor %}", "unbounded-loop"),
    ("{% for i in nothing %}x{% endfor %}", "undeclared-variable"),
    ("{% set items = 'abc' %}{% for i in items %}x{% endfor %}", "unbounded-loop"),
    ("{% for i in items if vip %}x{% endfor %}", "not-in-language"),
    ("{% for a, b in items %}x{% endfor %}", "not-in-language"),
    ("{% for i in items recursive %}x{% endfor %}", "not-in-language"),
    ("{% for brand in items %}x{% endfor %}", "not-in-language"),
    ("{% for i in items %}{% set i = 'x' %}{% endfor %}", "not-in-language"),
    ("{% for i in items %}{{ i }}{% endfor %}", "type-mismatch"),
    ("{% for i in items %}{{ i.nope }}{% endfor %}", "undeclared-variable"),
    ("{% for i in items %}{{ loop.revindex }}{% endfor %}", "not-in-language"),
    ("{% for i in items %}{% for j in items %}{% endfor %}{% endfor %}", None),
    ("{{ loop.index }}", "not-in-language"),
    ("{% for i in items %}{% endfor %}{{ i.title }}", "not-in-language"),
    ("{% for i in items %}a{% else %}{{ nope }}{% endfor %}", "undeclared-variable"),
]


@pytest.mark.parametrize(("text", "rule"), LOOPS)
def test_loops_run_over_declared_lists_only(
    lower: Lower, text: str, rule: str | None
) -> None:
    rules = {finding.rule for finding in lower(text, loops=True).findings}
    assert rules == {rule or "not-in-language"}


def test_a_loop_variable_may_be_used_again_after_its_loop(lower: Lower) -> None:
    text = "{% for i in items %}{{ i.title }}{% endfor %}"
    assert lower(text + text, loops=True).findings == ()


SYNTAX = [
    ("{% if vip %}x", 1, 1, "ends inside"),
    ("a\n{% if vip %}{% if name %}x{% endif %}\n\n中", 2, 1, "ends inside"),
    ("{% for i in items %}\n{% if vip %}", 2, 1, "ends inside"),
    ("您好 {{ name", 1, 7, "not closed"),
    ("{{ name name }}", 1, 9, "not closed or holds more"),
    ("a\n\n  {% nope %}", 3, 6, "no tag 'nope'"),
    ("{% else %}", 1, 4, "no tag 'else'"),
    ("{% endif %}", 1, 4, "no tag 'endif'"),
    ("{{ 'abc }}", 1, 4, "not expected"),
    ("{{ name ? }}", 1, 9, "not expected"),
    ("x {{ }}", 1, 6, ""),
    ("{% if %}x{% endif %}", 1, 7, ""),
    ("{% if vip %}x{% endfor %}", 1, 17, ""),
    ("{% set = 1 %}", 1, 8, ""),
    ("{{ (name }}", 1, 10, ""),
    ("{{ 9" + "9" * 5000 + " }}", 1, 4, "too long"),
    ("{% raw %}x", 1, 1, "not closed"),
    ("x {# never closed", 1, 3, "not closed"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), SYNTAX)
def test_broken_syntax_is_found_where_it_breaks(
    lower: Lower, text: str, line: int, column: int, words: str
) -> None:
    (finding,) = lower(text).findings
    assert finding.rule == "syntax"
    assert (finding.line, finding.column) == (line, column)
    assert words in finding.message
    assert finding.help


def doubling(template: str, times: int = 60) -> str:
    return "{% set a = vip %}{% set b = 'x' %}" + template * times


TOO_MUCH = [
    doubling("{% set b = b ~ b %}"),
    doubling("{% set a = a and a %}"),
    doubling("{% set a = not (a == a) %}"),
    doubling("{% if vip %}{% set a = not a %}{% endif %}"),
    doubling("{% set b = (b if vip else b) | upper %}"),
    doubling("{% set b = b ~ 'x' %}", 20_000),
    "{% if vip %}" * 5000 + "{% endif %}" * 5000,
    "{% if vip %}" * 60 + "{% endif %}" * 60,
    "{{ " + "(" * 5000 + "days" + ")" * 5000 + " }}",
    "{{ " + "+".join(["days"] * 5000) + " }}",
    "{{ " + "not " * 5000 + "vip }}",
    "{{ name }}" * 50_000,
]


@pytest.mark.parametrize("text", TOO_MUCH, ids=lambda text: text[:40])
def test_what_would_not_end_is_refused_soon(lower: Lower, text: str) -> None:
    start = time.process_time()
    found = lower(text)
    assert {finding.rule for finding in found.findings} == {"too-complex"}
    assert time.process_time() - start < HANGS_AFTER_SECONDS


def test_a_megabyte_of_words_is_read(lower: Lower, scope: Scope) -> None:
    text = "中a" * 500_000
    found = lower(text)
    assert found.findings == ()
    assert compile_shape(found.shape, scope)({}) == text


def test_a_cycle_of_includes_is_named(lower: Lower) -> None:
    partials = {"a.md": "A{% include 'b.md' %}", "b.md": "B{% include 'a.md' %}"}
    (finding,) = lower("{% include 'a.md' %}", partials).findings
    assert finding.rule == "include-cycle"
    assert finding.file == "templates/_partials/b.md"
    assert "a.md → b.md → a.md" in finding.message


def test_an_explosion_of_includes_is_refused(lower: Lower) -> None:
    inner = "{%% include 'x%d.md' %%}"
    for depth in (12, 40):
        partials = {f"x{n}.md": (inner % (n + 1)) * 2 for n in range(depth)}
        partials[f"x{depth}.md"] = "z"
        found = lower("{% include 'x0.md' %}", partials)
        assert {finding.rule for finding in found.findings} == {"too-complex"}


def test_a_broken_partial_is_found_in_its_file_once(lower: Lower) -> None:
    found = lower("{% include 'a.md' %}{% include 'a.md' %}", {"a.md": "x\n{{ nam }}"})
    (finding,) = found.findings
    assert (finding.file, finding.line) == ("templates/_partials/a.md", 2)
    assert found.includes == {"a.md"}


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{{% if '{n}!' in nick %}}x{{% endif %}}" for n in range(40)),
        "".join(f"{{% if '{n}' in nick %}}x{{% endif %}}" for n in range(300)),
        "{% if "
        + " and ".join(f"('{n}!' in nick or '{n}' in name)" for n in range(45))
        + " %}x{% endif %}",
    ],
    ids=["40 choices", "300 choices", "one large condition"],
)
def test_more_ways_than_can_be_walked_are_said_to_be_too_many(
    lower: Lower, scope: Scope, text: str
) -> None:
    found = lower(text)
    assert found.findings == ()
    start = time.process_time()
    assert enumerate_paths(found.shape, scope) is None
    assert time.process_time() - start < HANGS_AFTER_SECONDS


WAYS = [
    ("{% if vip %}a{% endif %}{% if vip %}b{% endif %}", 2),
    ("{% if vip %}a{% endif %}{% if not vip %}b{% endif %}", 2),
    ("{% if vip == true %}a{% endif %}{% if vip != false %}b{% endif %}", 2),
    ("{% if nick == 'a' %}a{% endif %}{% if nick == 'b' %}b{% endif %}", 3),
    ("{% if nick == 'a' %}a{% endif %}{% if 'a' in nick %}b{% endif %}", 3),
    ("{% if nick == 'nine char' %}a{% else %}b{% endif %}", 1),
    ("{% if name == 'a@b' %}a{% else %}b{% endif %}", 1),
    ("{% if name == nick %}a{% endif %}{% if nick == name %}b{% endif %}", 2),
    ("{% if stage == 'repaid' %}a{% elif stage == 'approved' %}b{% endif %}", 3),
    ("{% if 'repaid' == stage %}a{% endif %}{% if stage != 'repaid' %}b{% endif %}", 2),
    ("{% if 're' in stage %}a{% endif %}{% if stage == 'approved' %}b{% endif %}", 2),
    ("{% if days > 3 %}a{% endif %}{% if days <= 3 %}b{% endif %}", 2),
    ("{% if days > 3 %}a{% endif %}{% if days >= 4 %}b{% endif %}", 2),
    ("{% if days + 2 > 5 %}a{% endif %}{% if 3 < days %}b{% endif %}", 2),
    ("{% if days > 2.5 %}a{% endif %}{% if days >= 3 %}b{% endif %}", 2),
    ("{% if days in [1, 2] %}a{% endif %}{% if days == 1 %}b{% endif %}", 4),
    ("{% if days > 99 %}a{% endif %}", 1),
    ("{% if days %}a{% endif %}", 3),
    ("{% if nick %}a{% endif %}", 1),
    ("{% if name %}a{% endif %}{% if name == '' %}b{% endif %}", 2),
    ("{% set a = nick if vip else 'x' %}{{ a }}{{ a }}", 2),
    ("{% if (vip if days > 3 else days > 4) %}a{% endif %}", 3),
    ("{{ stage }}{{ stage }}", 3),
]


@pytest.mark.parametrize(("text", "count"), WAYS)
def test_conditions_that_go_together_are_one_choice(
    lower: Lower, scope: Scope, text: str, count: int
) -> None:
    found = lower(text)
    assert found.findings == ()
    ways = enumerate_paths(found.shape, scope)
    assert ways is not None
    assert len(ways) == count
    assert branches(ways) <= count


def test_what_a_branch_sets_is_not_seen_by_the_next_condition(
    lower: Lower, scope: Scope
) -> None:
    text = (
        "{% set a = 'x' %}{% if vip %}{% set a = 'y' %}"
        "{% elif a == 'x' %}b{% else %}c{% endif %}{{ a }}"
    )
    render = compile_shape(lower(text).shape, scope)
    assert render({"vip": True}) == "y"
    assert render({"vip": False}) == "bx"


def test_a_variable_that_a_branch_may_replace_is_used(
    lower: Lower, scope: Scope
) -> None:
    found = lower("{% if vip %}{% set nick = 'x' %}{% endif %}{{ nick }}")
    assert found.used == {"vip", "nick"}
    render = compile_shape(found.shape, scope)
    assert render({"vip": False, "nick": "Ann"}) == "Ann"


def test_variables_count_as_used_in_any_branch_and_include(lower: Lower) -> None:
    text = "{% if days > 99 %}{{ nick }}{% endif %}{% include 'a.md' %}"
    found = lower(text, {"a.md": "{{ rate | number }}"})
    assert found.used == {"days", "nick", "rate"}


def test_a_locale_without_formats_is_a_finding(scope: Scope) -> None:
    nowhere = Scope(scope.variables, "xx-YY")
    found = lower_passage(passage_of("{{ cny | money }}"), nowhere)
    assert [finding.rule for finding in found.findings] == ["bad-filter-arguments"]


def test_a_number_prints_as_copy_writes_it(lower: Lower, scope: Scope) -> None:
    found = lower("{{ 0.00001 }} {{ 1e15 }} {{ 1_000 }} {{ 2.50 }}")
    assert found.findings == ()
    assert (
        compile_shape(found.shape, scope)({}) == "0.00001 1000000000000000.0 1000 2.5"
    )


def test_places_are_those_of_the_file() -> None:
    source = SourceFile("m.md", "# plain\r\n\r\n\\# 中\r\n{{ nope }} {{ no }}\r\n")
    passage = make_passage(source, 9, len(source.text) - 1)
    found = lower_passage(passage, Scope({}, "en-US"))
    places = [(f.line, f.column, f.end_column) for f in found.findings]
    assert places == [(4, 4, 8), (4, 15, 17)]


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("{% macro m(a) %}{{ a }}{% endmacro %}", "partial"),
        ("{% import 'a.md' as a %}", "partial"),
        ("{% from 'a.md' import a %}", "partial"),
        ("{% call m() %}x{% endcall %}", "partial"),
        ("{% block b %}x{% endblock %}", "layouts"),
        ("{% extends 'a.md' %}", "layouts"),
    ],
)
def test_what_other_templates_have_is_refused_with_a_cure(
    lower: Lower, text: str, cure: str
) -> None:
    found = lower(text).findings[0]
    assert (found.rule, found.line, found.column) == ("not-in-language", 1, 1)
    assert cure in found.help
