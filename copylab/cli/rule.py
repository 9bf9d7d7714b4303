"""``copylab rule``: what a rule checks, why, an example, and its source."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from copylab.cli.places import CONFIG_NAME, find_root
from copylab.errors import UnreadableError

if TYPE_CHECKING:
    from copylab.lint.rule import Example, Rule
    from copylab.source import SourceFile

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
    from copylab.lint.rule import find_rule

    rules = _rules_here()
    if listed:
        for item in rules:
            if channel is None or not item.channels or channel in item.channels:
                click.echo(
                    f"{item.code:<12} {item.severity:<8} {item.name:<28} {item.page().title}"
                )
        return 0
    if name is None:
        raise click.UsageError("name a rule, or use --list")
    found = find_rule(name, rules)
    if found is None:
        hint = suggest(name, [item.name for item in rules])
        raise click.UsageError(
            f"there is no rule '{name}'; {hint or 'see copylab rule --list'}"
        )
    click.echo(describe(found))
    return 0


def _rules_here() -> tuple[Rule, ...]:
    """All rules, those of the packs of the workspace one stands in among them."""
    from copylab.config import read_config
    from copylab.document import read_source
    from copylab.lint.rule import all_rules
    from copylab.lint.ruleset import find_rules

    try:
        root = find_root().resolve()
    except UnreadableError:
        return all_rules()
    source, _ = read_source(root / CONFIG_NAME, CONFIG_NAME)
    if source is None:
        return all_rules()
    settings = read_config(source)[0].lint
    sources: dict[str, SourceFile] = {}
    for name, _ in settings.packs:
        path = root / name
        if path.exists() and path.resolve().is_relative_to(root):
            pack, _ = read_source(path, name)
            sources |= {} if pack is None else {name: pack}
    return find_rules(settings, sources)[0]


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
