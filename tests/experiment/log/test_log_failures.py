"""Full disks, read-only folders, broken journals: an error by name, nothing lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from copylab.errors import UnreadableError
from copylab.experiment.log import ExposureLog, list_journals, recover_exposures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def limit_files() -> Iterator[Callable[[int], None]]:
    """Sets how long a file may get, as a quota would; anybody may do this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size_bytes: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
@pytest.mark.parametrize("buffer_rows", [1, 4])
def test_a_full_disk_names_the_row_and_loses_none_that_was_written(
    tmp_path, make_exposure, read_finished, limit_files, form, buffer_rows
) -> None:
    taken = []
    with ExposureLog(tmp_path, form, buffer_rows=buffer_rows) as log:
        limit_files(4000)  # seven rows and a half
        for number in range(20):
            row = make_exposure(send_id=f"s{number}", unit=f"user-{number}")
            try:
                log.append(row)
            except UnreadableError as error:
                said = error
                break
            else:
                taken.append(row.send_id)
        assert "cannot be written: File too large" in said.message
        assert said.file.endswith(".journal")
        waiting = log.waiting
        assert waiting == (0 if buffer_rows == 1 else 3)
        named = taken[-waiting] if waiting else f"s{len(taken)}"
        assert f"the exposure of unit 'user-{named[1:]}'" in said.message
        assert f"send_id '{named}'" in said.message
        limit_files(resource.RLIM_INFINITY)
        log.append(row)
        taken.append(row.send_id)
    assert [row["send_id"] for row in read_finished(tmp_path)] == taken


def test_half_a_row_that_cannot_be_taken_away_is_in_no_finished_file(
    tmp_path, make_exposure, read_finished, limit_files, monkeypatch
) -> None:
    def refuse(_handle, _size) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("copylab.experiment.log.journal.os.ftruncate", refuse)
    with ExposureLog(tmp_path) as log:
        log.append(make_exposure(send_id="before"))
        limit_files(800)  # a row and a half
        with pytest.raises(UnreadableError, match="cannot be written"):
            log.append(make_exposure(send_id="torn"))
        limit_files(resource.RLIM_INFINITY)
        log.append(make_exposure(send_id="after"))
        assert len(log.unfinished) == 2
        assert log.written == 2
    sends = sorted(row["send_id"] for row in read_finished(tmp_path))
    assert sends == ["after", "before"]
    assert not list_journals(tmp_path)


def test_a_finished_file_that_finds_no_room_leaves_its_rows_in_the_journal(
    tmp_path, make_exposure, read_finished, limit_files
) -> None:
    log = ExposureLog(tmp_path)
    log.append(make_exposure())
    limit_files(700)  # enough for the row, too little for a Parquet file
    with pytest.raises(UnreadableError, match="cannot be finished: File too large"):
        log.roll()
    log.append(make_exposure(send_id="send-2"))
    assert len(log.unfinished) == 2
    with pytest.raises(UnreadableError, match="cannot be finished"):
        log.close()
    limit_files(resource.RLIM_INFINITY)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".journal"] * 2
    assert sum(item.rows for item in recover_exposures(tmp_path)) == 2
    assert len(read_finished(tmp_path)) == 2


def test_a_row_is_taken_though_the_full_journal_behind_it_cannot_be_finished(
    tmp_path, make_exposure, read_finished, limit_files
) -> None:
    with ExposureLog(tmp_path, roll_rows=1) as log:
        limit_files(700)
        for number in range(3):
            log.append(make_exposure(send_id=str(number)))
        assert (log.written, len(log.unfinished)) == (3, 3)
        limit_files(resource.RLIM_INFINITY)
        log.append(make_exposure(send_id="3"))
        assert log.unfinished == ()
    assert len(read_finished(tmp_path)) == 4


_ON_A_FULL_DISK = """
import sys
from datetime import UTC, datetime
from copylab.errors import UnreadableError
from copylab.experiment import ExposureLog
from copylab.experiment.exposure import Exposure

taken = []
log = ExposureLog(sys.argv[1])
try:
    for number in range(1000):
        log.append(Exposure(datetime(2026, 1, 1, tzinfo=UTC), f"s{number}", "e", "s",
            "md5-v1", "user_id", f"u{number}", 1, 2, 1, None, "plain", "assigned", None,
            "m", "plain", None, "sms", "en", 1, "1"))
        taken.append(number)
except UnreadableError as error:
    print(len(taken), error)
try:
    log.close()
except UnreadableError as error:
    print("close", error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_on_a_disk_that_is_really_full_every_row_that_was_taken_is_there_later(
    tmp_path, read_finished
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.decode().strip()}")
    try:
        done = subprocess.run(
            [sys.executable, "-c", _ON_A_FULL_DISK, str(disk)],
            capture_output=True,
            text=True,
            check=True,
        )
        first, _, said = done.stdout.partition(" ")
        taken = int(first)
        assert 10 < taken < 1000
        assert f"unit 'u{taken}'" in said
        assert "No space left on device" in said
        subprocess.run(["mount", "-o", "remount,size=1m", str(disk)], check=True)
        recover_exposures(disk)
        sends = [row["send_id"] for row in read_finished(disk)]
        assert sends == [f"s{number}" for number in range(taken)]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


_IN_A_FOLDER_OF_OTHERS = """
import os, sys
from copylab.errors import UnreadableError
from copylab.experiment.log import ExposureLog

if not os.geteuid():  # root may write anywhere, so be nobody
    os.setuid(65534)
for name in (sys.argv[1], sys.argv[1] + "/below"):
    try:
        ExposureLog(name)
    except UnreadableError as error:
        print(error.message)
"""


def test_a_folder_one_may_not_write_to_is_refused_at_the_start() -> None:
    folder = (
        tempfile.mkdtemp()
    )  # where nobody can look into it, unlike a folder of root
    try:
        Path(folder).chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", _IN_A_FOLDER_OF_OTHERS, folder],
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        Path(folder).chmod(0o700)
        Path(folder).rmdir()
    told = done.stdout.splitlines()
    assert told == ["cannot be written to", "cannot be made: Permission denied"]


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_rows_of_a_journal_that_somebody_took_away_are_in_a_finished_file(
    tmp_path, make_exposure, read_finished, form
) -> None:
    with ExposureLog(tmp_path, form) as log:
        log.append_all([make_exposure(send_id="a"), make_exposure(send_id="b")])
        (journal,) = log.unfinished
        journal.unlink()
        log.append(make_exposure(send_id="c"))
    assert [row["send_id"] for row in read_finished(tmp_path)] == ["a", "b", "c"]


def test_a_folder_that_was_taken_away_is_told_until_it_is_back(
    tmp_path, make_exposure, read_finished
) -> None:
    folder = tmp_path / "log"
    log = ExposureLog(folder)
    log.append(make_exposure(send_id="a"))
    shutil.rmtree(folder)
    with pytest.raises(UnreadableError, match="cannot be finished: No such file"):
        log.roll()
    folder.mkdir()
    log.close()
    assert [row["send_id"] for row in read_finished(folder)] == ["a"]


def _dead_journal(folder, lines: bytes, form: str = "parquet"):
    path = folder / f"exposures-20261122T110000Z-1-0.{form}.journal"
    path.write_bytes(lines)
    return path


def _line(make_exposure, send: str) -> bytes:
    row = make_exposure(send_id=send).to_dict()
    return json.dumps(row).encode() + b"\n"


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_half_a_row_at_the_end_of_a_dead_journal_is_left_out(
    tmp_path, make_exposure, read_finished, form
) -> None:
    lines = _line(make_exposure, "a") + _line(make_exposure, "b")
    _dead_journal(tmp_path, lines + _line(make_exposure, "c")[:100], form)
    log = ExposureLog(tmp_path)
    assert [(item.rows, item.broken) for item in log.recovered] == [(2, None)]
    assert [row["send_id"] for row in read_finished(tmp_path)] == ["a", "b"]
    log.close()


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_lines_a_disk_has_spoilt_are_put_aside_and_the_others_kept(
    tmp_path, make_exposure, read_finished, form
) -> None:
    bad = b"\x00" * 40 + b"\n[1]\n\xff\n"
    lines = _line(make_exposure, "a") + bad + _line(make_exposure, "b")
    _dead_journal(tmp_path, lines, form)
    (done,) = recover_exposures(tmp_path)
    assert done.rows == 2
    assert (tmp_path / done.broken).read_bytes() == bad
    assert [row["send_id"] for row in read_finished(tmp_path)] == ["a", "b"]
    assert not list_journals(tmp_path)


def test_an_empty_dead_journal_is_taken_away(tmp_path) -> None:
    _dead_journal(tmp_path, b"")
    (done,) = recover_exposures(tmp_path)
    assert (done.file, done.rows) == (None, 0)
    assert not list(tmp_path.iterdir())


def test_a_journal_of_another_version_lacks_columns_and_has_others(
    tmp_path, make_exposure, read_finished
) -> None:
    row = make_exposure().to_dict()
    del row["layer"]
    row["mood"] = "fine"
    _dead_journal(tmp_path, json.dumps(row).encode() + b"\n")
    recover_exposures(tmp_path)
    (found,) = read_finished(tmp_path)
    assert found["layer"] is None
    assert found["unit"] == "user-1"


def test_a_journal_that_cannot_be_finished_stays_and_can_be_passed_over(
    tmp_path, make_exposure, read_finished, limit_files
) -> None:
    journal = _dead_journal(tmp_path, _line(make_exposure, "a"))
    limit_files(700)
    with pytest.raises(UnreadableError, match="cannot be finished") as caught:
        ExposureLog(tmp_path)
    assert caught.value.file == str(journal)
    ExposureLog(tmp_path, recover=False).close()
    limit_files(resource.RLIM_INFINITY)
    assert [item.rows for item in recover_exposures(tmp_path)] == [1]
    assert [row["send_id"] for row in read_finished(tmp_path)] == ["a"]


def test_other_files_in_the_folder_are_left_alone(tmp_path) -> None:
    for name in ("notes.journal", "x.csv.journal", "a.parquet.part"):
        (tmp_path / name).write_text("mine")
    assert recover_exposures(tmp_path) == ()
    assert len(list(tmp_path.iterdir())) == 3


def test_a_lock_is_asked_for_by_name_of_the_file_and_not_of_the_process(
    tmp_path, make_exposure
) -> None:
    log = ExposureLog(tmp_path)
    log.append(make_exposure())
    (journal,) = log.unfinished
    # The same number of a process, another process: as after the numbers came round.
    dead = journal.with_name(journal.name.replace("-0.", "-7."))
    dead.write_bytes(journal.read_bytes())
    assert [item.journal for item in recover_exposures(tmp_path)] == [dead.name]
    log.close()
