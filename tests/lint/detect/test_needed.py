"""The quick test before a search never spares one that would find something."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.catalog import read_catalog
from copylab.lint.detect.deferred import Deferred
from copylab.lint.detect.detection import compile_words
from copylab.lint.detect.needed import Sieve, needed_words, plain_of, runs_of
from copylab.lint.examples import write_example
from copylab.lint.fold import fold
from copylab.lint.layout_case import LayoutCases
from copylab.lint.linted import lint_message
from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.text import check_text
from copylab.lint.unmask import unmask

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = Path(__file__).parents[1]


def patterns_in(made: object) -> Iterator[re.Pattern[str]]:
    for slot in getattr(made, "__slots__", ()):
        value = getattr(made, slot)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, re.Pattern):
                yield one


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Every pattern of copylab's own packs."""
    rules = builtin_pack_rules()
    made = [rule.detection.made for rule in rules if rule.detection is not None]
    return tuple(dict.fromkeys(p for one in made for p in patterns_in(one)))


def may_hold(plain: str, needed: frozenset[str] | None) -> bool:
    """What the quick test says: by runs first, and by words where these allow it."""
    if needed is None:
        return True
    found = Sieve.of(needed).lets_through(plain, frozenset(runs_of(plain)))
    assert found == any(word in plain for word in needed)
    return found


@cache
def cases() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Texts that are clean, and texts that evade, with what is said about them."""
    found = []
    for folder in ("clean_texts", "evasive_texts"):
        for path in sorted((TEXTS / folder).glob("*.yaml")):
            for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
                for key in ("texts", "near"):
                    for item in group.get(key, ()):
                        text = item["text"] if isinstance(item, dict) else item
                        found.append((text.strip(), group["settings"]))
    return tuple(found)


@cache
def all_texts() -> tuple[str, ...]:
    """These, and the examples of every rule, as they are and as they are meant."""
    pages = [rule.page() for rule in builtin_pack_rules()]
    found = [text for text, _ in cases()]
    found += [example.text for page in pages for example in (*page.bad, *page.good)]
    folded = [fold(text) for text in found]
    masked = [unmask(text) for text in folded]
    return (*folded, *(one.text for one in masked if one is not None))


def test_each_match_of_each_pattern_holds_what_it_needs() -> None:
    texts = [(text, plain_of(text)) for text in all_texts()]
    hits = 0
    for pattern in patterns():
        needed = needed_words(pattern)
        for text, plain in texts:
            if pattern.search(text):
                hits += 1
                assert may_hold(plain, needed), pattern.pattern
    assert hits > 500


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_what_a_pattern_can_match_holds_what_it_needs(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(patterns()))
    text = data.draw(st.from_regex(pattern))
    for changed in (text, text.upper(), text.lower(), text.swapcase()):
        if pattern.search(changed):
            needed = needed_words(pattern)
            assert may_hold(plain_of(changed), needed)


def test_characters_of_a_range_are_found_whatever_their_case() -> None:
    cased = [c for c in map(chr, range(0x80, 0x20000)) if c.lower() != c.upper()]
    for char in cased:
        pattern = compile_words(f"[{char}-{char}]")
        needed = needed_words(pattern)
        for other in {char, char.lower(), char.upper(), char.casefold()}:
            if pattern.search(other):
                assert may_hold(plain_of(other), needed), (char, other)


def test_characters_that_match_each_other_in_any_case_are_the_same() -> None:
    cased = "".join(
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if char.lower() != char or char.upper() != char or char.casefold() != char
    )
    assert len(cased) > 2500
    for char in cased:
        pattern = compile_words(re.escape(char))
        needed = needed_words(pattern)
        assert needed is not None
        for other in pattern.findall(cased):
            assert may_hold(plain_of(other), needed), (char, other)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bloans?\b", {"loan", "loans"}),
        ("最佳|顶级", {"最佳", "顶级"}),
        ("(?:低|零)门槛", {"低门槛", "零门槛"}),
        ("[低零]门槛", {"低门槛", "零门槛"}),
        (r"(?:a|x?)", None),
        (r"\d+%", {"%"}),
        ("[★☆]", {"★", "☆"}),
        ("1[3-5]", {"13", "14", "15"}),
        ("[a-z]b", {"b"}),
        (r"ab?c{2}", {"a"}),
        ("(?-i:[\u0400-\u04ff])x?", {"\x81"}),
        ("[\u4e00-\u9fff]", {"\x80"}),
        ("[\u0100-\u017f]", None),  # it matches an s: ſ is one
        ("(?<=x)y(?!z)", {"y"}),
        ("Stra\u00dfe", {"strasse"}),
        (
            r"\[(?:your|the)[ _]name",
            {"[your name", "[your_name", "[the name", "[the_name"},
        ),
        (r"(?:get|need)\sa\sloan", {"loan"}),
    ],
)
def test_what_is_needed_is_read_from_the_parts(
    pattern: str, needed: set[str] | None
) -> None:
    assert needed_words(compile_words(pattern)) == needed


def test_rules_find_the_same_with_the_quick_test_and_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = [check_text(text, **said) for text, said in cases()]
    monkeypatch.setattr(Deferred, "may_find", lambda *_: True)
    plain = [check_text(text, **said) for text, said in cases()]
    assert usual == plain
    assert sum(map(len, plain)) > 30


def test_lint_finds_the_same_with_the_quick_test_and_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folders = []
    for rule in builtin_pack_rules():
        for number, example in enumerate(rule.page().bad):
            folder = tmp_path / f"{rule.name}-{number}"
            folder.mkdir()
            write_example(example, folder)
            folders.append(folder)

    def found() -> list[object]:
        return [
            lint_message(catalog, name, builtin_pack_rules(), LayoutCases(catalog))
            for catalog in map(read_catalog, folders)
            for name in catalog.messages
        ]

    usual = found()
    monkeypatch.setattr(Deferred, "may_find", lambda *_: True)
    assert found() == usual


def test_most_rules_do_not_run_on_a_text() -> None:
    needed = [
        rule.detection.made.needed()
        for rule in builtin_pack_rules()
        if rule.detection is not None and rule.detection.kind == "must_not_contain"
    ]
    assert sum(one is None for one in needed) * 10 <= len(needed)
    plain = plain_of("Example: your parcel arrives on Tuesday. Reply STOP to opt out")
    ran = sum(may_hold(plain, one) for one in needed)
    assert ran * 5 <= len(needed)
