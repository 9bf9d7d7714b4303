"""A rule pack: rules on wording, written as data."""

from __future__ import annotations

from copylab.findings import SEVERITIES
from copylab.lint.own_packs import CHECKED, CONFIDENCES, FIELD_NAMES
from copylab.lint.plugins import CODE, NAME
from copylab.lint.wording import KINDS
from copylab.lint_settings import PURPOSES
from copylab.message.model import FIELDS
from copylab.schema.parts import (
    MARKET,
    Json,
    choice,
    flag,
    list_of,
    section,
    text,
)


def describe() -> Json:
    """A pack."""
    keys: Json = {
        "about": text("What the pack is.", "Words our lawyers do not want."),
        "as_of": text("The day it was looked over.", "2026-11-22"),
        "rules": list_of("The rules.", _rule()),
    }
    return section("A rule pack.", keys, ["rules"])


def _anchored(pattern: str) -> str:
    return "^" + pattern.removesuffix(r"\Z") + "$"


def _rule() -> Json:
    pattern = text("A regular expression of Python.", r"free\s+money")
    keys: Json = {
        "name": text(
            "Words with hyphens.", "acme-no-free-money", _anchored(NAME.pattern)
        ),
        "code": text("Capitals and digits.", "ACME001", _anchored(CODE.pattern)),
        "title": text("One sentence.", "Money is called free."),
        "what": text("What it checks.", "Free money in any branch."),
        "why": text("Why that matters.", "Credit costs."),
        "kind": choice("Whether words are forbidden or asked for.", KINDS),
        "severity": choice("How grave it is.", SEVERITIES),
        "message": text("The finding; {match} is what was found.", "'{match}' is said"),
        "help": text("What to do.", "say what it costs"),
        "source": text("Where the duty comes from.", "house rules, section 3"),
        "checked": choice("How the source was checked.", CHECKED),
        "confidence": choice("How sure the reading of it is.", CONFIDENCES),
        "values": flag("Whether a hit may hold values, as an amount does."),
        "channels": list_of("Without them, all.", choice("A channel.", FIELDS)),
        "purposes": list_of("Without them, all.", choice("A purpose.", PURPOSES)),
        "fields": list_of("Without them, all.", choice("A field.", FIELD_NAMES)),
        "industries": list_of("Without them, all.", text("An industry.", "lending")),
        "markets": list_of("Without them, all.", text("A market.", "CN", MARKET)),
        "patterns": list_of("The words; any of them.", pattern, filled=True),
        "also": list_of("Further words that must be there, too.", pattern, filled=True),
        "when": text("Words that make what is asked for necessary.", "loan"),
        "allow": text("Longer phrases in which a hit is harmless.", "risk-free money"),
        "unless": text("Words that make every hit harmless.", "example"),
        "not_after": text("Words shortly before that make a hit harmless.", "never"),
        "bad": list_of("Examples it fires on.", _example()),
        "good": list_of("Examples it is silent on.", _example()),
    }
    required = ["name", "code", "kind", "severity", "message", "help", "patterns"]
    return section("A rule.", keys, required)


def _example() -> Json:
    keys = {
        "file": text("What it is.", "sms.en-US.md"),
        "text": text("Its words.", "Example: free money"),
    }
    return section("An example.", keys, ["file", "text"])
