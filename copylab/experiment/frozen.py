"""Epochs: what is recorded when an experiment starts, and what changed since."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from copylab.experiment.model import Epoch
from copylab.experiment.quantities import format_percent
from copylab.findings import Finding, report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from fractions import Fraction

    from copylab.experiment.model import Experiment

_RULE = "experiment-not-frozen"
_CURE = "undo the change, or begin a new epoch: copylab start {name} --new-epoch"


def epoch_hash(
    salt: str, arms: Mapping[str, Fraction], copies: Mapping[str, str]
) -> str:
    """The hash of everything an epoch freezes, as 64 hexadecimal digits.

    Args:
        salt: The salt of the buckets.
        arms: Share by arm; their order counts, since slots follow it.
        copies: The content hash of each arm's copy, by arm.
    """
    table = [
        [arm, format_percent(share), copies.get(arm)] for arm, share in arms.items()
    ]
    record = json.dumps([salt, table], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(record.encode()).hexdigest()


def next_epoch(
    experiment: Experiment, copies: Mapping[str, str], at: datetime
) -> Epoch:
    """The epoch that begins when the experiment is started now.

    Args:
        experiment: The experiment as its file stands.
        copies: The content hash of each arm's copy, by arm; ``none`` has none.
        at: The time of the start, in UTC.
    """
    noted = {arm: copies[arm] for arm in experiment.arms if arm in copies}
    frozen = epoch_hash(experiment.salt, experiment.arms, noted)
    return Epoch(experiment.epoch + 1, at, frozen, dict(experiment.arms), noted)


def frozen_findings(experiment: Experiment, copies: Mapping[str, str]) -> list[Finding]:
    """What changed since the present epoch of a running experiment began.

    An experiment that is a draft, is concluded or has no epoch gives none here; a
    running one without an epoch is reported when its file is read.

    Args:
        experiment: The experiment as its file stands.
        copies: The content hash of each arm's present copy, by arm; ``none`` has none.
    """
    if experiment.status != "running" or not experiment.epochs:
        return []
    epoch = experiment.epochs[-1]
    present = epoch_hash(experiment.salt, experiment.arms, copies)
    if present == epoch.hash:
        return []
    changes = list(_changes(experiment, epoch, copies))
    if not changes:  # a record written by hand, without the hash of each arm's copy
        changes = [("arms", "the copy or the salt changed")]
    cure = _CURE.format(name=experiment.name)
    return [
        report(
            _RULE,
            f"{what} since epoch {epoch.epoch} began",
            experiment.place_of.get(path, experiment.place_of.get("arms")),
            help=cure,
        )
        for path, what in changes
    ]


def _changes(
    experiment: Experiment, epoch: Epoch, copies: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The place of each change that the record shows, and what it is, in words."""
    if epoch.copies:
        frozen = epoch_hash(experiment.salt, epoch.arms, epoch.copies)
        if frozen != epoch.hash:
            yield "salt", "the salt changed"
    for arm in [arm for arm in epoch.arms if arm not in experiment.arms]:
        yield "arms", f"the arm '{arm}' is gone"
    for arm, share in experiment.arms.items():
        if arm not in epoch.arms:
            yield f"arms.{arm}", f"the arm '{arm}' is new"
        elif share != epoch.arms[arm]:
            before, after = format_percent(epoch.arms[arm]), format_percent(share)
            yield f"arms.{arm}", f"the share of '{arm}' went from {before} to {after}"
    same = set(epoch.arms) == set(experiment.arms)
    if same and list(epoch.arms) != list(experiment.arms):
        yield "arms", "the order of the arms changed, and slots follow it,"
    for arm, noted in epoch.copies.items():
        if arm in experiment.arms and copies.get(arm) != noted:
            yield f"arms.{arm}", f"the copy of '{arm}' changed"
