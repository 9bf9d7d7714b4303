"""DuckDB's SQL said in another engine's words, to the same numbers.

sqlglot translates; what it says otherwise than it is meant stands here: casts that may
fail, tests of floats, the earliest value, texts compared by code points, and spaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from copylab.analysis.engines.engine import EngineName

SPACES = "".join(
    map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000))
)
"""The signs of the Unicode category Zs, which DuckDB trims."""
_MOST_EXACT = "1000000000000000"
"""Whole floats below it are written with all their digits by DuckDB."""

_DIGITS = r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?"
_WORDS = "[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN]"
NUMBER = f"^[+-]?({_DIGITS}|{_WORDS})$"
"""What a text that is a number looks like."""
_DAY = "[0-9]{4,6}-[0-9]{1,2}-[0-9]{1,2}"
_CLOCK = r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?"
_OFFSET = " ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)?"
TIME = f"^{_DAY}([ T]{_CLOCK}{_OFFSET})?$"
"""What a text that is a time looks like: ISO 8601, in UTC where it names no zone."""


def translate(
    query: str, engine: EngineName, *, names: Callable[[str], str] | None = None
) -> str:
    """The query in the words of another engine.

    Args:
        query: A SELECT in DuckDB's SQL.
        engine: ``postgres`` or ``spark``.
        names: What relations of ours are called there, for their usual names.
    """
    tree = sqlglot.parse_one(query, read="duckdb")
    rules = _RULES[engine]
    # From the leaves up, so that a rule sees its arguments as they will be.
    for node in list(tree.walk(bfs=False))[::-1]:
        rule = rules.get(_key(node))
        said = None if rule is None else rule(node)
        if said is not None and said is not node:
            node.replace(said)
    for number, part in enumerate(tree.find_all(exp.Subquery)):
        if not part.alias and isinstance(part.parent, exp.From | exp.Join):
            part.set("alias", exp.TableAlias(this=exp.to_identifier(f"part{number}")))
    for table in tree.find_all(exp.Table) if names is not None else ():
        if not table.db and isinstance(table.this, exp.Identifier):
            _rename(table, names)
    return str(
        tree.sql(engine, identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
    )


def _rename(table: exp.Table, names: Callable[[str], str] | None) -> None:
    old = table.name
    assert names is not None
    new = names(old)
    if new == old:
        return
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(old)))
    table.this.set("this", new)


def _key(node: exp.Expr) -> str:
    """The name of a rule: the node's kind, or the function's own name."""
    if isinstance(node, exp.Anonymous):
        return str(node.name).lower()
    return type(node).__name__


def _call(name: str, *arguments: Any) -> exp.Expr:  # noqa: ANN401 - nodes of sqlglot
    return exp.Anonymous(this=name, expressions=list(arguments))


def _sql(engine: str, text: str, **parts: exp.Expr) -> exp.Expr:
    """An expression written in an engine's own words, with parts put in by name."""
    tree = sqlglot.parse_one(text, read=engine)
    for column in list(tree.find_all(exp.Column)):
        if column.name in parts and not column.table:
            filled = exp.Paren(this=parts[column.name].copy())
            if column is tree:
                return filled
            column.replace(filled)
    return tree


def _is_type(node: exp.Expr, *names: str) -> bool:
    kind = node.args["to"]
    return kind.this in {getattr(exp.DataType.Type, name) for name in names}


def _is_float_text(node: exp.Expr) -> bool:
    """Whether a cast writes a float, told by the cast to a float within it."""
    inner = node.this
    return (
        _is_type(node, "VARCHAR", "TEXT")
        and isinstance(inner, exp.Cast)
        and not isinstance(inner, exp.TryCast)
        and _is_type(inner, "DOUBLE")
    )


def _finite(engine: str) -> Callable[[exp.Expr], exp.Expr]:
    """NaN is above everything in all engines, so that bounds tell finite numbers."""
    kind = "DOUBLE PRECISION" if engine == "postgres" else "DOUBLE"

    def rule(node: exp.Expr) -> exp.Expr:
        bounds = f"(x > CAST('-Infinity' AS {kind}) AND x < CAST('Infinity' AS {kind}))"
        return _sql(engine, bounds, x=node.expressions[0])

    return rule


def _infinite(engine: str) -> Callable[[exp.Expr], exp.Expr]:
    kind = "DOUBLE PRECISION" if engine == "postgres" else "DOUBLE"

    def rule(node: exp.Expr) -> exp.Expr:
        text = f"(x IN (CAST('-Infinity' AS {kind}), CAST('Infinity' AS {kind})))"
        return _sql(engine, text, x=node.this)

    return rule


def _not_a_number(engine: str) -> Callable[[exp.Expr], exp.Expr]:
    """``isnan`` of nothing is nothing, which Spark's own takes for false."""
    kind = "DOUBLE PRECISION" if engine == "postgres" else "DOUBLE"

    def rule(node: exp.Expr) -> exp.Expr:
        return _sql(engine, f"(x = CAST('NaN' AS {kind}))", x=node.this)

    return rule


def _count_if(node: exp.Expr) -> exp.Expr:
    return exp.Filter(
        this=exp.Count(this=exp.Star()), expression=exp.Where(this=node.this.copy())
    )


def _struct_parts(node: exp.Expr) -> Sequence[exp.Expr]:
    return [part.expression for part in node.expression.expressions]


# PostgreSQL


def _postgres_first(node: exp.Expr) -> exp.Expr:
    moment, value = _struct_parts(node)
    text = (
        "(array_agg(v ORDER BY m, v) FILTER (WHERE NOT v IS NULL AND NOT m IS NULL))[1]"
    )
    return _sql("postgres", text, v=value, m=moment)


def _postgres_try(node: exp.Expr) -> exp.Expr:
    said = exp.cast(node.this.copy(), "text", dialect="postgres")
    if _is_type(node, "VARCHAR", "TEXT"):
        return exp.Collate(this=said, expression=exp.to_identifier("C", quoted=True))
    if _is_type(node, "DOUBLE"):
        return _call("pg_temp.copylab_number", said)
    if _is_type(node, "INT"):
        return exp.cast(_call("pg_temp.copylab_whole", said), "int")
    if _is_type(node, "BIGINT"):
        return _call("pg_temp.copylab_whole", said)
    return _call("pg_temp.copylab_time", said)


def _postgres_cast(node: exp.Expr) -> exp.Expr | None:
    """Texts are compared by code points, whatever the database sorts by."""
    if _is_hex(node):
        digits = node.this.expression
        text = "CAST(CAST('x' || d AS BIT(32)) AS BIGINT)"
        return _sql("postgres", text, d=digits)
    if not _is_type(node, "VARCHAR", "TEXT"):
        return None
    said: exp.Expr = exp.cast(node.this.copy(), "text", dialect="postgres")
    if _is_float_text(node):
        text = (
            "CASE WHEN x = trunc(x) AND abs(x) < " + _MOST_EXACT + " "
            "THEN CAST(CAST(x AS NUMERIC) AS TEXT) || '.0' ELSE CAST(x AS TEXT) END"
        )
        said = exp.Paren(this=_sql("postgres", text, x=node.this))
    return exp.Collate(this=said, expression=exp.to_identifier("C", quoted=True))


def _postgres_time(node: exp.Expr) -> exp.Expr:
    text = (
        "CASE WHEN isfinite(x) THEN CAST(extract(epoch FROM x) * 1000000 AS BIGINT) END"
    )
    return exp.Paren(this=_sql("postgres", text, x=node.expressions[0]))


def _postgres_lower(node: exp.Expr) -> exp.Expr:
    """The order by code points knows the capitals of ASCII alone."""
    return _call("pg_temp.copylab_lower", node.this.copy())


def _postgres_contains(node: exp.Expr) -> exp.Expr:
    return _sql("postgres", "(strpos(a, b) > 0)", a=node.this, b=node.expression)


def _is_hex(node: exp.Expr) -> bool:
    """Whether a cast reads hexadecimal digits: ``CAST('0x' || … AS BIGINT)``."""
    inner = node.this
    return (
        _is_type(node, "BIGINT")
        and isinstance(inner, exp.DPipe)
        and isinstance(inner.this, exp.Literal)
        and inner.this.name == "0x"
    )


def _bytes(node: exp.Expr) -> exp.Expr:
    return _call("octet_length", node.expressions[0].copy())


def _trim(node: exp.Expr) -> exp.Expr | None:
    if node.args.get("expression") is not None:
        return None
    return exp.Trim(
        this=node.this.copy(), expression=exp.Literal.string(SPACES), position="BOTH"
    )


# Spark


def _spark_first(node: exp.Expr) -> exp.Expr:
    moment, value = _struct_parts(node)
    text = (
        "min_by(v, named_struct('m', m, 'v', v)) "
        "FILTER (WHERE NOT v IS NULL AND NOT m IS NULL)"
    )
    return _sql("spark", text, v=value, m=moment)


def _spark_try(node: exp.Expr) -> exp.Expr:
    """Spark reads texts as Java does (``1d``), and times without a day: neither here."""
    spaces = exp.Literal.string(SPACES).sql("spark")
    said = f"trim(BOTH {spaces} FROM CAST(x AS STRING))"
    if _is_type(node, "VARCHAR", "TEXT"):
        return _sql("spark", "CAST(x AS STRING)", x=node.this)
    if _is_type(node, "TIMESTAMPTZ"):
        looks = exp.Literal.string(TIME).sql("spark")
        # An offset is written +08:00 there, and a zone without a space before it.
        text = (
            f"CASE WHEN {said} RLIKE {looks} THEN TRY_CAST(regexp_replace("
            f"replace({said}, ' UTC', 'Z'), ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', '$1:$2') "
            "AS TIMESTAMP) END"
        )
        return exp.Paren(this=_sql("spark", text, x=node.this))
    looks = exp.Literal.string(NUMBER).sql("spark")
    number = f"CASE WHEN {said} RLIKE {looks} THEN TRY_CAST({said} AS DOUBLE) END"
    if not _is_type(node, "DOUBLE"):
        number = f"TRY_CAST(rint({number}) AS BIGINT)"
    return exp.Paren(this=_sql("spark", number, x=node.this))


def _spark_cast(node: exp.Expr) -> exp.Expr | None:
    if _is_hex(node):
        text = "CAST(conv(d, 16, 10) AS BIGINT)"
        return _sql("spark", text, d=node.this.expression)
    if not _is_float_text(node):
        return None
    text = (
        "CASE WHEN x = floor(x) AND abs(x) < " + _MOST_EXACT + " "
        "THEN concat(CAST(CAST(x AS BIGINT) AS STRING), '.0') ELSE CAST(x AS STRING) END"
    )
    return exp.Paren(this=_sql("spark", text, x=node.this))


def _spark_time(node: exp.Expr) -> exp.Expr:
    return _call("unix_micros", node.expressions[0].copy())


def _spark_quantile(node: exp.Expr) -> exp.Expr:
    return _call("percentile", node.this.copy(), node.expression.copy())


_RULES: Mapping[str, Mapping[str, Callable[[Any], exp.Expr | None]]] = {
    "postgres": {
        "ArgMin": _postgres_first,
        "TryCast": _postgres_try,
        "Cast": _postgres_cast,
        "Trim": _trim,
        "Contains": _postgres_contains,
        "Lower": _postgres_lower,
        "CountIf": _count_if,
        "epoch_us": _postgres_time,
        "strlen": _bytes,
        "isfinite": _finite("postgres"),
        "IsInf": _infinite("postgres"),
        "IsNan": _not_a_number("postgres"),
    },
    "spark": {
        "ArgMin": _spark_first,
        "TryCast": _spark_try,
        "Cast": _spark_cast,
        "Trim": _trim,
        "PercentileCont": _spark_quantile,
        "epoch_us": _spark_time,
        "strlen": _bytes,
        "isfinite": _finite("spark"),
        "IsInf": _infinite("spark"),
        "IsNan": _not_a_number("spark"),
    },
}
