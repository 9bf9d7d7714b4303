"""Concluding without a promotion: what is live stays, and the record says why.

A workspace that kept the records of its winners alone would learn from luck. So an
experiment that found nothing, or harm, is written down like one that found a winner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.decision.change import (
    DecisionPlan,
    edit_experiment,
    look_change,
    new_record,
    not_frozen,
    refuse_state,
)
from copylab.decision.find import find_experiment_named
from copylab.decision.record import Decision, write_record
from copylab.errors import DecisionError

if TYPE_CHECKING:
    from datetime import date

    from copylab.analysis.results import Analysis
    from copylab.analysis.verdict import Action, Verdict
    from copylab.catalog import Catalog
    from copylab.decision.data import Data

_CONCLUDED_AS: dict[Action, Action] = {"promote": "keep", "continue": "inconclusive"}
"""What a verdict that was overruled is concluded as; the others are themselves."""


def conclude(
    catalog: Catalog,
    name: str,
    analysis: Analysis,
    *,
    data: Data,
    date: date,
    force: bool = False,
    reason: str = "",
) -> DecisionPlan:
    """What concluding an experiment without a promotion changes; nothing is written.

    The verdicts ``keep``, ``inconclusive``, ``harm`` and ``invalid`` allow it, and so
    does one to promote what is live already. With ``force`` a winner is not taken, or
    an experiment is ended before its plan is used up, and the record says so. One whose
    file says ``concluded`` without a record gets its record.

    Args:
        catalog: The workspace.
        name: The experiment.
        analysis: Its analysis.
        data: What the analysis read.
        date: The date of the decision.
        force: Overrule what can be.
        reason: Why, for the record; needed with ``force``.

    Raises:
        DecisionError: The rules refuse; the message says which and what to do.
        CopylabError: A file is written in a way that cannot be edited.
        ValueError: ``force`` without a reason, or a reason without ``force``.
    """
    if force != bool(reason.strip()):
        raise ValueError(f"force == {force}, reason == {reason!r}, must go together")
    experiment = find_experiment_named(catalog, name)
    refuse_state(catalog, experiment, keep=True)
    live = catalog.messages[experiment.message].live
    objections = _object(analysis.verdict, name, live)
    objections += not_frozen(catalog, experiment)
    if objections and not force:
        raise objections[0]
    action = analysis.verdict.action
    decision = Decision(
        experiment=experiment,
        arm=live,
        previous=live,
        date=date,
        action=_CONCLUDED_AS.get(action, action),
        reason=reason.strip(),
        overruled=tuple(item.message for item in objections),
    )
    record = write_record(catalog, decision, analysis, data)
    look = look_change(catalog, experiment, analysis, date)
    edited = edit_experiment(catalog, experiment, look[1] if look else None)
    changes = (
        *([edited] if edited.before != edited.after else []),
        *look[:1],
        new_record(catalog, experiment, record),
    )
    return DecisionPlan(decision, changes)


def _object(verdict: Verdict, name: str, live: str) -> list[DecisionError]:
    """What the verdict says against keeping what is live."""
    overrule = 'to overrule it: --keep --force --reason "…"'
    if verdict.action == "continue":
        return [
            DecisionError(
                f"the verdict is continue: {verdict.reason}",
                help="go on sending until the plan is used up, or take the last look "
                f"now: copylab analyze {name} --final --record; {overrule}",
            )
        ]
    if verdict.action == "promote" and verdict.arm != live:
        return [
            DecisionError(
                f"the verdict is to promote '{verdict.arm}': {verdict.reason}",
                help=f"make it live: copylab promote {name}; {overrule}",
            )
        ]
    if verdict.action == "harm" and live in {verdict.arm, *verdict.also}:
        return [
            DecisionError(
                f"'{live}' is live and does harm: {verdict.reason}",
                help="make another variant live: --arm NAME --force --reason …; "
                f"{overrule}",
            )
        ]
    return []
