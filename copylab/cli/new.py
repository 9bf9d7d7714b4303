"""``copylab new``: add a message to the workspace."""

from __future__ import annotations

import re

import click

from copylab.cli.places import find_root, workspace_option
from copylab.cli.writing import write_new_files

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*\Z")
_CHANNELS = ("push", "sms", "email")


@click.command()
@click.argument("message")
@click.option(
    "--channel",
    "channels",
    multiple=True,
    type=click.Choice(_CHANNELS),
    help="A channel; may be repeated. By default push and sms.",
)
@workspace_option
def new(message: str, channels: tuple[str, ...], workspace: str) -> int:
    """Add MESSAGE, a folder path below templates/, in every declared locale."""
    from copylab.config import CONFIG_NAME, read_config
    from copylab.document import read_source
    from copylab.starter import message_files

    if not _NAME.match(message):
        raise click.UsageError(
            f"'{message}': use small letters, digits, _ and -, with / between folders"
        )
    root = find_root(workspace)
    source, _ = read_source(root / CONFIG_NAME, CONFIG_NAME)
    if source is None:
        raise click.UsageError("copylab.yaml cannot be read; copylab lint says why")
    config, _ = read_config(source)
    brand = config.brand.at(config.locales.default)
    signature = brand.get("signature") or brand.get("name") or "Example"
    files = message_files(
        message,
        channels=channels or ("push", "sms"),
        locales=config.locales.declared,
        signature=signature,
    )
    write_new_files(root, files)
    for path in files:
        click.echo(f"wrote {path}")
    click.echo("next: write the words, then copylab lint")
    return 0
