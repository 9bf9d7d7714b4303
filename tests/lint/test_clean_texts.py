"""Texts that a careful compliance officer passes have no errors, whatever they look like.

A third of them are near misses: words that a rule looks for, in a sense that none is about.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from copylab.lint.text import check_text

FOLDER = Path(__file__).parent / "clean_texts"
MAX_ERRORS = 3
MAX_ERRORS_OF_A_RULE = 1

Clean = tuple[str, dict[str, Any], bool]
"""A text, what is said about it, and whether it is a near miss."""


@cache
def clean_texts() -> tuple[Clean, ...]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            for key, is_near in (("texts", False), ("near", True)):
                found += [
                    (text.strip(), group["settings"], is_near)
                    for text in group.get(key, ())
                ]
    return tuple(found)


@cache
def errors() -> tuple[tuple[str, str, str], ...]:
    """The code of each error, what it says, and the text."""
    return tuple(
        (item.code, str(item), text)
        for text, settings, _ in clean_texts()
        for item in check_text(text, **settings)
        if item.severity == "error"
    )


def test_there_are_enough_and_a_third_are_near_misses() -> None:
    texts = clean_texts()
    assert len(texts) >= 300
    assert len({text for text, *_ in texts}) == len(texts)
    assert sum(is_near for *_, is_near in texts) * 3 >= len(texts)
    by_language = Counter(settings["locale"] for _, settings, _ in texts)
    assert len(by_language) >= 10
    assert min(by_language.values()) >= 8
    purposes = Counter(settings["purpose"] for _, settings, _ in texts)
    assert min(purposes.values()) >= 15


def test_clean_texts_have_hardly_any_errors() -> None:
    told = [f"{said}\n    {text}" for _, said, text in errors()]
    assert len(told) <= MAX_ERRORS, "\n".join(told)


def test_no_rule_errs_twice() -> None:
    codes = Counter(code for code, *_ in errors())
    twice = [code for code, times in codes.items() if times > MAX_ERRORS_OF_A_RULE]
    told = [f"{said}\n    {text}" for code, said, text in errors() if code in twice]
    assert not told, "\n".join(told)
