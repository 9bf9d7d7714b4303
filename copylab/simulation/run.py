"""Simulating an experiment: users, exposures, outcomes, and the truth behind them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from copylab.analysis.engines.embedded import Embedded
from copylab.analysis.engines.expressions import first
from copylab.analysis.sources import find_files, open_source
from copylab.document import suggest
from copylab.errors import DataError
from copylab.experiment.exposure import format_time
from copylab.simulation.exposures import as_running, compose_crowd
from copylab.simulation.funnel import FUNNEL, Truth, set_truth
from copylab.simulation.outcomes import LATEST_SECONDS, Sends, Window, draw_outcomes
from copylab.simulation.tables import (
    exposures_parquet,
    outcomes_parquet,
    users_parquet,
)
from copylab.simulation.users import draw_crowd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.random import Generator

    from copylab.catalog import Catalog
    from copylab.experiment.exposure import Exposure
    from copylab.experiment.model import Experiment, MetricDefinition
    from copylab.simulation.users import Crowd

SENDING = timedelta(days=7)
"""The time over which made-up sends are spread."""

USUAL_WINDOW = timedelta(days=7)
"""How long events count where neither metric nor plan says."""

EXPOSURE = "exposure"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Simulation:
    """What was simulated.

    Attributes:
        files: By name (``users.parquet`` and so on), the bytes.
        arms: By arm, the units assigned.
        events: By event, how many there are in the outcomes.
        refused: Why users could not be composed, with their numbers.
    """

    files: Mapping[str, bytes]
    arms: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be simulated.

    Attributes:
        seed: The seed of all randomness; the same seed gives the same bytes.
        at: The time by which everything has happened.
        effects: By arm, the relative effect on the primary metric's event.
        rates: By event, the probability in an arm without effect.
    """

    seed: int
    at: datetime
    effects: Mapping[str, float] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)


def simulate(catalog: Catalog, name: str, users: int, wish: Wish) -> Simulation:
    """Users, exposures, outcomes and the truth, as files.

    Sends end so early that all events have happened by ``wish.at``.

    Args:
        catalog: The workspace.
        name: The experiment.
        users: How many, above 0.
        wish: What is to be simulated.

    Raises:
        DataError: Something wished for does not fit the experiment.
    """
    experiment = _find(catalog, name)
    truth, windows = _truth(catalog, experiment, wish)
    crowd = _crowd(catalog, experiment, users, wish, windows)
    running = as_running(catalog, experiment, crowd.times[0])
    exposures, refused = compose_crowd(running, experiment, crowd)
    sends = _sends(exposures)
    made = _outcomes(catalog, experiment, sends, truth, windows, wish)
    files = {
        "users.parquet": users_parquet(crowd.users),
        "exposures.parquet": exposures_parquet(exposures),
        **made.files,
    }
    return Simulation(files, made.arms, made.events, refused)


def simulate_users(catalog: Catalog, name: str, users: int, wish: Wish) -> Simulation:
    """The users alone: those that ``simulate`` makes of the same wish.

    Raises:
        DataError: Something wished for does not fit the experiment.
    """
    experiment = _find(catalog, name)
    _, windows = _truth(catalog, experiment, wish)
    crowd = _crowd(catalog, experiment, users, wish, windows)
    return Simulation({"users.parquet": users_parquet(crowd.users)})


def simulate_outcomes(
    catalog: Catalog, name: str, exposures: Sequence[str | Path], wish: Wish
) -> Simulation:
    """Outcomes and the truth for exposures that were composed before.

    Args:
        catalog: The workspace.
        name: The experiment.
        exposures: Files or patterns of exposures.
        wish: What is to be simulated; its time is not used.

    Raises:
        DataError: The exposures hold no unit of the experiment, or unknown arms.
        UnreadableError: A file cannot be read.
    """
    experiment = _find(catalog, name)
    truth, windows = _truth(catalog, experiment, wish)
    sends = _read_sends(exposures, experiment)
    return _outcomes(catalog, experiment, sends, truth, windows, wish)


def _find(catalog: Catalog, name: str) -> Experiment:
    experiment = catalog.experiments.get(name)
    if experiment is None:
        known = ", ".join(sorted(catalog.experiments)) or "none"
        cure = suggest(name, catalog.experiments) or f"experiments: {known}"
        raise DataError(f"there is no experiment '{name}'", help=cure)
    message = catalog.messages.get(experiment.message)
    wrong = ""
    if message is None:
        wrong = f"there is no message '{experiment.message}'"
    elif unknown := [arm for arm in experiment.variants if arm not in message.variants]:
        wrong = f"'{unknown[0]}' is no variant of '{message.id}'"
    elif missing := [c for c in experiment.channels if c not in message.channels]:
        wrong = f"'{message.id}' has no {missing[0]} copy"
    if wrong:
        raise DataError(wrong, file=experiment.file, help="mend the experiment first")
    return experiment


def _metrics(catalog: Catalog, experiment: Experiment) -> list[MetricDefinition]:
    """The metrics of the experiment, the primary first."""
    names = experiment.metrics.names if experiment.metrics else ()
    unknown = [name for name in names if name not in catalog.metrics]
    if unknown:
        raise DataError(
            f"the metric '{unknown[0]}' is not declared",
            file=experiment.file,
            help="declare it in experiments/metrics.yaml",
        )
    return [catalog.metrics[name] for name in names]


def _events(metric: MetricDefinition) -> Iterable[str]:
    """The events a metric counts."""
    yield metric.event
    if metric.per is not None and metric.per != EXPOSURE:
        yield metric.per


def _truth(
    catalog: Catalog, experiment: Experiment, wish: Wish
) -> tuple[Truth, dict[str, Window]]:
    """What happens in each arm, and how long each event counts."""
    metrics = _metrics(catalog, experiment)
    truth = set_truth(
        list(experiment.arms),
        experiment.control,
        metrics[0].event if metrics else FUNNEL[0],
        [event for metric in metrics for event in _events(metric)],
        rates=wish.rates,
        effects=wish.effects,
    )
    spans: dict[str, list[int]] = {}
    for metric in metrics:
        within = metric.within or experiment.plan.window or USUAL_WINDOW
        for event in _events(metric):
            spans.setdefault(event, []).append(int(within.total_seconds()))
    usual = experiment.plan.window or USUAL_WINDOW
    windows = {}
    for event in truth.rates(experiment.control):
        seconds = spans.get(event, [int(usual.total_seconds())])
        windows[event] = Window(min(seconds), max(seconds))
    return truth, windows


def _stream(wish: Wish, part: int) -> Generator:
    """The randomness of one part, independent of the others."""
    import numpy as np  # noqa: PLC0415 - slow to import

    return np.random.default_rng([wish.seed, part])


def _crowd(
    catalog: Catalog,
    experiment: Experiment,
    users: int,
    wish: Wish,
    windows: Mapping[str, Window],
) -> Crowd:
    if users < 1:
        raise DataError(
            f"{users} users cannot be simulated", help="name a number above 0"
        )
    longest = max(window.outside_seconds for window in windows.values())
    end = wish.at - timedelta(seconds=longest + LATEST_SECONDS)
    return draw_crowd(
        catalog,
        experiment,
        users,
        rng=_stream(wish, 0),
        start=end - SENDING,
        end=end,
        at=wish.at,
    )


def _sends(exposures: Sequence[Exposure]) -> Sends:
    """Who was assigned, from exposures in memory."""
    assigned = [item for item in exposures if item.reason == "assigned"]
    step = timedelta(microseconds=1)
    return Sends(
        [str(item.unit) for item in assigned],
        [str(item.arm) for item in assigned],
        [(item.ts - _EPOCH) // step for item in assigned],
    )


def _read_sends(paths: Sequence[str | Path], experiment: Experiment) -> Sends:
    """Who was assigned, from files; a unit's first send counts."""
    with Embedded() as engine:
        source = open_source(engine, *find_files(paths))
        source.check_columns(["ts", "experiment", "unit", "arm", "reason"])
        rows = engine.rows(
            f"SELECT unit, {first('arm', 'moment')}, min(moment) FROM ("  # noqa: S608 - literals
            f"SELECT {source.word('unit')} AS unit, {source.word('arm')} AS arm, "
            f"{source.time('ts')} AS moment FROM {source.relation} "
            f"WHERE {source.assigned(experiment.name)}) AS rows_of_ours "
            "WHERE moment IS NOT NULL GROUP BY unit ORDER BY 3, 1",
            source.path,
        )
    if not rows:
        raise DataError(
            f"no unit was assigned to experiment '{experiment.name}'",
            file=source.path,
            help="check the file, and that the experiment was running",
        )
    unknown = sorted({str(row[1]) for row in rows} - set(experiment.arms))
    if unknown:
        raise DataError(
            f"holds the arm '{unknown[0]}', which the experiment does not have",
            file=source.path,
            help="arms: " + ", ".join(experiment.arms),
        )
    units, arms, times = zip(*rows, strict=True)
    return Sends(units, arms, times)


def _outcomes(
    catalog: Catalog,
    experiment: Experiment,
    sends: Sends,
    truth: Truth,
    windows: Mapping[str, Window],
    wish: Wish,
) -> Simulation:
    """The outcomes of sends, and the truth, as files."""
    metrics = _metrics(catalog, experiment)
    valued = frozenset(("loan", *(m.event for m in metrics if m.value)))
    drawn = draw_outcomes(sends, truth, windows, valued, _stream(wish, 1))
    arms = dict.fromkeys(experiment.arms, 0) | Counter(sends.arms)
    record = _truth_record(experiment, truth, windows, wish, arms)
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    files = {
        "outcomes.parquet": outcomes_parquet(drawn),
        "truth.json": text.encode(),
    }
    return Simulation(files, arms, Counter(drawn.events.tolist()))


def _truth_record(
    experiment: Experiment,
    truth: Truth,
    windows: Mapping[str, Window],
    wish: Wish,
    units: Mapping[str, int],
) -> dict[str, object]:
    """The truth for people and programs: what an analysis should find."""
    rates = {arm: truth.rates(arm) for arm in truth.arms}
    base = rates[experiment.control]
    return {
        "experiment": experiment.name,
        "seed": wish.seed,
        "at": format_time(wish.at),
        "control": experiment.control,
        "primary": {
            "metric": experiment.metrics.primary if experiment.metrics else None,
            "event": truth.primary,
        },
        "units": dict(units),
        "effects": {arm: wish.effects.get(arm, 0.0) for arm in experiment.variants},
        "rates": rates,
        "lift": {
            arm: {
                event: rate / base[event] - 1 if base[event] else None
                for event, rate in of_arm.items()
            }
            for arm, of_arm in rates.items()
            if arm != experiment.control
        },
        "windows_hours": {
            event: window.inside_seconds / 3600 for event, window in windows.items()
        },
    }
