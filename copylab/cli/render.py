"""``copylab render``: a message as a person sees it, with its measures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_loadable, workspace_option
from copylab.cli.values import read_user, user_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.channels.composed import Email, Push, Sms
    from copylab.message.model import Message
    from copylab.workspace import Workspace

LONGEST = "longest"
"""The persona that is computed: for each variant, the values that make it longest."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One variant and how it came about.

    Attributes:
        message: The message.
        channel: The channel.
        locale: The locale of the words.
        variant: The variant.
        sent: What would be sent.
        values: The values that were chosen for it in words; empty where the user gave
            them.
        is_proved: Whether no values in bounds make it longer.
    """

    message: Message
    channel: str
    locale: str
    variant: str
    sent: Sms | Push | Email
    values: tuple[tuple[str, str], ...] = ()
    is_proved: bool = True


@click.command()
@click.argument("message")
@click.option(
    "--channel",
    type=click.Choice(("sms", "push", "email")),
    help="By default the message's only channel.",
)
@click.option(
    "--locale",
    metavar="TAG",
    help="By default the user's locale, or the workspace's default.",
)
@click.option("--variant", metavar="NAME", help="By default the live one.")
@click.option(
    "--all-variants", is_flag=True, help="Every variant, one after the other."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--output",
    type=click.Path(),
    metavar="FILE",
    help="Write the HTML part of an e-mail to a file.",
)
@click.option(
    "--open",
    "is_opened",
    is_flag=True,
    help="Write the HTML part of an e-mail to a file and open it.",
)
@user_options
@workspace_option
def render(
    message: str,
    channel: str | None,
    locale: str | None,
    variant: str | None,
    all_variants: bool,
    as_json: bool,
    output: str | None,
    is_opened: bool,
    persona: str | None,
    user_file: str | None,
    settings: tuple[str, ...],
    workspace: str,
) -> int:
    """Print MESSAGE as it would be sent to a user, by the path that sends it.

    With --persona longest, the values are those that make it longest: most parts of a
    short message, the widest push or e-mail.
    """
    from copylab.workspace import load

    loaded = load(find_loadable(workspace))
    is_longest = persona == LONGEST and LONGEST not in loaded.personas
    user = read_user(loaded, None if is_longest else persona, user_file, settings)
    if is_longest and user:
        raise click.UsageError("--persona longest chooses the values; leave out others")
    found = _find_message(loaded, message)
    channel = _find_channel(found, channel)
    if (is_opened or output) and (channel != "email" or all_variants):
        raise click.UsageError("--open and --output are for one e-mail")
    tag = locale or str(user.get("locale") or loaded.config.locales.default)
    for name in _find_variants(found, variant, everything=all_variants):
        shown = (
            render_longest(loaded, found, channel, tag, name)
            if is_longest
            else _render_user(loaded, found, channel, tag, name, user)
        )
        if as_json:
            click.echo(json.dumps(_to_json(shown), ensure_ascii=False))
        else:
            click.echo("\n".join([*describe(shown), ""]))
        if is_opened or output:
            _write_page(shown, output, is_opened=is_opened)
    return 0


def _find_message(loaded: Workspace, name: str) -> Message:
    found = loaded.messages.get(name)
    if found is None:
        from copylab.document import suggest

        known = ", ".join(loaded.messages)
        hint = suggest(name, loaded.messages) or f"messages: {known}"
        raise click.UsageError(f"there is no message '{name}'; {hint}")
    return found


def _find_channel(message: Message, channel: str | None) -> str:
    channels = [channel] if channel else list(message.channels)
    if len(channels) > 1:
        raise click.UsageError(f"name the channel: --channel {' | '.join(channels)}")
    if channels[0] not in message.channels:
        known = ", ".join(message.channels)
        raise click.UsageError(f"{message.id} has copy for {known} only")
    return channels[0]


def _find_variants(
    message: Message, variant: str | None, *, everything: bool
) -> list[str]:
    chosen = list(message.variants) if everything else [variant or message.live]
    for name in chosen:
        if name not in message.variants:
            known = ", ".join(message.variants)
            raise click.UsageError(f"variants of {message.id}: {known}")
    return chosen


def _render_user(
    loaded: Workspace,
    message: Message,
    channel: str,
    locale: str,
    variant: str,
    user: Mapping[str, object],
) -> Rendered:
    sent = loaded.render(
        message.id, user, channel=channel, locale=locale, variant=variant
    )
    tag = _written_locale(loaded, message, channel, locale)
    return Rendered(message, channel, tag, variant, sent)


def _written_locale(
    loaded: Workspace, message: Message, channel: str, locale: str
) -> str:
    """The locale of the words that a user of a locale gets."""
    from copylab.compose.find import find_locale

    return find_locale(loaded, message, channel, locale) or locale


def render_longest(
    loaded: Workspace, message: Message, channel: str, locale: str, variant: str
) -> Rendered:
    """A variant with the values that make it longest.

    Args:
        loaded: The workspace.
        message: One of its messages.
        channel: A channel it has words for.
        locale: The wanted locale.
        variant: One of its variants.
    """
    from copylab.compose.render import render_read
    from copylab.lint.longest import find_longest

    tag = _written_locale(loaded, message, channel, locale)
    key = (message.id, channel, tag, variant)
    if key not in loaded.templates:
        # The usual path says what is missing.
        return _render_user(loaded, message, channel, locale, variant, {})
    longest = find_longest(loaded, key)
    sent = render_read(
        loaded,
        message.id,
        longest.values,
        channel=channel,
        locale=tag,
        variant=variant,
    )
    return Rendered(
        message, channel, tag, variant, sent, longest.choices, longest.is_proved
    )


def describe(shown: Rendered) -> list[str]:
    """The lines that show a variant to a person."""
    names = (shown.message.id, shown.channel, shown.locale, shown.variant)
    return [" · ".join(names), "", *_picture(shown), *_values(shown)]


def _picture(shown: Rendered) -> list[str]:
    """The message as its channel shows it."""
    from copylab.channels.composed import Email, Push

    if isinstance(shown.sent, Push):
        from copylab.cli.screen.push import show_push

        return show_push(shown.sent)
    if isinstance(shown.sent, Email):
        from copylab.cli.screen.email import show_email

        return show_email(shown.sent)
    from copylab.channels.route import routes_of
    from copylab.cli.screen.sms import show_sms

    return show_sms(shown.sent, routes_of(shown.message, shown.locale))


def _values(shown: Rendered) -> list[str]:
    """The values that were chosen, and whether there can be longer ones."""
    if not shown.values:
        return []
    listed = [f"  {name} = {value}" for name, value in shown.values]
    proved = "no allowed values make it longer"
    if not shown.is_proved:
        proved = "the longest that was found; lint proves the limit"
    return ["", f"with these values ({proved}):", *listed]


def _to_json(shown: Rendered) -> dict[str, object]:
    """The variant as JSON-ready values."""
    entry: dict[str, object] = {"variant": shown.variant, **shown.sent.to_dict()}
    if shown.values:
        entry["values"] = dict(shown.values)
        entry["longest"] = shown.is_proved
    return entry


def _write_page(shown: Rendered, output: str | None, *, is_opened: bool) -> None:
    """Write the HTML part to a file, and open it in the browser if that is wanted."""
    from copylab.channels.composed import Email
    from copylab.write import write_atomically

    sent = shown.sent
    assert isinstance(sent, Email)
    path = Path(output) if output else _page_path(shown)
    write_atomically(path, sent.html.encode())
    click.echo(f"wrote {path}", err=True)
    if is_opened:
        click.launch(str(path.resolve()))


def _page_path(shown: Rendered) -> Path:
    """A file of its own below the folder for temporary files."""
    import tempfile

    name = f"{shown.message.id.replace('/', '.')}.{shown.locale}.{shown.variant}.html"
    return Path(tempfile.mkdtemp(prefix="copylab-")) / name
