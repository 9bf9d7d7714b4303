"""Rules on wording as data: each entry of ``packs/core.yaml`` becomes a rule.

An entry forbids words in any branch, or asks for words on every branch, always or
``when`` other words make them necessary. Patterns see the text as a reader does, wide
forms folded, every value as one character that no phrase holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

from copylab.lint.field import value_free
from copylab.lint.pack import load_pack
from copylab.lint.rule import Example, Page, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words

Kind = Literal["must_not_contain", "must_contain"]
_GUARD_WINDOW = 12
_CLAUSE_END = re.compile(r"[,，。.!?;:；\n]")
KINDS: tuple[Kind, ...] = get_args(Kind)
WORDING_KEYS = frozenset(
    [
        "name",
        "code",
        "title",
        "what",
        "why",
        "markets",
        "channels",
        "purposes",
        "industries",
        "fields",
        "kind",
        "when",
        "patterns",
        "also",
        "allow",
        "unless",
        "not_after",
        "values",
        "severity",
        "message",
        "help",
        "source",
        "checked",
        "confidence",
        "bad",
        "good",
    ]
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry says.

    Attributes:
        kind: ``must_not_contain`` or ``must_contain``.
        pattern: The words.
        also: Further words that must be there, of ``must_contain``.
        when: What makes asked-for words necessary; None is always.
        allow: Longer phrases that make a hit inside of them harmless.
        unless: Words that, anywhere in the text, make a hit harmless.
        not_after: Words that, shortly before, make a hit harmless: a negation in the same clause.
        markets: The markets whose rule it is; empty means all.
        industries: The industries it is for; empty means all.
        fields: The fields it looks at; empty means all.
        values: Whether a hit may hold values, as an amount does.
        message: One sentence; ``{match}`` is what was found.
        help: What to do.
    """

    kind: Kind
    pattern: re.Pattern[str]
    also: tuple[re.Pattern[str], ...]
    when: re.Pattern[str] | None
    allow: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    markets: frozenset[str]
    industries: frozenset[str]
    fields: frozenset[str]
    values: bool
    message: str
    help: str


def wording_rules() -> list[Rule]:
    """The rules of ``packs/core.yaml``, in its order.

    Raises:
        ValueError: An entry lacks a part or has one that is not known.
    """
    rules = []
    for entry in load_pack("core")["rules"]:
        unknown = entry.keys() - WORDING_KEYS
        if unknown or entry["kind"] not in KINDS:
            raise ValueError(f"core.yaml: {entry.get('code')}: {sorted(unknown)}")
        if entry["severity"] == "error" and entry["confidence"] != "certain":
            raise ValueError(f"core.yaml: {entry['code']} is an error, but not certain")
        rules.append(make_wording_rule(entry))
    return rules


def make_wording_rule(entry: dict[str, Any], origin: str = "") -> Rule:
    """The rule that an entry of a pack says.

    Args:
        entry: Its parts by key, all of which were checked.
        origin: The pack's path; empty for copylab's own.
    """
    wording = Wording(
        kind=entry["kind"],
        pattern=_compile("|".join(entry["patterns"])),
        also=tuple(map(_compile, entry.get("also", ()))),
        when=_compile_optional(entry.get("when")),
        allow=_compile_optional(entry.get("allow")),
        unless=_compile_optional(entry.get("unless")),
        not_after=_compile_optional(entry.get("not_after")),
        markets=frozenset(entry.get("markets", ())),
        industries=frozenset(entry.get("industries", ())),
        fields=frozenset(entry.get("fields", ())),
        values=entry.get("values", False),
        message=entry["message"],
        help=entry["help"],
    )
    # A rule and its check know each other: the check makes findings of the rule.
    holder: list[Rule] = []
    rule = Rule(
        entry["name"],
        entry["code"],
        entry["severity"],
        "words",
        partial(_check, holder, wording),
        channels=tuple(entry["channels"]),
        purposes=tuple(entry["purposes"]),
        documentation=_read_page(entry),
        origin=origin,
    )
    holder.append(rule)
    return rule


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _compile_optional(pattern: str | None) -> re.Pattern[str] | None:
    return None if pattern is None else _compile(pattern)


def _read_page(entry: dict[str, Any]) -> Page:
    examples = {
        part: tuple(Example(item["file"], item["text"]) for item in entry[part])
        for part in ("bad", "good")
    }
    return Page(
        title=entry["title"],
        what=entry["what"],
        why=entry["why"],
        bad=examples["bad"],
        good=examples["good"],
        source=f"{entry['source']} (checked: {entry['checked']})",
    )


def _check(holder: list[Rule], wording: Wording, words: Words) -> Iterator[Finding]:
    """The findings of an entry about one variant."""
    if wording.markets and not wording.markets.intersection(words.markets):
        return
    if wording.industries and words.industry not in wording.industries:
        return
    if wording.kind == "must_not_contain":
        yield from _forbidden(holder[0], wording, words)
    else:
        yield from _asked_for(holder[0], wording, words)


def _forbidden(rule: Rule, wording: Wording, words: Words) -> Iterator[Finding]:
    for item in _fields(wording, words):
        for written, match, span in item.find(wording.pattern):
            if _is_harmless(wording, match):
                continue
            message = wording.message.format(match=_shown(match))
            yield words.finding(
                rule, item, message, span=span, written=written, help=wording.help
            )


def _asked_for(rule: Rule, wording: Wording, words: Words) -> Iterator[Finding]:
    if wording.when is not None and not any(
        wording.when.search(written.text)
        for item in words.shown
        for written in item.written
    ):
        return
    told: set[tuple[str, object]] = set()
    lacking = (
        found
        for pattern in (wording.pattern, *wording.also)
        for found in words.lacking(pattern, wording.when)
    )
    for item, written, match in lacking:
        span = item.span if match is None else written.skeleton.span(*match.span())
        if (item.name, span) in told:
            continue
        told.add((item.name, span))
        shown = "" if match is None else _shown(match)
        message = wording.message.format(match=shown)
        yield words.finding(
            rule, item, message, span=span, written=written, help=wording.help
        )


def _fields(wording: Wording, words: Words) -> Iterator[Field]:
    for item in words.shown:
        if not wording.fields or item.name in wording.fields:
            yield item


def _is_harmless(wording: Wording, match: re.Match[str]) -> bool:
    """Whether a hit is no use of the words that the rule is about."""
    text, start = match.string, match.start()
    if not wording.values and not value_free(match):
        return True
    if wording.unless is not None and wording.unless.search(text):
        return True
    before = _CLAUSE_END.split(text[max(0, start - _GUARD_WINDOW) : start])[-1]
    if wording.not_after is not None and wording.not_after.search(before):
        return True
    return wording.allow is not None and any(
        longer.start() <= start and match.end() <= longer.end()
        for longer in wording.allow.finditer(text)
    )


def _shown(match: re.Match[str]) -> str:
    """The words of a hit for people, a value as an ellipsis."""
    return " ".join(match.group().replace("\ufffc", "…").split())
