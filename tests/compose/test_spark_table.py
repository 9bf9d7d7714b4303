from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from copylab.cli.compose import compose
from copylab.compose import compose_table
from copylab.compose.spark_errors import explain_spark, telling
from copylab.compose.spark_session import spark_session
from copylab.compose.spark_table import compose_spark_table
from copylab.errors import CopylabError, DataError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pyspark.sql import SparkSession

    from copylab.workspace import Workspace

pytestmark = pytest.mark.spark

ENDINGS = (".parquet", ".csv", ".jsonl")


def users(count: int) -> list[dict[str, Any]]:
    names = [
        "Ann",
        " Bo ",
        "",
        "😀",
        "王小明",
        'O"Neil',
        "a,b",
        "back\\slash",
        "x" * 20,
    ]
    return [
        {
            "user_id": f"u{n}" if n % 17 else None,
            "locale": ["en-US", "zh-CN", "fr"][n % 3],
            "loans": str(n % 2) if n % 23 else "many",
            "joined_at": "2026-01-01T00:00:00Z" if n % 5 else None,
            "name": names[n % len(names)],
            "amount": "12.50" if n % 7 else "a lot",
            "link": "a/b" if n % 11 else None,
        }
        for n in range(count)
    ]


def write_users(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=100)
    elif path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def read_table(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, or of the files in a folder."""
    files = sorted(path.glob("part-*")) if path.is_dir() else [path]
    rows: list[dict[str, Any]] = []
    for file in files:
        if path.suffix == ".parquet":
            rows += pq.read_table(file, partitioning=None).to_pylist()
        elif path.suffix == ".csv":
            with file.open(newline="", encoding="utf-8") as opened:
                rows += csv.DictReader(opened)
        else:
            rows += map(json.loads, file.read_text("utf-8").splitlines())
    return rows


def ordered(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)


@pytest.fixture
def both(spark: SparkSession, shop: Workspace, at: datetime, tmp_path: Path) -> Any:
    """Composes a file with both engines and compares all that they write."""
    assert spark is not None

    def run(source: Path, ending: str = ".parquet") -> tuple[Any, Any]:
        how: dict[str, Any] = {"channel": "sms", "at": at, "send_id": "s"}
        here, there = tmp_path / "here", tmp_path / "there"
        here.mkdir(exist_ok=True)
        there.mkdir(exist_ok=True)
        local = compose_table(shop, "news", source, here / f"out{ending}", **how)
        with spark_session() as session:
            distributed = compose_spark_table(
                session, shop, "news", str(source), str(there / f"out{ending}"), **how
            )
        assert distributed.tally == local.tally
        assert distributed.sold == local.sold
        assert distributed.repeated_rows == local.repeated_rows
        for part, path in local.files.items():
            written = distributed.files[part]
            assert written.relative_to(there) == path.relative_to(here)
            assert (written / "_SUCCESS").exists()
            assert ordered(read_table(written)) == ordered(read_table(path)), part
        assert not [path for path in there.rglob(".*") if path.name != "._SUCCESS.crc"]
        return local, distributed

    return run


@pytest.mark.parametrize(
    "ending", [".parquet", ".csv", pytest.param(".jsonl", marks=pytest.mark.fuzz)]
)
def test_a_file_on_spark_becomes_the_rows_of_the_local_engine(
    both: Any, tmp_path: Path, ending: str
) -> None:
    rows = users(700)
    rows += rows[5:9]
    source = write_users(tmp_path / f"some users [1]{ending}", rows)
    local, _ = both(source, ending)
    assert local.tally.rows == 704
    assert local.tally.without["rejected", "duplicate"] >= 4
    assert local.tally.composed > 100
    assert local.tally.count("rejected") > 100
    assert local.tally.without["rejected", "attribute"] > 10


def test_what_are_no_json_lines_is_told_as_of_a_local_file(
    spark: SparkSession, shop: Workspace, at: datetime, tmp_path: Path
) -> None:
    assert spark is not None
    source = tmp_path / "users.jsonl"
    source.write_text("user_id,loans\nu1,0\n", "utf-8")
    with spark_session() as session, pytest.raises(DataError) as caught:
        compose_spark_table(
            session, shop, "news", str(source), str(tmp_path / "out.jsonl"),
            channel="sms", at=at,
        )  # fmt: skip
    assert "not JSON" in caught.value.message
    assert (caught.value.file, caught.value.line) == (str(source), 1)


def test_broken_lines_are_rejected_as_they_are_from_a_local_file(
    both: Any, tmp_path: Path
) -> None:
    rows = [json.dumps(row, ensure_ascii=False) for row in users(40)]
    rows[3:3] = ["", "  \u3000", "{", "[1]", '{"a": 1, "a": 2}', '{"name": "\\ud83d"}']
    rows.append('{"user_id": 7, "amount": NaN, "loans": 1e400}')
    source = tmp_path / "users.jsonl"
    source.write_text("\ufeff" + "\r\n".join(rows), "utf-8")
    local, _ = both(source, ".jsonl")
    assert local.tally.without["rejected", "unreadable"] == 3


@pytest.mark.parametrize("packed", [pytest.param(False, marks=pytest.mark.fuzz), True])
def test_cells_over_several_lines_are_read_as_from_a_local_file(
    both: Any, tmp_path: Path, *, packed: bool
) -> None:
    rows = [{**row, "note": 'two\nlines, "and" more'} for row in users(30)]
    source = write_users(tmp_path / "users.csv", rows)
    with source.open("a", newline="", encoding="utf-8") as file:
        file.write('too,few\r\n\r\n"stray"quote,x\r\n')
    if packed:
        source = tmp_path / "users.csv.gz"
        source.write_bytes(gzip.compress((tmp_path / "users.csv").read_bytes()))
    local, _ = both(source, ".csv")
    assert local.tally.without["rejected", "unreadable"] == 2


@pytest.mark.parametrize(
    "ending",
    [".parquet", *(pytest.param(end, marks=pytest.mark.fuzz) for end in ENDINGS[1:])],
)
def test_a_folder_of_files_is_one_table_in_the_order_of_names(
    spark: SparkSession, shop: Workspace, at: datetime, tmp_path: Path, ending: str
) -> None:
    assert spark is not None
    rows = users(300)
    folder = tmp_path / f"all{ending}"
    folder.mkdir()
    for place in (2, 0, 1):
        some = rows[place * 100 : place * 100 + 100]
        write_users(folder / f"{place}{ending}", some)
    output = tmp_path / f"out{ending}"
    with spark_session() as session:
        compose_spark_table(
            session, shop, "news", f"{folder}/", str(output), channel="sms", at=at
        )
    found = read_table(output) + read_table(tmp_path / f"out.rejects{ending}")
    units = {int(row["row"]): row["unit"] for row in found}
    assert len(found) == 300
    assert all((units[n] or None) == row["user_id"] for n, row in enumerate(rows))


def test_the_command_says_what_the_local_one_says(
    spark: SparkSession, shop: Workspace, at: datetime, tmp_path: Path
) -> None:
    assert spark is not None
    source = write_users(tmp_path / "users.jsonl", users(60))
    texts = []
    for engine in ("local", "spark"):
        folder = tmp_path / engine
        folder.mkdir()
        command = ["news", "--users", str(source), "--output", f"{folder}/out.csv"]
        command += ["--channel", "sms", "--at", at.isoformat(), "--engine", engine]
        done = CliRunner().invoke(compose, [*command, "-w", str(shop.root)])
        assert done.exit_code == 0, done.output
        texts.append(done.output.replace(f"/{engine}/", "/"))
    assert texts[0] == texts[1]
    assert "60 rows" in texts[0]


def test_what_cannot_be_composed_leaves_the_output_as_it_was(
    spark: SparkSession, shop: Workspace, at: datetime, tmp_path: Path
) -> None:
    assert spark is not None

    def refuse(source: Path, output: str = "out.csv") -> str:
        before = sorted(path.name for path in tmp_path.rglob("*"))
        where = str(tmp_path / output)
        with pytest.raises(CopylabError) as error, spark_session() as session:
            compose_spark_table(
                session, shop, "news", str(source), where, channel="sms", at=at
            )
        assert sorted(path.name for path in tmp_path.rglob("*")) == before
        assert "\n\tat " not in str(error.value)
        assert len(str(error.value)) < 700
        return str(error.value)

    good = write_users(tmp_path / "users.csv", users(3))
    assert "is not there" in refuse(tmp_path / "no.csv")
    assert "ending" in refuse(tmp_path / "users.xlsx")
    assert "ending" in refuse(good, "out.xlsx")
    assert "the folder of the output is not there" in refuse(good, "no/out.csv")
    assert "holds the users" in refuse(good, "users.csv")
    (tmp_path / "taken.csv").mkdir()
    assert "no folder that Spark wrote" in refuse(good, "taken.csv")
    for name in ("few.csv", "few.jsonl", "few.parquet"):
        few = write_users(tmp_path / name, [{"user_id": "u", "name": "Ann"}] * 3)
        lacking = refuse(few)
        assert "'loans' (the audience of hook)" in lacking
        assert "'link' (the variable link)" in lacking
        assert name in lacking
    latin = tmp_path / "latin.csv"
    latin.write_bytes(good.read_bytes() + "u9,en-US,0,,\xe9,1,a\n".encode("latin-1"))
    assert "byte 0xE9 is not UTF-8" in refuse(latin)
    torn = tmp_path / "torn.parquet"
    write_users(torn, users(300))
    torn.write_bytes(torn.read_bytes()[:2000])
    assert "Spark failed: " in refuse(torn)
    empty = tmp_path / "empty.csv"
    empty.write_text(good.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    assert "holds no users" in refuse(empty)
    odd = tmp_path / "odd.parquet"
    table = pa.Table.from_pylist(users(3)).append_column(
        "seen", pa.array([1, 2, 3], pa.timestamp("ns"))
    )
    pq.write_table(table, odd, version="2.6")
    assert "microseconds" in refuse(odd)


def test_an_output_of_spark_is_replaced_and_nothing_else(
    spark: SparkSession, shop: Workspace, at: datetime, tmp_path: Path
) -> None:
    assert spark is not None
    output = tmp_path / "out.jsonl"
    for count in (5, 8):
        source = write_users(tmp_path / "users.csv", users(count))
        with spark_session() as session:
            how: dict[str, Any] = {"channel": "sms", "at": at}
            compose_spark_table(session, shop, "news", str(source), str(output), **how)
    assert (
        len(read_table(output)) + len(read_table(tmp_path / "out.rejects.jsonl")) == 8
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.exposures.jsonl",
        "out.jsonl",
        "out.rejects.jsonl",
        "users.csv",
    ]


def test_a_worker_without_copylab_says_so(tmp_path: Path) -> None:
    """The function that is sent is run where copylab cannot be imported."""
    from pyspark.cloudpickle import dumps  # noqa: PLC0415 - Spark is heavy

    def work(batches: Any) -> Any:
        yield from batches

    sent = tmp_path / "sent"
    sent.write_bytes(dumps(telling(work)))
    code = (
        "import sys; sys.modules['copylab'] = None\n"
        "from pyspark import cloudpickle\n"
        f"run = cloudpickle.loads(open({str(sent)!r}, 'rb').read())\n"
        "try: list(run([]))\n"
        "except RuntimeError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    error = explain_spark(RuntimeError(done.stdout.decode()))
    assert isinstance(error, DataError)
    assert "Spark's workers cannot import copylab" in error.message
    assert "install copylab" in error.help


def test_without_java_the_command_says_what_to_install(
    run_copylab: Any, shop: Workspace, tmp_path: Path
) -> None:
    source = write_users(tmp_path / "users.csv", users(3))
    command = ["compose", "news", "--users", source, "--output", tmp_path / "out.csv"]
    command += ["--channel", "sms", "--engine", "spark", "-w", shop.root]
    done = run_copylab(*map(str, command), JAVA_HOME="/nowhere")
    assert done.code == 2
    assert done.err.startswith(
        "error: Spark cannot start Java\n  help: install Java 17"
    )
    assert done.err.count("\n") == 2
    done = run_copylab(
        *map(str, command[:-4]),
        "--engine",
        "local",
        "--master",
        "local[1]",
        "-w",
        str(shop.root),
    )
    assert done.code == 2
    assert "--master is for --engine spark" in done.err


def test_the_command_starts_a_quiet_spark_of_its_own(
    run_copylab: Any, shop: Workspace, tmp_path: Path
) -> None:
    source = write_users(tmp_path / "users.parquet", users(50))
    command = [
        "compose",
        "news",
        "--users",
        source,
        "--output",
        tmp_path / "out.parquet",
    ]
    command += ["--channel", "sms", "--engine", "spark", "--master", "local[2]"]
    done = run_copylab(*map(str, command), "-w", str(shop.root))
    assert (done.code, done.err) == (0, "")
    assert "50 rows" in done.out
    assert len(read_table(tmp_path / "out.exposures.parquet")) > 10
