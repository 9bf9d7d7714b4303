"""``copylab rule``: what a rule checks, why, an example, and its source."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from copylab.lint.rule import Example, Rule

_WIDTH = 88
NOT_ADVICE = "copylab checks texts; it gives no legal advice."


@click.command()
@click.argument("name", required=False)
@click.option("--list", "listed", is_flag=True, help="List all rules.")
@click.option(
    "--channel",
    type=click.Choice(("sms", "push", "email")),
    help="With --list: only rules about this channel.",
)
def rule(name: str | None, listed: bool, channel: str | None) -> int:
    """Say what the rule NAME (or its code) checks, why, and how to mend it."""
    from copylab.document import suggest
    from copylab.lint.rule import all_rules, find_rule

    if listed:
        for item in all_rules():
            if channel is None or not item.channels or channel in item.channels:
                click.echo(
                    f"{item.code:<12} {item.severity:<8} {item.name:<28} {item.page().title}"
                )
        return 0
    if name is None:
        raise click.UsageError("name a rule, or use --list")
    found = find_rule(name)
    if found is None:
        hint = suggest(name, [item.name for item in all_rules()])
        raise click.UsageError(
            f"there is no rule '{name}'; {hint or 'see copylab rule --list'}"
        )
    click.echo(describe(found))
    return 0


def describe(item: Rule) -> str:
    """The rule's page as a terminal shows it."""
    page = item.page()
    where = ", ".join(item.channels) or "all channels"
    lines = [
        f"{item.name} ({item.code}) · {item.severity} · {where}",
        "",
        page.title,
        "",
    ]
    for heading, prose in (("What", page.what), ("Why", page.why)):
        lines += _paragraph(heading, prose)
    for heading, examples in (("Bad", page.bad), ("Good", page.good)):
        lines += [line for example in examples for line in _example(heading, example)]
    lines += _paragraph("Source", page.source)
    return "\n".join([*lines, NOT_ADVICE])


def _paragraph(heading: str, prose: str) -> list[str]:
    if not prose:
        return []
    wrapped = textwrap.wrap(prose, _WIDTH - 8)
    return [f"{heading}:", *(f"    {line}" for line in wrapped), ""]


def _example(heading: str, example: Example) -> list[str]:
    body = example.text.rstrip().split("\n")
    return [f"{heading} ({example.info}):", *(f"    {line}" for line in body), ""]
