"""Triage: of everything that was found, what is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.findings import report
from copylab.lint.baseline import BASELINE_NAME, compare_baseline
from copylab.lint.suppress import suppress
from copylab.source import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from copylab.findings import Finding
    from copylab.lint.baseline import Entry
    from copylab.lint.rule import Rule
    from copylab.source import SourceFile


@dataclass(frozen=True, slots=True)
class Triaged:
    """Findings, sorted out.

    Attributes:
        told: Those that are told.
        suppressed: Those that comments suppress.
        known: Those that the baseline has.
    """

    told: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    known: tuple[Finding, ...]


def triage(
    findings: Sequence[Finding],
    sources: Mapping[str, SourceFile],
    rules: Collection[Rule],
    *,
    ran: Collection[str] | None = None,
    baseline: Sequence[Entry] = (),
    as_of: date | None = None,
    is_whole: bool = True,
) -> Triaged:
    """The findings that are neither suppressed nor known.

    Args:
        findings: Everything that was found.
        sources: The files that were looked at.
        rules: All rules there are.
        ran: The names of those that ran; None is all.
        baseline: The entries of the baseline.
        as_of: The day on which expiries are judged; None judges none.
        is_whole: Whether everything was looked at: an entry whose finding is not there
            is stale only then.
    """
    sorted_out = suppress(findings, sources, rules, ran=ran, as_of=as_of)
    compared = compare_baseline(sorted_out.findings, baseline)
    stale = [_stale(entry) for entry in compared.stale] if is_whole else []
    return Triaged((*compared.told, *stale), sorted_out.suppressed, compared.known)


def _stale(entry: Entry) -> Finding:
    where = " ".join(part for part in (entry.message, entry.variant) if part)
    message = f"the baseline knows a finding that is gone: {entry.rule} in {where}"
    place = Span(BASELINE_NAME, 1, 1, 1, 1)
    cure = "take it out: copylab lint --prune"
    return report("stale-baseline", message, place, help=cure)
