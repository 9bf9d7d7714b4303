"""When the steps of a sequence reach a person, and what rules say about the hours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.lint.ruleset import find_rules
from copylab.preview.timeline import Placed, Stretch, Timelines
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFIG = """\
brand: {name: Example, signature: Example}
locales: {default: en-US}
markets: [US]
industry: retail
"""
WORDS = "Example: your details are saved. Reply STOP to opt out\n"


@pytest.fixture
def place(make_files: Callable[..., Path]) -> Callable[..., tuple[Placed, ...]]:
    """The time line of a message with SMS copy and a sequence."""

    def run(*steps: str, more: str = "", purpose: str = "marketing") -> Any:
        sequence = "".join(f"  - {{{step}}}\n" for step in steps)
        root = make_files(
            {
                "copylab.yaml": CONFIG,
                "templates/hi/message.yaml": (
                    f"purpose: {purpose}\nlive: plain\n{more}"
                    + (f"sequence:\n{sequence}" if steps else "")
                ),
                "templates/hi/sms.en-US.md": WORDS,
            }
        )
        workspace = open_workspace(root)
        rules, _ = find_rules(workspace.config.lint, workspace.sources)
        day = datetime(2026, 11, 22, tzinfo=UTC).date()
        return Timelines(workspace, rules, day).of(workspace.messages["hi"])

    return run


PUSH = 'after: 0d, channel: push, window: "11:00-12:00"'


def test_a_message_without_a_sequence_has_no_line(place: Any) -> None:
    assert place() == ()


def test_a_step_waits_for_its_window(place: Any) -> None:
    first, second = place(PUSH, 'after: 4h, channel: sms, window: "19:00-20:00"')
    assert (first.day, first.last_day, first.delay_minutes) == (0, 0, 0)
    assert (second.day, second.last_day, second.delay_minutes) == (0, 0, 240)
    assert [part.hours for part in second.times] == ["19:00-20:00"]
    assert second.is_windowed
    assert not second.waits


def test_a_window_that_is_over_is_the_next_days(place: Any) -> None:
    _, second = place(PUSH, 'after: 10h, channel: sms, window: "19:00-20:00"')
    assert (second.day, second.last_day) == (1, 1)
    assert second.waits


def test_a_window_that_some_reach_and_some_do_not_is_on_two_days(place: Any) -> None:
    _, second = place(PUSH, 'after: 8h, channel: sms, window: "19:00-19:30"')
    assert (second.day, second.last_day) == (0, 1)


def test_a_step_without_a_window_follows_the_first(place: Any) -> None:
    _, second = place(PUSH, "after: 4h, channel: sms")
    assert [part.hours for part in second.times] == ["15:00-16:00"]
    assert not second.is_windowed


def test_over_midnight_it_is_of_two_days(place: Any) -> None:
    late = 'after: 0d, channel: push, window: "23:00-23:59"'
    _, second = place(late, "after: 30m, channel: sms")
    assert (second.day, second.last_day) == (0, 1)
    hours = [part.hours for part in second.times]
    assert hours == ["00:00-00:29", "23:30-24:00"]


def test_without_any_window_the_time_is_open(place: Any) -> None:
    first, second = place("after: 0d, channel: push", "after: 3d, channel: sms")
    assert first.times == second.times == ()
    assert (second.day, second.last_day) == (3, 3)


def test_steps_stand_by_when_they_are_due(place: Any) -> None:
    steps = place("after: 3d, channel: sms", PUSH)
    assert [step.channel for step in steps] == ["push", "sms"]
    assert steps[1].delay_minutes == 3 * 1440


def test_a_sequence_that_begins_later_begins_on_that_day(place: Any) -> None:
    (only,) = place('after: 2d, channel: sms, window: "10:00-11:00"')
    assert (only.day, only.last_day, only.delay_minutes) == (2, 2, 0)


def test_the_usual_window_stands_in_for_one_that_a_step_lacks(place: Any) -> None:
    usual = 'sending: {window: "14:00-15:00"}\n'
    (only,) = place("after: 0d, channel: sms", more=usual)
    assert [part.hours for part in only.times] == ["14:00-15:00"]


def test_rules_close_hours_of_marketing(place: Any) -> None:
    (step,) = place('after: 0d, channel: sms, window: "13:00-20:30"')
    closed = [(part.hours, part.is_daily) for part in step.closed]
    # Texas opens at 9, on Sundays at 12; Florida, Oklahoma and Washington close at 20.
    assert closed == [
        ("00:00-09:00", True),
        ("09:00-12:00", False),
        ("20:00-24:00", True),
    ]
    assert step.broken == ("US-SMS-008",)
    texas = next(item for item in step.allowed if item.regions == "TX")
    assert [part.hours for part in texas.hours] == ["09:00-21:00"]
    ((day, hours),) = texas.other_days
    assert (day, [part.hours for part in hours]) == ("sun", ["12:00-21:00"])


def test_a_window_that_is_closed_on_some_days_is_doubtful(place: Any) -> None:
    morning = 'after: 0d, channel: sms, window: "10:00-11:00"'
    (step,) = place(morning)
    assert step.broken == ()
    assert step.doubtful == (("sun",), ("US-SMS-008",))
    (step,) = place(morning, more="sending: {days: [mon, tue]}\n")
    assert step.doubtful == ((), ())
    (step,) = place(morning, more="sending: {days: [sat, sun]}\n")
    assert step.broken == ("US-SMS-008",)


def test_the_declared_states_narrow_the_hours(place: Any) -> None:
    states = "sending: {states: [CA]}\n"
    (step,) = place('after: 0d, channel: sms, window: "13:00-20:30"', more=states)
    assert [item.code for item in step.allowed] == ["US-SMS-007"]
    assert step.broken == ()


def test_what_no_rule_is_about_is_open_all_day(place: Any) -> None:
    (step,) = place("after: 0d, channel: sms", purpose="transactional")
    assert (step.closed, step.allowed, step.broken) == ((), (), ())


def test_a_rule_that_is_switched_off_says_nothing(
    make_files: Callable[..., Path],
) -> None:
    root = make_files(
        {
            "copylab.yaml": CONFIG + "lint: {rules: {US-SMS-008: off}}\n",
            "templates/hi/message.yaml": (
                "purpose: marketing\nlive: plain\n"
                "sequence: [{after: 0d, channel: sms}]\n"
            ),
            "templates/hi/sms.en-US.md": WORDS,
        }
    )
    workspace = open_workspace(root)
    rules, _ = find_rules(workspace.config.lint, workspace.sources)
    (step,) = Timelines(workspace, rules).of(workspace.messages["hi"])
    assert [item.code for item in step.allowed] == ["US-SMS-007"]


def test_a_channel_without_words_is_told(place: Any) -> None:
    push, sms = place(PUSH, "after: 4h, channel: sms")
    assert (push.has_words, sms.has_words) == (False, True)


def test_messages_that_are_sent_alike_share_their_line(repository: Path) -> None:
    workspace = open_workspace(repository)
    lines = Timelines(workspace, ())
    one, other = (
        lines.of(workspace.messages[f"winback/{name}"])
        for name in ("registered_day3", "unfinished_day3")
    )
    assert one is other
    assert lines.of(workspace.messages["winback/approved_day7"]) != one


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_a_stretch_lies_on_the_strip_of_a_day(first: int, length: int) -> None:
    part = Stretch(first, min(first + length, 1440))
    assert 0 <= float(part.start) <= 100
    assert float(part.start) + float(part.width) <= 100.1
