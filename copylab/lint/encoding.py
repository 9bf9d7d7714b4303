"""Encoding: findings and what belongs to them, as plain lists and back.

What is read back is checked: whoever can write the file it comes from can still not make
a run fail, or write where it should not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from copylab.findings import SEVERITIES, Edit, Finding, Fix, Witness
from copylab.lint.report import Proof
from copylab.lint.rule import Example, Mark, Page, Rule
from copylab.snapshot import digest
from copylab.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

Plain = Any
"""What JSON holds: texts, numbers, truth values, None, lists and mappings."""

_HEAD = b"copylab lint cache 1 "
_SUBJECTS = ("reading", "words", "message", "experiment")


class EncodingError(ValueError):
    """What was read back is not what was written."""


def to_bytes(record: Plain) -> bytes:
    """The content of a file: a line with a checksum, and the record as JSON."""
    body = json.dumps(record, separators=(",", ":"), check_circular=False).encode()
    return _HEAD + digest(body).hex().encode() + b"\n" + body


def from_bytes(data: bytes) -> Plain:
    """The record in a file's content.

    Raises:
        EncodingError: It is another form, cut off, or changed.
    """
    head, _, body = data.partition(b"\n")
    if head != _HEAD + digest(body).hex().encode():
        raise EncodingError("not what was written")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise EncodingError("no JSON") from None


def text(value: Plain) -> str:
    """A text.

    Raises:
        EncodingError: It is none.
    """
    if type(value) is not str:
        raise EncodingError("no text")
    return value


def optional_text(value: Plain) -> str | None:
    """A text or None."""
    return None if value is None else text(value)


def number(value: Plain) -> int:
    """A whole number.

    Raises:
        EncodingError: It is none.
    """
    if type(value) is not int:
        raise EncodingError("no number")
    return value


def items(value: Plain, length: int | None = None) -> list[Plain]:
    """A list, of so many items.

    Raises:
        EncodingError: It is none.
    """
    if type(value) is not list or (length is not None and len(value) != length):
        raise EncodingError("no list")
    return value


def mapping(value: Plain) -> dict[str, Plain]:
    """A mapping; JSON has only texts as keys.

    Raises:
        EncodingError: It is none.
    """
    if type(value) is not dict:
        raise EncodingError("no mapping")
    return value


def texts(value: Plain) -> tuple[str, ...]:
    """Several texts."""
    return tuple(map(text, items(value)))


def pairs(value: Plain) -> tuple[tuple[str, str], ...]:
    """Pairs of texts.

    Raises:
        EncodingError: They are none.
    """
    found = [texts(items(each, 2)) for each in items(value)]
    return tuple((first, second) for first, second in found)


def encode_finding(finding: Finding) -> list[Plain]:
    """A finding as a list."""
    witness, fix = finding.witness, finding.fix
    return [
        finding.rule,
        finding.code,
        finding.severity,
        finding.message,
        finding.file,
        finding.line,
        finding.column,
        finding.end_line,
        finding.end_column,
        finding.variant,
        finding.field,
        None if witness is None else [witness.text, [list(c) for c in witness.choices]],
        finding.help,
        None if fix is None else [fix.is_safe, [_encode_edit(e) for e in fix.edits]],
    ]


def encode_findings(findings: Iterable[Finding]) -> list[Plain]:
    """Findings as lists."""
    return [encode_finding(finding) for finding in findings]


def _encode_edit(edit: Edit) -> list[Plain]:
    span = edit.span
    return [
        span.file,
        span.line,
        span.column,
        span.end_line,
        span.end_column,
        edit.text,
    ]


def finding_reader(files: Collection[str]) -> Callable[[Plain], Finding]:
    """Reads findings back; what they change must be one of some files."""

    def read(value: Plain) -> Finding:
        part = items(value, 14)
        if part[2] not in SEVERITIES:
            raise EncodingError("no severity")
        for each in part[5:9]:
            if each is not None:
                number(each)
        return Finding(
            text(part[0]),
            text(part[1]),
            part[2],
            text(part[3]),
            optional_text(part[4]),
            part[5],
            part[6],
            part[7],
            part[8],
            optional_text(part[9]),
            optional_text(part[10]),
            None if part[11] is None else _decode_witness(part[11]),
            text(part[12]),
            None if part[13] is None else _decode_fix(part[13], files),
        )

    return read


def _decode_witness(value: Plain) -> Witness:
    shown, choices = items(value, 2)
    pairs = [items(choice, 2) for choice in items(choices)]
    return Witness(text(shown), tuple((text(a), text(b)) for a, b in pairs))


def _decode_fix(value: Plain, files: Collection[str]) -> Fix:
    is_safe, edits = items(value, 2)
    if type(is_safe) is not bool:
        raise EncodingError("no truth value")
    found = []
    for edit in items(edits):
        file, *place, new = items(edit, 6)
        if text(file) not in files:
            raise EncodingError("a file that is not in the workspace")
        found.append(Edit(Span(file, *map(number, place)), text(new)))
    return Fix(tuple(found), is_safe)


def encode_proof(proof: Proof) -> list[Plain]:
    """A proof as a list."""
    return [
        proof.message,
        proof.channel,
        proof.locale,
        proof.variant,
        proof.rules,
        proof.branches,
        proof.exhaustive,
        proof.file,
    ]


def decode_proof(value: Plain) -> Proof:
    """The proof of a list."""
    part = items(value, 8)
    for each in (*part[:4], part[7]):
        text(each)
    number(part[4]), number(part[5])
    if type(part[6]) is not bool:
        raise EncodingError("no truth value")
    return Proof(*part)


def encode_mark(mark: Mark) -> list[Plain]:
    """A mark as a list."""
    return [mark.key, mark.message, encode_finding(mark.finding)]


def decode_mark(value: Plain, read: Callable[[Plain], Finding]) -> Mark:
    """The mark of a list."""
    key, message, finding = items(value, 3)
    return Mark(text(key), text(message), read(finding))


def encode_rule(rule: Rule) -> list[Plain]:
    """A rule with its page as a list; what it checks stays behind."""
    page = rule.page()
    return [
        rule.name,
        rule.code,
        rule.severity,
        rule.subject,
        list(rule.channels),
        list(rule.purposes),
        rule.origin,
        [page.title, page.what, page.why, page.source, page.fix],
        [[example.info, example.text] for example in page.bad],
        [[example.info, example.text] for example in page.good],
        rule.authority,
    ]


def decode_rule(value: Plain) -> Rule:
    """The rule of a list, for its page."""
    part = items(value, 11)
    if part[2] not in SEVERITIES or part[3] not in _SUBJECTS:
        raise EncodingError("no rule")
    title, what, why, source, fix = texts(items(part[7], 5))
    bad, good = (
        tuple(Example(*texts(items(each, 2))) for each in items(part[index]))
        for index in (8, 9)
    )
    return Rule(
        text(part[0]),
        text(part[1]),
        part[2],
        part[3],
        channels=texts(part[4]),
        purposes=texts(part[5]),
        documentation=Page(title, what, why, bad, good, source, fix),
        origin=text(part[6]),
        authority=text(part[10]),
    )
