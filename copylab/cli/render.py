"""``copylab render``: a message as it would be sent, with its measures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_root, workspace_option
from copylab.cli.values import read_user, user_options

if TYPE_CHECKING:
    from copylab.channels.composed import Email, Push, Sms


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
@user_options
@workspace_option
def render(
    message: str,
    channel: str | None,
    locale: str | None,
    variant: str | None,
    all_variants: bool,
    as_json: bool,
    persona: str | None,
    user_file: str | None,
    settings: tuple[str, ...],
    workspace: str,
) -> int:
    """Print MESSAGE as it would be sent to a user, by the path that sends it."""
    from copylab.workspace import load

    loaded = load(find_root(workspace))
    user = read_user(loaded, persona, user_file, settings)
    found = loaded.messages.get(message)
    if found is None:
        from copylab.document import suggest

        hint = suggest(message, loaded.messages) or "messages: " + ", ".join(
            loaded.messages
        )
        raise click.UsageError(f"there is no message '{message}'; {hint}")
    channels = [channel] if channel else list(found.channels)
    if len(channels) > 1:
        raise click.UsageError(f"name the channel: --channel {' | '.join(channels)}")
    if channels[0] not in found.channels:
        raise click.UsageError(
            f"{message} has copy for {', '.join(found.channels)} only"
        )
    tag = locale or str(user.get("locale") or loaded.config.locales.default)
    chosen = list(found.variants) if all_variants else [variant or found.live]
    for name in chosen:
        if name not in found.variants:
            raise click.UsageError(
                f"variants of {message}: {', '.join(found.variants)}"
            )
        sent = loaded.render(
            message, user, channel=channels[0], locale=tag, variant=name
        )
        if as_json:
            click.echo(
                json.dumps({"variant": name, **sent.to_dict()}, ensure_ascii=False)
            )
        else:
            click.echo(f"{message} · {channels[0]} · {tag} · {name}\n\n{show(sent)}\n")
    return 0


def show(sent: Sms | Push | Email) -> str:
    """The message and its measures as text."""
    from copylab.channels.composed import Email, Push

    if isinstance(sent, Push):
        return _show_push(sent)
    return _show_email(sent) if isinstance(sent, Email) else _show_sms(sent)


def _show_sms(sent: Sms) -> str:
    from copylab.channels.sms import culprits, measure

    length = measure(sent.text)
    parts = f"{sent.segments} part" + ("s" if sent.segments > 1 else "")
    unit = "septets" if sent.encoding == "GSM-7" else "UTF-16 units"
    lines = [sent.text, "", f"{parts} · {sent.encoding} · {sent.units} {unit}"]
    if sent.segments > 1:
        lines.append("units by part: " + ", ".join(map(str, length.segment_units)))
    forced = {item.char: item for item in culprits(sent.text)}
    if forced and len(forced) <= 12:  # noqa: PLR2004 - a text in another script forces them all
        named = [
            f"'{item.char}' U+{item.code_point:04X}"
            + (f" (write {item.substitute!r})" if item.substitute else "")
            for item in forced.values()
        ]
        lines.append("forced out of GSM-7 by " + ", ".join(named))
    return "\n".join(lines)


def _show_push(sent: Push) -> str:
    sizes = [
        f"{service} {sent.payload_bytes(service)} bytes" for service in sent.payload
    ]
    return "\n".join([sent.title, sent.body, "", " · ".join(sizes)])


def _show_email(sent: Email) -> str:
    headers = [f"{name}: {value}" for name, value in sent.headers.items()]
    html_bytes = len(sent.html.encode())
    return "\n".join(
        [
            *headers,
            f"Subject: {sent.subject}",
            f"Preheader: {sent.preheader}",
            "",
            sent.text.rstrip(),
            "",
            f"HTML part: {html_bytes:,} bytes",
        ]
    )
