"""``copylab audit``: every logged arm computed again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_root, workspace_option
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.decision.audit import Audit
    from copylab.experiment.log import LeftJournal, Recovered

_FAILING = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "info": ("error", "warning", "info"),
    "never": (),
}


@click.command("audit")
@click.argument("exposures", nargs=-1)
@click.option(
    "--recover",
    is_flag=True,
    help="First make finished files of what killed writers left in EXPOSURES, a folder.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*_FAILING]),
    default="error",
    show_default=True,
    help="The mildest finding that makes the exit code 1.",
)
@workspace_option
def audit(
    exposures: tuple[str, ...],
    *,
    recover: bool,
    form: str,
    fail_on: str,
    workspace: str,
) -> int:
    """Compute every arm in EXPOSURES again, and say what does not fit.

    EXPOSURES are files, patterns or folders of a log; by default what data: in
    copylab.yaml names. Buckets and arms come from each row's salt and unit, and from
    the epochs in the experiments' files. Nothing in a file is changed.

    \b
    copylab audit
    copylab audit data/exposures
    copylab audit "old/*.parquet" --format json

    Exit code 0: nothing at or above --fail-on. 1: something. 2: could not run.
    """  # noqa: D301 - click reads the backspace as: keep these lines
    from copylab.cli.auditing_text import audit_lines
    from copylab.decision.audit import audit_exposures
    from copylab.workspace import open_workspace

    try:
        taken_up = _recover(exposures) if recover else ()
        catalog = open_workspace(find_root(workspace))
        found = audit_exposures(catalog, exposures or None)
        left = _list_left(exposures or found.folders)
    except CopylabError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(2) from None
    if form == "json":
        click.echo(
            json.dumps(_record(found, left, taken_up), ensure_ascii=False, indent=2)
        )
    else:
        click.echo("\n".join(audit_lines(found, left, taken_up)))
    return int(any(item.severity in _FAILING[fail_on] for item in found.findings))


def _recover(exposures: Sequence[str]) -> tuple[Recovered, ...]:
    from pathlib import Path

    from copylab.experiment.log import recover_exposures

    folders = [name for name in exposures if Path(name).is_dir()]
    if not folders or len(folders) < len(exposures):
        raise click.UsageError("--recover goes with the folder of a log as EXPOSURES")
    return tuple(item for name in folders for item in recover_exposures(name))


def _list_left(places: Sequence[str]) -> list[LeftJournal]:
    """The journals beside what was read, whose rows were not."""
    from pathlib import Path

    from copylab.experiment.log import list_journals

    folders = dict.fromkeys(name for name in places if Path(name).is_dir())
    return [item for name in folders for item in list_journals(name)]


def _record(
    found: Audit, left: Sequence[LeftJournal], taken_up: Sequence[Recovered]
) -> dict[str, object]:
    from dataclasses import asdict

    return {
        **found.to_dict(),
        "journals": [
            {"path": str(item.path), "is_live": item.is_live, "rows": item.rows}
            for item in left
        ],
        "recovered": [asdict(item) for item in taken_up],
    }
