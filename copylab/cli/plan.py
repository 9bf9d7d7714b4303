"""``copylab plan``: how many users an experiment needs, how long, and what it can find."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from copylab.cli.places import at_option, find_root, workspace_option

_PLAN_OPTIONS = (
    click.option(
        "--rate",
        "rates",
        multiple=True,
        metavar="[METRIC=]3%",
        help="What share does it now. With EXPERIMENT name the metric: click=3%.",
    ),
    click.option(
        "--mean", type=float, help="Instead of --rate: the mean of an amount."
    ),
    click.option(
        "--ratio", type=float, help="Instead of --rate: a ratio, such as clicks a send."
    ),
    click.option(
        "--sd",
        type=click.FloatRange(min=0, min_open=True),
        help="With --mean or --ratio: the standard deviation of a user's.",
    ),
    click.option("--mde", metavar="15%", help="The smallest relative effect to find."),
    click.option(
        "--units", type=click.IntRange(min=2), help="How many users there will be."
    ),
    click.option(
        "--users-per-day", type=click.FloatRange(min=0, min_open=True), help="A day's."
    ),
    click.option(
        "--days", type=click.IntRange(min=1), help="For how long one can send."
    ),
    click.option(
        "--users",
        metavar="FILE",
        help="With EXPERIMENT: count its audience in a table.",
    ),
    click.option(
        "--arms",
        type=click.IntRange(min=2),
        help="How many arms, the control too.  [2]",
    ),
    click.option(
        "--split", metavar="SHARES", help='Shares, the control first: "50,25,25".'
    ),
    click.option("--looks", metavar="N", help="Planned looks, or any."),
    click.option("--power", metavar="80%", help="The chance of finding the effect."),
    click.option("--alpha", type=float, help="The level over all looks."),
    click.option(
        "--correction",
        type=click.Choice(["holm", "bh", "dunnett", "none"]),
        default="holm",
        show_default=True,
        help="For the number of arms.",
    ),
    click.option("--lower", is_flag=True, help="Lower is better: plan for a decrease."),
    click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How to print the plan.",
    ),
)


def _options(function: Any) -> Any:  # noqa: ANN401 - as click types decorators
    for option in reversed(_PLAN_OPTIONS):
        function = option(function)
    return function


@click.command("plan")
@click.argument("experiment", required=False)
@_options
@at_option
@workspace_option
def plan(
    experiment: str | None,
    at: datetime,
    workspace: str,
    form: str,
    **asked: Any,  # noqa: ANN401 - the options above
) -> None:
    """Say how many users EXPERIMENT needs, or any experiment without a workspace.

    \b
    copylab plan winback_hook --users-per-day 5000
    copylab plan winback_hook --rate click=6% --rate loan=1% --users users.parquet
    copylab plan --rate 3% --mde 15% --arms 3 --looks 3
    copylab plan --rate 3% --units 40000

    With --mde it says how many users; with --units (or --users-per-day and --days) what
    effect they can find; with both, the power. The three are inverses of each other.
    """  # noqa: D301 - click reads the backspace as: keep these lines
    from copylab.analysis.report import plan_text
    from copylab.cli.plan_question import ask, ask_experiment

    if experiment is None:
        answers = ask(asked)
    else:
        from copylab.workspace import open_workspace

        catalog = open_workspace(find_root(workspace))
        answers = ask_experiment(
            catalog, experiment, asked, at=at, now=datetime.now(UTC)
        )
    click.echo(
        plan_text.write_json(answers) if form == "json" else plan_text.write(answers)
    )
