"""Proof sheets: what was proved of each text, in a form that somebody can file.

A sheet is about a topic, such as the opt-out, about one rule, or about words of one's
own: for each text it gives the verdict, one rendering of each branch, and the content
hash that every message sent with these words carries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from copylab.lint.fold import fold
from copylab.lint.layout_case import LayoutCases
from copylab.lint.optout import email_words, sms_optout
from copylab.lint.readability import gaps_of, is_readable, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.lint.rule import Rule

Verdict = Literal["proved", "fails", "sampled", "not read", "does not apply"]

TOPICS: Mapping[str, tuple[str, ...]] = {
    "opt-out": (
        "optout-missing",
        "optout-not-last",
        "optout-legacy-wording",
        "optout-forbidden",
        "optout-cut-off",
        "unsubscribe-missing",
        "unsubscribe-hidden",
        "list-unsubscribe-missing",
    ),
    "signature": ("cn-signature", "brand-missing"),
    "postal-address": ("postal-address-missing",),
    "length": (
        "segments-exceed",
        "segments-may-exceed",
        "provider-char-cap",
        "total-500",
        "kr-bytes",
        "jp-670",
        "payload-bytes",
        "title-hard-cap",
        "body-hard-cap",
        "subject-too-long",
        "size-clipped",
    ),
}
"""What is often asked for, and the rules that answer."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One text that the author wrote, rendered for values that lead to it.

    Attributes:
        field: The field.
        choices: The values, in words.
        text: The rendering; None where no values lead there.
        holds: What is looked for and stands in it; empty where nothing does.
    """

    field: str
    choices: tuple[tuple[str, str], ...]
    text: str | None
    holds: str = ""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """What is known of one text.

    Attributes:
        key: Message, channel, locale and variant.
        file: The file that holds the words.
        purpose: What the message is for.
        markets: Where it goes.
        content_hash: The hash that exposures of these words carry.
        verdict: `proved` for every output, `sampled` where branches were too many to
            walk, `fails`, `not read`, or `does not apply`.
        reason: Why, in a few words.
        rules: The rules that were decided.
        branches: One rendering each.
        total: How many branches there are; 0 where they are too many.
        findings: What is wrong.
    """

    key: Key
    file: str
    purpose: str
    markets: tuple[str, ...]
    content_hash: str
    verdict: Verdict
    reason: str
    rules: tuple[str, ...]
    branches: tuple[Branch, ...]
    total: int
    findings: tuple[Finding, ...] = ()


def make_sheet(
    catalog: Catalog,
    rules: Sequence[Rule],
    *,
    phrase: str = "",
    paths: Sequence[str] = (),
) -> Iterator[SheetEntry]:
    """What is known of each text, in the order of their names.

    Args:
        catalog: The workspace's content.
        rules: The rules that are asked for; none with a phrase of one's own.
        phrase: Words that have to stand in every output; empty with rules.
        paths: Files or folders to look at; empty is all.
    """
    for message_id, message in sorted(catalog.messages.items()):
        for (channel, locale), copy in sorted(message.copies.items()):
            for variant in copy.variants:
                key = (message_id, channel, locale, variant)
                if not paths or _is_below(copy.source.name, paths):
                    yield _entry(catalog, key, rules, phrase)


def _is_below(name: str, paths: Sequence[str]) -> bool:
    return any(name == path or name.startswith(f"{path}/") for path in paths)


def _entry(
    catalog: Catalog, key: Key, rules: Sequence[Rule], phrase: str
) -> SheetEntry:
    message = catalog.messages[key[0]]
    asked = [rule for rule in rules if _applies(rule, key, message.purpose)]
    entry = SheetEntry(
        key=key,
        file=message.copies[key[1], key[2]].source.name,
        purpose=message.purpose,
        markets=message.markets.at(key[2]),
        content_hash=catalog.copy_hashes.get(key, ""),
        verdict="does not apply",
        reason="no rule that was asked for is about such a text",
        rules=tuple(rule.name for rule in asked),
        branches=(),
        total=0,
    )
    if not asked and not phrase:
        return entry
    if not is_readable(catalog, key) or gaps_of(catalog, key):
        why = gaps_of(catalog, key) or "copylab lint says what is wrong with it"
        return replace(entry, verdict="not read", reason=why)
    words = words_of(catalog, key, LayoutCases(catalog))
    if words.layout_gap:
        return replace(entry, verdict="not read", reason=words.layout_gap)
    return _judge(words, entry, asked, phrase)


def _applies(rule: Rule, key: Key, purpose: str) -> bool:
    return rule.subject == "words" and rule.looks_at(key[1], purpose)


def _judge(
    words: Words, entry: SheetEntry, rules: Sequence[Rule], phrase: str
) -> SheetEntry:
    market = words.markets[0] if words.markets else ""
    pattern = _pattern(words, rules, phrase, market)
    findings = tuple(
        found for rule in rules if rule.check is not None for found in rule.check(words)
    )
    is_walked = all(item.paths is not None for item in words.fields.values())
    total = sum(item.branches for item in words.fields.values()) if is_walked else 0
    if words.channel == "sms":
        branches = tuple(_sent_branches(words, rules, phrase))
    else:
        branches = tuple(_branches(words, pattern))
    lacks = bool(phrase) and not _stands_everywhere(words, pattern)
    verdict: Verdict = "proved" if is_walked else "sampled"
    reason = f"nothing is wrong on {total} of {total} branches"
    if not is_walked:
        reason = f"its branches are too many to walk; {len(branches)} are shown"
    if findings:
        verdict, reason = "fails", "; ".join(item.message for item in findings)
    elif lacks:
        verdict, reason = "fails", _why_lacking(words, pattern)
    elif phrase:
        verdict, reason = "proved", "the words stand in every output"
    return replace(
        entry,
        verdict=verdict,
        reason=reason,
        branches=branches,
        total=total,
        findings=findings,
    )


def _stands_everywhere(words: Words, pattern: re.Pattern[str] | None) -> bool:
    """Whether some part a reader sees holds a phrase in every output."""
    if pattern is None:
        return False
    if words.channel == "sms":
        return not any(item.lacking(pattern) for item in words.bodies.values())
    return not words.lacking(pattern)


def _why_lacking(words: Words, pattern: re.Pattern[str] | None) -> str:
    assert pattern is not None
    shown = words.bodies.values() if words.channel == "sms" else words.shown
    missing = [item for item in shown if item.lacking(pattern)]
    held = [item for item in missing if item.find(pattern)]
    if held:
        return "the words stand on some branches and not on others"
    return "the author's words hold them on no branch; a value may, and proves nothing"


def _pattern(
    words: Words, rules: Sequence[Rule], phrase: str, market: str
) -> re.Pattern[str] | None:
    """What is looked for: the words of one's own, or the opt-out of the market."""
    if phrase:
        return re.compile(re.escape(fold(phrase)))
    if not any(rule.name in TOPICS["opt-out"] for rule in rules):
        return None
    if words.channel == "email":
        return email_words()
    return sms_optout(market or None)


def _sent_branches(
    words: Words, rules: Sequence[Rule], phrase: str
) -> Iterator[Branch]:
    """Each branch of a short message as it is sent, and again where that differs."""
    told: set[int] = set()
    for market, item in words.bodies.items():
        if id(item) in told:
            continue
        told.add(id(item))
        pattern = _pattern(words, rules, phrase, market)
        for written in item.texts:
            branch = _branch(item, written, pattern)
            if len(set(map(id, words.bodies.values()))) > 1:
                choices = (*branch.choices, ("sent to", market))
                branch = replace(branch, choices=choices)
            yield branch


def _branches(words: Words, pattern: re.Pattern[str] | None) -> Iterator[Branch]:
    for item in words.fields.values():
        for written in item.texts:
            yield _branch(item, written, pattern)
    for name, item in words.layout.items():
        # Only what is looked for is told of a layout: it is long, and the same for all.
        found = item.find(pattern) if pattern is not None else []
        if found and pattern is not None and not item.lacking(pattern):
            held = found[0][1].group()
            yield Branch(f"layout ({name})", (), "stands around the body", held)


def _branch(item: Field, written: Written, pattern: re.Pattern[str] | None) -> Branch:
    witness = item.first_witness(written.paths or written.samples)
    match = pattern.search(written.text) if pattern is not None else None
    holds = match.group() if match is not None else ""
    if witness is None:
        return Branch(item.name, (), None, holds)
    return Branch(item.name, witness.choices, witness.text, holds)
