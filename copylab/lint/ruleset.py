"""The rules of a workspace: all that are installed, and those of its packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.config import CONFIG_NAME
from copylab.document import suggest
from copylab.findings import Finding, report
from copylab.lint.own_packs import read_pack
from copylab.lint.rule import Rule, all_rules
from copylab.lint_settings import OFF, LintSettings, Override, matches_path
from copylab.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from copylab.source import SourceFile


def find_rules(
    settings: LintSettings, sources: Mapping[str, SourceFile]
) -> tuple[tuple[Rule, ...], list[Finding]]:
    """The rules of a workspace by code, and what is wrong with its lint settings.

    Args:
        settings: The lint settings.
        sources: The files that were read, its packs among them.
    """
    rules = list(all_rules())
    findings: list[Finding] = []
    for path, _ in settings.packs:
        source = sources.get(path)
        if source is not None:
            more, wrong = read_pack(source, rules)
            rules += more
            findings += wrong
    findings += _unknown_rules(settings, rules)
    findings += _unmatched_paths(settings, sources)
    return tuple(sorted(rules, key=lambda rule: rule.code)), findings


def is_off(rule: Rule, settings: LintSettings) -> bool:
    """Whether a rule is switched off everywhere, so that it need not run."""
    words = (rule.name, rule.code)
    off = settings.severity_at(None, *words) == OFF
    return off and not any(
        word in item.severities for item in settings.overrides for word in words
    )


def stale_rules(rules: Iterable[Rule], as_of: date | None) -> Iterator[Finding]:
    """A note for each origin of rules that should have been read again by now.

    Args:
        rules: The rules that were asked for.
        as_of: The day; None is no day.
    """
    if as_of is None:
        return
    due: dict[str, list[tuple[date, Rule]]] = {}
    for rule in rules:
        day = None if rule.provision is None else rule.provision.review_by
        if day is not None and day < as_of:
            due.setdefault(rule.origin, []).append((day, rule))
    for origin, found in due.items():
        day, first = min(found, key=lambda pair: (pair[0], pair[1].code))
        noun = "rule was" if len(found) == 1 else "rules were"
        yield report(
            "stale-rules",
            f"{len(found)} {noun} to be read again, {first.code} by {day.isoformat()}: "
            "the law may have changed",
            Span(origin or CONFIG_NAME, 1, 1, 1, 1),
            help="read the sources again and set review_by"
            if origin
            else "update copylab",
        )


def _unknown_rules(settings: LintSettings, rules: Iterable[Rule]) -> Iterator[Finding]:
    """A setting for a rule that does not exist changes nothing, and looks as if."""
    names = [rule.name for rule in rules]
    known = {*names, *(rule.code for rule in rules)}
    layers: tuple[LintSettings | Override, ...] = (settings, *settings.overrides)
    for layer in layers:
        for word in layer.severities:
            if word in known:
                continue
            cure = suggest(word, names) or suggest(word.upper(), sorted(known))
            yield report(
                "unknown-key",
                f"there is no rule '{word}'",
                layer.places[f"rules.{word}"],
                help=cure or "copylab rule --list names them all",
            )


def _unmatched_paths(settings: LintSettings, files: Iterable[str]) -> Iterator[Finding]:
    """A path that matches no file is mostly a slip."""
    for item in settings.overrides:
        for pattern, span in item.paths:
            if not any(matches_path(pattern, file) for file in files):
                yield _unmatched(pattern, span)


def _unmatched(pattern: str, span: Span) -> Finding:
    return report(
        "bad-value",
        f"no file of the workspace matches '{pattern}'",
        span,
        severity="warning",
        help="write it from the workspace's root, such as templates/legal/**",
    )
