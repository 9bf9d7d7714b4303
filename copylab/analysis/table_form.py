"""The analysis of any table, without a workspace."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.analysis.comparing import compare_arms
from copylab.analysis.comparison import check_alpha
from copylab.analysis.counts import measure_counts
from copylab.analysis.empty_arms import note_empty_arms
from copylab.analysis.planned_shares import equal_shares, parse_shares
from copylab.analysis.results import Analysis, Arm
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.sources import connect, open_source
from copylab.analysis.table_metrics import parse_table_metrics
from copylab.analysis.units import check_arm_count, measure_units
from copylab.analysis.verdict import Evidence, decide
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.corrections import Correction
    from copylab.analysis.table_metrics import TableMetric
    from copylab.analysis.units import Measured

_SHOWN = 12


def analyze_units(
    path: str | Path,
    *,
    arm: str,
    control: str,
    metrics: Sequence[str],
    split: str | None = None,
    correction: Correction = "holm",
    alpha: float = 0.05,
) -> Analysis:
    """The analysis of a table with a row per unit; the first metric decides.

    Args:
        path: CSV, TSV, JSON lines or Parquet.
        arm: The column that names the arm.
        control: The arm that the others are compared with.
        metrics: ``COLUMN``, ``COLUMN:share``, ``COLUMN:mean`` or
            ``COLUMN:ratio=DENOMINATOR``.
        split: The planned shares as ``A=5,B=4``, equal if None.
        correction: The correction across the arms of each metric.
        alpha: The level of the tests.

    Raises:
        DataError: The table, a column or a value cannot be used.
        UnreadableError: The file cannot be read.
    """
    check_alpha(alpha)
    with connect() as connection:
        source = open_source(connection, path)
        parsed = parse_table_metrics(metrics, [*source.columns])
        measured = measure_units(connection, source, arm, parsed)
    check_arm_count(path, arm, len(measured.units))
    return _conclude(measured, parsed, path, control, split, correction, alpha)


def analyze_counts(  # noqa: PLR0913 - each is a question that the table leaves open
    path: str | Path,
    *,
    arm: str,
    control: str,
    total: str,
    metrics: Sequence[str],
    split: str | None = None,
    correction: Correction = "holm",
    alpha: float = 0.05,
) -> Analysis:
    """The analysis of a table with a row per arm; the first metric decides.

    Args:
        path: CSV, TSV, JSON lines or Parquet.
        arm: The column that names the arm.
        control: The arm that the others are compared with.
        total: The column with the number of units.
        metrics: The columns with the number of units that did it.
        split: The planned shares as ``A=5,B=4``, equal if None.
        correction: The correction across the arms of each metric.
        alpha: The level of the tests.

    Raises:
        DataError: The table, a column or a count cannot be used.
        UnreadableError: The file cannot be read.
    """
    check_alpha(alpha)
    with connect() as connection:
        source = open_source(connection, path)
        parsed = parse_table_metrics(metrics, [*source.columns])
        measured = measure_counts(connection, source, arm, total, parsed)
    return _conclude(measured, parsed, path, control, split, correction, alpha)


def _conclude(
    measured: Measured,
    metrics: Sequence[TableMetric],
    path: str | Path,
    control: str,
    split: str | None,
    correction: Correction,
    alpha: float,
) -> Analysis:
    arms = _control_first([*measured.units], control, str(path))
    shares = equal_shares(arms) if split is None else parse_shares(split, arms)
    srm = check_sample_ratio(measured.units, shares)
    comparisons = [
        item
        for place, metric in enumerate(metrics)
        for item in compare_arms(
            metric.name,
            metric.kind,
            {arm: measured.statistics[metric.name][arm] for arm in arms},
            control,
            alpha=alpha,
            correction=correction,
            role="secondary" if place else "primary",
        )
    ]
    primary = [item for item in comparisons if item.role == "primary"]
    evidence = Evidence(
        primary, measured.statistics[metrics[0].name], better="higher", alpha=alpha
    )
    whole = sum(shares.values())
    return Analysis(
        control=control,
        alpha=alpha,
        arms=tuple(Arm(arm, measured.units[arm], shares[arm] / whole) for arm in arms),
        srm=srm,
        comparisons=tuple(comparisons),
        verdict=decide(evidence, srm=srm),
        health=tuple(note_empty_arms(measured)),
        name=Path(path).name,
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
