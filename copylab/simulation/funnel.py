"""The truth: how often what happens after a send, by arm.

A unit reaches a step of the funnel on its own, with probability ``own``, or from the
step before, with probability ``step``; the two are independent. An arm's effect is on
the event of the primary metric, and what comes after follows by the same steps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.errors import DataError
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FUNNEL = ("click", "login", "application", "loan")
"""The steps after a send, in their order."""

USUAL_RATES: dict[str, float] = {
    "click": 0.06,
    "login": 0.05,
    "application": 0.02,
    "loan": 0.01,
    "opt_out": 0.002,
    "complaint": 0.001,
}
"""How often events follow a message that does what messages usually do."""

OTHER_RATE = 0.03
"""The rate of an event that is not among the usual ones."""

OWN_SHARE = 0.25
"""The part of a step's rate that comes about without the step before."""

REACTIONS = frozenset(("click", "opt_out", "complaint", "unsubscribe"))
"""Events that only a message can cause."""


@dataclass(frozen=True, slots=True)
class Step:
    """An event with its causes.

    Attributes:
        event: Its name.
        own: The probability that it comes about by itself.
        step: The probability that it follows the step before; 0 outside the funnel.
    """

    event: str
    own: float
    step: float = 0.0


@dataclass(frozen=True, slots=True)
class Truth:
    """What happens in each arm.

    Attributes:
        primary: The event that effects are on.
        arms: By arm, the steps in their order.
    """

    primary: str
    arms: Mapping[str, tuple[Step, ...]]

    def rates(self, arm: str) -> dict[str, float]:
        """The probability of each event, for a unit of the arm."""
        return _rates(self.arms[arm])


def _rates(steps: Sequence[Step]) -> dict[str, float]:
    rates: dict[str, float] = {}
    before = 0.0
    for step in steps:
        before = 1 - (1 - step.own) * (1 - before * step.step)
        rates[step.event] = before
    return rates


def set_truth(
    arms: Sequence[str],
    control: str,
    primary: str,
    events: Sequence[str],
    *,
    rates: Mapping[str, float],
    effects: Mapping[str, float],
) -> Truth:
    """The truth for an experiment.

    Args:
        arms: All arms.
        control: The control.
        primary: The event of the primary metric.
        events: Events that metrics name; those of the funnel and ``opt_out`` happen
            anyway.
        rates: By event, the probability in an arm without effect; the usual ones
            otherwise.
        effects: By arm, the relative effect on the primary event: 0.15 is 15 % more.

    Raises:
        DataError: An effect is on no arm, on the control or on ``none``, a rate is on
            an event that nothing names, or a probability would leave 0..1.
    """
    happening = list(dict.fromkeys([*FUNNEL, "opt_out", primary, *events]))
    _check_names(arms, control, happening, rates, effects)
    base = _steps(happening, rates)
    return Truth(primary, {
        arm: _silent(base) if arm == NO_SEND
        else _with_effect(base, primary, arm, effects.get(arm, 0.0))
        for arm in arms
    })  # fmt: skip


def _check_names(
    arms: Sequence[str],
    control: str,
    events: Sequence[str],
    rates: Mapping[str, float],
    effects: Mapping[str, float],
) -> None:
    for arm in effects:
        others = ", ".join(name for name in arms if name not in {control, NO_SEND})
        cure = f"arms that can have an effect: {others or 'none'}"
        if arm not in arms:
            raise DataError(f"'{arm}' is no arm of the experiment", help=cure)
        if arm == control:
            raise DataError(
                f"'{arm}' is the control: effects are measured against it", help=cure
            )
        if arm == NO_SEND:
            what = f"'{arm}' sends nothing, so it has no effect of its own"
            raise DataError(what, help=cure)
    for event, rate in rates.items():
        if event not in events:
            cure = "events: " + ", ".join(events)
            raise DataError(f"no metric counts the event '{event}'", help=cure)
        if not 0 <= rate <= 1:
            raise DataError(
                f"the rate of '{event}' is {100 * rate:g}%, must be 0% to 100%",
                help=f"write a share of users, such as --rate {event}=6%",
            )


def _steps(events: Sequence[str], rates: Mapping[str, float]) -> tuple[Step, ...]:
    """The steps of an arm without effect, with exactly these rates."""
    steps: list[Step] = []
    before = 0.0
    for event in events:
        rate = rates.get(event, USUAL_RATES.get(event, OTHER_RATE))
        if event not in FUNNEL or event == FUNNEL[0]:
            steps.append(Step(event, rate))
        else:
            steps.append(_reach(Step(event, OWN_SHARE * rate), before, rate))
        before = rate if event in FUNNEL else 0.0
    return tuple(steps)


def _reach(step: Step, before: float, rate: float) -> Step:
    """The step changed so that it is reached with a probability.

    By more or less from the step before; by itself where that is not enough.
    """
    if step.own < rate and before > 0:
        follow = (1 - (1 - rate) / (1 - step.own)) / before
        if follow <= 1:
            return replace(step, step=follow)
    if step.own >= rate:
        return replace(step, own=rate, step=0.0)
    if before >= rate:  # rounding alone leads here
        return replace(step, own=0.0, step=rate / before)
    return replace(step, own=1 - (1 - rate) / (1 - before), step=1.0)


def _with_effect(
    steps: tuple[Step, ...], primary: str, arm: str, effect: float
) -> tuple[Step, ...]:
    """The steps of an arm that changes the primary event."""
    if not effect:
        return steps
    rates = _rates(steps)
    rate = rates[primary] * (1 + effect)
    if not 0 <= rate <= 1:
        raise DataError(
            f"with {100 * effect:+g}%, '{primary}' would happen to {100 * rate:g}% "
            f"of the units in '{arm}'",
            help="name a smaller effect, or a smaller --rate",
        )
    changed = []
    for place, step in enumerate(steps):
        if step.event != primary:
            changed.append(step)
        elif not step.step:
            changed.append(replace(step, own=rate))
        else:
            changed.append(_reach(step, rates[steps[place - 1].event], rate))
    return tuple(changed)


def _silent(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps without a message: nobody reacts, the rest comes about by itself."""
    return tuple(
        replace(step, own=0.0) if step.event in REACTIONS else step for step in steps
    )
