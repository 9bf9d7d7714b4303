"""Findings: what is wrong with copy, where, with the text that shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from copylab.source import Span

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class Witness:
    """The message that shows a finding.

    Attributes:
        text: The rendered text, exactly as it would be sent.
        choices: What leads there: the variable or condition, and its value.
    """

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a file.

    Attributes:
        span: What is replaced; an empty one is where the text is put in.
        text: What stands there afterwards.
    """

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Changes that mend a finding.

    Attributes:
        edits: The changes, none inside another.
        is_safe: Whether a reader reads the same afterwards; else a person has to look.
    """

    edits: tuple[Edit, ...]
    is_safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with its place and its cure.

    Attributes:
        rule: The rule's kebab-case name.
        code: The rule's stable code.
        severity: ``error``, ``warning`` or ``info``.
        message: One sentence that says what is wrong.
        file: The path from the workspace's root, with ``/``; None for a bare text.
        line: The line where it starts, from 1; None when it has no place.
        column: The column where it starts, from 1, in code points.
        end_line: The line where it ends.
        end_column: The column after its last character.
        variant: The variant concerned, or None.
        field: The field concerned, or None.
        witness: The text that shows it, and the choices that lead there.
        help: What to do about it.
        fix: Changes that do it, or None.
    """

    rule: str
    code: str
    severity: Severity
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    variant: str | None = None
    field: str | None = None
    witness: Witness | None = None
    help: str = ""
    fix: Fix | None = None

    def __str__(self) -> str:
        """``path:line:column: severity rule (code): message``."""
        place = ":".join(
            str(part) for part in (self.file, self.line, self.column) if part
        )
        head = f"{place}: " if place else ""
        return f"{head}{self.severity} {self.rule} ({self.code}): {self.message}"

    def in_field(self, variant: str | None, field: str | None) -> Finding:
        """The finding with the variant and the field it is about."""
        return replace(self, variant=variant, field=field)

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values; the choices as a mapping."""
        record = asdict(self)
        if self.witness is not None:
            record["witness"] = {
                "text": self.witness.text,
                "choices": dict(self.witness.choices),
            }
        return record


CODES: dict[str, tuple[str, Severity]] = {
    "syntax": ("CL001", "error"),
    "not-utf-8": ("CL002", "error"),
    "byte-order-mark": ("CL003", "warning"),
    "file-too-large": ("CL004", "error"),
    "duplicate-key": ("CL005", "error"),
    "unknown-key": ("CL006", "error"),
    "bad-value": ("CL007", "error"),
    "missing-key": ("CL008", "error"),
    "unknown-file": ("CL009", "error"),
    "unknown-variant": ("CL010", "error"),
    "missing-variant": ("CL011", "error"),
    "missing-field": ("CL012", "error"),
    "stray-copy": ("CL013", "error"),
    "heading-in-copy": ("CL014", "warning"),
    "missing-translation": ("CL015", "error"),
    "include-missing": ("CL016", "error"),
    "include-cycle": ("CL017", "error"),
    "not-in-language": ("CL020", "error"),
    "unknown-filter": ("CL021", "error"),
    "bad-filter-arguments": ("CL022", "error"),
    "type-mismatch": ("CL023", "error"),
    "unbounded-loop": ("CL024", "error"),
    "layout-broken": ("CL025", "error"),
    "too-complex": ("CL026", "error"),
    "bad-suppression": ("CL030", "error"),
    "unused-suppression": ("CL031", "warning"),
    "expired-suppression": ("CL032", "warning"),
    "stale-baseline": ("CL033", "warning"),
    "stale-rules": ("CL034", "info"),
    "loc-args-mismatch": ("PSH009", "error"),
    "collapse-id-bytes": ("PSH012", "error"),
    "data-not-string": ("PSH014", "error"),
    "undeclared-variable": ("CL301", "error"),
    "unbounded-variable": ("CL303", "error"),
    "missing-value-out-of-bounds": ("CL304", "error"),
    "arms-sum": ("CL501", "error"),
    "bad-arm": ("CL502", "error"),
    "experiment-not-frozen": ("CL503", "error"),
    "layer-overlap": ("CL508", "error"),
    "bad-layer": ("CL509", "error"),
    "audience-syntax": ("CL510", "error"),
    "unknown-attribute": ("CL511", "error"),
    "nullable-compared": ("CL512", "warning"),
    "unknown-audience": ("CL513", "error"),
    "audience-cycle": ("CL514", "error"),
    "unknown-metric": ("CL515", "error"),
}
"""Code and usual severity of every rule that is decided while files are read."""


def report(
    rule: str,
    message: str,
    span: Span | None = None,
    *,
    help: str = "",  # noqa: A002 - the word users read
    severity: Severity | None = None,
    variant: str | None = None,
    field: str | None = None,
) -> Finding:
    """A finding of one of the rules that are decided while files are read.

    Args:
        rule: A name in ``CODES``.
        message: One sentence that says what is wrong.
        span: Where.
        help: What to do about it; without it the rule's page is named.
        severity: Another severity than the rule's usual one.
        variant: The variant concerned.
        field: The field concerned.
    """
    code, usual = CODES[rule]
    finding = Finding(
        rule,
        code,
        severity or usual,
        message,
        variant=variant,
        field=field,
        help=help or f"copylab rule {rule} says what is allowed",
    )
    return finding if span is None else place(finding, span)


def place(finding: Finding, span: Span) -> Finding:
    """The finding at a place."""
    return replace(
        finding,
        file=span.file,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
    )
