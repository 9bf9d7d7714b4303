"""The looks of an experiment on a line: planned, taken, and how far its users are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from math import ceil
from typing import TYPE_CHECKING, Literal

from copylab.analysis.sequential.boundaries import FARTHEST, LEAST_STEP, find_boundaries
from copylab.analysis.sequential.spending import spend_alpha
from copylab.decision.ledger import read_ledger
from copylab.decision.looks import look_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from copylab.analysis.sequential.plan import LookPlan, PastLook
    from copylab.analysis.sequential.standing import Standing
    from copylab.decision.history import DecidedAt, PastDecision
    from copylab.experiment.model import Experiment

_FARTHEST_SHOWN = 1.25
_ROUNDING = 1e-9
_NEAR = 4.0
"""Percent of the line within which two marks would cover each other."""

Kind = Literal["taken", "due", "planned", "passed"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the line.

    Attributes:
        number: The look's number; 0 for one that was planned and left out.
        kind: ``taken`` and recorded, ``due`` now, ``planned``, or ``passed``: planned
            for a place that a later look has passed.
        part: The part of the planned users at which it is, or was taken.
        left: Where it is on the line, in percent of its length.
        units: The users at which it is, or was taken; None where nobody knows yet.
        boundary: How far the z of an arm must lie from 0, with two decimals; empty
            where it is not known, or so far that nothing can reach it.
        spent: The part of alpha that is spent up to it; empty for one left out.
        at: When it was taken.
        action: What it came to.
        arm: The arm of its verdict.
    """

    number: int
    kind: Kind
    part: float
    left: float
    units: int | None
    boundary: str
    spent: str
    at: datetime | None = None
    action: str = ""
    arm: str = ""


@dataclass(frozen=True, slots=True)
class LookLine:
    """All looks, and the users so far.

    Attributes:
        stops: From left to right.
        is_any: Whether one may look whenever one likes.
        is_sized: Whether the plan says for how many users it is.
        alpha: The level over all looks.
        taken: How many were taken.
        planned: How many were planned.
        units: The users through their time for outcomes; None where nobody counted.
        planned_units: The users that the plan asks for; None where it is not known.
        reached: Where the users are on the line, in percent of its length.
        end: Where the plan's end is on the line, in percent of its length.
        is_beyond: Whether there are more users than the line can show.
    """

    stops: tuple[Stop, ...]
    is_any: bool
    is_sized: bool
    alpha: float
    taken: int
    planned: int
    units: int | None
    planned_units: int | None
    reached: float
    end: float
    is_beyond: bool = False

    @property
    def information(self) -> float | None:
        """The part of the planned users that are through; None where not known."""
        if self.units is None or not self.planned_units:
            return None
        return self.units / self.planned_units


def find_look_line(
    root: Path,
    experiment: Experiment,
    standing: Standing | None = None,
    decision: PastDecision | None = None,
) -> LookLine:
    """The looks of the present epoch.

    Args:
        root: The workspace's folder.
        experiment: The experiment.
        standing: Where an analysis of the present data stands; None without one.
        decision: The decision on the experiment, which may hold the only look there was.

    Raises:
        DataError: The ledger of looks is not whole.
        UnreadableError: The ledger cannot be read.
    """
    ledger = read_ledger(root, experiment)
    past = [entry.look for entry in ledger if entry.epoch == experiment.epoch]
    plan = look_plan(experiment.plan)
    units, planned = _counts(experiment, past, standing)
    at = decision.look if decision is not None and not past else None
    if at is not None:
        units, planned = at.units, at.planned_units
    parts = [look.information for look in past]
    if units is not None and planned:
        parts.append(units / planned)
    reach = min(max([1.0, *parts]), _FARTHEST_SHOWN)
    taken = [_taken(look, place, reach) for place, look in enumerate(past, start=1)]
    if at is not None and decision is not None:
        taken.append(_decided(at, decision, reach))
    is_over = experiment.status == "concluded"
    ahead = _ahead(plan, past, planned, None if is_over else units, reach)
    if is_over:  # whatever was planned beside what was taken will never come
        ahead = [
            replace(stop, number=0, kind="passed", boundary="", spent="")
            for stop in ahead
            if all(abs(stop.left - other.left) > _NEAR for other in taken)
        ]
    here = 0.0 if units is None or not planned else units / planned
    return LookLine(
        stops=tuple(sorted([*taken, *ahead], key=lambda stop: stop.part)),
        is_any=plan.is_any,
        is_sized=plan.is_sized,
        alpha=plan.alpha,
        taken=len(taken),
        planned=len(plan.at),
        units=units,
        planned_units=planned,
        reached=_left(here, reach),
        end=_left(1.0, reach),
        is_beyond=here > reach,
    )


def _counts(
    experiment: Experiment, past: Sequence[PastLook], standing: Standing | None
) -> tuple[int | None, int | None]:
    """The users so far and the users planned, as far as they are known."""
    if standing is not None:
        planned = None if standing.plan.is_any else standing.planned_units
        return standing.units, planned
    if past:
        return past[-1].units, past[-1].planned_units
    return None, experiment.plan.units


def _left(part: float, reach: float) -> float:
    return round(100 * min(part / reach, 1.0), 2)


def _taken(look: PastLook, number: int, reach: float) -> Stop:
    return Stop(
        number=number,
        kind="taken",
        part=look.information,
        left=_left(look.information, reach),
        units=look.units,
        boundary=_boundary(look.boundary),
        spent=f"{look.alpha_spent:.2g}",
        at=look.at,
        action=look.action,
        arm=look.arm or "",
    )


def _decided(look: DecidedAt, decision: PastDecision, reach: float) -> Stop:
    return Stop(
        number=look.number,
        kind="taken",
        part=look.information,
        left=_left(look.information, reach),
        units=look.units,
        boundary="" if look.boundary is None else _boundary(look.boundary),
        spent=f"{look.alpha_spent:.2g}",
        at=datetime.combine(date.fromisoformat(decision.date), time(), UTC),
        action=decision.verdict,
        arm=decision.arm if decision.is_promotion else "",
    )


def _ahead(
    plan: LookPlan,
    past: Sequence[PastLook],
    planned: int | None,
    units: int | None,
    reach: float,
) -> list[Stop]:
    """The looks that were planned and are not taken."""
    if plan.is_any or (past and (past[-1].is_last or past[-1].is_crossed)):
        return []
    behind = past[-1].information if past else 0.0
    here = units / planned if units is not None and planned else 0.0
    coming = [part for part in plan.at if part > behind * (1 + _ROUNDING)]
    kinds = [_kind(part, coming, here, behind) for part in coming]
    # A look is judged at the users that have really come in, after those taken before.
    judged = [
        max(part, here) if kind == "due" else part
        for part, kind in zip(coming, kinds, strict=True)
        if kind != "passed"
    ]
    spent = [spend_alpha(plan.spending, plan.alpha, part) for part in judged]
    bounds = find_boundaries(
        [*(look.information for look in past), *judged],
        [*(look.alpha_spent for look in past), *spent],
    )[len(past) :]
    told = iter(zip(range(len(past) + 1, 100), spent, bounds, strict=False))
    stops = []
    for part, kind in zip(coming, kinds, strict=True):
        number, alpha, bound = (0, 0.0, FARTHEST) if kind == "passed" else next(told)
        stops.append(
            Stop(
                number=number,
                kind=kind,
                part=part,
                left=_left(part, reach),
                units=None if planned is None else ceil(part * planned - _ROUNDING),
                boundary=_boundary(bound),
                spent=f"{alpha:.2g}" if number else "",
            )
        )
    return stops


def _kind(part: float, coming: Sequence[float], here: float, behind: float) -> Kind:
    """Whether a planned look is due, passed over for a later one, or still to come."""
    if here < part * (1 - _ROUNDING) or here - behind < LEAST_STEP:
        return "planned"
    is_last_due = not any(part < other <= here * (1 + _ROUNDING) for other in coming)
    return "due" if is_last_due else "passed"


def _boundary(bound: float) -> str:
    return "" if bound >= FARTHEST else f"{bound:.2f}"
