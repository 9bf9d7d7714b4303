"""Packs: the lists, patterns and dated facts that rules are made of, as data.

Reading their YAML takes longer than all else before the first text is looked at. So each
is there as JSON, too (``scripts/packs.py`` writes it), which counts as long as it was made
of the very YAML that stands beside it. It holds the words that each rule needs as well:
with them most rules pass a text by without their patterns being compiled.
"""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any

from copylab.snapshot import digest

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_COMPILED = "compiled"
_ENDING = ".yaml"


def load_pack(name: str) -> dict[str, Any]:
    """The content of ``packs/NAME.yaml``, days as texts. Treat it as read-only.

    Raises:
        FileNotFoundError: There is no such pack.
    """
    found: dict[str, Any] = _load_record(name)["pack"]
    return found


def load_needed(name: str) -> dict[str, list[str] | None]:
    """By code of a rule of ``packs/NAME.yaml``, the words of which it needs one.

    None where it needs none; a rule that is not in it has yet to be asked.
    """
    found: dict[str, list[str] | None] = _load_record(name).get("needed", {})
    return found


@cache
def _load_record(name: str) -> dict[str, Any]:
    """What is known of a pack: its compiled form, or its content alone."""
    data = _packs().joinpath(f"{name}{_ENDING}").read_bytes()
    compiled = _packs().joinpath(_COMPILED, compiled_name(name))
    if compiled.is_file():
        record: dict[str, Any] = json.loads(compiled.read_bytes())
        if record["of"] == digest(data).hex():
            return record
    return {"pack": parse_pack(data)}


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
        pack = parse_pack(data)
        record = {"of": digest(data).hex(), "pack": pack, **_needed_in(pack)}
        text = json.dumps(record, ensure_ascii=False, indent=0, separators=(",", ":"))
        found[compiled_name(name)] = f"{text}\n"
    return found


def _needed_in(pack: dict[str, Any]) -> dict[str, dict[str, list[str] | None]]:
    """What each rule of a pack needs; nothing for a pack without rules."""
    from copylab.lint.detect.deferred import needed_by  # noqa: PLC0415 - reads packs

    rules = [entry for entry in pack.get("rules", ()) if isinstance(entry, dict)]
    return {"needed": {e["code"]: needed_by(e) for e in rules}} if rules else {}


def _pack_names() -> tuple[str, ...]:
    """The names of all packs."""
    names = (item.name for item in _packs().iterdir())
    plain = sorted(n.removesuffix(_ENDING) for n in names if n.endswith(_ENDING))
    return (*plain, *(f"rules/{name}" for name in rule_packs()))


def _packs() -> Traversable:
    return resources.files("copylab.lint").joinpath("packs")


@cache
def pack_hash(name: str) -> str:
    """The SHA-256 of a pack's YAML, in hexadecimal: whoever has the file can check it.

    Raises:
        FileNotFoundError: There is no such pack.
    """
    return sha256(_packs().joinpath(f"{name}{_ENDING}").read_bytes()).hexdigest()


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
