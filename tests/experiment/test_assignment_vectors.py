"""The published vectors, in every engine that runs here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest

from copylab.experiment.bucket_arrays import bucket_arrays
from copylab.experiment.bucket_sql import bucket_sql
from copylab.experiment.buckets import SCHEMES, Scheme, bucket

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]

CHECK_IN_NODE = """
import { readFileSync } from "node:fs";
import { bucket } from "./bucket.mjs";
const rows = JSON.parse(readFileSync(process.argv[2], "utf8"));
const found = rows.map(({ salt, unit }) =>
  ({ salt, unit, "md5-v1": bucket(salt, unit), "sha256-v1": bucket(salt, unit, "sha256") }));
const refused = [["A", "u"], ["a", ""], ["a", 1], ["a", "\\ud800"], ["a\\n", "u"]]
  .filter((pair) => { try { bucket(...pair); return false; } catch { return true; } });
console.log(JSON.stringify([found, refused.length]));
"""


@pytest.fixture
def rows(repository: Path) -> list[Row]:
    text = (repository / "docs/assignment-vectors.json").read_text("utf-8")
    found: list[Row] = json.loads(text)
    return found


@pytest.fixture
def page(repository: Path) -> str:
    return (repository / "docs/assignment-vectors.md").read_text("utf-8")


def expected(rows: list[Row], scheme: Scheme) -> list[tuple[int, int]]:
    return [tuple(row[scheme]) for row in rows]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_python(rows, scheme) -> None:
    found = [bucket(row["salt"], row["unit"], scheme=scheme) for row in rows]
    assert found == expected(rows, scheme)
    assert len(rows) > 50


@pytest.mark.parametrize("scheme", SCHEMES)
def test_arrow_and_numpy(rows, scheme) -> None:
    for row in rows:
        found = bucket_arrays(row["salt"], pa.array([row["unit"]]), scheme=scheme)
        assert [column[0].as_py() for column in found] == row[scheme]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_duckdb(rows, scheme) -> None:
    sql = bucket_sql("salt", "unit", "duckdb", scheme=scheme)
    connection = duckdb.connect()
    connection.execute("create table rows(number int, salt varchar, unit varchar)")
    numbered = [[n, row["salt"], row["unit"]] for n, row in enumerate(rows)]
    connection.executemany("insert into rows values (?, ?, ?)", numbered)
    query = f"select {sql.traffic}, {sql.arm} from rows order by number"
    assert connection.execute(query).fetchall() == expected(rows, scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_postgres(rows, scheme, encoding, postgres_url) -> None:
    import psycopg  # noqa: PLC0415 - where there is a server

    # A text of PostgreSQL holds no NUL.
    kept = [row for row in rows if "\0" not in row["unit"] and _fits(row, encoding)]
    name = f"{encoding}_{scheme}".replace("-", "_")
    with psycopg.connect(postgres_url, autocommit=True) as server:
        kind = f"encoding '{encoding}' locale 'C' template template0"
        server.execute(f"create database {name} {kind}")
    sql = bucket_sql("salt", "unit", "postgres", scheme=scheme)
    null = bucket_sql("'a'", "u", "postgres", scheme=scheme)
    url = postgres_url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(url, client_encoding="UTF8") as db:
        db.execute("create table rows(number int, salt text, unit text)")
        for number, row in enumerate(kept):
            values = (number, row["salt"], row["unit"])
            db.execute("insert into rows values (%s, %s, %s)", values)
        query = f"select {sql.traffic}, {sql.arm} from rows order by number"
        assert db.execute(query).fetchall() == expected(kept, scheme)
        values = "(values (''), (null)) t(u)"
        none = db.execute(f"select {null.traffic}, {null.arm} from {values}").fetchall()
    assert none == [(None, None), (None, None)]
    assert any(not row["unit"].isascii() for row in kept)


def _fits(row: Row, encoding: str) -> bool:
    try:
        row["unit"].encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.spark
@pytest.mark.parametrize("scheme", SCHEMES)
def test_spark(rows, scheme, spark) -> None:
    sql = bucket_sql("salt", "unit", "spark", scheme=scheme)
    numbered = [(n, row["salt"], row["unit"]) for n, row in enumerate(rows)]
    frame = spark.createDataFrame(numbered, "number int, salt string, unit string")
    found = frame.selectExpr("number", f"{sql.traffic} t", f"{sql.arm} a").collect()
    assert [(row.t, row.a) for row in sorted(found)] == expected(rows, scheme)


def test_javascript_as_the_page_shows_it(rows, page, repository, tmp_path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    (code,) = re.findall(r"```js\n(.*?)```", page, re.DOTALL)
    assert len(code.splitlines()) <= 20
    (tmp_path / "bucket.mjs").write_text(code, "utf-8")
    (tmp_path / "check.mjs").write_text(CHECK_IN_NODE, "utf-8")
    vectors = repository / "docs/assignment-vectors.json"
    ran = subprocess.run(
        [node, "check.mjs", str(vectors)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [rows, 5]


def test_the_table_of_the_page_is_of_the_file(rows, page) -> None:
    known = {(row["salt"], row["unit"]): row for row in rows}
    shown = re.findall(
        r"^\| `(.*?)` \| `(.*?)` \| (.*?) \| (.*?) \|$", page, re.MULTILINE
    )
    assert len(shown) >= 8
    for salt, unit, md5, sha256 in shown:
        row = known[salt, unit]
        assert [md5, sha256] == [", ".join(map(str, row[s])) for s in SCHEMES]


def test_the_python_of_the_page_runs(page) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, {})


def test_the_script_writes_the_file_as_it_stands(repository, tmp_path) -> None:
    names: dict[str, Any] = {
        "__name__": "vectors",
        "__file__": str(repository / "scripts/x.py"),
    }
    exec((repository / "scripts/assignment_vectors.py").read_text("utf-8"), names)
    published = names["TARGET"].read_bytes()
    names["TARGET"] = tmp_path / "vectors.json"
    names["main"]()
    assert names["TARGET"].read_bytes() == published
