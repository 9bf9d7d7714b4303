"""The interface's words are there in both languages, and say the same things."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from string import Formatter

import pytest

from copylab.preview import words
from copylab.preview.say import say

ROOMS = [module.name for module in pkgutil.iter_modules(words.__path__)]


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_takes_the_same_values_in_both_languages(room: str) -> None:
    texts = import_module(f"copylab.preview.words.{room}").TEXTS
    for name, pair in texts.items():
        english, chinese = (
            {f for _, f, _, _ in Formatter().parse(t) if f} for t in pair
        )
        if name.endswith("_one"):
            english |= {"n"}
        assert english | {"n"} == chinese | {"n"}, name
        assert all(text.strip() for text in pair), name


@pytest.mark.parametrize("room", ROOMS)
def test_chinese_is_chinese_and_english_is_not(room: str) -> None:
    texts = import_module(f"copylab.preview.words.{room}").TEXTS
    han = re.compile(r"[\u4e00-\u9fff]")
    assert not [name for name, (english, _) in texts.items() if han.search(english)]


def test_numbers_are_grouped_and_one_has_a_word_of_its_own() -> None:
    with pytest.raises(KeyError):
        say("en", "base.nothing")
    with pytest.raises(KeyError):
        say("en", "nothing.overview")
    with pytest.raises(KeyError):
        say("en", "../base.overview")
    assert say("zh", "base.compared", name="main") == "对比 main"
