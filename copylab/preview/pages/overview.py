"""The overview: every message, what lacks, what is tested, and when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from copylab.preview.campaigns import count_options, find_campaigns
from copylab.preview.experiments.audience import word_condition
from copylab.preview.matrix import includes_of, make_matrix, plain_text
from copylab.preview.page import Page
from copylab.preview.paths import OVERVIEW
from copylab.preview.shown import message_of
from copylab.preview.trials import find_trials

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copylab.findings import Finding
    from copylab.message.model import Passage
    from copylab.preview.campaigns import Campaign
    from copylab.preview.experiments.audience import Clause
    from copylab.preview.matrix import Column, Row
    from copylab.preview.page import View
    from copylab.preview.shown import Shown

_MOST_OUTSIDE = 20
"""So many findings outside of messages are shown; a workspace mostly has none."""


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """A channel over its locales.

    Attributes:
        channel: The channel.
        locales: Its locales, in the order of the columns.
    """

    channel: str
    locales: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """What the overview shows.

    Attributes:
        campaigns: The folders of messages.
        columns: Channels and locales.
        groups: The channels over the columns.
        options: What one can choose in each filter.
        outside: The first findings that are in no message's folder.
        outside_count: How many there are.
        audiences: The audiences that messages are tested on, in words.
        partials: What messages include, by path, for searching.
        count: How many messages there are.
    """

    campaigns: tuple[Campaign, ...]
    columns: tuple[Column, ...]
    groups: tuple[ColumnGroup, ...]
    options: Mapping[str, tuple[str, ...]]
    outside: tuple[Finding, ...]
    outside_count: int
    audiences: tuple[tuple[str, Clause], ...]
    partials: Mapping[str, str]
    count: int

    @cached_property
    def named(self) -> frozenset[str]:
        """The names of the audiences that are told in words."""
        return frozenset(name for name, _ in self.audiences)


def overview_page(shown: Shown, view: View) -> Page:
    """The overview.

    Args:
        shown: The state of the workspace.
        view: Who looks.
    """
    catalog = shown.workspace
    trials = find_trials(catalog, shown.root, shown.at)
    matrix = make_matrix(shown, trials)
    outside = [f for f in shown.report.findings if message_of(f.file) is None]
    overview = Overview(
        campaigns=find_campaigns(shown, matrix.rows),
        columns=matrix.columns,
        groups=_groups(matrix.columns),
        options={
            **count_options(matrix.rows),
            "campaign": tuple(dict.fromkeys(row.campaign for row in matrix.rows)),
            "channel": tuple(dict.fromkeys(c for c, _ in matrix.columns)),
            "locale": tuple(dict.fromkeys(locale for _, locale in matrix.columns)),
        },
        outside=tuple(outside[:_MOST_OUTSIDE]),
        outside_count=len(outside),
        audiences=_audiences(shown, view, matrix.rows),
        partials=_partials(shown, matrix.rows),
        count=len(matrix.rows),
    )
    return Page(
        path=OVERVIEW,
        title=view.say("overview.title"),
        template="overview.html",
        content={
            "overview": overview,
            "tell": cache(view.say),
            "anchors": [".".join(column) for column in matrix.columns],
            "labels": [
                f"{view.say(f'overview.{c}')} {tag}" for c, tag in matrix.columns
            ],
            "places": {path: place for place, path in enumerate(overview.partials)},
        },
        styles=("overview.css",),
        scripts=("overview.js",),
    )


def _groups(columns: Iterable[Column]) -> tuple[ColumnGroup, ...]:
    locales: dict[str, list[str]] = {}
    for channel, locale in columns:
        locales.setdefault(channel, []).append(locale)
    return tuple(ColumnGroup(channel, tuple(tags)) for channel, tags in locales.items())


def _audiences(
    shown: Shown, view: View, rows: Iterable[Row]
) -> tuple[tuple[str, Clause], ...]:
    """The named audiences that rows refer to, in words."""
    used = dict.fromkeys(name for row in rows for name in row.audiences)
    known = shown.workspace.audiences
    return tuple(
        (name, word_condition(known[name].condition, view))
        for name in sorted(used)
        if name in known
    )


def _partials(shown: Shown, rows: Iterable[Row]) -> Mapping[str, str]:
    """The words of every partial that a row includes, by path."""
    passages = shown.workspace.partials
    found: dict[str, str] = {}
    for row in rows:
        for path in row.includes:
            if path not in found:
                found[path] = _expand(passages, path, ())
    return found


def _expand(passages: Mapping[str, Passage], path: str, above: tuple[str, ...]) -> str:
    """The words of a partial, with those of the partials it includes."""
    if path not in passages or path in above:
        return ""
    text = passages[path].text
    inner = [_expand(passages, name, (*above, path)) for name in includes_of(text)]
    return " ".join([plain_text(text), *inner])
