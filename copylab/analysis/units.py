"""A table with a row per unit, summed up arm by arm in one pass of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from copylab.analysis.diagnosis import diagnose
from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source
    from copylab.analysis.table_metrics import TableMetric

Statistic = Proportion | Moments | PairMoments

MAX_ARMS = 1_000
_PIVOT_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What is kept of a table.

    Attributes:
        units: The number of units of each arm.
        statistics: For each metric, the statistic of each arm.
    """

    units: Mapping[str, int]
    statistics: Mapping[str, Mapping[str, Statistic]]


def measure_units(
    engine: Engine,
    source: Source,
    arm: str,
    metrics: Sequence[TableMetric],
) -> Measured:
    """The statistics of a table with a row per unit.

    Sums are taken around a pivot, the mean of the first rows, so that a large offset
    does not cancel the variance away.

    Args:
        engine: Where the source is queried.
        source: The table.
        arm: The column that names the arm.
        metrics: What to measure.

    Raises:
        DataError: A column is missing, a row has no arm, or a value cannot be used; it
            is counted.
        UnreadableError: The file breaks off or is not what it seems.
    """
    columns = [column for metric in metrics for column in metric.columns]
    source.check_columns([arm, *columns])
    slots = {column: f"x{i}" for i, column in enumerate(dict.fromkeys(columns))}
    values = ", ".join(
        f"{source.number(column)} AS {slot}" for column, slot in slots.items()
    )
    pivots = _find_pivots(engine, source, slots)
    sums = [_sums(metric, slots, pivots) for metric in metrics]
    asked = ["count(*)", *(sql for part in sums for sql in part.values())]
    selected = ", ".join(f"{sql} AS s{i}" for i, sql in enumerate(asked))
    summed = ", ".join(f"sum(s{i})" for i in range(len(asked)))
    key_sql, key = source.key(arm)
    rows = engine.rows(
        f"SELECT {key.text('key')} AS arm, {summed} FROM (SELECT key, {selected} FROM "  # noqa: S608 - names are quoted, values are literals
        f"(SELECT {key_sql} AS key, {values} FROM {source.relation}) GROUP BY key) "
        f"GROUP BY arm ORDER BY arm LIMIT {MAX_ARMS + 1}",
        source.path,
    )
    refuse_nameless(source, arm, rows)
    statistics: dict[str, dict[str, Statistic]] = {m.name: {} for m in metrics}
    units = {name: int(n) for name, n, *_ in rows}
    for name, _, *found in rows:
        numbers = iter(found)
        for metric, part in zip(metrics, sums, strict=True):
            named = {of: float(next(numbers) or 0) for of in part}
            statistic = _build(metric, units[name], named, pivots)
            if statistic is None:
                raise diagnose(engine, source, metric)
            statistics[metric.name][name] = statistic
    return Measured(units, statistics)


def check_arm_count(path: str | Path, column: str, count: int) -> None:
    """Pass if there are at least two arms and not absurdly many.

    Raises:
        DataError: There are no rows, one arm only, or too many arms.
    """
    shown = str(path)
    if count == 0:
        raise DataError("has no rows", file=shown, help="export the table again")
    if count == 1:
        raise DataError(
            f'column "{column}" names only one arm: there is nothing to compare',
            file=shown,
            help="the table must hold the control and at least one other arm",
        )
    if count > MAX_ARMS:
        raise DataError(
            f'column "{column}" has more than {MAX_ARMS:,} different values',
            file=shown,
            help="--arm must name the column with the arms, not with the units",
        )


def refuse_nameless(
    source: Source, column: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Pass if every row names its arm."""
    nameless = sum(int(str(row[1])) for row in rows if row[0] is None)
    if nameless:
        raise DataError(
            f'column "{column}" has no arm in {nameless:,} rows',
            file=source.path,
            help="name the arm of every row, or leave those rows out on purpose",
        )


def _find_pivots(
    engine: Engine, source: Source, slots: Mapping[str, str]
) -> dict[str, float]:
    """The mean of each column over the first rows, 0 where that is no number."""
    means = ", ".join(f"avg({source.number(column)})" for column in slots)
    rows = engine.rows(
        f"SELECT {means} FROM (SELECT * FROM {source.relation} LIMIT {_PIVOT_ROWS})",  # noqa: S608 - names are quoted
        source.path,
    )
    found = rows[0] if rows else (None,) * len(slots)
    return {
        column: float(mean) if mean is not None and isfinite(mean) else 0.0
        for column, mean in zip(slots, found, strict=True)
    }


def _sums(
    metric: TableMetric, slots: Mapping[str, str], pivots: Mapping[str, float]
) -> dict[str, str]:
    """The SQL of the sums that a metric's statistic is made from, by name."""
    y = slots[metric.column]
    if metric.kind == "share":
        return {"ones": f"count_if({y} = 1)", "zeros": f"count_if({y} = 0)"}
    y = f"({y} - {pivots[metric.column]!r})"
    sums = {"count": f"count({y})", "y": f"sum({y})", "yy": f"sum({y} * {y})"}
    if metric.denominator is None:
        return sums
    x = f"({slots[metric.denominator]} - {pivots[metric.denominator]!r})"
    both = {"x": f"sum({x})", "xx": f"sum({x} * {x})", "yx": f"sum({y} * {x})"}
    return {**sums, **both, "count": f"count({y} + {x})"}


def _build(
    metric: TableMetric, n: int, sums: Mapping[str, float], pivots: Mapping[str, float]
) -> Statistic | None:
    """The statistic, or None if the sums do not cover every row with a number."""
    if metric.kind == "share":
        covered = sums["ones"] + sums["zeros"] == n
        return Proportion(int(sums["ones"]), n) if covered else None
    if sums["count"] != n or not all(map(isfinite, sums.values())):
        return None
    y = Moments.from_sums(n, sums["y"], sums["yy"], pivot=pivots[metric.column])
    if metric.denominator is None:
        return y
    x = Moments.from_sums(n, sums["x"], sums["xx"], pivot=pivots[metric.denominator])
    return PairMoments.from_sums(
        y, x, sums["yx"], shifted_y=sums["y"], shifted_x=sums["x"]
    )
