"""Following: the newest state of a workspace, and telling when there is a newer one."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from copylab.keeping import FOLDER as CACHE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection
    from datetime import datetime

    from copylab.preview.reading import Reader
    from copylab.preview.shown import Shown

READ_ENDINGS = (".yaml", ".md", ".mjml", ".html", ".txt", ".json")
"""The endings of the files that a workspace is made of."""
_SETTLE_MS = 60
_STEP_MS = 20
_GIVE_WAY_SECONDS = 0.25
"""How long the look at everything waits for the pages that a change asks for."""


class Follower:
    """Holds the newest state, and wakes who waits for the next.

    Args:
        reader: Reads the workspace.
        now: Tells the time, in UTC.

    Raises:
        UnreadableError: The workspace cannot be read at all.
    """

    def __init__(self, reader: Reader, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self.now = now
        self._changed = asyncio.Condition()
        self._unchecked = asyncio.Event()
        self._is_closed = False
        self._number = 0
        self.shown: Shown = reader.look(now())
        _leave_in_peace()

    async def look(self, names: Collection[str] | None = None) -> None:
        """Read again, and wake who waits if there is something new.

        Args:
            names: The files that may have changed, from the root; None is any.
        """
        await self._hold(await run_in_threadpool(self._reader.look, self.now(), names))
        if not self.shown.is_checked:
            self._unchecked.set()

    async def check(self) -> None:
        """Look at everything that lint looks at, again and again, until cancelled."""
        while True:
            await self._unchecked.wait()
            await asyncio.sleep(_GIVE_WAY_SECONDS)
            self._unchecked.clear()
            await self._hold(await run_in_threadpool(self._reader.check, self.now()))

    async def close(self) -> None:
        """End all streams of states."""
        async with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    async def _hold(self, shown: Shown) -> None:
        if shown is self.shown:
            return
        self.shown = shown
        _leave_in_peace()
        async with self._changed:
            self._number += 1
            self._changed.notify_all()

    async def states(self, idle_seconds: float) -> AsyncIterator[int | None]:
        """The number of the state, now and whenever it changes, until it is closed.

        Args:
            idle_seconds: After so long without a change comes None, so that somebody
                who has gone away is noticed.
        """
        told = -1
        while not self._is_closed:
            if told != self._number:
                told = self._number
                yield told
                continue
            try:
                async with asyncio.timeout(idle_seconds), self._changed:
                    await self._changed.wait_for(
                        lambda: self._is_closed or self._number != told  # noqa: B023 - awaited at once
                    )
            except TimeoutError:
                yield None

    async def watch(self) -> None:
        """Look whenever a file changes, until it is cancelled."""
        from watchfiles import DefaultFilter, awatch  # noqa: PLC0415 - nothing else here needs it

        class OnlyRead(DefaultFilter):
            """Changes of files that copylab reads."""

            ignore_dirs = (*DefaultFilter.ignore_dirs, CACHE)

            def __call__(self, change: object, path: str) -> bool:
                # A folder that appears or goes is told alone, without what is in it.
                is_read = path.endswith(READ_ENDINGS) or _is_folder(path)
                return is_read and super().__call__(change, path)  # type: ignore[arg-type]

        changes = awatch(
            self._reader.root.resolve(),
            watch_filter=OnlyRead(),
            debounce=_SETTLE_MS,
            step=_STEP_MS,
            rust_timeout=1000,
            yield_on_timeout=True,
        )
        # The first answer comes when the watch stands: nothing is lost between.
        is_first = True
        with suppress(asyncio.CancelledError):
            async for changed in changes:
                if is_first:
                    await self.look()
                elif changed:
                    root = self._reader.root.resolve()
                    await self.look(
                        {Path(path).relative_to(root).as_posix() for _, path in changed}
                    )
                is_first = False


def _is_folder(path: str) -> bool:
    """Whether a path is a folder's, as far as one can tell of one that has gone."""
    return "." not in path.rpartition("/")[2] or Path(path).is_dir()


def _leave_in_peace() -> None:
    """Take what is held now out of the collector's rounds.

    A workspace is millions of objects that stay. Walked through again and again while
    pages are made, they cost more than the pages. What a newer state replaces is freed
    by its references, of which none go round in a circle.
    """
    gc.freeze()
