"""``copylab simulate``: exposures and outcomes with a known truth."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copylab.cli.places import Moment, find_root, workspace_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from copylab.catalog import Catalog
    from copylab.simulation.run import Simulation, Wish

_PERCENT = re.compile(r"\s*(.+?)\s*=\s*([+-]?)([0-9]{1,6}(?:\.[0-9]{1,9})?)\s*%\s*")


class Percent(click.ParamType[tuple[str, float]]):
    """``NAME=6%``, or with a sign ``NAME=+15%``.

    Attributes:
        name: What it is, for click.
        signed: Whether it is a change.
    """

    name = "percentage"

    def __init__(self, *, signed: bool) -> None:
        self.signed = signed

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """The name and the fraction: ``coupon=+15%`` is ``("coupon", 0.15)``."""
        match = _PERCENT.fullmatch(str(value))
        if match is None or (match[2] and not self.signed):
            example = "coupon=+15%" if self.signed else "click=6%"
            self.fail(f"'{value}' is no percentage; write {example}", param, ctx)
        sign = -1 if match[2] == "-" else 1
        number = sign * float(match[3]) / 100
        if self.signed and number < -1:
            self.fail(f"'{value}' takes away more than there is", param, ctx)
        return match[1], number


@click.command("simulate")
@click.argument("experiment")
@click.option(
    "--users",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many users to make up; needed unless --exposures is given.",
)
@click.option(
    "--effect",
    "effects",
    multiple=True,
    type=Percent(signed=True),
    metavar="ARM=+15%",
    help="The relative effect of an arm on the primary metric's event. Repeat for more.",
)
@click.option(
    "--rate",
    "rates",
    multiple=True,
    type=Percent(signed=False),
    metavar="EVENT=6%",
    help="How many have an event in an arm without effect. Repeat for more.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=7,
    show_default=True,
    help="The same seed and time give the same files, byte for byte.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder to write to; by default where data: of copylab.yaml points.",
)
@click.option(
    "--at",
    type=Moment(),
    default=lambda: datetime.now(UTC).replace(microsecond=0),
    show_default="now",
    help="The time by which all has happened, ISO 8601; sends lie in the weeks before.",
)
@click.option("--only", type=click.Choice(["users"]), help="Write the users alone.")
@click.option(
    "--exposures",
    metavar="FILE",
    help="Draw outcomes for these exposures, which were composed before.",
)
@click.option(
    "--aa",
    is_flag=True,
    help="Write nothing: run the experiment as planned many times, without an effect "
    "and with the planned one, and say how often it has a winner.",
)
@click.option(
    "--runs",
    type=click.IntRange(min=1, max=1_000_000),
    metavar="N",
    help="With --aa: how many times.  [2000]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="With --aa: how to print it.",
)
@workspace_option
def simulate(
    *,
    experiment: str,
    users: int | None,
    effects: tuple[tuple[str, float], ...],
    rates: tuple[tuple[str, float], ...],
    seed: int,
    output: Path | None,
    at: datetime,
    only: str | None,
    exposures: str | None,
    aa: bool,
    runs: int | None,
    form: str,
    workspace: str,
) -> None:
    """Make up users, exposures and outcomes of EXPERIMENT with a known truth.

    Users are in its audience, exposures are made by composing real messages, and
    outcomes follow the rates and effects that truth.json keeps.

    With --aa nothing is written: counts are drawn and read as copylab analyze reads
    them, at the planned looks and with the corrections.
    """
    if aa:
        if exposures is not None or only is not None or output is not None:
            raise click.UsageError(
                "--aa writes nothing: leave out --output and the like"
            )
        from copylab.cli.repeating import USUAL_RUNS, repeat
        from copylab.workspace import open_workspace

        told = repeat(
            open_workspace(find_root(workspace)), experiment,
            rates=_unique(rates, "--rate"), effects=_unique(effects, "--effect"),
            units=users, runs=runs or USUAL_RUNS, seed=seed, form=form,
        )  # fmt: skip
        click.echo(told)
        return
    if runs is not None or form != "text":
        raise click.UsageError("--runs and --format go with --aa")
    _check_usage(users, only, exposures)
    from copylab.simulation.places import find_places
    from copylab.simulation.run import Wish
    from copylab.workspace import load
    from copylab.write import write_all

    catalog = load(find_root(workspace))
    wish = Wish(seed, at, _unique(effects, "--effect"), _unique(rates, "--rate"))
    made = _make(catalog, experiment, users, wish, only, exposures)
    places = find_places(catalog, experiment, made.files, output)
    write_all({places[file]: data for file, data in made.files.items()})
    click.echo("\n".join(_lines(catalog, experiment, made, places)))


def _check_usage(users: int | None, only: str | None, exposures: str | None) -> None:
    if exposures is not None and (users is not None or only is not None):
        raise click.UsageError(
            "--exposures has its users; leave out --users and --only"
        )
    if exposures is None and users is None:
        raise click.UsageError("name how many users to make up: --users 20000")


def _unique(pairs: tuple[tuple[str, float], ...], option: str) -> dict[str, float]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise click.UsageError(f"{option} names one thing twice")
    return found


def _make(
    catalog: Catalog,
    experiment: str,
    users: int | None,
    wish: Wish,
    only: str | None,
    exposures: str | None,
) -> Simulation:
    from copylab.simulation import run

    if exposures is not None:
        return run.simulate_outcomes(catalog, experiment, [exposures], wish)
    assert users is not None
    if only == "users":
        return run.simulate_users(catalog, experiment, users, wish)
    return run.simulate(catalog, experiment, users, wish)


def _lines(
    catalog: Catalog, name: str, made: Simulation, places: Mapping[str, Path]
) -> Iterator[str]:
    """What was made, for people."""
    status = catalog.experiments[name].status
    if status != "running" and made.arms:
        yield f"{name} is {_a(status)}: simulated as if it were running"
    if made.arms:
        yield "units:  " + _counts(made.arms)
        yield "events: " + _counts(made.events)
    for reason, count in made.refused.items():
        yield f"{count:,} users could not be composed: {reason}"
    for place in places.values():
        yield f"written: {place}"


def _a(status: str) -> str:
    return "a draft" if status == "draft" else status


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
