"""Campaigns: folders of messages, and the time lines by which these are sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.lint.ruleset import find_rules
from copylab.preview.timeline import Timelines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from copylab.preview.matrix import Row
    from copylab.preview.shown import Shown
    from copylab.preview.timeline import Placed
    from copylab.preview.trials import Trial


@dataclass(frozen=True, slots=True)
class Lane:
    """How long the outcomes of an experiment count, on the days of a time line.

    Attributes:
        trial: The experiment.
        message: The name of its message.
        channels: Its channels that the sequence sends.
        day: The day of the first send that it covers.
        until: The day on which outcomes of the last such send cease to count.
    """

    trial: Trial
    message: str
    channels: tuple[str, ...]
    day: int
    until: int


@dataclass(frozen=True, slots=True)
class Line:
    """A time line, and the messages that are sent by it.

    Attributes:
        messages: The names of the messages.
        is_whole: Whether these are all messages of the campaign.
        steps: The steps, by when they are due.
        days: The days on which one of them goes out first, ascending.
        lanes: The experiments whose outcomes count from one of them.
        ends: The last day of all that is shown; 1 at least.
    """

    messages: tuple[str, ...]
    is_whole: bool
    steps: tuple[Placed, ...]
    days: tuple[int, ...]
    lanes: tuple[Lane, ...]
    ends: int

    @property
    def marks(self) -> tuple[int, ...]:
        """The days that an axis of all days names: six or seven steps, and the end."""
        step = max(1, round(self.ends / 7))
        return (*range(0, self.ends - step // 2, step), self.ends)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A folder of messages.

    Attributes:
        name: The folder; empty for messages that stand in none.
        rows: Its messages.
        lines: Their time lines, the one of most messages first.
        without_line: How many of its messages have no sequence.
    """

    name: str
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    without_line: int


def find_campaigns(shown: Shown, rows: Iterable[Row]) -> tuple[Campaign, ...]:
    """The campaigns with their messages and time lines, in the order of the rows.

    Args:
        shown: The state of the workspace.
        rows: The messages.
    """
    by_campaign: dict[str, list[Row]] = {}
    for row in rows:
        by_campaign.setdefault(row.campaign, []).append(row)
    catalog = shown.workspace
    rules, _ = find_rules(catalog.config.lint, catalog.sources)
    timelines = Timelines(catalog, rules, shown.at.date())
    return tuple(
        _campaign(name, found, timelines) for name, found in by_campaign.items()
    )


def _campaign(name: str, rows: Sequence[Row], timelines: Timelines) -> Campaign:
    by_steps: dict[tuple[Placed, ...], list[Row]] = {}
    for row in rows:
        if row.message is not None and not row.is_unreadable:
            steps = timelines.of(row.message)
            if steps:
                by_steps.setdefault(steps, []).append(row)
    lines = [_line(steps, found, len(rows)) for steps, found in by_steps.items()]
    lines.sort(key=lambda line: -len(line.messages))
    without = len(rows) - sum(len(line.messages) for line in lines)
    return Campaign(name, tuple(rows), tuple(lines), without)


def _line(steps: tuple[Placed, ...], rows: Sequence[Row], count: int) -> Line:
    lanes = tuple(lane for row in rows for lane in _lanes(steps, row))
    days = tuple(sorted({step.day for step in steps}))
    last = max(step.last_day for step in steps)
    return Line(
        messages=tuple(row.name for row in rows),
        is_whole=len(rows) == count,
        steps=steps,
        days=days,
        lanes=lanes,
        ends=max([1, last, *(lane.until for lane in lanes)]),
    )


def _lanes(steps: Sequence[Placed], row: Row) -> list[Lane]:
    found = []
    for trial in row.trials:
        sent = [step for step in steps if step.channel in trial.channels]
        if trial.status == "concluded" or trial.window_days is None or not sent:
            continue
        channels = tuple(dict.fromkeys(step.channel for step in sent))
        first = min(step.day for step in sent)
        last = max(step.last_day for step in sent)
        until = last + trial.window_days
        found.append(Lane(trial, row.name, channels, first, until))
    return found


def count_options(rows: Iterable[Row]) -> Mapping[str, tuple[str, ...]]:
    """What one can choose in each filter, the commonest first.

    Args:
        rows: The messages.
    """
    counts: dict[str, Counter[str]] = {
        key: Counter() for key in ("market", "purpose", "audience")
    }
    for row in rows:
        counts["market"].update(row.markets)
        counts["audience"].update(row.audiences)
        if row.message is not None:
            counts["purpose"][row.message.purpose] += 1
    return {
        key: tuple(sorted(found, key=lambda word: (-found[word], word)))
        for key, found in counts.items()
    }
