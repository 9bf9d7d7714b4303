"""What ``copylab lint --format json`` prints."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES, Finding
from copylab.lint.report import VERSION, Proof
from copylab.schema.parts import list_of
from copylab.source import Span

if TYPE_CHECKING:
    from copylab.schema.parts import Json

_WORDS = {
    "rule": "The rule's name.",
    "code": "The rule's stable code.",
    "severity": "How grave it is.",
    "message": "One sentence that says what is wrong.",
    "file": "The path from the workspace's root, with /; null for a bare text.",
    "line": "The line where it starts, from 1.",
    "column": "The column where it starts, from 1, in code points.",
    "end_line": "The line where it ends.",
    "end_column": "The column after its last character.",
    "variant": "The variant concerned.",
    "field": "The field concerned.",
    "witness": "The message that shows it, and what leads there.",
    "help": "What to do about it.",
    "fix": "Changes that do it, where copylab can make them.",
}
_TYPES = {"int": "integer", "bool": "boolean", "str": "string"}
_PROOF = {
    "message": "The message.",
    "channel": "The channel.",
    "locale": "The locale.",
    "variant": "The variant.",
    "rules": "How many rules were decided.",
    "branches": "How many different texts the author wrote; 0 for too many to walk.",
    "exhaustive": "Whether every way was walked.",
    "file": "The file that holds the words.",
}


def describe() -> Json:
    """The report; keys may be added, none is taken away within a version."""
    counts: Json = {
        level: _count(f"Findings of severity {level}.") for level in SEVERITIES
    }
    counts["messages"] = _count("Messages looked at.")
    counts["rules"] = _count("Rules that ran.")
    keys: Json = {
        "version": {"description": "The version of this form.", "const": VERSION},
        "summary": _object("Counts.", counts),
        "findings": list_of("Sorted by file, line and column.", _finding()),
        "proofs": list_of("One for each text that was read.", _proof()),
        "not_checked": list_of(
            "What could not be decided or read.", {"type": "string"}
        ),
    }
    report = _object("What lint found.", keys)
    report["properties"] = keys | {"costs": _costs()}
    return report


def _object(about: str, keys: Json) -> Json:
    return {
        "description": about,
        "type": "object",
        "properties": keys,
        "required": list(keys),
    }


def _count(about: str) -> Json:
    return {"description": about, "type": "integer", "minimum": 0}


def _finding() -> Json:
    keys: Json = {
        item.name: _part(item.name, str(item.type)) for item in fields(Finding)
    }
    return _object("One thing that is wrong.", keys)


def _part(name: str, kind: str) -> Json:
    """What an attribute of a finding is, as its type says.

    One without words here has no description, which the tests do not let pass.
    """
    about: Json = {"description": _WORDS.get(name, "")}
    if name in _PARTS:
        return about | {"oneOf": [{"type": "null"}, _PARTS[name]()]}
    if name == "severity":
        return about | {"enum": list(SEVERITIES)}
    if "int" in kind:
        return about | {"type": ["integer", "null"], "minimum": 1}
    return about | {"type": ["string", "null"] if "None" in kind else "string"}


def _fix() -> Json:
    keys: Json = {
        "edits": list_of("The changes, none inside another.", _edit()),
        "is_safe": {
            "description": "Whether a reader reads the same afterwards.",
            "type": "boolean",
        },
    }
    return _object("Changes that mend it.", keys)


def _edit() -> Json:
    words = {
        "file": "The path from the workspace's root.",
        "line": "The first line.",
        "column": "The first column, in code points.",
        "end_line": "The last line.",
        "end_column": "The column after the last character.",
    }
    span: Json = {
        item.name: {
            "description": words.get(item.name, ""),
            "type": _TYPES[str(item.type)],
        }
        for item in fields(Span)
    }
    about = {"description": "What stands there afterwards.", "type": "string"}
    keys: Json = {"span": _object("What is replaced.", span), "text": about}
    return _object("A change of a file.", keys)


def _costs() -> Json:
    """What ``--audience-size`` adds."""
    rows = {"description": "By message, locale, variant and market.", "type": "object"}
    totals = {"description": "By currency.", "type": "object"}
    market: Json = {"type": "string"}
    keys: Json = {
        "audience_size": _count("How many people get each message."),
        "rows": list_of("What each text costs; amounts are texts, to be exact.", rows),
        "totals": list_of("What the live variants cost together.", totals),
        "unpriced": list_of("Markets whose price is not known.", market),
    }
    return _object("What the short messages cost, where that was asked for.", keys)


def _witness() -> Json:
    choices: Json = {"type": "object", "additionalProperties": {"type": "string"}}
    about = {"description": "What leads there, by variable or condition."}
    words = {"description": "The text, exactly as it would be sent.", "type": "string"}
    return _object(
        "The message that shows it.", {"text": words, "choices": choices | about}
    )


def _proof() -> Json:
    keys: Json = {
        item.name: {
            "description": _PROOF.get(item.name, ""),
            "type": _TYPES[str(item.type)],
        }
        for item in fields(Proof)
    }
    return _object("What holds for every output of one variant.", keys)


_PARTS = {"witness": _witness, "fix": _fix}
