"""All experiments by status, and the decisions as history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.decision.find import channels_of
from copylab.decision.start import find_obstacles
from copylab.errors import CopylabError
from copylab.experiment.model import STATUSES
from copylab.preview.experiments.arms import share_arms
from copylab.preview.experiments.axis import find_axis
from copylab.preview.experiments.history import find_history
from copylab.preview.experiments.looks import find_look_line
from copylab.preview.experiments.problems import Problem, problems_of
from copylab.preview.page import Page
from copylab.preview.paths import EXPERIMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from copylab.experiment.model import Experiment, Status
    from copylab.preview.experiments.arms import ArmShare
    from copylab.preview.experiments.axis import Axis
    from copylab.preview.experiments.history import Entry, History
    from copylab.preview.experiments.looks import LookLine
    from copylab.preview.page import View
    from copylab.preview.shown import Shown

_ORDER: dict[Status, int] = {"running": 0, "draft": 1, "concluded": 2}
_NOT_FROZEN = "experiment-not-frozen"


@dataclass(frozen=True, slots=True)
class Row:
    """An experiment in the list.

    Attributes:
        name: Its name.
        status: Its status.
        message: Its message.
        has_message: Whether there is such a message.
        channels: The channels it covers.
        audience: The name of its audience, or the condition; empty for everybody.
        arms: Its arms with their shares.
        metric: The metric that decides; empty where none is named.
        since: When its present epoch began; None before.
        line: Its looks; None where they cannot be read.
        problems: What is wrong: with a draft, what hinders its start.
        entry: The decision on it, or None.
    """

    name: str
    status: Status
    message: str
    has_message: bool
    channels: tuple[str, ...]
    audience: str
    arms: tuple[ArmShare, ...]
    metric: str
    since: datetime | None
    line: LookLine | None
    problems: tuple[Problem, ...]
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Group:
    """The experiments of one status."""

    status: Status
    rows: tuple[Row, ...]


def experiments_page(shown: Shown, view: View) -> Page:
    """All experiments, running ones first, then the decisions.

    Args:
        shown: The state of the workspace.
        view: Who looks.
    """
    history = find_history(shown.workspace)
    rows = [
        _row(shown, experiment, history)
        for _, experiment in sorted(shown.workspace.experiments.items())
    ]
    groups = tuple(
        Group(status, tuple(row for row in rows if row.status == status))
        for status in sorted(STATUSES, key=_ORDER.__getitem__)
    )
    return Page(
        path=EXPERIMENTS,
        title=view.say("experiment.all"),
        template="experiments.html",
        content={
            "groups": groups,
            "count": len(rows),
            "broken": _broken(shown),
            "history": history,
            "axis": history_axis(history.entries),
        },
        styles=("experiment.css",),
    )


def history_axis(entries: Iterable[Entry]) -> Axis:
    """One axis for the lifts of all decisions."""
    return find_axis(
        end for entry in entries for item in entry.lifts for end in item.ends or ()
    )


def hindrances(shown: Shown, experiment: Experiment) -> tuple[Problem, ...]:
    """What hinders the start of a draft, or has changed in what is running.

    Args:
        shown: The state of the workspace.
        experiment: The experiment.
    """
    linted = shown.report.findings
    if experiment.status == "draft":
        try:
            found = find_obstacles(
                shown.workspace, experiment.name, at=shown.at, linted=linted
            )
        except CopylabError as error:
            return problems_of(error)
        return tuple(problem for item in found for problem in problems_of(item))
    wrong = [
        item
        for item in linted
        if item.file == experiment.file and item.severity == "error"
    ]
    return tuple(problem for item in wrong for problem in problems_of(item))


def _row(shown: Shown, experiment: Experiment, history: History) -> Row:
    catalog = shown.workspace
    message = catalog.messages.get(experiment.message)
    problems = hindrances(shown, experiment)
    line = None
    entry = history.of(experiment.name)
    decision = None if entry is None else entry.decision
    try:
        line = find_look_line(shown.root, experiment, decision=decision)
    except CopylabError as error:
        problems = (*problems, *problems_of(error))
    return Row(
        name=experiment.name,
        status=experiment.status,
        message=experiment.message,
        has_message=message is not None,
        channels=channels_of(catalog, experiment),
        audience=experiment.audience or "",
        arms=share_arms(
            experiment.arms, experiment.control, message.live if message else ""
        ),
        metric=experiment.metrics.primary if experiment.metrics else "",
        since=experiment.epochs[-1].at if experiment.epochs else None,
        line=line,
        problems=problems,
        entry=entry,
    )


def _broken(shown: Shown) -> dict[str, tuple[Problem, ...]]:
    """The files of experiments that cannot be read, with what is wrong in them."""
    files = {item.file for item in shown.workspace.experiments.values()}
    found: dict[str, tuple[Problem, ...]] = {}
    for finding in shown.workspace.errors():
        file = finding.file or ""
        folder, _, name = file.rpartition("/")
        if folder != "experiments" or file in files or name in _SHARED:
            continue
        found[file] = (*found.get(file, ()), *problems_of(finding))
    return found


_SHARED = frozenset(("audiences.yaml", "layers.yaml", "metrics.yaml"))
