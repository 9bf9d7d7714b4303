"""The engine: every rule over every case, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES, Finding, Severity
from copylab.lint.baseline import read_baseline
from copylab.lint.case import ExperimentCase
from copylab.lint.layout_case import LayoutCases
from copylab.lint.linted import is_below, lint_message
from copylab.lint.report import Report
from copylab.lint.ruleset import find_rules, is_off, stale_rules
from copylab.lint.triage import triage
from copylab.lint_settings import OFF
from copylab.template.paths import MAX_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from copylab.catalog import Catalog
    from copylab.lint.baseline import Entry
    from copylab.lint.linted import Linted
    from copylab.lint.report import Proof
    from copylab.lint.rule import Mark, Rule
    from copylab.lint_settings import LintSettings
    from copylab.source import SourceFile

_SEVERITY: dict[str, Severity] = {severity: severity for severity in SEVERITIES}


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a workspace.

    Attributes:
        known: All rules there are.
        select: Names or codes of the rules to run; empty is all.
        settings: The lint settings.
        paths: Files or folders, from the workspace's root, to report on; empty is all.
        baseline: The findings that are known.
        as_of: The day on which the expiry of suppressions is judged; None judges none.
    """

    known: Sequence[Rule]
    select: Collection[str]
    settings: LintSettings
    paths: Sequence[str] = ()
    baseline: Sequence[Entry] = ()
    as_of: date | None = None

    @property
    def chosen(self) -> list[Rule]:
        """The rules that are asked about."""
        return [rule for rule in self.known if _selected(rule, self.select)]

    @property
    def rules(self) -> list[Rule]:
        """Those of them that run: not switched off, and in force on the day."""
        return [
            rule
            for rule in self.chosen
            if rule.is_in_force(self.as_of) and not is_off(rule, self.settings)
        ]


def lint_catalog(
    catalog: Catalog,
    *,
    paths: Sequence[str] = (),
    select: Collection[str] = (),
    baseline: Sequence[Entry] | None = None,
    as_of: date | None = None,
) -> Report:
    """Everything that is wrong with a workspace.

    Args:
        catalog: What was read of the workspace.
        paths: Files or folders, from the workspace's root, to report on; empty is all.
        select: Names or codes of the rules to run; empty is all. What prevents reading
            is told whatever is selected.
        baseline: The findings that are known; None reads the workspace's own file.
        as_of: The day on which the expiry of suppressions is judged; None judges none.

    Raises:
        DataError: The baseline's file is none.
    """
    known, wrong = find_rules(catalog.config.lint, catalog.sources)
    if baseline is None:
        baseline = read_baseline(catalog.root)
    asking = Asking(known, select, catalog.config.lint, paths, baseline, as_of)
    rules, layouts = asking.rules, LayoutCases(catalog)
    linted = [
        lint_message(catalog, name, rules, layouts, paths)
        for name in sorted(catalog.messages)
    ]
    return settle(
        asking,
        (*catalog.findings, *wrong),
        linted,
        lint_experiments(catalog, rules),
        catalog.sources,
        [item.file for item in catalog.experiments.values()],
    )


def lint_experiments(catalog: Catalog, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """What the rules find in the experiments of a workspace."""
    findings: list[Finding] = []
    for name in sorted(catalog.experiments):
        case = ExperimentCase(catalog, catalog.experiments[name])
        for rule in rules:
            if rule.subject == "experiment" and rule.check is not None:
                findings.extend(rule.check(case))
    return tuple(findings)


def settle(
    asking: Asking,
    read: Sequence[Finding],
    linted: Sequence[Linted],
    about_experiments: Sequence[Finding],
    sources: Mapping[str, SourceFile],
    experiments: Sequence[str],
    noted: Mapping[str, SourceFile] | None = None,
) -> Report:
    """The report of all that was found: what is told of it, and what is not.

    Args:
        asking: What was asked.
        read: The findings of reading, and those about the lint settings.
        linted: The messages in the order of their ids.
        about_experiments: The findings of rules on experiments.
        sources: The files.
        experiments: The files of the experiments.
        noted: The files that may hold suppressions; None is all.
    """
    noted = sources if noted is None else noted
    paths, chosen = asking.paths, asking.chosen
    found = [item for item in read if _is_told(item, chosen)]
    found += (item for each in linted for item in each.findings)
    found += _shared(mark for each in linted for mark in each.marks)
    found += about_experiments
    found += stale_rules(chosen, asking.as_of)
    kept = [item for item in found if is_below(item.file, paths)]
    sorted_out = triage(
        _sorted(_with_severities(kept, asking.settings)),
        {name: s for name, s in noted.items() if is_below(name, paths)},
        asking.known,
        ran=[rule.name for rule in chosen],
        baseline=asking.baseline,
        as_of=asking.as_of,
        is_whole=not paths and not asking.select,
    )
    told = _sorted(_with_severities(sorted_out.told, asking.settings))
    rules_told = {item.rule for item in told}
    proofs = tuple(proof for each in linted for proof in each.proofs)
    unread = tuple(reason for each in linted for reason in each.unread)
    return Report(
        findings=told,
        suppressed=sorted_out.suppressed,
        known=sorted_out.known,
        proofs=proofs,
        not_checked=(*unread, *_not_checked(proofs)),
        messages=sum(each.is_looked_at(paths) for each in linted),
        rules=len(asking.rules),
        sources=sources,
        experiments=sum(is_below(file, paths) for file in experiments),
        unread=len(unread),
        unchecked=tuple(sorted({p for each in linted for p in each.unchecked})),
        told=tuple(rule for rule in asking.known if rule.name in rules_told),
    )


def _shared(marks: Iterable[Mark]) -> Iterator[Finding]:
    """What messages share and may not; ``marks`` come in the order of their ids."""
    first: dict[tuple[str, str], str] = {}
    for mark in marks:
        other = first.setdefault((mark.finding.rule, mark.key), mark.message)
        if other != mark.message:
            text = mark.finding.message.replace("{first}", other)
            yield replace(mark.finding, message=text)


def _not_checked(proofs: Sequence[Proof]) -> Iterator[str]:
    for proof in proofs:
        if not proof.exhaustive:
            yield (
                f"{proof.message} {proof.channel}.{proof.locale} {proof.variant}: "
                f"checked on {MAX_SAMPLES} samples, its branches are too many to walk; "
                f"lengths and the phrases it needs are proved over all of them"
            )


def _selected(rule: Rule, select: Collection[str]) -> bool:
    return not select or rule.name in select or rule.code in select


def _is_told(finding: Finding, rules: Sequence[Rule]) -> bool:
    """Whether what was found while reading is told: what prevents reading always is."""
    return finding.severity == "error" or any(
        finding.rule == rule.name for rule in rules
    )


def _with_severities(
    findings: Sequence[Finding], settings: LintSettings
) -> Iterator[Finding]:
    for finding in findings:
        chosen = settings.severity_at(finding.file, finding.rule, finding.code)
        if chosen == OFF:
            continue
        yield (
            finding if chosen is None else replace(finding, severity=_SEVERITY[chosen])
        )


def _sorted(findings: Iterator[Finding]) -> tuple[Finding, ...]:
    unique: dict[object, Finding] = {}
    for item in findings:  # a partial or a layout is seen by all who use it
        unique.setdefault(replace(item, variant=None, field=None, witness=None), item)
    return tuple(
        sorted(
            unique.values(),
            key=lambda item: (
                item.file or "",
                item.line or 0,
                item.column or 0,
                SEVERITIES.index(item.severity),
                item.code,
                item.message,
            ),
        )
    )
