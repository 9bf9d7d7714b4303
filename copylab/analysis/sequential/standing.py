"""Where an analysis stands among the looks of a plan.

Information is counted in units that were assigned and are through their windows, never
in days. A look is due once the units reach its part of the plan; it is judged at the
information that has really come in, and spends what the spending function allows up to
there (Lan and DeMets 1983). So a look that is late, left out or added keeps the level,
and one beyond the planned information spends the rest of alpha, no more. Between looks
nothing is read.

The last look may be taken on the very data of the look before, for nothing more will
come. The two are one look then, judged by all that both may spend: what the first of
them called significant, the last one does too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.analysis.sequential.boundaries import FARTHEST, LEAST_STEP
from copylab.analysis.sequential.judge import AnyLook, PlannedLook, Stop
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.sequential.plan import LookPlan, PastLook, Wish

State = Literal["look", "between", "over"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class NextLook:
    """The look that comes next.

    Attributes:
        number: Its number.
        information: The part of the planned information at which it is due.
        units: The units at which it is due.
    """

    number: int
    information: float
    units: int

    def to_dict(self) -> dict[str, object]:
        """All attributes; the number as ``look``."""
        return {
            "look": self.number,
            "information": self.information,
            "units": self.units,
        }


@dataclass(frozen=True)
class Standing:
    """Where an analysis stands.

    Attributes:
        plan: The plan.
        state: ``look`` where the primary metric is read, ``between`` looks, or ``over``
            where the last look was taken on other data.
        past: The looks that were recorded before.
        units: The units through their windows.
        planned_units: The units that the plan asks for.
        counts: The hash of the counts that are read.
        judge: How the primary metric is judged; None where it is not read.
        recorded: The present look where it is in the ledger already, else None.
        is_last: Whether the present look spends all that is left.
        next: The look that comes next, None after the last and with looks at any time.
    """

    plan: LookPlan
    state: State
    past: tuple[PastLook, ...]
    units: int
    planned_units: int
    counts: str
    judge: Judge | None = None
    recorded: PastLook | None = None
    is_last: bool = False
    next: NextLook | None = None

    @property
    def is_read(self) -> bool:
        """Whether the primary metric is read."""
        return self.state == "look"

    @property
    def number(self) -> int:
        """The number of the present look; between looks, how many were taken."""
        return len(self.past) + (self.is_read and not self.plan.is_any)

    @property
    def information(self) -> float:
        """The part of the planned units that are through their windows."""
        return self.units / self.planned_units

    @property
    def time(self) -> float:
        """The part of alpha's time that the present look uses up."""
        return 1.0 if self.is_last else min(self.information, 1.0)

    @property
    def decided(self) -> PastLook | None:
        """The recorded look whose decision stands: a crossed boundary, or the last."""
        for look in self.past:
            if look.is_crossed or look.is_last:
                return look
        return None

    @property
    def closed(self) -> int:
        """The number of a look that is due and was not opened; 0 for none.

        It was left closed because a recorded look was asked for.
        """
        upcoming = self.next
        before = self.past[-1].information if self.past else 0.0
        if self.state != "between" or upcoming is None:
            return 0
        has_grown = self.information - before >= LEAST_STEP
        return upcoming.number if has_grown and self.units >= upcoming.units else 0

    @property
    def alpha_spent(self) -> float:
        """The alpha spent so far, the present look included."""
        if self.plan.is_any:
            return self.plan.alpha
        if isinstance(self.judge, PlannedLook):
            return self.judge.alpha_spent
        return self.alpha_before

    @property
    def alpha_before(self) -> float:
        """The alpha that the recorded looks before this one have spent."""
        return self.past[-1].alpha_spent if self.past else 0.0

    @property
    def boundary(self) -> float | None:
        """The boundary for the absolute z of one arm; None where nothing is read."""
        if self.judge is None or self.judge.boundary >= FARTHEST:
            return None
        return self.judge.boundary

    @property
    def guard(self) -> Judge | None:
        """How guardrails are judged: at any time, and at a look by what finds more.

        Between looks by a confidence sequence at the plan's alpha; at a planned look by
        that or by the look's boundary, whichever is nearer. Each alone calls an arm
        that does no harm harmful with a chance of half of alpha at most, over all
        moments; both together, of alpha. None while nothing has come in.
        """
        if not self.units:
            return None
        always = AnyLook(self.information, self.plan.alpha)
        if self.judge is None or self.judge.boundary >= always.boundary:
            return always
        return self.judge

    @property
    def is_unrecorded(self) -> bool:
        """Whether this is a look that the ledger does not know yet."""
        return self.is_read and not self.plan.is_any and self.recorded is None

    def to_dict(self) -> dict[str, object]:
        """The place as JSON-ready values."""
        record: dict[str, object] = {
            "state": "any" if self.plan.is_any else self.state,
            "number": None if self.plan.is_any else self.number,
            "planned": "any" if self.plan.is_any else len(self.plan.at),
            "information": self.information,
            "units": self.units,
            "planned_units": self.planned_units,
            "spending": "mixture" if self.plan.is_any else self.plan.spending,
            "alpha": self.plan.alpha,
            "alpha_spent": self.alpha_spent,
            "boundary": self.boundary,
            "last": self.is_last,
            "recorded": None if self.plan.is_any else self.recorded is not None,
            "next": None if self.next is None else self.next.to_dict(),
        }
        if isinstance(self.judge, AnyLook):
            record["width"] = self.judge.width
        return record


def find_standing(
    plan: LookPlan,
    past: Sequence[PastLook],
    *,
    units: int,
    planned_units: int,
    counts: str,
    wish: Wish = "due",
) -> Standing:
    """Where an analysis stands.

    Data that a recorded look has read are that look again, and spend nothing; but for
    the last one, which may be wished for on the data of the look before.

    Args:
        plan: The plan.
        past: The recorded looks, oldest first.
        units: The units that are through their windows.
        planned_units: The units that the plan asks for, 1 or more.
        counts: The hash of the counts.
        wish: ``extra`` takes a look although none is due, ``final`` the last one;
            ``recorded`` takes none before the plan's end, even where one is due.

    Raises:
        DataError: The data hold less than a recorded look has read, or the look that
            is wished for cannot be taken.
        ValueError: There are less than no units, or none are planned.
    """
    if units < 0 or planned_units < 1:
        raise ValueError(
            f"units == {units} of {planned_units}, must be 0 and 1 or more"
        )
    here = Standing(plan, "between", tuple(past), units, planned_units, counts)
    if plan.is_any:
        if not units:
            return here
        return _with(here, "look", AnyLook(here.information, plan.alpha))
    known = [place for place, look in enumerate(past) if look.counts == counts]
    ends = wish == "final" and bool(past) and not past[-1].is_last
    if known and not (ends and known[-1] == len(past) - 1 and not past[-1].is_crossed):
        return _again(plan, past[: known[-1] + 1], planned_units)
    _refuse_less(here)
    if past and past[-1].is_last:
        _refuse_wish(wish, "the last look is taken: all of alpha is spent")
        return _with(here, "over", None)
    apart = here.information - (past[-1].information if past else 0.0)
    # The same units with other counts are data that somebody has changed: no look.
    has_grown = bool(known) or (bool(past) and units > past[-1].units)
    if apart < LEAST_STEP and not (ends and has_grown):
        _refuse_wish(wish, "hardly any unit has come in since the last look")
        return _before_next(here)
    due = _next_due(plan, past)
    reached = here.information >= plan.at[due] * (1 - _ROUNDING)
    is_full = here.information >= 1 - _ROUNDING
    if (wish == "due" and not reached) or (wish == "recorded" and not is_full):
        return _before_next(here)
    last = wish == "final" or is_full
    now = Stop(here.information, 1.0 if last else here.information)
    judge = PlannedLook(_apart([*map(_stop, past), now]), plan.spending, plan.alpha)
    taken = _with(here, "look", judge, is_last=last)
    return taken if last else _announce(taken, here.information)


def _with(
    here: Standing, state: State, judge: Judge | None, *, is_last: bool = False
) -> Standing:
    return Standing(
        here.plan, state, here.past, here.units, here.planned_units, here.counts,
        judge=judge, is_last=is_last,
    )  # fmt: skip


def _again(plan: LookPlan, past: Sequence[PastLook], planned_units: int) -> Standing:
    """The look that was recorded on these very data."""
    look = past[-1]
    judge = PlannedLook(_apart([*map(_stop, past)]), plan.spending, plan.alpha)
    here = Standing(
        plan, "look", tuple(past[:-1]), look.units, look.planned_units, look.counts,
        judge=judge,
        recorded=look, is_last=look.is_last,
    )  # fmt: skip
    return here if look.is_last else _announce(here, look.information, planned_units)


def _stop(look: PastLook) -> Stop:
    return Stop(look.information, look.time)


def _apart(stops: Sequence[Stop]) -> list[Stop]:
    """The stops without those that a later one on the same information stands for."""
    later = [stop.information for stop in stops[1:]]
    pairs = zip(stops, later, strict=False)
    kept = [stop for stop, next_ in pairs if next_ - stop.information >= LEAST_STEP]
    return [*kept, stops[-1]]


def _next_due(plan: LookPlan, past: Sequence[PastLook]) -> int:
    """The place of the first planned look behind the last one taken."""
    reached = past[-1].information if past else 0.0
    for place, part in enumerate(plan.at):
        if part > reached * (1 + _ROUNDING):
            return place
    return len(plan.at) - 1


def _before_next(here: Standing) -> Standing:
    reached = here.past[-1].information if here.past else 0.0
    return _announce(here, reached)


def _announce(
    here: Standing, reached: float, planned_units: int | None = None
) -> Standing:
    """The standing with the look that comes next after so much information."""
    part = next((p for p in here.plan.at if p > reached * (1 + _ROUNDING)), 1.0)
    planned = planned_units or here.planned_units
    upcoming = NextLook(here.number + 1, part, -int(-part * planned // 1))
    return Standing(
        here.plan, here.state, here.past, here.units, here.planned_units, here.counts,
        judge=here.judge, recorded=here.recorded, is_last=here.is_last, next=upcoming,
    )  # fmt: skip


def _refuse_less(here: Standing) -> None:
    if here.past and here.units < here.past[-1].units:
        look = here.past[-1]
        raise DataError(
            f"the ledger knows look {look.number} at {look.units:,} units, but these "
            f"data hold {here.units:,} through their windows",
            help="read all the data of the experiment, or name the time of that look: "
            "--at",
        )


def _refuse_wish(wish: Wish, why: str) -> None:
    if wish in {"extra", "final"}:
        raise DataError(
            f"no look can be taken: {why}",
            help="analyze without --look and --final says where the plan stands",
        )
