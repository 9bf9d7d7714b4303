"""The keys of a pack's entry that say what is looked for, each read in its own way."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Protocol

from copylab.document import Section
from copylab.lint.detect.asked import PLACES
from copylab.lint.detect.hours import DAYS, HOURS
from copylab.lint.detect.numeric import NUMBER
from copylab.message.model import FIELDS
from copylab.template.patterns import pattern_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copylab.document import Node

FIELD_NAMES = tuple(sorted({name for names in FIELDS.values() for name in names}))
_MOST_SHOWN = 60
"""How many characters of a pattern are shown."""
_PATTERN_CURE = "write a regular expression of Python; a value stands as \\uFFFC"


class Taker(Protocol):
    """How a key is read."""

    def __call__(self, part: Section, key: str, *, required: bool) -> object:
        """What stands under a key, or None or nothing; what is wrong is reported."""


def take_words(
    part: Section, key: str, options: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Words out of some, each other one a finding."""
    words = part.take_texts(key)
    for word in words or ():
        if word not in options:
            node = part.take(key)
            assert node is not None
            part.wrong(node, f"'{word}' is none of the {key}", ", ".join(options))
    return words


def _take_patterns(part: Section, key: str, *, required: bool) -> tuple[str, ...]:
    node = part.take(key, required=required)
    patterns = part.take_texts(key) or ()
    if node is not None and node.value == ():
        part.wrong(node, f"{key} lists nothing", _PATTERN_CURE)
    numeric = part.take_text("kind") == "numeric"
    for pattern in patterns if numeric else ():
        if "{number}" not in pattern and "(" not in pattern:
            assert node is not None
            part.wrong(
                node,
                f"'{_short(pattern)}' has no {{number}} in it",
                "write where it is",
            )
    joined = ("|".join(patterns),) if len(patterns) > 1 else ()
    for pattern in (*patterns, *joined):
        assert node is not None
        if not _is_usable(part, node, pattern.replace("{number}", NUMBER)):
            break
    return patterns


def _take_pattern(part: Section, key: str, *, required: bool) -> str | None:
    text = part.take_text(key, required=required)
    node = part.take(key)
    if text is not None and node is not None:
        _is_usable(part, node, text)
    return text


def _is_usable(part: Section, node: Node, pattern: str) -> bool:
    """Whether a text is a pattern that finds something; what is wrong is reported."""
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        message = f"'{_short(pattern)}' is no pattern: {error}"
        part.wrong(node, message, _PATTERN_CURE)
        return False
    if compiled.match("") is not None:
        message = f"the pattern '{_short(pattern)}' is met by every text"
        part.wrong(node, message, "let it ask for a character at least")
        return False
    problem = pattern_problem(compiled)
    if problem is not None:
        message = f"the pattern '{_short(pattern)}' could run for ever: {problem}"
        part.wrong(node, message, "write how often each part may repeat at most")
        return False
    return True


def _short(pattern: str) -> str:
    """A pattern as it is shown."""
    return pattern if len(pattern) <= _MOST_SHOWN else f"{pattern[:_MOST_SHOWN]}…"


def _take_windows(
    part: Section, key: str, *, required: bool
) -> list[dict[str, object]]:
    """Hours, each with the days and the parts of the country they are for."""
    windows: list[dict[str, object]] = []
    for node in part.take_list(key, required=required) or ():
        inner = Section(node, part.findings, "a window")
        hours = inner.take_text("hours", required=True)
        given = inner.take("hours")
        if hours is not None and given is not None and not HOURS.match(hours):
            inner.wrong(given, f"'{hours}' is no window", "write it as 09:00-21:00")
        windows.append(
            {
                "hours": hours or "",
                "days": take_words(inner, "days", DAYS) or DAYS,
                "regions": inner.take_texts("regions") or (),
                "providers": inner.take_texts("providers") or (),
            }
        )
        inner.finish()
    listed = part.take(key)
    if listed is not None and listed.value == ():
        part.wrong(listed, f"{key} lists nothing", "write [{hours: 09:00-21:00}]")
    return windows


def _take_number(part: Section, key: str, *, required: bool) -> float | None:
    text = part.take_text(key, required=required)
    node = part.take(key)
    if text is None or node is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        part.wrong(node, f"'{text}' is no number", "write digits, with a point")
        return None
    return number


def _take_time(part: Section, key: str, *, required: bool) -> float | None:
    """A number of hours."""
    number = _take_number(part, key, required=required)
    node = part.take(key)
    if number is not None and node is not None and number <= 0:
        message = f"{key} is {number:g}, must be above 0"
        part.wrong(node, message, "write hours, as 24")
        return None
    return number


def _take_count_of(at_least: int) -> Taker:
    def take(part: Section, key: str, *, required: bool) -> int | None:
        return part.take_integer(key, required=required, at_least=at_least)

    return take


def _take_choice_of(options: Iterable[str]) -> Taker:
    def take(part: Section, key: str, *, required: bool) -> str | None:
        return part.take_choice(key, tuple(options), required=required)

    return take


def _take_flag(part: Section, key: str, *, required: bool) -> bool | None:
    del required
    return part.take_boolean(key)


def _take_any(part: Section, key: str, *, required: bool) -> tuple[str, ...]:
    return part.take_texts(key, required=required) or ()


def _take_key(part: Section, key: str, *, required: bool) -> str | None:
    """A key of ``sending:`` or of the brand."""
    text = part.take_text(key, required=required)
    node = part.take(key)
    if text is not None and node is not None and not text.strip():
        part.wrong(node, f"the {key} is empty", "name a key of sending:, as consent")
    return text


def _take_pinyin(part: Section, key: str, *, required: bool) -> tuple[str, ...]:
    words = _take_any(part, key, required=required)
    node = part.take(key)
    if node is not None and not all(map(str.strip, words)):
        part.wrong(node, "a word of pinyin is empty", "write syllables, as [bao ben]")
    return words


def _take_fields(part: Section, key: str, *, required: bool) -> tuple[str, ...]:
    del required
    return take_words(part, key, FIELD_NAMES) or ()


TAKERS: dict[str, Taker] = {
    "patterns": _take_patterns,
    "also": _take_patterns,
    "when": _take_pattern,
    "allow": _take_pattern,
    "unless": _take_pattern,
    "not_after": _take_pattern,
    "form": _take_pattern,
    "place": _take_choice_of(PLACES),
    "fields": _take_fields,
    "pinyin": _take_pinyin,
    "values": _take_flag,
    "links": _take_flag,
    "max_characters": _take_count_of(1),
    "max_messages": _take_count_of(0),
    "per_hours": _take_time,
    "above": _take_number,
    "below": _take_number,
    "key": _take_key,
    "accept": _take_any,
    "refuse": _take_any,
    "all_of": _take_any,
    "regions": _take_any,
    "windows": _take_windows,
    "closed_on_holidays": _take_flag,
}
"""How each key of a detection is read: from its entry, its name, and whether it must be."""
