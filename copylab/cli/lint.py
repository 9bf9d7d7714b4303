"""``copylab lint``: check copy over every branch and every allowed value."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copylab.cli.linting import Asked, lint_paths
from copylab.cli.linting_text import Text
from copylab.cli.places import find_root
from copylab.findings import SEVERITIES
from copylab.lint.formats import FORMATS

if TYPE_CHECKING:
    from datetime import date

    from copylab.lint.report import Report

_CHANNELS = ("sms", "push", "email")
_PURPOSES = ("marketing", "transactional", "otp")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    help="How findings are printed; by default full on a terminal, concise elsewhere, github in GitHub Actions.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="error",
    show_default=True,
    help="The mildest finding that makes the exit code 1.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    help="Run only this rule, by name or code; may be repeated or list several, with commas.",
)
@click.option(
    "--audience-size",
    type=click.IntRange(min=1),
    metavar="N",
    help="Say what the SMS cost when each is sent to so many people, at best and at worst.",
)
@click.option(
    "--watch", is_flag=True, help="Run again whenever a file changes, until Ctrl-C."
)
@click.option(
    "--prove",
    metavar="WHAT",
    help="Print a proof sheet: opt-out, signature, postal-address, length, a rule, or words that have to stand in every message.",
)
@click.option(
    "--changed",
    metavar="REVISION",
    help="Only what changed since a git revision touches, through partials and layouts too.",
)
@click.option(
    "--fix", is_flag=True, help="Mend what can be mended without a change of meaning."
)
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix or --diff: also what a person has to look at afterwards.",
)
@click.option(
    "--diff",
    "shows_diff",
    is_flag=True,
    help="Print what --fix would change; change nothing.",
)
@click.option(
    "--write-baseline",
    "writes_baseline",
    is_flag=True,
    help="Make everything that is found known: only what is new is told from now on.",
)
@click.option(
    "--prune", is_flag=True, help="Take out of the baseline what is not found any more."
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: datetime.now(UTC).date().isoformat(),
    show_default="today",
    metavar="DATE",
    help="The day whose rules apply and for which expiries are judged, such as 2026-11-22.",
)
@click.option(
    "--no-cache",
    is_flag=True,
    envvar="COPYLAB_NO_CACHE",
    help="Look at everything anew, and keep nothing; COPYLAB_NO_CACHE=1 does the same.",
)
@click.option(
    "--stdin", is_flag=True, help="Check one finished text from standard input."
)
@click.option(
    "--channel", type=click.Choice(_CHANNELS), help="With --stdin: its channel."
)
@click.option(
    "--market",
    multiple=True,
    metavar="CODE",
    help="With --stdin: where it goes, such as CN; may be repeated or list several, with commas.",
)
@click.option(
    "--purpose",
    type=click.Choice(_PURPOSES),
    default="marketing",
    show_default=True,
    help="With --stdin: what it is for.",
)
@click.option(
    "--industry", default="", metavar="WORD", help="With --stdin: such as lending."
)
@click.option(
    "--locale",
    default="en",
    metavar="TAG",
    show_default=True,
    help="With --stdin: its language.",
)
@click.option(
    "--brand", default=None, metavar="NAME", help="With --stdin: the sender's name."
)
@click.option(
    "--metadata",
    multiple=True,
    metavar="KEY=VALUE",
    help="With --stdin: what stands below sending: in a workspace, such as consent=opt_in, or brand.legal_name; may be repeated.",
)
def lint(
    paths: tuple[str, ...],
    format_name: str | None,
    fail_on: str,
    select: tuple[str, ...],
    audience_size: int | None,
    watch: bool,
    prove: str | None,
    changed: str | None,
    fix: bool,
    unsafe_fixes: bool,
    shows_diff: bool,
    writes_baseline: bool,
    prune: bool,
    as_of: datetime,
    no_cache: bool,
    stdin: bool,
    channel: str | None,
    market: tuple[str, ...],
    purpose: str,
    industry: str,
    locale: str,
    brand: str | None,
    metadata: tuple[str, ...],
) -> int:
    """Check copy over every branch and every allowed value.

    PATHS are files or folders of a workspace; by default all of it. The exit code is 0
    for no findings at or above --fail-on, 1 for some, 2 where it could not run.
    """
    if stdin:
        others = bool(paths) or watch or fix or shows_diff or changed is not None
        others = others or audience_size is not None
        return _lint_stdin(
            Text(channel, market, purpose, industry, locale, brand, metadata),
            select,
            as_of.date(),
            format_name,
            fail_on,
            has_others=others or writes_baseline or prune,
        )
    if channel is not None or market or metadata:
        raise click.UsageError("--channel, --market and --metadata go with --stdin")
    if watch + fix + shows_diff + writes_baseline + prune > 1:
        raise click.UsageError(
            "--watch, --fix, --diff, --write-baseline and --prune go one at a time"
        )
    asked = Asked(
        paths, select, as_of.date(), audience_size, changed, is_cached=not no_cache
    )
    if prove is not None:
        from copylab.cli.proving import prove as print_sheet

        return print_sheet(asked, prove, format_name)
    if writes_baseline or prune:
        return _settle_baseline(asked, prunes=prune)
    if shows_diff:
        from copylab.cli.fixing import show_fixes

        return show_fixes(asked, unsafe=unsafe_fixes)
    if watch:
        from copylab.cli.watching import watch_workspaces

        run = partial(_lint_and_tell, asked, format_name, fail_on)
        return watch_workspaces(asked.roots(), run)
    return _lint_and_tell(asked, format_name, fail_on, fixes=fix, unsafe=unsafe_fixes)


def _lint_and_tell(
    asked: Asked,
    format_name: str | None,
    fail_on: str,
    *,
    fixes: bool = False,
    unsafe: bool = False,
) -> int:
    """Lint, after mending if that is wanted, and print; the exit code."""
    if fixes:
        from copylab.cli.fixing import fix_paths

        return _tell(fix_paths(asked, unsafe=unsafe), format_name, fail_on)
    return _tell(lint_paths(asked), format_name, fail_on)


def _tell(
    reports: list[tuple[Path, Report]], format_name: str | None, fail_on: str
) -> int:
    """Print the reports; the exit code."""
    from copylab.cli.reporting import print_reports

    print_reports(reports, format_name)
    return int(any(_fails(report, fail_on) for _, report in reports))


def _fails(report: Report, fail_on: str) -> bool:
    severity = next((item for item in SEVERITIES if item == fail_on), None)
    return severity is not None and bool(report.at_or_above(severity))


def _settle_baseline(asked: Asked, *, prunes: bool) -> int:
    from copylab.cli.baselines import prune_baseline, write_baseline

    if asked.paths or asked.select or asked.changed is not None:
        raise click.UsageError(
            "--write-baseline and --prune are about a whole workspace"
        )
    settle = prune_baseline if prunes else write_baseline
    return settle(find_root("."), asked.as_of)


def _lint_stdin(
    text: Text,
    select: tuple[str, ...],
    as_of: date,
    format_name: str | None,
    fail_on: str,
    *,
    has_others: bool,
) -> int:
    """Lint one finished text; the exit code."""
    if has_others:
        raise click.UsageError(
            "--stdin reads one text; leave PATHS and what is about files out"
        )
    if text.channel is None or not text.markets:
        raise click.UsageError("--stdin needs --channel and --market")
    from copylab.cli.linting_text import lint_text

    return _tell([(Path(), lint_text(text, select, as_of))], format_name, fail_on)
