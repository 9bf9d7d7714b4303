"""Report: what a lint run found, what it proved, and what it did not check."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.source import SourceFile


@dataclass(frozen=True, slots=True)
class Proof:
    """What holds for every output of one variant.

    Attributes:
        message: The message.
        channel: The channel.
        locale: The locale.
        variant: The variant.
        rules: How many rules were decided.
        branches: How many different texts the author wrote.
        exhaustive: Whether every way was walked; False where there were too many.
    """

    message: str
    channel: str
    locale: str
    variant: str
    rules: int
    branches: int
    exhaustive: bool

    def to_dict(self) -> dict[str, object]:
        """The proof as JSON-ready values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Report:
    """What a lint run found.

    Attributes:
        findings: Sorted by file, line and column.
        proofs: One for each variant of each channel and locale.
        not_checked: What could not be decided or read, one sentence each.
        messages: How many messages were looked at.
        rules: How many rules there are.
        sources: The files, for showing lines.
        experiments: How many experiments were looked at.
        unread: How many variants of channels and locales could not be read.
    """

    findings: tuple[Finding, ...]
    proofs: tuple[Proof, ...] = ()
    not_checked: tuple[str, ...] = ()
    messages: int = 0
    rules: int = 0
    sources: Mapping[str, SourceFile] = field(default_factory=dict)
    experiments: int = 0
    unread: int = 0

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return Counter(item.severity for item in self.findings)[severity]

    def at_or_above(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of a severity or a graver one."""
        grave = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return tuple(item for item in self.findings if item.severity in grave)

    def to_dict(self) -> dict[str, object]:
        """The report as JSON-ready values."""
        summary: dict[str, int] = {name: self.count(name) for name in SEVERITIES}
        return {
            "version": 1,
            "summary": {**summary, "messages": self.messages, "rules": self.rules},
            "findings": [item.to_dict() for item in self.findings],
            "proofs": [proof.to_dict() for proof in self.proofs],
            "not_checked": list(self.not_checked),
        }
