"""The parts that schemas are made of, as the readers of ``copylab.document`` take them.

Examples are what an editor offers, and what the tests make whole files of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Json = dict[str, object]

SCALARS = ["string", "number", "boolean"]
MARKET = r"^(?!UK$)[A-Z]{2}$"
LOCALE = r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$"


def text(about: str, example: object, pattern: str = "") -> Json:
    """A text; numbers and booleans are taken as they are written."""
    found: Json = {"description": about, "type": SCALARS, "examples": [example]}
    return found | ({"type": "string", "pattern": pattern} if pattern else {})


def usual(part: Mapping[str, object], value: object) -> Json:
    """A part with what is taken where nothing is written."""
    return {**part, "default": value}


def choice(about: str, options: Iterable[str]) -> Json:
    """One of some words."""
    return {"description": about, "enum": list(options)}


def integer(
    about: str, example: int, low: int | None = 0, high: int | None = None
) -> Json:
    """A whole number within bounds."""
    bounds = {"minimum": low, "maximum": high}
    found: Json = {"description": about, "type": "integer", "examples": [example]}
    return found | {key: bound for key, bound in bounds.items() if bound is not None}


def number(about: str, example: float) -> Json:
    """A number."""
    return {"description": about, "type": "number", "examples": [example]}


def flag(about: str, *, default: bool = False) -> Json:
    """``true`` or ``false``."""
    return {"description": about, "type": "boolean", "default": default}


def quantity(about: str, example: object) -> Json:
    """A share, a percentage or a time span as people write it."""
    return {"description": about, "type": ["string", "number"], "examples": [example]}


def list_of(about: str, items: Mapping[str, object], *, filled: bool = False) -> Json:
    """A list."""
    found: Json = {"description": about, "type": "array", "items": dict(items)}
    return found | ({"minItems": 1} if filled else {})


def section(
    about: str, keys: Mapping[str, object], required: Iterable[str] = ()
) -> Json:
    """A mapping whose keys are known; an empty one may be left blank."""
    needed = list(required)
    return {
        "description": about,
        "type": "object" if needed else ["object", "null"],
        "properties": dict(keys),
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }


def mapping(
    about: str, values: Mapping[str, object], names: Iterable[str], pattern: str = ""
) -> Json:
    """A mapping whose keys are names.

    Args:
        about: What it is.
        values: What stands behind each name.
        names: Examples of names.
        pattern: What a name must match.
    """
    named: Json = {"examples": list(names)} | ({"pattern": pattern} if pattern else {})
    return {
        "description": about,
        "type": ["object", "null"],
        "propertyNames": named,
        "additionalProperties": dict(values),
    }


def one_of(about: str, *forms: Mapping[str, object]) -> Json:
    """One of several forms."""
    return {"description": about, "anyOf": [dict(form) for form in forms]}
