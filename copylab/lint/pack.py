"""Packs: the lists, patterns and dated facts that rules are made of, as data.

Reading their YAML takes longer than all else before the first text is looked at. So each
is there as JSON, too (``scripts/packs.py`` writes it), which counts as long as it was made
of the very YAML that stands beside it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from copylab.snapshot import digest

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_COMPILED = "compiled"
_ENDING = ".yaml"


@cache
def load_pack(name: str) -> dict[str, Any]:
    """The content of ``packs/NAME.yaml``, days as texts. Treat it as read-only.

    Raises:
        FileNotFoundError: There is no such pack.
    """
    data = _packs().joinpath(f"{name}{_ENDING}").read_bytes()
    compiled = _packs().joinpath(_COMPILED, compiled_name(name))
    if compiled.is_file():
        record = json.loads(compiled.read_bytes())
        if record["of"] == digest(data).hex():
            found: dict[str, Any] = record["pack"]
            return found
    return parse_pack(data)


def parse_pack(data: bytes) -> dict[str, Any]:
    """The content of a pack's YAML, days as texts."""
    import yaml  # noqa: PLC0415 - importing copylab needs no YAML

    # The safe loader's C form, which derives from SafeLoader's constructors.
    loader = yaml.CSafeLoader(data)
    loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
        for first, pairs in loader.yaml_implicit_resolvers.items()
    }
    try:
        record: dict[str, Any] = loader.get_single_data()
    finally:
        loader.dispose()
    return record


def compiled_name(name: str) -> str:
    """How the file is called that holds a pack as JSON."""
    return f"{name.replace('/', '-')}.json"


def compile_packs() -> dict[str, str]:
    """By name of a file in ``packs/compiled``, what it is to hold."""
    found = {}
    for name in _pack_names():
        data = _packs().joinpath(f"{name}{_ENDING}").read_bytes()
        record = {"of": digest(data).hex(), "pack": parse_pack(data)}
        text = json.dumps(record, ensure_ascii=False, indent=0, separators=(",", ":"))
        found[compiled_name(name)] = f"{text}\n"
    return found


def _pack_names() -> tuple[str, ...]:
    """The names of all packs."""
    names = (item.name for item in _packs().iterdir())
    plain = sorted(n.removesuffix(_ENDING) for n in names if n.endswith(_ENDING))
    return (*plain, *(f"rules/{name}" for name in rule_packs()))


def _packs() -> Traversable:
    return resources.files("copylab.lint").joinpath("packs")


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
