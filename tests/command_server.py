"""Runs the command line for the tests: each command in a process of its own, forked.

Most of what a short command costs is importing other people's packages. This process has
done that once, and forks for each command; nothing of copylab is imported before the fork.
A request is a line of JSON on stdin, the exit code is the answer on stdout.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import gc
import importlib
import json
import os
import runpy
import sys
import traceback
from typing import Any

PACKAGES = (
    "babel.dates",
    "babel.numbers",
    "click",
    "duckdb",
    "jinja2.sandbox",
    "mistune",
    "pyarrow.compute",
    "pyarrow.parquet",
    "rich.console",
    "sqlglot",
    "yaml",
)
_LONGEST_SECONDS = 400


def serve() -> None:
    for package in PACKAGES:
        importlib.import_module(package)
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            answer = _run(json.loads(line))
            os._exit(answer)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(asked: dict[str, Any]) -> int:
    """The exit code of a command, run as ``python -m copylab`` runs it."""
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    flags = (os.O_RDONLY, *[os.O_WRONLY | os.O_APPEND] * 2)
    for number, (path, flag) in enumerate(zip(asked["files"], flags, strict=True)):
        opened = os.open(path, flag)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", errors="strict", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(  # noqa: SIM115
        2, "w", encoding="utf-8", errors="backslashreplace", closefd=False
    )
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    # What hangs ends with the place where it hung, not the whole suite with it.
    faulthandler.dump_traceback_later(_LONGEST_SECONDS, exit=True, file=2)
    sys.path[0] = asked["cwd"]
    sys.argv = ["copylab", *asked["arguments"]]
    try:
        code = _call()
        atexit._run_exitfuncs()  # as the interpreter does at its end
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
    return code


def _call() -> int:
    try:
        runpy.run_module("copylab", run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        if stop.code is None or isinstance(stop.code, int):
            return (stop.code or 0) & 0xFF
        sys.stderr.write(f"{stop.code}\n")
        return 1
    except BaseException:  # noqa: BLE001 - the interpreter prints each of them
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    serve()
