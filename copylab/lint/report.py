"""Report: what a lint run found, what it proved, and what it did not check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copylab.lint.cost import Costs
    from copylab.lint.rule import Rule
    from copylab.source import SourceFile


VERSION = 1
"""The version of a report's form: keys may be added to it, none is taken away."""


class Moved(Mapping[str, "SourceFile"]):
    """Files under another folder, each renamed when it is asked for.

    Args:
        sources: The files.
        folder: The folder in front of their names.
    """

    def __init__(self, sources: Mapping[str, SourceFile], folder: str) -> None:
        self._sources = sources
        self._folder = f"{folder}/"

    def __getitem__(self, name: str) -> SourceFile:
        """The file of a name.

        Raises:
            KeyError: There is none.
        """
        if not name.startswith(self._folder):
            raise KeyError(name)
        source = self._sources[name.removeprefix(self._folder)]
        return replace(source, name=name)

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return (self._folder + name for name in self._sources)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._sources)


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
        file: The file that holds the words, from the workspace's root.
    """

    message: str
    channel: str
    locale: str
    variant: str
    rules: int
    branches: int
    exhaustive: bool
    file: str = ""

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
        told: The rules of its findings, for their pages.
        suppressed: Findings that comments suppress.
        known: Findings that the baseline has.
        costs: What the short messages cost; None where nobody asked.
        unchecked: Rules that were not checked: the key that is not declared, and the
            code; sorted, each once.
    """

    findings: tuple[Finding, ...]
    proofs: tuple[Proof, ...] = ()
    not_checked: tuple[str, ...] = ()
    messages: int = 0
    rules: int = 0
    sources: Mapping[str, SourceFile] = field(default_factory=dict)
    experiments: int = 0
    unread: int = 0
    told: tuple[Rule, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    costs: Costs | None = None
    unchecked: tuple[tuple[str, str], ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return Counter(item.severity for item in self.findings)[severity]

    def at_or_above(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of a severity or a graver one."""
        grave = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return tuple(item for item in self.findings if item.severity in grave)

    def below(self, folder: str) -> Report:
        """The report with its files named from elsewhere.

        Args:
            folder: The path of the workspace's root from there; empty changes nothing.
        """
        if folder in {"", "."}:
            return self
        return replace(
            self,
            findings=tuple(_moved(item, folder) for item in self.findings),
            proofs=tuple(
                replace(item, file=item.file and f"{folder}/{item.file}")
                for item in self.proofs
            ),
            sources=Moved(self.sources, folder),
        )

    @property
    def undeclared(self) -> tuple[str, ...]:
        """What is not declared, one sentence a key, with the rules that ask for it."""
        by_key: dict[str, list[str]] = {}
        for key, code in self.unchecked:
            by_key.setdefault(key, []).append(code)
        return tuple(
            f"{key} is not declared: {', '.join(codes)}"
            for key, codes in by_key.items()
        )

    def authority_of(self, finding: Finding) -> str:
        """The law, the carrier's or the platform's rule of a finding, or nothing."""
        return next((r.authority for r in self.told if r.name == finding.rule), "")

    def _record(self, finding: Finding) -> dict[str, object]:
        record = finding.to_dict()
        authority = self.authority_of(finding)
        return {**record, "authority": authority} if authority else record

    def to_dict(self) -> dict[str, object]:
        """The report as JSON-ready values."""
        summary: dict[str, int] = {name: self.count(name) for name in SEVERITIES}
        return {
            "version": VERSION,
            "summary": {**summary, "messages": self.messages, "rules": self.rules},
            "findings": [self._record(item) for item in self.findings],
            "proofs": [proof.to_dict() for proof in self.proofs],
            "not_checked": [*self.not_checked, *self.undeclared],
            **({} if self.costs is None else {"costs": self.costs.to_dict()}),
        }


def _moved(finding: Finding, folder: str) -> Finding:
    """The finding with its file, and those of its fix, named from elsewhere."""
    fix = finding.fix
    if fix is not None:
        edits = tuple(
            replace(edit, span=replace(edit.span, file=f"{folder}/{edit.span.file}"))
            for edit in fix.edits
        )
        fix = replace(fix, edits=edits)
    return replace(finding, file=finding.file and f"{folder}/{finding.file}", fix=fix)


def merge_reports(reports: Sequence[Report]) -> Report:
    """One report about several workspaces, whose files are named from one place."""
    if len(reports) == 1:
        return reports[0]
    from copylab.lint.cost import merge_costs  # noqa: PLC0415 - few have several

    told = {rule.name: rule for report in reports for rule in report.told}
    sources: dict[str, SourceFile] = {}
    for report in reports:
        sources |= report.sources
    return Report(
        findings=tuple(item for report in reports for item in report.findings),
        proofs=tuple(item for report in reports for item in report.proofs),
        not_checked=tuple(item for report in reports for item in report.not_checked),
        messages=sum(report.messages for report in reports),
        rules=max((report.rules for report in reports), default=0),
        sources=sources,
        experiments=sum(report.experiments for report in reports),
        unread=sum(report.unread for report in reports),
        told=tuple(told.values()),
        suppressed=tuple(item for report in reports for item in report.suppressed),
        known=tuple(item for report in reports for item in report.known),
        costs=merge_costs(report.costs for report in reports),
        unchecked=tuple(sorted({pair for each in reports for pair in each.unchecked})),
    )
