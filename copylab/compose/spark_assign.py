"""Audiences and arms as Spark SQL: nothing goes through Python.

``select_spark`` keeps the users of an audience, and ``assign_spark`` says for each row
what ``copylab.experiment.assign`` says. Where the messages themselves are wanted,
``spark`` composes them; this is for what comes before: counting, choosing, exporting.

A column is compared as its attribute is declared. A column of another type would be
read by rules that SQL does not have, so it is refused with what to cast it to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.audience.condition import refs_of
from copylab.audience.misfits import attribute_types
from copylab.audience.read import read_condition
from copylab.compose.needs import absent_message
from copylab.compose.record import USUAL_UNIT
from copylab.compose.rows import check_columns
from copylab.errors import DataError
from copylab.experiment.assign import prepare_split
from copylab.experiment.bucket_sql import (
    arm_sql,
    bucket_sql,
    salt_literal,
    text_literal,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType

    from copylab.audience.attributes import AttributeType
    from copylab.audience.condition import Condition
    from copylab.catalog import Catalog
    from copylab.experiment.assign import Split
    from copylab.experiment.model import Experiment

ASSIGNED_COLUMNS = ("traffic_bucket", "arm_bucket", "epoch", "arm", "reason")
"""The columns that ``assign_spark`` adds."""

_NAME = "the users"
_FORCED, _INSIDE = "__copylab_forced", "__copylab_inside"
_MISFIT = "__copylab_misfit"
_OWN, _LAYER = "__copylab_own", "__copylab_layer"
_EPOCH = "timestamp_ntz'1970-01-01 00:00:00'"

# By attribute type, the SQL of a column of each of Spark's types; {0} is the column.
# Each gives what the reader of copylab.audience.values gives, null for what it refuses;
# a whole number of more than 64 bits is refused as well. What is refused is told.
_WHOLE = "try_cast({0} as bigint)"
_FINITE = "if(isnan({0}) or abs({0}) = double('infinity'), null, {0})"
_READ: dict[AttributeType, dict[str, str]] = {
    "string": {"string": "{0}"},
    "int": {
        "tinyint": "{0}",
        "smallint": "{0}",
        "int": "{0}",
        "bigint": "{0}",
        "decimal": "if({0} = floor({0}), " + _WHOLE + ", null)",
        "float": "if({0} = rint({0}), " + _WHOLE + ", null)",
        "double": "if({0} = rint({0}), " + _WHOLE + ", null)",
    },
    "decimal": {
        "tinyint": "{0}",
        "smallint": "{0}",
        "int": "{0}",
        "bigint": "{0}",
        "decimal": "{0}",
        "float": _FINITE,
        "double": _FINITE,
    },
    "bool": {"boolean": "{0}"},
    "date": {"date": "{0}"},
    # Bare times in UTC, as days are cut from these in no zone but their own.
    "timestamp": {
        "timestamp": f"timestampadd(MICROSECOND, unix_micros({{0}}), {_EPOCH})",
        "timestamp_ntz": "{0}",
        "date": "cast({0} as timestamp_ntz)",
    },
}
_MAX_SCALE, _MAX_WHOLE = 18, 20
_CASTS: dict[AttributeType, str] = {
    "string": "string",
    "int": "bigint",
    "decimal": "decimal(38, 18)",
    "bool": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}


def select_spark(
    frame: DataFrame, catalog: Catalog, audience: str, *, at: datetime
) -> DataFrame:
    """The users of a Spark table who are in an audience.

    A number that is none of the declared type, such as 2.5 for an int, stops Spark when
    it gets to that row: its error names the attribute, the value and the user.

    Args:
        frame: The users, a row each.
        catalog: A workspace.
        audience: The name of an audience, or a condition.
        at: The time that ``now`` stands for, with a time zone.

    Raises:
        ValueError: The condition is none, or ``at`` has no zone.
        DataError: The table lacks a column, or holds one as another type.
    """
    condition = _condition(catalog, audience)
    inside = audience_sql(frame, condition, audience, at)
    tests = misfit_tests(frame, condition)
    if tests:
        told = " ".join(
            f"when {test} then {_stop_sql(frame, name, kind)}"
            for (name, kind), test in tests.items()
        )
        inside = f"case {told} else {inside} end"
    return frame.where(inside)


def assign_spark(
    frame: DataFrame, catalog: Catalog, experiment: str, *, at: datetime
) -> DataFrame:
    """A Spark table of users with ``ASSIGNED_COLUMNS`` behind its own.

    Arm, reason and buckets are those of ``copylab.experiment.assign``: buckets are null
    for users outside of the audience, ``unit`` is the reason where there is none, and
    ``attribute`` where the audience asks for one whose value cannot be read. A draft is
    assigned as if it ran. The holdout of the workspace is not asked.

    Args:
        frame: The users, a row each.
        catalog: A workspace.
        experiment: The name of an experiment.
        at: The time that the audience's ``now`` stands for, with a time zone.

    Raises:
        ValueError: There is no such experiment, or ``at`` has no zone.
        DataError: The table lacks a column, or holds one as another type; or it has a
            column that would be added.
    """
    found = catalog.experiments.get(experiment)
    if found is None:
        known = ", ".join(sorted(catalog.experiments)) or "none"
        raise ValueError(f"experiment == {experiment!r}, must be one of: {known}")
    taken = {name.lower() for name in frame.columns}.intersection(ASSIGNED_COLUMNS)
    if taken:
        named = ", ".join(f"'{name}'" for name in sorted(taken))
        raise DataError(
            f"has a column that assigning adds: {named}",
            file=_NAME,
            help="rename or drop it",
        )
    return _assign(frame, catalog, found, at)


def audience_sql(
    frame: DataFrame, condition: Condition, owner: str, at: datetime
) -> str:
    """The SQL of a condition over the columns of a Spark table, in any time zone.

    Args:
        frame: The users, a row each.
        condition: The condition.
        owner: What needs its columns, for messages.
        at: The time that ``now`` stands for, with a time zone.

    Raises:
        ValueError: ``at`` has no zone.
        DataError: The table lacks a column, or holds one as another type.
    """
    from copylab.audience.sql import to_sql  # noqa: PLC0415 - sqlglot is heavy

    types = {ref.name: ref.type for ref in refs_of(condition)}
    _check_names(frame, {name: [owner] for name in types})
    columns = {name: _read_column(frame, name, kind) for name, kind in types.items()}
    return to_sql(condition, "spark", now=at, zoned=False, columns=columns)


def misfit_tests(
    frame: DataFrame, condition: Condition
) -> dict[tuple[str, AttributeType], str]:
    """By attribute and type, the SQL of whether it holds what it cannot.

    Attributes are left out whose columns can hold nothing of the kind. The columns are
    those that ``audience_sql`` has passed.

    Args:
        frame: The users, a row each.
        condition: The condition.
    """
    tests = {}
    for name, kind in attribute_types(condition).items():
        column, found = _quoted(name), _type_name(frame.schema[name].dataType)
        form = _READ[kind][found]
        if "null" in form or "try_cast" in form:
            test = f"{column} is not null and ({form.format(column)}) is null"
            is_float = found in {"float", "double"}
            tests[name, kind] = test + f" and not isnan({column})" * is_float
    return tests


def _stop_sql(frame: DataFrame, name: str, kind: AttributeType) -> str:
    """The SQL that stops Spark at a row, which is named."""
    user = ""
    if USUAL_UNIT in frame.columns and name != USUAL_UNIT:
        unit = f"coalesce(cast({_quoted(USUAL_UNIT)} as string), 'null')"
        user = f", ' ({USUAL_UNIT} is ', {unit}, ')'"
    start = text_literal(f"{name}: ", "spark")
    end = text_literal(f" is no {kind}, which it is declared to be", "spark")
    told = f"concat({start}, cast({_quoted(name)} as string), {end}{user})"
    return f"cast(raise_error({told}) as boolean)"


def _assign(
    frame: DataFrame, catalog: Catalog, experiment: Experiment, at: datetime
) -> DataFrame:
    """The steps of ``assign``; each word of a digest is named once and then referred to."""
    _check_unit(frame, experiment)
    split = prepare_split(experiment)
    audience = catalog.audience_of(experiment)
    inside, misfit = "true", "false"
    if audience is not None:
        owner = f"the audience of {experiment.name}"
        inside = audience_sql(frame, audience.condition, owner, at)
        tests = misfit_tests(frame, audience.condition).values()
        misfit = " or ".join(f"({test})" for test in tests) or misfit
    unit = _quoted(experiment.unit)
    own = bucket_sql(salt_literal(split.salt), unit, "spark")
    other = own
    if split.layer is not None:
        other = bucket_sql(salt_literal(split.layer.salt), unit, "spark")
    kept = [_quoted(name) for name in frame.columns]
    words = frame.selectExpr(
        *kept,
        f"{_forced_sql(split, unit)} as {_FORCED}",
        f"{misfit} as {_MISFIT}",
        f"coalesce({inside}, false) as {_INSIDE}",
        f"cast({own.traffic} as int) as {_OWN}_traffic",
        f"cast({own.arm} as int) as {_OWN}_arm",
        f"cast({other.traffic} as int) as {_LAYER}_traffic",
        f"cast({other.arm} as int) as {_LAYER}_arm",
    )
    reasons = words.selectExpr("*", f"{_reason_sql(split)} as reason")
    arm = arm_sql(split.allocation, f"{_OWN}_arm", "spark")
    return reasons.selectExpr(
        *kept,
        f"{_bucket_of('traffic')} as traffic_bucket",
        f"{_bucket_of('arm')} as arm_bucket",
        f"{split.epoch} as epoch",
        f"case reason when 'forced' then {_FORCED} when 'assigned' then {arm} end as arm",
        "reason",
    )


def _forced_sql(split: Split, unit: str) -> str:
    """The SQL of the arm that somebody tries out; null for nearly everybody."""
    if not split.forced:
        return "cast(null as string)"
    branches = " ".join(
        f"when cast(x'{name.encode().hex()}' as string) then {text_literal(arm, 'spark')}"
        for name, arm in split.forced.items()
    )
    return f"case {unit} {branches} end"


def _reason_sql(split: Split) -> str:
    """The SQL of the reason: the first that holds, in the order of ``assign``."""
    reasons = {
        f"{_OWN}_traffic is null": "unit",
        f"{_FORCED} is not null": "forced",
        _MISFIT: "attribute",
        f"not {_INSIDE}": "not_in_audience",
    }
    if split.layer is not None:
        stretches = (
            f"({_LAYER}_traffic >= {start} and {_LAYER}_traffic < {end})"
            for start, end in split.layer.stretches
        )
        reasons[f"not ({' or '.join(stretches)})"] = "excluded_by_layer"
    reasons[f"{_OWN}_traffic >= {split.threshold}"] = "not_in_traffic"
    branches = " ".join(f"when {test} then '{word}'" for test, word in reasons.items())
    return f"case {branches} else 'assigned' end"


def _bucket_of(word: str) -> str:
    """The SQL of the bucket that is noted: none where it decided nothing."""
    return (
        "case when reason in ('unit', 'attribute', 'not_in_audience') then null"
        f" when reason = 'excluded_by_layer' then {_LAYER}_{word} else {_OWN}_{word} end"
    )


def _condition(catalog: Catalog, audience: str) -> Condition:
    found, problems = read_condition(audience, catalog.attributes, catalog.audiences)
    if found is None:
        said = "; ".join(problem.message for problem in problems)
        raise ValueError(f"audience == {audience!r}, is no condition: {said}")
    return found.condition


def _read_column(frame: DataFrame, name: str, kind: AttributeType) -> str:
    """The SQL of a column, read as its attribute is declared."""
    type_ = frame.schema[name].dataType
    found = _type_name(type_)
    form = _READ[kind].get(found)
    if found == "decimal" and not _can_be_compared(type_):
        form, found = None, type_.simpleString()
    if form is None:
        raise DataError(
            f"the column '{name}' holds {found}; the attribute is declared {kind}",
            file=_NAME,
            help=f"cast it first: df.withColumn({name!r}, df[{name!r}]"
            f".cast({_CASTS[kind]!r})); or let copylab.compose.spark read it",
        )
    return form.format(_quoted(name))


def _can_be_compared(kind: DataType) -> bool:
    """Whether a decimal is compared exactly with every number that can be written.

    Spark gives both sides one type of at most 38 digits and cuts decimals where they do
    not fit. A literal has at most 18 digits, and a bigint counts as 20.
    """
    from pyspark.sql.types import DecimalType  # noqa: PLC0415 - Spark is heavy

    assert isinstance(kind, DecimalType)
    return kind.scale <= _MAX_SCALE and kind.precision - kind.scale <= _MAX_WHOLE


def _check_unit(frame: DataFrame, experiment: Experiment) -> None:
    unit = experiment.unit
    _check_names(frame, {unit: [f"the unit of the experiment {experiment.name}"]})
    found = _type_name(frame.schema[unit].dataType)
    if found != "string":
        raise DataError(
            f"the column '{unit}' holds {found} values; the unit of "
            f"{experiment.name} must be a text",
            file=_NAME,
            help="write it as text, always in the same way: 1, 1.0 and 01 are three units",
        )


def _check_names(frame: DataFrame, needs: Mapping[str, list[str]]) -> None:
    """Pass if columns are there, and SQL can tell them from each other."""
    names = tuple(frame.columns)
    check_columns(_NAME, names)
    absent = [name for name in needs if name not in names]
    if absent:
        raise DataError(absent_message(absent, dict(needs)), file=_NAME)
    for name in needs:
        alike = [other for other in names if other.lower() == name.lower()]
        if len(alike) > 1:
            named = " and ".join(f"'{other}'" for other in alike)
            raise DataError(
                f"{named} differ in case only, which Spark's SQL ignores",
                file=_NAME,
                help="rename one",
            )


def _type_name(kind: DataType) -> str:
    """The name of a type in Spark's SQL, without its bounds."""
    name: str = kind.simpleString().partition("(")[0]
    return "string" if name in {"char", "varchar"} else name


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
