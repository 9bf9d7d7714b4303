"""Names that the Python of a page takes for known, as its text says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
from doc_pages import ROOT

import copylab

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)
USER = {
    "user_id": "user-1",
    "locale": "en-US",
    "last_visit_at": datetime(2026, 9, 1, tzinfo=UTC),
    "call_name": "Maria",
    "link": "w/7Kq2",
}


def given_names(page: str, folder: Path) -> dict[str, Any]:
    """The names that a page's examples find.

    Args:
        page: The page.
        folder: The workspace that its examples run in.
    """
    given: dict[str, Any] = {"now": NOW, "user": USER}
    given["out"] = folder / "out"
    if page == "README.md":
        given |= {"send": [].append, "log": [].append}
    if page == "docs/own-rules.md":
        given["__name__"] = "acme_copy.rules"
    if page == "docs/exposures.md":
        workspace = copylab.load(folder)
        given |= {"workspace": workspace, "key": "send-1"}
    if page == "docs/sources.md":
        given["connection"] = _database()
    return given


def _database() -> duckdb.DuckDBPyConnection:
    """A database with the table of users that docs/sources.md reads."""
    connection = duckdb.connect()
    connection.execute("create schema crm")
    connection.execute(
        "create table crm.users as select if(range % 2 = 0, 'A', 'B') as arm, "
        "range % 7 as spend from range(1000)"
    )
    return connection


def given_by_spark(spark: SparkSession) -> dict[str, Any]:
    """What docs/scale.md calls its own: a workspace, and a table of users in Spark."""
    rows = [
        {
            "user_id": f"user-{number}",
            "locale": "en-US",
            "approved_at": datetime(2026, 10, 1, tzinfo=UTC),
            "registered_at": datetime(2026, 9, 1, tzinfo=UTC),
            "loans": 0,
            "open_loans": 0,
            "app_installed": True,
            "limit": 2000,
            "days_approved": 52,
            "link": f"a{number}",
        }
        for number in range(20)
    ]
    return {"df": spark.createDataFrame(rows), "workspace": copylab.load(ROOT)}
