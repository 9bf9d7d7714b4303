"""What every decision does: who may be decided on, and the files that change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from copylab.decision.find import find_experiment_named
from copylab.decision.looks import record_look
from copylab.document import suggest
from copylab.edit import set_key
from copylab.errors import DecisionError
from copylab.experiment.frozen import frozen_findings, record_findings
from copylab.source import read_bytes
from copylab.write import FileChange

if TYPE_CHECKING:
    from datetime import date

    from copylab.analysis.results import Analysis
    from copylab.catalog import Catalog
    from copylab.decision.record import Decision
    from copylab.experiment.model import Experiment

FOLDER = "experiments/decisions"


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """What a decision changes.

    Attributes:
        decision: What was decided, and what it overruled.
        changes: The message where an arm is promoted, the experiment, the ledger where a
            look is added, and last the record; before and after.
        notes: What the reader of the change has to know besides.
    """

    decision: Decision
    changes: tuple[FileChange, ...]
    notes: tuple[str, ...] = ()


def refuse_undecidable(catalog: Catalog, name: str, *, keep: bool = False) -> None:
    """Pass if an experiment is in a state to be decided, whatever its data say.

    Args:
        catalog: The workspace.
        name: The experiment.
        keep: Whether nothing is to go live, as for ``refuse_state``.

    Raises:
        DecisionError: It is a draft, concluded or decided, or there is none.
    """
    refuse_state(catalog, find_experiment_named(catalog, name), keep=keep)


def refuse_state(
    catalog: Catalog, experiment: Experiment, *, keep: bool = False
) -> None:
    """Pass if an experiment is in a state to be decided.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        keep: Whether nothing is to go live. Then one that was concluded by hand, and has
            no record, may get its record.

    Raises:
        DecisionError: It is a draft, concluded or decided, or its message is gone.
    """
    name = experiment.name
    if experiment.message not in catalog.messages:
        raise DecisionError(
            f"there is no message '{experiment.message}' to promote in",
            file=experiment.file,
            help=suggest(experiment.message, catalog.messages),
        )
    record = f"{FOLDER}/{name}.yaml"
    if (catalog.root / record).exists():
        raise DecisionError(
            f"'{name}' has been decided already: {record} is there",
            help="a decision is kept; to test again, start a new experiment",
        )
    if experiment.status == "concluded" and not keep:
        raise DecisionError(
            f"'{name}' is concluded already",
            file=experiment.file,
            help="to test again, start a new experiment with a new salt",
        )
    if experiment.status == "draft":
        raise DecisionError(
            f"'{name}' is a draft: nothing was frozen, so its data decide nothing",
            file=experiment.file,
            help=f"start it before it is sent: copylab start {name}",
        )


def not_frozen(catalog: Catalog, experiment: Experiment) -> list[DecisionError]:
    """What has changed in the experiment since its epoch began."""
    findings = [
        *frozen_findings(experiment, catalog.arm_hashes(experiment)),
        *record_findings(experiment),
    ]
    return [
        DecisionError(
            f"'{experiment.name}' is not what was started: {item.message}",
            file=item.file,
            line=item.line,
            help="undo the change before the decision",
        )
        for item in findings
    ]


def look_change(
    catalog: Catalog, experiment: Experiment, analysis: Analysis, day: date
) -> tuple[FileChange, ...]:
    """What adds the look of a decision to the ledger.

    Nothing where it is there already, or there were no looks before: the record of the
    decision holds the only one.
    """
    looks = analysis.looks
    if looks is None or not looks.is_unrecorded or not looks.past:
        return ()
    if analysis.verdict.action == "invalid" or experiment.status != "running":
        return ()
    at = datetime.combine(day, time(), tzinfo=UTC)
    return record_look(catalog, experiment, analysis, at=at)[1]


def edit_experiment(
    catalog: Catalog, experiment: Experiment, recorded: FileChange | None
) -> FileChange:
    """The experiment's file, concluded, with the change that records a look."""
    file = experiment.file
    before = read_bytes(catalog.root / file, file)
    start = before if recorded is None else recorded.after
    after = start
    if experiment.status != "concluded":
        after = set_key(start, file, "status", "concluded", after="channels")
    return FileChange(catalog.root / file, file, before, after)


def new_record(catalog: Catalog, experiment: Experiment, record: str) -> FileChange:
    """The file of the record."""
    name = f"{FOLDER}/{experiment.name}.yaml"
    return FileChange(catalog.root / name, name, None, record.encode())
