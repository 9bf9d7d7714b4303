"""Progress of a long run on standard error: a bar, or a line every tenth."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[int, int | None], None]

_FEW_SECONDS = 2.0
_UNKNOWN_STEP = 1_000_000


@contextmanager
def shown_progress(verb: str) -> Iterator[Progress]:
    """A function that shows how many rows are done, of how many where that is known.

    Where somebody is looking it is a bar with the rate and the time left; else a line
    every tenth of the rows, or every million where their number is not known, unless
    all is done at once.

    Args:
        verb: What is done to the rows.
    """
    if sys.stderr.isatty():
        with _bar(verb) as show:
            yield show
    else:
        yield _Lines(verb).show


@contextmanager
def _bar(verb: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=None, speed="")
        rate = _Rate()

        def show(rows: int, total: int | None) -> None:
            speed = rate.at(rows)
            shown = f"{speed:,.0f} rows/s" if speed else ""
            bar.update(task, completed=rows, total=total, speed=shown)

        yield show


class _Rate:
    """Rows a second since the start; what an earlier run did is not counted."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.first: int | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.start

    def at(self, rows: int) -> float:
        if self.first is None and self.seconds < _FEW_SECONDS / 10:
            self.first = rows  # told at once: it was finished before
        done = rows - (self.first or 0)
        return done / self.seconds if self.seconds > 0 else 0.0


class _Lines:
    """A line for each tenth of the rows."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.rate = _Rate()
        self.told = 0

    def show(self, rows: int, total: int | None) -> None:
        speed = self.rate.at(rows)
        tenth = rows * 10 // total if total else rows // _UNKNOWN_STEP
        is_long = self.rate.seconds > _FEW_SECONDS
        if tenth <= self.told or rows == total or not is_long:
            return
        self.told = tenth
        of = f" of {total:,} ({rows * 100 // total} %)" if total else ""
        left = f", {(total - rows) / speed:,.0f} s left" if total and speed else ""
        click.echo(f"{self.verb} {rows:,}{of}, {speed:,.0f} rows/s{left}", err=True)
