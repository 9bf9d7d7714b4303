"""The analysis of any table, without a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.analysis.cells import Layout
from copylab.analysis.comparing import compare_arms
from copylab.analysis.comparison import check_alpha
from copylab.analysis.counts import measure_counts
from copylab.analysis.empty_arms import note_empty_arms
from copylab.analysis.engines.opening import open_tables
from copylab.analysis.holdout import SILENCE
from copylab.analysis.insights import Question, find_insights
from copylab.analysis.measuring import Table, measure_table
from copylab.analysis.moments import Proportion
from copylab.analysis.planned_shares import equal_shares, parse_shares
from copylab.analysis.results import Analysis, Arm
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.sequential.judging import (
    fixed_correction,
    fixed_level,
    judge_arms,
)
from copylab.analysis.sequential.plan import USUAL_UNITS, LookPlan
from copylab.analysis.sequential.standing import find_standing
from copylab.analysis.table_metrics import (
    TableMetric,
    parse_covariates,
    parse_table_metrics,
)
from copylab.analysis.units import Measured, check_arm_count
from copylab.analysis.verdict import Evidence, decide
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.corrections import Correction
    from copylab.analysis.sequential.standing import Standing
    from copylab.data_settings import TableAt

_SHOWN = 12


def analyze_units(  # noqa: PLR0913 - each is a question that the table leaves open
    path: str | Path | TableAt,
    *,
    arm: str,
    control: str,
    metrics: Sequence[str],
    split: str | None = None,
    correction: Correction = "holm",
    alpha: float = 0.05,
    covariates: Sequence[str] = (),
    strata: str | None = None,
    unit: str | None = None,
    holdout: str = SILENCE,
    anytime: bool = False,
    connection: object | None = None,
) -> Analysis:
    """The analysis of a table with a row per unit; the first metric decides.

    Args:
        path: CSV, TSV, JSON lines or Parquet, or a table of a database. With a
            connection, the table's name.
        arm: The column that names the arm.
        control: The arm that the others are compared with.
        metrics: ``COLUMN``, ``COLUMN:share``, ``COLUMN:mean`` or
            ``COLUMN:ratio=DENOMINATOR``.
        split: The planned shares as ``A=5,B=4``, equal if None.
        correction: The correction across the arms of each metric.
        alpha: The level of the tests.
        covariates: Columns from before the assignment, ``COLUMN`` for all metrics or
            ``METRIC=COLUMN`` for one; what they explain is subtracted (CUPED).
        strata: A column of groups from before the assignment, for post-stratification
            and the test of interaction.
        unit: The column that names the unit; where units have several rows, values
            are per row and a unit's rows are one cluster.
        holdout: The arm that got nothing, if there is one of that name.
        anytime: Judge so that one may look whenever one likes.
        connection: An open connection of Ibis, psycopg or DuckDB, or a Spark session,
            that holds the table; it is left as it was.

    Raises:
        DataError: The table, a column or a value cannot be used.
        UnreadableError: The file cannot be read.
    """
    check_alpha(alpha)
    with open_tables(path, connection=connection) as (engine, (source,)):
        parsed = parse_table_metrics(metrics, [*source.columns])
        layout = Layout(parse_covariates(covariates, parsed), strata, unit)
        table = measure_table(engine, source, arm, parsed, layout)
    check_arm_count(source.path, arm, len(table.units))
    question = _Question(
        source.path, parsed, control, split, correction, alpha, holdout, anytime
    )
    return _conclude(table, question, strata)


def analyze_counts(  # noqa: PLR0913 - each is a question that the table leaves open
    path: str | Path | TableAt,
    *,
    arm: str,
    control: str,
    total: str,
    metrics: Sequence[str],
    split: str | None = None,
    correction: Correction = "holm",
    alpha: float = 0.05,
    holdout: str = SILENCE,
    anytime: bool = False,
    connection: object | None = None,
) -> Analysis:
    """The analysis of a table with a row per arm; the first metric decides.

    Args:
        path: CSV, TSV, JSON lines or Parquet, or a table of a database. With a
            connection, the table's name.
        arm: The column that names the arm.
        control: The arm that the others are compared with.
        total: The column with the number of units.
        metrics: The columns with the number of units that did it.
        split: The planned shares as ``A=5,B=4``, equal if None.
        correction: The correction across the arms of each metric.
        alpha: The level of the tests.
        holdout: The arm that got nothing, if there is one of that name.
        anytime: Judge so that one may look whenever one likes.
        connection: An open connection of Ibis, psycopg or DuckDB, or a Spark session,
            that holds the table; it is left as it was.

    Raises:
        DataError: The table, a column or a count cannot be used.
        UnreadableError: The file cannot be read.
    """
    check_alpha(alpha)
    with open_tables(path, connection=connection) as (engine, (source,)):
        parsed = parse_table_metrics(metrics, [*source.columns])
        measured = measure_counts(engine, source, arm, total, parsed)
    question = _Question(
        source.path, parsed, control, split, correction, alpha, holdout, anytime
    )
    return _conclude(Table.plain(measured), question)


def analyze_counted(  # noqa: PLR0913 - each is a question that counts leave open
    name: str,
    units: Mapping[str, int],
    successes: Mapping[str, Mapping[str, int]],
    *,
    control: str,
    split: str | None = None,
    correction: Correction = "holm",
    alpha: float = 0.05,
    holdout: str = SILENCE,
) -> Analysis:
    """The analysis of counts at hand, as of a table with a row per arm.

    For many experiments at once: nothing is read, and no engine is started.

    Args:
        name: What the experiment is called.
        units: The units of each arm.
        successes: For each metric, the first of which decides, the units that did it
            in each arm.
        control: The arm that the others are compared with.
        split: The planned shares as ``A=5,B=4``, equal if None.
        correction: The correction across the arms of each metric.
        alpha: The level of the tests.
        holdout: The arm that got nothing, if there is one of that name.

    Raises:
        ValueError: There is no metric, an arm has no count, or a count is above its
            total or negative.
        DataError: There are too few arms or too many, the control is not among them,
            or the split does not fit.
    """
    check_alpha(alpha)
    if not successes or any(set(found) != set(units) for found in successes.values()):
        raise ValueError("successes must have a metric, and a count for every arm")
    check_arm_count(name, "arm", len(units))
    statistics = {
        metric: {arm: Proportion(found[arm], n) for arm, n in units.items()}
        for metric, found in successes.items()
    }
    metrics = [TableMetric(metric, metric) for metric in successes]
    question = _Question(name, metrics, control, split, correction, alpha, holdout)
    return _conclude(Table.plain(Measured(units, statistics)), question)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of a table."""

    path: str
    metrics: Sequence[TableMetric]
    control: str
    split: str | None
    correction: Correction
    alpha: float
    holdout: str
    anytime: bool = False

    def looks(self, units: int) -> Standing | None:
        """Where the table stands, if one may look at any time."""
        if not self.anytime or not units:
            return None
        plan = LookPlan((), "obrien-fleming", self.alpha, is_sized=False)
        return find_standing(
            plan, [], units=units, planned_units=USUAL_UNITS, counts=""
        )


def _conclude(table: Table, asked: _Question, strata: str | None = None) -> Analysis:
    arms = _control_first([*table.units], asked.control, asked.path)
    shares = (
        equal_shares(arms) if asked.split is None else parse_shares(asked.split, arms)
    )
    srm = check_sample_ratio(table.units, shares)
    looks = asked.looks(sum(table.units.values()))
    judge = None if looks is None else looks.judge
    level = fixed_level(judge, asked.alpha)
    comparisons = [
        item
        for place, metric in enumerate(asked.metrics)
        for item in judge_arms(
            compare_arms(
                metric.name,
                metric.kind,
                {arm: table.tested[metric.name][arm] for arm in arms},
                asked.control,
                alpha=level,
                correction=fixed_correction(judge, asked.correction),
                role="secondary" if place else "primary",
                adjusted=table.methods[metric.name],
            ),
            judge,
            asked.correction,
        )
    ]
    primary = [item for item in comparisons if item.role == "primary"]
    first = asked.metrics[0].name
    evidence = Evidence(primary, table.tested[first], better="higher", alpha=level)
    insights = find_insights(
        [
            Question(
                metric.name,
                metric.kind,
                "secondary" if place else "primary",
                adjusted=table.methods[metric.name],
            )
            for place, metric in enumerate(asked.metrics)
        ],
        table.raw,
        table.tested,
        control=asked.control,
        alpha=asked.alpha,
        holdout=asked.holdout,
        judge=judge,
    )
    whole = sum(shares.values())
    notes = (*note_empty_arms(Measured(table.units, table.tested)), *table.notes)
    return Analysis(
        control=asked.control,
        alpha=asked.alpha,
        arms=tuple(Arm(arm, table.units[arm], shares[arm] / whole) for arm in arms),
        srm=srm,
        comparisons=tuple(comparisons),
        verdict=decide(evidence, srm=srm, health=notes),
        health=notes,
        looks=looks,
        name=Path(asked.path.rpartition("#")[2]).name,
        funnel=insights.funnel,
        ranking=insights.ranking,
        holdout_lift=insights.holdout_lift,
        adjustments=table.adjustments,
        strata=table.judge(asked.metrics, strata, asked.control, asked.alpha, judge)
        if strata is not None
        else (),
    )


def _control_first(arms: Sequence[str], control: str, path: str) -> list[str]:
    if control not in arms:
        raise DataError(
            f'the control "{control}" is not among the arms',
            file=path,
            help=_list_arms(arms, control),
        )
    return [control, *(arm for arm in arms if arm != control)]


def _list_arms(arms: Sequence[str], wanted: str) -> str:
    """The nearest name, whatever its case, then the arms that there are."""
    folded = [arm.casefold() for arm in arms]
    close = get_close_matches(wanted.casefold(), folded, n=1)
    guess = f'did you mean "{arms[folded.index(close[0])]}"? ' if close else ""
    there = ", ".join(f'"{arm}"' for arm in arms[:_SHOWN])
    more = f" and {len(arms) - _SHOWN:,} more" if len(arms) > _SHOWN else ""
    return f"{guess}the arms are {there}{more}"
