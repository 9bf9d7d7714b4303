"""A push as each platform shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.channels.screens import shown_on_screens
from copylab.preview.frames.pieces import Mark
from copylab.preview.frames.push import push_frame
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.preview.frames.push import Cut, PushFrame

    Draw = Callable[..., PushFrame]

LONG = "What matters most is said first, since a phone shows less of it than one thinks"


@pytest.fixture
def draw(make_files: Callable[..., Path]) -> Draw:
    def make(
        title: str, body: str, push: str = "", marks: tuple[Mark, ...] = ()
    ) -> PushFrame:
        files = {
            "copylab.yaml": f"brand: {{name: Acme}}\nlocales: {{default: en-US}}\n{push}",
            "templates/hello/message.yaml": "purpose: transactional\nlive: plain\n"
            "variants: {plain: {}}\nmarkets: [US]\n",
            "templates/hello/push.en-US.md": f"## title\n{title}\n## body\n{body}\n",
        }
        workspace = open_workspace(make_files(files))
        sent = workspace.render("hello", {}, channel="push", locale="en-US")
        return push_frame(
            workspace.messages["hello"],
            "en-US",
            sent,  # type: ignore[arg-type]
            body_marks=marks,
        )

    return make


def seen(field: Cut) -> str:
    return "".join(piece.text for piece in field.pieces)


def test_each_platform_has_a_lock_screen_and_an_opened_push(draw: Draw) -> None:
    frame = draw("Short", "Short")
    assert [phone.platform for phone in frame.phones] == ["ios", "android"]
    for phone in frame.phones:
        assert phone.lock_screen.name == "lock_screen"
        assert phone.opened.name == "open"
        assert not phone.lock_screen.is_cut
        assert not phone.opened.is_cut
    assert frame.sender == "Acme"


def test_it_is_cut_where_the_screens_cut(draw: Draw) -> None:
    body = f"{LONG}. {LONG}."
    frame = draw(LONG, body)
    for phone in frame.phones:
        places = (phone.lock_screen, *phone.others)
        by_name = {place.name: place for place in places}
        for shown in shown_on_screens(LONG, body, platforms=(phone.platform,)):
            if shown.surface.name == "expanded":
                continue
            place = by_name[shown.surface.name]
            assert seen(place.title) + "…" == shown.title
            assert seen(place.body) + "…" * place.body.is_cut == shown.body
            assert seen(place.body) + place.body.hidden == body or (
                body.startswith(seen(place.body)) and body.endswith(place.body.hidden)
            )


def test_all_of_it_is_read_when_it_is_opened_on_ios(draw: Draw) -> None:
    frame = draw(LONG, LONG * 5)
    ios, android = frame.phones
    assert seen(ios.opened.body) == LONG * 5
    assert seen(ios.opened.title) == LONG
    # Android keeps the title on its line.
    assert android.opened.title.is_cut
    assert android.opened.title.hidden


def test_marks_end_where_the_text_is_cut(draw: Draw) -> None:
    mark = Mark(0, 200, "changed")
    frame = draw("Short", LONG * 3, marks=(mark,))
    for piece in frame.phones[1].lock_screen.body.pieces:
        assert piece.kinds == ("changed",)


def test_payloads_are_weighed_against_what_services_take(draw: Draw) -> None:
    frame = draw("Hi", "Hello")
    assert [service.name for service in frame.services] == ["apns", "fcm"]
    assert all(service.max_bytes == 4096 for service in frame.services)
    assert all(20 < service.size_bytes < 200 for service in frame.services)


def test_services_that_are_set_up_are_those_that_count(draw: Draw) -> None:
    push = "push: {services: [apns], apns: {subtitle: Hello}}\n"
    (service,) = draw("Hi", "Hello", push).services
    plain = draw("Hi", "Hello").services[0]
    assert service.name == "apns"
    assert service.size_bytes > plain.size_bytes
