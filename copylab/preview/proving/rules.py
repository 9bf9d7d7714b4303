"""The rules of a proof sheet: which were applied to what, and which were not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.lint.pack import left_out_codes
from copylab.lint.ruleset import is_off
from copylab.lint_settings import OFF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from copylab.catalog import Catalog
    from copylab.lint.case import Words
    from copylab.lint.rule import Rule
    from copylab.preview.proving.told import Told

Why = Literal["undeclared", "off", "not_in_force"]

_LAWS = frozenset(("statute", "regulator", "carrier", "platform"))
_HOW_READ = frozenset(("primary", "secondary", "unverified"))


@dataclass(frozen=True, slots=True)
class Source:
    """What a rule rests on.

    Attributes:
        name: The law, the carrier's or the platform's document; for a rule of copylab's
            own, what its page says.
        clause: The article or section.
        url: Where it was read.
        how: ``primary``, ``secondary`` or ``unverified``; empty where there is nothing to
            be read.
        checked_on: When it was read, or None.
        is_law: Whether it is the rule of a law, a carrier or a platform.
    """

    name: str
    clause: str = ""
    url: str = ""
    how: str = ""
    checked_on: date | None = None
    is_law: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule that was applied.

    Attributes:
        code: Its code.
        name: Its name.
        title: What it is about, in a sentence that says what is wrong.
        source: What it rests on.
        meaning: What a finding of it means: ``violation``, ``evidence_required``,
            ``manual_review`` or ``advisory``.
        places: The channels and locales of the texts it was applied to.
        texts: How many texts those are.
        markets: The markets in which it binds them; empty for all.
        found: How many findings are told.
        kept: How many are suppressed or were accepted before.
    """

    code: str
    name: str
    title: str
    source: Source
    meaning: str
    places: tuple[str, ...]
    texts: int
    markets: tuple[str, ...]
    found: int
    kept: int


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A rule that is about some texts and was not applied to them.

    Attributes:
        code: Its code.
        name: Its name.
        title: What it is about.
        why: What kept it from being applied.
        what: The key that is not declared, or the day from or until which it binds.
        places: The channels and locales of the texts.
    """

    code: str
    name: str
    title: str
    why: Why
    what: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesUsed:
    """What was and what was not asked of a message.

    Attributes:
        applied: The rules that were applied to words or to the message as a whole, those
            of laws, carriers and platforms first.
        not_applied: The rules that are about it and were not applied.
        nobody: Codes that no rule of copylab checks, and why, in its markets.
        elsewhere: How many rules are about other channels, purposes or markets.
        files: How many rules are about the form of files, which are always applied.
    """

    applied: tuple[Applied, ...]
    not_applied: tuple[NotApplied, ...]
    nobody: tuple[tuple[str, str], ...]
    elsewhere: int
    files: int

    @property
    def laws(self) -> tuple[Applied, ...]:
        """The applied rules of laws, carriers and platforms."""
        return tuple(rule for rule in self.applied if rule.source.is_law)

    @property
    def own(self) -> tuple[Applied, ...]:
        """The other applied rules."""
        return tuple(rule for rule in self.applied if not rule.source.is_law)


def find_rules_used(
    catalog: Catalog,
    texts: Sequence[Words],
    rules: Sequence[Rule],
    told: Told,
    day: date,
) -> RulesUsed:
    """The rules that were applied to a message, and those that were not.

    Args:
        catalog: The workspace's content.
        texts: The words of the message that could be read.
        rules: All rules of the workspace.
        told: What was found.
        day: The day whose rules count.
    """
    applied: list[Applied] = []
    not_applied: list[NotApplied] = []
    elsewhere = files = 0
    for rule in rules:
        if rule.subject == "reading":
            files += 1
            continue
        bound = [words for words in texts if _is_about(rule, words)]
        if not bound:
            elsewhere += rule.subject != "experiment"
            continue
        missing = list(_not_applied(rule, bound, catalog, day))
        not_applied += (entry for entry, _ in missing)
        kept_out = {id(words) for _, each in missing for words in each}
        looked_at = [words for words in bound if id(words) not in kept_out]
        if looked_at:
            applied.append(_applied(rule, looked_at, told))
    applied.sort(key=lambda item: (not item.source.is_law, item.code))
    nobody = tuple(_nobody(texts))
    return RulesUsed(tuple(applied), tuple(not_applied), nobody, elsewhere, files)


def _is_about(rule: Rule, words: Words) -> bool:
    """Whether a rule binds some words, in force or not, declared or not."""
    if rule.subject == "experiment":
        return False
    if not rule.looks_at(words.channel, words.message.purpose):
        return False
    return rule.concerns is None or rule.concerns(words) is not None


def _not_applied(
    rule: Rule, bound: Sequence[Words], catalog: Catalog, day: date
) -> Iterator[tuple[NotApplied, list[Words]]]:
    """Why a rule was not applied to some of the words it is about."""
    settings = catalog.config.lint
    if not rule.is_in_force(day):
        yield _entry(rule, bound, "not_in_force", _days(rule)), list(bound)
        return
    off = [words for words in bound if is_off(rule, settings) or _is_off(rule, words)]
    if off:
        yield _entry(rule, off, "off", ""), off
    by_key: dict[str, list[Words]] = {}
    for words in bound:
        if words not in off and rule.lacks is not None and (key := rule.lacks(words)):
            by_key.setdefault(key, []).append(words)
    for key, lacking in by_key.items():
        yield _entry(rule, lacking, "undeclared", key), lacking


def _is_off(rule: Rule, words: Words) -> bool:
    """Whether a rule is switched off for the file of some words."""
    settings = words.catalog.config.lint
    return settings.severity_at(_file(words), rule.name, rule.code) == OFF


def _file(words: Words) -> str:
    return words.message.copies[words.channel, words.locale].source.name


def _days(rule: Rule) -> str:
    """From when or until when a rule binds."""
    provision = rule.provision
    if provision is None:
        return ""
    ends = (provision.effective_from, provision.effective_until)
    return " – ".join("" if end is None else end.isoformat() for end in ends).strip()


def _entry(rule: Rule, bound: Sequence[Words], why: Why, what: str) -> NotApplied:
    title = rule.page().title
    return NotApplied(rule.code, rule.name, title, why, what, _places(bound))


def _places(bound: Sequence[Words]) -> tuple[str, ...]:
    found = (f"{words.channel}.{words.locale}" for words in bound)
    return tuple(dict.fromkeys(found))


def _applied(rule: Rule, bound: Sequence[Words], told: Told) -> Applied:
    page, concerns = rule.page(), rule.concerns
    asked = () if concerns is None else (concerns(words) or () for words in bound)
    markets = tuple(dict.fromkeys(market for each in asked for market in each))
    kept = {id(f): f for each in told.excused for f in each.findings}
    kept |= {id(f): f for f in told.known}
    return Applied(
        code=rule.code,
        name=rule.name,
        title=page.title,
        source=_source(rule, page.source),
        meaning="violation" if rule.provision is None else rule.provision.verdict,
        places=_places(bound),
        texts=len(bound),
        markets=markets,
        found=sum(finding.rule == rule.name for finding in told.findings),
        kept=sum(finding.rule == rule.name for finding in kept.values()),
    )


def _source(rule: Rule, written: str) -> Source:
    """What a rule rests on: its provision, or what its page says."""
    if rule.provision is None or not rule.authority:
        return Source(written)
    basis = rule.provision.basis
    return Source(
        basis.name,
        basis.clause,
        basis.url,
        basis.checked if basis.checked in _HOW_READ else "",
        basis.checked_on,
        is_law=basis.kind in _LAWS,
    )


def _nobody(texts: Sequence[Words]) -> Iterator[tuple[str, str]]:
    """The codes of the catalogue that nothing checks: of these markets, or of all."""
    markets = {market for words in texts for market in words.markets}
    for code, why in sorted(left_out_codes().items()):
        head = code.partition("-")[0]
        is_country = len(head) == len("CN") and head != "WA"
        if not is_country or head in markets:
            yield code, why
