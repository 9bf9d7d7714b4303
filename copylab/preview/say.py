"""The words of the interface, in English and in Chinese."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLUMN = {"en": 0, "zh": 1}


def say(language: str, key: str, **values: object) -> str:
    """A text with its values filled in; whole numbers are grouped.

    Args:
        language: ``en`` or ``zh``.
        key: The page and the name of the text, as in ``overview.gaps``. With a value
            ``n`` of 1, English takes ``<key>_one`` where there is such a text.
        values: What is put into its braces.

    Raises:
        KeyError: There is no such text, or one of its values is not given.
    """
    room, _, name = key.partition(".")
    texts = _texts(room)
    if language == "en" and values.get("n") == 1 and f"{name}_one" in texts:
        name = f"{name}_one"
    shown = {
        key: f"{value:,}" if type(value) is int else value
        for key, value in values.items()
    }
    return texts[name][_COLUMN[language]].format_map(shown)


@cache
def _texts(room: str) -> Mapping[str, tuple[str, str]]:
    if not room.isidentifier():
        raise KeyError(room)
    try:
        module = import_module(f"copylab.preview.words.{room}")
    except ModuleNotFoundError:
        raise KeyError(room) from None
    texts: Mapping[str, tuple[str, str]] = module.TEXTS
    return texts
