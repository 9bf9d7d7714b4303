"""A control for each type of variable, with its bounds and its thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.message.model import VARIABLE_TYPES
from copylab.preview.trying.controls import Control, make_controls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from copylab.preview.shown import Shown


@pytest.fixture(scope="module")
def controls(hello: Shown) -> Mapping[str, Control]:
    message = hello.workspace.messages["hello"]
    return {item.name: item for item in make_controls(hello.workspace, message)}


def test_every_variable_has_a_control_that_fits_its_type(
    controls: Mapping[str, Control], hello: Shown
) -> None:
    assert list(controls) == list(hello.workspace.messages["hello"].variables)
    kinds = {
        "text": "text",
        "person_name": "text",
        "int": "number",
        "percent": "number",
        "money": "number",
        "date": "date",
        "datetime": "datetime",
        "url": "url",
        "enum": "enum",
        "bool": "bool",
        "list": "list",
    }
    found = {item.type: item.kind for item in controls.values()}
    assert found == kinds
    assert {*found, "decimal"} == set(VARIABLE_TYPES)


def test_bounds_are_as_declared(controls: Mapping[str, Control]) -> None:
    days, rate, limit = controls["days"], controls["rate"], controls["limit"]
    assert (days.low, days.high, days.step, days.unit) == ("-3", "720", "1", "")
    assert (rate.step, rate.unit) == ("0.01", "%")
    assert (limit.low, limit.high, limit.unit) == ("500", "200000", "USD")
    assert (controls["name"].max_length, controls["code"].charset) == (12, "digits")
    assert controls["poem"].is_multiline
    assert controls["until"].low == "2026-01-01"
    assert controls["at"].high == "2199-12-31T23:59"
    link = controls["link"]
    assert (link.base, link.max_length) == ("https://s.example.com/w/", 16)
    goods = controls["goods"]
    assert (goods.max_items, [item.kind for item in goods.items]) == (
        3,
        ["text", "enum"],
    )


def test_the_constants_of_conditions_are_marked(
    controls: Mapping[str, Control],
) -> None:
    (thirty,) = controls["days"].thresholds
    assert thirty.value == "30"
    assert thirty.part == pytest.approx(33 / 723)
    assert thirty.row == 1, "it stands below the bound, which it would cover"
    assert [mark.value for mark in controls["limit"].thresholds] == ["50000"]
    assert controls["note"].asked == ("gold",)
    assert controls["rate"].thresholds == ()


def test_labels_of_near_thresholds_stand_in_rows(
    make_files: Callable[[dict[str, str]], Path],
    files: dict[str, str],
    show: Callable[[Path], Shown],
) -> None:
    tests = "".join(
        f"{{% if days > {n} %}}{n} {{% endif %}}" for n in (300, 310, 320, 700)
    )
    files["templates/hello/sms.en-US.md"] = f"# plain\nHi {tests}\n# loud\nHi\n"
    shown = show(make_files(files))
    message = shown.workspace.messages["hello"]
    days = next(c for c in make_controls(shown.workspace, message) if c.name == "days")
    assert [mark.row for mark in days.thresholds] == [0, 1, 2, 1]


def test_variables_of_one_key_know_of_each_other(
    make_files: Callable[[dict[str, str]], Path],
    files: dict[str, str],
    show: Callable[[Path], Shown],
) -> None:
    files["templates/hello/message.yaml"] = (
        "purpose: transactional\nlive: plain\nlocales: [en-US]\n"
        "variants: {plain: {}}\nvariables:\n"
        "  cny: {type: money, currency: CNY, from: limit, min: 1, max: 9, missing: 1}\n"
        "  usd: {type: money, currency: USD, from: limit, min: 1, max: 5, missing: 1}\n"
    )
    for channel in ("push", "email"):
        del files[f"templates/hello/{channel}.en-US.md"]
    files["templates/hello/sms.en-US.md"] = "{{ cny | money }} {{ usd | money }}\n"
    shown = show(make_files(files))
    message = shown.workspace.messages["hello"]
    one, other = make_controls(shown.workspace, message)
    assert (one.source, one.shares, other.shares) == ("limit", ("usd",), ("cny",))


RUNNING = """\
message: hello
channels: [sms]
status: running
audience: new_users
unit: user_id
salt: hello.1
coverage: 100%
arms: {plain: 50%, loud: 50%}
control: plain
metrics: {primary: click}
plan: {alpha: 0.05, power: 0.8, mde: 15%, looks: 1, window: 7d}
"""


def test_what_the_audience_asks_for_can_be_set_too(
    make_files: Callable[[dict[str, str]], Path],
    files: dict[str, str],
    show: Callable[[Path], Shown],
) -> None:
    attributes = "attributes: {user_id: string, loans: int, seen_at: timestamp?}\n"
    files["copylab.yaml"] += attributes
    files["experiments/audiences.yaml"] = "new_users: loans = 0 and seen_at is null\n"
    files["experiments/metrics.yaml"] = (
        "click: {event: click, kind: share, within: 3d}\n"
    )
    files["experiments/hello_test.yaml"] = RUNNING
    shown = show(make_files(files))
    message = shown.workspace.messages["hello"]
    found = [
        (item.name, item.kind)
        for item in make_controls(shown.workspace, message)
        if item.is_attribute
    ]
    assert found == [("user_id", "text"), ("loans", "number"), ("seen_at", "datetime")]
