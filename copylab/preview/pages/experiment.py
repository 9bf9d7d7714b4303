"""One experiment: its words, its plan and looks, who takes part, and its last report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from copylab.analysis.report.compose import compose
from copylab.analysis.report.html import write_parts
from copylab.audience.condition import to_text
from copylab.decision.arm_words import render_arms
from copylab.decision.find import channels_of
from copylab.errors import CopylabError
from copylab.experiment.quantities import format_percent
from copylab.preview.experiments.arms import share_arms, show_epochs
from copylab.preview.experiments.audience import word_condition, word_span
from copylab.preview.experiments.history import find_history
from copylab.preview.experiments.looks import find_look_line
from copylab.preview.experiments.problems import problems_of
from copylab.preview.experiments.results import find_results
from copylab.preview.page import Page
from copylab.preview.pages.experiments import hindrances, history_axis
from copylab.preview.paths import experiment_path
from copylab.preview.usual_values import usual_values

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.analysis.arm_copies import ArmCopy
    from copylab.analysis.report.document import Document
    from copylab.analysis.sequential.standing import Standing
    from copylab.experiment.model import Experiment, MetricDefinition
    from copylab.preview.experiments.arms import ArmShare
    from copylab.preview.experiments.audience import Clause
    from copylab.preview.experiments.history import Entry
    from copylab.preview.experiments.looks import LookLine
    from copylab.preview.experiments.problems import Problem
    from copylab.preview.page import View
    from copylab.preview.shown import Shown

_DIALECT = "duckdb"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of the arms in one channel and locale, side by side.

    Attributes:
        channel: The channel.
        locale: The locale.
        cells: Each arm with its words; None for the arm that sends nothing.
    """

    channel: str
    locale: str
    cells: tuple[tuple[ArmShare, ArmCopy | None], ...]


@dataclass(frozen=True, slots=True)
class AudienceShown:
    """Who takes part.

    Attributes:
        name: The name of the audience; empty for a condition of the experiment's own.
        words: The condition in words; None for everybody.
        text: The condition as it is written, audiences by name spelt out.
        sql: The condition in SQL.
        now: What ``now`` stands for in the SQL.
        problems: Why the condition cannot be read.
    """

    name: str
    words: Clause | None
    text: str
    sql: str
    now: datetime
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class MetricShown:
    """A metric of the experiment.

    Attributes:
        name: Its name.
        role: ``primary``, ``secondary`` or ``guardrail``.
        event: The event it counts; empty where the metric is not defined.
        kind: How it is put together.
        within: How long an event counts; empty where nobody says.
        better: Which direction is good.
        margin: What is tolerated of a guardrail, in words; empty for nothing.
    """

    name: str
    role: str
    event: str = ""
    kind: str = ""
    within: str = ""
    better: str = ""
    margin: str = ""


@dataclass(frozen=True, slots=True)
class ReportShown:
    """The report on an experiment, ready to stand in a page.

    Attributes:
        document: The report's head: title, verdict and what it is about.
        parts: Its sections as HTML.
        contents: The names and titles of its sections.
    """

    document: Document
    parts: Markup
    contents: tuple[tuple[str, str], ...]


def experiment_page(shown: Shown, view: View, name: str) -> Page:
    """Everything about one experiment; its report at once where the page is a file.

    Args:
        shown: The state of the workspace.
        view: Who looks.
        name: An experiment that is there, if only as a file that cannot be read.
    """
    catalog = shown.workspace
    if name not in catalog.experiments:
        return _broken_page(shown, name)
    experiment = catalog.experiments[name]
    message = catalog.messages.get(experiment.message)
    history = find_history(catalog)
    entry = history.of(name)
    content = {
        "experiment": experiment,
        "message": message,
        "channels": channels_of(catalog, experiment),
        "coverage": format_percent(experiment.coverage),
        "arms": share_arms(
            experiment.arms, experiment.control, message.live if message else ""
        ),
        "entry": entry,
        "axis": history_axis(() if entry is None else (entry,)),
        "problems": hindrances(shown, experiment),
        "persona": view.query.get("persona", ""),
        "personas": tuple(catalog.personas) if view.is_served else (),
        "wordings": _wordings(shown, experiment, view.query.get("persona", "")),
        "audience": _audience(shown, experiment, view),
        "metrics": _metrics(shown, experiment, view),
        "window": _window(experiment, view),
        "epochs": show_epochs(experiment),
        **_line(shown, experiment, entry),
        **_results(shown, experiment, view, entry, is_wanted=not view.is_served),
    }
    return Page(
        path=experiment_path(name),
        title=name,
        template="experiment.html",
        content=content,
        styles=("experiment.css",),
        scripts=("experiment.js",),
    )


def _broken_page(shown: Shown, name: str) -> Page:
    """What stands in the place of an experiment whose file cannot be read."""
    file = f"experiments/{name}.yaml"
    wrong = [item for item in shown.workspace.errors() if item.file == file]
    problems = tuple(problem for item in wrong for problem in problems_of(item))
    return Page(
        path=experiment_path(name),
        title=name,
        template="experiment_broken.html",
        content={"file": file, "problems": problems},
        styles=("experiment.css",),
    )


def report_page(shown: Shown, view: View, name: str) -> Page:
    """What is put into the page of an experiment once its data have been read.

    Args:
        shown: The state of the workspace, as of now.
        view: Who looks.
        name: An experiment that is there.
    """
    experiment = shown.workspace.experiments[name]
    content = {
        "experiment": experiment,
        **_results(
            shown,
            experiment,
            view,
            find_history(shown.workspace).of(name),
            is_wanted=True,
        ),
    }
    return Page(view.path, name, "report.html", content)


def _results(
    shown: Shown,
    experiment: Experiment,
    view: View,
    entry: Entry | None,
    *,
    is_wanted: bool,
) -> dict[str, object]:
    """The report and what else the data say; nothing where it is fetched later."""
    if not is_wanted:
        return {"results": None, "report": None}
    found = find_results(shown, experiment.name)
    standing = found.analysis.looks if found.analysis else None
    report = None
    if found.analysis is not None:
        locale = "zh-CN" if view.language == "zh" else "en-US"
        is_open = experiment.status != "concluded"
        document = compose(found.analysis, locale, with_next=is_open)
        report = ReportShown(
            document,
            Markup(write_parts(document, prefix="report-", level=3)),  # noqa: S704 - escaped piece by piece there
            tuple((part.name, part.title) for part in document.parts),
        )
    return {
        "results": found,
        "report": report,
        **_line(shown, experiment, entry, standing),
    }


def _line(
    shown: Shown,
    experiment: Experiment,
    entry: Entry | None,
    standing: Standing | None = None,
) -> dict[str, object]:
    """The looks on a line, or why they cannot be shown."""
    line: LookLine | None = None
    problems: tuple[Problem, ...] = ()
    try:
        decision = None if entry is None else entry.decision
        line = find_look_line(shown.root, experiment, standing, decision)
    except CopylabError as error:
        problems = problems_of(error)
    return {"line": line, "line_problems": problems}


def _wordings(
    shown: Shown, experiment: Experiment, persona: str
) -> tuple[Wording, ...]:
    """The arms' words by channel and locale, each arm in its column."""
    catalog = shown.workspace
    message = catalog.messages.get(experiment.message)
    if message is None:
        return ()
    known = persona if persona in catalog.personas else None
    copies = render_arms(catalog, experiment, persona=known, usual=usual_values)
    places = dict.fromkeys((copy.channel, copy.locale) for copy in copies)
    found = {(copy.arm, copy.channel, copy.locale): copy for copy in copies}
    arms = share_arms(experiment.arms, experiment.control, message.live)
    return tuple(
        Wording(
            channel,
            locale,
            tuple((arm, found.get((arm.name, channel, locale))) for arm in arms),
        )
        for channel, locale in places
    )


def _audience(shown: Shown, experiment: Experiment, view: View) -> AudienceShown | None:
    """The audience in words and in SQL; None for everybody."""
    if experiment.audience is None:
        return None
    now = shown.at.replace(hour=0, minute=0, second=0, microsecond=0)
    named = shown.workspace.audience_of(experiment)
    name = experiment.audience
    if named is None:
        linted = shown.workspace.findings
        files = {experiment.file, "experiments/audiences.yaml"}
        wrong = [item for item in linted if item.file in files]
        problems = tuple(problem for item in wrong for problem in problems_of(item))
        return AudienceShown(name, None, experiment.audience, "", now, problems)
    from copylab.audience.sql import to_sql  # noqa: PLC0415 - no other page needs SQL

    is_named = name in shown.workspace.audiences
    return AudienceShown(
        name=name if is_named else "",
        words=word_condition(named.condition, view),
        text=to_text(named.condition, expand=True),
        sql=to_sql(named.condition, _DIALECT, now=now),
        now=now,
    )


def _metrics(
    shown: Shown, experiment: Experiment, view: View
) -> tuple[MetricShown, ...]:
    chosen = experiment.metrics
    if chosen is None:
        return ()
    roles = {
        **dict.fromkeys(chosen.guardrails, "guardrail"),
        **dict.fromkeys(chosen.secondary, "secondary"),
        chosen.primary: "primary",
    }
    known = shown.workspace.metrics
    return tuple(
        _metric(known.get(name), name, roles[name], experiment, view)
        for name in dict.fromkeys(chosen.names)
    )


def _metric(
    metric: MetricDefinition | None,
    name: str,
    role: str,
    experiment: Experiment,
    view: View,
) -> MetricShown:
    if metric is None:
        return MetricShown(name, role)
    within = metric.within or experiment.plan.window
    margin = ""
    if metric.margin is not None:
        is_share = metric.kind == "share"
        margin = f"{100 * metric.margin:.3g}%" if is_share else f"{metric.margin:.3g}"
    return MetricShown(
        name=name,
        role=role,
        event=metric.event,
        kind=metric.kind,
        within="" if within is None else word_span(within, view),
        better=metric.better,
        margin=margin,
    )


def _window(experiment: Experiment, view: View) -> str:
    window = experiment.plan.window
    return "" if window is None else word_span(window, view)
