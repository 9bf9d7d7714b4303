"""Where the workspace is, and what time it is: what commands share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from copylab.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG_NAME = "copylab.yaml"


def find_root(start: Path | str = ".") -> Path:
    """The folder that holds ``copylab.yaml``: this one, or the nearest above it.

    Raises:
        UnreadableError: There is none, or it is a bundle.
    """
    path = Path(start)
    if not path.exists():
        raise UnreadableError(
            "is not there", file=str(start), help="mind the spelling of the path"
        )
    if _is_bundle(path):
        raise UnreadableError(
            "is a bundle, and this command needs the files it was built from",
            file=str(start),
            help="name the folder that holds copylab.yaml",
        )
    resolved = path.resolve()
    for folder in (resolved, *resolved.parents):
        if folder.is_dir() and (folder / CONFIG_NAME).exists():
            # Stay with what the caller wrote where that is the folder itself.
            return path if folder == resolved and path.is_dir() else folder
    raise UnreadableError(
        f"no workspace here or above: {CONFIG_NAME} is missing",
        file=str(start),
        help="go to the folder that holds it, or make one: copylab init",
    )


def find_loadable(start: Path | str = ".") -> Path:
    """A bundle itself, or else the folder that ``find_root`` finds.

    Raises:
        UnreadableError: There is neither.
    """
    path = Path(start)
    return path if _is_bundle(path) else find_root(path)


def _is_bundle(path: Path) -> bool:
    if not path.is_file():
        return False
    from copylab.bundle.magic import is_bundle

    return is_bundle(path)


def workspace_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--workspace``, for commands that work in one."""
    return click.option(
        "--workspace",
        "-w",
        default=".",
        metavar="PATH",
        help="The folder of the workspace; by default this one or the nearest above.",
    )(function)


class Moment(click.ParamType[datetime]):
    """A time on the command line: ISO 8601, UTC where it names no zone."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The time, aware."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"'{value}' is not a time; write 2026-11-22T11:00:00Z", param, ctx
            )
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def at_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--at``, the time that the command works with."""
    return click.option(
        "--at",
        type=Moment(),
        default=lambda: datetime.now(UTC).replace(microsecond=0),
        show_default="now",
        help="The time of the send, ISO 8601.",
    )(function)
