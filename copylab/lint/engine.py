"""The engine: every rule over every case, once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES, Finding, Severity
from copylab.lint.baseline import read_baseline
from copylab.lint.case import ExperimentCase, MessageCase
from copylab.lint.layout_case import LayoutCases
from copylab.lint.readability import gaps_of, is_readable, words_of
from copylab.lint.report import Proof, Report
from copylab.lint.ruleset import find_rules, is_off
from copylab.lint.triage import triage
from copylab.lint_settings import OFF
from copylab.template.paths import MAX_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from copylab.catalog import Catalog, Key
    from copylab.config import Config
    from copylab.lint.baseline import Entry
    from copylab.lint.case import Words
    from copylab.lint.rule import Mark, Rule
    from copylab.message.model import Message

_SEVERITY: dict[str, Severity] = {severity: severity for severity in SEVERITIES}


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
    chosen = [rule for rule in known if _selected(rule, select)]
    rules = [rule for rule in chosen if not is_off(rule, catalog.config.lint)]
    layouts, unread = LayoutCases(catalog), _unread(catalog, paths)
    names = sorted(catalog.messages)
    messages = [_message_case(catalog, name, layouts) for name in names]
    found = (*catalog.findings, *wrong)
    findings = [item for item in found if _is_told(item, chosen)]
    proofs: list[Proof] = []
    for case in messages:
        for words in case.words:
            if _in_paths(words.fields, paths):
                findings.extend(check_words(words, rules))
                if _key(words) not in unread:
                    proofs.append(_proof(words, rules))
        findings.extend(_run(rules, "message", case))
    findings.extend(_shared(mark for case in messages for mark in _marks(rules, case)))
    for name in sorted(catalog.experiments):
        experiment = ExperimentCase(catalog, catalog.experiments[name])
        findings.extend(_run(rules, "experiment", experiment))
    kept = [item for item in findings if _below(item.file, paths)]
    sorted_out = triage(
        _sorted(_with_severities(kept, catalog.config)),
        {name: s for name, s in catalog.sources.items() if _below(name, paths)},
        known,
        ran=[rule.name for rule in chosen],
        baseline=read_baseline(catalog.root) if baseline is None else baseline,
        as_of=as_of,
        is_whole=not paths and not select,
    )
    told = _sorted(_with_severities(sorted_out.told, catalog.config))
    rules_told = {item.rule for item in told}
    return Report(
        findings=told,
        suppressed=sorted_out.suppressed,
        known=sorted_out.known,
        proofs=tuple(proofs),
        not_checked=(*_not_read(unread), *_not_checked(proofs)),
        messages=sum(_is_looked_at(case.message, paths) for case in messages),
        rules=len(chosen),
        sources=catalog.sources,
        experiments=_count_experiments(catalog, paths),
        unread=len(unread),
        told=tuple(rule for rule in known if rule.name in rules_told),
    )


def check_words(words: Words, rules: Sequence[Rule]) -> Iterator[Finding]:
    """The findings of the rules about one variant."""
    for rule in rules:
        if rule.subject != "words" or rule.check is None:
            continue
        if rule.channels and words.channel not in rule.channels:
            continue
        if rule.purposes and words.message.purpose not in rule.purposes:
            continue
        yield from rule.check(words)


def _run(rules: Sequence[Rule], subject: str, case: object) -> Iterator[Finding]:
    for rule in rules:
        if rule.subject == subject and rule.check is not None:
            yield from rule.check(case)


def _marks(rules: Sequence[Rule], case: MessageCase) -> Iterator[Mark]:
    for rule in rules:
        if rule.subject == "message" and rule.marks is not None:
            yield from rule.marks(case)


def _shared(marks: Iterable[Mark]) -> Iterator[Finding]:
    """What messages share and may not; ``marks`` come in the order of their ids."""
    first: dict[tuple[str, str], str] = {}
    for mark in marks:
        other = first.setdefault((mark.finding.rule, mark.key), mark.message)
        if other != mark.message:
            text = mark.finding.message.replace("{first}", other)
            yield replace(mark.finding, message=text)


def _message_case(catalog: Catalog, name: str, layouts: LayoutCases) -> MessageCase:
    """A message; variants whose words could not be read are left to what was found."""
    message = catalog.messages[name]
    keys = _keys(message)
    readable = [key for key in keys if is_readable(catalog, key)]
    words = tuple(words_of(catalog, key, layouts) for key in readable)
    is_whole = len(words) == len(keys) and not any(
        gaps_of(catalog, key) for key in readable
    )
    return MessageCase(catalog, message, words, layouts, is_whole)


def _key(words: Words) -> Key:
    return words.message.id, words.channel, words.locale, words.variant


def _keys(message: Message) -> list[Key]:
    """Every text of a message."""
    return [
        (message.id, channel, locale, variant)
        for (channel, locale), copy in message.copies.items()
        for variant in copy.variants
    ]


def _count_experiments(catalog: Catalog, paths: Sequence[str]) -> int:
    return sum(_below(item.file, paths) for item in catalog.experiments.values())


def _unread(catalog: Catalog, paths: Sequence[str]) -> dict[Key, str]:
    """The texts among the paths that were not read, or only in part, and why."""
    found = {}
    for _, message in sorted(catalog.messages.items()):
        for key in _keys(message):
            if not _below(message.copies[key[1:3]].source.name, paths):
                continue
            if not is_readable(catalog, key):
                found[key] = "it could not be read"
            elif gaps := gaps_of(catalog, key):
                found[key] = f"read in part: {gaps}"
    return found


def _is_looked_at(message: Message, paths: Sequence[str]) -> bool:
    files = [message.file, *(copy.source.name for copy in message.copies.values())]
    return any(_below(file, paths) for file in files)


def _proof(words: Words, rules: Sequence[Rule]) -> Proof:
    decided = [
        rule
        for rule in rules
        if rule.subject == "words"
        and (not rule.channels or words.channel in rule.channels)
        and (not rule.purposes or words.message.purpose in rule.purposes)
    ]
    ways = 1
    for item in words.fields.values():
        ways *= item.branches
    return Proof(
        words.message.id,
        words.channel,
        words.locale,
        words.variant,
        len(decided),
        ways,
        ways > 0,
        words.message.copies[words.channel, words.locale].source.name,
    )


def _not_read(unread: Mapping[Key, str]) -> Iterator[str]:
    for (message, channel, locale, variant), reason in unread.items():
        yield f"{message} {channel}.{locale} {variant}: {reason}"


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


def _in_paths(fields: object, paths: Sequence[str]) -> bool:
    assert isinstance(fields, dict)
    names = {item.template.passage.source.name for item in fields.values()}
    return not paths or any(_below(name, paths) for name in names)


def _below(file: str | None, paths: Sequence[str]) -> bool:
    if not paths or file is None:
        return True
    return any(
        path in {"", "."} or file == path or file.startswith(f"{path}/")
        for path in paths
    )


def _with_severities(findings: Sequence[Finding], config: Config) -> Iterator[Finding]:
    for finding in findings:
        chosen = config.lint.severity_at(finding.file, finding.rule, finding.code)
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
