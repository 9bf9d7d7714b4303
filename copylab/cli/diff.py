"""``copylab diff``: how what people receive changes, branch by branch."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_root, workspace_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from copylab.catalog import Catalog
    from copylab.channels.sms import SmsLength
    from copylab.lint.changes import BranchChange, Change

_MOST_BRANCHES = 8
"""Pairs of texts shown for a variant; JSON has all of them."""
# A word of letters and digits, a run of blanks, or any other single character.
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+|[ \t]+|.", re.DOTALL)


@click.command()
@click.argument("revision")
@click.argument("messages", nargs=-1)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
)
@workspace_option
def diff(
    revision: str, messages: tuple[str, ...], format_name: str, workspace: str
) -> int:
    """Show how MESSAGES changed since a git REVISION, as people would receive them.

    For each branch the same values are rendered before and after. Without MESSAGES, all
    are compared; a name that ends in / stands for all below it.
    """
    from copylab.catalog import read_catalog
    from copylab.lint.changes import compare_catalogs
    from copylab.revision import checked_out

    root = find_root(workspace)
    after = read_catalog(root)
    with checked_out(root, revision) as folder:
        before = read_catalog(folder)
        _check_names(messages, before, after)
        changes = [
            change
            for change in compare_catalogs(before, after)
            if _is_wanted(change.key[0], messages)
        ]
    if format_name == "json":
        entries = [_to_json(change, before, after) for change in changes]
        click.echo(json.dumps({"version": 1, "changes": entries}, ensure_ascii=False))
        return 0
    printer = _as_markdown if format_name == "markdown" else _as_text
    click.echo("\n".join(printer(changes, before, after)))
    return 0


def _check_names(messages: Sequence[str], *catalogs: Catalog) -> None:
    known = {name for catalog in catalogs for name in catalog.messages}
    for name in messages:
        if not any(_is_wanted(item, (name,)) for item in known):
            from copylab.document import suggest

            hint = suggest(name, known) or "messages: " + ", ".join(sorted(known))
            raise click.UsageError(f"there is no message '{name}'; {hint}")


def _is_wanted(name: str, messages: Sequence[str]) -> bool:
    return not messages or any(
        name == item or (item.endswith("/") and name.startswith(item))
        for item in messages
    )


def _as_text(
    changes: Sequence[Change], before: Catalog, after: Catalog
) -> Iterator[str]:
    for change in changes:
        yield click.style(" · ".join(change.key), bold=True) + _kind(change)
        yield from (f"  {line}" for line in _measures(change, before, after))
        for branch in change.branches[:_MOST_BRANCHES]:
            yield f"  {_when(branch)}"
            yield from (f"    {line}" for line in _marked(branch))
        yield from (f"  {line}" for line in _left_out(change))
        yield ""
    yield _summary(changes)


def _as_markdown(
    changes: Sequence[Change], before: Catalog, after: Catalog
) -> Iterator[str]:
    yield "### Changed messages"
    yield ""
    for change in changes:
        yield f"**{_escaped(' · '.join(change.key))}**{_kind(change)}"
        yield ""
        yield from (f"- {line}" for line in _measures(change, before, after))
        yield ""
        yield "````diff"
        for branch in change.branches[:_MOST_BRANCHES]:
            yield _unfenced(f"@@ {_when(branch)} @@")
            yield from map(_unfenced, _lines("- ", branch.before))
            yield from map(_unfenced, _lines("+ ", branch.after))
        yield "````"
        yield from _left_out(change)
        yield ""
    yield _summary(changes)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text)


def _unfenced(line: str) -> str:
    """A line that cannot end the fence it stands in."""
    return line.replace("````", "```\u200b`")


def _kind(change: Change) -> str:
    return "" if change.kind == "changed" else f" ({change.kind})"


def _when(branch: BranchChange) -> str:
    """The field and the values for which it is shown."""
    choices = ", ".join(f"{name} = {value}" for name, value in branch.choices)
    return f"{branch.field}, for {choices}:" if choices else f"{branch.field}:"


def _measures(change: Change, before: Catalog, after: Catalog) -> Iterator[str]:
    """Parts, units and cost of the costliest message, before and after."""
    old, new = change.before, change.after
    if old is None and new is None:
        return
    parts = _arrow(_parts(old), _parts(new))
    units = _arrow(_units(old), _units(new))
    yield f"parts at worst: {parts} ({units} units)"
    cost = _arrow(_cost(change, before, old), _cost(change, after, new))
    if cost:
        yield f"cost at worst: {cost} a message"


def _arrow(old: str, new: str) -> str:
    if old == new:
        return old
    return f"{old or 'none'} → {new or 'none'}"


def _parts(length: SmsLength | None) -> str:
    return "" if length is None else str(length.segments_max)


def _units(length: SmsLength | None) -> str:
    return "" if length is None else f"{length.units} {length.encoding}"


def _cost(change: Change, catalog: Catalog, length: SmsLength | None) -> str:
    """The price of the costliest message on its dearest route, or an empty text.

    Currencies are not compared with each other: each has its own dearest route.
    """
    from copylab.channels.route import routes_of

    message = catalog.messages.get(change.key[0])
    if message is None or length is None:
        return ""
    dearest: dict[str, Decimal] = {}
    for route in routes_of(message, change.key[2]):
        price = route.price(length.product)
        if price is not None:
            known = dearest.get(price.currency, price.amount)
            dearest[price.currency] = max(known, price.amount)
    return " or ".join(
        f"{amount * length.segments_max} {currency}"
        for currency, amount in sorted(dearest.items())
    )


def _to_json(change: Change, before: Catalog, after: Catalog) -> dict[str, object]:
    cost = {
        "cost_before": _cost(change, before, change.before) or None,
        "cost_after": _cost(change, after, change.after) or None,
    }
    return {**change.to_dict(), **cost}


def _marked(branch: BranchChange) -> Iterator[str]:
    """The text before and after, what differs marked in colour."""
    if branch.before is None or branch.after is None:
        yield from _lines("- ", branch.before, "red")
        yield from _lines("+ ", branch.after, "green")
        return
    old, new = _WORD.findall(branch.before), _WORD.findall(branch.after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    blocks = matcher.get_opcodes()
    left = [("".join(old[a:b]), tag != "equal") for tag, a, b, _, _ in blocks]
    right = [("".join(new[c:d]), tag != "equal") for tag, _, _, c, d in blocks]
    yield from _coloured("- ", left, "red")
    yield from _coloured("+ ", right, "green")


def _coloured(
    mark: str, pieces: Iterable[tuple[str, bool]], colour: str
) -> Iterator[str]:
    lines = [""]
    for text, is_changed in pieces:
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append("")
            style = {"fg": colour, "bold": True} if is_changed else {"fg": colour}
            lines[-1] += click.style(part, **style) if part else ""
    yield from (click.style(mark, fg=colour) + line for line in lines)


def _lines(mark: str, text: str | None, colour: str | None = None) -> Iterator[str]:
    for line in [] if text is None else text.split("\n"):
        yield click.style(mark + line, fg=colour) if colour else mark + line


def _left_out(change: Change) -> Iterator[str]:
    more = len(change.branches) - _MOST_BRANCHES
    if more > 0:
        yield f"and {more} more branches; --format json has all of them"
    if not change.is_whole:
        yield "there are more branches than are compared; those shown are the first"
    if not change.branches:
        yield "the words are the same; what is allowed or how it is sent changed"


def _summary(changes: Sequence[Change]) -> str:
    if not changes:
        return "No message changes: everybody receives what they received."
    messages = len({change.key[0] for change in changes})
    texts = "1 text" if len(changes) == 1 else f"{len(changes)} texts"
    return f"{texts} of {messages} message{'s' if messages > 1 else ''} changed."
