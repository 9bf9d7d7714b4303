"""Detections that are made when they are first used: most rules bind elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.detect.kinds import make_detection
from copylab.lint.detect.needed import Sieve

if TYPE_CHECKING:
    from copylab.lint.case import Words
    from copylab.lint.detect.detection import Detection, Record, Telling


class Deferred:
    """A detection whose patterns are compiled when some words are looked at.

    Attributes:
        kind: Its kind, as the entry of its pack says it.
    """

    __slots__ = ("_entry", "_made", "_sieve", "_telling", "kind")

    def __init__(self, entry: Record, telling: Telling) -> None:
        """Take an entry whose keys were checked, and how it is told."""
        self.kind: str = entry["kind"]
        self._entry, self._telling = entry, telling
        self._made: Detection | None = None
        self._sieve: Sieve | None = None

    @property
    def is_made(self) -> bool:
        """Whether anything was looked at with it."""
        return self._made is not None

    @property
    def made(self) -> Detection:
        """The detection."""
        if self._made is None:
            self._made = make_detection(self._entry, self._telling)
            needed = self._made.needed()
            self._sieve = None if needed is None else Sieve.of(needed)
        return self._made

    def may_find(self, words: Words) -> bool:
        """False where nothing of what it looks for can be in some words."""
        if self._made is None:
            _ = self.made
        sieve = self._sieve
        return sieve is None or sieve.lets_through(words.plain, words.runs)

    def __eq__(self, other: object) -> bool:
        """Whether both look for the same and tell it alike."""
        if not isinstance(other, Deferred):
            return NotImplemented
        return self.made == other.made

    __hash__ = None  # type: ignore[assignment] # it is equal by what it makes
