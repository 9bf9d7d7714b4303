"""Baselines: what was wrong when a team began, so that only what is new stops them.

An entry is a finding by its fingerprint: message, variant, rule and text, never a line.
A finding that has become graver is told again, and so is a second one of a kind.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.errors import DataError
from copylab.findings import SEVERITIES, Severity
from copylab.lint.fingerprint import fingerprints
from copylab.lint.suppress import NEVER
from copylab.source import read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from copylab.findings import Finding

BASELINE_NAME = "copylab-baseline.json"
"""The file below a workspace's root that is read where there is one."""
VERSION = 1
_TEMPLATES = "templates/"
_CURE = "write it again: copylab lint --write-baseline"


@dataclass(frozen=True, slots=True)
class Entry:
    """One known finding.

    Attributes:
        message: The id of the message, or the file where it belongs to none.
        variant: The variant, or an empty text.
        rule: The rule.
        severity: How grave it was.
        fingerprint: What makes it the same one, 32 hexadecimal digits.
        text: What it said, for people.
    """

    message: str
    variant: str
    rule: str
    severity: Severity
    fingerprint: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings beside a baseline.

    Attributes:
        told: Those that are new or have become graver.
        known: Those that the baseline has.
        stale: Entries whose finding is not there any more.
    """

    told: tuple[Finding, ...]
    known: tuple[Finding, ...]
    stale: tuple[Entry, ...]


def compare_baseline(findings: Sequence[Finding], entries: Sequence[Entry]) -> Compared:
    """The findings, sorted by whether the baseline has them.

    Args:
        findings: What was found, in the order of the files.
        entries: The baseline.
    """
    known_severity = {entry.fingerprint: entry.severity for entry in entries}
    told: list[Finding] = []
    known: list[Finding] = []
    seen = set()
    for finding, mark in zip(findings, fingerprints(findings), strict=True):
        seen.add(mark)
        before = known_severity.get(mark)
        is_graver = before is not None and _rank(finding.severity) < _rank(before)
        (told if before is None or is_graver else known).append(finding)
    stale = tuple(entry for entry in entries if entry.fingerprint not in seen)
    return Compared(tuple(told), tuple(known), stale)


def _rank(severity: Severity) -> int:
    return SEVERITIES.index(severity)


def read_baseline(root: Path, name: str = BASELINE_NAME) -> tuple[Entry, ...]:
    """The entries of the baseline below a folder; none where there is no such file.

    Raises:
        DataError: As `from_json`.
        UnreadableError: It cannot be read.
    """
    path = root / name
    return from_json(read_bytes(path, name), name) if path.exists() else ()


def make_baseline(findings: Sequence[Finding]) -> tuple[Entry, ...]:
    """The entries for findings; those about suppressing itself are left out."""
    return tuple(
        Entry(
            message=_message_of(finding.file or ""),
            variant=finding.variant or "",
            rule=finding.rule,
            severity=finding.severity,
            fingerprint=mark,
            text=finding.message,
        )
        for finding, mark in zip(findings, fingerprints(findings), strict=True)
        if finding.rule not in NEVER
    )


def _message_of(file: str) -> str:
    """The id of the message that a file belongs to, or the file itself."""
    folder, _, _ = file.rpartition("/")
    inner = folder.removeprefix(_TEMPLATES)
    return inner if folder != inner and not inner.startswith("_") else file


def to_json(entries: Sequence[Entry]) -> bytes:
    """The content of a baseline's file: sorted, an entry a line, to merge well."""
    records = [
        {name: getattr(entry, name) for name in Entry.__slots__} for entry in entries
    ]
    lines = sorted(json.dumps(record, ensure_ascii=False) for record in records)
    body = ",\n".join(f"    {line}" for line in lines)
    inner = f"[\n{body}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {inner}\n}}\n'.encode()


def from_json(data: bytes, name: str) -> tuple[Entry, ...]:
    """The entries of a baseline's file.

    Args:
        data: Its content.
        name: How the file is called in messages.

    Raises:
        DataError: It is no baseline, or one of another version.
    """
    try:
        record = json.loads(data)
        version, found = record["version"], record["findings"]
        entries = tuple(_read_entry(item) for item in found)
    except (ValueError, KeyError, TypeError, RecursionError):
        message = "is no baseline: it cannot be read"
        raise DataError(message, file=name, help=_CURE) from None
    if version != VERSION:
        message = f"is a baseline of version {version}, this copylab reads {VERSION}"
        raise DataError(message, file=name, help=_CURE)
    return entries


def _read_entry(record: dict[str, str]) -> Entry:
    values = {name: record[name] for name in Entry.__slots__}
    if not all(isinstance(value, str) for value in values.values()):
        raise TypeError("an entry holds texts only")
    if values["severity"] not in SEVERITIES:
        raise ValueError("an entry has an unknown severity")
    return Entry(**values)  # type: ignore[arg-type]
