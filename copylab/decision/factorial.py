"""Factorial tests: arms that cross two tags, read as main effects and an interaction.

Four arms or more that hold every pair of the values of two tags, and differ in no other
tag, tell what each tag does by itself and whether the two do more, or less, together.
Effects are on the logarithm of a share, by the contrasts of the cells' values; their
errors are the binomial ones of the cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import expm1, log, sqrt
from typing import TYPE_CHECKING

from copylab.analysis.comparison import Interval
from copylab.analysis.distributions import two_sided_normal, two_sided_normal_quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from copylab.decision.history import PastComparison, PastDecision

    Cells = Mapping[tuple[str, str], tuple[str, float, float]]
    """By the values of the two tags: the arm, the log of its share, its variance."""

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect in a factorial test.

    Attributes:
        name: What changes: ``hook: discount against reminder``, or two of them with
            ``×`` for what they do together.
        kind: ``main`` or ``interaction``.
        lift: The lift with its interval; for an interaction, what is left when both
            main effects are taken off.
        p_value: Of none, two-sided, uncorrected.
    """

    name: str
    kind: str
    lift: Interval
    p_value: float

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "name": self.name,
            "kind": self.kind,
            "lift": self.lift.to_dict(),
            "p_value": self.p_value,
        }


@dataclass(frozen=True, slots=True)
class Factorial:
    """An experiment whose arms cross two tags.

    Attributes:
        experiment: The experiment.
        metric: The metric.
        tags: The two tags.
        effects: The main effects, then the interactions.
    """

    experiment: str
    metric: str
    tags: tuple[str, str]
    effects: tuple[Effect, ...]

    def to_dict(self) -> dict[str, object]:
        """All attributes."""
        return {
            "experiment": self.experiment,
            "metric": self.metric,
            "tags": list(self.tags),
            "effects": [effect.to_dict() for effect in self.effects],
        }


def find_factorials(
    decisions: Iterable[PastDecision],
    *,
    metric: str | None = None,
    alpha: float = 0.05,
) -> Iterator[Factorial]:
    """The factorial tests among the decisions, with their effects.

    Args:
        decisions: Records of past decisions.
        metric: The metric; None takes each experiment's primary one.
        alpha: The level of the intervals.
    """
    for decision in decisions:
        items = [
            item
            for item in decision.comparisons
            if (item.role == "primary" if metric is None else item.metric == metric)
        ]
        if not items or any(item.kind != "share" for item in items):
            continue
        values = _arm_values(items)
        names = sorted({name for arm in values for name in decision.tags.get(arm, {})})
        for one, two in combinations(names, 2):
            cells = _cross(decision, values, one, two)
            if cells is not None:
                control = decision.tags[items[0].control]
                base = (control[one], control[two])
                effects = tuple(_effects(cells, (one, two), base, alpha))
                yield Factorial(
                    decision.experiment, items[0].metric, (one, two), effects
                )


def _arm_values(items: Sequence[PastComparison]) -> dict[str, tuple[float, float]]:
    """The log of each sending arm's share and its variance; none for 0 or without."""
    known: dict[str, tuple[float | None, int]] = {
        items[0].control: (items[0].control_value, items[0].control_units)
    }
    known |= {item.arm: (item.value, item.units) for item in items}
    return {
        arm: (log(value), (1 - value) / (value * units))
        for arm, (value, units) in known.items()
        if arm != "none" and value and units
    }


def _cross(
    decision: PastDecision,
    values: Mapping[str, tuple[float, float]],
    one: str,
    two: str,
) -> Cells | None:
    """The cells of two tags, or None unless every one holds exactly one arm.

    Arms must not differ in a third tag, which would be taken for one of the two.
    """
    cells: dict[tuple[str, str], tuple[str, float, float]] = {}
    others = set()
    for arm, (value, variance) in values.items():
        tags = decision.tags.get(arm, {})
        if one not in tags or two not in tags or (tags[one], tags[two]) in cells:
            return None
        cells[tags[one], tags[two]] = (arm, value, variance)
        others.add(
            tuple(sorted((k, v) for k, v in tags.items() if k not in {one, two}))
        )
    rows, columns = ({cell[place] for cell in cells} for place in (0, 1))
    crossed = len(rows) >= _FEWEST and len(columns) >= _FEWEST
    whole = len(cells) == len(rows) * len(columns)
    return cells if crossed and whole and len(others) == 1 else None


def _effects(
    cells: Cells, tags: tuple[str, str], base: tuple[str, str], alpha: float
) -> Iterator[Effect]:
    """Main effects of each value against the control's, then the interactions."""
    rows = sorted({row for row, _ in cells}, key=lambda row: (row != base[0], row))
    columns = sorted({col for _, col in cells}, key=lambda col: (col != base[1], col))
    for row in rows[1:]:
        parts = {(row, col): 1 / len(columns) for col in columns}
        parts |= {(rows[0], col): -1 / len(columns) for col in columns}
        yield _effect(
            cells, parts, f"{tags[0]}: {row} against {rows[0]}", "main", alpha
        )
    for col in columns[1:]:
        parts = {(row, col): 1 / len(rows) for row in rows}
        parts |= {(row, columns[0]): -1 / len(rows) for row in rows}
        yield _effect(
            cells, parts, f"{tags[1]}: {col} against {columns[0]}", "main", alpha
        )
    for row in rows[1:]:
        for col in columns[1:]:
            both = {(row, col): 1.0, (rows[0], columns[0]): 1.0}
            parts = {**both, (row, columns[0]): -1.0, (rows[0], col): -1.0}
            name = f"{tags[0]}: {row} × {tags[1]}: {col}"
            yield _effect(cells, parts, name, "interaction", alpha)


def _effect(
    cells: Cells,
    parts: Mapping[tuple[str, str], float],
    name: str,
    kind: str,
    alpha: float,
) -> Effect:
    """A contrast of cells: the sum of their logs, each times its part."""
    value = sum(part * cells[cell][1] for cell, part in parts.items())
    error = sqrt(sum(part**2 * cells[cell][2] for cell, part in parts.items()))
    reach = two_sided_normal_quantile(alpha) * error
    ends = (value, value - reach, value + reach)
    p_value = two_sided_normal(value / error) if error else 1.0
    return Effect(name, kind, Interval(*map(expm1, ends)), p_value)
