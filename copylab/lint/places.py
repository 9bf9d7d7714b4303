"""Findings about a piece of some words: its place, and what shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.findings import Witness
from copylab.template.choices import describe_state
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.lint.rule import Rule

_SHOWN = 240
"""How many characters of a layout's markup are shown."""


def piece_finding(  # noqa: PLR0913 - what a finding is made of
    rule: Rule,
    words: Words,
    item: Field,
    written: Written,
    place: tuple[int, int],
    message: str,
    cure: str,
    *,
    severity: Severity | None = None,
) -> Finding:
    """The finding about ``written.text[start:end]``.

    What shows it is the message as it would be sent; of a layout, which is long, the
    piece itself. A branch that prints nothing has no place but that of the whole.
    """
    skeleton = written.skeleton
    span = skeleton.span(*place) if skeleton.pieces else item.span
    if words.fields.get(item.name) is item:
        return words.finding(
            rule,
            item,
            message,
            span=span,
            written=written,
            help=cure,
            severity=severity,
        )
    snippet = skeleton.text[slice(*place)].replace(VALUE, "…")
    choices: tuple[tuple[str, str], ...] = ()
    if written.paths:
        choices = tuple(describe_state(written.paths[0].state, item.template.scope))
    witness = Witness(" ".join(snippet.split())[:_SHOWN], choices)
    return rule.finding(message, span, help=cure, severity=severity, witness=witness)
