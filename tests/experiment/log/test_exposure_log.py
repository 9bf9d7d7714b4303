"""What a log takes, where it puts it, and who may share it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from itertools import count

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.compose.columns import EXPOSURE_TABLE
from copylab.errors import DataError, UnreadableError
from copylab.experiment import ExposureLog
from copylab.experiment.exposure import EXPOSURE_COLUMNS, EXPOSURE_REASONS
from copylab.experiment.log import list_journals, recover_exposures
from copylab.experiment.log.line import LOG_COLUMNS


def _tell(folder, name):
    return sorted(path.name for path in folder.glob(name))


def test_a_closed_log_is_a_parquet_file_with_the_columns_of_the_record(
    tmp_path, make_exposure
) -> None:
    row = make_exposure()
    with ExposureLog(tmp_path / "data" / "exposures") as log:
        log.append(row)
    (path,) = (tmp_path / "data" / "exposures").iterdir()
    table = pq.read_table(path)
    assert tuple(table.column_names) == EXPOSURE_COLUMNS
    assert table.to_pylist() == [row._asdict()]
    assert path.name.startswith(f"exposures-20261122T110000Z-{os.getpid()}-0-")


def test_a_table_that_was_composed_and_a_log_have_the_same_columns() -> None:
    composed = [(column.name, column.type) for column in EXPOSURE_TABLE]
    assert [(column.name, column.kind) for column in LOG_COLUMNS] == composed


def test_json_lines_are_what_an_exposure_says_of_itself(
    tmp_path, make_exposure
) -> None:
    rows = [make_exposure(), make_exposure(unit='"\n\\\u2028', locale="en")]
    with ExposureLog(tmp_path, "jsonl") as log:
        for row in rows:
            log.append(row)
    (path,) = tmp_path.glob("*.jsonl")
    lines = path.read_bytes().decode().split("\n")
    assert [json.loads(line) for line in lines[:-1]] == [r.to_dict() for r in rows]
    assert list(json.loads(lines[0])) == list(EXPOSURE_COLUMNS)


def test_rows_are_in_the_journal_once_append_has_returned(
    tmp_path, make_exposure
) -> None:
    log = ExposureLog(tmp_path)
    log.append(make_exposure())
    (journal,) = log.unfinished
    assert json.loads(journal.read_bytes())["unit"] == "user-1"
    assert log.written == 1
    log.close()


def test_a_log_without_rows_leaves_no_file(tmp_path) -> None:
    with ExposureLog(tmp_path) as log:
        log.flush()
        log.sync()
        log.roll()
    assert not list(tmp_path.iterdir())


def test_files_roll_by_rows_and_by_bytes(tmp_path, make_exposure) -> None:
    with ExposureLog(tmp_path / "rows", roll_rows=10) as log:
        for number in range(25):
            log.append(make_exposure(send_id=str(number)))
    counts = [pq.read_metadata(p).num_rows for p in (tmp_path / "rows").iterdir()]
    assert sorted(counts) == [5, 10, 10]
    with ExposureLog(tmp_path / "bytes", "jsonl", roll_bytes=2000) as log:
        for number in range(25):
            log.append(make_exposure(send_id=str(number)))
    sizes = [path.stat().st_size for path in (tmp_path / "bytes").iterdir()]
    assert len(sizes) > 5
    assert max(sizes) < 3000


def test_the_same_rows_logged_twice_are_two_files(
    tmp_path, make_exposure, read_finished
) -> None:
    with ExposureLog(tmp_path, roll_rows=1) as log:
        for _ in range(3):
            log.append(make_exposure())
    assert len(read_finished(tmp_path)) == 3


def test_rolling_shows_the_rows_to_readers_and_the_log_goes_on(
    tmp_path, make_exposure, read_finished
) -> None:
    with ExposureLog(tmp_path) as log:
        log.append(make_exposure(send_id="a"))
        assert read_finished(tmp_path) == []
        log.roll()
        assert [row["send_id"] for row in read_finished(tmp_path)] == ["a"]
        log.append(make_exposure(send_id="b"))
    assert {row["send_id"] for row in read_finished(tmp_path)} == {"a", "b"}


def test_a_buffer_is_written_when_it_is_full_or_flushed(
    tmp_path, make_exposure
) -> None:
    log = ExposureLog(tmp_path, buffer_rows=3)
    log.append(make_exposure())
    log.append(make_exposure())
    assert (log.written, log.waiting) == (0, 2)
    log.append(make_exposure())
    assert (log.written, log.waiting) == (3, 0)
    log.append(make_exposure())
    log.flush()
    assert (log.written, log.waiting) == (4, 0)
    log.sync()
    log.close()


def test_a_closed_log_takes_nothing(tmp_path, make_exposure) -> None:
    for buffer_rows in (1, 10):
        log = ExposureLog(tmp_path, buffer_rows=buffer_rows)
        log.close()
        log.close()
        with pytest.raises(ValueError, match="closed"):
            log.append(make_exposure())
        with pytest.raises(ValueError, match="closed"):
            log.append_all([make_exposure()])


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("ts", "2026-11-22", "ts == '2026-11-22', must be a time with a zone"),
        ("ts", None, "ts == None, must be a time with a zone"),
        ("ts", datetime(2026, 1, 1), "must be a time with a zone"),  # noqa: DTZ001
        ("send_id", 5, "send_id == 5, must be a text or None"),
        ("unit", b"user", "unit == b'user', must be a text or None"),
        ("unit", 1.0, "must be a text or None"),
        ("traffic_bucket", "5", "must be a whole number or None"),
        ("traffic_bucket", True, "must be a whole number or None"),
        ("arm_bucket", 1_000_000, "must be in 0..999999"),
        ("arm_bucket", -1, "must be in 0..999999"),
        ("epoch", 2**31, "must be in 0..2147483647"),
        ("epoch", 1.5, "must be a whole number or None"),
        ("segments", [1], "must be a whole number or None"),
        ("reason", "guessed", "must be one of assigned, forced"),
        ("channel", None, "channel == None, must be a text"),
        ("locale", {"a": 1}, "must be a text"),
    ],
)
def test_a_row_with_a_wrong_type_is_refused_by_name_and_spoils_nothing(
    tmp_path, make_exposure, read_finished, column, value, words
) -> None:
    with ExposureLog(tmp_path) as log:
        log.append(make_exposure(send_id="before"))
        with pytest.raises(DataError) as caught:
            log.append(make_exposure(**{column: value}))
        log.append(make_exposure(send_id="after"))
    assert words in caught.value.message
    if column != "unit":
        assert "unit 'user-1', experiment 'winback_hook'" in caught.value.message
    rows = read_finished(tmp_path)
    assert [row["send_id"] for row in rows] == ["before", "after"]


def test_what_is_no_exposure_is_a_wrong_call(tmp_path, make_exposure) -> None:
    with ExposureLog(tmp_path) as log:
        for wrong in (None, {}, tuple(make_exposure()), "row", ()):
            with pytest.raises(TypeError, match="takes exposures"):
                log.append(wrong)
    assert not list(tmp_path.iterdir())


def test_rows_of_one_call_are_all_written_or_none(tmp_path, make_exposure) -> None:
    with ExposureLog(tmp_path) as log:
        with pytest.raises(DataError, match="user-2"):
            log.append_all([make_exposure(), make_exposure(unit="user-2", epoch="1")])
        assert (log.written, log.waiting) == (0, 0)
        log.append_all([])
    assert not list(tmp_path.iterdir())


def test_half_of_a_surrogate_pair_is_spelt_out_as_in_all_files(
    tmp_path, make_exposure, read_finished
) -> None:
    with ExposureLog(tmp_path) as log:
        log.append(make_exposure(unit="a\ud83db", send_id="\udc00", locale="\ud800"))
    (row,) = read_finished(tmp_path)
    assert (row["unit"], row["send_id"]) == ("a\\ud83db", "\\udc00")
    assert row["locale"] == "\\ud800"


def test_a_unit_of_a_megabyte_is_kept_whole(
    tmp_path, make_exposure, read_finished
) -> None:
    with ExposureLog(tmp_path, roll_bytes=10) as log:
        log.append(make_exposure(unit="x" * 2**20))
    assert [len(row["unit"]) for row in read_finished(tmp_path)] == [2**20]


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_COUNTS = st.none() | st.integers(0, 2**31 - 1)
_BUCKETS = st.none() | st.integers(0, 999_999)
_COLUMNS = st.fixed_dictionaries(
    {
        "ts": st.datetimes(
            datetime(1, 1, 2),  # noqa: DTZ001 - the zone is drawn
            datetime(9999, 12, 30),  # noqa: DTZ001 - as above
            timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
        ),
        "send_id": st.none() | _TEXTS,
        "unit": st.none() | _TEXTS,
        "traffic_bucket": _BUCKETS,
        "arm_bucket": _BUCKETS,
        "epoch": _COUNTS,
        "arm": st.none() | st.sampled_from(["plain", "none", ""]),
        "reason": st.sampled_from(EXPOSURE_REASONS),
        "locale": _TEXTS,
        "segments": _COUNTS,
    }
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(columns=st.lists(_COLUMNS, min_size=1, max_size=8))
def test_any_exposure_comes_back_from_both_formats_as_it_went_in(
    tmp_path_factory, make_exposure, read_finished, columns
) -> None:
    rows = [make_exposure(**column) for column in columns]
    rows += rows  # the second time by the short way
    for form in ("parquet", "jsonl"):
        folder = tmp_path_factory.mktemp("log")
        with ExposureLog(folder, form, buffer_rows=3) as log:
            for row in rows:
                log.append(row)
        if form == "parquet":
            assert read_finished(folder) == [row._asdict() for row in rows]
        else:
            (path,) = folder.iterdir()
            lines = path.read_bytes().decode().split("\n")[:-1]
            assert [json.loads(line) for line in lines] == [r.to_dict() for r in rows]


def test_duckdb_reads_finished_files_beside_living_journals(
    tmp_path, make_exposure
) -> None:
    with ExposureLog(tmp_path, roll_rows=2) as log:
        for number in range(3):
            log.append(make_exposure(send_id=str(number)))
        found = duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/*.parquet'")
        assert found.fetchall()[0][0] == 2
        (left,) = list_journals(tmp_path)
        assert (left.is_live, left.rows) == (True, 1)


def test_threads_share_a_log(tmp_path, make_exposure, read_finished) -> None:
    with ExposureLog(tmp_path, roll_rows=70, buffer_rows=3) as log:

        def work(name: int) -> None:
            for number in range(300):
                log.append(make_exposure(send_id=f"{name}-{number}"))

        threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    sends = [row["send_id"] for row in read_finished(tmp_path)]
    assert len(sends) == len(set(sends)) == 1200
    assert not list_journals(tmp_path)


@pytest.mark.parametrize("buffer_rows", [1, 5])
def test_what_threads_had_taken_when_the_log_was_closed_is_there_and_no_more(
    tmp_path, make_exposure, read_finished, buffer_rows
) -> None:
    taken: list[str] = []
    for turn in range(10):
        log = ExposureLog(tmp_path, buffer_rows=buffer_rows, roll_rows=200)
        begun = threading.Event()

        def work(name: str, log=log, begun=begun) -> None:
            for number in count():
                send = f"{name}-{number}"
                try:
                    log.append(make_exposure(send_id=send))
                except ValueError:
                    return
                taken.append(send)
                if number == 20:
                    begun.set()

        threads = [
            threading.Thread(target=work, args=(f"{turn}-{name}",)) for name in range(3)
        ]
        for thread in threads:
            thread.start()
        begun.wait()
        log.close()
        for thread in threads:
            thread.join()
        assert log.waiting == 0
    sends = [row["send_id"] for row in read_finished(tmp_path)]
    assert len(sends) == len(set(sends))
    assert set(sends) == set(taken)


def test_two_logs_of_one_process_keep_to_their_own_journals(
    tmp_path, make_exposure, read_finished
) -> None:
    with ExposureLog(tmp_path) as one:
        one.append(make_exposure(send_id="one"))
        with ExposureLog(tmp_path) as two:
            assert two.recovered == ()
            two.append(make_exposure(send_id="two"))
        assert [row["send_id"] for row in read_finished(tmp_path)] == ["two"]
    assert {row["send_id"] for row in read_finished(tmp_path)} == {"one", "two"}


def test_a_forked_child_has_journals_of_its_own_and_none_of_the_parents_rows(
    tmp_path, make_exposure, read_finished
) -> None:
    log = ExposureLog(tmp_path, buffer_rows=2)
    log.append_all([make_exposure(send_id="before")])
    log.append(make_exposure(send_id="waiting"))
    child = os.fork()
    if not child:  # pragma: no cover - another process
        try:
            log.append(make_exposure(send_id="child"))
            log.close()
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    log.append(make_exposure(send_id="after"))
    assert [row["send_id"] for row in read_finished(tmp_path)] == ["child"]
    log.close()
    sends = sorted(row["send_id"] for row in read_finished(tmp_path))
    assert sends == ["after", "before", "child", "waiting"]


_FORKS_WHILE_ARROW_IS_IMPORTED = """
import os, sys, threading, time

from copylab.experiment import ExposureLog
from given_exposure import EXPOSURE

begun = threading.Event()


class SlowDisk:
    @staticmethod
    def find_spec(name, *rest):
        if name == "pyarrow":
            begun.set()
            time.sleep(0.3)


sys.meta_path.insert(0, SlowDisk)
log = ExposureLog(sys.argv[1])
log.append(EXPOSURE)
finishing = threading.Thread(target=log.roll)
finishing.start()
begun.wait()
child = os.fork()
if not child:
    log.append(EXPOSURE._replace(send_id="child"))
    log.close()
    os._exit(0)
finishing.join()
deadline = time.monotonic() + 30
while os.waitpid(child, os.WNOHANG) == (0, 0):
    if time.monotonic() > deadline:
        os.kill(child, 9)
        sys.exit("the child hangs")
    time.sleep(0.05)
log.close()
"""


def test_a_child_forked_while_the_first_file_is_being_finished_finishes_its_own(
    tmp_path, make_exposure, read_finished
) -> None:
    folder = tmp_path / "log"
    source = "import datetime\nfrom copylab.experiment.exposure import Exposure\n"
    source += f"EXPOSURE = {make_exposure(send_id='parent')!r}\n"
    (tmp_path / "given_exposure.py").write_text(source)
    done = subprocess.run(
        [sys.executable, "-c", _FORKS_WHILE_ARROW_IS_IMPORTED, str(folder)],
        check=False, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {row["send_id"] for row in read_finished(folder)} == {"parent", "child"}


def test_a_child_that_never_logs_does_not_keep_its_dead_parents_journal(
    tmp_path, make_exposure
) -> None:
    from_child, to_parent = os.pipe()
    parent = os.fork()
    if not parent:  # pragma: no cover - another process
        log = ExposureLog(tmp_path)
        log.append(make_exposure())
        if not os.fork():
            os.read(from_child, 1)  # lives on until the test says so
        os._exit(0)
    os.waitpid(parent, 0)
    try:
        assert [item.rows for item in recover_exposures(tmp_path)] == [1]
    finally:
        os.write(to_parent, b"x")
        os.close(to_parent)
        os.close(from_child)


def test_a_folder_that_cannot_be_made_or_read_is_an_error_with_its_path(
    tmp_path,
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(UnreadableError, match="cannot be made"):
        ExposureLog(file)
    with pytest.raises(UnreadableError, match="cannot be made"):
        ExposureLog(file / "below")
    with pytest.raises(UnreadableError, match="is not a folder"):
        recover_exposures(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "csv"},
        {"name": ""},
        {"name": "a/b"},
        {"name": ".hidden"},
        {"name": "*"},
        {"buffer_rows": 0},
        {"roll_rows": 1.5},
        {"roll_bytes": True},
    ],
)
def test_a_wrong_argument_is_a_value_error(tmp_path, wrong) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ExposureLog(tmp_path, **wrong)


def test_a_service_that_logs_imports_no_table_library() -> None:
    code = "from copylab.experiment import ExposureLog; import sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()
    assert "copylab.experiment.log.journal" in loaded
    assert not {"pyarrow", "duckdb", "pandas", "numpy", "yaml"} & set(loaded)
