r"""Reading copy files: headings that are structure, and the words between them.

A level-1 heading that names a declared variant and a level-2 heading that names a
field of the channel are structure; every other line is copy. A copy line that would
read as structure is written ``\# …``.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.findings import Finding, report
from copylab.message.model import FIELDS, OPTIONAL_FIELDS, Copy, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from copylab.findings import Severity
    from copylab.source import SourceFile, Span

_HEADING = re.compile(r"(#{1,2})[ \t]+(\S.*?)[ \t]*\Z")
# What a writer may have meant as a heading: no blank after the marks, full-width ones.
_LIKE_HEADING = re.compile(r"([#＃]{1,6})([ \t\u3000]*)(\S.*?)[ \t]*\Z")
_NEAR = 0.8
_ESCAPED = re.compile(r"^\\(#{1,2}[ \t])", re.MULTILINE)


@dataclass(slots=True)
class _Sections:
    """What was found so far in a file."""

    variant: str | None
    field: str | None
    start: int = 0
    passages: dict[str, dict[str, Passage]] = dataclasses.field(default_factory=dict)
    headings: dict[str, Span] = dataclasses.field(default_factory=dict)


def read_copy(
    source: SourceFile, channel: str, locale: str, variants: Iterable[str]
) -> tuple[Copy, list[Finding]]:
    """The words of a copy file, and what is wrong with its structure.

    Args:
        source: The file.
        channel: A channel of ``FIELDS``.
        locale: The locale of the file.
        variants: The variants that ``message.yaml`` declares.
    """
    names = tuple(variants)
    fields = FIELDS[channel]
    findings: list[Finding] = []
    only_field = fields[0] if len(fields) == 1 else None
    state = _Sections(names[0] if len(names) == 1 else None, only_field)
    for start, end in _lines(source.text):
        found = _structure(source.text[start:end], names, fields)
        if found is None:
            _warn_of_heading(source, start, end, names, channel, findings)
            continue
        _close(source, state, start, findings)
        level, name = found
        span = source.span(start, end)
        if level == 1:
            _open_variant(state, name, span, findings)
            state.field = only_field
        else:
            state.field = name
        state.start = min(end + 1, len(source.text))
    _close(source, state, len(source.text), findings)
    _report_missing_fields(source, state, channel, findings)
    return Copy(channel, locale, source, state.passages, state.headings), findings


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _structure(
    line: str, names: tuple[str, ...], fields: tuple[str, ...]
) -> tuple[int, str] | None:
    match = _HEADING.match(line)
    if match is None:
        return None
    level, name = len(match.group(1)), match.group(2)
    known = names if level == 1 else fields
    return (level, name) if name in known else None


def _open_variant(
    state: _Sections, name: str, span: Span, findings: list[Finding]
) -> None:
    if name in state.headings:
        first = state.headings[name].line
        message = f"the variant '{name}' stands here again (first on line {first})"
        cure = "keep the words of a variant together"
        findings.append(report("duplicate-key", message, span, help=cure))
    state.headings.setdefault(name, span)
    state.passages.setdefault(name, {})
    state.variant = name


def _close(
    source: SourceFile, state: _Sections, end: int, findings: list[Finding]
) -> None:
    """End the passage that runs from ``state.start``."""
    raw = source.text[state.start : end]
    start = state.start + len(raw) - len(raw.lstrip())
    stop = state.start + len(raw.rstrip())
    if start >= stop:
        return
    span = source.span(start, stop)
    if state.variant is None or state.field is None:
        what = "a variant (# name)" if state.variant is None else "a field (## name)"
        message = f"these words stand outside of {what}"
        cure = "put a heading above them that names it as message.yaml does"
        findings.append(report("stray-copy", message, span, help=cure))
        return
    passages = state.passages.setdefault(state.variant, {})
    if state.field in passages:
        message = f"the field '{state.field}' stands here again"
        cure = "write each field of a variant once"
        findings.append(
            report("duplicate-key", message, span, help=cure, variant=state.variant)
        )
        return
    passages[state.field] = make_passage(source, start, stop)


def make_passage(source: SourceFile, start: int, stop: int) -> Passage:
    r"""The passage ``text[start:stop]`` of a file, its ``\#`` escapes resolved."""
    raw = source.text[start:stop]
    if "\\#" not in raw:
        return Passage(source, raw, ((0, start),))
    pieces, anchors = [], []
    length = at = 0
    for match in _ESCAPED.finditer(raw):
        anchors.append((length, start + at))
        pieces.append(raw[at : match.start()])
        length += match.start() - at
        at = match.start() + 1
    anchors.append((length, start + at))
    pieces.append(raw[at:])
    return Passage(source, "".join(pieces), tuple(anchors))


def _warn_of_heading(
    source: SourceFile,
    start: int,
    end: int,
    names: tuple[str, ...],
    channel: str,
    findings: list[Finding],
) -> None:
    """A line that reads like structure but names nothing is probably a slip.

    Next to a known name it is an error, since the words below it would be sent with
    those above it; e-mail has headings of its own, and others may start with a #.
    """
    match = _LIKE_HEADING.match(source.text[start:end])
    if match is None:
        return
    marks, blank, word = match.groups()
    known = (*names, *FIELDS[channel])
    near = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=_NEAR)
    if not near and (channel == "email" or not blank or len(marks) > len("##")):
        return
    what = "variant" if len(marks) == 1 else "field"
    message = f"'{match.group(0).strip()}' looks like a heading but names no {what}"
    cure = f"did you mean '{near[0]}'?" if near else "known: " + ", ".join(known)
    cure += "; write \\# where it is copy"
    span = source.span(start, end)
    severity: Severity = "error" if near else "warning"
    findings.append(
        report("heading-in-copy", message, span, help=cure, severity=severity)
    )


def _report_missing_fields(
    source: SourceFile, state: _Sections, channel: str, findings: list[Finding]
) -> None:
    for variant, passages in state.passages.items():
        for name in FIELDS[channel]:
            if name in passages or (channel, name) in OPTIONAL_FIELDS:
                continue
            span = state.headings.get(variant, source.whole())
            message = f"the {channel} of variant '{variant}' has no {name}"
            cure = (
                f"write its words below ## {name}"
                if len(FIELDS[channel]) > 1
                else ("write its words below the heading")
            )
            findings.append(
                report(
                    "missing-field",
                    message,
                    span,
                    help=cure,
                    variant=variant,
                    field=name,
                )
            )
