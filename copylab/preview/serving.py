"""Serving: the application on a socket of this machine, until the reader stops it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from copylab.preview.app import make_app
from copylab.preview.follow import Follower
from copylab.preview.page import View
from copylab.preview.paths import OVERVIEW, message_path
from copylab.preview.render import render_page
from copylab.preview.site import make_page

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from copylab.preview.reading import Reader
    from copylab.preview.shown import Shown

_GRACE_SECONDS = 1


async def serve(
    reader: Reader,
    listener: socket.socket,
    now: Callable[[], datetime],
    ready: Callable[[], None],
) -> None:
    """Serve until a signal asks to stop; streams that are open are then closed.

    Args:
        reader: Reads the workspace.
        listener: A bound socket.
        now: Tells the time, in UTC.
        ready: Called when the server answers.

    Raises:
        UnreadableError: The workspace cannot be read at all.
    """
    follower = Follower(reader, now)
    warm(follower.shown)
    config = uvicorn.Config(
        make_app(follower),
        log_level="critical",
        lifespan="on",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config, ready, follower.close)
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        await server.serve(sockets=[listener])


def warm(shown: Shown) -> None:
    """Make a page of each common kind once: nobody waits for imports and templates.

    What is wrong with one is told when it is asked for.
    """
    first = next(iter(shown.workspace.messages), None)
    for path in (OVERVIEW, *([] if first is None else [message_path(first)])):
        view = View("en", path, is_served=True)
        with suppress(Exception):
            page = make_page(shown, view)
            if page is not None:
                render_page(page, view, shown)


class _Server(uvicorn.Server):
    """A server that says when it answers, and when it is asked to stop."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        closing: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._closing = closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then stop."""
        await self._closing()
        await super().shutdown(sockets)
