"""Output formats: one file each, pure functions from a report to a text."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.lint.report import Report

Format = Literal[
    "full", "concise", "json", "github", "gitlab", "junit", "sarif", "markdown"
]
FORMATS: tuple[Format, ...] = get_args(Format)


def format_report(report: Report, name: str, *, color: bool = False) -> str:
    """The report as a text, without a line end.

    Args:
        report: What was found.
        name: One of ``FORMATS``.
        color: Whether ``full`` may use the colours of a terminal; the others have none.

    Raises:
        ValueError: There is no such format.
    """
    if name not in FORMATS:
        raise ValueError(f"format == {name!r}, must be one of {', '.join(FORMATS)}")
    module = import_module(f"copylab.lint.formats.{name}")
    render: Callable[..., str] = module.render
    return render(report, color=color) if name == "full" else render(report)
