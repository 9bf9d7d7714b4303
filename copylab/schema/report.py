"""What ``copylab lint --format json`` prints."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES, Finding
from copylab.lint.report import VERSION, Proof
from copylab.schema.parts import list_of

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
}
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
    return _object("What lint found.", keys)


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
    keys: Json = {}
    for item in fields(Finding):
        about: Json = {"description": _WORDS[item.name]}
        if item.name == "severity":
            about["enum"] = list(SEVERITIES)
        elif item.name == "witness":
            about["oneOf"] = [{"type": "null"}, _witness()]
        elif "int" in str(item.type):
            about |= {"type": ["integer", "null"], "minimum": 1}
        else:
            is_nullable = "None" in str(item.type)
            about["type"] = ["string", "null"] if is_nullable else "string"
        keys[item.name] = about
    return _object("One thing that is wrong.", keys)


def _witness() -> Json:
    choices: Json = {"type": "object", "additionalProperties": {"type": "string"}}
    about = {"description": "What leads there, by variable or condition."}
    words = {"description": "The text, exactly as it would be sent.", "type": "string"}
    return _object(
        "The message that shows it.", {"text": words, "choices": choices | about}
    )


def _proof() -> Json:
    types = {"int": "integer", "bool": "boolean", "str": "string"}
    keys: Json = {
        item.name: {
            "description": _PROOF[item.name],
            "type": types[str(item.type)],
        }
        for item in fields(Proof)
    }
    return _object("What holds for every output of one variant.", keys)
