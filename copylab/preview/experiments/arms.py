"""Arms with their shares, and who moved between the epochs of an experiment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.decision.start import moved_share
from copylab.experiment.model import NO_SEND
from copylab.experiment.quantities import format_percent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from fractions import Fraction

    from copylab.experiment.model import Experiment


@dataclass(frozen=True, slots=True)
class ArmShare:
    """An arm with its share.

    Attributes:
        name: The arm.
        share: The share in words, such as ``45%``.
        part: The share as a number, 0 to 1.
        is_control: Whether the others are compared with it.
        is_silent: Whether it sends nothing.
        is_live: Whether everybody outside of the experiment gets it now.
        copy_hash: The beginning of the hash of its words; empty where none is known.
    """

    name: str
    share: str
    part: float
    is_control: bool = False
    is_silent: bool = False
    is_live: bool = False
    copy_hash: str = ""


@dataclass(frozen=True, slots=True)
class EpochShown:
    """An epoch: what was frozen, and who moved.

    Attributes:
        number: Its number.
        at: When it began.
        arms: The arms with their shares.
        moved: The share of users who got another arm than before; empty for the first.
        hash: The hash of all that was frozen.
        salt: The salt, where its record names it.
        coverage: The coverage, where its record names it.
    """

    number: int
    at: datetime
    arms: tuple[ArmShare, ...]
    moved: str
    hash: str
    salt: str
    coverage: str


def share_arms(
    shares: Mapping[str, Fraction],
    control: str,
    live: str = "",
    copies: Mapping[str, str] | None = None,
) -> tuple[ArmShare, ...]:
    """Arms in their order.

    Args:
        shares: The share of each.
        control: The arm the others are compared with.
        live: The variant that is live.
        copies: The hash of each arm's words, where known.
    """
    return tuple(
        ArmShare(
            name=name,
            share=format_percent(share),
            part=float(share),
            is_control=name == control,
            is_silent=name == NO_SEND,
            is_live=name == live,
            copy_hash=(copies or {}).get(name, "")[:12],
        )
        for name, share in shares.items()
    )


def show_epochs(experiment: Experiment) -> tuple[EpochShown, ...]:
    """The epochs of an experiment, the newest first."""
    shown = []
    last = None
    for epoch in experiment.epochs:
        moved = "" if last is None else f"{float(moved_share(last, epoch)):.1%}"
        design = epoch.design
        control = design.control if design else experiment.control
        shown.append(
            EpochShown(
                number=epoch.epoch,
                at=epoch.at,
                arms=share_arms(epoch.arms, control, copies=epoch.copies),
                moved=moved,
                hash=epoch.hash,
                salt=design.salt if design else "",
                coverage=format_percent(design.coverage) if design else "",
            )
        )
        last = epoch
    return tuple(reversed(shown))
