"""What a user reads who names a server, a table or a column that is not there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from copylab.analysis.engines.opening import open_tables
from copylab.analysis.metrics import MetricSpec
from copylab.analysis.table_form import analyze_units
from copylab.analysis.workspace_form import analyze_experiment
from copylab.data_settings import TableAt, read_table_at
from copylab.errors import CopylabError, DataError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Put = Callable[[str, pa.Table], Any]

ASKED: dict[str, Any] = {"arm": "arm", "control": "a", "metrics": ["y:mean"]}
USERS = pa.table({"arm": ["a", "b"] * 5, "y": [1.0, 2.5] * 5, "day": ["x", "y"] * 5})


def refused(table: object, **other: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        analyze_units(table, **(ASKED | other))  # type: ignore[arg-type]
    assert caught.value.help
    return caught.value


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    where = "postgres://ann:s3cret%21@127.0.0.1:9/crm?connect_timeout=2#public.users"
    error = refused(where)
    assert error.file == "postgres://127.0.0.1:9/crm#public.users"
    assert "cannot be reached" in error.message
    assert "ann:" not in str(error)
    assert "s3cret" not in str(error)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("bigquery://project/set", "names no engine"),
        ("postgres://host:port/db", "address cannot be read"),
        ("postgres://[::1/db", "address cannot be read"),
        ("postgres://u:${NO_SUCH_SECRET}@h/db", "needs NO_SUCH_SECRET"),
        ("${NO_SUCH_ADDRESS}", "needs NO_SUCH_ADDRESS"),
    ],
)
def test_addresses_that_lead_nowhere(url: str, told: str) -> None:
    error = refused(TableAt(url, "public.users"))
    assert told in error.message


def test_a_password_of_the_environment_may_hold_any_sign(
    postgres_url: str, put_in_postgres: Put, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Trust lets everybody in, so what arrives is asked of the connection itself."""
    import psycopg  # noqa: PLC0415 - the extra

    secret, seen = "a/b@c:d?e#f %g+h", []
    usual = psycopg.connect

    def connect(*args: Any, **kwargs: Any) -> Any:
        seen.append(kwargs.get("password"))
        return usual(*args, **kwargs)

    monkeypatch.setattr(psycopg, "connect", connect)
    monkeypatch.setenv("OUR_SECRET", secret)
    name = put_in_postgres("users", USERS)
    host = postgres_url.partition("?")[2]
    url = f"postgres://tester:${{OUR_SECRET}}@/postgres?{host}"
    assert analyze_units(TableAt(url, name), **ASKED).arms[0].n == 5
    assert seen == [secret]
    monkeypatch.setenv("OUR_ADDRESS", postgres_url)
    found = analyze_units(TableAt("${OUR_ADDRESS}", name), **ASKED)
    assert found.arms[0].n == 5


def test_what_a_server_lacks_or_forbids_is_said(
    postgres_url: str, server: Any, put_in_postgres: Put
) -> None:
    name = put_in_postgres("users", USERS)
    assert "no such table" in refused(TableAt(postgres_url, '"our data".no')).message
    assert "no such" in refused(TableAt(postgres_url, "nowhere.users")).message
    error = refused(TableAt(postgres_url, name), metrics=["z"])
    assert 'no column "z"' in error.message
    assert '"arm", "y", "day"' in error.help
    error = refused(TableAt(postgres_url, name), metrics=["day:mean"])
    assert '"day" has 10 unreadable' in error.message
    assert (
        "is not the name of a table" in refused(TableAt(postgres_url, "a..b")).message
    )
    server.execute("CREATE ROLE guest LOGIN")
    try:
        guest = postgres_url.replace("tester@", "guest@")
        assert "may not be read" in refused(TableAt(guest, name)).message
    finally:
        server.execute("DROP ROLE guest")


def test_values_that_no_engine_can_square_are_refused(
    postgres_url: str, put_in_postgres: Put
) -> None:
    huge = pa.table({"arm": ["a", "b"] * 2, "y": [1e200, -1e200, 3.0, 4.0]})
    error = refused(TableAt(postgres_url, put_in_postgres("huge", huge)))
    assert "too large to be squared" in error.message
    holes = pa.table({"arm": ["a", "b"], "y": [float("nan"), 1.0]})
    error = refused(TableAt(postgres_url, put_in_postgres("holes", holes)))
    assert '"y" has 1 NaN value(s)' in error.message


def test_two_places_are_not_joined_in_silence(tmp_path: Path) -> None:
    (tmp_path / "outcomes.csv").write_text("unit,event,at\nu,click,2026-01-01\n")
    metric = MetricSpec("click", "click", role="primary")
    for outcomes in (
        [tmp_path / "outcomes.csv"],
        TableAt("postgres://other/crm", "events"),
    ):
        with pytest.raises(DataError, match="one engine cannot see both"):
            analyze_experiment(
                "x",
                exposures=TableAt("postgres://host/crm", "exposures"),
                outcomes=outcomes,  # type: ignore[arg-type]
                arms={"a": 1, "b": 1},
                control="a",
                metrics=[metric],
            )


@pytest.mark.parametrize(
    ("module", "url", "extra"),
    [
        ("ibis", "postgres://host/db", "postgres"),
        ("psycopg", "postgres://host/db", "postgres"),
        ("ibis", "pyspark://", "spark"),
        ("pyspark.sql", "pyspark://", "spark"),
    ],
)
def test_a_driver_that_is_not_installed_names_its_extra(
    module: str, url: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    error = refused(TableAt(url, "users"))
    assert error.help == f"pip install 'copylab[{extra}]'"


def test_a_connection_of_another_kind_is_a_wrong_call() -> None:
    with pytest.raises(TypeError, match="must be of Ibis"):
        analyze_units("users", connection=object(), **ASKED)


def test_a_table_of_duckdb_is_read_where_it_lies(tmp_path: Path) -> None:
    import duckdb  # noqa: PLC0415 - as its users do

    path = tmp_path / "crm's.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("given", USERS)
        connection.execute(
            'CREATE SCHEMA crm; CREATE TABLE crm."the users" AS FROM given'
        )
    found = analyze_units(f'duckdb://{path}#crm."the users"', **ASKED)
    assert [arm.n for arm in found.arms] == [5, 5]
    assert found.name == 'crm."the users"'
    assert "no such table" in refused(f"duckdb://{path}#crm.others").message
    with pytest.raises(UnreadableError, match="does not exist"):
        analyze_units("duckdb://nowhere.duckdb#users", **ASKED)
    places = TableAt(f"duckdb://{path}", 'crm."the users"'), [tmp_path / "u.csv"]
    (tmp_path / "u.csv").write_text("a\n1\n")
    with open_tables(*places) as (engine, (users, file)):  # one engine sees both
        assert engine.rows(f"SELECT count(*) FROM {users.relation}") == [(10,)]
        assert engine.rows(f"SELECT count(*) FROM {file.relation}") == [(1,)]


def test_an_address_without_a_table_is_refused_without_its_password() -> None:
    with pytest.raises(CopylabError) as caught:
        read_table_at("postgres://ann:secret@host/crm")
    assert "secret" not in str(caught.value)
    assert "names no table" in caught.value.message
