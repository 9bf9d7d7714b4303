"""Packs: the lists, patterns and dated facts that rules are made of, as data."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any


@cache
def load_pack(name: str) -> dict[str, Any]:
    """The content of ``packs/NAME.yaml``. Treat it as read-only.

    Raises:
        FileNotFoundError: There is no such pack.
    """
    import yaml  # noqa: PLC0415 - importing copylab needs no YAML

    folder = resources.files("copylab.lint").joinpath("packs")
    text = folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    # The safe loader's C form: CSafeLoader derives from SafeLoader's constructors.
    record: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return record


@cache
def rule_packs() -> tuple[str, ...]:
    """The names of the packs of rules, in their order."""
    folder = resources.files("copylab.lint").joinpath("packs", "rules")
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


@cache
def covered_codes() -> dict[str, str]:
    """By code of the catalogue that is no rule of a pack, the rule that covers it."""
    return _listed("covered")


@cache
def left_out_codes() -> dict[str, str]:
    """By code of the catalogue that is not checked, the reason."""
    return _listed("left_out")


def _listed(key: str) -> dict[str, str]:
    packs = (load_pack(f"rules/{name}") for name in rule_packs())
    return {code: text for pack in packs for code, text in pack.get(key, {}).items()}


@cache
def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern that matches where any of several does, in any case of letters."""
    return re.compile("|".join(f"(?:{part})" for part in patterns), re.IGNORECASE)
