"""A table with a row per arm: the units of each, and how many did what."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from copylab.analysis.moments import Proportion
from copylab.analysis.units import MAX_ARMS, Measured, check_arm_count
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source
    from copylab.analysis.table_metrics import TableMetric


def measure_counts(
    engine: Engine,
    source: Source,
    arm: str,
    total: str,
    metrics: Sequence[TableMetric],
) -> Measured:
    """The statistics of a table with a row per arm, in the order of its rows.

    Args:
        engine: Where the source is queried.
        source: The table.
        arm: The column that names the arm.
        total: The column with the number of units.
        metrics: The columns with the number of units that did it.

    Raises:
        DataError: A column is missing, an arm stands twice, a count is negative, not
            whole or above its total, or a metric is no share.
        UnreadableError: The file is not what it seems.
    """
    for metric in metrics:
        if metric.kind != "share":
            raise DataError(
                f'metric "{metric.name}": a table of counts cannot give a {metric.kind}',
                help="name the column of successes alone, or use --data with units",
            )
    columns = [total, *(metric.column for metric in metrics)]
    source.check_columns([arm, *columns])
    selected = ", ".join(map(source.word, columns))
    rows = engine.rows(
        f"SELECT {source.text(arm)}, {selected} FROM {source.relation} "  # noqa: S608 - names are quoted
        f"LIMIT {MAX_ARMS + 1}",
        source.path,
    )
    names = [row[0] for row in rows]
    _check_names(source, arm, names)
    counted = {row[0]: _read_row(source, columns, row) for row in rows}
    statistics = {
        metric.name: {
            name: Proportion(numbers[place], numbers[0])
            for name, numbers in counted.items()
        }
        for place, metric in enumerate(metrics, start=1)
    }
    return Measured({name: row[0] for name, row in counted.items()}, statistics)


def _check_names(source: Source, column: str, names: Sequence[str | None]) -> None:
    nameless = names.count(None)
    if nameless:
        raise DataError(
            f'column "{column}" has no arm in {nameless} row(s)',
            file=source.path,
            help="name the arm of every row",
        )
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise DataError(
            f'arm "{twice[0]}" stands in {names.count(twice[0])} rows',
            file=source.path,
            help="a table of counts has one row an arm; add the rows up first",
        )
    check_arm_count(source.path, column, len(names))


def _read_row(
    source: Source, columns: Sequence[str], row: Sequence[str | None]
) -> list[int]:
    """The counts of an arm: its units, then its successes metric by metric."""
    name, *texts = row
    numbers: list[int] = []
    for column, text in zip(columns, texts, strict=True):
        number = _read_count(text)
        if number is None:
            raise DataError(
                f'column "{column}" of arm "{name}" holds '
                f"{'nothing' if text is None else repr(text)}, not a count",
                file=source.path,
                help="write whole numbers from 0 upwards",
            )
        numbers.append(number)
        if number > numbers[0]:
            raise DataError(
                f'arm "{name}" has {number:,} in "{column}" but only {numbers[0]:,} '
                f'in "{columns[0]}"',
                file=source.path,
                help="successes cannot be above the total; check the columns",
            )
    return numbers


def _read_count(text: str | None) -> int | None:
    """The whole number from 0 upwards, None if it is none; ``12.0`` is one."""
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    whole = number.is_finite() and number == number.to_integral_value()
    return int(number) if whole and number >= 0 else None
