"""The results of an experiment as a page may show them, computed once for its data.

A page is looked at by anybody, as often as they like. So it records no look, and before
the plan's end it opens none that is not in the ledger: what it shows then is what
``copylab analyze`` shows between looks, health and guardrails.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from copylab.data_settings import TableAt
from copylab.decision.data_places import data_places
from copylab.decision.moment import find_moment
from copylab.decision.results import analyze_workspace
from copylab.errors import CopylabError
from copylab.preview.experiments.needs import needs_of_draft, needs_of_running
from copylab.preview.experiments.problems import Problem, problems_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from copylab.analysis.results import Analysis
    from copylab.analysis.sequential.plan import Wish
    from copylab.experiment.model import Experiment
    from copylab.preview.experiments.needs import Needs
    from copylab.preview.shown import Shown

_KINDS = ("exposures", "outcomes")
_MOST_KEPT = 64
_FRESH_SECONDS = 300
"""Time passes and windows close: an analysis as of a moment is kept for so long."""


@dataclass(frozen=True, slots=True)
class Results:
    """What the data of an experiment say.

    Attributes:
        analysis: The analysis; None for a draft, and where there is none to show.
        problems: Why there is none.
        needs: The users that the plan asks for; None where nothing says so.
        unknown: Why that is not known.
        database: The address of a database that holds the data, which a page does not
            ask; empty where they are files.
        due: The number of a look that is due and not recorded, so that it is not
            opened here; 0 for none.
    """

    analysis: Analysis | None = None
    problems: tuple[Problem, ...] = ()
    needs: Needs | None = None
    unknown: tuple[Problem, ...] = ()
    database: str = ""
    due: int = 0


_kept: OrderedDict[str, Results] = OrderedDict()
_locks: dict[str, Lock] = {}
_guard = Lock()


def find_results(shown: Shown, name: str) -> Results:
    """The results of an experiment; the same object while neither files nor data change.

    Args:
        shown: The state of the workspace.
        name: An experiment that is there.
    """
    experiment = shown.workspace.experiments[name]
    try:
        places = [data_places(shown.workspace, kind) for kind in _KINDS]
    except CopylabError as error:
        found = problems_of(error)
        return Results(problems=found, unknown=found)
    remote = [place for place in places if _is_remote(place)]
    if remote:
        place = remote[0]
        where = place.place if isinstance(place, TableAt) else str(place)
        return Results(database=where)
    key = _key(shown, experiment, places)
    with _guard:
        lock = _locks.setdefault(key, Lock())
    with lock:  # whoever asks for the same meanwhile waits for it
        with _guard:
            kept = _kept.get(key)
        if kept is None:
            kept = _compute(shown, experiment)
            _keep(key, kept)
    return kept


def _is_remote(place: object) -> bool:
    return isinstance(place, TableAt) and not place.url.startswith("duckdb://")


def _keep(key: str, found: Results) -> None:
    with _guard:
        _kept[key] = found
        while len(_kept) > _MOST_KEPT:
            old, _ = _kept.popitem(last=False)
            _locks.pop(old, None)


def _key(shown: Shown, experiment: Experiment, places: Sequence[object]) -> str:
    """What tells these results from all others: settings, words, records, and data."""
    digest = hashlib.sha256()
    folders = ("copylab.yaml", "experiments/", f"templates/{experiment.message}/")
    for name, source in sorted(shown.workspace.sources.items()):
        if name.startswith((*folders, "templates/_")):
            digest.update(f"{name}\0{source.text}\0".encode("utf-8", "surrogatepass"))
    moment = int(shown.at.timestamp()) // _FRESH_SECONDS
    digest.update(f"{shown.root}\0{experiment.name}\0{moment}\0".encode())
    for path in _files(shown.root, places):
        try:
            stat = path.stat()
        except OSError:
            continue
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _files(root: Path, places: Sequence[object]) -> Iterator[Path]:
    yield from sorted((root / "experiments" / "decisions").glob("*.yaml"))
    for place in places:
        if isinstance(place, list):
            yield from map(Path, place)
        elif isinstance(place, TableAt):
            yield root / place.url.removeprefix("duckdb://")


def _compute(shown: Shown, experiment: Experiment) -> Results:
    """The results, whatever is wrong with files and data."""
    catalog, now = shown.workspace, shown.at.replace(microsecond=0)
    try:
        until = find_moment(catalog, None, now=now)
    except CopylabError as error:
        found = problems_of(error)
        return Results(problems=found, unknown=found)
    if experiment.status == "draft":
        try:
            return Results(needs=needs_of_draft(catalog, experiment, until))
        except CopylabError as error:
            return Results(unknown=problems_of(error))
    # A decision stands already: there is nothing left to spend.
    wish: Wish = "due" if experiment.status == "concluded" else "recorded"
    try:
        analysis = analyze_workspace(catalog, experiment.name, at=until, wish=wish)
    except CopylabError as error:
        return Results(problems=problems_of(error))
    looks = analysis.looks
    return Results(
        analysis=analysis,
        needs=needs_of_running(experiment, analysis, _today(until, now)),
        due=0 if looks is None else looks.closed,
    )


def _today(until: datetime | None, now: datetime) -> datetime:
    return now if until is None else until
