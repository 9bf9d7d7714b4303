"""Experiments, plans, epochs and metrics as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from copylab.experiment.allocation import Allocation, allocate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from fractions import Fraction

    from copylab.experiment.slots import Stretch
    from copylab.prior_settings import PriorSetting
    from copylab.source import Span

Status = Literal["draft", "running", "concluded"]
STATUSES: tuple[Status, ...] = get_args(Status)

MetricKind = Literal["share", "mean", "ratio"]
METRIC_KINDS: tuple[MetricKind, ...] = get_args(MetricKind)

Direction = Literal["higher", "lower"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

Spending = Literal["obrien-fleming", "pocock"]
SPENDINGS: tuple[Spending, ...] = get_args(Spending)

NO_SEND = "none"
"""The arm that sends nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the experiment will be judged, written down before it runs.

    Attributes:
        alpha: The probability of a false winner, over all looks.
        power: The probability of seeing an effect of the size ``mde``.
        mde: The smallest relative effect worth finding: 0.15 is 15 %; None if unset.
        looks: How many analyses are planned.
        window: How long after the exposure outcomes count; None if unset.
        prior: What lifts are like before the data; None leaves it to the workspace.
        look_at: The parts of the planned units at which they are, ascending to 1;
            empty for looks the same number of units apart.
        anytime: Whether one looks whenever one likes; then ``looks`` says nothing.
        spending: How alpha is spent over the looks.
        futility: A look may advise to stop where the chance of success is below this.
        units: How many units are planned; None: as many as ``mde`` and the data ask for.
    """

    alpha: float = 0.05
    power: float = 0.8
    mde: float | None = None
    looks: int = 1
    window: timedelta | None = None
    prior: PriorSetting | None = None
    look_at: tuple[float, ...] = ()
    anytime: bool = False
    spending: Spending = "obrien-fleming"
    futility: float | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """The metrics of an experiment, by name.

    Attributes:
        primary: What decides.
        secondary: What is reported beside it.
        guardrails: What must not get worse.
    """

    primary: str
    secondary: tuple[str, ...] = ()
    guardrails: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the primary first."""
        return (self.primary, *self.secondary, *self.guardrails)


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """A metric: what is measured per unit, on everybody assigned.

    Attributes:
        name: How experiments call it.
        event: The event of the outcome table it counts.
        kind: ``share`` of units with the event, ``mean`` per unit, or ``ratio``.
        within: How long after the exposure an event counts; None: the plan's window.
        value: The column that a mean sums; None counts events.
        per: The event a ratio divides by; ``exposure`` is the exposures themselves.
        winsorise: The quantile above which values are cut, such as 0.999; or None.
        covariate: What is known from before the exposure and explains part of it: a
            time span such as ``28d`` for the same measure in that time, or a column of
            the exposures; None for nothing.
        better: Which direction is good.
        margin: How much worse, absolute, a guardrail may get; or None.
        place: Where it is declared.
    """

    name: str
    event: str
    kind: MetricKind
    within: timedelta | None = None
    value: str | None = None
    per: str | None = None
    winsorise: float | None = None
    better: Direction = "higher"
    margin: float | None = None
    place: Span | None = None
    covariate: str | None = None


@dataclass(frozen=True, slots=True)
class LayerSlots:
    """The slots of a layer that an experiment owns.

    Attributes:
        layer: The name of the layer.
        salt: The salt of the layer's buckets.
        stretches: The slots, half open and in their order.
    """

    layer: str
    salt: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """What decides who gets what and how it is read, besides arms and copy.

    Attributes:
        message: The message.
        salt: The salt of the buckets.
        unit: The attribute that names what is randomised.
        control: The arm the others are compared with.
        coverage: The share of the audience that takes part.
        audience: The hash of the audience's condition; None for everybody.
        layer: The slots of a layer that it owns, or None.
    """

    message: str
    salt: str
    unit: str
    control: str
    coverage: Fraction
    audience: str | None = None
    layer: LayerSlots | None = None


@dataclass(frozen=True, slots=True)
class Epoch:
    """A stretch of time in which arms, shares, salt and copy stay as they are.

    Attributes:
        epoch: Its number, counted from 1.
        at: When it began, in UTC.
        hash: The hash of salt, arms, shares and copy together.
        arms: Share by arm, in the order of the slots.
        copies: The content hash of each arm's copy; empty where none was noted.
        place: Where it is written.
        design: What else was frozen; None in a record that does not say.
        slots: Who owns which slot; None where each arm owns one range, in the order of
            the arms.
    """

    epoch: int
    at: datetime
    hash: str
    arms: Mapping[str, Fraction]
    copies: Mapping[str, str] = field(default_factory=dict)
    place: Span | None = None
    design: Design | None = None
    slots: Allocation | None = None

    @property
    def allocation(self) -> Allocation:
        """Who owns which slot in this epoch.

        Raises:
            ValueError: Its shares do not sum to 1; reading the file has reported that.
        """
        return allocate(self.arms) if self.slots is None else self.slots


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as its file describes it.

    Attributes:
        name: Its name: the file's, without the ending.
        message: The message whose variants are compared.
        channels: The channels it covers; empty for all of the message's.
        status: ``draft``, ``running`` or ``concluded``.
        audience: The name of the audience, or a condition; None for everybody.
        unit: The attribute that names what is randomised.
        salt: The frozen salt of the buckets.
        coverage: The share of the audience that takes part, 0..1.
        arms: Share by arm, in the order of the slots; ``none`` sends nothing.
        control: The arm the others are compared with.
        metrics: What is measured, or None.
        plan: How it will be judged.
        epochs: The epochs so far, oldest first.
        ledger: The number and the hash of the last look in the ledger; None before.
        file: The path of the file from the workspace's root.
        place_of: Where each part stands, by dotted path such as ``arms.coupon``.
        strata: The column of the exposures with groups from before the assignment.
        layer: The layer whose other experiments it excludes, or None.
        wanted: The slots of the layer it asks for: a share, or stretches by number.
        forced: Units that get an arm whatever their buckets say, with the arm.
    """

    name: str
    message: str
    channels: tuple[str, ...]
    status: Status
    audience: str | None
    unit: str
    salt: str
    coverage: Fraction
    arms: Mapping[str, Fraction]
    control: str
    metrics: MetricChoice | None = None
    plan: Plan = field(default_factory=Plan)
    epochs: tuple[Epoch, ...] = ()
    ledger: str | None = None
    file: str = ""
    place_of: Mapping[str, Span] = field(default_factory=dict)
    strata: str | None = None
    layer: str | None = None
    wanted: Fraction | tuple[Stretch, ...] | None = None
    forced: Mapping[str, str] = field(default_factory=dict)

    @property
    def epoch(self) -> int:
        """The number of the present epoch; 0 before the first start."""
        return self.epochs[-1].epoch if self.epochs else 0

    @property
    def variants(self) -> tuple[str, ...]:
        """The arms that are variants: all but ``none``."""
        return tuple(arm for arm in self.arms if arm != NO_SEND)
