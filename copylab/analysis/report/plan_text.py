"""A plan as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from copylab.analysis.corrections import CORRECTION_NAMES
from copylab.analysis.plan_answer import LONGEST_DAYS, find_nearer
from copylab.analysis.wording import word_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.analysis.plan_answer import MetricAnswer, Supply


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A plan, and what else could be decided.

    Attributes:
        name: The experiment, or empty.
        answer: The plan of the metric that decides.
        others: The plans were other metrics to decide.
        source: Where the values of the metrics are from.
        supply: The users there can be.
        control: The control with its share.
        outside: Arms that nobody waits for, such as silence, with their shares.
    """

    name: str
    answer: MetricAnswer
    others: tuple[MetricAnswer, ...]
    source: str
    supply: Supply
    control: Mapping[str, float]
    outside: Mapping[str, float] = field(default_factory=dict)

    @property
    def looks(self) -> list[dict[str, object]]:
        """Each look: its part, units, boundary and the day it can be taken."""
        answer = self.answer
        if answer.units is None:
            return []
        found: list[dict[str, object]] = []
        design = answer.design
        for place, (part, bound) in enumerate(
            zip(design.parts, design.bounds, strict=True), start=1
        ):
            units = ceil(part * answer.units - 1e-9)
            sending = self.supply.days_for(units)
            day = None if sending is None else sending + ceil(self.supply.window_days)
            found.append(
                {
                    "look": place,
                    "information": part,
                    "units": units,
                    "boundary": bound,
                    "day": day,
                }
            )
        return found

    def to_dict(self) -> dict[str, object]:
        """The plan as JSON-ready values."""
        answer = self.answer
        shares = {**self.control, **answer.design.shares, **self.outside}
        nearer = None
        if answer.is_decidable is False:
            nearer = find_nearer(answer, self.others)
        return {
            "experiment": self.name or None,
            **answer.to_dict(),
            "alpha": answer.design.alpha,
            "wanted_power": answer.design.power,
            "correction": answer.design.correction,
            "arms": [
                {
                    "arm": arm,
                    "share": share,
                    "units": None
                    if answer.units is None
                    else ceil(share * answer.units - 1e-9),
                }
                for arm, share in shares.items()
            ],
            "looks": self.looks,
            "anytime": not answer.design.looks,
            "window_days": self.supply.window_days,
            "source": self.source,
            "funnel": [other.to_dict() for other in self.others],
            "nearer": None if nearer is None else nearer.metric,
        }


def write_json(report: PlanReport) -> str:
    """The plan as JSON."""
    return json.dumps(report.to_dict(), ensure_ascii=False, indent=2)


def write(report: PlanReport) -> str:
    """The plan as text."""
    return "\n".join(_lines(report))


def _lines(report: PlanReport) -> Iterator[str]:
    answer = report.answer
    base = answer.design.baseline
    named = f"{report.name}: " if report.name else ""
    spread = "" if base.sd is None else f", standard deviation {base.sd:g}"
    yield (
        f"{named}{answer.metric} ({base.kind}) is {word_value(base.kind, base.value)} "
        f"in the control{spread}, {report.source}"
    )
    yield f"  {_arms(report)}"
    yield f"  {_level(answer)}"
    yield f"  {_looks_line(answer)}"
    yield ""
    yield from _result(report)
    if report.others:
        yield ""
        yield f"were another metric to decide, to find {_percent(answer.mde)} of it:"
        yield from _table([answer, *report.others])


def _arms(report: PlanReport) -> str:
    shares = {**report.control, **report.answer.design.shares}
    told = ", ".join(f"{arm} {100 * share:.3g}%" for arm, share in shares.items())
    told = f"arms: {told}; the first is the control"
    if report.outside:
        beside = ", ".join(f"{a} {100 * s:.3g}%" for a, s in report.outside.items())
        told += f"; beside them {beside}"
    return told


def _level(answer: MetricAnswer) -> str:
    design = answer.design
    count = len(design.shares)
    told = f"alpha {design.alpha:g}, power {100 * design.power:g}%"
    if count == 1 or design.correction == "none":
        return told
    return (
        f"{told}; {CORRECTION_NAMES[design.correction]} over {count} arms asks for "
        f"{design.level:.2g} of each"
    )


def _looks_line(answer: MetricAnswer) -> str:
    design = answer.design
    more = f"{100 * (design.inflation - 1):.1f}% more users than with one look"
    if not design.looks:
        return f"looks at any time, planned at its last: {more}"
    if len(design.looks) == 1:
        return "one look, at the end"
    return f"{len(design.looks)} looks: {more}"


def _result(report: PlanReport) -> Iterator[str]:
    answer = report.answer
    change = "-" if answer.design.better == "lower" else "+"
    if answer.units is None:
        yield f"{change}{_percent(answer.mde)} cannot be found: it needs more users than exist"
    elif answer.mde is None:
        yield f"{answer.units:,} users cannot show any effect of {answer.metric}"
    else:
        power = f"{100 * (answer.power or 0):.1f}%".replace(".0%", "%")
        yield (
            f"{answer.units:,} users find {change}{_percent(answer.mde)} "
            f"with a chance of {power}"
        )
    for look in report.looks if len(report.answer.design.parts) > 1 else ():
        when = "" if look["day"] is None else f", from day {look['day']}"
        yield f"  look {look['look']} at {look['units']:,} users{when}"
    supply = report.supply
    if answer.days is not None:
        wait = (
            f", and {supply.window_days:g} days for outcomes"
            if supply.window_days
            else ""
        )
        yield f"  {answer.days:,} days of sending at {supply.per_day:,.0f} users a day{wait}"
    if supply.audience is not None:
        yield f"  the audience holds {supply.audience:,} users now, {supply.available:,} take part"
    if answer.is_decidable is False:
        yield from _undecidable(report)


def _undecidable(report: PlanReport) -> Iterator[str]:
    answer, supply = report.answer, report.supply
    there = "more than there can be"
    if answer.available is not None:
        limit = supply.days or LONGEST_DAYS
        within = "" if supply.audience is not None else f" in {limit} days"
        there = f"there are {answer.available:,}{within}"
    needed = "more" if answer.units is None else f"{answer.units:,}"
    yield f"{answer.metric} CANNOT be decided: it needs {needed} users, {there}"
    nearer = find_nearer(answer, report.others)
    if nearer is not None and nearer.units is not None:
        yield (
            f"  a nearer one can: {nearer.metric} needs {nearer.units:,} users "
            f"to find {_percent(nearer.mde)}"
        )
    elif report.others:
        yield "  none of the other metrics can: plan for a larger effect or fewer arms"


def _table(answers: list[MetricAnswer]) -> Iterator[str]:
    width = max(len(answer.metric) for answer in answers)
    for answer in answers:
        base = answer.design.baseline
        units = "more than exist" if answer.units is None else f"{answer.units:,} users"
        days = "" if answer.days is None else f", {answer.days:,} days"
        verdict = {True: ": can be decided", False: ": cannot", None: ""}
        yield (
            f"  {answer.metric:<{width}}  {word_value(base.kind, base.value):>8}  "
            f"{units:>18}{days}{verdict[answer.is_decidable]}"
        )


def _percent(number: float | None) -> str:
    return "any effect" if number is None else f"{100 * number:.4g}%"
