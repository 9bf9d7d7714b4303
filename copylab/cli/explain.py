"""``copylab explain``: why a user gets what they get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from copylab.cli.places import at_option, find_loadable, workspace_option
from copylab.cli.values import read_user, user_options

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.argument("target")
@click.option(
    "--channel",
    type=click.Choice(("sms", "push", "email")),
    help="By default the experiment's or the message's first.",
)
@click.option("--locale", metavar="TAG", help="By default the user's locale.")
@click.option(
    "--force", metavar="ARM", help="Try an arm out, whatever the buckets say."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@user_options
@at_option
@workspace_option
def explain(
    target: str,
    channel: str | None,
    locale: str | None,
    force: str | None,
    as_json: bool,
    persona: str | None,
    user_file: str | None,
    settings: tuple[str, ...],
    at: datetime,
    workspace: str,
) -> int:
    """Say why a user gets what they get from TARGET, an experiment or a message.

    Shows the holdout, the audience clause by clause, the hash, the layer, the buckets,
    the arm, the locale, every value that is missing, and what is sent.
    """
    from copylab.compose.explain import explain_user
    from copylab.workspace import load

    loaded = load(find_loadable(workspace))
    user = read_user(loaded, persona, user_file, settings)
    if target not in loaded.experiments and target not in loaded.messages:
        from copylab.document import suggest

        known = [*loaded.experiments, *loaded.messages]
        hint = suggest(target, known) or "there are: " + ", ".join(known)
        raise click.UsageError(f"there is no experiment or message '{target}'; {hint}")
    try:
        explanation = explain_user(
            loaded, target, user, channel=channel, at=at, locale=locale, force=force
        )
    except ValueError as error:
        if force is None:
            raise
        raise click.BadParameter(str(error), param_hint="--force") from None
    if as_json:
        click.echo(json.dumps(explanation.to_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(explanation.lines()))
    return 0
