"""What a page without a server holds: the same results as a server gives."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from copylab.preview.trying.controls import make_controls
from copylab.preview.trying.grid import (
    LEAST_RESULTS,
    MOST_RESULTS,
    Grid,
    make_grid,
    most_results,
    number_stops,
)
from copylab.preview.trying.outcome import prepare_trying
from copylab.preview.trying.raw import read_raw
from copylab.preview.trying.users import Place, list_personas, user_of

if TYPE_CHECKING:
    from copylab.preview.shown import Shown

PLACES = [Place(channel, "en-US") for channel in ("sms", "push", "email")]


def grid_of(shown: Shown, messages: int = 1) -> Grid:
    workspace = shown.workspace
    message = workspace.messages["hello"]
    found = shown.findings_of("hello")
    tryings = [
        prepare_trying(workspace, message, place, shown.report, found)
        for place in PLACES
    ]
    controls = make_controls(workspace, message)
    personas = list_personas(workspace)
    return make_grid(tryings, controls, personas, shown.at, messages)


def test_every_cell_is_what_a_server_would_answer(hello: Shown) -> None:
    grid = grid_of(hello)
    cells = 0
    for place in grid.places:
        trying = place.trying
        usual, _ = place.personas["typical"]
        for table in place.tables:
            axes = [place.axes[number] for number in table.axes]
            combinations = list(product(*(axis.stops for axis in axes)))
            assert len(combinations) == len(table.pieces)
            for stops, piece in zip(combinations, table.pieces, strict=True):
                user = dict(usual)
                for axis, stop in zip(axes, stops, strict=True):
                    if stop is None:
                        user.pop(axis.control.source, None)
                    else:
                        user[axis.control.source] = read_raw(axis.control, stop)
                where, held = grid.pieces[piece]
                assert where == trying.place
                assert held == trying.try_variant(table.variant, user)
                cells += 1
    assert cells > 60


def test_every_persona_is_there_in_every_place(hello: Shown) -> None:
    grid = grid_of(hello)
    names = [persona.name for persona in list_personas(hello.workspace)]
    message = hello.workspace.messages["hello"]
    for place in grid.places:
        assert sorted(place.personas) == sorted(names)
        for name, (_, pieces) in place.personas.items():
            where = place.trying.place
            user = user_of(hello.workspace, message, where, name, hello.at)
            for variant, number in pieces.items():
                held = grid.pieces[number][1]
                assert held == place.trying.try_variant(variant, user)


def test_words_numbers_and_what_is_missing_can_be_set(hello: Shown) -> None:
    sms = grid_of(hello).places[0]
    axes = {axis.control.name: axis for axis in sms.axes}
    assert axes["stage"].stops[:3] == ("registered", "approved", "repaid")
    days = [stop for stop in axes["days"].stops if stop is not None]
    assert {"-3", "29", "30", "31", "720"} <= set(days)
    assert days == sorted(days, key=float)
    assert any(None in axis.stops for axis in sms.axes)
    for axis in sms.axes:
        assert axis.stops[axis.usual] is not None


def test_each_result_is_held_once(hello: Shown) -> None:
    pieces = grid_of(hello).pieces
    texts = [(str(place), repr(piece)) for place, piece in pieces]
    assert len(texts) == len(set(texts))


def test_many_messages_share_what_a_site_may_hold(hello: Shown) -> None:
    assert most_results(1) == MOST_RESULTS
    assert most_results(10_000) == LEAST_RESULTS
    many = grid_of(hello, messages=10_000)
    assert len(many.pieces) < len(grid_of(hello).pieces)
    for place in many.places:
        assert "typical" in place.personas
        assert all(table.pieces for table in place.tables)


def test_stops_of_a_number_stay_in_its_bounds(hello: Shown) -> None:
    message = hello.workspace.messages["hello"]
    controls = {c.name: c for c in make_controls(hello.workspace, message)}
    assert number_stops(controls["days"]) == ("-3", "29", "30", "31", "720")
    assert number_stops(controls["rate"]) == ("0", "36")
    assert number_stops(controls["limit"]) == (
        *("500", "49999", "50000", "50001", "200000"),
    )
