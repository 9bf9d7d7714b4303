"""``copylab build``: the whole workspace in one file, for services that send."""

from __future__ import annotations

from pathlib import Path

import click

from copylab.cli.places import find_root, workspace_option
from copylab.errors import CopylabError, WorkspaceError

USUAL_NAME = "copylab.bundle"


@click.command("build")
@click.option(
    "--output",
    "-o",
    default=USUAL_NAME,
    show_default=True,
    metavar="FILE",
    help="The file to write; what is there is replaced in one step.",
)
@workspace_option
def build(output: str, workspace: str) -> int:
    """Write messages, experiments, audiences and settings into one file.

    `copylab.load(FILE)` gives the same workspace as the folder, without reading YAML.
    The same workspace gives the same bytes. Exit code 1: it has errors that prevent
    loading, and nothing is written.
    """
    from copylab.bundle import open_bundle, pack
    from copylab.workspace import load
    from copylab.write import write_atomically

    target = Path(output)
    root = find_root(workspace)
    _check_target(target, root)
    try:
        loaded = load(root)
    except WorkspaceError as error:
        click.echo(f"refused: {error}", err=True)
        return 1
    data = pack(loaded)
    write_atomically(target, data)
    click.echo(
        f"{len(loaded.messages)} messages, {len(loaded.experiments)} experiments, "
        f"{len(data) / 1e6:.2f} MB"
    )
    click.echo(f"content: {open_bundle(target).hash}")
    click.echo(f"written: {output}")
    return 0


def _check_target(target: Path, root: Path) -> None:
    """Pass if the bundle is no file that the workspace is read from."""
    below = [root / "templates", root / "experiments"]
    resolved = target.resolve()
    if target.is_dir():
        raise CopylabError(
            "is a folder", file=str(target), help=f"name a file: {target}/{USUAL_NAME}"
        )
    inside = any(resolved.is_relative_to(folder.resolve()) for folder in below)
    if inside or resolved == (root / "copylab.yaml").resolve():
        raise CopylabError(
            "is a part of the workspace",
            file=str(target),
            help="write the bundle somewhere else, such as build/copylab.bundle",
        )
