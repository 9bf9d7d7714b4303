"""``copylab lint``: check copy over every branch and every allowed value."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_root
from copylab.findings import SEVERITIES
from copylab.lint.formats import FORMATS
from copylab.locales import normalise_locale

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from copylab.lint.report import Report
    from copylab.lint.rule import Rule

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
    help="The day for which expiries are judged, such as 2026-11-22.",
)
@click.option(
    "--stdin", is_flag=True, help="Check one finished text from standard input."
)
@click.option(
    "--channel", type=click.Choice(_CHANNELS), help="With --stdin: its channel."
)
@click.option(
    "--market", metavar="CODE", help="With --stdin: where it goes, such as CN."
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
def lint(
    paths: tuple[str, ...],
    format_name: str | None,
    fail_on: str,
    select: tuple[str, ...],
    audience_size: int | None,
    watch: bool,
    fix: bool,
    unsafe_fixes: bool,
    shows_diff: bool,
    writes_baseline: bool,
    prune: bool,
    as_of: datetime,
    stdin: bool,
    channel: str | None,
    market: str | None,
    purpose: str,
    industry: str,
    locale: str,
    brand: str | None,
) -> int:
    """Check copy over every branch and every allowed value.

    PATHS are files or folders of a workspace; by default all of it. The exit code is 0
    for no findings at or above --fail-on, 1 for some, 2 where it could not run.
    """
    if stdin:
        if paths or watch or audience_size is not None:
            raise click.UsageError(
                "--stdin reads one text; leave PATHS, --watch and --audience-size out"
            )
        if channel is None or market is None:
            raise click.UsageError("--stdin needs --channel and --market")
        report = _lint_text(channel, market, purpose, industry, locale, brand, select)
        return _tell([(Path(), report)], format_name, fail_on)
    if channel is not None or market is not None:
        raise click.UsageError("--channel and --market go with --stdin")
    if writes_baseline or prune:
        if paths or select or watch or (writes_baseline and prune):
            raise click.UsageError(
                "--write-baseline and --prune are about a whole workspace, one at a time"
            )
        from copylab.cli.baselines import prune_baseline, write_baseline

        settle = write_baseline if writes_baseline else prune_baseline
        return settle(find_root("."), as_of.date())
    day = as_of.date()
    if fix or shows_diff:
        if watch or (fix and shows_diff):
            raise click.UsageError("--fix, --diff and --watch go one at a time")
        if shows_diff:
            return _show_fixes(paths, select, day, unsafe=unsafe_fixes)
        reports = _fix_paths(paths, select, day, unsafe=unsafe_fixes)
        return _tell(reports, format_name, fail_on)
    if watch:
        from copylab.cli.watching import watch_workspaces

        run = partial(
            _lint_and_tell, paths, select, format_name, fail_on, day, audience_size
        )
        return watch_workspaces(_roots(paths), run)
    return _lint_and_tell(paths, select, format_name, fail_on, day, audience_size)


def _lint_and_tell(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    format_name: str | None,
    fail_on: str,
    as_of: date,
    audience_size: int | None,
) -> int:
    reports = _lint_paths(paths, select, as_of, audience_size)
    return _tell(reports, format_name, fail_on)


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


def _select(select: tuple[str, ...], rules: Iterable[Rule]) -> tuple[str, ...]:
    """The names of the chosen rules, each of which must be one."""
    from copylab.lint.rule import find_rule

    known = tuple(rules)
    names = []
    for word in (part.strip() for item in select for part in item.split(",")):
        rule = find_rule(word, known)
        if rule is None:
            from copylab.document import suggest

            hint = suggest(word, [rule.name for rule in known])
            raise click.UsageError(f"there is no rule '{word}' {hint}".strip())
        names.append(rule.name)
    return tuple(names)


def _roots(paths: tuple[str, ...]) -> dict[Path, list[str]]:
    """The workspaces that the paths lie in, and the paths from their roots."""
    by_root: dict[Path, list[str]] = {}
    for path in paths or (".",):
        root = find_root(path)
        inside = Path(path).resolve().relative_to(root.resolve()).as_posix()
        # The default means the whole workspace, from wherever in it one stands.
        by_root.setdefault(root, []).append(inside if paths else ".")
    return by_root


def _lint_paths(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    as_of: date,
    audience_size: int | None = None,
) -> list[tuple[Path, Report]]:
    """One report a workspace that the paths lie in."""
    return [
        (root, _lint_root(root, inside, select, as_of, audience_size))
        for root, inside in _roots(paths).items()
    ]


def _lint_root(
    root: Path,
    inside: list[str],
    select: tuple[str, ...],
    as_of: date,
    audience_size: int | None = None,
) -> Report:
    """The report about a workspace, or some paths in it."""
    from copylab.lint.cost import cost_catalog
    from copylab.lint.engine import lint_catalog
    from copylab.lint.ruleset import find_rules
    from copylab.workspace import open_workspace

    workspace = open_workspace(root)
    rules, _ = find_rules(workspace.config.lint, workspace.sources)
    chosen = _select(select, rules)
    wanted = () if "." in inside else inside
    report = lint_catalog(workspace, paths=wanted, select=chosen, as_of=as_of)
    if audience_size is None:
        return report
    return replace(report, costs=cost_catalog(workspace, audience_size, wanted))


def _fix_paths(
    paths: tuple[str, ...], select: tuple[str, ...], as_of: date, *, unsafe: bool
) -> list[tuple[Path, Report]]:
    """What is left after mending, one report a workspace."""
    from copylab.cli.fixing import fix_workspace

    reports = []
    for root, inside in _roots(paths).items():
        lint = partial(_lint_root, root, inside, select, as_of)
        report, fixes = fix_workspace(root, lint, unsafe=unsafe)
        if fixes:
            click.echo(f"mended {fixes} finding{'s' if fixes > 1 else ''}", err=True)
        reports.append((root, report))
    return reports


def _show_fixes(
    paths: tuple[str, ...], select: tuple[str, ...], as_of: date, *, unsafe: bool
) -> int:
    """Print what would be mended; the exit code is 1 where there is something."""
    from copylab.cli.fixing import show_changes

    fixes = 0
    for root, report in _lint_paths(paths, select, as_of):
        fixes += show_changes(root, report, unsafe=unsafe)
    said = f"{fixes} finding{'s' if fixes > 1 else ''}" if fixes else "nothing"
    click.echo(f"would mend {said}", err=True)
    return int(bool(fixes))


def _lint_text(
    channel: str,
    market: str,
    purpose: str,
    industry: str,
    locale: str,
    brand: str | None,
    select: tuple[str, ...],
) -> Report:
    """The report about the text on standard input."""
    from copylab.document import decode_source
    from copylab.lint.report import Report
    from copylab.lint.rule import all_rules
    from copylab.lint.text import NAME, check_text

    chosen = _select(select, all_rules())
    tag = normalise_locale(locale)
    if tag is None:
        raise click.UsageError(f"'{locale}' is not a locale; write a tag such as zh-CN")
    if not re.fullmatch("[A-Za-z]{2}", market):
        raise click.UsageError(
            f"'{market}' is not a market; write ISO 3166, such as CN"
        )
    data = sys.stdin.buffer.read()
    source, findings = decode_source(data, NAME)
    if source is not None:
        text = source.text.strip("\n")
        if not text.strip():
            raise click.UsageError("standard input holds no text")
        findings += check_text(
            text,
            channel=channel,
            market=market.upper(),
            purpose=purpose,
            industry=industry,
            locale=tag,
            brand=brand,
        )
    kept = [item for item in findings if not chosen or item.rule in chosen]
    sources = {} if source is None else {NAME: source}
    rules = len(chosen) or sum(rule.subject == "words" for rule in all_rules())
    told = tuple(r for r in all_rules() if any(r.name == item.rule for item in kept))
    return Report(tuple(kept), messages=1, rules=rules, sources=sources, told=told)
