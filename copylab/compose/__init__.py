"""Composing: from users to messages, with the record of why each got which.

``Workspace.compose`` writes to one user. ``Composer`` is the same for one message and
channel, prepared once. ``compose_batches`` takes Arrow record batches, and
``compose_table`` a file; each user is a message or a reject there, nobody is lost.
``assign_table`` and ``assign_spark`` say which arm each user of a table gets, without
composing.

Names are fetched when they are first used: a sending service never imports Arrow.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.compose.assign_rows import assign_table
    from copylab.compose.batch import ComposedBatch, Tally
    from copylab.compose.one import Composed, Composer
    from copylab.compose.result import Rejected, Skipped
    from copylab.compose.spark_assign import assign_spark, select_spark
    from copylab.compose.spark_frame import SparkComposed, spark
    from copylab.compose.summary import TableSummary
    from copylab.compose.table import compose_batches, compose_table

_HOMES = {
    "Composed": "one",
    "ComposedBatch": "batch",
    "Composer": "one",
    "Rejected": "result",
    "Skipped": "result",
    "SparkComposed": "spark_frame",
    "TableSummary": "summary",
    "Tally": "batch",
    "assign_spark": "spark_assign",
    "assign_table": "assign_rows",
    "compose_batches": "table",
    "compose_table": "table",
    "select_spark": "spark_assign",
    "spark": "spark_frame",
}

__all__ = [
    "Composed",
    "ComposedBatch",
    "Composer",
    "Rejected",
    "Skipped",
    "SparkComposed",
    "TableSummary",
    "Tally",
    "assign_spark",
    "assign_table",
    "compose_batches",
    "compose_table",
    "select_spark",
    "spark",
]


def __getattr__(name: str) -> object:
    """A public name, fetched from its home.

    Raises:
        AttributeError: There is no such name.
    """
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'copylab.compose' has no attribute {name!r}")
    value: object = getattr(import_module(f"copylab.compose.{home}"), name)
    globals()[name] = value
    return value
