"""Why a column cannot be summed: what is in it, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.errors import DataError

if TYPE_CHECKING:
    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source
    from copylab.analysis.table_metrics import TableMetric

_KINDS = {
    "empty": "raw IS NULL OR trim(raw) = ''",
    "NaN": "isnan(x)",
    "infinite": "isinf(x)",
    "unreadable": "trim(raw) <> '' AND x IS NULL",
}
_NEITHER = "neither 0 nor 1"
_CURES = {
    _NEITHER: "a share needs 0 or 1 for every unit; for amounts use :mean",
    "unreadable": "write plain numbers, with a dot and without a currency",
}
_CURE = "give every row a number, 0 where nothing happened, or drop such rows knowingly"


def diagnose(engine: Engine, source: Source, metric: TableMetric) -> DataError:
    """The error that names the first unusable column of a metric, with counts.

    Args:
        engine: Where the source is queried.
        source: The table.
        metric: A metric whose sums do not cover every row with a number.
    """
    for column in metric.columns:
        kinds = dict(_KINDS)
        if metric.kind == "share":
            kinds[_NEITHER] = "isfinite(x) AND x NOT IN (0, 1)"
        found, example = _count(engine, source, column, kinds)
        if found:
            counts = " and ".join(f"{count:,} {kind}" for kind, count in found.items())
            shown = f', "{example}" for one' if example is not None else ""
            return DataError(
                f'column "{column}" has {counts} value(s){shown}',
                file=source.path,
                help=next((_CURES[kind] for kind in found if kind in _CURES), _CURE),
            )
    return DataError(
        f'the values of "{metric.column}" are too large to be squared and summed',
        file=source.path,
        help="check the unit of the column",
    )


def _count(
    engine: Engine, source: Source, column: str, kinds: dict[str, str]
) -> tuple[dict[str, int], str | None]:
    """How many values of each kind there are, and an example of the written ones."""
    counted = ", ".join(f"count_if({condition})" for condition in kinds.values())
    telling = " OR ".join(
        f"({kinds[kind]})" for kind in ("unreadable", _NEITHER) if kind in kinds
    )
    rows = engine.rows(
        f"SELECT {counted}, min(raw) FILTER (WHERE {telling}) FROM "  # noqa: S608 - names are quoted
        f"(SELECT {source.word(column)} AS raw, "
        f"{source.number(column)} AS x FROM {source.relation})",
        source.path,
    )
    *counts, example = rows[0]
    found = {
        kind: int(count) for kind, count in zip(kinds, counts, strict=True) if count
    }
    return found, example
