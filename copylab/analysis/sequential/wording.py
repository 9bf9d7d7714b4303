"""Where an analysis stands, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    if looks.closed:
        return f"{told}; look {looks.closed} is due, and was not opened"
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
