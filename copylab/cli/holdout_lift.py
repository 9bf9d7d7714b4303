"""``copylab analyze --global-holdout``: what all sending does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from copylab.cli.places import find_root

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.analysis.results import Analysis


class Span(click.ParamType[timedelta]):
    """A time span on the command line: 28d, 12h."""

    name = "span"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """The time span, longer than nothing."""
        from copylab.experiment.quantities import parse_duration

        if isinstance(value, timedelta):
            return value
        try:
            span = parse_duration(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not span:
            self.fail(f"'{value}' is no time at all; write 28d", param, ctx)
        return span


def holdout_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of an analysis of all sending."""
    options = (
        click.option(
            "--global-holdout",
            "all_sending",
            is_flag=True,
            help="All sending against the holdout of copylab.yaml, over messages and "
            "experiments; --metric names metrics of the workspace.",
        ),
        click.option(
            "--within",
            type=Span(),
            metavar="28d",
            help="With --global-holdout: how long after a user's first message, or the "
            "first that was held back, events count.  [default: as each metric says]",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def refuse_beside(given: Mapping[str, object]) -> None:
    """Pass if no option is given that does not go with ``--global-holdout``.

    Raises:
        click.UsageError: One is.
    """
    for option, value in given.items():
        if value:
            raise click.UsageError(f"{option} does not go with --global-holdout")


def analyze_all_sending(
    workspace: str,
    *,
    at: datetime | None,
    **asked: Any,  # noqa: ANN401 - handed on
) -> Analysis:
    """All sending against the global holdout, as of now.

    Args:
        workspace: The folder with ``copylab.yaml``, or one below it.
        at: The time of the analysis; None for now.
        asked: Handed on to ``analyze_global_holdout``.

    Raises:
        CopylabError: It cannot be analysed.
    """
    from copylab.decision.global_holdout import analyze_global_holdout
    from copylab.decision.moment import find_moment
    from copylab.workspace import open_workspace

    catalog = open_workspace(find_root(workspace))
    until = find_moment(catalog, at, now=datetime.now(UTC).replace(microsecond=0))
    return analyze_global_holdout(catalog, at=until, **asked)
