"""What a user would get, or why there is nothing to get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.preview.frames.make import (
    NoFrame,
    clock_of,
    make_frame,
    prepare_press,
    press_frame,
)
from copylab.preview.frames.pieces import Mark
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from copylab.preview.frames.make import Frame
    from copylab.workspace import Workspace

CONFIG = "brand: {name: Acme}\nlocales: {default: en-US}\nmarkets: [US]\n"
MESSAGE = """
purpose: transactional
live: plain
variants: {plain: {}, other: {}}
variables:
  name: {type: person_name, max: 8, missing: there}
  n: {type: int, min: 3, max: 720, missing: skip}
  due: {type: date, min: 2026-01-01, max: 2026-12-31, missing: error}
  stage: {type: enum, values: [new, old], missing: error}
sequence:
  - {after: 0d, channel: push, window: "11:00-12:00"}
  - {after: 4h, channel: sms}
"""


@pytest.fixture
def workspace(make_files: Callable[..., Path]) -> Workspace:
    files = {
        "copylab.yaml": CONFIG,
        "templates/hello/message.yaml": MESSAGE,
        "templates/hello/sms.en-US.md": "# plain\n{{ name }}, {{ n }} days\n"
        "# other\n{{ due | date }} {{ n }} {{ stage }}\n",
        "templates/hello/push.en-US.md": "# plain\n## title\nHi\n## body\n"
        "{% if n > 3 %}{{ n }}{% endif %}\n# other\n## title\nHi\n## body\n{{ nix }}\n",
        "templates/hello/email.en-US.md": "# plain\n## subject\nHi\n## body\nHello\n"
        "# other\n## subject\nHi\n## body\n{% if %}\n",
    }
    return open_workspace(make_files(files))


@pytest.fixture
def get(workspace: Workspace) -> Callable[..., Frame | NoFrame]:
    def make(channel: str, variant: str, user: Mapping[str, object]) -> Frame | NoFrame:
        press = prepare_press(workspace, ("hello", channel, "en-US", variant))
        return press_frame(press, user)

    return make


def test_each_channel_has_its_frame(get: Callable[..., Frame | NoFrame]) -> None:
    user = {"name": "Ann", "n": 5}
    kinds = [get(channel, "plain", user).kind for channel in ("sms", "push", "email")]
    assert kinds == ["sms", "push", "email"]


def test_it_is_what_the_sender_would_get(
    get: Callable[..., Frame | NoFrame], workspace: Workspace
) -> None:
    user = {"name": "Ann", "n": "5"}
    frame = get("sms", "plain", user)
    sent = workspace.render("hello", user, channel="sms", locale="en-US")
    assert frame.text == sent.text == "Ann, 5 days"  # type: ignore[union-attr]


def test_a_value_that_says_skip_is_a_skip_with_its_reason(
    get: Callable[..., Frame | NoFrame],
) -> None:
    frame = get("sms", "plain", {"n": 1000})
    assert isinstance(frame, NoFrame)
    assert frame.why == "skip"
    (lack,) = frame.lacks
    assert (lack.variable, lack.action, lack.fault) == ("n", "skip", "outside")
    assert (lack.given, lack.low, lack.high) == ("1000", "3", "720")


def test_where_one_says_error_error_wins_and_all_are_told(
    get: Callable[..., Frame | NoFrame],
) -> None:
    frame = get("sms", "other", {"due": " ", "stage": "odd"})
    assert isinstance(frame, NoFrame)
    assert frame.why == "error"
    faults = {lack.variable: (lack.action, lack.fault) for lack in frame.lacks}
    assert faults == {
        "due": ("error", "blank"),
        "n": ("skip", "absent"),
        "stage": ("error", "outside"),
    }
    due = next(lack for lack in frame.lacks if lack.variable == "due")
    assert (due.low, due.high) == ("2026-01-01", "2026-12-31")
    stage = next(lack for lack in frame.lacks if lack.variable == "stage")
    assert stage.why == "not one of new, old"


def test_what_would_be_empty_is_refused(get: Callable[..., Frame | NoFrame]) -> None:
    frame = get("push", "plain", {"n": 3})
    assert isinstance(frame, NoFrame)
    assert frame.why == "unsendable"
    assert frame.problems


def test_words_that_cannot_be_read_say_why(
    get: Callable[..., Frame | NoFrame],
) -> None:
    for channel in ("push", "email"):
        frame = get(channel, "other", {})
        assert isinstance(frame, NoFrame)
        assert frame.why == "broken"
        assert frame.problems


def test_words_that_are_not_written_are_a_gap(workspace: Workspace) -> None:
    press = prepare_press(workspace, ("hello", "sms", "zh-CN", "plain"))
    frame = press_frame(press, {})
    assert isinstance(frame, NoFrame)
    assert frame.why == "no_copy"


def test_marks_reach_the_field_they_are_about(workspace: Workspace) -> None:
    sent = workspace.render("hello", {"n": 5}, channel="sms", locale="en-US")
    message = workspace.messages["hello"]
    marks = {"body": (Mark(0, 5, "changed"),)}
    frame = make_frame(message, "en-US", sent, marks=marks)
    pieces = frame.gateways[0].parts[0].pieces  # type: ignore[union-attr]
    assert [(piece.text, piece.kinds) for piece in pieces] == [
        ("there", ("changed",)),
        (", 5 days", ()),
    ]


def test_the_phone_shows_when_the_message_may_arrive(workspace: Workspace) -> None:
    message = workspace.messages["hello"]
    assert clock_of(message, "push") == "11:00"
    assert clock_of(message, "sms") == clock_of(message, "email")
