"""A rule pack: rules on wording, written as data."""

from __future__ import annotations

from copylab.findings import SEVERITIES
from copylab.lint.detect.asked import PLACES
from copylab.lint.detect.hours import DAYS, HOURS
from copylab.lint.detect.kinds import KINDS, NEEDED, OFFERED
from copylab.lint.pack_keys import FIELD_NAMES
from copylab.lint.plugins import CODE, NAME
from copylab.lint.provision import BASIS_KINDS, CHECKED, CONFIDENCES, VERDICTS
from copylab.lint_settings import PURPOSES
from copylab.message.model import FIELDS
from copylab.schema.parts import (
    MARKET,
    Json,
    choice,
    flag,
    integer,
    list_of,
    mapping,
    one_of,
    section,
    text,
)
from copylab.schema.parts import (
    number as decimal,
)

_DAY = "2026-11-22"


def describe() -> Json:
    """A pack."""
    keys: Json = {
        "about": text("What the pack is.", "Words our lawyers do not want."),
        "as_of": text("The day it was looked over.", "2026-11-22"),
        "review_by": text("The day by which to read all of it again.", _DAY),
        "covered": mapping(
            "Codes of a catalogue that other rules cover.",
            text("The rule.", "optout-missing"),
            ["ACME-7"],
        ),
        "left_out": mapping(
            "Codes of a catalogue that nothing checks.",
            text("Why.", "no text can show it"),
            ["ACME-8"],
        ),
        "rules": list_of("The rules.", _rules()),
    }
    return section("A rule pack.", keys, ["rules"])


def _anchored(pattern: str) -> str:
    return "^" + pattern.removesuffix(r"\Z") + "$"


def _rules() -> Json:
    return one_of(
        "A rule.", *(_rule(number, kind) for number, kind in enumerate(KINDS))
    )


def _rule(number: int, kind: str) -> Json:
    """A rule of one kind: the keys of the others mean nothing in it."""
    offered = {*NEEDED[kind], *OFFERED[kind]}
    detection = {k: form for k, form in _detection(kind).items() if k in offered}
    keys = {**_said(number, kind), **_scope(), **_law(), **detection}
    required = ["name", "code", "kind", "severity", "message", "help", *NEEDED[kind]]
    return section("A rule.", keys, required)


def _said(number: int, kind: str) -> Json:
    """What a rule is called and what it says."""
    return {
        "name": text(
            "Words with hyphens.",
            f"acme-{kind.replace('_', '-')}",
            _anchored(NAME.pattern),
        ),
        "code": text(
            "Capitals and digits.", f"ACME00{number + 1}", _anchored(CODE.pattern)
        ),
        "title": text("One sentence.", "Money is called free."),
        "what": text("What it checks.", "Free money in any branch."),
        "why": text("Why that matters.", "Credit costs."),
        "note": text("What else is to be known of its source.", "wording of 2027"),
        "kind": choice("How it finds what it is about.", [kind]),
        "severity": choice("How grave it is.", SEVERITIES),
        "message": text("The finding; {match} is what was found.", "'{match}' is said"),
        "help": text("What to do.", "say what it costs"),
        "bad": list_of("Examples it fires on.", _example()),
        "good": list_of("Examples it is silent on.", _example()),
    }


def _scope() -> Json:
    """What a rule is about."""
    words = list_of("Without it, whatever it says.", text("A word.", "broker"))
    return {
        "channels": list_of("Without them, all.", choice("A channel.", FIELDS)),
        "purposes": list_of("Without them, all.", choice("A purpose.", PURPOSES)),
        "industries": list_of("Without them, all.", text("An industry.", "lending")),
        "providers": list_of("Without them, all.", text("A gateway.", "tencent")),
        "products": list_of("Without them, all.", text("A product.", "hcstc")),
        "markets": list_of(
            "Without them, all; EU is every member.", text("A market.", "CN", MARKET)
        ),
        "but_not": list_of("Whose own rule stands.", text("A market.", "FR", MARKET)),
        "only_with": mapping("What sending: must say.", words, ["role"]),
        "but_with": mapping("What sending: may not say.", words, ["licences"]),
    }


def _law() -> Json:
    """What a rule rests on."""
    basis = section(
        "Where it stands.",
        {
            "name": text("The law or the document.", "47 CFR 64.1200"),
            "kind": choice("What it is.", BASIS_KINDS),
            "clause": text("The article.", "(a)(10)"),
            "url": text("Where it was read.", "https://example.com/law"),
            "checked": choice("How it was read.", CHECKED),
            "checked_on": text("When it was read.", _DAY),
        },
        ["name"],
    )
    return {
        "basis": basis,
        "source": text("The same in a line.", "house rules, section 3"),
        "checked": choice("How the source was checked.", CHECKED),
        "confidence": choice("How sure the reading of it is.", CONFIDENCES),
        "verdict": choice("What a finding means.", VERDICTS),
        "effective_from": text("The day it comes into force.", _DAY),
        "effective_until": text("The last day of its force.", _DAY),
        "review_by": text("The day by which to read it again.", _DAY),
    }


def _detection(kind: str) -> Json:
    """What a rule of a kind looks for."""
    shown = r"{number}\s?% APR" if kind == "numeric" else r"free\s+money"
    pattern = text("A regular expression of Python.", shown)
    hours = {
        "hours": text("From and to.", "09:00-21:00", _anchored(HOURS.pattern)),
        "days": list_of("Without them, all.", choice("A day.", DAYS)),
        "regions": list_of("Without them, the rule's.", text("A state.", "TX")),
        "providers": list_of(
            "Without them, those of no other window.", text("A gateway.", "huawei")
        ),
    }
    return {
        "patterns": list_of("The words; any of them.", pattern, filled=True),
        "also": list_of("Further words that must be there, too.", pattern, filled=True),
        "when": text("Words that make what is asked for necessary.", "loan"),
        "allow": text("Longer phrases in which a hit is harmless.", "risk-free money"),
        "unless": text("Words that make every hit harmless.", "example"),
        "not_after": text("Words shortly before that make a hit harmless.", "never"),
        "values": flag("Whether a hit may hold values, as an amount does."),
        "links": flag("Whether addresses of url variables are hits, too."),
        "pinyin": list_of("The words in pinyin, no tones.", text("Words.", "zui jia")),
        "fields": list_of("Without them, all.", choice("A field.", FIELD_NAMES)),
        "place": choice("Where the words must stand.", PLACES),
        "max_characters": integer("The most characters.", 500),
        "max_messages": integer("The most messages.", 3),
        "per_hours": decimal("In how many hours.", 24),
        "above": decimal("A number above it is a finding.", 36),
        "below": decimal("A number below it is a finding.", 61),
        "key": text("A key of sending:, or of the brand.", "consent"),
        "accept": list_of("What it may say.", text("A word.", "direct")),
        "refuse": list_of("What it may not say.", text("A word.", "tencent")),
        "all_of": list_of("What it must say, all of it.", text("A word.", "stop")),
        "form": text("What it must look like.", r"[A-Z]{6}"),
        "regions": list_of("The states it is for.", text("A state.", "TX")),
        "windows": list_of("When it may be sent.", section("Hours.", hours, ["hours"])),
        "closed_on_holidays": flag("Whether public holidays are closed."),
    }


def _example() -> Json:
    keys = {
        "file": text("What it is.", "sms.en-US.md"),
        "text": text("Its words.", "Example: free money"),
    }
    return section("An example.", keys, ["file", "text"])
