"""Suppressions: findings that somebody decided to live with, and why.

``{# copylab: ignore[rule] reason #}`` in copy, ``# copylab: ignore[rule] reason`` in
YAML. It counts for its own lines; where it stands alone on them, for the next line
too. A reason is required, ``until 2026-12-31`` at its end is an expiry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from copylab.document import suggest
from copylab.findings import CODES, Edit, Fix, report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from copylab.findings import Finding
    from copylab.lint.rule import Rule
    from copylab.source import SourceFile, Span

_HEAD = r"copylab[ \t]*:[ \t]*ignore\b"
_IN_COPY = re.compile(r"\{#[-+]?\s*" + _HEAD + r"(?P<rest>(?:(?!#\})[^\n])*)#\}")
_IN_YAML = re.compile(r"(?<!\S)#[ \t]*" + _HEAD + r"(?P<rest>[^\n]*)")
_RAW = re.compile(r"\{%[-+]?\s{0,20}(raw|endraw)\s{0,20}[-+]?%\}")
_RULES = re.compile(r"\[(?P<rules>[^\[\]]*)\]\s*(?P<reason>.*)\Z", re.DOTALL)
_UNTIL = re.compile(r"[,;(]?\s*until\s+(?P<day>\S+?)\)?\.?\s*\Z", re.IGNORECASE)
_CURE = "write {# copylab: ignore[optout-missing] why, until 2026-12-31 #}"
_LEAST_REASON, _MOST_CHARACTERS = 3, 500
NEVER = frozenset(
    ("bad-suppression", "unused-suppression", "expired-suppression", "stale-baseline")
)
"""Rules about suppressing, which cannot be suppressed."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment that suppresses.

    Attributes:
        rules: The names of the rules it is about.
        reason: Why.
        until: The last day it counts, or None.
        lines: The lines it counts for.
        span: Where it stands.
    """

    rules: tuple[str, ...]
    reason: str
    until: date | None
    lines: range
    span: Span

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is suppressed by it."""
        return (
            finding.file == self.span.file
            and finding.line in self.lines
            and finding.rule in self.rules
        )


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Findings, sorted out.

    Attributes:
        findings: Those that are told, with what is wrong with suppressions.
        suppressed: Those that are not.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]


def suppress(
    findings: Iterable[Finding],
    sources: Mapping[str, SourceFile],
    rules: Collection[Rule],
    *,
    ran: Collection[str] | None = None,
    as_of: date | None = None,
) -> Suppressed:
    """The findings without those that comments suppress.

    Args:
        findings: Everything that was found.
        sources: The files that were looked at.
        rules: All rules there are.
        ran: The names of those that ran, which alone can be unused; None is all.
        as_of: The day on which expiries are judged; None judges none.
    """
    told = list(findings)
    wrong: list[Finding] = []
    active: list[Suppression] = []
    for source in sources.values():
        if "copylab" in source.text:
            active += _read(source, rules, wrong)
    expired = [item for item in active if _is_over(item, as_of)]
    kept, suppressed, used = _sort_out(told, [i for i in active if i not in expired])
    wrong += map(_expired, expired)
    names = {rule.name for rule in rules} if ran is None else set(ran)
    wrong += [
        _unused(item, sources[item.span.file])
        for item in active
        if _is_idle(item, expired, used, names)
    ]
    return Suppressed((*kept, *wrong), suppressed)


def _sort_out(
    findings: list[Finding], active: list[Suppression]
) -> tuple[list[Finding], tuple[Finding, ...], set[int]]:
    kept, suppressed, used = [], [], set()
    for finding in findings:
        covering = [item for item in active if item.covers(finding)]
        if covering and finding.rule not in NEVER:
            used |= {id(item) for item in covering}
            suppressed.append(finding)
        else:
            kept.append(finding)
    return kept, tuple(suppressed), used


def _is_over(item: Suppression, as_of: date | None) -> bool:
    return as_of is not None and item.until is not None and item.until < as_of


def _is_idle(
    item: Suppression, expired: list[Suppression], used: set[int], names: set[str]
) -> bool:
    """Whether a comment suppresses nothing, though its rules ran."""
    return item not in expired and id(item) not in used and set(item.rules) <= names


def find_suppressions(source: SourceFile) -> Iterator[tuple[re.Match[str], Span]]:
    """The comments of a file that want to suppress, with their places."""
    is_yaml = source.name.endswith((".yaml", ".yml"))
    for match in (_IN_YAML if is_yaml else _IN_COPY).finditer(source.text):
        if is_yaml or not _is_printed(source.text, match.start()):
            yield match, source.span(*match.span())


def _is_printed(text: str, start: int) -> bool:
    """Whether what looks like a comment is copy: in a raw block, or in a tag's string."""
    if text.rfind("{{", 0, start) > text.rfind("}}", 0, start):
        return True
    if text.rfind("{%", 0, start) > text.rfind("%}", 0, start):
        return True
    raw = [match[1] for match in _RAW.finditer(text, 0, start)]
    return bool(raw) and raw[-1] == "raw"


def expiries(source: SourceFile) -> Iterator[date]:
    """The last days that comments of a file name: after each, other findings are told."""
    for match, _ in find_suppressions(source):
        until = _read_reason(match["rest"].strip().rstrip("-+").strip())[1]
        if until is not None:
            yield until


def read_suppressions(
    source: SourceFile, rules: Collection[Rule]
) -> tuple[Suppression, ...]:
    """The comments of a file that suppress, expired ones among them.

    Args:
        source: The file.
        rules: All rules there are.
    """
    return tuple(_read(source, rules, []))


def _read(
    source: SourceFile, rules: Collection[Rule], wrong: list[Finding]
) -> Iterator[Suppression]:
    """The suppressions of a file; what is wrong with others is added to a list."""
    for match, span in find_suppressions(source):
        rest = match["rest"].strip().rstrip("-+").strip()
        parts = _RULES.match(rest)
        if len(rest) > _MOST_CHARACTERS:
            wrong.append(_bad(f"it has more than {_MOST_CHARACTERS} characters", span))
            continue
        if parts is None:
            wrong.append(_bad("it does not say which rule", span))
            continue
        named = [word.strip() for word in parts["rules"].split(",") if word.strip()]
        found, problem = _find_names(named, rules)
        reason, until, late = _read_reason(parts["reason"])
        problem = problem or late
        if not problem and len(reason) < _LEAST_REASON:
            problem = "it gives no reason"
        if problem:
            wrong.append(_bad(problem, span))
            continue
        yield Suppression(found, reason, until, _lines(source, match, span), span)


def _find_names(
    named: list[str], rules: Collection[Rule]
) -> tuple[tuple[str, ...], str]:
    """The names of rules given by name or code, and what is wrong with them."""
    names = {rule.name for rule in rules} | CODES.keys()
    codes = {rule.code: rule.name for rule in rules}
    codes |= {code: name for name, (code, _) in CODES.items()}
    if not named:
        return (), "it does not say which rule"
    found = []
    for word in named:
        name = word if word in names else codes.get(word.upper())
        if name is None:
            hint = suggest(word, names)
            return (), f"there is no rule '{word}'" + (f"; {hint}" if hint else "")
        if name in NEVER or (name in CODES and CODES[name][1] == "error"):
            return (), f"{name} cannot be suppressed: it has to be mended"
        found.append(name)
    return tuple(found), ""


def _read_reason(text: str) -> tuple[str, date | None, str]:
    """The reason, the last day, and what is wrong with that day."""
    match = _UNTIL.search(text)
    if match is None:
        return text.strip(), None, ""
    try:
        day = date.fromisoformat(match["day"])
    except ValueError:
        return "", None, f"'{match['day']}' is no day: write 2026-12-31"
    return text[: match.start()].strip(" ,;("), day, ""


def _lines(source: SourceFile, match: re.Match[str], span: Span) -> range:
    """The lines a comment counts for: its own, and the next one if it stands alone."""
    before = source.line(span.line)[: span.column - 1]
    after = source.line(span.end_line)[span.end_column - 1 :]
    if before.strip() or after.strip():
        return range(span.line, span.end_line + 1)
    rest = source.text[match.end() :]
    blank = len(rest) - len(rest.lstrip())
    lines_down = rest[:blank].count("\n")
    return range(span.line, span.end_line + lines_down + 1)


def _bad(problem: str, span: Span) -> Finding:
    message = f"this suppresses nothing: {problem}"
    return report("bad-suppression", message, span, help=_CURE)


def _expired(item: Suppression) -> Finding:
    message = f"this suppressed {', '.join(item.rules)} until {item.until}"
    cure = "mend what it hides, or decide again and write a new date"
    return report("expired-suppression", message, item.span, help=cure)


def _unused(item: Suppression, source: SourceFile) -> Finding:
    message = f"this suppresses nothing: {', '.join(item.rules)} finds nothing here"
    found = report("unused-suppression", message, item.span, help="take it out")
    edit = Edit(_with_line(item.span, source), "")
    return replace(found, fix=Fix((edit,), is_safe=True))


def _with_line(span: Span, source: SourceFile) -> Span:
    """The comment, with the end of its line where it stands alone."""
    before = source.line(span.line)[: span.column - 1]
    after = source.line(span.end_line)[span.end_column - 1 :]
    is_last = span.end_line == source.text.count("\n") + 1
    if before.strip() or after.strip() or is_last:
        return span
    return replace(span, column=1, end_line=span.end_line + 1, end_column=1)
