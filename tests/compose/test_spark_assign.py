from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.experiment import bucket
from copylab.experiment.bucket_sql import bucket_sql, salt_literal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

SALT = "winback_hook.9f3a1c"
EDGE_UNITS = [
    "user-1",
    " user-1",
    "user-1 ",
    "USER-1",
    "é",
    "e\u0301",
    "用户一",
    "😀x",
    "a:b",
    "'",
    "\\",
    '"',
    "\n",
    "\x00",
    "0",
    "1.0",
    "null",
    "x" * 1_000_000,
]


def test_buckets_on_spark_are_those_of_python(spark: SparkSession) -> None:
    units = [*EDGE_UNITS, *(f"user-{number}" for number in range(5000))]
    traffic, arm = bucket_sql(salt_literal(SALT), "unit", "spark")
    rows = [(unit,) for unit in [*units, None, ""]]
    frame = spark.createDataFrame(rows, "unit string").repartition(2)
    found = frame.selectExpr("unit", f"{traffic} as traffic", f"{arm} as arm").collect()
    buckets = {row["unit"]: (row["traffic"], row["arm"]) for row in found}
    assert buckets.pop(None) == (None, None)
    assert buckets.pop("") == (None, None)
    assert buckets == {unit: bucket(SALT, unit) for unit in units}
