"""The address says what is tried: the place, the persona, and single values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.message.values import MISSING, reader
from copylab.preview.trying.choice import make_user, read_choice, shown_values
from copylab.preview.trying.controls import make_controls
from copylab.preview.trying.raw import raw_of, read_raw, show_raw
from copylab.preview.trying.users import MADE_UP, Place, list_personas, user_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from copylab.preview.shown import Shown
    from copylab.preview.trying.choice import Choice
    from copylab.preview.trying.users import User

SMS = Place("sms", "en-US")


def read(shown: Shown, query: Mapping[str, str]) -> tuple[Choice, User]:
    message = shown.workspace.messages["hello"]
    controls = make_controls(shown.workspace, message)
    choice = read_choice(query, shown.workspace, message, controls)
    user = make_user(shown.workspace, message, choice, controls, shown.at)
    return choice, user


def test_an_empty_address_is_the_usual_place_and_user(hello: Shown) -> None:
    choice, user = read(hello, {})
    assert (choice.place, choice.persona) == (SMS, "typical")
    assert user["name"] == "Ann"
    assert {"poem", "rate", "until", "at"} <= user.keys()


@pytest.mark.parametrize("query", [{"channel": "fax"}, {"locale": "zh-CN"}])
def test_a_place_without_words_is_the_usual_one(
    hello: Shown, query: dict[str, str]
) -> None:
    assert read(hello, query)[0].place == SMS


def test_the_own_choice_goes_before_that_of_the_page(hello: Shown) -> None:
    query = {"persona": "ann", "try.persona": "nothing", "try.channel": "push"}
    choice, user = read(hello, query)
    assert (choice.place.channel, choice.persona, user) == ("push", "nothing", {})
    assert read(hello, {"persona": "ann"})[0].persona == "ann"


def test_set_values_win_over_the_persona_and_missing_over_both(hello: Shown) -> None:
    query = {
        "persona": "ann",
        "v.name": "Bo",
        "v.app_installed": "false",
        "v.days": "7",
        "missing.days": "1",
        "missing.stage": "0",
        "v.unknown": "x",
    }
    _, user = read(hello, query)
    assert (user["name"], user["app_installed"]) == ("Bo", "false")
    assert "days" not in user
    assert user["stage"] == "approved"
    assert "unknown" not in user


def test_a_list_is_typed_as_json_and_what_is_no_list_stays_a_text(
    hello: Shown,
) -> None:
    _, user = read(hello, {"v.goods": '[{"title": "Pen", "kind": "pen"}]'})
    assert user["goods"] == [{"title": "Pen", "kind": "pen"}]
    for text in ("[", '{"title": 1}', "[" * 100_000):
        assert read(hello, {"v.goods": text})[1]["goods"] == text


def test_fields_show_what_the_persona_has_and_keep_what_is_switched_off(
    hello: Shown,
) -> None:
    message = hello.workspace.messages["hello"]
    controls = make_controls(hello.workspace, message)
    query = {"persona": "hostile_one", "v.note": "kept"}
    _, given = read(hello, query)
    choice, user = read(hello, {**query, "missing.note": "1"})
    assert "note" not in user
    shown = shown_values(given, choice, controls)
    assert shown["name"] == ("<script>alert(1)</script>", False)
    assert shown["days"] == ('["1"]', False)
    assert shown["limit"] == ("", True), "not a number is no value"
    assert shown["note"] == ("kept", True)
    assert shown["poem"] == ("", True)


def test_typical_values_are_in_bounds_for_every_type(hello: Shown) -> None:
    message = hello.workspace.messages["hello"]
    user = user_of(hello.workspace, message, SMS, "typical", hello.at)
    for variable in message.variables.values():
        raw = user[variable.source]
        assert reader(variable)(raw) is not MISSING, (variable.name, raw)
        typed = show_raw(raw)
        assert typed is not None
        control = next(
            c
            for c in make_controls(hello.workspace, message)
            if c.name == variable.name
        )
        assert reader(variable)(read_raw(control, typed)) == reader(variable)(raw)


def test_longest_values_survive_being_typed(hello: Shown) -> None:
    message = hello.workspace.messages["hello"]
    user = user_of(hello.workspace, message, SMS, "longest", hello.at)
    for variable in message.variables.values():
        read_value = reader(variable)
        value = read_value(user[variable.source])
        assert value is not MISSING, variable.name
        assert read_value(raw_of(variable, value)) == value


def test_hostile_values_are_out_of_the_bounds_of_every_type(
    hello: Shown,
) -> None:
    message = hello.workspace.messages["hello"]
    user = user_of(hello.workspace, message, SMS, "hostile", hello.at)
    assert len(user) == len(message.variables)
    for variable in message.variables.values():
        assert reader(variable)(user[variable.source]) is MISSING, variable.name


def test_a_declared_persona_takes_the_place_of_a_made_up_one(
    make_files: Callable[[dict[str, str]], Path],
    files: dict[str, str],
    show: Callable[[Path], Shown],
) -> None:
    files["templates/_personas.yaml"] = "longest: {name: Tiny}\n"
    shown = show(make_files(files))
    personas = list_personas(shown.workspace)
    assert [item.name for item in personas if item.is_made_up] == [
        name for name in MADE_UP if name != "longest"
    ]
    message = shown.workspace.messages["hello"]
    assert user_of(shown.workspace, message, SMS, "longest", shown.at) == {
        "name": "Tiny"
    }
