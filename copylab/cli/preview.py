"""``copylab preview``: the workspace in a browser, or as files of a site."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from copylab.cli.places import find_root, workspace_option
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from copylab.preview.reading import Reader
    from copylab.workspace import Workspace

HOST = "127.0.0.1"
PORT = 8600
_TRIED_PORTS = 20


@click.command()
@click.option(
    "--output",
    "-o",
    metavar="FOLDER",
    help="Write the pages as files into a folder, and serve nothing.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"The port to serve at; 0 is any.  [default: {PORT}, or the next that is free]",
)
@click.option(
    "--open/--no-open",
    "is_opened",
    default=None,
    help="Open a browser.  [default: where one sits in front of a terminal]",
)
@click.option(
    "--against",
    metavar="REVISION",
    help="Show how messages differ from a branch, a tag or a commit of git.",
)
@click.option(
    "--language",
    type=click.Choice(("en", "zh")),
    help="The language of the first page; each page exists in both.",
)
@workspace_option
def preview(
    output: str | None,
    port: int | None,
    is_opened: bool | None,
    against: str | None,
    language: Literal["en", "zh"] | None,
    workspace: str,
) -> int:
    """Show all messages: variants side by side, every branch, findings on the words.

    The page follows the files as you save them in your editor. It is served to this
    machine alone, and asks nothing of any other. With --output, the same pages are
    written as files, which open from a disk and can be published.
    """
    from copylab.preview.reading import Reader

    root = find_root(workspace)
    base = None if against is None else _read_base(root, against)
    reader = Reader(root, base, against or "")
    if output is not None:
        if port is not None:
            raise click.UsageError("--port is for serving; leave out --output or it")
        return _write(reader, Path(output), language, is_opened=bool(is_opened))
    return _serve(reader, port, language, is_opened=is_opened)


def _read_base(root: Path, revision: str) -> Workspace:
    from copylab.revision import checked_out
    from copylab.workspace import open_workspace

    with checked_out(root, revision) as folder:
        return open_workspace(folder)


def _now() -> datetime:
    return datetime.now(UTC)


def _write(
    reader: Reader,
    folder: Path,
    language: Literal["en", "zh"] | None,
    *,
    is_opened: bool,
) -> int:
    from copylab.preview.static import write_site
    from copylab.preview.writing import replace_site

    shown = reader.read(_now())
    first = language or _language_of(shown.workspace)
    count = replace_site(folder, write_site(shown, first), reader.root)
    click.echo(f"{count:,} files written: {folder / 'index.html'}")
    if is_opened:
        click.launch(str(folder / "index.html"))
    return 0


def _language_of(workspace: Workspace) -> Literal["en", "zh"]:
    return "zh" if workspace.config.locales.default.startswith("zh") else "en"


def _serve(
    reader: Reader,
    port: int | None,
    language: Literal["en", "zh"] | None,
    *,
    is_opened: bool | None,
) -> int:
    import asyncio

    from copylab.preview.serving import serve

    listener = _listen(port)
    address = f"http://localhost:{listener.getsockname()[1]}/"
    if language is not None:
        address += f"{language}/index.html"

    def ready() -> None:
        click.echo(f"preview: {address}  (stop with Ctrl+C)")
        if is_opened or (is_opened is None and sys.stdout.isatty()):
            click.launch(address)

    # Ctrl+C is how one stops it, and no failure.
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(reader, listener, _now, ready))
    return 0


def _listen(port: int | None) -> socket.socket:
    """A socket of this machine alone, at the port or the first free one."""
    tried = [port] if port is not None else [*range(PORT, PORT + _TRIED_PORTS)]
    for number in tried:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, number))
        except OSError:
            listener.close()
            continue
        return listener
    where = (
        f"port {port} is"
        if port is not None
        else f"ports {tried[0]} to {tried[-1]} are"
    )
    raise CopylabError(
        f"{where} taken or not allowed", help="name another: copylab preview --port 0"
    )
