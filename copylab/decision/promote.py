"""Promoting: from a verdict to a live variant, and the record of why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.passed_over import find_unsafe
from copylab.decision.change import (
    DecisionPlan,
    edit_experiment,
    look_change,
    new_record,
    not_frozen,
    refuse_state,
)
from copylab.decision.find import find_experiment_named, wordless
from copylab.decision.record import Decision, write_record
from copylab.document import suggest
from copylab.edit import replace_scalar
from copylab.errors import DecisionError
from copylab.experiment.model import NO_SEND
from copylab.source import read_bytes
from copylab.write import FileChange

if TYPE_CHECKING:
    from datetime import date

    from copylab.analysis.results import Analysis
    from copylab.catalog import Catalog
    from copylab.decision.data import Data
    from copylab.experiment.model import Experiment


def promote(  # noqa: PLR0913 - a decision's whole ground
    catalog: Catalog,
    name: str,
    analysis: Analysis,
    *,
    data: Data,
    date: date,
    arm: str | None = None,
    force: bool = False,
    reason: str = "",
) -> DecisionPlan:
    """What making an arm live changes; nothing is written.

    With ``force``, the verdict, a tie, and an experiment or copy that has changed since
    it was started or sent are overruled, and the record says so. Nothing overrules the
    rest: the experiment must be running, and the arm must be a variant with words
    everywhere and not live yet.

    Args:
        catalog: The workspace.
        name: The experiment.
        analysis: Its analysis.
        data: What the analysis read.
        date: The date of the decision.
        arm: The arm to make live; None takes the verdict's. It chooses among arms
            that beat the control and cannot be told apart, and with ``force`` any.
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
    refuse_state(catalog, experiment)
    objections: list[DecisionError] = []
    chosen = _choose(catalog, experiment, analysis, arm, objections)
    _refuse_arm(catalog, experiment, chosen)
    objections += _changed_copy(catalog, experiment, data, chosen)
    objections += not_frozen(catalog, experiment)
    if objections and not force:
        raise objections[0]
    message = catalog.messages[experiment.message]
    decision = Decision(
        experiment=experiment,
        arm=chosen,
        previous=message.live,
        date=date,
        chosen=arm is not None and arm != analysis.verdict.arm,
        reason=reason.strip(),
        overruled=tuple(item.message for item in objections),
    )
    record = write_record(catalog, decision, analysis, data)
    look = look_change(catalog, experiment, analysis, date)
    changes = (
        _edit_message(catalog, experiment, chosen),
        edit_experiment(catalog, experiment, look[1] if look else None),
        *look[:1],
        new_record(catalog, experiment, record),
    )
    return DecisionPlan(decision, changes, tuple(_notes(catalog, experiment)))


def _choose(
    catalog: Catalog,
    experiment: Experiment,
    analysis: Analysis,
    arm: str | None,
    objections: list[DecisionError],
) -> str:
    """The arm to make live; what speaks against it is added to the objections."""
    verdict = analysis.verdict
    if arm is not None and arm not in experiment.arms:
        cure = suggest(arm, experiment.arms) or "arms: " + ", ".join(experiment.arms)
        raise DecisionError(f"'{arm}' is no arm of '{experiment.name}'", help=cure)
    if verdict.action != "promote":
        objections.append(
            DecisionError(
                f"the verdict is {verdict.action}: {verdict.reason}",
                help=_what_next(verdict.action),
            )
        )
        return arm or _only_candidate(catalog, experiment, objections[-1])
    assert verdict.arm is not None
    winners = [verdict.arm, *(tie for tie in verdict.also if _beats(analysis, tie))]
    if arm is None and verdict.also:
        objections.append(
            DecisionError(
                f"there is no single winner: {verdict.reason}",
                help=f"choose one with --arm: {', '.join(winners)}",
            )
        )
    if arm is not None and arm not in winners:
        objections.append(
            DecisionError(
                f"the verdict is to promote '{verdict.arm}', not '{arm}': "
                f"{verdict.reason}",
                help=f"leave --arm out, or name one of: {', '.join(winners)}",
            )
        )
    return arm or verdict.arm


def _beats(analysis: Analysis, arm: str) -> bool:
    """Whether an arm is better than the control, as the verdict's is, and safe."""
    if arm in find_unsafe(analysis):
        return False
    found = {item.arm: item for item in analysis.comparisons if item.role == "primary"}
    if arm not in found:  # the decision of a look before, whose numbers are not shown
        return False
    best = found[analysis.verdict.arm or ""].diff.value or 0.0
    return found[arm].significant and best * (found[arm].diff.value or 0.0) > 0


def _only_candidate(
    catalog: Catalog, experiment: Experiment, objection: DecisionError
) -> str:
    """The one arm that could be made live although the verdict names none.

    Raises:
        DecisionError: There are several.
    """
    live = catalog.messages[experiment.message].live
    candidates = [arm for arm in experiment.variants if arm != live]
    if len(candidates) == 1:
        return candidates[0]
    listed = ", ".join(candidates) or "none"
    cure = f"{objection.help}; who overrules that names the arm with --arm: {listed}"
    raise DecisionError(objection.message, help=cure)


_NEXT = {
    "keep": "keep what is live, and conclude the experiment: --keep",
    "continue": "go on sending until the plan is used up",
    "inconclusive": "plan a larger test, or keep what is live: --keep",
    "harm": "stop sending the arm that harms, and conclude the experiment: --keep",
    "invalid": "find the fault in the data, and analyse again; or give it up: --keep",
}


def _what_next(action: str) -> str:
    advice = _NEXT.get(action, "keep what is live")
    return f'{advice}; to overrule it: --force --reason "…"'


def _refuse_arm(catalog: Catalog, experiment: Experiment, arm: str) -> None:
    message = catalog.messages[experiment.message]
    if arm == NO_SEND:
        raise DecisionError(
            f"'{NO_SEND}' cannot be made live: it sends nothing, and a live variant "
            "is what everybody gets",
            file=experiment.file,
            help="stop sending the message instead",
        )
    if arm == message.live:
        raise DecisionError(
            f"'{arm}' is live already in {message.id}",
            file=message.file,
            help="there is nothing to promote; keep it",
        )
    missing = ["that message"] if arm not in message.variants else []
    missing += [f"{channel}.{locale}" for channel, locale in wordless(message, arm)]
    if missing:
        raise DecisionError(
            f"'{arm}' has no words in {', '.join(missing)}, so it cannot be live there",
            file=message.file,
            help=f"write '# {arm}' there first",
        )


def _changed_copy(
    catalog: Catalog, experiment: Experiment, data: Data, arm: str
) -> list[DecisionError]:
    """What makes the present copy of an arm another than the one that was tested."""
    if data.sent is None:
        what = "the exposures do not say which copy was sent"
        cure = "log channel, locale and template_hash of every exposure"
        return [DecisionError(what, help=cure)]
    sent = [item for item in data.sent if item.arm == arm]
    if not sent:
        what = f"the exposures hold no send of '{arm}'"
        return [DecisionError(what, help="check the data, or name another arm")]
    changed = [
        item
        for item in sent
        if catalog.copy_hashes.get(
            (experiment.message, item.channel, item.locale, item.arm)
        )
        != item.hash
    ]
    if not changed:
        return []
    files = ", ".join(dict.fromkeys(f"{c.channel}.{c.locale}" for c in changed))
    sends, every = sum(c.sends for c in changed), sum(c.sends for c in sent)
    return [
        DecisionError(
            f"the copy of '{arm}' ({files}) has changed since it was tested: "
            f"{sends:,} of {every:,} sends had other words",
            help="restore the words that were sent; new words are a new experiment",
        )
    ]


def _edit_message(catalog: Catalog, experiment: Experiment, arm: str) -> FileChange:
    message = catalog.messages[experiment.message]
    before = read_bytes(catalog.root / message.file, message.file)
    after = replace_scalar(before, message.file, ("live",), arm)
    return FileChange(catalog.root / message.file, message.file, before, after)


def _notes(catalog: Catalog, experiment: Experiment) -> list[str]:
    """Where the variant goes live without having been tested there."""
    message = catalog.messages[experiment.message]
    covered = experiment.channels or message.channels
    others = [channel for channel in message.channels if channel not in covered]
    if not others:
        return []
    also = ", ".join(others)
    tested = f"'{experiment.name}' did not test"
    return [f"live: is one for all channels; {also} changes too, which {tested}"]
