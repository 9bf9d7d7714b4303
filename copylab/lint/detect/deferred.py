"""Detections that are made when they are first used: most rules bind elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.detect.detection import Telling
from copylab.lint.detect.kinds import DECLARED, make_detection
from copylab.lint.detect.needed import Sieve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Detection, Markets, Record


class Deferred:
    """A detection whose patterns are compiled when some words are looked at.

    Attributes:
        kind: Its kind, as the entry of its pack says it.
    """

    __slots__ = ("_entry", "_is_sieved", "_made", "_sieve", "_telling", "kind")

    def __init__(
        self, entry: Record, telling: Telling, needed: Iterable[str] | None = ()
    ) -> None:
        """Take an entry whose keys were checked, and how it is told.

        Args:
            entry: The entry.
            telling: How it is told.
            needed: Words of which one is there where it finds something, worked out
                before; None where there are none, empty where that is not known.
        """
        self.kind: str = entry["kind"]
        self._entry, self._telling = entry, telling
        self._made: Detection | None = None
        words = None if needed is None else frozenset(needed)
        self._is_sieved = words is None or bool(words)
        self._sieve: Sieve | None = Sieve.of(words) if words else None

    @property
    def is_made(self) -> bool:
        """Whether anything was looked at with it."""
        return self._made is not None

    @property
    def made(self) -> Detection:
        """The detection."""
        if self._made is None:
            self._made = make_detection(self._entry, self._telling)
        return self._made

    def may_find(self, words: Words) -> bool:
        """False where nothing of what it looks for can be in some words."""
        if not self._is_sieved:
            needed = self.made.needed()
            self._sieve = None if needed is None else Sieve.of(needed)
            self._is_sieved = True
        sieve = self._sieve
        return sieve is None or sieve.lets_through(words.plain, words.runs)

    def lacks(self, words: Words, markets: Markets) -> str:
        """The key that would have to be declared to tell; empty where none is."""
        if self.kind not in DECLARED or not self.may_find(words):
            return ""
        return self.made.lacks(words, markets)

    def __eq__(self, other: object) -> bool:
        """Whether both look for the same and tell it alike."""
        if not isinstance(other, Deferred):
            return NotImplemented
        return self.made == other.made

    __hash__ = None  # type: ignore[assignment] # it is equal by what it makes


def needed_by(entry: Record) -> list[str] | None:
    """Words of which one is there where an entry finds something; None: no such."""
    found = make_detection(entry, Telling("", "")).needed()
    return None if found is None else sorted(found)
