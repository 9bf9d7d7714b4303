"""The rows inside DuckDB: buckets and arms computed again, counted by what repeats.

Rows never reach Python. What comes out is a line for each combination of columns that
repeat (experiment, arm, reason, words, …) and of what is wrong with the row itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from copylab.analysis.engines.expressions import literal
from copylab.errors import DataError
from copylab.experiment.allocation import Allocation, SlotRange
from copylab.experiment.bucket_sql import (
    arm_sql,
    digest_buckets_sql,
    digest_sql,
    salt_literal,
)
from copylab.experiment.buckets import SCHEMES, SLOTS
from copylab.experiment.slots import WHOLE, subtract

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from copylab.analysis.engines.embedded import Embedded
    from copylab.analysis.sources import Source
    from copylab.decision.audit.expected import Expected
    from copylab.experiment.model import LayerSlots

NEEDED = (
    "ts",
    "send_id",
    "experiment",
    "salt",
    "scheme",
    "unit",
    "traffic_bucket",
    "arm_bucket",
    "epoch",
    "arm",
    "reason",
)
"""Columns without which nothing can be computed again."""

MOST_GROUPS = 200_000
"""Combinations of what repeats, beyond which something does not."""

_REPEATING = (
    "experiment",
    "epoch",
    "salt",
    "scheme",
    "unit_type",
    "layer",
    "arm",
    "reason",
    "template_id",
    "variant",
    "template_hash",
    "channel",
    "locale",
)
_NUMBERS = ("traffic_bucket", "arm_bucket", "epoch")
_PLACED = "('assigned', 'not_in_traffic', 'excluded_by_layer', 'holdout')"

ROW_CHECKS = (
    "unreadable-row",
    "bucket-differs",
    "arm-differs",
    "outside-coverage",
    "inside-coverage",
    "layer-differs",
    "holdout-differs",
    "holdout-ignored",
    "before-epoch",
)
"""What is checked of each row by itself, in the order of the bits that say so."""


class Group(NamedTuple):
    """Rows that are alike in all that repeats, and wrong in the same way.

    Attributes:
        experiment: As the rows have it, like all up to ``locale``; None where empty.
        wrong: The checks of ``ROW_CHECKS`` that the rows fail.
        rows: How many they are.
        example: One of their units, or None.
    """

    experiment: str | None
    epoch: int | None
    salt: str | None
    scheme: str | None
    unit_type: str | None
    layer: str | None
    arm: str | None
    reason: str | None
    template_id: str | None
    variant: str | None
    template_hash: str | None
    channel: str | None
    locale: str | None
    wrong: tuple[str, ...]
    rows: int
    example: str | None


def rows_sql(source: Source) -> str:
    """The SQL of all rows with the columns of the record, texts and numbers as such."""
    columns = [f"{source.time('ts')} AS ts"]
    for name in dict.fromkeys((*NEEDED[1:], *_REPEATING)):
        kind = "INT" if name in _NUMBERS else "VARCHAR"
        value = source.name(name) if name in source.columns else "NULL"
        columns.append(f"TRY_CAST({value} AS {kind}) AS {name}")
    broken = " OR ".join(
        f"({name} IS NOT NULL AND TRY_CAST({name} AS INT) IS NULL)"
        for name in map(source.name, _NUMBERS)
    )
    return f"SELECT {', '.join(columns)}, ({broken}) AS broken FROM {source.relation}"  # noqa: S608 - names of ours


def find_present(
    engine: Embedded, source: Source, known: Mapping[tuple[str, int], Expected]
) -> list[Expected]:
    """The epochs of the workspace that rows belong to, in order.

    Their places in the list are their keys in the table ``known``, which is made.
    """
    pairs = engine.rows(
        f"SELECT DISTINCT experiment, epoch FROM ({rows_sql(source)}) "  # noqa: S608 - as above
        "WHERE experiment IS NOT NULL AND epoch IS NOT NULL",
        source.path,
    )
    present = [known[pair] for pair in sorted(pairs) if pair in known]
    engine.make(
        "known",
        "SELECT * FROM (SELECT ''::VARCHAR AS experiment, 0 AS epoch, 0 AS key, "
        "0::BIGINT AS began, 0 AS least, 0 AS most, ''::VARCHAR AS layer_salt, "
        "[]::VARCHAR[] AS arms, false AS can_be_held) WHERE false",
    )
    for key, item in enumerate(present):
        began = round(item.at.timestamp()) * 1_000_000
        layer_salt = "NULL" if item.layer is None else literal(item.layer.salt)
        arms = ", ".join(map(literal, item.arms))
        engine.run(
            f"INSERT INTO known VALUES ({literal(item.experiment)}, {item.epoch}, "  # noqa: S608 - literals
            f"{key}, {began}, {item.least}, {item.most}, {layer_salt}, [{arms}], "
            f"{str(item.can_be_held).lower()})"
        )
    return present


def count_groups(
    engine: Embedded,
    source: Source,
    present: Sequence[Expected],
    holdout: tuple[str, int] | None,
) -> list[Group]:
    """The rows, counted by what repeats and what is wrong with them.

    Args:
        engine: Where ``find_present`` has made its table.
        source: The exposures.
        present: What it gave.
        holdout: The salt of the holdout, and the bucket below which units are held
            out; None without one.

    Raises:
        DataError: What should repeat from row to row does not.
    """
    bits = " + ".join(
        f"CASE WHEN {condition} THEN {1 << place} ELSE 0 END"
        for place, condition in enumerate(_conditions(holdout))
    )
    named = ", ".join(_REPEATING)
    query = (
        f"SELECT {named}, {bits} AS wrong, count(*), min(unit) "  # noqa: S608 - as above
        f"FROM ({_recomputed(rows_sql(source), present, holdout)}) "
        f"GROUP BY {named}, wrong ORDER BY ALL LIMIT {MOST_GROUPS + 1}"
    )
    found = engine.rows(query, source.path)
    if len(found) > MOST_GROUPS:
        raise DataError(
            f"has more than {MOST_GROUPS:,} different combinations of experiment, arm, "
            "words, channel and locale",
            file=source.path,
            help=f"one of {named} has another value in every row; it should repeat",
        )
    return [
        Group(*row[: len(_REPEATING)], _checks(wrong), rows, example)  # type: ignore[call-arg]
        for *row, wrong, rows, example in found
    ]


def _checks(bits: int) -> tuple[str, ...]:
    return tuple(name for place, name in enumerate(ROW_CHECKS) if bits >> place & 1)


def _recomputed(
    rows: str, present: Sequence[Expected], holdout: tuple[str, int] | None
) -> str:
    """The rows with buckets, slot of the layer and arm as they must be.

    One select a step, so that a row is hashed once and no expression stands twice.
    """
    digests = " ".join(
        f"WHEN '{scheme}' THEN {digest_sql('salt', 'unit', 'duckdb', scheme=scheme)}"
        for scheme in SCHEMES
    )
    in_layer = "NULL"
    if any(item.layer is not None for item in present):
        in_layer = (
            "CASE WHEN layer_salt IS NOT NULL AND reason IN ('assigned', "
            "'not_in_traffic', 'excluded_by_layer') THEN "
            f"{digest_sql('layer_salt', 'unit', 'duckdb')} END"
        )
    held = "NULL"
    if holdout is not None and any(item.can_be_held for item in present):
        held = (
            "CASE WHEN can_be_held AND reason = 'assigned' THEN "
            f"{digest_sql(salt_literal(holdout[0]), 'unit', 'duckdb')} END"
        )
    own = digest_buckets_sql("digest", "duckdb")
    out = digest_buckets_sql("held_digest", "duckdb")
    layer = digest_buckets_sql("layer_digest", "duckdb")
    owners = _by_key(
        (key, arm_sql(item.allocation, "slot", "duckdb"))
        for key, item in enumerate(present)
    )
    inside = _by_key(
        (key, f"{arm_sql(_inside(item.layer), 'layer_slot', 'duckdb')} = 'in'")
        for key, item in enumerate(present)
        if item.layer is not None
    )
    return (
        f"SELECT *, {owners} AS owner, {inside} AS inside FROM ("  # noqa: S608 - as above
        f"SELECT *, {own.traffic} AS traffic, {own.arm} AS slot, "
        f"{layer.traffic} AS layer_slot, {out.traffic} AS held_slot FROM ("
        f"SELECT *, CASE scheme {digests} END AS digest, {in_layer} AS layer_digest, "
        f"{held} AS held_digest "
        f"FROM (SELECT * FROM ({rows}) LEFT JOIN known USING (experiment, epoch))))"
    )


def _by_key(branches: Iterable[tuple[int, str]]) -> str:
    cases = " ".join(f"WHEN {key} THEN {value}" for key, value in branches)
    return f"CASE key {cases} END" if cases else "NULL"


def _inside(layer: LayerSlots) -> Allocation:
    """The slots of a layer as owned by 'in', and all others by 'out'."""
    rest = subtract(WHOLE, layer.stretches)
    ranges = [SlotRange(start, end, "in") for start, end in layer.stretches]
    ranges += [SlotRange(start, end, "out") for start, end in rest]
    return Allocation(tuple(sorted(ranges)))


def _conditions(holdout: tuple[str, int] | None) -> tuple[str, ...]:
    """The SQL of each of ``ROW_CHECKS``: true where a row fails it."""
    salt, held_below = holdout or ("", 0)
    held = f"(salt IS NOT DISTINCT FROM {literal(salt)} AND traffic < {held_below})"
    lacking = f"(reason IN {_PLACED} AND (unit IS NULL OR unit = ''))"
    return (
        f"ts IS NULL OR reason IS NULL OR broken OR {lacking}",
        (
            f"digest IS NOT NULL AND CASE WHEN reason IN {_PLACED} "
            "THEN traffic_bucket IS DISTINCT FROM traffic "
            "OR arm_bucket IS DISTINCT FROM slot "
            "ELSE traffic_bucket <> traffic OR arm_bucket <> slot END"
        ),
        (
            "reason = 'assigned' AND digest IS NOT NULL AND key IS NOT NULL "
            "AND arm IS DISTINCT FROM owner"
        ),
        "reason = 'assigned' AND traffic >= most",
        "reason = 'not_in_traffic' AND traffic < least",
        (
            "CASE WHEN reason = 'excluded_by_layer' "
            "THEN coalesce(inside, key IS NOT NULL) "
            "WHEN reason IN ('assigned', 'not_in_traffic') THEN NOT inside END"
        ),
        f"reason = 'holdout' AND digest IS NOT NULL AND NOT {held}",
        f"held_slot < {held_below}",
        "ts < began AND reason <> 'forced'",
    )


assert SLOTS == 10**6  # what a bucket is compared with above is one
