"""Trials: the experiments on a message, as they stand beside it on the overview."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.decision.ledger import read_ledger
from copylab.decision.looks import look_plan
from copylab.errors import CopylabError
from copylab.preview.experiments.arms import share_arms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment, Status
    from copylab.preview.experiments.arms import ArmShare

_ORDER: Mapping[Status, int] = {"running": 0, "draft": 1, "concluded": 2}


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of a running experiment.

    Attributes:
        taken: How many the ledger holds.
        planned: How many are planned; 0 with looks at any time.
        next_percent: The part of the planned units at which the next is due; empty
            after the last, and with looks at any time.
        next_units: That part in units; 0 where it is not known yet.
        closes: The day on which the time for outcomes of the first sends is over; None
            where it is over.
        is_decided: Whether a look that was taken has decided.
        problem: Why the ledger cannot be read; empty where it can.
    """

    taken: int = 0
    planned: int = 0
    next_percent: str = ""
    next_units: int = 0
    closes: date | None = None
    is_decided: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment on a message.

    Attributes:
        name: Its name.
        status: ``draft``, ``running`` or ``concluded``.
        channels: The channels it covers.
        audience: Who takes part, as its file says it; empty for everybody.
        arms: Its arms, in their order.
        window_days: How long after a send outcomes count; None where that is not said.
        looks: Its looks; None where it does not run.
    """

    name: str
    status: Status
    channels: tuple[str, ...]
    audience: str
    arms: tuple[ArmShare, ...]
    window_days: int | None
    looks: Looks | None


def find_trials(
    catalog: Catalog, root: Path, at: datetime
) -> Mapping[str, tuple[Trial, ...]]:
    """The experiments by message; those that run first, then drafts.

    Args:
        catalog: The workspace.
        root: Its folder, where the ledgers lie.
        at: The moment of the look.
    """
    found: dict[str, list[Trial]] = {}
    for experiment in catalog.experiments.values():
        trial = _make(catalog, experiment, root, at)
        found.setdefault(experiment.message, []).append(trial)
    return {
        message: tuple(sorted(trials, key=lambda t: (_ORDER[t.status], t.name)))
        for message, trials in found.items()
    }


def _make(catalog: Catalog, experiment: Experiment, root: Path, at: datetime) -> Trial:
    message = catalog.messages.get(experiment.message)
    window = experiment.plan.window
    return Trial(
        name=experiment.name,
        status=experiment.status,
        channels=experiment.channels or (message.channels if message else ()),
        audience=experiment.audience or "",
        arms=share_arms(experiment.arms, experiment.control),
        window_days=None
        if window is None
        else math.ceil(window.total_seconds() / 86400),
        looks=_find_looks(experiment, root, at)
        if experiment.status == "running"
        else None,
    )


def _find_looks(experiment: Experiment, root: Path, at: datetime) -> Looks:
    plan = look_plan(experiment.plan)
    try:
        entries = [
            entry.look
            for entry in read_ledger(root, experiment)
            if entry.epoch == experiment.epoch
        ]
    except CopylabError as error:
        return Looks(planned=len(plan.at), problem=error.message)
    time = entries[-1].time if entries else 0.0
    due = next((part for part in plan.at if part > time + 1e-9), None)
    units = entries[0].planned_units if entries else experiment.plan.units
    decided = any(look.is_crossed or look.is_last for look in entries)
    closes = None
    if experiment.epochs and experiment.plan.window is not None:
        closes = experiment.epochs[-1].at + experiment.plan.window
    return Looks(
        taken=len(entries),
        planned=len(plan.at),
        next_percent="" if due is None or decided else f"{due:.0%}",
        next_units=0 if due is None or units is None else math.ceil(due * units),
        closes=None if closes is None or closes <= at else closes.date(),
        is_decided=decided,
    )
