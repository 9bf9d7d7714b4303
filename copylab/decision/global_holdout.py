"""What all sending does: everybody who may be sent to, against the global holdout.

One unit is one user, whatever messages, channels and experiments reached it: its clock
starts with its first row, of a message or of the holdout, and everything it does in the
time of a metric counts. Held out is who has a row with the reason ``holdout`` in the
salt of the holdout that is declared now; planned silence of an experiment belongs to
the sending, for it is part of the policy that is judged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.analysis.engines.engine import one_row
from copylab.analysis.engines.expressions import literal
from copylab.analysis.engines.opening import open_tables
from copylab.analysis.gathering import Reading, gather
from copylab.analysis.holdout import ALL_SENDING
from copylab.analysis.metrics import EXPOSURE, MetricSpec
from copylab.analysis.results import HealthNote
from copylab.analysis.sequential.plan import USUAL_UNITS, LookPlan
from copylab.analysis.sequential.standing import find_standing
from copylab.analysis.sources import Source
from copylab.analysis.verdict import Verdict
from copylab.analysis.wording import say_p, word_diff
from copylab.analysis.workspace_form import Asked, conclude
from copylab.decision.data_places import data_places
from copylab.decision.results import outcome_columns
from copylab.document import suggest
from copylab.errors import DataError
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.results import Analysis, ArmComparison
    from copylab.analysis.sequential.standing import Standing
    from copylab.catalog import Catalog
    from copylab.decision.data_places import Files
    from copylab.experiment.holdout import Holdout
    from copylab.experiment.model import MetricDefinition

SENT = "sent"
"""The arm of everybody who is not held out."""

_NEEDED = ("ts", "unit", "reason", "salt", "template_id")
_HOUR = 3600
_RELATION = "copylab_policy"


def analyze_global_holdout(  # noqa: PLR0913 - what a reading can be asked
    catalog: Catalog,
    *,
    metrics: Sequence[str] = (),
    within: timedelta | None = None,
    exposures: Files = None,
    outcomes: Files = None,
    alpha: float = 0.05,
    at: datetime | None = None,
    anytime: bool = False,
    connection: object | None = None,
) -> Analysis:
    """All sending against the global holdout, on each metric; the first one decides.

    The sample ratio is that of the share held out. The verdict is ``keep`` where
    sending is shown to be better than silence, ``harm`` where it is worse.

    Args:
        catalog: The workspace.
        metrics: Names from ``experiments/metrics.yaml``; none takes all that can be
            measured on people who got no message.
        within: How long after a unit's first row events count, for every metric; None
            takes each metric's own time.
        exposures: As for ``analyze_workspace``.
        outcomes: As for ``analyze_workspace``.
        alpha: The level of the tests.
        at: The time of the analysis; units whose time is not over are left out. None
            takes the data as complete.
        anytime: Judge so that one may look whenever one likes.
        connection: As for ``analyze_workspace``.

    Raises:
        DataError: No holdout is declared, a metric is unknown or has no time, or the
            data cannot be used.
        UnreadableError: A file cannot be read.
    """
    holdout = _find_holdout(catalog)
    specs = _find_metrics(catalog, metrics, within)
    seen = data_places(catalog, "exposures", exposures, connection=connection)
    events = data_places(catalog, "outcomes", outcomes, connection=connection)
    share = float(holdout.share)
    arms = {NO_SEND: share, SENT: 1 - share}
    with open_tables(seen, events, connection=connection, root=catalog.root) as opened:
        engine, (exposed, happened) = opened
        policy, notes = _make_policy(engine, exposed, catalog, holdout)
        how = Reading(
            ALL_SENDING,
            arms=[*arms],
            metrics=specs,
            at=at,
            columns=outcome_columns(catalog, happened, specs, holdout.unit),
            machines=catalog.config.outcomes.machines,
            delivered=catalog.config.outcomes.delivered,
            closed_only=at is not None,
        )
        gathered = gather(engine, policy, happened, how)
    looks = _looks(sum(gathered.table.units.values()), alpha) if anytime else None
    asked = Asked(arms, NO_SEND, alpha=alpha, notes=notes, looks=looks)
    found = conclude(gathered, how, asked)
    return replace(found, verdict=judge_sending(found))


def judge_sending(found: Analysis) -> Verdict:
    """The verdict on all sending: ``keep``, ``harm`` or ``inconclusive``.

    Data that cannot be read, and a time that is not over, have the usual verdicts.

    Args:
        found: The analysis with the holdout as the control.
    """
    if found.verdict.action in {"invalid", "continue"}:
        return found.verdict
    primary = next(item for item in found.comparisons if item.role == "primary")
    shown = _say(primary)
    if not primary.significant:
        return Verdict(
            "inconclusive", None, f"Sending is not shown to matter: {shown}."
        )
    sign = -1 if found.better.get(primary.metric) == "lower" else 1
    if sign * (primary.diff.value or 0.0) > 0:
        return Verdict("keep", SENT, f"Sending is worth it: {shown}. Go on sending.")
    return Verdict("harm", SENT, f"Sending does harm: {shown}.")


def _say(item: ArmComparison) -> str:
    unit = " points" if item.kind == "share" else ""
    return (
        f"it changes {item.metric} by {word_diff(item.kind, item.diff)}{unit} against "
        f"no message at all ({say_p(item.p_adjusted)})"
    )


def _find_holdout(catalog: Catalog) -> Holdout:
    if catalog.holdout is None:
        raise DataError(
            "no global holdout is declared",
            file=catalog.config.file,
            help="write holdout: {share: 2%, salt: holdout.7c2e91}, and log exposures",
        )
    if not 0 < catalog.holdout.share < 1:
        place = catalog.holdout.place
        raise DataError(
            "the global holdout holds out nobody, or everybody",
            file=place.file if place else None,
            line=place.line if place else None,
            help="write a share between 0% and 100%",
        )
    return catalog.holdout


def _find_metrics(
    catalog: Catalog, names: Sequence[str], within: timedelta | None
) -> list[MetricSpec]:
    """The metrics, the first of which decides."""
    for name in names:
        if name not in catalog.metrics:
            raise DataError(
                f"the metric '{name}' is not declared",
                file="experiments/metrics.yaml",
                help=suggest(name, catalog.metrics) or "declare it there",
            )
        if catalog.metrics[name].per == EXPOSURE:
            raise DataError(
                f"the metric '{name}' is per exposure, and who is held out has none",
                file="experiments/metrics.yaml",
                help="name a share or a mean per user",
            )
    usable = [key for key, one in catalog.metrics.items() if one.per != EXPOSURE]
    chosen = [*dict.fromkeys(names)] or usable
    if not chosen:
        raise DataError(
            "there is no metric to measure",
            file="experiments/metrics.yaml",
            help="declare one, such as loan: {event: loan, kind: share, within: 28d}",
        )
    return [
        _spec(catalog.metrics[name], within, is_first=not place)
        for place, name in enumerate(chosen)
    ]


def _spec(
    metric: MetricDefinition, within: timedelta | None, *, is_first: bool
) -> MetricSpec:
    span = within or metric.within
    if span is None:
        place = metric.place
        raise DataError(
            f"the metric '{metric.name}' does not say how long its events count",
            file=place.file if place else None,
            line=place.line if place else None,
            help="add within: 28d to it, or give a time for all: --within 28d",
        )
    return MetricSpec(
        name=metric.name,
        event=metric.event,
        kind=metric.kind,
        within_hours=span.total_seconds() / _HOUR,
        value=metric.value,
        per=metric.per,
        winsorise=metric.winsorise,
        better=metric.better,
        role="primary" if is_first else "secondary",
    )


def _make_policy(
    engine: Engine, exposures: Source, catalog: Catalog, holdout: Holdout
) -> tuple[Source, list[HealthNote]]:
    """The exposures as those of one experiment, and what was left out of them.

    Raises:
        DataError: A column is missing, or there is no row of the holdout.
    """
    exposures.check_columns([*_NEEDED, "send_id"])
    is_held = exposures.equals("reason", "holdout")
    ours = f"{is_held} AND {exposures.equals('salt', holdout.salt)}"
    messages = [
        message.id
        for message in catalog.messages.values()
        if message.purpose in holdout.purposes
    ]
    counts = " OR ".join(exposures.equals("template_id", item) for item in messages)
    counts = f"({counts or 'false'}) AND NOT {exposures.equals('reason', 'forced')}"
    named = f"{exposures.text('unit')} IS NOT NULL"
    if "unit_type" in exposures.columns:
        named += f" AND {exposures.equals('unit_type', holdout.unit)}"
    table = f"FROM {exposures.relation} WHERE {counts}"
    held, others, strange = one_row(
        engine,
        f"SELECT count_if({ours} AND {named}), "
        f"count_if({is_held} AND NOT ({ours})), "
        f"count_if(NOT coalesce({named}, false)) {table}",
        exposures.path,
    )
    if not held:
        raise DataError(
            f"no row of the exposures is of the holdout '{holdout.salt}'",
            file=exposures.path,
            help="log the exposures of skipped messages as well: their reason is holdout",
        )
    engine.make(
        _RELATION,
        f"SELECT {exposures.word('unit')} AS unit, {exposures.name('ts')} AS ts, "
        f"{exposures.word('template_id')} || ' ' || {exposures.word('send_id')} "
        f"AS send_id, {literal(ALL_SENDING)} AS experiment, 'assigned' AS reason, "
        f"CASE WHEN {ours} THEN '{NO_SEND}' ELSE '{SENT}' END AS arm {table} "
        f"AND {named} AND (({ours}) OR NOT {is_held})",
        exposures.path,
    )
    columns = engine.columns(_RELATION, exposures.path)
    notes = [*_note_others(others), *_note_strange(strange, holdout.unit)]
    return Source(exposures.path, _RELATION, columns), notes


def _note_others(rows: int) -> list[HealthNote]:
    if not rows:
        return []
    message = f"{rows:,} rows are of another holdout, with another salt, and left out"
    return [HealthNote("other-holdout", ok=True, message=message, facts={"rows": rows})]


def _note_strange(rows: int, unit: str) -> list[HealthNote]:
    if not rows:
        return []
    message = f"{rows:,} rows name no {unit}, or another unit, and are left out"
    facts: dict[str, str | int | float] = {"rows": rows, "unit": unit}
    return [HealthNote("other-units", ok=True, message=message, facts=facts)]


def _looks(units: int, alpha: float) -> Standing | None:
    if not units:
        return None
    plan = LookPlan((), "obrien-fleming", alpha, is_sized=False)
    return find_standing(plan, [], units=units, planned_units=USUAL_UNITS, counts="")
