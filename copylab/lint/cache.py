"""The cache of lint: answers that are kept, under the hash of all they depend on.

There are two. The *answer* to a whole run is told again without looking at anything
else where no file changed. The *entries* hold what was found in each message, so that
a run after a change looks at the changed messages alone.

All of it is pure: what is read and written, and what day it is, is up to the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.encoding import (
    EncodingError,
    Plain,
    decode_proof,
    decode_rule,
    encode_findings,
    encode_proof,
    encode_rule,
    finding_reader,
    from_bytes,
    items,
    mapping,
    number,
    optional_text,
    pairs,
    text,
    texts,
    to_bytes,
)
from copylab.lint.report import Report
from copylab.snapshot import digest
from copylab.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from copylab.snapshot import Snapshot

_COMMENT = b"copylab"


def hash_of(parts: Iterable[str | bytes]) -> str:
    """The hash of several texts, each kept apart from the next; 32 digits."""
    data = bytearray()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        data += len(raw).to_bytes(8, "big") + raw
    return digest(bytes(data)).hex()


def snapshot_key(environment: str, snapshot: Snapshot, select: Iterable[str]) -> str:
    """The hash of all that an answer about a whole workspace depends on.

    Rule packs lie anywhere and are hashed in the answer itself.

    Args:
        environment: The hash of the programs that find what is found.
        snapshot: The files.
        select: The chosen rules, as they were asked for.
    """
    parts: list[str | bytes] = [environment, *sorted(select), ""]
    for name in sorted(snapshot.digests):
        parts += [name, snapshot.digests[name]]
    for name in sorted(snapshot.folders):
        parts += ["", name, *snapshot.folders[name][0]]
    return hash_of(parts)


class Sources(Mapping[str, SourceFile]):
    """The files of a snapshot as texts, each read when it is asked for.

    Args:
        snapshot: The files.
        names: Those that are texts.
        others: Texts that lie elsewhere.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        names: Iterable[str],
        others: Mapping[str, SourceFile],
    ) -> None:
        self._files = snapshot.files
        self._read = dict(others)
        self._names = {**dict.fromkeys(names), **dict.fromkeys(others)}

    def __getitem__(self, name: str) -> SourceFile:
        """The text of a file.

        Raises:
            KeyError: There is none of that name.
        """
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            data = self._files[name].removeprefix(b"\xef\xbb\xbf")
            self._read[name] = SourceFile(name, data.decode("utf-8", "replace"))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)

    def noted(self) -> dict[str, SourceFile]:
        """The files that may hold a comment that suppresses."""
        return {
            name: self[name]
            for name in self._names
            if name in self._read or _COMMENT in self._files[name]
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a whole run.

    Attributes:
        key: The hash of what it depends on.
        packs: The rule packs by path, each with its hash; None for one not there.
        as_of: The day it was given for, or an empty text.
        days: The days on which it may become another.
        report: The report; its files are not kept.
        texts: The names of the files that are texts.
    """

    key: str
    packs: Mapping[str, str | None]
    as_of: str
    days: tuple[str, ...]
    report: Report
    texts: tuple[str, ...]

    def holds_on(self, day: date) -> bool:
        """Whether it is the answer for a day, too."""
        other = day.isoformat()
        return all((one < self.as_of) == (one < other) for one in self.days)

    def to_bytes(self) -> bytes:
        """The content of a file."""
        report = self.report
        return to_bytes(
            {
                "key": self.key,
                "packs": dict(self.packs),
                "as_of": self.as_of,
                "days": list(self.days),
                "texts": list(self.texts),
                "findings": encode_findings(report.findings),
                "suppressed": encode_findings(report.suppressed),
                "known": encode_findings(report.known),
                "proofs": [encode_proof(proof) for proof in report.proofs],
                "not_checked": list(report.not_checked),
                "unchecked": [list(pair) for pair in report.unchecked],
                "told": [encode_rule(rule) for rule in report.told],
                "counts": [
                    report.messages,
                    report.rules,
                    report.experiments,
                    report.unread,
                ],
            }
        )


def read_answer(
    data: bytes, key: str, snapshot: Snapshot, hash_pack: Callable[[str], str | None]
) -> Answer | None:
    """The answer in a file; None where it is none, or one to something else.

    Args:
        data: The content of the file.
        key: The hash of what is asked.
        snapshot: The files, which alone may be changed by what mends a finding.
        hash_pack: The hash of a rule pack by its path; None where it is not there.
    """
    try:
        record = mapping(from_bytes(data))
        if record["key"] != key:
            return None
        packs = {
            name: optional_text(value)
            for name, value in mapping(record["packs"]).items()
        }
        if any(hash_pack(name) != value for name, value in packs.items()):
            return None
        names = texts(record["texts"])
        if not all(name in snapshot.files or name in packs for name in names):
            return None
        return Answer(
            key,
            packs,
            text(record["as_of"]),
            texts(record["days"]),
            _read_report(record, snapshot),
            names,
        )
    except (EncodingError, KeyError):
        return None


def _read_report(record: dict[str, Plain], snapshot: Snapshot) -> Report:
    read = finding_reader(snapshot.files)
    messages, rules, experiments, unread = map(number, items(record["counts"], 4))
    return Report(
        findings=tuple(map(read, items(record["findings"]))),
        suppressed=tuple(map(read, items(record["suppressed"]))),
        known=tuple(map(read, items(record["known"]))),
        proofs=tuple(map(decode_proof, items(record["proofs"]))),
        not_checked=texts(record["not_checked"]),
        unchecked=pairs(record["unchecked"]),
        told=tuple(map(decode_rule, items(record["told"]))),
        messages=messages,
        rules=rules,
        experiments=experiments,
        unread=unread,
    )
