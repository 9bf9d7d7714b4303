"""``copylab lint --fix`` and ``--diff``: mend what can be mended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from copylab.cli.linting import lint_paths, lint_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.cli.linting import Asked
    from copylab.lint.report import Report
    from copylab.write import FileChange

_MAX_PASSES = 10
"""One fix can uncover another; more passes than this mean that two undo each other."""


def fix_paths(asked: Asked, *, unsafe: bool) -> list[tuple[Path, Report]]:
    """What is left after mending, one report a workspace."""
    reports = []
    for root, inside in asked.roots().items():
        lint = partial(lint_root, root, inside, asked)
        report, fixes = fix_workspace(root, lint, unsafe=unsafe)
        if fixes:
            click.echo(f"mended {fixes} finding{'s' if fixes > 1 else ''}", err=True)
        reports.append((root, report))
    return reports


def show_fixes(asked: Asked, *, unsafe: bool) -> int:
    """Print what would be mended; the exit code is 1 where there is something."""
    fixes = 0
    for root, report in lint_paths(asked):
        fixes += show_changes(root, report, unsafe=unsafe)
    said = f"{fixes} finding{'s' if fixes > 1 else ''}" if fixes else "nothing"
    click.echo(f"would mend {said}", err=True)
    return int(bool(fixes))


def fix_workspace(
    root: Path, lint: Callable[[], Report], *, unsafe: bool
) -> tuple[Report, int]:
    """The report after everything was mended that can be, and how many fixes that took.

    Args:
        root: The workspace's folder.
        lint: Reads the workspace anew and lints it.
        unsafe: Whether fixes count after which a person has to look.
    """
    from copylab.write import apply_changes

    total = 0
    for _ in range(_MAX_PASSES):
        report = lint()
        changes, fixes = find_changes(root, report, unsafe=unsafe)
        if not changes:
            break
        apply_changes(changes)
        total += fixes
    else:
        report = lint()
    return report, total


def show_changes(root: Path, report: Report, *, unsafe: bool) -> int:
    """Print what would be changed as a unified diff; how many findings that mends."""
    changes, fixes = find_changes(root, report, unsafe=unsafe)
    for change in changes:
        click.echo(change.diff())
    return fixes


def find_changes(
    root: Path, report: Report, *, unsafe: bool
) -> tuple[list[FileChange], int]:
    """The files that fixes change, and how many findings they mend."""
    from copylab.lint.fix import apply_fixes, files_to_fix
    from copylab.source import read_bytes
    from copylab.write import FileChange

    changes, fixes = [], 0
    for name, findings in files_to_fix(report.findings, unsafe=unsafe).items():
        before = read_bytes(root / name, name)
        fixed = apply_fixes(before, findings)
        if fixed.data != before:
            changes.append(FileChange(root / name, name, before, fixed.data))
            fixes += fixed.fixes
    return changes, fixes
