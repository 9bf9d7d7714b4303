"""``copylab analyze``: what an experiment, or any table, says about its arms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_root
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from copylab.analysis.corrections import Correction
    from copylab.analysis.results import Analysis

CORRECTIONS = ("holm", "bh", "dunnett", "none")


@click.command("analyze")
@click.argument("experiment", required=False)
@click.option(
    "--workspace",
    "workspace",
    type=click.Path(),
    default=".",
    show_default=True,
    help="The workspace that holds EXPERIMENT.",
)
@click.option("--data", metavar="FILE", help="A table with a row per unit.")
@click.option("--counts", metavar="FILE", help="A table with a row per arm.")
@click.option("--arm", metavar="COLUMN", help="The column that names the arm.")
@click.option("--control", metavar="VALUE", help="The arm to compare with.")
@click.option("--total", metavar="COLUMN", help="With --counts: the units of an arm.")
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="COLUMN[:KIND]",
    help="What to compare; the first one decides. KIND is share (0 or 1 a unit, the "
    "default), mean, or ratio=DENOMINATOR. Repeat for more.",
)
@click.option(
    "--split",
    metavar="SHARES",
    help='The planned shares, as in "A=5,B=4"; equal if left out. A name that holds a '
    "comma may be quoted: '\"A, with comma\"=5,B=4'. Or a CSV file of arm,share.",
)
@click.option(
    "--correction",
    type=click.Choice(CORRECTIONS),
    default="holm",
    show_default=True,
    help="For the number of arms, on each metric.",
)
@click.option(
    "--alpha", type=float, help="Level of the tests.  [default: the plan's, or 0.05]"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to print the result.",
)
def analyze(
    *,
    experiment: str | None,
    workspace: str,
    data: str | None,
    counts: str | None,
    arm: str | None,
    control: str | None,
    total: str | None,
    metrics: tuple[str, ...],
    split: str | None,
    correction: Correction,
    alpha: float | None,
    form: str,
) -> None:
    """Say what the arms of EXPERIMENT, or of any table, are worth.

    \b
    copylab analyze winback_hook
    copylab analyze --data users.parquet --arm arm --control A --metric click
    copylab analyze --counts arms.csv --arm arm --control A --total n --metric clicks

    Exit code 0: analysed, whatever the verdict. 2: could not be analysed.
    """  # noqa: D301 - click reads the backspace as: keep these lines
    _check_usage(experiment, data, counts, total)
    if alpha is not None and not 0 < alpha < 1:
        raise click.UsageError("--alpha must lie between 0 and 1, such as 0.05")
    try:
        if experiment is not None:
            _check_experiment_usage(arm, control, metrics, split)
            result = analyze_workspace_experiment(
                workspace, experiment, alpha=alpha, correction=correction
            )
        else:
            _check_table_usage(arm, control, metrics)
            result = _analyze_table(
                data, counts, total,
                arm=arm or "", control=control or "", metrics=metrics,
                split=split, correction=correction, alpha=alpha or 0.05,
            )  # fmt: skip
        click.echo(_write(result, form))
    except CopylabError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(2) from None


def analyze_workspace_experiment(
    workspace_path: str,
    name: str,
    *,
    alpha: float | None = None,
    correction: Correction = "holm",
) -> Analysis:
    """The analysis of an experiment of a workspace.

    Args:
        workspace_path: The folder with ``copylab.yaml``, or one below it.
        name: The experiment's name.
        alpha: The level of the tests, None for the plan's.
        correction: The correction across the arms.

    Raises:
        CopylabError: The experiment cannot be analysed.
    """
    from copylab.decision.results import analyze_workspace
    from copylab.workspace import open_workspace

    catalog = open_workspace(find_root(workspace_path))
    return analyze_workspace(catalog, name, alpha=alpha, correction=correction)


def _check_usage(
    experiment: str | None, data: str | None, counts: str | None, total: str | None
) -> None:
    sources = [source for source in (experiment, data, counts) if source is not None]
    if len(sources) != 1:
        raise click.UsageError("name one of EXPERIMENT, --data FILE or --counts FILE")
    if counts is not None and total is None:
        raise click.UsageError("--counts needs --total COLUMN, the units of an arm")
    if counts is None and total is not None:
        raise click.UsageError("--total goes with --counts, a table with a row per arm")


def _check_experiment_usage(
    arm: str | None, control: str | None, metrics: tuple[str, ...], split: str | None
) -> None:
    given = {"--arm": arm, "--control": control, "--metric": metrics, "--split": split}
    for option, value in given.items():
        if value:
            raise click.UsageError(
                f"{option} goes with a table; EXPERIMENT has its plan in its file"
            )


def _check_table_usage(
    arm: str | None, control: str | None, metrics: tuple[str, ...]
) -> None:
    needed = {
        "--arm COLUMN": arm,
        "--control VALUE": control,
        "--metric COLUMN": metrics,
    }
    missing = [option for option, given in needed.items() if not given]
    if missing:
        raise click.UsageError(f"a table needs {', '.join(missing)} as well")


def _analyze_table(
    data: str | None,
    counts: str | None,
    total: str | None,
    *,
    arm: str,
    control: str,
    metrics: tuple[str, ...],
    split: str | None,
    correction: Correction,
    alpha: float,
) -> Analysis:
    from copylab.analysis.table_form import analyze_counts, analyze_units

    if counts is not None and total is not None:
        return analyze_counts(
            counts, arm=arm, control=control, total=total, metrics=metrics,
            split=split, correction=correction, alpha=alpha,
        )  # fmt: skip
    return analyze_units(
        data or "", arm=arm, control=control, metrics=metrics,
        split=split, correction=correction, alpha=alpha,
    )  # fmt: skip


def _write(result: Analysis, form: str) -> str:
    from copylab.analysis.report import json, markdown, text

    writers = {"text": text.write, "json": json.write, "markdown": markdown.write}
    return writers[form](result)
