"""Judging: from counted rows to findings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.decision.audit.messages import CHECKS
from copylab.decision.audit.result import AuditFinding
from copylab.experiment.buckets import SCHEMES
from copylab.experiment.exposure import EXPOSURE_REASONS
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from copylab.decision.audit.expected import Expected
    from copylab.decision.audit.table import Group

_EXAMPLES = 3
_SENDING = ("assigned", "forced")
_OUTSIDE = ("holdout", "no_experiment")


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    examples: set[str] = field(default_factory=set)


def judge_groups(
    groups: Iterable[Group],
    known: Mapping[tuple[str, int], Expected],
    experiments: Iterable[str],
) -> list[AuditFinding]:
    """What is wrong with the rows, a finding for each check and epoch.

    Args:
        groups: The rows, counted.
        known: What rows of each epoch must be like.
        experiments: The experiments of the workspace.
    """
    names = set(experiments)
    tallies: dict[tuple[str, str | None, int | None], _Tally] = defaultdict(_Tally)
    for group in groups:
        expected = known.get((group.experiment or "", group.epoch or 0))
        failed = [*group.wrong, *_judge(group, expected, names)]
        for check in failed:
            tally = tallies[check, group.experiment, group.epoch]
            tally.rows += group.rows
            if group.example is not None:
                tally.examples.add(group.example)
    return [
        make_finding(check, tally.rows, experiment, epoch, tally.examples)
        for (check, experiment, epoch), tally in tallies.items()
    ]


def make_finding(
    check: str,
    rows: int,
    experiment: str | None = None,
    epoch: int | None = None,
    examples: Iterable[str] = (),
) -> AuditFinding:
    """The finding of a check, in the words it has."""
    severity, one, more, cure = CHECKS[check]
    message = one if rows == 1 else more.format(n=rows)
    shown = tuple(sorted(examples)[:_EXAMPLES])
    return AuditFinding(check, severity, message, rows, experiment, epoch, shown, cure)


def _judge(group: Group, expected: Expected | None, names: set[str]) -> Iterator[str]:
    """The checks that a group fails by what repeats in it."""
    if group.reason is not None and group.reason not in EXPOSURE_REASONS:
        yield "unknown-reason"
    elif group.reason not in {*_SENDING, "holdout"} and group.arm is not None:
        yield "stray-arm"
    if group.scheme not in SCHEMES and group.reason in {"assigned", "not_in_traffic"}:
        yield "unknown-scheme"
    if group.experiment is None:
        if group.reason not in _OUTSIDE:
            yield "no-experiment"
    elif group.experiment not in names:
        yield "unknown-experiment"
    elif expected is None:
        yield "unknown-epoch"
    else:
        yield from _judge_known(group, expected)


def _judge_known(group: Group, expected: Expected) -> Iterator[str]:
    """As ``_judge``, against what the epoch says."""
    layer = expected.layer
    salt = expected.salt
    if group.reason == "excluded_by_layer":
        salt = None if layer is None else layer.salt
    if salt is not None and group.salt != salt:
        yield "salt-differs"
    if group.layer is not None and group.layer != (layer.layer if layer else None):
        yield "layer-unlike-epoch"
    if group.unit_type not in {None, expected.unit}:
        yield "unit-differs"
    if group.template_id not in {None, expected.message}:
        yield "message-differs"
    if group.reason in _SENDING:
        yield from _judge_sent(group, expected)


def _judge_sent(group: Group, expected: Expected) -> Iterator[str]:
    """As ``_judge_known``, for rows with an arm: is it one, and were its words sent?"""
    if group.arm is None or group.arm not in expected.arms:
        yield "unknown-arm"
        return
    if group.arm != NO_SEND and group.variant not in {None, group.arm}:
        yield "variant-differs"
    if group.template_hash is None:
        return
    place = (group.arm, group.channel or "", group.locale or "")
    recorded = {arm for arm, _, _ in expected.copies}
    if group.arm in recorded and expected.copies.get(place) != group.template_hash:
        yield "copy-differs"
