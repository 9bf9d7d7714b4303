"""Entries: what was found in each message, and outside of messages, to be kept."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from copylab.catalog import Faults, SharedFaults
from copylab.lint.encoding import (
    EncodingError,
    Plain,
    decode_mark,
    decode_proof,
    encode_findings,
    encode_mark,
    encode_proof,
    finding_reader,
    from_bytes,
    items,
    mapping,
    number,
    pairs,
    text,
    texts,
    to_bytes,
)
from copylab.lint.linted import Linted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from copylab.findings import Finding

DAYS_KEPT = 30
"""An entry that no run has used for so many days is dropped."""
_NOTED_EVERY = 7
"""After so many days it is written down again that an entry is used."""
MOST_OF_A_MESSAGE = 4
"""Entries of one message that are kept: a branch and back should find both."""


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """What was found in one folder of messages.

    Attributes:
        faults: What is wrong with its files, by what it is about.
        linted: What the rules found; None where there is no message to look at.
        sources: The names of its files that are texts.
    """

    faults: Faults
    linted: Linted | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedEntry:
    """What was found outside of messages.

    Attributes:
        faults: What is wrong with the settings, partials, layouts and experiments.
        findings: What the rules found in experiments.
        experiments: The files of the experiments.
        sources: The names of the files that are texts.
    """

    faults: SharedFaults
    findings: tuple[Finding, ...]
    experiments: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(slots=True)
class Entries:
    """What is kept, by the name of what it is about; read when it is asked for.

    Attributes:
        records: For each name the newest entries, the last used one first. An entry is
            its key, the day of its last use, what else it used with the hash of each,
            and what was found.
        is_changed: Whether there is something to write.
    """

    records: dict[str, list[Plain]] = field(default_factory=dict)
    is_changed: bool = False

    def find(
        self, name: str, key: str, day: int, hash_used: Callable[[str], str]
    ) -> Plain:
        """What was found under a key, if what else it used is as it was; else None."""
        for record in self.records.get(name, []):
            own_key, last, used, found = record
            if own_key == key and all(
                hash_used(other) == value for other, value in used.items()
            ):
                self.is_changed |= not 0 <= day - last < _NOTED_EVERY
                record[1] = day
                return found
        return None

    def keep(
        self, name: str, key: str, day: int, used: Mapping[str, str], found: Plain
    ) -> None:
        """Keep what was found, or note that it was used."""
        others = [r for r in self.records.get(name, []) if r[0] != key or r[2] != used]
        newest = [[key, day, dict(used), found], *others]
        self.records[name] = newest[:MOST_OF_A_MESSAGE]
        self.is_changed = True

    def to_bytes(self, today: int) -> bytes:
        """The content of a file, without what was not used for long."""
        kept = {
            name: [r for r in records if 0 <= today - number(r[1]) <= DAYS_KEPT]
            for name, records in self.records.items()
        }
        return to_bytes({name: records for name, records in kept.items() if records})


def read_entries(data: bytes) -> Entries:
    """The entries in a file; none where it is no such file."""
    try:
        records = mapping(from_bytes(data))
        for name in records:
            for record in items(records[name]):
                key, day, used, _ = items(record, 4)
                text(key), number(day)
                for value in mapping(used).values():
                    text(value)
    except EncodingError:
        return Entries()
    return Entries(records)


def encode_message(entry: MessageEntry) -> Plain:
    """A message's entry as lists."""
    linted = entry.linted
    return [
        [encode_findings(getattr(entry.faults, f.name)) for f in fields(Faults)],
        list(entry.sources),
        None
        if linted is None
        else [
            linted.message,
            list(linted.files),
            encode_findings(linted.findings),
            [encode_mark(mark) for mark in linted.marks],
            [encode_proof(proof) for proof in linted.proofs],
            list(linted.unread),
            [list(pair) for pair in linted.unchecked],
        ],
    ]


def decode_message(value: Plain, files: Collection[str]) -> MessageEntry:
    """The entry of lists.

    Raises:
        EncodingError: It is none.
    """
    read = finding_reader(files)
    faults, sources, linted = items(value, 3)
    found = [tuple(map(read, items(each))) for each in items(faults, 5)]
    known = None
    if linted is not None:
        message, own, findings, marks, proofs, unread, unchecked = items(linted, 7)
        known = Linted(
            text(message),
            texts(own),
            tuple(map(read, items(findings))),
            tuple(decode_mark(mark, read) for mark in items(marks)),
            tuple(map(decode_proof, items(proofs))),
            texts(unread),
            pairs(unchecked),
        )
    return MessageEntry(Faults(*found), known, _known(sources, files))


def encode_shared(entry: SharedEntry) -> Plain:
    """The shared entry as lists."""
    return [
        [encode_findings(getattr(entry.faults, f.name)) for f in fields(SharedFaults)],
        encode_findings(entry.findings),
        list(entry.experiments),
        list(entry.sources),
    ]


def decode_shared(value: Plain, files: Collection[str]) -> SharedEntry:
    """The entry of lists.

    Raises:
        EncodingError: It is none.
    """
    read = finding_reader(files)
    faults, findings, experiments, sources = items(value, 4)
    found = [tuple(map(read, items(each))) for each in items(faults, 4)]
    return SharedEntry(
        SharedFaults(*found),
        tuple(map(read, items(findings))),
        texts(experiments),
        _known(sources, files),
    )


def _known(names: Plain, files: Collection[str]) -> tuple[str, ...]:
    """Names of files that are there.

    Raises:
        EncodingError: One is not.
    """
    found = texts(names)
    if not all(name in files for name in found):
        raise EncodingError("a file that is not there")
    return found
