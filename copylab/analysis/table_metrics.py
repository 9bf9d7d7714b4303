"""Metrics of a plain table: a column, and how its values are put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

Kind = Literal["share", "mean", "ratio"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class TableMetric:
    """A metric that stands in a column.

    Attributes:
        name: What the metric is called in results.
        column: The column with a unit's value, or with an arm's successes.
        kind: ``share`` of units that did it, ``mean`` per unit, or ``ratio`` of sums.
        denominator: The column a ratio is divided by, otherwise None.
    """

    name: str
    column: str
    kind: Kind = "share"
    denominator: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the metric reads."""
        if self.denominator is None:
            return (self.column,)
        return (self.column, self.denominator)


def parse_table_metrics(
    texts: Sequence[str], columns: Sequence[str]
) -> tuple[TableMetric, ...]:
    """The metrics written as ``COLUMN``, ``COLUMN:KIND`` or ``COLUMN:ratio=OTHER``.

    Args:
        texts: What the user wrote, in order.
        columns: The columns of the table, so that a name may hold a colon.

    Raises:
        DataError: No metric, an unknown kind, a ratio without its denominator.
    """
    if not texts:
        raise DataError(
            "no metric is named", help="add --metric COLUMN, or --metric COLUMN:mean"
        )
    metrics = [_parse(text, columns) for text in texts]
    names = [metric.name for metric in metrics]
    return tuple(
        TableMetric(text, metric.column, metric.kind, metric.denominator)
        if names.count(metric.name) > 1
        else metric
        for text, metric in zip(texts, metrics, strict=True)
    )


def parse_covariates(
    texts: Sequence[str], metrics: Sequence[TableMetric]
) -> dict[str, str]:
    """The column of the covariate of each metric that has one, by the metric's name.

    Args:
        texts: ``COLUMN`` for all metrics, or ``METRIC=COLUMN`` for one.
        metrics: The metrics.

    Raises:
        DataError: A metric is unknown, has two covariates, or is its own covariate.
    """
    found: dict[str, str] = {}
    names = {metric.name for metric in metrics}
    for text in texts:
        metric, equals, column = _split_covariate(text, names)
        if equals and metric not in names:
            raise DataError(
                f'covariate "{text}": "{metric}" is not a metric',
                help="write COLUMN, or METRIC=COLUMN with one of the metrics: "
                + ", ".join(f'"{known.name}"' for known in metrics),
            )
        for name in [metric] if equals else [metric.name for metric in metrics]:
            if name in found:
                raise DataError(
                    f'metric "{name}" has two covariates',
                    help="name one COLUMN for all metrics, or one METRIC=COLUMN each",
                )
            found[name] = column if equals else text
    for metric_ in metrics:
        if found.get(metric_.name) in metric_.columns:
            raise DataError(
                f'metric "{metric_.name}" cannot be its own covariate',
                help="name a column from before the assignment",
            )
    return found


def _split_covariate(text: str, names: Collection[str]) -> tuple[str, str, str]:
    """The metric, the sign and the column; a metric's name may hold the sign itself."""
    for name in sorted(names, key=len, reverse=True):
        if text.startswith(f"{name}="):
            return name, "=", text[len(name) + 1 :]
    return text.partition("=")


def _parse(text: str, columns: Sequence[str]) -> TableMetric:
    if text in columns or ":" not in text:
        return TableMetric(text, text)
    for place in (i for i, sign in enumerate(text) if sign == ":"):
        column, rest = text[:place], text[place + 1 :]
        if column not in columns and ":" in rest:
            continue
        word, equals, denominator = rest.partition("=")
        if word in KINDS and (word == "ratio") == bool(denominator):
            kind: Kind = word
            return TableMetric(column, column, kind, denominator or None)
        if word == "ratio" or equals:
            raise DataError(
                f'metric "{text}": a ratio is written COLUMN:ratio=DENOMINATOR',
                help="for example clicks:ratio=sends",
            )
        break
    raise DataError(
        f'metric "{text}": "{text.rsplit(":", 1)[1]}" is not a kind of metric',
        help="the kinds are share, mean and ratio=DENOMINATOR",
    )
