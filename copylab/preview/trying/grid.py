"""Grids: results worked out beforehand, for pages that have no server to ask.

A file holds what every persona gets, and what the typical user gets with the values of
an enum, at the bounds and thresholds of a number, and where values are missing: as many
as a cap allows. A value that is not among them cannot be tried there.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import inf, prod
from typing import TYPE_CHECKING

from copylab.preview.trying.raw import read_raw, show_raw
from copylab.preview.trying.users import TYPICAL, user_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from copylab.preview.trying.controls import Control
    from copylab.preview.trying.outcome import TriedVariant, Trying
    from copylab.preview.trying.users import Persona, Place, User

MOST_RESULTS = 300
"""Results of single values in one file; an e-mail counts as several."""
LEAST_RESULTS = 12
_OF_ALL = 2000
"""Results of single values in all files of a site, as far as each has its least."""
_FEW_MESSAGES = 100
"""Messages of a site up to which each file holds what every persona gets."""
_WEIGHTS = {"email": 8}
"""What an e-mail takes, in short messages."""

Stop = str | None
"""A value as it is typed; None where it is missing."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A control with the values that a file holds results for.

    Attributes:
        control: The control.
        stops: The values, the typical one among them.
        usual: The place of the typical one.
    """

    control: Control
    stops: tuple[Stop, ...]
    usual: int


@dataclass(frozen=True, slots=True)
class Table:
    """The results of one variant.

    Attributes:
        variant: The variant.
        axes: The axes that it depends on, by their places.
        pieces: The results by their places among all, the last axis running fastest.
    """

    variant: str
    axes: tuple[int, ...]
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GridPlace:
    """The results of one channel and locale.

    Attributes:
        trying: The place.
        axes: What can be set.
        tables: One for each variant.
        personas: By persona, its user and the results by variant.
    """

    trying: Trying
    axes: tuple[Axis, ...]
    tables: tuple[Table, ...]
    personas: Mapping[str, tuple[User, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Grid:
    """Everything that a file holds.

    Attributes:
        places: By channel and locale.
        pieces: The results, each once, with their places.
    """

    places: tuple[GridPlace, ...]
    pieces: tuple[tuple[Place, TriedVariant], ...]


def most_results(messages: int) -> int:
    """How many results a file may hold where a site has so many messages."""
    return min(MOST_RESULTS, max(LEAST_RESULTS, _OF_ALL // max(messages, 1)))


class _Pieces:
    """Results, each once.

    Args:
        most: What they may weigh together; None is no limit.
    """

    def __init__(self, most: int | None) -> None:
        self.found: list[tuple[Place, TriedVariant]] = []
        self.room: float = inf if most is None else most
        self._places: dict[object, int] = {}
        self._alike: dict[tuple[Place, TriedVariant], int] = {}

    def add(self, trying: Trying, variant: str, user: User) -> int:
        """The place of a result; users who get the same have one."""
        read = {
            item.source: show_raw(user.get(item.source))
            for item in trying.sources(variant)
        }
        key = (trying.place, variant, tuple(read.items()))
        if key not in self._places:
            self._places[key] = self._keep(trying, variant, user)
        return self._places[key]

    def _keep(self, trying: Trying, variant: str, user: User) -> int:
        """The place of a result that was not asked for before."""
        result = (trying.place, trying.try_variant(variant, user))
        number = self._alike.setdefault(result, len(self.found))
        if number == len(self.found):
            self.found.append(result)
            self.room -= _weight(trying)
        return number


def _weight(trying: Trying) -> int:
    return _WEIGHTS.get(trying.place.channel, 1)


def make_grid(
    tryings: Sequence[Trying],
    controls: Sequence[Control],
    personas: Sequence[Persona],
    at: datetime,
    messages: int,
) -> Grid:
    """What a file holds.

    What typical users get is always in it; then come personas, then values.

    Args:
        tryings: The places.
        controls: What can be set.
        personas: Whom to try with, the most wanted first.
        at: The moment of the look.
        messages: How many messages the site has: many share what it may hold.
    """
    most = most_results(messages)
    pieces = _Pieces(None if messages <= _FEW_MESSAGES else most)
    users = [_users(trying, controls, personas, at) for trying in tryings]
    held = [
        dict(_of_personas(pieces, trying, own))
        for trying, own in zip(tryings, users, strict=True)
    ]
    share = most / max(1, len(tryings))
    places = []
    for number, (trying, own) in enumerate(zip(tryings, users, strict=True)):
        axes = _choose_axes(trying, controls, own[TYPICAL], share / _weight(trying))
        tables = tuple(
            _table(pieces, trying, variant, axes, own[TYPICAL])
            for variant in trying.presses
        )
        places.append(GridPlace(trying, axes, tables, held[number]))
    return Grid(tuple(places), tuple(pieces.found))


def _users(
    trying: Trying,
    controls: Sequence[Control],
    personas: Sequence[Persona],
    at: datetime,
) -> dict[str, User]:
    """By persona, the user, in the order of the personas."""
    names = dict.fromkeys([TYPICAL, *(persona.name for persona in personas)])
    return {
        name: user_of(trying.catalog, trying.message, trying.place, name, at, controls)
        for name in names
    }


def _of_personas(
    pieces: _Pieces, trying: Trying, users: Mapping[str, User]
) -> Iterator[tuple[str, tuple[User, Mapping[str, int]]]]:
    """What the personas get, as far as there is room."""
    for name, user in users.items():
        if name == TYPICAL or pieces.room >= len(trying.presses) * _weight(trying):
            found = {v: pieces.add(trying, v, user) for v in trying.presses}
            yield name, (user, found)


def _choose_axes(
    trying: Trying, controls: Sequence[Control], user: User, most: float
) -> tuple[Axis, ...]:
    """The axes that fit: words first, then numbers, then what is missing."""
    read = {v: {item.source for item in trying.sources(v)} for v in trying.presses}
    used = frozenset().union(*read.values())
    stops: dict[str, list[Stop]] = {}
    shown: dict[str, Control] = {}
    for control in controls:
        if control.source in used and control.source not in shown:
            shown[control.source] = control
            stops[control.source] = [show_raw(user.get(control.source))]

    def size() -> int:
        return sum(
            prod(len(stops[source]) for source in sources) for sources in read.values()
        )

    for source, more in _wanted(shown):
        before = stops[source]
        stops[source] = [*before, *(stop for stop in more if stop not in before)]
        if size() > most:
            stops[source] = before
    return tuple(_axis(shown[source], found) for source, found in stops.items())


def _wanted(shown: Mapping[str, Control]) -> Iterator[tuple[str, tuple[Stop, ...]]]:
    """Stops to add, the most telling first."""
    for source, control in shown.items():
        if control.values or control.asked:
            yield source, (*control.values, *control.asked)
    numbers = [pair for pair in shown.items() if pair[1].kind == "number"]
    for source, control in numbers:
        if control.thresholds:
            yield source, number_stops(control)
    for source in shown:
        yield source, (None,)
    for source, control in numbers:
        yield source, number_stops(control)


def number_stops(control: Control) -> tuple[str, ...]:
    """The bounds of a number, and each threshold with its neighbours."""
    from decimal import Decimal  # noqa: PLC0415 - for numbers alone

    if not control.low:
        return ()
    low, high, step = map(Decimal, (control.low, control.high, control.step))
    found = {low, high}
    for threshold in control.thresholds:
        turn = Decimal(threshold.value)
        found |= {turn - step, turn, turn + step}
    return tuple(
        format(number.normalize() if number else Decimal(0), "f")
        for number in sorted(found)
        if low <= number <= high
    )


def _axis(control: Control, stops: Sequence[Stop]) -> Axis:
    """The stops in the order in which a control shows them, missing last."""
    usual = stops[0]
    given = [stop for stop in stops if stop is not None]
    if control.kind == "number":
        given.sort(key=_as_number)
    elif control.values:
        order = {value: number for number, value in enumerate(control.values)}
        given.sort(key=lambda stop: order.get(stop, len(order)))
    ordered: list[Stop] = [*given, *([None] if None in stops else [])]
    return Axis(control, tuple(ordered), ordered.index(usual))


def _as_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")


def _table(
    pieces: _Pieces, trying: Trying, variant: str, axes: Sequence[Axis], user: User
) -> Table:
    """The results of a variant for every combination of what it reads."""
    sources = {item.source for item in trying.sources(variant)}
    own = tuple(n for n, axis in enumerate(axes) if axis.control.source in sources)
    found = []
    for stops in product(*(axes[number].stops for number in own)):
        tried = dict(user)
        for number, stop in zip(own, stops, strict=True):
            axis = axes[number]
            if stop is None:
                tried.pop(axis.control.source, None)
            elif stop != axis.stops[axis.usual]:
                tried[axis.control.source] = read_raw(axis.control, stop)
        found.append(pieces.add(trying, variant, tried))
    return Table(variant, own, tuple(found))
