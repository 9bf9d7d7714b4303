"""Composing the slices of a table on several cores, answered in their order."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from itertools import chain, islice
from queue import Queue
from typing import TYPE_CHECKING, Any

from copylab.compose.part_files import Job, PartDone, compose_part
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.compose.slices import Slice

    Task = tuple[Slice, Mapping[int, int]]

_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from copylab.compose.worker import main; main()"
)


class WorkerError(CopylabError):
    """A worker process that ended before its work did."""


def available_cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not everywhere
        return os.cpu_count() or 1


def compose_parts(job: Job, tasks: Iterator[Task], workers: int) -> Iterator[PartDone]:
    """What became of each slice, in their order.

    A table of one slice is composed here. Whatever ends this iterator, no process it
    started is left.

    Args:
        job: What is composed.
        tasks: Slices, each with its users who stand further up in the table.
        workers: How many processes may work at a time; 1 works in this one.

    Raises:
        DataError: A line of the users cannot be read.
        WorkerError: A worker process was ended by somebody else.
    """
    first = list(islice(tasks, 2))
    everything = chain(first, tasks)
    if workers == 1 or len(first) < 2:  # noqa: PLR2004 - nothing to share
        for piece, repeated in everything:
            yield compose_part(job, piece, repeated)
        return
    with _started(job, workers) as crew:
        yield from _in_order(crew, everything)


class _Crew:
    """Worker processes, each with a thread that hands it tasks."""

    def __init__(self, processes: list[subprocess.Popen[bytes]]) -> None:
        self.processes = processes
        self.tasks: Queue[tuple[int, Task] | None] = Queue()
        self.answers: Queue[tuple[int, str, Any]] = Queue()
        self.threads = [
            threading.Thread(target=self._hand_over, args=(process,), daemon=True)
            for process in processes
        ]

    def _hand_over(self, process: subprocess.Popen[bytes]) -> None:
        """Give a process one task after the other."""
        assert process.stdin is not None
        assert process.stdout is not None
        while (item := self.tasks.get()) is not None:
            number, task = item
            try:
                pickle.dump(task, process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                kind, answer = pickle.load(process.stdout)  # noqa: S301 - from our own worker
            except (OSError, EOFError, ValueError, pickle.UnpicklingError):
                self.answers.put((number, "lost", process))
                return
            self.answers.put((number, kind, answer))


@contextmanager
def _started(job: Job, workers: int) -> Iterator[_Crew]:
    """Worker processes that know their job; none is left afterwards."""
    processes: list[subprocess.Popen[bytes]] = []
    content = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
    command = [sys.executable, "-c", _PROGRAM, *sys.path]
    crew = None
    try:
        with _uninterrupted():
            for _ in range(workers):
                process = subprocess.Popen(  # noqa: S603 - this program, and no shell
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
                processes.append(process)
        for process in processes:
            assert process.stdin is not None
            with suppress(OSError):  # told when its first task is handed over
                process.stdin.write(content)
        crew = _Crew(processes)
        for thread in crew.threads:
            thread.start()
        yield crew
    finally:
        _end(processes, crew)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Starts processes that Ctrl-C does not reach: this one ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end(processes: list[subprocess.Popen[bytes]], crew: _Crew | None) -> None:
    for process in processes:
        process.kill()
    if crew is not None:
        for _ in crew.threads:
            crew.tasks.put(None)
        for thread in crew.threads:
            if thread.ident is not None:
                thread.join()
    for process in processes:
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _in_order(crew: _Crew, tasks: Iterator[Task]) -> Iterator[PartDone]:
    """Hand out tasks, a few ahead, and give their answers in their order."""
    ahead = 2 * len(crew.processes)
    answered: dict[int, tuple[str, Any]] = {}
    handed = due = 0
    open_tasks = True
    while True:
        while open_tasks and handed - due < ahead:
            task = next(tasks, None)
            if task is None:
                open_tasks = False
                break
            crew.tasks.put((handed, task))
            handed += 1
        if due == handed:
            return
        while due not in answered:
            number, kind, answer = crew.answers.get()
            if kind == "lost":
                raise _lost(answer)
            answered[number] = kind, answer
        kind, answer = answered.pop(due)
        if kind == "failed":
            raise answer
        due += 1
        yield answer


def _lost(process: subprocess.Popen[bytes]) -> WorkerError:
    """Why a worker is gone."""
    code = process.wait()
    if code < 0:
        name = signal.Signals(-code).name
        what = f"a worker process was ended by the system ({name})"
    else:
        what = f"a worker process ended by itself (code {code})"
    return WorkerError(
        what,
        help="see whether memory ran out; --workers 1 needs less",
    )
