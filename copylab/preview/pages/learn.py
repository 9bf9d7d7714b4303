"""What hooks, tones and lengths do, over all past experiments."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from copylab.analysis.meta import FEW_TESTS, METHOD
from copylab.analysis.wording import say_p, word_lift
from copylab.decision.history import find_unrecorded
from copylab.decision.learn import LENGTH, learn
from copylab.preview.experiments.forest import Forest, draw_forest
from copylab.preview.experiments.history import find_history
from copylab.preview.page import Page
from copylab.preview.paths import LEARN

if TYPE_CHECKING:
    from copylab.decision.factorial import Factorial
    from copylab.preview.page import View
    from copylab.preview.shown import Shown


@dataclass(frozen=True, slots=True)
class Topic:
    """All that is known of one tag on one metric.

    Attributes:
        metric: The metric.
        tag: The tag, or ``length``.
        is_length: Whether it is about the length of the words.
        forests: A plot for each pair of values, most tests first.
    """

    metric: str
    tag: str
    is_length: bool
    forests: tuple[Forest, ...]


@dataclass(frozen=True, slots=True)
class EffectShown:
    """An effect of a factorial test, in words."""

    kind: str
    name: str
    lift: str
    p_value: str


@dataclass(frozen=True, slots=True)
class FactorialShown:
    """An experiment whose arms cross two tags."""

    experiment: str
    metric: str
    tags: tuple[str, str]
    effects: tuple[EffectShown, ...]


def learn_page(shown: Shown, view: View) -> Page:
    """What the decisions teach together.

    Args:
        shown: The state of the workspace.
        view: Who looks.
    """
    catalog = shown.workspace
    history = find_history(catalog)
    decisions = [entry.decision for entry in reversed(history.entries)]
    lessons = learn(decisions, unrecorded=find_unrecorded(catalog))
    topics = tuple(
        Topic(metric, tag, tag == LENGTH, tuple(draw_forest(item) for item in items))
        for (metric, tag), items in groupby(
            lessons.lessons, key=lambda lesson: (lesson.metric, lesson.tag)
        )
    )
    return Page(
        path=LEARN,
        title=view.say("learn.title"),
        template="learn.html",
        content={
            "count": lessons.experiments,
            "topics": topics,
            "factorials": tuple(map(_factorial, lessons.factorials)),
            "skipped": lessons.skipped,
            "problems": history.problems,
            "known": frozenset(catalog.experiments),
            "method": METHOD,
            "enough": FEW_TESTS,
        },
        styles=("experiment.css",),
    )


def _factorial(item: Factorial) -> FactorialShown:
    effects = tuple(
        EffectShown(one.kind, one.name, word_lift(one.lift), say_p(one.p_value))
        for one in item.effects
    )
    return FactorialShown(item.experiment, item.metric, item.tags, effects)
