from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from copylab.cli.screen.progress import shown_progress

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the seconds since the start; a test that waits for them would be slow."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def go_to(seconds: float) -> None:
        now[0] = 1000.0 + seconds

    return go_to


def test_a_short_run_says_nothing(
    capsys: pytest.CaptureFixture[str], clock: Callable[[float], None]
) -> None:
    with shown_progress("composing") as show:
        for rows in range(0, 101, 10):
            clock(rows / 100)
            show(rows, 100)
    assert capsys.readouterr() == ("", "")


def test_each_tenth_is_a_line_with_the_rate_and_the_time_left(
    capsys: pytest.CaptureFixture[str], clock: Callable[[float], None]
) -> None:
    with shown_progress("composing") as show:
        for seconds, rows in (
            (4, 400),
            (4.1, 410),
            (9, 900),
            (10, 1000),
            (100, 10_000),
        ):
            clock(seconds)
            show(rows, 10_000)
    out, told = capsys.readouterr()
    assert out == ""
    assert told == "composing 1,000 of 10,000 (10 %), 100 rows/s, 90 s left\n"


def test_rows_of_an_earlier_run_are_no_speed_of_this_one(
    capsys: pytest.CaptureFixture[str], clock: Callable[[float], None]
) -> None:
    with shown_progress("composing") as show:
        show(5000, 10_000)
        clock(10)
        show(6000, 10_000)
    told = capsys.readouterr().err
    assert told == "composing 6,000 of 10,000 (60 %), 100 rows/s, 40 s left\n"


def test_where_the_number_is_not_known_each_million_is_a_line(
    capsys: pytest.CaptureFixture[str], clock: Callable[[float], None]
) -> None:
    with shown_progress("composing") as show:
        for rows in (900_000, 1_000_000, 1_500_000, 2_000_000):
            clock(rows / 100_000)
            show(rows, None)
    assert capsys.readouterr().err == (
        "composing 1,000,000, 100,000 rows/s\ncomposing 2,000,000, 100,000 rows/s\n"
    )


def test_a_bar_is_shown_to_whoever_looks_and_is_gone_afterwards(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _self: True, raising=False)
    with shown_progress("composing") as show:
        show(250, 1000)
    told = capsys.readouterr().err
    assert "composing" in told
    assert "250/1000" in told
