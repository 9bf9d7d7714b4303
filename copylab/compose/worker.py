"""A worker process: composes the slices it is handed, until nobody hands it more.

Run by ``pool`` as a program of its own, so that nothing of the caller's program is run
again. It reads pickles from its standard input and answers on its standard output: a
``Job`` first, then slices, one answer each.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import IO


class _NoPandas(MetaPathFinder):
    """Spares a worker the import of pandas.

    Arrow loads it to see whether a list is one of its arrays, and goes on without it.
    """

    def find_spec(
        self,
        fullname: str,
        path: object = None,  # noqa: ARG002 - as finders are called
        target: object = None,  # noqa: ARG002 - as above
    ) -> None:
        """Nothing, or the error of a module that is not there."""
        if fullname == "pandas":
            raise ModuleNotFoundError("workers go without pandas", name=fullname)


def main() -> None:
    """Serve the process that started this one; end when it is gone."""
    # Ctrl-C reaches the whole group; the first process says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.meta_path.insert(0, _NoPandas())
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not become an answer
    try:
        _serve(sys.stdin.buffer, answers)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        os._exit(0)  # nobody is there to read what is left, or to end what was begun


def _serve(tasks: IO[bytes], answers: IO[bytes]) -> None:
    from copylab.compose.part_files import compose_part  # noqa: PLC0415 - heavy, and told as an error

    _use_one_core()
    job = pickle.load(tasks)  # noqa: S301 - from the process that started this one
    gc.freeze()  # what is kept for good need not be looked through again and again
    while True:
        piece, repeated = pickle.load(tasks)  # noqa: S301 - as above
        answer: tuple[str, Any]
        try:
            answer = ("done", compose_part(job, piece, repeated))
        except Exception as error:  # noqa: BLE001 - told by the process that started this one
            answer = ("failed", error)
        pickle.dump(answer, answers)
        answers.flush()


def _use_one_core() -> None:
    """Other workers have the others."""
    import pyarrow as pa  # noqa: PLC0415 - Arrow is heavy

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
