"""The epochs of an experiment, as ``copylab start`` wrote them into its file."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from copylab.document import Section
from copylab.experiment.allocation import Allocation
from copylab.experiment.exposure import format_time
from copylab.experiment.frozen import BY_HAND
from copylab.experiment.model import Design, Epoch, LayerSlots
from copylab.experiment.quantities import format_percent
from copylab.experiment.read_shares import read_share, read_stretches
from copylab.findings import report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.document import Node
    from copylab.experiment.slots import Stretch

_TIME = "write a time in UTC such as 2026-01-31T09:30:00Z"


def read_epochs(section: Section, status: str | None) -> tuple[Epoch, ...]:
    """The epochs of an experiment, oldest first; what is wrong is reported."""
    nodes = section.take_list("epochs") or ()
    epochs: list[Epoch] = []
    for number, node in enumerate(nodes, start=1):
        epoch = _read_epoch(Section(node, section.findings, f"epoch {number}"), number)
        if epoch is not None:
            _check_order(section, epoch, epochs[-1] if epochs else None)
            epochs.append(epoch)
    if status == "running" and not nodes:
        span = section.span("status")
        message = "the experiment is running without an epoch, so nothing is frozen"
        cure = "set status back to draft and run: copylab start"
        finding = report("experiment-not-frozen", message, span, help=cure)
        section.findings.append(finding)
    return tuple(epochs)


def _check_order(section: Section, epoch: Epoch, last: Epoch | None) -> None:
    """Report an epoch that does not begin after the one before."""
    if last is not None and epoch.at <= last.at:
        message = (
            f"epoch {epoch.epoch} began at {format_time(epoch.at)}, not after "
            f"epoch {last.epoch} at {format_time(last.at)}"
        )
        section.findings.append(report("bad-value", message, epoch.place, help=BY_HAND))


def _read_epoch(part: Section, number: int) -> Epoch | None:
    epoch = part.take_integer("epoch", required=True)
    at = _read_time(part, "at")
    frozen = part.take_text("hash", required=True)
    arms, copies = _read_frozen_arms(part)
    design = _read_design(part)
    slots = _read_slots(part, arms)
    part.finish()
    if epoch is not None and epoch != number:
        message = f"the epoch is numbered {epoch}, must be {number}: they count from 1"
        part.findings.append(report("bad-value", message, part.span("epoch")))
    if epoch is None or at is None or frozen is None or not arms:
        return None
    if (total := sum(arms.values())) != 1:
        shown = format_percent(Fraction(total))
        shown = f"{float(total) * 100:.6g}%" if "/" in shown else shown
        text = f"the arms of epoch {epoch} sum to {shown}, must sum to 100%"
        part.findings.append(report("arms-sum", text, part.node.span, help=BY_HAND))
        return None
    return Epoch(epoch, at, frozen, arms, copies, part.node.span, design, slots)


def _read_time(section: Section, key: str) -> datetime | None:
    """A time in UTC; what is wrong is reported."""
    node = section.take(key, required=True)
    if node is None:
        return None
    try:
        at = datetime.fromisoformat(node.text)
    except ValueError:
        section.wrong(node, f"{key}: '{node.text}' is not a time", _TIME)
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _read_frozen_arms(part: Section) -> tuple[dict[str, Fraction], dict[str, str]]:
    """Shares and content hashes of the arms of an epoch.

    An arm is written ``plain: 45%`` or ``plain: {share: 45%, hash: …}``. Where a share
    cannot be read there are none.
    """
    table = part.take_section("arms", required=True)
    shares: dict[str, Fraction] = {}
    copies: dict[str, str] = {}
    is_whole = True
    for entry in table.entries() if table is not None else ():
        node: Node | None = entry.node
        if isinstance(entry.node.value, dict):
            inner = Section(entry.node, part.findings, f"the arm '{entry.key}'")
            node = inner.take("share", required=True)
            copy = inner.take_text("hash")
            if copy:
                copies[entry.key] = copy
            inner.finish()
        share = read_share(part, node, f"the arm '{entry.key}'") if node else None
        if share is None:
            is_whole = False
        else:
            shares[entry.key] = share
    return (shares, copies) if is_whole else ({}, {})


def _read_design(part: Section) -> Design | None:
    section = part.take_section("design")
    if section is None:
        return None
    texts = {
        key: section.take_text(key, required=True)
        for key in ("message", "salt", "unit", "control")
    }
    node = section.take("coverage", required=True)
    coverage = None if node is None else read_share(section, node, "coverage")
    audience = section.take_text("audience")
    layer = _read_layer(section)
    section.finish()
    known = {key: text for key, text in texts.items() if text is not None}
    if len(known) < len(texts) or coverage is None:
        return None
    return Design(**known, coverage=coverage, audience=audience, layer=layer)


def _read_layer(part: Section) -> LayerSlots | None:
    section = part.take_section("layer")
    if section is None:
        return None
    name = section.take_text("name", required=True)
    salt = section.take_text("salt", required=True)
    stretches = read_stretches(section, "slots")
    section.finish()
    if name is None or salt is None or not stretches:
        return None
    return LayerSlots(name, salt, stretches)


def _read_slots(part: Section, arms: Mapping[str, Fraction]) -> Allocation | None:
    """Who owns which slot, where the record says so."""
    section = part.take_section("slots")
    if section is None:
        return None
    owned: dict[str, tuple[Stretch, ...]] = {
        entry.key: read_stretches(section, entry.key) for entry in section.entries()
    }
    strangers = [arm for arm in owned if arm not in arms]
    if strangers:
        part.wrong(section.node, f"'{strangers[0]}' is no arm of the epoch", BY_HAND)
        return None
    if not all(owned.values()):
        return None
    try:
        return Allocation.of(owned)
    except ValueError:
        text = "the slots of the arms leave a gap or overlap"
        part.wrong(section.node, text, BY_HAND)
        return None
