"""Mappings whose values are made when somebody asks for them, and kept.

Two threads may make the same value at once; they make equal ones, and one is kept.
Pickled, they are the bytes of the bundle: what was made stays behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from copylab.bundle.archive import broken
from copylab.bundle.build import folder_part, message_folder
from copylab.bundle.plain import PlainError, from_plain
from copylab.catalog import Key, lower_field
from copylab.message.model import Message
from copylab.source import SourceFile
from copylab.template.lower import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.bundle.archive import Archive
    from copylab.config import Config
    from copylab.message.model import Passage

K = TypeVar("K")
V = TypeVar("V")


class _Lazy(Mapping[K, V]):
    """A read-only mapping with known keys."""

    def __init__(self, keys: Sequence[K]) -> None:
        self._keys = dict.fromkeys(keys)
        self._kept: dict[K, V] = {}

    def _make(self, key: K) -> V:
        """The value of a key."""
        raise NotImplementedError

    def __getitem__(self, key: K) -> V:
        """The value of a key, made at the first time."""
        found = self._kept.get(key)
        if found is not None:
            return found
        if key not in self._keys:
            raise KeyError(key)
        return self._kept.setdefault(key, self._make(key))

    def __iter__(self) -> Iterator[K]:
        """The keys, in the order of the workspace."""
        return iter(self._keys)

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key; its value is not made for that."""
        return key in self._keys

    def __getstate__(self) -> dict[str, object]:
        """What the values are made of, without those that are made."""
        return {**self.__dict__, "_kept": {}}


class Sources(_Lazy[str, SourceFile]):
    """The files of a workspace by their paths from its root."""

    def __init__(self, archive: Archive, names: Sequence[str]) -> None:
        super().__init__(names)
        self._archive = archive

    def _make(self, key: str) -> SourceFile:
        part = self._archive.part(folder_part(key.rpartition("/")[0]))
        return SourceFile(key, part["files"][key])


class Messages(_Lazy[str, Message]):
    """The messages of a workspace by id."""

    def __init__(
        self, archive: Archive, sources: Sources, names: Sequence[str]
    ) -> None:
        super().__init__(names)
        self._archive = archive
        self._sources = sources

    def _make(self, key: str) -> Message:
        plain = self._archive.part(folder_part(message_folder(key)))["message"]
        try:
            message = from_plain(plain, self._sources)
        except PlainError as error:
            raise broken(self._archive.name, str(error)) from None
        assert isinstance(message, Message)
        return message


class Templates(_Lazy[Key, Mapping[str, Template]]):
    """The words of a workspace by message, channel, locale and variant.

    They are lowered by the code that lowers those of a folder, so that what is sent
    from a bundle is what was proved.
    """

    def __init__(
        self,
        messages: Messages,
        config: Config,
        partials: Mapping[str, Passage],
        keys: Sequence[Key],
    ) -> None:
        super().__init__(keys)
        self._messages = messages
        self._config = config
        self._partials = partials

    def _make(self, key: Key) -> Mapping[str, Template]:
        identifier, channel, locale, variant = key
        message = self._messages[identifier]
        fields = message.copies[channel, locale].variants[variant]
        return {
            name: lower_field(
                message, (channel, locale), name, passage, self._config, self._partials
            )
            for name, passage in fields.items()
        }
