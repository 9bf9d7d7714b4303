"""``copylab analyze``: what an experiment, or any table, says about its arms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from copylab.cli.holdout_lift import (
    analyze_all_sending,
    holdout_options,
    refuse_beside,
)
from copylab.cli.looking import look_options, read_wish, refuse_for_table
from copylab.cli.places import find_root
from copylab.errors import CopylabError, UnreadableError

if TYPE_CHECKING:
    from datetime import timedelta

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
@click.option(
    "--data",
    metavar="FILE",
    help="A table with a row per unit: a file, or a database's as ADDRESS#TABLE.",
)
@click.option("--counts", metavar="FILE", help="A table with a row per arm, likewise.")
@click.option(
    "--table", metavar="NAME", help="With the address of a database: the table there."
)
@click.option(
    "--exposures",
    metavar="FILE",
    help="With EXPERIMENT: exposures to read instead; a file or ADDRESS#TABLE.",
)
@click.option(
    "--outcomes", metavar="FILE", help="With EXPERIMENT: outcomes to read instead."
)
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
    "--covariate",
    "covariates",
    multiple=True,
    metavar="[METRIC=]COLUMN",
    help="With --data: a number from before the assignment; what it explains is "
    "subtracted (CUPED). For all metrics, or for one.",
)
@click.option(
    "--strata",
    metavar="COLUMN",
    help="With --data: groups from before the assignment, for post-stratification and "
    "one test whether the arms differ alike in all of them.",
)
@click.option(
    "--unit",
    metavar="COLUMN",
    help="With --data: who a row is about; rows of one unit are taken together.",
)
@click.option(
    "--holdout",
    metavar="VALUE",
    help="The arm that got nothing, compared with all that send.  [default: none]",
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
@look_options
@holdout_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="How to print the result.",
)
@click.option("--output", metavar="FILE", help="Write it there instead of printing it.")
@click.option(
    "--locale",
    type=click.Choice(["en-US", "zh-CN"]),
    default="en-US",
    show_default=True,
    help="The language of the report; JSON stays as it is.",
)
@click.option(
    "--persona",
    metavar="NAME",
    help="Show the words of the arms for this made-up user of _personas.yaml.",
)
def analyze(
    *,
    experiment: str | None,
    workspace: str,
    data: str | None,
    counts: str | None,
    table: str | None,
    exposures: str | None,
    outcomes: str | None,
    arm: str | None,
    control: str | None,
    total: str | None,
    metrics: tuple[str, ...],
    split: str | None,
    covariates: tuple[str, ...],
    strata: str | None,
    unit: str | None,
    holdout: str | None,
    correction: Correction,
    alpha: float | None,
    look: bool,
    final: bool,
    record: bool,
    anytime: bool,
    at: datetime | None,
    all_sending: bool,
    within: timedelta | None,
    form: str,
    output: str | None,
    locale: str,
    persona: str | None,
) -> None:
    """Say what the arms of EXPERIMENT, or of any table, are worth.

    \b
    copylab analyze winback_hook
    copylab analyze winback_hook --format html --output report.html --locale zh-CN
    copylab analyze --data users.parquet --arm arm --control A --metric click
    copylab analyze --data sends.csv --arm arm --control A --metric click --unit user_id
    copylab analyze --counts arms.csv --arm arm --control A --total n --metric clicks
    copylab analyze --global-holdout --metric loan --within 28d

    With planned looks, results are shown at a look, and health and guardrails between
    looks. A look spends its part of alpha once it is written down: --record.

    Exit code 0: analysed, whatever the verdict. 2: could not be analysed.
    """  # noqa: D301 - click reads the backspace as: keep these lines
    if not all_sending:
        _check_usage(experiment, data, counts, total)
        _check_places(experiment, exposures, outcomes, table)
        data, counts = _in_table(data, table), _in_table(counts, table)
    if within is not None and not all_sending:
        raise click.UsageError("--within goes with --global-holdout")
    if alpha is not None and not 0 < alpha < 1:
        raise click.UsageError("--alpha must lie between 0 and 1, such as 0.05")
    try:
        if all_sending:
            refuse_beside(
                {
                    "EXPERIMENT": experiment, "--data": data, "--counts": counts,
                    "--arm": arm, "--control": control, "--total": total,
                    "--split": split, "--covariate": covariates, "--strata": strata,
                    "--unit": unit, "--holdout": holdout, "--persona": persona,
                    "--table": table, "--exposures": exposures, "--outcomes": outcomes,
                    "--look": look, "--final": final, "--record": record,
                }
            )  # fmt: skip
            result = analyze_all_sending(
                workspace, metrics=metrics, within=within, alpha=alpha or 0.05,
                at=at, anytime=anytime,
            )  # fmt: skip
        elif experiment is not None:
            _check_experiment_usage(
                arm, control, metrics, split, covariates, strata, unit, holdout
            )
            result = _analyze_experiment(
                workspace, experiment, keep=record, at=at,
                exposures=exposures, outcomes=outcomes, alpha=alpha, correction=correction, persona=persona,
                wish=read_wish(look=look, final=final), anytime=anytime,
            )  # fmt: skip
        else:
            _check_table_usage(arm, control, metrics)
            refuse_for_table(
                {"--look": look, "--final": final, "--record": record, "--at": at}
            )
            if persona is not None:
                raise click.UsageError(
                    "--persona goes with EXPERIMENT, which has words"
                )
            result = _analyze_table(
                data, counts, total,
                arm=arm or "", control=control or "", metrics=metrics,
                split=split, correction=correction, alpha=alpha or 0.05,
                holdout=holdout or "none", anytime=anytime,
                layout={"covariates": covariates, "strata": strata, "unit": unit},
            )  # fmt: skip
        _put_out(_write(result, form, locale, output), form, output)
    except CopylabError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(2) from None


def _analyze_experiment(
    workspace_path: str,
    name: str,
    *,
    keep: bool,
    at: datetime | None,
    **asked: Any,  # noqa: ANN401 - handed on to analyze_workspace
) -> Analysis:
    """The analysis of an experiment as of now, its look recorded if that is asked."""
    from copylab.cli.looking import record
    from copylab.decision.moment import find_moment
    from copylab.decision.results import analyze_workspace
    from copylab.workspace import open_workspace

    catalog = open_workspace(find_root(workspace_path))
    until = find_moment(
        catalog, at, now=datetime.now(UTC).replace(microsecond=0),
        exposures=asked["exposures"], outcomes=asked["outcomes"],
    )  # fmt: skip
    found = analyze_workspace(catalog, name, at=until, **asked)
    return record(catalog, name, found, until) if keep else found


def analyze_workspace_experiment(
    workspace_path: str,
    name: str,
    *,
    alpha: float | None = None,
    correction: Correction = "holm",
    persona: str | None = None,
) -> Analysis:
    """The analysis of an experiment of a workspace.

    Args:
        workspace_path: The folder with ``copylab.yaml``, or one below it.
        name: The experiment's name.
        alpha: The level of the tests, None for the plan's.
        correction: The correction across the arms.
        persona: A made-up user to render the arms' words for.

    Raises:
        CopylabError: The experiment cannot be analysed.
    """
    from copylab.decision.results import analyze_workspace
    from copylab.workspace import open_workspace

    catalog = open_workspace(find_root(workspace_path))
    return analyze_workspace(
        catalog, name, alpha=alpha, correction=correction, persona=persona
    )


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


def _check_places(
    experiment: str | None,
    exposures: str | None,
    outcomes: str | None,
    table: str | None,
) -> None:
    if experiment is None and (exposures is not None or outcomes is not None):
        raise click.UsageError("--exposures and --outcomes go with EXPERIMENT")
    if experiment is not None and table is not None:
        raise click.UsageError("--table goes with --data or --counts")


def _in_table(place: str | None, table: str | None) -> str | None:
    """A place with its table behind a #, as it can be written in one word."""
    if place is None or table is None:
        return place
    if "://" not in place:
        raise click.UsageError("--table goes with the address of a database")
    return f"{place}#{table}"


def _check_experiment_usage(
    arm: str | None,
    control: str | None,
    metrics: tuple[str, ...],
    split: str | None,
    covariates: tuple[str, ...],
    strata: str | None,
    unit: str | None,
    holdout: str | None,
) -> None:
    given = {
        "--arm": arm,
        "--control": control,
        "--metric": metrics,
        "--split": split,
        "--covariate": covariates,
        "--strata": strata,
        "--unit": unit,
        "--holdout": holdout,
    }
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
    holdout: str,
    anytime: bool,
    layout: dict[str, Any],
) -> Analysis:
    from copylab.analysis.origin import Origin, cite_files
    from copylab.analysis.table_form import analyze_counts, analyze_units

    if counts is not None and total is not None:
        for option, value in layout.items():
            if value:
                name = option.removesuffix("s") if option == "covariates" else option
                raise click.UsageError(f"--{name} goes with --data, a row per unit")
        found = analyze_counts(
            counts, arm=arm, control=control, total=total, metrics=metrics,
            split=split, correction=correction, alpha=alpha, holdout=holdout,
            anytime=anytime,
        )  # fmt: skip
        return replace(found, origin=Origin(tables=cite_files(counts)))
    found = analyze_units(
        data or "", arm=arm, control=control, metrics=metrics,
        split=split, correction=correction, alpha=alpha, holdout=holdout, anytime=anytime,
        **layout,
    )  # fmt: skip
    origin = Origin(tables=cite_files(data or ""), unit=layout["unit"] or "")
    return replace(found, origin=origin)


def _write(result: Analysis, form: str, locale: str, output: str | None) -> str:
    from copylab.analysis.report import html, json, markdown, text
    from copylab.cli.reporting import terminal_columns, wants_color

    match form:
        case "json":
            return json.write(result)
        case "markdown":
            return markdown.write(result, locale=locale)
        case "html":
            return html.write(result, locale=locale)
        case _:
            color = output is None and wants_color()
            columns = terminal_columns() if output is None else None
            return text.write(result, locale=locale, color=color, columns=columns)


def _put_out(report: str, form: str, output: str | None) -> None:
    """Print the report, or write it to a file whole."""
    from pathlib import Path

    from copylab.cli.reporting import write_out
    from copylab.write import write_atomically

    if output is None:
        write_out(report, for_programs=form != "text")
        return
    path = Path(output)
    if path.is_dir():
        raise UnreadableError("is a folder", file=output, help="name a file in it")
    write_atomically(path, f"{report.rstrip()}\n".encode("utf-8", "backslashreplace"))
    click.echo(f"written: {output}")
