"""Exceptions of signals come between any two steps; rows are there once or not at all."""

from __future__ import annotations

import random
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from copylab.experiment.log import ExposureLog, recover_exposures

if TYPE_CHECKING:
    from collections.abc import Iterator


class Interrupted(Exception):  # noqa: N818 - an event, no error
    """What the handler raises."""


@pytest.fixture
def interruptions() -> Iterator[None]:
    """A signal raises from here on, whenever its timer has run out."""

    def interrupt(_number, _frame) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


# Files of the standard library are left open where a signal came as they were opened.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("interruptions")
@pytest.mark.parametrize("buffer_rows", [1, 7])
def test_interrupted_appends_lose_and_double_nothing(
    tmp_path, make_exposure, read_finished, buffer_rows
) -> None:
    chance = random.Random(7)
    log = ExposureLog(tmp_path, "jsonl", buffer_rows=buffer_rows, roll_rows=400)
    taken: list[str] = []
    cut = 0
    for turn in range(300):
        try:
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(2e-5, 1.5e-3))
            for number in range(1000):
                send = f"{turn}-{number}"
                log.append(make_exposure(send_id=send))
                taken.append(send)
        except Interrupted:
            cut += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    assert cut > 250
    log.close()
    recover_exposures(tmp_path)
    seen = Counter(row["send_id"] for row in read_finished(tmp_path))
    assert {send: n for send, n in seen.items() if n > 1} == {}
    assert set(taken) - set(seen) == set()
    assert len(seen) <= len(taken) + cut
