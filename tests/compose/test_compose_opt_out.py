"""The address to opt out at: whichever variable a layout prints it from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copylab.channels.composed import Email
from copylab.compose.render import render_read
from copylab.compose.result import Rejected
from copylab.errors import WorkspaceError
from copylab.lint.longest import find_longest
from copylab.workspace import Workspace, load, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
OWN = '  unsubscribe_url: {type: url, base: "https://shop.example/out/", max: 60, missing: error}\n'
OTHER = (
    '  leave: {type: url, base: "https://shop.example/bye/", max: 60, missing: error}\n'
)


def write(
    root: Path, settings: str = "", variables: str = OWN, email: str = ""
) -> Path:
    files = {
        "copylab.yaml": (
            "brand: {name: Shop}\nmarkets: [US]\nlocales: {default: en-US}\n"
            f"email: {{layout: main, from: Shop <a@shop.example>{settings}}}\n"
        ),
        "templates/_layouts/main.html": (
            '<html lang="{{ locale }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>'
            '<body>{{ body }}<a href="{{ unsubscribe_url }}">out</a></body></html>'
        ),
        "templates/_layouts/main.txt": "{{ body }}\n\nOut: {{ unsubscribe_url }}\n",
        "templates/receipt/message.yaml": (
            f"purpose: transactional\nlive: plain\nvariables:\n{variables}{email}"
        ),
        "templates/receipt/email.en-US.md": (
            "## subject\nYour receipt\n## body\nThank you for the order.\n"
        ),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def send(loaded: Workspace, **user: str) -> object:
    user |= {"user_id": "1", "locale": "en-US"}
    return loaded.compose("receipt", user, channel="email", at=AT)


@pytest.mark.parametrize(
    ("settings", "variables", "name", "path"),
    [
        ("", OWN, "unsubscribe_url", "out"),
        (", unsubscribe: nope", OWN, "unsubscribe_url", "out"),
        (", unsubscribe: unsubscribe_url", OWN, "unsubscribe_url", "out"),
        (", unsubscribe: leave", OTHER, "leave", "bye"),
        (", unsubscribe: leave", OWN + OTHER, "leave", "bye"),
        (", unsubscribe: leave", OWN, "unsubscribe_url", "out"),
    ],
)
def test_a_layout_gets_the_address_from_whatever_supplies_it(
    tmp_path: Path, settings: str, variables: str, name: str, path: str
) -> None:
    loaded = load(write(tmp_path, settings, variables))
    assert not [item for item in loaded.lint().findings if item.severity == "error"]
    sent = send(loaded, **{name: "u1"})
    assert isinstance(sent, Email)
    assert f"Out: https://shop.example/{path}/u1\n" in sent.text
    assert f'href="https://shop.example/{path}/u1"' in sent.html
    missing = send(loaded)
    assert isinstance(missing, Rejected)
    assert missing.reason == "missing"
    assert missing.problems[0].startswith(f"{name}: ")
    longest = find_longest(loaded, ("receipt", "email", "en-US", "plain")).values
    shown = render_read(loaded, "receipt", longest, channel="email", locale="en-US")
    assert isinstance(shown, Email)
    assert f"https://shop.example/{path}/" in shown.text


@pytest.mark.parametrize("settings", ["", ", unsubscribe: nope"])
def test_a_layout_whose_address_nothing_supplies_is_refused_at_its_place(
    tmp_path: Path, settings: str
) -> None:
    write(tmp_path, settings, "  x: {type: text, max: 3, missing: x}\n")
    with pytest.raises(WorkspaceError) as caught:
        load(tmp_path)
    places = {str(getattr(item, "file", "")) for item in caught.value.findings}
    assert places == {"templates/_layouts/main.html", "templates/_layouts/main.txt"}
    found = open_workspace(tmp_path).lint().findings
    assert all(item.line and item.help for item in found)


def test_the_header_of_one_click_is_set_only_from_the_variable_that_is_named(
    tmp_path: Path,
) -> None:
    unnamed = send(load(write(tmp_path)), unsubscribe_url="u1")
    assert isinstance(unnamed, Email)
    assert "List-Unsubscribe" not in unnamed.headers
    named = send(
        load(write(tmp_path, ", unsubscribe: unsubscribe_url")), unsubscribe_url="u1"
    )
    assert isinstance(named, Email)
    assert named.headers["List-Unsubscribe"] == "<https://shop.example/out/u1>"
    assert replace(named, headers={}, exposure=None) == replace(
        unnamed, headers={}, exposure=None
    )
