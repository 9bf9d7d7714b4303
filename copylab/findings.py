"""Findings: what is wrong with copy, where, with the text that shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, get_args

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

    def __str__(self) -> str:
        """``path:line:column: severity rule (code): message``."""
        place = ":".join(
            str(part) for part in (self.file, self.line, self.column) if part
        )
        head = f"{place}: " if place else ""
        return f"{head}{self.severity} {self.rule} ({self.code}): {self.message}"

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values; the choices as a mapping."""
        record = asdict(self)
        if self.witness is not None:
            record["witness"] = {
                "text": self.witness.text,
                "choices": dict(self.witness.choices),
            }
        return record
