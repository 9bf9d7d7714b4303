"""Running again whenever a workspace changes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from copylab.errors import CopylabError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

READ_ENDINGS = (".yaml", ".md", ".mjml", ".html", ".txt")
"""The endings of the files that a workspace is made of."""
_SETTLE_MS = 100
_STEP_MS = 50


def watch_workspaces(roots: Iterable[Path], run: Callable[[], int]) -> int:
    """Run now and after every change, until the user stops it; always 0.

    What a run cannot do is told, and the next change tried: a file that is being saved
    may be away for a moment.

    Args:
        roots: The folders to watch.
        run: Prints the result.
    """
    from watchfiles import DefaultFilter, watch

    class OnlyRead(DefaultFilter):
        """Changes of files that copylab reads."""

        def __call__(self, change: object, path: str) -> bool:
            return path.endswith(READ_ENDINGS) and super().__call__(change, path)  # type: ignore[arg-type]

    # The first answer comes empty, when the watch stands: no change is lost between.
    changes = watch(
        *roots,
        watch_filter=OnlyRead(),
        debounce=_SETTLE_MS,
        step=_STEP_MS,
        rust_timeout=_SETTLE_MS,
        yield_on_timeout=True,
    )
    is_first = True
    try:
        for changed in changes:
            if changed or is_first:
                _run_once(run)
            is_first = False
    except KeyboardInterrupt:
        pass
    return 0


def _run_once(run: Callable[[], int]) -> None:
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        # To clear is no colour: who wants none still wants the newest result alone.
        click.echo("\x1b[2J\x1b[1;1H", nl=False, color=True)
    try:
        run()
    except CopylabError as error:
        click.echo(f"error: {error}", err=True)
    click.echo("watching for changes; Ctrl-C stops", err=True)
