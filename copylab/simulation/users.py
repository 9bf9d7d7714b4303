"""Users: made-up people who are in an experiment's audience."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from copylab.audience.attributes import Attribute
from copylab.audience.closure import compile_condition
from copylab.compose.find import find_locale
from copylab.compose.prepare import prepare_copy
from copylab.errors import DataError
from copylab.simulation.candidates import draw_columns, to_python
from copylab.simulation.hints import collect_hints
from copylab.simulation.values import draw_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator

    from copylab.audience.condition import Condition
    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment
    from copylab.message.model import Message, Variable

    User = dict[str, object]

MOST_TRIED = 2_000_000
"""How many candidates are drawn at most, besides a hundred for each user wanted."""

LEFT_OUT = 0.05
"""The share of values left out where the message has a replacement."""

_FIRST_BATCH = 20_000
_LARGEST_BATCH = 500_000
_MOST_DIFFERENT = 2_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """Made-up users, each with the time at which they will be written to.

    Attributes:
        users: Records as a sending service would hand them over.
        times: For each user the time of the send, ascending.
        channels: For each user the channel.
    """

    users: list[User]
    times: list[datetime]
    channels: list[str]


def draw_crowd(
    catalog: Catalog,
    experiment: Experiment,
    count: int,
    *,
    rng: Generator,
    start: datetime,
    end: datetime,
    at: datetime,
) -> Crowd:
    """Users in the audience both at their send and at ``at``.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        count: How many, above 0.
        rng: The randomness.
        start: The earliest send.
        end: The latest send, before ``at``.
        at: A later time at which the users are in the audience as well.

    Raises:
        DataError: Too few of those drawn are in the audience.
    """
    message = catalog.messages[experiment.message]
    seconds = int((end - start).total_seconds())
    offsets = sorted(rng.integers(0, seconds + 1, size=count).tolist())
    times = [start + timedelta(seconds=offset) for offset in offsets]
    channels = list(experiment.channels or message.channels)
    picked = [channels[place] for place in rng.integers(len(channels), size=count)]
    users = _draw_members(catalog, experiment, message, channels, times, rng, at)
    for number, user in enumerate(users, start=1):
        user[experiment.unit] = f"u{number:06d}"
    _add_values(catalog, message, users, rng, at)
    return Crowd(users, times, picked)


def _locales(message: Message, channels: Sequence[str]) -> list[str]:
    """The locales that every channel has words in, in the order of the files."""
    sets = [
        {locale for channel, locale in message.copies if channel == one}
        for one in channels
    ]
    return sorted(set.intersection(*sets)) or sorted(set.union(*sets))


def _draw_members(
    catalog: Catalog,
    experiment: Experiment,
    message: Message,
    channels: Sequence[str],
    times: Sequence[datetime],
    rng: Generator,
    at: datetime,
) -> list[User]:
    """One user in the audience for each time."""
    audience = catalog.audience_of(experiment)
    condition = None if audience is None else audience.condition
    attributes = _attributes(catalog, experiment)
    fixed = {
        "locale": _locales(message, channels),
        experiment.unit: ["u000000"],
    }
    matches = None if condition is None else compile_condition(condition).matches
    hints = collect_hints(condition)
    users: list[User] = []
    tried, batch = 0, _FIRST_BATCH
    most = MOST_TRIED + 100 * len(times)
    while len(users) < len(times):
        if tried >= most:
            raise _too_rare(experiment, len(users), tried)
        columns = draw_columns(attributes, hints, rng, batch, at, fixed)
        rows = _inside(columns, attributes, condition, at)
        for user in _to_users(columns, attributes, rows):
            if len(users) == len(times):
                break
            moved = _move(user, at - times[len(users)])
            if matches is None or (
                matches(moved, times[len(users)]) and matches(moved, at)
            ):
                users.append(moved)
        tried += batch
        missing = len(times) - len(users)
        rate = max(len(users), 1) / tried
        batch = min(max(int(1.2 * missing / rate), 1_000), _LARGEST_BATCH)
    return users


def _attributes(catalog: Catalog, experiment: Experiment) -> dict[str, Attribute]:
    """The declared attributes, and the two without which nobody can be written to."""
    attributes = dict(catalog.attributes)
    attributes["locale"] = Attribute("locale", "string")
    attributes.setdefault(experiment.unit, Attribute(experiment.unit, "string"))
    return attributes


def _too_rare(experiment: Experiment, found: int, tried: int) -> DataError:
    place = experiment.place_of.get("audience")
    return DataError(
        f"the audience '{experiment.audience}' is too rare among made-up users: "
        f"{found:,} of {tried:,} were in it",
        file=experiment.file,
        line=place.line if place else None,
        help="simulate fewer users, or check that the condition can be met at all",
    )


def _inside(
    columns: Mapping[str, tuple[Any, Any]],
    attributes: Mapping[str, Attribute],
    condition: Condition | None,
    at: datetime,
) -> Sequence[int]:
    """The rows that are in the audience at a time, in order; all without one."""
    first = next(iter(columns.values()))[0]
    if condition is None:
        return range(len(first))
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    from copylab.analysis.engines.embedded import connect  # noqa: PLC0415 - as above
    from copylab.audience.sql import to_sql  # noqa: PLC0415 - as above

    kinds = {
        "timestamp": pa.timestamp("us", tz="UTC"),
        "date": pa.date32(),
        "bool": pa.bool_(),
        "int": pa.int64(),
        "decimal": pa.float64(),
        "string": pa.string(),
    }
    arrays = {}
    for name, (values, null) in columns.items():
        kind = kinds[attributes[name].type]
        plain = values.astype("int32") if attributes[name].type == "date" else values
        arrays[name] = pa.array(plain, mask=null).cast(kind)
    arrays["_row"] = pa.array(range(len(first)), pa.int64())
    where = to_sql(condition, "duckdb", now=at)
    with connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("candidates", pa.table(arrays))
        found = connection.execute(
            f"SELECT _row FROM candidates WHERE {where} ORDER BY _row"  # noqa: S608 - a proven condition
        ).fetchall()
    return [row for (row,) in found]


def _to_users(
    columns: Mapping[str, tuple[Any, Any]],
    attributes: Mapping[str, Attribute],
    rows: Sequence[int],
) -> list[User]:
    """The records of some rows."""
    picked = list(rows)
    lists = [
        to_python(attributes[name], values[picked], null[picked])
        for name, (values, null) in columns.items()
    ]
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]


def _move(user: User, earlier: timedelta) -> User:
    """The user with all times moved, so that ages at the send are those drawn."""
    return {
        name: value - earlier if isinstance(value, datetime) else value
        for name, value in user.items()
    }


def _add_values(
    catalog: Catalog,
    message: Message,
    users: Sequence[User],
    rng: Generator,
    at: datetime,
) -> None:
    """Give users what the message's variables are taken from, by locale."""
    by_locale: dict[str, list[User]] = {}
    for user in users:
        by_locale.setdefault(str(user["locale"]), []).append(user)
    for locale in sorted(by_locale):
        group = by_locale[locale]
        for source, variables in _sources(catalog, message, locale).items():
            if source in catalog.attributes or source == "locale":
                continue
            different = source_size(variables, len(group))
            language = locale.split("-", maxsplit=1)[0]
            pool = [draw_value(variables, rng, at, language) for _ in range(different)]
            places = rng.permutation(len(group)) % different
            absent = rng.random(len(group)) < (
                LEFT_OUT if _can_be_absent(variables, locale) else 0.0
            )
            for user, place, gone in zip(group, places, absent, strict=True):
                user[source] = None if gone else pool[place]


def source_size(variables: Sequence[Variable], users: int) -> int:
    """How many different values are drawn: links are one's own, names are shared."""
    own = any(variable.type == "url" for variable in variables)
    return users if own else min(users, _MOST_DIFFERENT)


def _sources(
    catalog: Catalog, message: Message, locale: str
) -> dict[str, list[Variable]]:
    """By key of the user, the variables taken from it that a locale's words refer to.

    A key that no words of the locale refer to is drawn for the first variable it has,
    so that every user has every key.
    """
    used: dict[str, Variable] = {}
    for channel in message.channels:
        tag = find_locale(catalog, message, channel, locale)
        for key in catalog.templates:
            if tag is not None and key[:3] == (message.id, channel, tag):
                copy = prepare_copy(catalog, message, channel, tag, key[3])
                used |= {item.name: item.variable for item in copy.inputs}
    sources: dict[str, list[Variable]] = {}
    for variable in message.variables.values():
        if variable.name in used:
            sources.setdefault(variable.source, []).append(variable)
    for variable in message.variables.values():
        sources.setdefault(variable.source, [variable])
    return sources


def _can_be_absent(variables: Sequence[Variable], locale: str) -> bool:
    return all(variable.missing.at(locale)[0] == "use" for variable in variables)
