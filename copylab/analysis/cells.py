"""A table summed up by arm and stratum, with covariates, and by unit where rows repeat."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import frexp, isfinite, ldexp
from typing import TYPE_CHECKING

from copylab.analysis.diagnosis import diagnose
from copylab.analysis.engines.engine import one_row
from copylab.analysis.joint_moments import JointMoments
from copylab.analysis.moments import Proportion
from copylab.analysis.units import MAX_ARMS, refuse_nameless
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source
    from copylab.analysis.table_metrics import TableMetric
    from copylab.analysis.units import Statistic

NO_STRATUM = "(none)"
"""The stratum of rows that name none."""
ONLY = "(all)"
"""The one stratum of a table without strata."""
_MOST_STRATA = 1_000
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a table say more than arm and values.

    Attributes:
        covariates: For each metric that has one, the column of its covariate.
        strata: The column of strata, or None.
        unit: The column that names the unit, or None for a row per unit.
    """

    covariates: Mapping[str, str]
    strata: str | None = None
    unit: str | None = None

    @property
    def plain(self) -> bool:
        """Whether there is none."""
        return not (self.covariates or self.strata or self.unit)


@dataclass(frozen=True, slots=True)
class Repeats:
    """How rows and units relate.

    Attributes:
        rows: All rows.
        units: The different units, those in two arms included.
        mixed: The units with rows in more than one arm; they are left out.
        examples: A few of those, by name.
    """

    rows: int
    units: int
    mixed: int
    examples: tuple[str, ...]

    @property
    def clustered(self) -> bool:
        """Whether any unit has several rows."""
        return self.rows > self.units


@dataclass(frozen=True, slots=True)
class _Middle:
    """The middle of a slot.

    Attributes:
        mean: What a missing value is taken to be.
        pivot: What is subtracted before sums are made, see `_pivot`.
    """

    mean: float
    pivot: float


@dataclass(frozen=True, slots=True)
class Cells:
    """What is kept of a table.

    Attributes:
        metrics: For each metric, arm and stratum, the moments of its value, of the
            denominator of a ratio (of the rows of a unit where rows repeat), and of
            its covariate.
        missing: For each covariate, the units that lack it.
        repeats: How rows and units relate, None where no unit is named.
    """

    metrics: Mapping[str, Mapping[str, Mapping[str, JointMoments]]]
    missing: Mapping[str, int]
    repeats: Repeats | None

    @property
    def clustered(self) -> bool:
        """Whether values are sums over the rows of a unit."""
        return self.repeats is not None and self.repeats.clustered


def measure_cells(
    engine: Engine,
    source: Source,
    arm: str,
    metrics: Sequence[TableMetric],
    layout: Layout,
) -> Cells:
    """The moments of every metric, arm and stratum.

    A covariate that is missing (empty, NaN or unreadable) is taken to be the mean of
    those that are there, which changes nothing for its unit; it is counted.

    Args:
        engine: Where the source is queried.
        source: The table.
        arm: The column that names the arm.
        metrics: What to measure.
        layout: The columns besides.

    Raises:
        DataError: A column is missing, a row has no arm or no unit, a value cannot be
            used or a covariate is infinite, or there are absurdly many strata.
        UnreadableError: The file breaks off or is not what it seems.
    """
    columns = [column for metric in metrics for column in metric.columns]
    others = [*layout.covariates.values(), layout.strata, layout.unit]
    source.check_columns([arm, *columns, *(name for name in others if name)])
    slots = {column: f"x{i}" for i, column in enumerate(dict.fromkeys(columns))}
    covered = dict.fromkeys(layout.covariates.values())
    extra = {column: f"c{i}" for i, column in enumerate(covered)}
    relation = _select(source, arm, slots, extra, layout)
    repeats = None
    if layout.unit is not None:
        repeats = _count_repeats(engine, source, relation, layout.unit)
        _check_values(engine, source, relation, metrics, slots)
        relation = _by_unit(relation, slots, extra)
    missing, middles = _middles(
        engine, source, relation, slots, extra, by_unit=layout.unit is not None
    )
    clustered = repeats is not None and repeats.clustered
    if layout.unit is None:
        _check_values(engine, source, relation, metrics, slots)
    places = [
        _quantities(metric, slots, extra, layout, clustered=clustered)
        for metric in metrics
    ]
    found = _sum_up(engine, source, relation, places, middles, arm)
    for metric, parts in zip(metrics, found, strict=True):
        if not all(
            isfinite(x)
            for p in parts.values()
            for c in p.values()
            for x in (*c.means, *(v for row in c.covariances for v in row))
        ):
            raise diagnose(engine, source, metric)
    return Cells(
        {metric.name: parts for metric, parts in zip(metrics, found, strict=True)},
        missing,
        repeats,
    )


def plain_statistic(
    metric: TableMetric, cell: JointMoments, *, clustered: bool
) -> Statistic:
    """The statistic of an arm or stratum without any adjustment."""
    if clustered or metric.kind == "ratio":
        return cell.pair()
    if metric.kind == "share":
        return Proportion(round(cell.means[0] * cell.n), cell.n)
    return cell.moments()


def _select(
    source: Source,
    arm: str,
    slots: Mapping[str, str],
    extra: Mapping[str, str],
    layout: Layout,
) -> str:
    """The relation of rows with everything under names of ours."""
    parts = [f"{source.text(arm)} AS arm"]
    stratum = f"'{ONLY}'"
    if layout.strata is not None:
        stratum = f"coalesce({source.text(layout.strata)}, '{NO_STRATUM}')"
    parts.append(f"{stratum} AS stratum")
    if layout.unit is not None:
        parts.append(f"{source.text(layout.unit)} AS unit")
    parts += [f"{source.number(column)} AS {slot}" for column, slot in slots.items()]
    parts += [
        f"CASE WHEN isnan({source.number(column)}) THEN NULL "
        f"ELSE {source.number(column)} END AS {slot}"
        for column, slot in extra.items()
    ]
    return f"(SELECT {', '.join(parts)} FROM {source.relation})"  # noqa: S608 - names are quoted


def _by_unit(relation: str, slots: Mapping[str, str], extra: Mapping[str, str]) -> str:
    """The relation of units: sums of values, means of covariates, the first stratum."""
    sums = [f"sum({slot}) AS {slot}" for slot in slots.values()]
    means = [f"avg({slot}) AS {slot}" for slot in extra.values()]
    selected = ", ".join([*sums, *means])
    return (
        "(SELECT min(arm) AS arm, min(stratum) AS stratum, "  # noqa: S608 - names of ours
        f"count(*)::DOUBLE AS members, {selected} FROM {relation} "
        "GROUP BY unit HAVING min(arm) = max(arm))"
    )


def _count_repeats(engine: Engine, source: Source, relation: str, unit: str) -> Repeats:
    """How rows and units relate.

    Raises:
        DataError: A row has no unit.
    """
    nameless, named = one_row(
        engine,
        f"SELECT count_if(unit IS NULL), count_if(arm IS NULL) FROM {relation}",  # noqa: S608 - names of ours
        source.path,
    )
    if nameless:
        raise DataError(
            f'column "{unit}" has no unit in {nameless:,} rows',
            file=source.path,
            help="name the unit of every row, or leave those rows out on purpose",
        )
    if named:
        raise DataError(
            f"{named:,} rows have no arm",
            file=source.path,
            help="name the arm of every row, or leave those rows out on purpose",
        )
    grouped = (
        f"(SELECT unit, count(*) AS n, min(arm) <> max(arm) AS mixed FROM {relation} "  # noqa: S608 - names of ours
        "GROUP BY unit)"
    )
    rows, units, mixed = one_row(
        engine,
        f"SELECT sum(n), count(*), count_if(mixed) FROM {grouped}",  # noqa: S608 - names of ours
        source.path,
    )
    examples = engine.rows(
        f"SELECT unit FROM {grouped} WHERE mixed ORDER BY unit LIMIT {_EXAMPLES}",  # noqa: S608 - names of ours
        source.path,
    )
    return Repeats(rows, units, mixed, tuple(str(row[0]) for row in examples))


def _check_values(
    engine: Engine,
    source: Source,
    relation: str,
    metrics: Sequence[TableMetric],
    slots: Mapping[str, str],
) -> None:
    """Pass if every value is a finite number, and 0 or 1 for a share."""
    conditions = []
    for metric in metrics:
        wrong = [
            f"{slots[c]} IS NULL OR NOT isfinite({slots[c]})" for c in metric.columns
        ]
        if metric.kind == "share":
            wrong.append(f"{slots[metric.column]} NOT IN (0, 1)")
        conditions.append(f"count_if({' OR '.join(wrong)})")
    query = f"SELECT {', '.join(conditions)} FROM {relation}"  # noqa: S608 - names of ours
    counts = one_row(engine, query, source.path)
    for metric, count in zip(metrics, counts, strict=True):
        if count:
            raise diagnose(engine, source, metric)


def _middles(
    engine: Engine,
    source: Source,
    relation: str,
    slots: Mapping[str, str],
    extra: Mapping[str, str],
    *,
    by_unit: bool,
) -> tuple[dict[str, int], dict[str, _Middle]]:
    """The units that lack each covariate, and the middle of every slot."""
    names = [
        *slots.values(),
        *extra.values(),
        *(["members"] if by_unit else []),
    ]
    means = [
        f"{function}({name}) FILTER (WHERE isfinite({name}))"
        for function in ("avg", "stddev_pop")
        for name in names
    ]
    gaps = [f"count_if({name} IS NULL)" for name in extra.values()]
    infinite = [f"count_if(isinf({name}))" for name in extra.values()]
    query = f"SELECT {', '.join([*means, *gaps, *infinite])} FROM {relation}"  # noqa: S608 - names of ours
    found = [*engine.rows(query, source.path)[0]]
    counts = [int(count or 0) for count in found[len(means) :]]
    for column, count in zip(extra, counts[len(extra) :], strict=True):
        if count:
            raise DataError(
                f'the covariate "{column}" has {count:,} infinite value(s)',
                file=source.path,
                help="give every unit a number, or leave the value empty",
            )
    missing = dict(zip(extra, counts, strict=False))
    spreads = found[len(names) : len(means)]
    middles = {
        name: _Middle(
            float(mean) if mean is not None and isfinite(mean) else 0.0,
            _pivot(mean, spread),
        )
        for name, mean, spread in zip(names, found, spreads, strict=False)
    }
    return missing, middles


def _pivot(mean: float | None, spread: float | None) -> float:
    """A number within a thousandth of the spread of the mean, with few binary digits.

    Whole numbers less such a number are added without rounding, so that shares and
    counts come out the same to the last digit in whatever order an engine adds them.
    """
    if mean is None or not isfinite(mean):
        return 0.0
    if spread is None or not isfinite(spread) or spread <= 0:
        return float(mean)
    step = ldexp(1.0, frexp(spread)[1] - 10)
    steps = mean / step
    return round(steps) * step if isfinite(steps) else float(mean)


def _quantities(
    metric: TableMetric,
    slots: Mapping[str, str],
    extra: Mapping[str, str],
    layout: Layout,
    *,
    clustered: bool,
) -> list[str]:
    """The slots of a metric: its value, its denominator if any, its covariate if any."""
    names = [slots[column] for column in metric.columns]
    if clustered and metric.kind != "ratio":
        names.append("members")
    if metric.name in layout.covariates:
        names.append(extra[layout.covariates[metric.name]])
    return names


def _sum_up(
    engine: Engine,
    source: Source,
    relation: str,
    places: Sequence[Sequence[str]],
    middles: Mapping[str, _Middle],
    arm: str,
) -> list[dict[str, dict[str, JointMoments]]]:
    """The moments of each metric by arm and stratum."""
    shifted = {
        name: f"(coalesce({name}, {middle.mean!r}) - {middle.pivot!r})"
        for name, middle in middles.items()
    }
    wanted: dict[str, None] = {}
    for names in places:
        wanted |= dict.fromkeys(f"sum({shifted[name]})" for name in names)
        wanted |= dict.fromkeys(
            f"sum({shifted[a]} * {shifted[b]})"
            for a, b in combinations_with_replacement(names, 2)
        )
    order = {sql: i for i, sql in enumerate(wanted)}
    rows = engine.rows(
        f"SELECT arm, stratum, count(*), {', '.join(wanted)} FROM {relation} "  # noqa: S608 - names of ours
        f"GROUP BY arm, stratum ORDER BY arm, stratum "
        f"LIMIT {MAX_ARMS * _MOST_STRATA}",
        source.path,
    )
    refuse_nameless(source, arm, [(row[0], row[2]) for row in rows])
    _refuse_many_strata(source, {str(row[1]) for row in rows})
    found: list[dict[str, dict[str, JointMoments]]] = []
    for names in places:
        cells: dict[str, dict[str, JointMoments]] = {}
        for name, stratum, n, *sums in rows:
            products = {
                (i, j): float(sums[order[f"sum({shifted[a]} * {shifted[b]})"]])
                for (i, a), (j, b) in combinations_with_replacement(enumerate(names), 2)
            }
            cells.setdefault(name, {})[stratum] = JointMoments.from_sums(
                n,
                [float(sums[order[f"sum({shifted[a]})"]]) for a in names],
                products,
                [middles[a].pivot for a in names],
            )
        found.append(cells)
    return found


def _refuse_many_strata(source: Source, names: set[str]) -> None:
    if len(names) > _MOST_STRATA:
        raise DataError(
            f"there are more than {_MOST_STRATA:,} different strata",
            file=source.path,
            help="name a column with a few groups, not with the units",
        )
