"""The baseline's file: written from what is found, pruned of what is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def write_baseline(root: Path, as_of: date) -> int:
    """Make everything that is found in a workspace known; the exit code."""
    from copylab.lint.baseline import BASELINE_NAME, make_baseline, to_json
    from copylab.lint.engine import lint_catalog
    from copylab.workspace import open_workspace
    from copylab.write import write_atomically

    report = lint_catalog(open_workspace(root), baseline=(), as_of=as_of)
    entries = make_baseline(report.findings)
    write_atomically(root / BASELINE_NAME, to_json(entries))
    click.echo(f"wrote {_findings(len(entries))} to {BASELINE_NAME}")
    return 0


def prune_baseline(root: Path, as_of: date) -> int:
    """Take out of the baseline what is not found any more; the exit code."""
    from copylab.lint.baseline import (
        BASELINE_NAME,
        compare_baseline,
        read_baseline,
        to_json,
    )
    from copylab.lint.engine import lint_catalog
    from copylab.workspace import open_workspace
    from copylab.write import write_atomically

    entries = read_baseline(root)
    report = lint_catalog(open_workspace(root), baseline=(), as_of=as_of)
    stale = set(compare_baseline(report.findings, entries).stale)
    kept = [entry for entry in entries if entry not in stale]
    if stale:
        write_atomically(root / BASELINE_NAME, to_json(kept))
    gone = f"took {_findings(len(stale))} out of" if stale else "nothing is gone from"
    click.echo(f"{gone} {BASELINE_NAME}; it holds {len(kept)}")
    return 0


def _findings(number: int) -> str:
    return "1 finding" if number == 1 else f"{number:,} findings"
