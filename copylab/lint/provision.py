"""Provisions: what a rule rests on, whom it binds, from when, and how it is to be read.

A rule on wording that comes from a law, a carrier or a platform says where it stands and
when that was read. What it says is not legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from datetime import date

    from copylab.findings import Severity

Verdict = Literal["violation", "evidence_required", "manual_review", "advisory"]
"""What a finding means: the breach is decided, or evidence is needed, or a person must
judge, or it is good practice. It follows how the provision is written."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

BasisKind = Literal["statute", "regulator", "carrier", "platform", "practice", "own"]
BASIS_KINDS: tuple[BasisKind, ...] = get_args(BasisKind)

Checked = Literal["primary", "secondary", "unverified", "n/a"]
"""How a source was read: the text itself, a report on it, not at all, or there is none."""
CHECKED: tuple[Checked, ...] = get_args(Checked)

Confidence = Literal["certain", "likely", "possible", "to verify"]
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)

EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - 27 codes in a line
)
"""The member states, ISO 3166, since 2020-02-01."""
UNION = "EU"
TAKES_IN = {"banking": ("lending", "wealth")}
"""Industries that do what the rules of others are about: a bank lends and takes in."""
_DAY = timedelta(days=1)

_VERDICT_WORDS: dict[Verdict, str] = {
    "violation": "",
    "evidence_required": "needs evidence",
    "manual_review": "needs a person's judgement",
    "advisory": "advice",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule stands.

    Attributes:
        name: The law, the carrier's or the platform's document.
        kind: What it is.
        clause: The article or section.
        url: Where it was read.
        checked: How it was read.
        checked_on: When, or None.
    """

    name: str
    kind: BasisKind = "own"
    clause: str = ""
    url: str = ""
    checked: Checked = "n/a"
    checked_on: date | None = None

    @property
    def sentence(self) -> str:
        """The source in a line, with how and when it was read."""
        where = ", ".join(part for part in (self.name, self.clause) if part)
        read = {
            "primary": "read at the source",
            "secondary": "read in a report on it",
            "unverified": "not read at the source",
            "n/a": "",
        }[self.checked]
        if self.checked in {"primary", "secondary"} and self.checked_on is not None:
            read += f" on {self.checked_on.isoformat()}"
        return f"{where} ({read})" if read else where


@dataclass(frozen=True, slots=True)
class Provision:
    """What a rule rests on, and for what.

    Attributes:
        basis: Where it stands.
        verdict: What a finding means.
        confidence: How sure the reading is.
        markets: Whose rule it is, ISO 3166; ``EU`` is every member state; empty is all.
        but_not: Markets whose own rule stands in its place.
        industries: The industries it is for; empty is all.
        providers: The gateways whose rule it is; empty is all.
        products: The products it is for, under ``sending.product``; empty is all.
        effective_from: The day it came or comes into force; None: long ago.
        effective_until: The last day of its force; None: open.
        review_by: The day by which it is to be read again; None: never.
    """

    basis: Basis
    verdict: Verdict = "violation"
    confidence: Confidence = "certain"
    markets: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_until: date | None = None
    review_by: date | None = None

    def is_in_force(self, day: date) -> bool:
        """Whether it binds on a day."""
        if self.effective_from is not None and day < self.effective_from:
            return False
        return self.effective_until is None or day <= self.effective_until

    def binds(self, market: str) -> bool:
        """Whether it is a rule of a market, by itself or through its union."""
        if market in self.but_not:
            return False
        if not self.markets or market in self.markets:
            return True
        return UNION in self.markets and market in EU_MEMBERS

    def is_about(self, industry: str) -> bool:
        """Whether it is for an industry, or for one that the industry takes in."""
        return not self.industries or not {
            industry,
            *TAKES_IN.get(industry, ()),
        }.isdisjoint(self.industries)

    @property
    def days(self) -> tuple[date, ...]:
        """The last days before something about it changes."""
        found = (
            None if self.effective_from is None else self.effective_from - _DAY,
            self.effective_until,
            self.review_by,
        )
        return tuple(day for day in found if day is not None)

    @property
    def verdict_words(self) -> str:
        """What a finding means, where it is no plain breach."""
        return _VERDICT_WORDS[self.verdict]


def gravest(provision: Provision, *, wanted: Severity = "error") -> Severity:
    """The gravest severity that a rule may have by itself.

    An error stops a team's work: so the reading must be certain, its source read, and the
    breach decided by the text or by what is declared.

    Args:
        provision: What the rule rests on.
        wanted: The severity that its authors aim at.
    """
    if provision.confidence in {"possible", "to verify"}:
        return "info"
    if wanted == "error" and (
        provision.confidence != "certain"
        or provision.verdict != "violation"
        or provision.basis.checked == "unverified"
    ):
        return "warning"
    return wanted
