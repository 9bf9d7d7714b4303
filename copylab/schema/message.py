"""``message.yaml``."""

from __future__ import annotations

from copylab.lint_settings import PURPOSES
from copylab.message.charsets import CHARSETS
from copylab.message.model import FIELDS, VARIABLE_TYPES
from copylab.message.variables import (
    DEFAULT_DECIMALS,
    MAX_DECIMALS,
    MAX_ITEMS,
    MAX_LENGTH,
)
from copylab.schema import shared
from copylab.schema.parts import (
    LOCALE,
    SCALARS,
    Json,
    choice,
    flag,
    integer,
    list_of,
    mapping,
    number,
    section,
    text,
    usual,
)

_NAME = "^[A-Za-z_][A-Za-z0-9_]*$"
_VARIANT = "^(?!none$)[a-z0-9][a-z0-9_-]*$"
_WINDOW = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"
_MISSING: dict[str, object] = {
    **dict.fromkeys(("text", "person_name"), "there"),
    **dict.fromkeys(("int", "decimal", "percent", "money"), 1),
    "bool": False,
}


def describe() -> Json:
    """What a message is."""
    step = section(
        "A step.",
        {
            "after": text("Time since the first step.", "4h", "^[0-9]+[mhd]$"),
            "channel": choice("The channel to send.", FIELDS),
            "window": text(
                "Local times between which to send.", "11:00-12:00", _WINDOW
            ),
            "unless": text("The event that makes the step unnecessary.", "click"),
        },
        ["after", "channel"],
    )
    tags = mapping(
        "Tags that describe the wording.", text("A word.", "reminder"), ["hook"]
    )
    keys: Json = {
        "purpose": choice("What it is for; it decides which rules apply.", PURPOSES),
        "markets": shared.markets(),
        "live": text("The variant everybody outside an experiment gets.", "plain"),
        "variants": mapping("The wordings by name.", tags, ["plain"], _VARIANT),
        "variables": mapping(
            "The inputs by name.", _reference(), VARIABLE_TYPES, _NAME
        ),
        "sequence": list_of("Advice for the sender; copylab never sends.", step),
        "locales": list_of(
            "The declared locales it is narrowed to.",
            text("A locale.", "en-US", LOCALE),
        ),
        "brand": shared.brand(),
        "industry": shared.industry(),
        "sending": shared.sending(),
        "email": shared.email(),
        "sms": shared.sms(with_profiles=False),
        "push": shared.push(),
    }
    message = section("What a message is.", keys, ["purpose"])
    plain = tuple(kind for kind in VARIABLE_TYPES if kind != "list")
    return message | {
        "definitions": {
            "variable": _variable(VARIABLE_TYPES),
            "field": _variable(plain),
        }
    }


def _reference(name: str = "variable") -> Json:
    return {"$ref": f"#/definitions/{name}"}


def _variable(types: tuple[str, ...]) -> Json:
    """A declaration: what may stand in it depends on its type."""
    return {
        "description": "A typed, bounded input.",
        "type": "object",
        "required": ["type"],
        "properties": {"type": choice("What it holds.", types)},
        "allOf": [
            {
                "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
                "then": _form(kind, types),
            }
            for kind in types
        ],
    }


def _form(kind: str, types: tuple[str, ...]) -> Json:
    keys: Json = {
        "type": choice("What it holds.", types),
        "from": text("The key of the user that holds it, if not its name.", "limit"),
        "missing": _missing(kind),
    }
    bounds, required = _bounds(kind)
    return section(f"A variable of type {kind}.", keys | bounds, ["type", *required])


def _missing(kind: str) -> Json:
    """What happens without a value: a replacement, one by locale, skip or error."""
    return {
        "description": "Without a value: a replacement, one for each locale, "
        "skip (do not send) or error.",
        "type": [*SCALARS, "object", "array"],
        "default": "error",
        "examples": [_MISSING.get(kind, "skip"), "skip", "error"],
    }


def _bounds(kind: str) -> tuple[Json, list[str]]:
    """The bounds of a type, and those it cannot do without."""
    longest = integer("The most characters it may have.", 20, 1, MAX_LENGTH)
    if kind in {"text", "person_name"}:
        keys: Json = {
            "max": longest,
            "charset": choice("The characters it may hold.", CHARSETS)
            | {"default": "any"},
        }
        if kind == "text":
            keys["multiline"] = flag("Whether it may hold line breaks.")
            keys["links"] = flag("Whether it may hold what phones make a link of.")
        return keys, ["max"]
    if kind in {"int", "decimal", "percent", "money"}:
        keys = {
            "min": number("The smallest value.", 0),
            "max": number("The largest value.", 1000),
        }
        if kind != "int":
            keys["decimals"] = usual(
                integer("Digits after the point.", 2, 0, MAX_DECIMALS),
                DEFAULT_DECIMALS[kind],
            )
        if kind == "money":
            keys["currency"] = text("ISO 4217.", "CNY", "^[A-Z]{3}$")
            return keys, ["min", "max", "currency"]
        return keys, ["min", "max"]
    if kind in {"date", "datetime"}:
        return {
            "min": text("The earliest.", "2026-01-01"),
            "max": text("The latest.", "2035-12-31"),
        }, []
    if kind == "url":
        base = "https://example.com/"
        return {
            "base": text("The start that no user can change.", base, "^https?://"),
            "max": integer(
                "The most characters, the whole address.", 40, 1, MAX_LENGTH
            ),
        }, ["max"]
    if kind == "enum":
        words = list_of(
            "The words it may be.", text("A word.", "approved"), filled=True
        )
        return {"values": words}, ["values"]
    if kind == "list":
        fields = mapping("Its fields.", _reference("field"), ["step"], _NAME)
        fields["additionalProperties"] = _reference("field")
        return {
            "max_items": integer("The most items.", 3, 1, MAX_ITEMS),
            "items": fields,
        }, ["max_items", "items"]
    return {}, []
