"""``copylab promote``: make a winner live, or keep what is, with a record of why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from copylab.cli.places import find_root, workspace_option
from copylab.errors import DecisionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.analysis.results import Analysis
    from copylab.catalog import Catalog
    from copylab.decision.change import DecisionPlan
    from copylab.decision.record import Decision


class Day(click.ParamType[date]):
    """A date on the command line: YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The date."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a date; write 2026-11-22", param, ctx)


@click.command("promote")
@click.argument("experiment")
@click.option(
    "--date",
    "day",
    type=Day(),
    metavar="YYYY-MM-DD",
    default=lambda: datetime.now(UTC).date(),
    show_default="today, UTC",
    help="The date of the decision.",
)
@click.option("--arm", metavar="NAME", help="The arm, where several tie.")
@click.option(
    "--keep",
    is_flag=True,
    help="Promote nothing: conclude the experiment, keep what is live, and record it.",
)
@click.option("--force", is_flag=True, help="Overrule the verdict; needs --reason.")
@click.option("--reason", metavar="TEXT", help="Why, for the record.")
@click.option("--dry-run", is_flag=True, help="Show the change, and write nothing.")
@click.option(
    "--pr",
    "as_branch",
    is_flag=True,
    help="Commit the change on a branch of its own, and print the text of the pull "
    "request; nothing is pushed.",
)
@click.option("--exposures", metavar="FILE", help="Exposures to read instead.")
@click.option("--outcomes", metavar="FILE", help="Outcomes to read instead.")
@workspace_option
def promote(
    *,
    experiment: str,
    day: date,
    arm: str | None,
    keep: bool,
    force: bool,
    reason: str | None,
    dry_run: bool,
    as_branch: bool,
    exposures: str | None,
    outcomes: str | None,
    workspace: str,
) -> int:
    """Make the winner of EXPERIMENT live, and write down why.

    For a verdict to promote, this changes `live:` in the message, concludes the
    experiment, and writes experiments/decisions/EXPERIMENT.yaml with the numbers, the
    method and the hashes of data and copy. Exit code 1: the rules refuse it.

    With --keep nothing goes live: the experiment is concluded, and its record says what
    it came to. copylab learn reads these records too, for winners alone would mislead.

    With --pr this is a commit on the branch promote/EXPERIMENT, or conclude/EXPERIMENT,
    ready to be pushed.
    """
    if keep and arm is not None:
        raise click.UsageError("--keep promotes nothing; leave out --arm")
    if force and not (reason or "").strip():
        raise click.UsageError('--force needs --reason "…", which the record keeps')
    if reason and not force:
        raise click.UsageError("--reason goes with --force")
    from copylab.workspace import open_workspace
    from copylab.write import apply_changes

    catalog = open_workspace(find_root(workspace))
    try:
        plan, analysis = _plan(
            catalog, experiment,
            exposures=exposures, outcomes=outcomes,
            arm=arm, keep=keep, date=day, force=force, reason=reason or "",
        )  # fmt: skip
        if as_branch:
            return _put_on_branch(catalog, plan, analysis, dry_run=dry_run)
    except DecisionError as error:
        click.echo(f"refused: {error}", err=True)
        return 1
    if not dry_run:
        apply_changes(plan.changes)
    click.echo("\n".join(_lines(plan, analysis, dry_run=dry_run)))
    return 0


def _plan(
    catalog: Catalog,
    name: str,
    *,
    exposures: str | None,
    outcomes: str | None,
    arm: str | None,
    keep: bool,
    **asked: Any,  # noqa: ANN401 - handed on to promote or conclude
) -> tuple[DecisionPlan, Analysis]:
    """What the decision changes, and the analysis as of now that it rests on.

    Raises:
        DecisionError: The rules refuse.
    """
    from copylab.decision.change import refuse_undecidable
    from copylab.decision.conclude import conclude
    from copylab.decision.data import read_data
    from copylab.decision.moment import find_moment
    from copylab.decision.promote import promote as plan_promotion
    from copylab.decision.results import analyze_workspace

    refuse_undecidable(catalog, name, keep=keep)
    now = datetime.now(UTC).replace(microsecond=0)
    until = find_moment(catalog, None, now=now, exposures=exposures, outcomes=outcomes)
    analysis = analyze_workspace(
        catalog, name, exposures=exposures, outcomes=outcomes, at=until
    )
    data = read_data(catalog, name, exposures=exposures, outcomes=outcomes)
    if keep:
        return conclude(catalog, name, analysis, data=data, **asked), analysis
    return plan_promotion(
        catalog, name, analysis, data=data, arm=arm, **asked
    ), analysis


def _put_on_branch(
    catalog: Catalog, plan: DecisionPlan, analysis: Analysis, *, dry_run: bool
) -> int:
    """Commit the promotion, and print the text of its pull request."""
    from copylab.cli.pull_request import (
        commit_promotion,
        has_repository,
        refuse_unready,
        write_pull_request,
    )
    from copylab.cli.reporting import write_out
    from copylab.write import apply_changes

    request = write_pull_request(catalog, plan, analysis)
    with_git = has_repository(catalog.root)
    if with_git:
        refuse_unready(catalog.root, request.branch)
    if not dry_run:
        apply_changes(plan.changes)
        if with_git:
            commit = commit_promotion(catalog.root, plan.changes, request)
            click.echo(f"committed: {commit} on {request.branch}", err=True)
            click.echo(f"push it: git push -u origin {request.branch}", err=True)
    if not with_git:
        click.echo("there is no git repository here, so nothing is committed", err=True)
    write_out(f"# {request.title}\n\n{request.body.rstrip()}", for_programs=True)
    return 0


def _lines(plan: DecisionPlan, analysis: Analysis, *, dry_run: bool) -> Iterator[str]:
    """What was done, for people."""
    from copylab.analysis.passed_over import find_passed_over

    decision = plan.decision
    yield _headline(decision, dry_run=dry_run)
    for what in decision.overruled:
        yield f"  overruled: {what}"
    for note in plan.notes:
        yield f"  note: {note}"
    for item, result in find_passed_over(analysis):
        if item.arm != decision.arm:
            yield f"  passed over: {item.arm} is better, but {result.reason}"
    for change in plan.changes:
        if change.before is not None:
            yield change.diff()
    record = plan.changes[-1].name
    yield f"{'not written' if dry_run else 'written'}: {record}"


def _headline(decision: Decision, *, dry_run: bool) -> str:
    """What is live from now on."""
    message = decision.experiment.message
    if decision.action == "promote":
        would = "would be live" if dry_run else "is live"
        return f"{decision.arm} {would} in {message}, in place of {decision.previous}"
    would = "would be" if dry_run else "is"
    return (
        f"{decision.experiment.name} {would} concluded as: {decision.action}; "
        f"{decision.arm} stays live in {message}"
    )
