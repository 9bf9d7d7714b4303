"""The server answers to this machine's own pages, and to nobody else."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.preview.guard import is_this_machine

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.client import HTTPMessage
    from ipaddress import IPv4Address, IPv6Address
    from typing import Any

    Ask = Callable[..., tuple[int, HTTPMessage, str]]


@pytest.fixture
def ask(served: Any) -> Ask:
    """Asks the server with headers of one's own."""
    parts = urlsplit(served.address)

    def asked(
        path: str = "/en/index.html", method: str = "GET", **headers: str
    ) -> tuple[int, HTTPMessage, str]:
        connection = HTTPConnection("127.0.0.1", parts.port, timeout=20)
        connection.putrequest(method, path, skip_host=True)
        named = {"Host": f"localhost:{parts.port}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        for name, value in named.items():
            connection.putheader(name, value.replace("PORT", str(parts.port)))
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, body

    return asked


@pytest.mark.parametrize(
    "host", ["localhost:PORT", "127.0.0.1:PORT", "[::1]:PORT", "LocalHost:PORT"]
)
def test_names_of_this_machine_are_answered(ask: Ask, host: str) -> None:
    assert ask(Host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:PORT",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example@localhost",
        "10.0.0.1",
        "0.0.0.0",
        "",
    ],
)
def test_other_names_are_refused(ask: Ask, host: str) -> None:
    status, _, body = ask(Host=host)
    assert status == 403
    assert "this machine" in body


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://localhost:PORT", "http://localhost"],
)
def test_other_origins_are_refused(ask: Ask, origin: str) -> None:
    assert ask(Origin=origin)[0] == 403
    assert ask("/events", Origin=origin)[0] == 403


def test_its_own_origin_is_answered(ask: Ask) -> None:
    assert ask(Origin="http://localhost:PORT")[0] == 200


def test_other_sites_may_lead_here_but_not_fetch_from_here(ask: Ask) -> None:
    asked = {"Sec_Fetch_Site": "cross-site"}
    assert ask(**asked, Sec_Fetch_Mode="no-cors")[0] == 403
    assert ask(**asked, Sec_Fetch_Mode="cors")[0] == 403
    assert ask(**asked, Sec_Fetch_Mode="navigate")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_changed(ask: Ask, method: str) -> None:
    status, headers, _ = ask(method=method)
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"


def test_every_answer_forbids_what_a_page_does_not_need(ask: Ask) -> None:
    for path in ("/en/index.html", "/en/no/such.html", "/assets/base.css", "/assets/x"):
        _, headers, _ = ask(path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2fapp.py",
        "/en/../../etc/passwd",
        "/en/messages/../../copylab.yaml",
        "/en/messages/%00.html",
        "/en/<script>alert(1)</script>.html",
    ],
)
def test_only_pages_and_their_files_are_there(ask: Ask, path: str) -> None:
    status, _, body = ask(path)
    assert status == 404
    assert "<script>alert" not in body


@given(st.ip_addresses())
def test_an_address_is_this_machines_if_it_is_loopback(
    address: IPv4Address | IPv6Address,
) -> None:
    assert is_this_machine(str(address)) == address.is_loopback


@given(st.text(max_size=30))
def test_any_host_is_judged_without_an_error(host: str) -> None:
    assert is_this_machine(host) in {True, False}
