"""``copylab schema``: JSON Schemas, so that editors complete and check YAML files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from copylab.schema import KINDS


@click.command()
@click.argument("name", required=False, type=click.Choice(tuple(KINDS)))
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Write all of them to a folder, as NAME.json.",
)
def schema(name: str | None, output: str | None) -> int:
    """Print the JSON Schema of a kind of file, or write all of them.

    Editors complete and check YAML by them as you type; --output says how they are told.
    """
    if (name is None) == (output is None):
        raise click.UsageError("name a schema, or write all of them: --output DIR")
    if name is not None:
        click.echo(_text(name))
        return 0
    assert output is not None
    _write(Path(output))
    return 0


def _text(name: str) -> str:
    from copylab.schema import make_schema

    return json.dumps(make_schema(name), ensure_ascii=False, indent=2)


def _write(folder: Path) -> None:
    """Write every schema, and say how editors are told of them."""
    from copylab.write import write_all

    files = {folder / f"{name}.json": f"{_text(name)}\n".encode() for name in KINDS}
    write_all(files)
    click.echo(f"wrote {len(files)} schemas to {folder}")
    settings = {
        f"{_from_here(folder)}/{name}.json": list(kind.files)
        for name, kind in KINDS.items()
        if kind.files
    }
    click.echo("for VS Code, put this into .vscode/settings.json:")
    click.echo(json.dumps({"yaml.schemas": settings}, indent=2))
    first = next(iter(settings))
    click.echo("for other editors, start a file with such a line, the path from there:")
    click.echo(f"# yaml-language-server: $schema={first}")


def _from_here(folder: Path) -> str:
    path = folder.as_posix()
    return path if folder.is_absolute() or path.startswith(".") else f"./{path}"
