"""An audit in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.wording import say_p
from copylab.cli.screen.box import plural, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copylab.decision.audit import Audit, AuditedEpoch, AuditFinding, ChannelRatio
    from copylab.experiment.log import LeftJournal, Recovered


def audit_lines(
    found: Audit, left: Sequence[LeftJournal] = (), taken_up: Sequence[Recovered] = ()
) -> list[str]:
    """The lines of an audit: what was read, each epoch, what is wrong, in one sentence."""
    lines = [
        f"taken up: {visible(item.journal)}, {plural(item.rows, 'row')}"
        for item in taken_up
    ]
    lines.append(
        f"{plural(found.rows, 'row')} in {plural(found.files, 'file')}, "
        f"{found.recomputed:,} computed again"
    )
    for epoch in found.epochs:
        lines += ["", *_epoch_lines(epoch)]
    if found.findings:
        lines.append("")
    for item in found.findings:
        lines += _finding_lines(item)
    lines += ["", *_left_lines(left), _summary(found)]
    return lines


def _epoch_lines(epoch: AuditedEpoch) -> Iterator[str]:
    yield f"{visible(epoch.experiment)}, epoch {epoch.epoch}: {plural(epoch.rows, 'row')}"
    reasons = [f"{reason} {n:,}" for reason, n in epoch.reasons.items() if reason]
    yield f"  {visible(', '.join(reasons))}"
    several = len(epoch.ratios) > 2  # noqa: PLR2004 - all together, and one channel
    for item in epoch.ratios:
        if item.channel is None or several or not item.ratio.ok:
            yield f"  {_ratio_line(item, epoch)}"
    for sentence in epoch.unchecked:
        yield f"  not checked: {visible(sentence)}"


def _ratio_line(item: ChannelRatio, epoch: AuditedEpoch) -> str:
    total = sum(item.units.values())
    planned = sum(epoch.shares.values())
    parts = [
        f"{visible(arm)} {item.units.get(arm, 0):,} "
        f"({item.units.get(arm, 0) / total:.2%}, planned {share / planned:.2%})"
        for arm, share in epoch.shares.items()
    ]
    verdict = "as planned" if item.ratio.ok else "not as planned"
    where = "all channels" if item.channel is None else visible(item.channel) or "none"
    return (
        f"{where}: {plural(total, 'unit')}, {', '.join(parts)}: "
        f"{verdict} ({say_p(item.ratio.p_value)})"
    )


def _finding_lines(item: AuditFinding) -> Iterator[str]:
    place = visible(item.experiment) if item.experiment else "rows"
    if item.epoch is not None:
        place += f", epoch {item.epoch}"
    yield f"{item.severity} {item.check}: {place}: {item.message}"
    if item.examples:
        yield f"  for example: {visible(', '.join(item.examples))}"
    if item.help:
        yield f"  help: {item.help}"


def _left_lines(left: Sequence[LeftJournal]) -> Iterator[str]:
    live = [item for item in left if item.is_live]
    dead = [item for item in left if not item.is_live]
    if live:
        rows = plural(sum(item.rows for item in live), "row")
        yield f"Not read: {rows} that running services have not finished a file of."
    if dead:
        rows = plural(sum(item.rows for item in dead), "row")
        yield f"Not read: {rows} of killed services. Take them up: copylab audit FOLDER --recover"


def _summary(found: Audit) -> str:
    errors, warnings = found.count("error"), found.count("warning")
    if errors or warnings:
        return f"{plural(errors, 'error')}, {plural(warnings, 'warning')}."
    return "Every arm is the one its salt and unit give."
