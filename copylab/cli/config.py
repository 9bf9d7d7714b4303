"""``copylab config``: which settings apply to a file, and where they come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.lint.effective import Setting

VERSION = 1
_MOST_COLUMNS = (60, 40)


@click.command()
@click.option(
    "--show", "file", metavar="FILE", required=True, help="A file of a workspace."
)
@click.option(
    "--all", "is_all", is_flag=True, help="Also the rules at their usual severity."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with all rules.")
def config(file: str, is_all: bool, as_json: bool) -> int:
    """Say which settings apply to a file, and where each comes from.

    That is copylab's default, copylab.yaml, one of its overrides, or message.yaml.
    """
    from copylab.lint.effective import effective_settings
    from copylab.workspace import open_workspace

    root = find_root(file)
    name = Path(file).resolve().relative_to(root.resolve()).as_posix()
    settings = effective_settings(open_workspace(root), name)
    if as_json:
        entries = [setting.to_dict() for setting in settings]
        record = {"version": VERSION, "file": name, "settings": entries}
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(name, settings, is_all=is_all)))
    return 0


def _lines(name: str, settings: Sequence[Setting], *, is_all: bool) -> list[str]:
    """A line a setting: name, value, place."""
    from copylab.lint.effective import is_default_rule
    from copylab.lint.formats.shown import column_width, show

    shown = [item for item in settings if is_all or not is_default_rule(item)]
    rows = [(item.name, show(_value(item.value)), item.place) for item in shown]
    widths = [
        min(max(sum(map(column_width, row[i])) for row in rows), most)
        for i, most in enumerate(_MOST_COLUMNS)
    ]
    lines = [show(name), ""]
    for row in rows:
        cells = [
            cell + " " * max(0, width - sum(map(column_width, cell)))
            for cell, width in zip(row[:2], widths, strict=True)
        ]
        lines.append("  ".join([*cells, show(row[2])]))
    hidden = len(settings) - len(shown)
    if hidden:
        lines += ["", f"{hidden} rules have their usual severity; --all lists them"]
    return lines


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "-"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items()) or "-"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value not in {None, ""} else "-"
