"""Starting: from a draft to a running experiment, its arms frozen as an epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from copylab.decision.find import blocking_findings, channels_of, find_experiment_named
from copylab.document import decode_source
from copylab.edit import append_item, set_key
from copylab.errors import DecisionError
from copylab.experiment.allocation import moved_slots
from copylab.experiment.buckets import SLOTS
from copylab.experiment.exposure import format_time
from copylab.experiment.frozen import (
    design_record,
    frozen_findings,
    record_findings,
    slots_record,
)
from copylab.experiment.layers import overlap_findings
from copylab.experiment.quantities import format_percent
from copylab.experiment.read import read_experiment
from copylab.source import read_bytes
from copylab.write import FileChange, changed_meanwhile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.catalog import Catalog
    from copylab.emit import Plain
    from copylab.experiment.model import Epoch, Experiment
    from copylab.findings import Finding

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class StartPlan:
    """What starting an experiment changes.

    Attributes:
        experiment: The experiment as it was.
        epoch: The epoch that begins.
        changed: What has changed since the epoch before, one sentence each.
        change: Its file, before and after.
        moved: The share of units that get another arm than in the epoch before.
        is_anew: Whether everybody is drawn anew, for the salt or the unit is another.
    """

    experiment: Experiment
    epoch: Epoch
    changed: tuple[str, ...]
    change: FileChange
    moved: Fraction = Fraction(0)
    is_anew: bool = False


def start(
    catalog: Catalog,
    name: str,
    *,
    at: datetime,
    new_epoch: bool = False,
    linted: Sequence[Finding] | None = None,
) -> StartPlan:
    """What starting the experiment changes; nothing is written.

    Args:
        catalog: The workspace.
        name: The experiment.
        at: The time of the start, with a zone; kept to the second, in UTC.
        new_epoch: Begin another epoch where something changed since the last.
        linted: What lint found in all of the workspace; None lints what concerns it.

    Raises:
        DecisionError: The experiment may not be started; the message says why.
        WorkspaceError: The experiment's file cannot be read.
        CopylabError: Its file is written in a way that cannot be edited.
        ValueError: ``at`` has no zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"at == {at!r}, must have a time zone")
    at = at.astimezone(UTC).replace(microsecond=0)
    experiment = find_experiment_named(catalog, name)
    _refuse_concluded(experiment)
    wrong = [
        *blocking_findings(catalog, experiment, linted=linted),
        *record_findings(experiment, present=True),
    ]
    _refuse_findings(experiment, wrong)
    _refuse_rivals(catalog, experiment)
    epoch = _next_epoch(catalog, experiment, at)
    changed = _changes(catalog, experiment, at, new_epoch=new_epoch)
    change = _edit(catalog, experiment, epoch)
    if not experiment.epochs:
        return StartPlan(experiment, epoch, changed, change)
    last = experiment.epochs[-1]
    moved, is_anew = moved_share(last, epoch), draws_anew(last, epoch)
    return StartPlan(experiment, epoch, changed, change, moved, is_anew)


def _next_epoch(catalog: Catalog, experiment: Experiment, at: datetime) -> Epoch:
    try:
        return catalog.next_epoch(experiment, at)
    except ValueError as error:
        if experiment.layer is None:
            raise DecisionError(
                str(error),
                file=experiment.file,
                help="copylab lint shows what is wrong with its place and cure",
            ) from None
        place = experiment.place_of.get("slots")
        raise DecisionError(
            str(error),
            file=experiment.file,
            line=place.line if place else None,
            help="conclude an experiment of the layer, or ask for fewer slots",
        ) from None


def find_obstacles(
    catalog: Catalog, name: str, *, at: datetime, linted: Sequence[Finding]
) -> list[Finding | DecisionError]:
    """What stands between a draft and its start; nothing where it can be started.

    Args:
        catalog: The workspace.
        name: The experiment.
        at: The time of the start, in UTC.
        linted: What lint found in all of the workspace.

    Raises:
        WorkspaceError: The experiment's file cannot be read.
        DataError: There is no such experiment.
    """
    experiment = find_experiment_named(catalog, name)
    found: list[Finding | DecisionError] = [
        *blocking_findings(catalog, experiment, linted=linted),
        *record_findings(experiment, present=True),
    ]
    try:
        _refuse_rivals(catalog, experiment)
        if not found:  # what cannot be read has no hashes to freeze
            _next_epoch(catalog, experiment, at)
    except DecisionError as error:
        found.append(error)
    return found


def moved_share(last: Epoch, epoch: Epoch) -> Fraction:
    """The share of units that get another arm in an epoch than in the one before.

    Where everybody is drawn anew, that is what chance makes of it.

    Args:
        last: The epoch before.
        epoch: The epoch.
    """
    before, after = last.allocation, epoch.allocation
    if not draws_anew(last, epoch):
        return Fraction(moved_slots(before, after), SLOTS)
    owned, kept = before.slots(), after.slots()
    same = sum(count * kept.get(arm, 0) for arm, count in owned.items())
    return 1 - Fraction(same, SLOTS**2)


def draws_anew(last: Epoch, epoch: Epoch) -> bool:
    """Whether an epoch has other buckets than the one before: another salt or unit.

    Args:
        last: The epoch before; one that notes neither is taken to have had the same.
        epoch: The epoch.
    """
    if last.design is None or epoch.design is None:
        return False
    keys = [(item.salt, item.unit) for item in (last.design, epoch.design)]
    return keys[0] != keys[1]


def _refuse_concluded(experiment: Experiment) -> None:
    if experiment.status == "concluded":
        place = experiment.place_of.get("message")
        raise DecisionError(
            f"'{experiment.name}' is concluded and cannot be started again",
            file=experiment.file,
            line=place.line if place else None,
            help="copy its file to a new name, with a new salt, and start that",
        )


def _refuse_findings(experiment: Experiment, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    count = "an error" if len(findings) == 1 else f"{len(findings)} errors"
    lines = [f"  {item}" for item in findings[:_SHOWN]]
    if len(findings) > _SHOWN:
        lines.append(f"  … and {len(findings) - _SHOWN} more")
    raise DecisionError(
        "\n".join([f"'{experiment.name}' cannot be started with {count}:", *lines]),
        help=(findings[0].help if len(findings) == 1 else "")
        or "mend them first; copylab lint shows each with its place and cure",
    )


def _refuse_rivals(catalog: Catalog, experiment: Experiment) -> None:
    """Refuse a second running experiment on one message and channel."""
    own = set(channels_of(catalog, experiment))
    for name, other in sorted(catalog.experiments.items()):
        if name == experiment.name or other.status != "running":
            continue
        shared = own & set(channels_of(catalog, other))
        if other.message == experiment.message and shared:
            listed = ", ".join(sorted(shared))
            raise DecisionError(
                f"'{name}' is running on {experiment.message} ({listed}) already",
                file=other.file,
                help="conclude that one first, or give the two different channels",
            )


def _changes(
    catalog: Catalog,
    experiment: Experiment,
    at: datetime,
    *,
    new_epoch: bool,
) -> tuple[str, ...]:
    """What changed since the last epoch, where that is a reason for another.

    Raises:
        DecisionError: Nothing did, or something did and no new epoch is asked for.
    """
    if not experiment.epochs:
        return ()
    last = experiment.epochs[-1]
    running = replace(experiment, status="running")
    wrong = [
        *catalog.frozen_findings(running),
        *overlap_findings(running, catalog.experiments),
    ]
    if not wrong:
        if experiment.status == "running":
            raise DecisionError(
                f"'{experiment.name}' is running already, and nothing has changed "
                f"since epoch {last.epoch} began at {format_time(last.at)}",
                help="there is nothing to do",
            )
        _refuse_earlier(experiment, last, at)
        return ()
    changed = tuple(item.message for item in wrong)
    if not new_epoch:
        listed = "".join(f"\n  {item}" for item in wrong)
        raise DecisionError(
            f"'{experiment.name}' has changed since epoch {last.epoch}:{listed}",
            help="undo the change, or begin another epoch with --new-epoch: "
            "results before and after are read apart",
        )
    _refuse_earlier(experiment, last, at)
    return changed


def _refuse_earlier(experiment: Experiment, last: Epoch, at: datetime) -> None:
    if at <= last.at:
        raise DecisionError(
            f"epoch {last.epoch} of '{experiment.name}' began at {format_time(last.at)},"
            f" not before {format_time(at)}",
            help="name a later time: --at",
        )


def _edit(catalog: Catalog, experiment: Experiment, epoch: Epoch) -> FileChange:
    """The experiment's file with its status and the new epoch."""
    file = experiment.file
    path = catalog.root / file
    before = read_bytes(path, file)
    if decode_source(before, file)[0] != catalog.sources[file]:
        raise changed_meanwhile(file)
    after = set_key(before, file, "status", "running", after="channels")
    after = append_item(after, file, ("epochs",), _epoch_entry(epoch))
    _check(after, experiment, epoch)
    return FileChange(path, file, before, after)


def _epoch_entry(epoch: Epoch) -> dict[str, Plain]:
    """The epoch as its file keeps it."""
    arms: dict[str, Plain] = {}
    for arm, share in epoch.arms.items():
        written = format_percent(share)
        copy = epoch.copies.get(arm)
        arms[arm] = {"share": written, "hash": copy} if copy else written
    entry: dict[str, Plain] = {
        "epoch": epoch.epoch,
        "at": format_time(epoch.at),
        "hash": epoch.hash,
        "arms": arms,
    }
    if epoch.design is not None:
        entry["design"] = design_record(epoch.design)
    if epoch.slots is not None:
        entry["slots"] = slots_record(epoch.slots)
    return entry


def _check(data: bytes, experiment: Experiment, epoch: Epoch) -> None:
    """See that the file, read again, is frozen as meant."""
    source, _ = decode_source(data, experiment.file)
    assert source is not None
    again, findings = read_experiment(source, experiment.name)
    errors = [item for item in findings if item.severity == "error"]
    if again is None or errors or again.status != "running":
        raise DecisionError(
            f"'{experiment.name}' would not be readable after the start",
            file=experiment.file,
            help="write status: and epochs: in block style, a line each",
        )
    if again.epochs[-1] != replace(epoch, place=again.epochs[-1].place) or (
        frozen_findings(again, epoch.copies)
    ):
        raise DecisionError(
            f"'{experiment.name}' would not be frozen after the start",
            file=experiment.file,
        )
