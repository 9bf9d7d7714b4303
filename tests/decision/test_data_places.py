"""A workspace whose data lie in a database."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copylab import load
from copylab.decision.data import read_data
from copylab.decision.results import analyze_workspace
from copylab.simulation.run import Wish, simulate
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

EXPOSURES = 'exposures: "data/exposures/*.parquet"'
OUTCOMES = "outcomes: data/outcomes.parquet"
SECRET = "a/b@c:d#e"


def kind_of(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    if pa.types.is_integer(kind):
        return "bigint"
    return "double precision" if pa.types.is_floating(kind) else "text"


def fill_database(url: str, files: dict[str, bytes]) -> None:
    import psycopg  # noqa: PLC0415 - only where there is a server

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS lab CASCADE; CREATE SCHEMA lab")
        for name in ("exposures", "outcomes"):
            table = pq.read_table(io.BytesIO(files[f"{name}.parquet"]))
            columns = ", ".join(f'"{f.name}" {kind_of(f.type)}' for f in table.schema)
            connection.execute(f"CREATE TABLE lab.{name} ({columns})")
            copy_in = f"COPY lab.{name} FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
                for row in zip(*(column.to_pylist() for column in table), strict=True):
                    copy.write_row(row)


@pytest.fixture
def filled(root: Path, at: datetime, postgres_url: str) -> dict[str, bytes]:
    files = dict(
        simulate(
            load(root), "hook", 3_000, Wish(7, at, {"coupon": 0.6}, {"click": 0.2})
        ).files
    )
    (root / "data" / "exposures").mkdir(parents=True)
    (root / "data" / "exposures" / "1.parquet").write_bytes(files["exposures.parquet"])
    (root / "data" / "outcomes.parquet").write_bytes(files["outcomes.parquet"])
    fill_database(postgres_url, files)
    return files


def move(root: Path, exposures: str, outcomes: str) -> None:
    """Let the settings point somewhere else."""
    text = (root / "copylab.yaml").read_text()
    text = text.replace(EXPOSURES, f"exposures: {exposures}")
    (root / "copylab.yaml").write_text(text.replace(OUTCOMES, f"outcomes: {outcomes}"))


def test_a_workspace_reads_from_a_database_what_it_reads_from_files(
    root: Path,
    filled: dict[str, bytes],
    postgres_url: str,
    run_copylab: Callable[..., Any],
) -> None:
    assert filled
    where = ("analyze", "hook", "--workspace", str(root), "--format", "json")
    want = run_copylab(*where)
    assert want.code == 0, want.err
    url = postgres_url.replace("tester@", "tester:${OUR_SECRET}@")
    move(
        root,
        f'{{url: "{url}", table: lab.exposures}}',
        f'"{url}#lab.outcomes"',
    )
    got = run_copylab(*where, OUR_SECRET=SECRET)
    assert got.code == 0, got.err
    assert SECRET not in got.out
    ours, theirs = json.loads(want.out), json.loads(got.out)
    cited = theirs.pop("origin")["exposures"][0]
    assert ours.pop("origin")["exposures"][0]["file"] == "data/exposures/1.parquet"
    assert cited["file"].endswith("#lab.exposures")
    assert len(cited["sha256"]) == 64
    assert "tester" not in json.dumps(cited)
    assert rounded(theirs) == rounded(ours)
    assert run_copylab(*where).code == 2  # the variable is not there
    assert "OUR_SECRET" in run_copylab(*where).err
    lint = run_copylab("lint", "--workspace", str(root))
    assert "password" not in lint.out


def rounded(found: object) -> object:
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    if isinstance(found, list):
        return [rounded(value) for value in found]
    return float(f"{found:.9g}") if isinstance(found, float) else found


def test_the_hash_of_a_table_is_that_of_its_rows_in_any_order(
    root: Path, filled: dict[str, bytes], postgres_url: str
) -> None:
    import psycopg  # noqa: PLC0415 - only where there is a server

    def cite() -> tuple[str, int]:
        data = read_data(
            open_workspace(root), "hook",
            exposures=f"{postgres_url}#lab.exposures",
            outcomes=f"{postgres_url}#lab.outcomes",
        )  # fmt: skip
        assert data.sent
        return data.outcomes[0].sha256, data.outcomes[0].size_bytes

    first = cite()
    assert filled
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE lab.other AS SELECT * FROM lab.outcomes ORDER BY random();"
            "DROP TABLE lab.outcomes; ALTER TABLE lab.other RENAME TO outcomes"
        )
        assert cite() == first
        connection.execute(
            "UPDATE lab.outcomes SET event = event || 'x' WHERE ctid = "
            "(SELECT min(ctid) FROM lab.outcomes)"
        )
        assert cite() != first


def test_a_connection_stands_in_for_the_settings(
    root: Path, filled: dict[str, bytes], postgres_url: str
) -> None:
    import ibis  # noqa: PLC0415 - only where there is a server

    assert filled
    want = analyze_workspace(open_workspace(root), "hook")
    host = postgres_url.partition("host=")[2]
    connection = ibis.postgres.connect(host=host, user="tester", database="postgres")
    try:
        got = analyze_workspace(
            open_workspace(root), "hook",
            exposures="lab.exposures", outcomes="lab.outcomes", connection=connection,
        )  # fmt: skip
    finally:
        connection.disconnect()
    assert {arm.arm: arm.n for arm in got.arms} == {a.arm: a.n for a in want.arms}
    assert got.verdict == want.verdict


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ('{url: "postgres://ann:secret@h/d", table: t}', "a password stands"),
        ('"postgres://ann:secret@h/d#t"', "a password stands"),
        ('{url: "oracle://h/d", table: t}', "no address of a database"),
        ('{url: "postgres://h/d"}', "has no 'table'"),
        ('{url: "postgres://h/d", tabel: t, table: t}', "tabel"),
        ('"postgres://h/d"', "names no table"),
    ],
)
def test_what_is_wrong_with_an_address_is_found_where_it_stands(
    root: Path, place: str, told: str
) -> None:
    move(root, place, "data/outcomes.parquet")
    found = [
        item for item in open_workspace(root).findings if item.file == "copylab.yaml"
    ]
    assert [told in item.message for item in found] == [True], found
    assert found[0].line == 5
    assert "secret" not in str(found[0])
