"""Printing a lint report: which format, which colours, and paths from where."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.lint.report import Report

FOR_PROGRAMS = frozenset(("json", "gitlab", "junit", "sarif", "markdown"))
"""Formats whose encoding is UTF-8, wherever they go."""
FROM_REPOSITORY = frozenset(("github", "gitlab", "junit", "sarif", "markdown"))
"""Formats whose readers know files by their path in the repository."""


def usual_format(env: Mapping[str, str] = os.environ) -> str:
    """The format where none is asked for."""
    if env.get("GITHUB_ACTIONS") == "true":
        return "github"
    return "full" if sys.stdout.isatty() else "concise"


def wants_color(env: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour what is printed.

    ``NO_COLOR`` switches colours off and ``FORCE_COLOR`` on, the first the stronger, if
    they hold anything (no-color.org, force-color.org); else a terminal has them.
    """
    if env.get("NO_COLOR"):
        return False
    if env.get("FORCE_COLOR"):
        return env["FORCE_COLOR"] != "0"
    return sys.stdout.isatty() and env.get("TERM") != "dumb"


def terminal_columns() -> int | None:
    """How wide the terminal is; None where nothing but a program reads what is printed."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def print_reports(
    reports: Sequence[tuple[Path, Report]], format_name: str | None
) -> None:
    """Print reports as one, in a format or the usual one.

    Args:
        reports: Each with the folder of its workspace.
        format_name: One of the formats, or None.
    """
    from copylab.lint.formats import format_report
    from copylab.lint.report import merge_reports

    name = format_name or usual_format()
    one_of_many = len(reports) > 1
    placed = [
        report.below(_folder(root, name, one_of_many=one_of_many))
        for root, report in reports
    ]
    text = format_report(merge_reports(placed), name, color=wants_color())
    write_out(text, for_programs=name in FOR_PROGRAMS)


def _folder(root: Path, name: str, *, one_of_many: bool) -> str:
    """How a workspace is called in front of its files' paths; empty for not at all.

    JSON names files from the workspace's root, as findings do. People click on paths
    from where they are, and CI knows them from the repository's root.
    """
    if name == "json" and not one_of_many:
        return ""
    here, place = Path.cwd(), root.resolve()
    if name in FROM_REPOSITORY:
        here = next((p for p in (place, *place.parents) if (p / ".git").exists()), here)
    if not place.is_relative_to(here):
        return place.as_posix() if one_of_many else ""
    folder = place.relative_to(here).as_posix()
    return "" if folder == "." else folder


def write_out(text: str, *, for_programs: bool) -> None:
    """Write a text whole; what the encoding lacks is written as an escape.

    Args:
        text: The text, without its last line end.
        for_programs: Whether programs read it, whose encoding is UTF-8.
    """
    if for_programs:
        data = f"{text}\n".encode("utf-8", "backslashreplace")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    encoding = sys.stdout.encoding or "utf-8"
    shown = text.encode(encoding, "backslashreplace").decode(encoding)
    click.echo(shown, color=True)  # colours are in it only where they are wanted
