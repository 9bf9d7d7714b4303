"""Looks on the command line: when one looks, at which data, and recording it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from copylab.cli.places import Moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.analysis.results import Analysis
    from copylab.analysis.sequential.plan import Wish
    from copylab.catalog import Catalog


def look_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of an analysis that looks."""
    options = (
        click.option(
            "--look",
            is_flag=True,
            help="With EXPERIMENT: take a look although none is due; it spends alpha.",
        ),
        click.option(
            "--final",
            is_flag=True,
            help="With EXPERIMENT: take the last look now, for nothing more will come.",
        ),
        click.option(
            "--record",
            is_flag=True,
            help="With EXPERIMENT: write the look to its ledger in experiments/decisions.",
        ),
        click.option(
            "--anytime",
            is_flag=True,
            help="Judge so that one may look whenever one likes; intervals get wider.",
        ),
        click.option(
            "--at",
            type=Moment(),
            help="With EXPERIMENT: the time of the analysis; what happened later is not "
            "read, and units need their time for outcomes before it.  [default: now; "
            "data from later than now are taken as complete]",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def read_wish(*, look: bool, final: bool) -> Wish:
    """What is asked for.

    Raises:
        click.UsageError: Both.
    """
    if look and final:
        raise click.UsageError("--final is a look already; leave out --look")
    return "final" if final else "extra" if look else "due"


def refuse_for_table(given: dict[str, object]) -> None:
    """Pass if no option is given that goes with an experiment alone.

    Raises:
        click.UsageError: One is.
    """
    for option, value in given.items():
        if value:
            raise click.UsageError(
                f"{option} goes with EXPERIMENT, which has a plan of looks"
            )


def record(
    catalog: Catalog, name: str, analysis: Analysis, until: datetime | None
) -> Analysis:
    """Writes the look of an analysis to the ledger.

    Args:
        catalog: The workspace.
        name: The experiment.
        analysis: Its analysis.
        until: The time up to which data were read.

    Returns:
        The analysis, its look recorded.

    Raises:
        DecisionError: There is no look to record.
        CopylabError: The ledger or the experiment's file cannot be written.
    """
    from copylab.decision.find import find_experiment_named
    from copylab.decision.ledger import ledger_file
    from copylab.decision.looks import mark_recorded, record_look
    from copylab.write import apply_changes

    experiment = find_experiment_named(catalog, name)
    now = datetime.now(UTC).replace(microsecond=0)
    look, changes = record_look(catalog, experiment, analysis, at=now, data_until=until)
    apply_changes(changes)
    file = ledger_file(name)
    if changes:
        click.echo(f"recorded: look {look.number} in {file}", err=True)
    else:
        click.echo(f"look {look.number} is in {file} already: nothing spent", err=True)
    return mark_recorded(analysis, look)
