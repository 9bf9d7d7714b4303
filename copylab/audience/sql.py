"""Conditions as SQL: the same audience, computed where the table is.

Imports sqlglot; a service that asks about single users never imports this module.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

from copylab.audience.condition import (
    Always,
    And,
    Between,
    Compare,
    Constant,
    Flag,
    In,
    IsNull,
    Like,
    Named,
    Not,
    Now,
    Or,
    Ref,
)
from copylab.audience.values import read_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.audience.condition import Comparison, Condition, Leaf, Operand

_COMPARISONS: dict[Comparison, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def to_sql(
    condition: Condition,
    dialect: str,
    *,
    now: datetime,
    zoned: bool = True,
    columns: Mapping[str, str] | None = None,
) -> str:
    """The condition in SQL, to stand behind ``where``.

    ``now`` is written as a literal, so that the query gives the same users whenever it
    runs. Names are quoted, except where the dialect folds bare names to upper case.
    A database that converts between zoned and bare times does so in the zone of the
    session, which must therefore be UTC.

    Args:
        condition: The condition.
        dialect: A dialect of sqlglot, such as ``duckdb``, ``spark`` or ``bigquery``.
        now: The bound time of the run, with a zone.
        zoned: Whether timestamp columns carry a zone; False for columns without one
            that hold UTC.
        columns: The SQL of attributes that are not columns of their own names.

    Raises:
        ValueError: The dialect is unknown, or ``now`` has no zone.
    """
    target = Dialect.get_or_raise(dialect)
    upper = target.normalization_strategy is NormalizationStrategy.UPPERCASE
    # What Spark calls a timestamp has a zone; the others have their words from sqlglot.
    bare = "TIMESTAMPNTZ" if dialect == "spark" else "TIMESTAMP"
    writer = _Writer(
        read_now(now),
        quoted=not upper,
        kind="TIMESTAMPTZ" if zoned else bare,
        columns={} if columns is None else columns,
    )
    return writer.condition(condition).sql(dialect=target)


class _Writer:
    """Makes sqlglot's tree of ours."""

    def __init__(
        self, now: datetime, *, quoted: bool, kind: str, columns: Mapping[str, str]
    ) -> None:
        self.now = now
        self.quoted = quoted
        self.kind = kind
        self.columns = columns

    def condition(self, condition: Condition) -> exp.Expr:
        """The SQL of a condition, in brackets where it joins others."""
        if isinstance(condition, And | Or):
            parts = [self.condition(part) for part in condition.conditions]
            join = exp.and_ if isinstance(condition, And) else exp.or_
            return exp.paren(join(*parts, copy=False), copy=False)
        if isinstance(condition, Not):
            inner = self.condition(condition.condition)
            return exp.Not(this=exp.paren(inner, copy=False))
        if isinstance(condition, Named):
            return self.condition(condition.condition)
        return self.leaf(condition)

    def leaf(self, leaf: Leaf) -> exp.Expr:
        """The SQL of a comparison."""
        if isinstance(leaf, Always):
            return exp.Boolean(this=leaf.value)
        if isinstance(leaf, IsNull):
            return exp.Is(this=self.operand(leaf.ref), expression=exp.Null())
        if isinstance(leaf, Flag):
            return self.operand(leaf.ref)
        if isinstance(leaf, Like):
            pattern = exp.Literal.string(leaf.pattern)
            return exp.Like(this=self.operand(leaf.operand), expression=pattern)
        if isinstance(leaf, In):
            values = [self.operand(value) for value in leaf.values]
            return exp.In(this=self.operand(leaf.operand), expressions=values)
        if isinstance(leaf, Between):
            low, high = self.operand(leaf.low), self.operand(leaf.high)
            return exp.Between(this=self.operand(leaf.operand), low=low, high=high)
        return self.compare(leaf)

    def compare(self, leaf: Compare) -> exp.Expr:
        """The SQL of two operands compared."""
        kind = _COMPARISONS[leaf.op]
        left, right = self.operand(leaf.left), self.operand(leaf.right)
        return kind(this=left, expression=right)

    def operand(self, operand: Operand) -> exp.Expr:
        """The SQL of an operand."""
        if isinstance(operand, Ref):
            given = self.columns.get(operand.name)
            if given is not None:
                return exp.Var(this=f"({given})")
            return exp.column(operand.name, quoted=self.quoted)
        if isinstance(operand, Now):
            return self.time(self.now + operand.shift)
        if isinstance(operand, Constant):
            return self.literal(operand.value)
        if isinstance(operand.of, Now):
            return self.literal((self.now + operand.of.shift).date())
        return exp.cast(self.operand(operand.of), "DATE", copy=False)

    def literal(self, value: str | float | Decimal | date) -> exp.Expr:
        """The SQL of a constant."""
        if isinstance(value, bool):
            return exp.Boolean(this=value)
        if isinstance(value, str):
            return exp.Literal.string(value)
        if isinstance(value, datetime):
            return self.time(value)
        if isinstance(value, date):
            return exp.cast(exp.Literal.string(value.isoformat()), "DATE", copy=False)
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        number = exp.Literal.number(text.lstrip("-"))
        return exp.Neg(this=number) if text.startswith("-") else number

    def time(self, at: datetime) -> exp.Expr:
        """The SQL of a time."""
        bare = at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
        text = f"{bare}+00:00" if self.kind == "TIMESTAMPTZ" else bare
        return exp.cast(exp.Literal.string(text), self.kind, copy=False)
