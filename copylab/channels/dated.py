"""Dated data files: limits that providers change, each with its source and its date.

A file below `profiles/` says what it is about and lists values; a value without a
source or a date is refused, so that nobody has to trust a bare number. With `extends`
it takes the values of another file, and lists only those that differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

Scalar = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Dated:
    """One value, where it comes from and when it was true.

    Attributes:
        value: The value itself; None where the source names no limit.
        source: The document that states it.
        as_of: The day it was last checked, as YYYY-MM-DD.
    """

    value: Scalar
    source: str
    as_of: str


def _folder(kind: str) -> Traversable:
    """The folder of data files: `profiles` for SMS, one below it for other kinds."""
    from importlib import resources  # noqa: PLC0415 - slow to import, rarely needed

    root = resources.files("copylab.channels").joinpath("profiles")
    return root if kind == "sms" else root.joinpath(kind)


@cache
def dated_names(kind: str) -> tuple[str, ...]:
    """The names of the data files of `kind` (`sms`, `push` or `screens`), sorted."""
    names = (entry.name for entry in _folder(kind).iterdir() if entry.is_file())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".yaml")))


@cache
def load_dated(kind: str, name: str) -> Mapping[str, Dated]:
    """The values of one data file by key. Treat them as read-only.

    Args:
        kind: `sms`, `push` or `screens`.
        name: The file's name without its suffix.

    Raises:
        ValueError: There is no such file, or a value lacks its source or its date.
        TypeError: A value is neither a word, an integer, a boolean nor null.
    """
    import yaml  # noqa: PLC0415 - measuring by the standard needs no YAML

    if name not in dated_names(kind):
        known = ", ".join(dated_names(kind))
        raise ValueError(f"{kind} profile == {name!r}, must be one of {known}")
    text = _folder(kind).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    # The safe loader's C form: CSafeLoader derives from SafeLoader's constructors.
    record = yaml.load(text, Loader=yaml.CSafeLoader)
    own = {key: _read(name, key, entry) for key, entry in record["values"].items()}
    base = record.get("extends")
    return own if base is None else {**load_dated(kind, base), **own}


def _read(name: str, key: str, entry: Mapping[str, object]) -> Dated:
    """The value under `key`, checked for its source and its date."""
    if set(entry) != {"value", "source", "as_of"}:
        raise ValueError(f"{name}.yaml: {key} needs value, source and as_of, no more")
    value = entry["value"]
    if not isinstance(value, str | int | None):
        raise TypeError(f"{name}.yaml: {key} must be a word, an integer or a boolean")
    return Dated(value, str(entry["source"]), str(entry["as_of"]))
