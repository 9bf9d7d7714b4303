"""The guard in front of the server: who may ask, and what a page may do.

A page on a developer's machine is open to every site they visit: by DNS rebinding, by
requests that a script of that site sends, by being put into a frame there. So only
names of this machine are answered, requests that come from elsewhere are refused, and
nothing but reading is there to be asked for (OWASP: CSRF Prevention; W3C: Fetch
Metadata Request Headers).
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

from copylab.preview.render import CONTENT_POLICY

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = ("GET", "HEAD")
_HEADERS = {
    "Content-Security-Policy": f"{CONTENT_POLICY}; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def is_this_machine(host: str) -> bool:
    """Whether a name, or an address, is that of the machine one sits at.

    Args:
        host: As the Host header has it, without its port.
    """
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Passes on what may be asked, and puts the headers on what is answered.

    Args:
        app: What it stands in front of.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 403 or 405 and the reason."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = _refusal(scope)
        app = self._app if refusal is None else refusal
        await app(scope, receive, send_guarded)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    """Why a request is not answered; None where it is."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not is_this_machine(_without_port(host)):
        return PlainTextResponse(
            "The preview answers to names of this machine only, such as localhost.\n",
            403,
        )
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        return PlainTextResponse("The preview answers to its own pages only.\n", 403)
    site = headers.get("sec-fetch-site", "none")
    is_visit = headers.get("sec-fetch-mode") == "navigate"
    if site not in {"same-origin", "none"} and not is_visit:
        return PlainTextResponse("The preview answers to its own pages only.\n", 403)
    if scope["method"] not in _METHODS:
        return PlainTextResponse(
            "There is nothing to be changed here.\n", 405, {"Allow": "GET, HEAD"}
        )
    return None


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if ":" in host else host
