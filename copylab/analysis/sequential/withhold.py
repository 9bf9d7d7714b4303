"""Between looks: what may be seen, and nothing that says who is ahead."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.analysis.results import Analysis

_SHOWN = frozenset(
    (
        "control",
        "alpha",
        "arms",
        "srm",
        "comparisons",
        "verdict",
        "health",
        "guardrails",
        "name",
        "better",
        "epochs",
        "delivery",
        "sends",
        "outlook",
        "rows",
        "prior",
        "copies",
        "looks",
        "span",
        "origin",
    )
)
"""What an analysis between looks may hold; of the comparisons, the guardrails' alone."""


def withhold_results(analysis: Analysis) -> Analysis:
    """The analysis without anything that shows how the arms do.

    Health and guardrails stay; the primary and the secondary metrics are left out, and
    so is all that is worked out from them. A kind of result that is not known here is
    left out too.
    """
    hidden = {}
    for part in fields(analysis):
        if part.name in _SHOWN:
            continue
        if part.default_factory is not MISSING:
            hidden[part.name] = part.default_factory()
        else:
            hidden[part.name] = part.default
    kept = tuple(item for item in analysis.comparisons if item.role == "guardrail")
    return replace(analysis, comparisons=kept, **hidden)
