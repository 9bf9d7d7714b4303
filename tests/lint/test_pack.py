"""Packs are read from their compiled form as they are from their YAML."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from copylab.lint import pack
from copylab.lint.pack import (
    compile_packs,
    load_needed,
    load_pack,
    parse_pack,
    rule_packs,
)
from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.text import _words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _has_days(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_days, value.values()))
    if isinstance(value, list):
        return any(map(_has_days, value))
    return isinstance(value, date)


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packs with one, whose compiled form is there."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "compiled").mkdir()
    (tmp_path / "rules/own.yaml").write_text("as_of: 2026-11-22\nrules: [1.5, a]\n")
    monkeypatch.setattr(pack, "_packs", lambda: tmp_path)
    monkeypatch.setattr(pack, "rule_packs", lambda: ("own",))
    for name, text in compile_packs().items():
        (tmp_path / "compiled" / name).write_text(text)
    pack._load_record.cache_clear()
    yield tmp_path
    pack._load_record.cache_clear()


def test_the_compiled_packs_are_those_of_the_yaml(repository: Path) -> None:
    folder = repository / "copylab/lint/packs/compiled"
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    changed = [name for name, text in compile_packs().items() if kept.get(name) != text]
    assert not changed, "run python scripts/packs.py"
    assert kept.keys() == compile_packs().keys()


def test_a_pack_says_the_same_in_either_form(repository: Path) -> None:
    for name in rule_packs():
        path = repository / f"copylab/lint/packs/rules/{name}.yaml"
        read = parse_pack(path.read_bytes())
        assert load_pack(f"rules/{name}") == read
        assert not _has_days(read)
        assert read["rules"]


@pytest.mark.usefixtures("packs")
def test_a_compiled_pack_is_read_without_its_yaml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pack, "parse_pack", None)
    assert load_pack("rules/own") == {"as_of": "2026-11-22", "rules": [1.5, "a"]}


def test_a_pack_that_changed_since_is_read_from_its_yaml(packs: Path) -> None:
    (packs / "rules/own.yaml").write_text("as_of: 2026-11-23\nrules: []\n")
    assert load_pack("rules/own") == {"as_of": "2026-11-23", "rules": []}


def test_a_pack_without_a_compiled_form_is_read_from_its_yaml(packs: Path) -> None:
    (packs / "compiled/rules-own.json").unlink()
    assert load_pack("rules/own")["rules"] == [1.5, "a"]


def test_a_pattern_is_compiled_when_its_rule_is_first_used() -> None:
    builtin_pack_rules.cache_clear()
    rules = builtin_pack_rules()
    builtin_pack_rules.cache_clear()
    assert not any(rule.detection.is_made for rule in rules if rule.detection)


def test_the_words_that_a_compiled_pack_says_are_those_of_its_patterns() -> None:
    for rule in builtin_pack_rules():
        assert rule.detection is not None
        made = rule.detection.made.needed()
        kept = load_needed(f"rules/{rule.pack}")[rule.code]
        assert made == (None if kept is None else frozenset(kept)), rule.code


def test_a_rule_passes_a_text_by_without_its_patterns() -> None:
    builtin_pack_rules.cache_clear()
    try:
        rules = {rule.code: rule.detection for rule in builtin_pack_rules()}
    finally:
        builtin_pack_rules.cache_clear()
    said = {"channel": "push", "market": "US", "purpose": "marketing"}
    words = _words(
        "~", **said, industry="lending", locale="en", brand=None, metadata=None
    )
    needed = {
        c for name in rule_packs() for c, w in load_needed(f"rules/{name}").items() if w
    }
    assert len(needed) > 60
    for code in needed:
        found = rules[code]
        assert found is not None
        assert not found.may_find(words), code
        assert not found.is_made, code


def test_a_pack_without_words_is_asked_for_them(packs: Path) -> None:
    (packs / "rules/own.yaml").write_text("as_of: 2026-11-23\nrules: []\n")
    assert load_needed("rules/own") == {}
