"""The server: pages, their files, and a stream that tells of changes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from copylab.preview.assets import KINDS, read_assets
from copylab.preview.guard import Guard
from copylab.preview.page import LANGUAGES, View
from copylab.preview.paths import OVERVIEW
from copylab.preview.render import render_page
from copylab.preview.site import fault_page, make_page, not_found_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from copylab.preview.follow import Follower
    from copylab.preview.page import Language

_IDLE_SECONDS = 15.0
_NO_STORE = {"Cache-Control": "no-store"}


def make_app(follower: Follower) -> Starlette:
    """The application that shows a workspace.

    Args:
        follower: Holds its newest state.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(follower.watch()),
            asyncio.create_task(follower.check()),
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def show(request: Request) -> Response:
        return _show(follower, request)

    async def tell(_: Request) -> Response:
        return StreamingResponse(
            _events(follower), media_type="text/event-stream", headers=_NO_STORE
        )

    return Starlette(
        routes=[
            Route("/", _to_language),
            Route("/index.html", _to_language),
            Route("/events", tell),
            Route("/assets/{name}", _asset),
            *(Route(f"/{language}/{{path:path}}", show) for language in LANGUAGES),
        ],
        middleware=[Middleware(Guard)],
        lifespan=lifespan,
    )


def _to_language(request: Request) -> Response:
    """The overview in the language that the browser asks for."""
    wanted = request.headers.get("accept-language", "").lower()
    chinese = any(part.strip().startswith("zh") for part in wanted.split(",")[:1])
    return RedirectResponse(f"/{'zh' if chinese else 'en'}/{OVERVIEW}", 307)


def _show(follower: Follower, request: Request) -> Response:
    shown = follower.shown
    if request.path_params["path"].startswith("report/"):
        # Whose time for outcomes is over depends on now, not on the last change.
        shown = replace(shown, at=follower.now())
    language: Language = "zh" if request.url.path.startswith("/zh/") else "en"
    path = request.path_params["path"] or OVERVIEW
    view = View(language, path, is_served=True, query=dict(request.query_params))
    status = 200
    try:
        page = make_page(shown, view)
        if page is None:
            page, status = not_found_page(view), 404
        text = render_page(page, view, shown)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader is told and the server lives
        what = f"{type(error).__name__}: {error}"
        text, status = render_page(fault_page(view, what), view, shown), 500
    return HTMLResponse(text, status, headers=_NO_STORE)


def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    content = read_assets().get(name)
    if content is None:
        return PlainTextResponse("There is no such file.\n", 404)
    kind = KINDS["." + name.rpartition(".")[2]]
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


async def _events(follower: Follower) -> AsyncIterator[str]:
    async for number in follower.states(_IDLE_SECONDS):
        yield (
            ": still here\n\n"
            if number is None
            else (f"event: state\ndata: {number}\n\n")
        )
