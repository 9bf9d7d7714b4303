"""Where an analysis stands, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.sequential.judge import AnyLook, PlannedLook
from copylab.analysis.sequential.spending import SPENDING_NAMES

if TYPE_CHECKING:
    from copylab.analysis.sequential.plan import PastLook
    from copylab.analysis.sequential.standing import Standing


def say_units(looks: Standing) -> str:
    """``36,000 of 36,000 planned units``, and how far over that is."""
    told = f"{looks.units:,} of {looks.planned_units:,} planned units"
    if looks.information > 1:
        told += f" ({100 * looks.information:.0f}%, more than planned)"
    return told


def say_next(looks: Standing) -> str:
    """What has come in, and what comes next."""
    told = f"{say_units(looks)} are through their time for outcomes"
    if looks.state == "over":
        return f"{told}, but the last look is taken and all of alpha is spent"
    if looks.next is None:
        return told
    upcoming = looks.next
    if looks.units >= upcoming.units:
        return f"{told}; no new look since the last one"
    return f"{told}; the next look is due at {upcoming.units:,}"


def say_stood(look: PastLook, told: str) -> str:
    """What a recorded look decided."""
    arm = f' "{look.arm}"' if look.arm else ""
    return (
        f"Look {look.number}, recorded on {look.at:%Y-%m-%d}, came to: {look.action}"
        f"{arm}; that stands. Since then: {told}."
    )


def look_lines(looks: Standing) -> list[str]:
    """The place among the looks, a sentence each."""
    judge = looks.judge
    if isinstance(judge, AnyLook):
        return [
            (
                f"looks at any time: {say_units(looks)}; p-values and intervals stay valid "
                f"however often one looks (boundary {judge.boundary:.2f})"
            ),
            (
                f"the price: intervals are {judge.width:.2f} times as wide as those of one "
                "planned look"
            ),
        ]
    planned = len(looks.plan.at)
    if isinstance(judge, PlannedLook):
        last = ", the last" if looks.is_last else f" of {planned} planned"
        known = "" if looks.recorded is None else ", recorded"
        spent = judge.alpha_spent - judge.alpha_before
        boundary = "none" if looks.boundary is None else f"{looks.boundary:.3f}"
        return [
            f"look {looks.number}{last}{known}: {say_units(looks)}",
            (
                f"it spends {spent:.2g} of alpha {judge.alpha:g} "
                f"({judge.alpha_spent:.2g} with the looks before), boundary {boundary} "
                f"for one arm; {SPENDING_NAMES[looks.plan.spending]}"
            ),
            *_upcoming(looks),
        ]
    taken = len(looks.past)
    return [
        (
            f"between looks: {taken} of {planned} taken, {looks.alpha_spent:.2g} of alpha "
            f"{looks.plan.alpha:g} spent; {say_next(looks)}"
        ),
        (
            "only health and guardrails are shown: results between looks would spend "
            "alpha that no look has"
        ),
    ]


def _upcoming(looks: Standing) -> list[str]:
    if looks.next is None:
        return []
    part = 100 * looks.next.information
    return [f"the next look is due at {looks.next.units:,} units ({part:.3g}%)"]
