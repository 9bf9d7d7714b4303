"""Values as JSON, and back: data of a closed list of classes, and nothing that runs.

Texts, numbers, booleans and None stand for themselves; everything else is a list whose
first item says what it is. What is read back equals what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from copylab.bundle.classes import CLASSES, field_names
from copylab.source import SourceFile

Plain = None | bool | int | float | str | list[Any]
Sources = Mapping[str, SourceFile]

_FIELDS = {kind: (name, field_names(kind)) for name, kind in CLASSES.items()}
_ITSELF = frozenset((type(None), bool, int, float, str))


class PlainError(ValueError):
    """A plain value that no writer of ours has written."""


def to_plain(value: object, sources: Sources) -> Plain:
    """The value as JSON-ready data.

    Args:
        value: Data of the listed classes.
        sources: Files that are written by name alone, since the reader has them.

    Raises:
        TypeError: There is something in it that no bundle may hold.
    """
    kind = type(value)
    if kind in _ITSELF:
        return value  # type: ignore[return-value]
    if kind in _FIELDS:
        name, names = _FIELDS[kind]
        return [name, *(to_plain(getattr(value, item), sources) for item in names)]
    write = _WRITERS.get(kind)
    if write is None:
        raise TypeError(
            f"{kind.__module__}.{kind.__name__} cannot stand in a bundle: "
            "list it in copylab.bundle.classes"
        )
    return write(value, sources)


def from_plain(plain: Plain, sources: Sources) -> Any:  # noqa: ANN401 - any listed class
    """The value that ``to_plain`` wrote.

    Args:
        plain: What was written.
        sources: The files that are written by name alone.

    Raises:
        PlainError: It was not written by ``to_plain``.
    """
    if type(plain) is not list:
        return plain
    if not plain or type(plain[0]) is not str:
        raise PlainError("a list without a name")
    name = plain[0]
    read = _READERS.get(name)
    try:
        if read is not None:
            return read(plain, sources)
        kind = CLASSES[name]
        values = [from_plain(item, sources) for item in plain[1:]]
        fields = zip(_FIELDS[kind][1], values, strict=True)
        return kind(**dict(fields))
    except PlainError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise PlainError(f"{name}: {error}") from None


def _write_source(value: SourceFile, sources: Sources) -> Plain:
    if sources.get(value.name) == value:
        return ["file", value.name]
    return ["text", value.name, value.text]  # such as a layout that was compiled


def _write_mapping(value: Mapping[object, object], sources: Sources) -> Plain:
    flat = [part for pair in value.items() for part in pair]
    return ["map", *(to_plain(part, sources) for part in flat)]


def _read_mapping(plain: list[Any], sources: Sources) -> dict[object, object]:
    keys = [from_plain(item, sources) for item in plain[1::2]]
    values = [from_plain(item, sources) for item in plain[2::2]]
    return dict(zip(keys, values, strict=True))


_WRITERS: dict[type, Callable[[Any, Sources], Plain]] = {
    SourceFile: _write_source,
    dict: _write_mapping,
    MappingProxyType: _write_mapping,
    tuple: lambda value, sources: ["of", *(to_plain(i, sources) for i in value)],
    list: lambda value, sources: ["list", *(to_plain(i, sources) for i in value)],
    frozenset: lambda value, _: ["set", *sorted(value)],
    Decimal: lambda value, _: ["decimal", str(value)],
    Fraction: lambda value, _: ["fraction", value.numerator, value.denominator],
    datetime: lambda value, _: ["time", value.isoformat()],
    date: lambda value, _: ["day", value.isoformat()],
    timedelta: lambda v, _: ["span", v.days, v.seconds, v.microseconds],
}

_READERS: dict[str, Callable[[list[Any], Sources], object]] = {
    "file": lambda plain, sources: sources[plain[1]],
    "text": lambda plain, _: SourceFile(plain[1], plain[2]),
    "map": _read_mapping,
    "of": lambda plain, sources: tuple(from_plain(i, sources) for i in plain[1:]),
    "list": lambda plain, sources: [from_plain(i, sources) for i in plain[1:]],
    "set": lambda plain, _: frozenset(plain[1:]),
    "decimal": lambda plain, _: Decimal(plain[1]),
    "fraction": lambda plain, _: Fraction(plain[1], plain[2]),
    "time": lambda plain, _: datetime.fromisoformat(plain[1]),
    "day": lambda plain, _: date.fromisoformat(plain[1]),
    "span": lambda plain, _: timedelta(plain[1], plain[2], plain[3]),
}
