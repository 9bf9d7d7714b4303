"""Filters of texts: ``upper lower title capitalize trim truncate urlencode``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from copylab.message.autolinks import find_autolink
from copylab.template.contract import Call, Domain, Filter, takes_nothing
from copylab.template.expression import TEXTUAL
from copylab.template.ranges import Letters, Range, Words, as_letters

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD_START = re.compile(r"([-\s({\[<]+)")
_TRUNCATE = ("length", "killwords", "end", "leeway")


def title_case(text: str) -> str:
    """Each word with a capital first letter, as Jinja's ``title`` does."""
    parts = _WORD_START.split(text)
    return "".join(part[0].upper() + part[1:].lower() for part in parts if part)


def percent_encode(text: str) -> str:
    """The text percent-encoded but for ``/``, as Jinja's ``urlencode`` does."""
    return quote(text, safe="/")


def _apply(function: Callable[[str], str]) -> Callable[..., Callable[[object], str]]:
    return lambda _call, _domain: function  # type: ignore[return-value]


def _bound_by_letter(
    _call: Call, domain: Domain, function: Callable[[str], str]
) -> Range:
    """The range of a function that prints each character by itself."""
    assert isinstance(domain, Letters | Words)
    return domain.map(function)


def _bound_capitals(
    _call: Call, domain: Domain, function: Callable[[str], str]
) -> Range:
    """The range of a function that prints each character in one of its cases."""
    assert isinstance(domain, Letters | Words)
    if isinstance(domain, Words):
        return domain.map(function)
    pieces: dict[str, str] = {}
    for raw, piece in domain.alphabet:
        for form in (piece, piece.upper(), piece.lower(), piece.title()):
            pieces.setdefault(form, raw)
    for character in domain.prefix + domain.suffix:
        for form in (character.upper(), character.lower(), character.title()):
            pieces.setdefault(form, "")
    alphabet = tuple((raw, piece) for piece, raw in pieces.items())
    fixed = len(domain.prefix) + len(domain.suffix)
    return Letters(alphabet, domain.low, domain.high + fixed, exact=False)


def _bound_trim(_call: Call, domain: Domain, function: Callable[[str], str]) -> Range:
    """The range without its ends: a blank inside stays, a value has none outside."""
    assert isinstance(domain, Letters | Words)
    if isinstance(domain, Words):
        return domain.map(function)
    return domain if domain.exact else replace(domain, low=0)


def _truncate_settings(call: Call) -> tuple[int, bool, str, int]:
    settings: dict[str, object] = {
        "length": 255,
        "killwords": False,
        "end": "...",
        "leeway": 5,
        **dict(zip(_TRUNCATE, call.args, strict=False)),
        **call.kwargs,
    }
    length, leeway = settings["length"], settings["leeway"]
    assert isinstance(length, int)
    assert isinstance(leeway, int)
    return length, bool(settings["killwords"]), str(settings["end"]), leeway


def _apply_truncate(call: Call, _domain: Domain) -> Callable[[object], str]:
    length, killwords, end, leeway = _truncate_settings(call)

    def truncate(value: object) -> str:
        text = str(value)
        if len(text) <= length + leeway:
            return text
        kept = text[: length - len(end)]
        cut = (kept if killwords else kept.rsplit(" ", 1)[0]) + end
        if find_autolink(cut) is not None and find_autolink(text) is None:
            return kept.rpartition(" ")[0] + end  # of a.comedy, a.com would be left
        return cut

    return truncate


def _bound_truncate(call: Call, domain: Domain) -> Range:
    length, _, end, leeway = _truncate_settings(call)
    assert isinstance(domain, Letters | Words)
    letters = as_letters(domain)
    if letters.high <= length + leeway:
        return domain
    pieces = {piece: raw for raw, piece in letters.alphabet}
    for character in end:
        pieces.setdefault(character, "")
    alphabet = tuple((raw, piece) for piece, raw in pieces.items())
    low = min(letters.low, len(end))
    return Letters(alphabet, low, length + leeway, exact=False)


def _check_truncate(call: Call) -> str | None:
    given = dict(zip(_TRUNCATE, call.args, strict=False))
    doubled = given.keys() & call.kwargs.keys()
    if (
        len(call.args) > len(_TRUNCATE)
        or doubled
        or not set(call.kwargs) <= {*_TRUNCATE}
    ):
        return "truncate takes length, killwords, end, leeway, each once"
    given |= call.kwargs
    for name in ("length", "leeway"):
        value = given.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            return f"truncate's {name} must be a whole number"
    if not isinstance(given.get("killwords", False), bool):
        return "truncate's killwords must be true or false"
    if not isinstance(given.get("end", ""), str):
        return "truncate's end must be a text"
    length, _, end, _ = _truncate_settings(call)
    return "truncate's length is shorter than its end" if length < len(end) else None


def _filter(
    name: str,
    function: Callable[[str], str],
    bound: Callable[[Call, Domain, Callable[[str], str]], Range],
) -> Filter:
    def bound_call(call: Call, domain: Domain) -> Range:
        return bound(call, domain, function)

    return Filter(name, TEXTUAL, _apply(function), bound_call, takes_nothing)


TEXT_FILTERS = (
    _filter("upper", str.upper, _bound_by_letter),
    _filter("lower", str.lower, _bound_by_letter),
    _filter("trim", str.strip, _bound_trim),
    _filter("urlencode", percent_encode, _bound_by_letter),
    _filter("capitalize", str.capitalize, _bound_capitals),
    _filter("title", title_case, _bound_capitals),
    Filter("truncate", TEXTUAL, _apply_truncate, _bound_truncate, _check_truncate),
)
