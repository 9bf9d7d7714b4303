"""The hash of all that decides what a message, channel and experiment compose."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from copylab.source import SourceFile, Span
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.compose.one import Composer


def content_hash(composer: Composer) -> str:
    """A SHA-256 of what is composed: equal content has the same in every process.

    Args:
        composer: The message and channel, prepared.
    """
    catalog, running = composer.catalog, composer.experiment or composer.trial
    keys = sorted(key for key in catalog.templates if key[0] == composer.message.id)
    parts = (
        __version__,
        composer.message,
        composer.channel,
        [(key, catalog.copy_hashes[key]) for key in keys],
        None if running is None else running.experiment,
        None if running is None else running.audience_hash,
        composer.listed,
        catalog.holdout,
        catalog.config,
    )
    digest = hashlib.sha256()
    for piece in _spelt(parts):
        digest.update(piece.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _spelt(value: object) -> Iterator[str]:
    """A value spelt out, whatever the order of its sets and keys."""
    if isinstance(value, Span | SourceFile | PurePath):
        return  # where words stand says nothing about what they are
    if is_dataclass(value) and not isinstance(value, type):
        yield f"{type(value).__name__}("
        for item in fields(value):
            if item.repr and item.compare:
                yield f"{item.name}="
                yield from _spelt(getattr(value, item.name))
        yield ")"
    elif isinstance(value, Mapping):
        yield "{"
        for key in sorted(value, key=str):
            yield f"{key!r}:"
            yield from _spelt(value[key])
        yield "}"
    elif isinstance(value, AbstractSet):
        yield from sorted("".join(_spelt(item)) for item in value)
    elif isinstance(value, list | tuple):
        yield "["
        for item in value:
            yield from _spelt(item)
            yield ","
        yield "]"
    else:
        yield repr(value)
