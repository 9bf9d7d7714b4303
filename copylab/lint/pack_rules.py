"""Rules as data: each entry of a pack becomes a rule.

An entry says what it is about (markets, channels, purposes, industries and more), how it
finds that (its ``kind``), what it tells, and what it rests on. Patterns see the text as a
reader does, wide forms folded, every value as one character that no phrase holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from copylab.lint.detect.asked import Asked
from copylab.lint.detect.deferred import Deferred
from copylab.lint.detect.detection import Telling
from copylab.lint.detect.hours import Hours
from copylab.lint.detect.kinds import KINDS, NEEDED, OFFERED
from copylab.lint.pack import load_needed, load_pack, rule_packs
from copylab.lint.provision import Basis, Provision, gravest
from copylab.lint.rule import Example, Page, Rule
from copylab.lint.sending import declared, providers, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.hours import Table
    from copylab.lint.provision import Checked

SCOPE_KEYS = (
    "markets",
    "but_not",
    "channels",
    "purposes",
    "industries",
    "providers",
    "products",
    "only_with",
    "but_with",
)
"""The keys that say what an entry is about."""
LAW_KEYS = (
    "basis",
    "verdict",
    "confidence",
    "effective_from",
    "effective_until",
    "review_by",
)
"""The keys that say what an entry rests on."""
PAGE_KEYS = ("title", "what", "why", "bad", "good", "note")
SAID_KEYS = ("name", "code", "kind", "severity", "message", "help")
_OLD_BASIS = ("source", "checked")


@dataclass(frozen=True, slots=True)
class Said:
    """What the metadata of a message say that makes an entry one about it.

    Attributes:
        only_with: By key, words of which one must be said.
        but_with: By key, words that free the message when one is said.
    """

    only_with: Mapping[str, tuple[str, ...]]
    but_with: Mapping[str, tuple[str, ...]]

    def concerns(self, words: Words, market: str) -> bool:
        """Whether the metadata of some words for a market make it one about them."""
        return all(
            _says(words, key, wanted, market) for key, wanted in self.only_with.items()
        ) and not any(
            _says(words, key, wanted, market) for key, wanted in self.but_with.items()
        )


@cache
def builtin_pack_rules() -> tuple[Rule, ...]:
    """The rules of copylab's own packs, in their order.

    Raises:
        ValueError: An entry lacks a key, has one that is not known, or is graver than
            what it rests on allows.
    """
    rules = []
    for name in rule_packs():
        pack = load_pack(f"rules/{name}")
        needed = load_needed(f"rules/{name}")
        usual = {"review_by": pack.get("review_by"), "pack": name}
        for entry in pack["rules"]:
            _check_keys(name, entry)
            words = needed.get(entry["code"], ())
            rules.append(make_pack_rule({**usual, **entry}, needed=words))
    return tuple(rules)


def _check_keys(pack: str, entry: Mapping[str, Any]) -> None:
    where = f"{pack}: {entry.get('code')}"
    if entry.get("kind") not in KINDS:
        raise ValueError(f"{where}: kind == {entry.get('kind')!r}")
    kind = entry["kind"]
    needed = {"name", "code", "severity", "message", "help", "basis", *NEEDED[kind]}
    known = {*SAID_KEYS, *SCOPE_KEYS, *LAW_KEYS, *PAGE_KEYS, *needed, *OFFERED[kind]}
    if lacking := needed - entry.keys():
        raise ValueError(f"{where}: lacks {sorted(lacking)}")
    if unknown := entry.keys() - known:
        raise ValueError(f"{where}: has {sorted(unknown)}")
    severity = entry["severity"]
    if gravest(_provision(entry), wanted=severity) != severity:
        raise ValueError(f"{where}: {severity} is graver than what it rests on")


def make_pack_rule(
    entry: Mapping[str, Any], origin: str = "", *, needed: Sequence[str] | None = ()
) -> Rule:
    """The rule that an entry of a pack says.

    Args:
        entry: Its parts by key, all of which were checked.
        origin: The pack's path; empty for copylab's own.
        needed: The words of which it needs one, as ``Deferred`` takes them.
    """
    provision = _provision(entry)
    detection = Deferred(entry, Telling(entry["message"], entry["help"]), needed)
    said = Said(_pairs(entry, "only_with"), _pairs(entry, "but_with"))
    # A rule and its check know each other: the check makes findings of the rule.
    holder: list[Rule] = []
    rule = Rule(
        entry["name"],
        entry["code"],
        entry["severity"],
        "words",
        partial(_check, holder, provision, said, detection),
        channels=tuple(entry.get("channels", ())),
        purposes=tuple(entry.get("purposes", ())),
        documentation=_read_page(entry, provision),
        origin=origin,
        provision=provision,
        lacks=partial(_lacks, provision, said, detection),
        pack=entry.get("pack", ""),
        authority=_authority(provision) if entry.get("basis") else "",
        detection=detection,
        disclosed=partial(_disclosed, provision, said, detection)
        if detection.kind == "must_contain"
        else None,
        concerns=partial(bound_markets, provision, said),
        hours=partial(_hours, provision, said, detection)
        if detection.kind == "send_window"
        else None,
    )
    holder.append(rule)
    return rule


def _pairs(entry: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    return {name: words_in(wanted) for name, wanted in (entry.get(key) or {}).items()}


def _provision(entry: Mapping[str, Any]) -> Provision:
    return Provision(
        basis=_basis(entry),
        verdict=entry.get("verdict") or "violation",
        confidence=entry.get("confidence") or "certain",
        markets=tuple(entry.get("markets", ())),
        but_not=tuple(entry.get("but_not", ())),
        industries=tuple(entry.get("industries", ())),
        providers=tuple(entry.get("providers", ())),
        products=tuple(entry.get("products", ())),
        effective_from=_day(entry.get("effective_from")),
        effective_until=_day(entry.get("effective_until")),
        review_by=_day(entry.get("review_by")),
    )


def _basis(entry: Mapping[str, Any]) -> Basis:
    """What an entry rests on; the packs of teams may say it in one line."""
    written = entry.get("basis")
    if written is None:
        checked: Checked = entry.get("checked") or "n/a"
        return Basis(entry.get("source") or "", checked=checked)
    return Basis(**{**written, "checked_on": _day(written.get("checked_on"))})


def _day(value: object) -> date | None:
    """A day, as YAML or as a text."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def _read_page(entry: Mapping[str, Any], provision: Provision) -> Page:
    examples = {
        part: tuple(Example(item["file"], item["text"]) for item in entry.get(part, ()))
        for part in ("bad", "good")
    }
    return Page(
        title=entry.get("title") or entry["message"],
        what=entry.get("what", ""),
        why=entry.get("why", ""),
        bad=examples["bad"],
        good=examples["good"],
        source=_source(provision, entry.get("note", "")),
        fix=f"{entry['help'][:1].upper()}{entry['help'][1:]}.".replace("..", "."),
    )


def _source(provision: Provision, note: str) -> str:
    """Where the rule stands, how sure that is, and from when it binds."""
    basis = provision.basis
    parts = [basis.sentence, basis.url]
    if provision.confidence != "certain":
        parts.append(f"the reading is {provision.confidence}")
    if provision.verdict_words:
        parts.append(f"a finding {_meaning(provision.verdict_words)}")
    if provision.effective_from is not None:
        parts.append(f"in force since {provision.effective_from.isoformat()}")
    if provision.review_by is not None:
        parts.append(f"to be read again by {provision.review_by.isoformat()}")
    return "; ".join(part for part in (*parts, note) if part)


def _authority(provision: Provision) -> str:
    words = provision.verdict_words
    return (f"{words}: " if words else "") + provision.basis.sentence


def _meaning(words: str) -> str:
    return words if words.startswith("needs") else f"is {words}"


def _check(
    holder: list[Rule],
    provision: Provision,
    said: Said,
    detection: Deferred,
    words: Words,
) -> Iterator[Finding]:
    """The findings of an entry about one variant."""
    markets = bound_markets(provision, said, words)
    if markets is not None and detection.may_find(words):
        yield from detection.made.find(holder[0], words, markets)


def _lacks(
    provision: Provision,
    said: Said,
    detection: Deferred,
    words: Words,
) -> str:
    """What would have to be declared for an entry to be checked."""
    markets = bound_markets(provision, said, words)
    return "" if markets is None else detection.lacks(words, markets)


def _disclosed(
    provision: Provision,
    said: Said,
    detection: Deferred,
    words: Words,
) -> frozenset[str] | None:
    """What words disclose of what an entry asks for; None where it asks for nothing."""
    if bound_markets(provision, said, words) is None or not detection.may_find(words):
        return None
    asked = detection.made
    assert isinstance(asked, Asked)
    return asked.disclosed(words)


def _hours(
    provision: Provision,
    said: Said,
    detection: Deferred,
    words: Words,
) -> Mapping[str, Sequence[Table]]:
    """The hours in which an entry lets words be sent, by market."""
    markets = bound_markets(provision, said, words)
    if markets is None:
        return {}
    hours = detection.made
    assert isinstance(hours, Hours)
    return {market: hours.asked(words, market) for market in markets or ("",)}


def bound_markets(
    provision: Provision, said: Said, words: Words
) -> tuple[str, ...] | None:
    """The markets in which a provision is about some words; None where in none.

    It is an empty tuple where the provision is for all and no market is declared.
    """
    if not provision.is_about(words.industry):
        return None
    if provision.products and not set(provision.products).intersection(
        words_in(declared(words, "product"))
    ):
        return None
    if not words.markets and not provision.markets:
        return () if said.concerns(words, "") else None
    found = tuple(
        market
        for market in words.markets
        if provision.binds(market)
        and _is_through(provision, words, market)
        and said.concerns(words, market)
    )
    return found or None


def _is_through(provision: Provision, words: Words, market: str) -> bool:
    """Whether one of the gateways whose rule it is sends the words."""
    if not provision.providers:
        return True
    return bool(set(provision.providers).intersection(providers(words, market)))


def _says(words: Words, key: str, wanted: tuple[str, ...], market: str) -> bool:
    """Whether the metadata say one of some words under a key."""
    return bool(set(wanted).intersection(words_in(declared(words, key, market))))
