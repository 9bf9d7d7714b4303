"""Following: the newest state of a workspace, and telling when there is a newer one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from copylab.preview.reading import Reader
    from copylab.preview.shown import Shown

READ_ENDINGS = (".yaml", ".md", ".mjml", ".html", ".txt", ".json")
"""The endings of the files that a workspace is made of."""
_SETTLE_MS = 60
_STEP_MS = 20


class Follower:
    """Holds the newest state, and wakes who waits for the next.

    Args:
        reader: Reads the workspace.
        now: Tells the time, in UTC.
    """

    def __init__(self, reader: Reader, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self._now = now
        self._waiting = asyncio.Condition()
        self._number = 0
        self.shown: Shown = reader.read(now())

    @property
    def number(self) -> int:
        """How often the state has changed."""
        return self._number

    async def look(self) -> None:
        """Read again, and wake who waits if there is something new."""
        shown = await run_in_threadpool(self._reader.read, self._now())
        if shown is self.shown:
            return
        self.shown = shown
        async with self._waiting:
            self._number += 1
            self._waiting.notify_all()

    async def states(self, idle_seconds: float) -> AsyncIterator[int | None]:
        """The number of the state, now and whenever it changes.

        Args:
            idle_seconds: After so long without a change comes None, so that somebody
                who has gone away is noticed.
        """
        told = -1
        while True:
            if told != self._number:
                told = self._number
                yield told
                continue
            try:
                async with asyncio.timeout(idle_seconds), self._waiting:
                    await self._waiting.wait_for(lambda: self._number != told)  # noqa: B023 - awaited at once
            except TimeoutError:
                yield None

    async def watch(self) -> None:
        """Look whenever a file changes, until it is cancelled."""
        from watchfiles import DefaultFilter, awatch  # noqa: PLC0415 - nothing else here needs it

        class OnlyRead(DefaultFilter):
            """Changes of files that copylab reads."""

            def __call__(self, change: object, path: str) -> bool:
                return path.endswith(READ_ENDINGS) and super().__call__(change, path)  # type: ignore[arg-type]

        changes = awatch(
            self._reader.root,
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
                if changed or is_first:
                    await self.look()
                is_first = False
