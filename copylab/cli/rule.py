"""``copylab rule``: what a rule checks, why, an example, and its source."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copylab.cli.places import CONFIG_NAME, find_root
from copylab.errors import UnreadableError
from copylab.lint.formats.summary import NOT_ADVICE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from copylab.lint.rule import Example, Rule
    from copylab.source import SourceFile

_WIDTH = 88
_MARKET_LETTERS = 2


@click.command()
@click.argument("name", required=False)
@click.option("--list", "listed", is_flag=True, help="List all rules.")
@click.option(
    "--channel",
    type=click.Choice(("sms", "push", "email")),
    help="With --list: only rules about this channel.",
)
@click.option("--market", metavar="CC", help="With --list: what binds in this market.")
@click.option(
    "--purpose",
    type=click.Choice(("marketing", "transactional", "otp")),
    help="With --list: only rules about this purpose.",
)
@click.option(
    "--industry", metavar="WORD", help="With --list: what binds this industry."
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --list: the rules that are in force on this day.",
)
@click.option(
    "--test",
    "pack",
    metavar="PACK",
    help="Run the examples of a pack: a file of yours, or a pack of copylab's own.",
)
def rule(
    name: str | None,
    listed: bool,
    channel: str | None,
    market: str | None,
    purpose: str | None,
    industry: str | None,
    as_of: datetime | None,
    pack: str | None,
) -> int:
    """Say what the rule NAME (or its code) checks, why, and how to mend it.

    With --list, and what you send where, it says which rules apply to you.
    """
    from copylab.document import suggest
    from copylab.lint.rule import find_rule

    if pack is not None:
        return _test(pack)
    rules = _rules_here()
    asked = _Asked(channel, market and _market(market), purpose, industry)
    if listed:
        day = None if as_of is None else as_of.date()
        click.echo(
            _list([r for r in rules if asked.is_about(r) and r.is_in_force(day)])
        )
        return 0
    if asked != _Asked() or as_of is not None:
        raise click.UsageError("what you send where goes with --list")
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody sends where; None is anything."""

    channel: str | None = None
    market: str | None = None
    purpose: str | None = None
    industry: str | None = None

    def is_about(self, item: Rule) -> bool:
        """Whether a rule may apply to it."""
        law = item.provision
        return (
            _among(self.channel, item.channels)
            and _among(self.purpose, item.purposes)
            and (law is None or self.market is None or law.binds(self.market))
            and (law is None or not self.industry or law.is_about(self.industry))
        )


def _among(word: str | None, words: Sequence[str]) -> bool:
    return word is None or not words or word in words


def _market(word: str) -> str:
    market = word.upper()
    if len(market) != _MARKET_LETTERS or not market.isalpha() or market == "UK":
        raise click.UsageError(
            f"'{word}' is no market; write ISO 3166: CN, US, GB (not UK)"
        )
    return market


def _list(rules: Sequence[Rule]) -> str:
    lines = [
        f"{item.code:<12} {item.severity:<8} {item.name:<28} {item.page().title}"
        for item in rules
    ]
    law = sum(item.provision is not None for item in rules)
    noun = "rule" if len(rules) == 1 else "rules"
    lines.append(f"{len(rules)} {noun}, {law} of them with a law or a carrier behind")
    return "\n".join([*lines, NOT_ADVICE])


def _test(pack: str) -> int:
    """Run the examples of a pack; 0 where every rule does what they say."""
    from tempfile import TemporaryDirectory

    from copylab.lint.try_pack import try_rule

    rules = _rules_of(pack)
    failed = examples = 0
    with TemporaryDirectory() as folder:
        for item in rules:
            tried = try_rule(item, Path(folder) / item.name)
            examples += tried.examples
            failed += bool(tried.wrong)
            for reason in tried.wrong:
                click.echo(f"{item.code} {item.name}: {reason}")
    noun = "rule does" if failed == 1 else "rules do"
    said = (
        f"{failed} {noun} not do what the examples say" if failed else "all as they say"
    )
    noun = "rule" if len(rules) == 1 else "rules"
    click.echo(f"{len(rules)} {noun} of {pack}, {examples} examples: {said}")
    return 1 if failed else 0


def _rules_of(pack: str) -> list[Rule]:
    """The rules of a pack by its name or its path.

    Raises:
        UsageError: There is no such pack.
        DataError: What is wrong with a pack of one's own, the first of it.
    """
    from copylab.document import read_source
    from copylab.errors import DataError
    from copylab.lint.own_packs import read_pack
    from copylab.lint.pack import rule_packs
    from copylab.lint.rule import all_rules

    name = pack.replace("-", "_")
    if name in rule_packs():
        return [item for item in all_rules() if item.pack == name]
    path = Path(pack)
    if not path.is_file():
        known = ", ".join(each.replace("_", "-") for each in rule_packs())
        raise click.UsageError(
            f"there is no pack '{pack}'; it is a file, or of: {known}"
        )
    source, findings = read_source(path, pack)
    rules: list[Rule] = []
    if source is not None:
        rules, found = read_pack(source, all_rules())
        findings = [*findings, *found]
    wrong = [item for item in findings if item.severity == "error"]
    if wrong:
        first = wrong[0]
        raise DataError(first.message, file=pack, line=first.line, help=first.help)
    return rules


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
    if item.provision is not None:
        law = item.provision
        whom = (" ".join(law.markets) or "every market", " ".join(law.industries))
        where = " · ".join(part for part in (where, *whom) if part)
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
    lines += _paragraph("Fix", page.fix) if page.fix else []
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
