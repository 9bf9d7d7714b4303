"""``copylab start``: freeze an experiment's arms and let it run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from copylab.cli.places import at_option, find_root, workspace_option
from copylab.errors import DecisionError
from copylab.experiment.exposure import format_time
from copylab.experiment.quantities import format_percent
from copylab.experiment.slots import format_stretches

if TYPE_CHECKING:
    from datetime import datetime
    from fractions import Fraction

    from copylab.decision.start import StartPlan


@click.command("start")
@click.argument("experiment")
@click.option(
    "--new-epoch",
    is_flag=True,
    help="Begin another epoch where arms, shares, salt or copy have changed.",
)
@at_option
@workspace_option
def start(experiment: str, at: datetime, workspace: str, *, new_epoch: bool) -> int:
    """Set EXPERIMENT running, and record what must not change from now on.

    Its arms, their shares, the salt and the content hash of each arm's copy become an
    entry of `epochs:` in the experiment's file, with its design and, in a layer, the
    slots it gets: the lowest that are free. A new epoch moves as few users to another
    arm as the shares allow. Exit code 1: it may not be started.
    """
    from copylab.decision.start import start as plan_start
    from copylab.workspace import open_workspace
    from copylab.write import apply_changes

    catalog = open_workspace(find_root(workspace))
    try:
        plan = plan_start(catalog, experiment, at=at, new_epoch=new_epoch)
    except DecisionError as error:
        click.echo(f"refused: {error}", err=True)
        return 1
    apply_changes([plan.change])
    click.echo("\n".join(_lines(plan)))
    return 0


def _lines(plan: StartPlan) -> list[str]:
    """What was done, for people."""
    epoch = plan.epoch
    width = max(map(len, epoch.arms))
    since = format_time(epoch.at)
    lines = [
        f"{plan.experiment.name} is running: epoch {epoch.epoch}, from {since}",
        *(f"  changed: {what}" for what in plan.changed),
    ]
    for arm, share in epoch.arms.items():
        copy = epoch.copies.get(arm)
        frozen = f"copy {copy[:12]}" if copy else "sends nothing"
        lines.append(f"  {arm:<{width}}  {format_percent(share):>6}  {frozen}")
    if plan.is_anew:
        moved = f"  everybody is drawn anew: {_about(plan.moved)} get another arm"
        lines.append(moved)
    elif plan.moved:
        lines.append(f"  {_about(plan.moved)} of the units get another arm")
    if epoch.design is not None and epoch.design.layer is not None:
        owned = epoch.design.layer
        slots = ", ".join(format_stretches(owned.stretches))
        lines.append(f"  slots of the layer {owned.layer}: {slots}")
    return [*lines, f"written: {plan.change.name}"]


def _about(share: Fraction) -> str:
    """A share for people: at most four decimals."""
    return f"{round(float(share) * 100, 4):g}%"
