"""Decisions as history: what went live or stayed, when, on which lift and record."""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from typing import TYPE_CHECKING

from copylab.analysis.wording import word_lift, word_value
from copylab.decision.history import find_records, read_decision
from copylab.errors import CopylabError
from copylab.experiment.model import NO_SEND
from copylab.preview.experiments.problems import Problem, problems_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from copylab.analysis.comparison import Interval
    from copylab.catalog import Catalog
    from copylab.decision.history import PastComparison, PastDecision

_LEVEL_DIGITS = 3


@dataclass(frozen=True, slots=True)
class LiftShown:
    """An arm against the control, as it was recorded.

    Attributes:
        arm: The arm.
        metric: The metric.
        value: The arm's value in words.
        control: The control.
        control_value: Its value in words.
        lift: The relative difference with its interval, in words.
        units: The users of the arm.
        ends: The estimate and the bounds of ``log(1 + lift)``; None where there are
            none.
        is_silent: Whether the arm sends nothing.
        is_chosen: Whether it went live.
    """

    arm: str
    metric: str
    value: str
    control: str
    control_value: str
    lift: str
    units: int
    ends: tuple[float, float, float] | None
    is_silent: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision.

    Attributes:
        decision: What its record says.
        lifts: The arms on the primary metric, the one that went live first.
        level: The level of the intervals, such as ``95%``.
        expected: The lift that was expected of the arm, in words; empty without one.
        message_file: The message's file; empty where the message is gone.
        line: The line of ``live:`` there; None where it is not known.
        live: What is live now; empty where the message is gone.
        has_experiment: Whether the experiment's file is still there.
    """

    decision: PastDecision
    lifts: tuple[LiftShown, ...]
    level: str
    expected: str
    message_file: str
    line: int | None
    live: str
    has_experiment: bool

    @property
    def is_superseded(self) -> bool:
        """Whether another variant is live by now."""
        return bool(self.live and self.decision.arm) and self.live != self.decision.arm


@dataclass(frozen=True, slots=True)
class History:
    """All decisions, the newest first, and the records that cannot be read.

    Attributes:
        entries: The decisions.
        problems: What is wrong with the others.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    def of(self, experiment: str) -> Entry | None:
        """The decision on an experiment, or None."""
        for entry in self.entries:
            if entry.decision.experiment == experiment:
                return entry
        return None


def find_history(catalog: Catalog) -> History:
    """The decisions of a workspace; a record that cannot be read hides no other.

    Args:
        catalog: The workspace.
    """
    decisions: list[PastDecision] = []
    problems: list[Problem] = []
    try:
        files = find_records(catalog)
    except OSError as error:
        return History((), (Problem(str(error)),))
    for file in files:
        try:
            decisions.append(_read(catalog, file))
        except CopylabError as error:
            problems += problems_of(error)
    decisions.sort(key=lambda one: (one.date, one.experiment), reverse=True)
    entries = tuple(_entry(catalog, decision) for decision in decisions)
    return History(entries, tuple(problems))


_kept: dict[Path, tuple[object, PastDecision]] = {}


def _read(catalog: Catalog, file: str) -> PastDecision:
    """The decision of a record, read anew where the file or the message has changed."""
    path = catalog.root / file
    try:
        found = path.stat()
    except OSError:  # reading says what is wrong with it
        return read_decision(catalog, file)
    kept = _kept.get(path)
    if kept is not None:
        stamp, decision = kept
        if stamp == (found.st_mtime_ns, found.st_size, _variants(catalog, decision)):
            return decision
    decision = read_decision(catalog, file)
    stamp = (found.st_mtime_ns, found.st_size, _variants(catalog, decision))
    _kept[path] = stamp, decision
    return decision


def _variants(catalog: Catalog, decision: PastDecision) -> object:
    """What old records take from the message: the tags of its variants."""
    message = catalog.messages.get(decision.message)
    return None if message is None else message.variants


def _entry(catalog: Catalog, decision: PastDecision) -> Entry:
    message = catalog.messages.get(decision.message)
    place = None if message is None else message.places.get("live")
    expected = decision.expected.get(decision.arm)
    return Entry(
        decision=decision,
        lifts=_lifts(decision),
        level=f"{100 * (1 - decision.level):.{_LEVEL_DIGITS}g}%",
        expected="" if expected is None else word_lift(expected),
        message_file="" if message is None else message.file,
        line=None if place is None else place.line,
        live="" if message is None else message.live,
        has_experiment=decision.experiment in catalog.experiments,
    )


def _lifts(decision: PastDecision) -> tuple[LiftShown, ...]:
    primary = [item for item in decision.comparisons if item.role == "primary"]
    return tuple(_in_order(decision, primary))


def _in_order(
    decision: PastDecision, items: Iterable[PastComparison]
) -> list[LiftShown]:
    shown = [_lift(decision, item) for item in items]
    return sorted(shown, key=lambda item: (not item.is_chosen, item.is_silent))


def _lift(decision: PastDecision, item: PastComparison) -> LiftShown:
    kind = item.kind if item.kind in {"share", "mean", "ratio"} else "mean"
    return LiftShown(
        arm=item.arm,
        metric=item.metric,
        value=word_value(kind, item.value),  # type: ignore[arg-type]
        control=item.control,
        control_value=word_value(kind, item.control_value),  # type: ignore[arg-type]
        lift=word_lift(item.lift),
        units=item.units,
        ends=_log_ends(item.lift),
        is_silent=item.arm == NO_SEND,
        is_chosen=decision.is_promotion and item.arm == decision.arm,
    )


def _log_ends(lift: Interval) -> tuple[float, float, float] | None:
    """The estimate and the bounds on the scale of the logarithm."""
    ends = [end for end in (lift.value, lift.low, lift.high) if end is not None]
    if len(ends) < 3 or min(ends) <= -1:  # noqa: PLR2004 - value, low and high
        return None
    value, low, high = map(log1p, ends)
    return value, low, high
