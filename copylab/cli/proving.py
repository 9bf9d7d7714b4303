"""``copylab lint --prove``: a proof sheet, to read and to file."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import click

from copylab.cli.linting import select_rules
from copylab.cli.screen.box import wrap
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from copylab.cli.linting import Asked
    from copylab.lint.rule import Rule
    from copylab.lint.sheet import Branch, SheetEntry
    from copylab.workspace import Workspace

# Small letters with a hyphen, or a code: nobody writes such words into copy.
_RULE_LIKE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|[A-Z]{2,3}[0-9]{3}[A-Z]?")
_COLUMNS = 88
_INDENT = "     "


def prove(asked: Asked, wanted: str, format_name: str | None) -> int:
    """Print the proof sheet of each workspace; 1 where something is not proved.

    Args:
        asked: Where to look.
        wanted: A topic, a rule, or words that have to stand in every message.
        format_name: `json`, `markdown` or None for text.
    """
    from copylab.lint.sheet import make_sheet
    from copylab.workspace import open_workspace

    failed = False
    for root, inside in asked.roots().items():
        workspace = open_workspace(root)
        rules, phrase = _resolve(workspace, wanted)
        paths = () if "." in inside else tuple(inside)
        entries = list(make_sheet(workspace, rules, phrase=phrase, paths=paths))
        failed = failed or any(
            item.verdict in {"fails", "not read"} for item in entries
        )
        if format_name == "json":
            click.echo(json.dumps(_to_json(wanted, entries, asked), ensure_ascii=False))
            continue
        printer = _as_markdown if format_name == "markdown" else _as_text
        click.echo("\n".join(printer(wanted, rules, entries, asked, root)))
    return int(failed)


def _resolve(workspace: Workspace, wanted: str) -> tuple[list[Rule], str]:
    """The rules that are asked for, or the words."""
    from copylab.lint.rule import find_rule
    from copylab.lint.ruleset import find_rules
    from copylab.lint.sheet import TOPICS

    known, _ = find_rules(workspace.config.lint, workspace.sources)
    names = TOPICS.get(wanted)
    if names is not None:
        return [rule for rule in known if rule.name in names], ""
    words = " ".join(wanted.split())
    if not words:
        raise click.UsageError("--prove needs a topic, a rule or words")
    found = find_rule(words, known)
    if found is not None:
        return [found], ""
    if _RULE_LIKE.fullmatch(words):
        select_rules((words,), known)  # says what it could have meant
    return [], words


def _heading(wanted: str, asked: Asked, root: Path) -> list[str]:
    return [
        f"Proof sheet: {wanted}",
        f"{root.resolve().name} · {asked.as_of} · copylab {__version__}",
    ]


def _rule_lines(rules: Sequence[Rule], entries: Sequence[SheetEntry]) -> Iterator[str]:
    """The rules that some text was judged by, with their sources."""
    decided = {name for entry in entries for name in entry.rules}
    for rule in rules:
        if rule.name not in decided:
            continue
        page = rule.page()
        yield f"{rule.code} {rule.name}: {page.title}"
        yield f"  source: {page.source}"


def _summary(entries: Sequence[SheetEntry]) -> str:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.verdict] = counts.get(entry.verdict, 0) + 1
    listed = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return f"{len(entries)} texts: {listed}" if entries else "There are no texts."


def _as_text(
    wanted: str,
    rules: Sequence[Rule],
    entries: Sequence[SheetEntry],
    asked: Asked,
    root: Path,
) -> Iterator[str]:
    yield from _heading(wanted, asked, root)
    yield ""
    for line in _rule_lines(rules, entries):
        yield from wrap(line, _COLUMNS)
    if rules:
        yield ""
    for number, entry in enumerate(entries, start=1):
        yield click.style(f"{number}. {' · '.join(entry.key)}", bold=True)
        yield from _facts(entry, "   ")
        for title, branch in _titled(entry):
            yield f"   {title}"
            lines = wrap(branch.text or "no values were found that lead here", 80)
            yield from (f"{_INDENT}{line}" for line in lines)
        yield ""
    yield _summary(entries)


def _facts(entry: SheetEntry, indent: str) -> Iterator[str]:
    style = {"proved": "green", "fails": "red", "not read": "red"}.get(entry.verdict)
    verdict = click.style(entry.verdict.upper(), fg=style, bold=True)
    yield f"{indent}{verdict}: {entry.reason}"
    markets = ", ".join(entry.markets) or "no market named"
    yield f"{indent}{entry.purpose}, {markets}; {entry.file}"
    if entry.content_hash:
        yield f"{indent}content {entry.content_hash}"


def _titled(entry: SheetEntry) -> Iterator[tuple[str, Branch]]:
    """The branches, each with its number in its field, what leads there, what it has."""
    totals = Counter(branch.field for branch in entry.branches)
    seen: Counter[str] = Counter()
    for branch in entry.branches:
        seen[branch.field] += 1
        total = totals[branch.field] if entry.total else "many"
        title = branch.field
        if total != 1:
            title += f", branch {seen[branch.field]} of {total}"
        choices = ", ".join(f"{name} = {value}" for name, value in branch.choices)
        title += f" ({choices})" if choices else ""
        title += f", has '{branch.holds}'" if branch.holds else ""
        yield f"{title}:", branch


def _as_markdown(
    wanted: str,
    rules: Sequence[Rule],
    entries: Sequence[SheetEntry],
    asked: Asked,
    root: Path,
) -> Iterator[str]:
    title, facts = _heading(wanted, asked, root)
    yield f"# {_escape(title)}"
    yield ""
    yield _escape(facts)
    yield ""
    yield from (f"- {_escape(line.strip())}" for line in _rule_lines(rules, entries))
    for entry in entries:
        yield ""
        yield f"## {_escape(' · '.join(entry.key))}"
        yield ""
        yield from (f"- {_escape(line)}" for line in _facts(entry, ""))
        for title, branch in _titled(entry):
            yield ""
            yield _escape(title)
            yield ""
            lines = (branch.text or "no values were found that lead here").split("\n")
            yield from (f"    {line}" for line in lines)
    yield ""
    yield _escape(_summary(entries))


def _escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    plain = click.unstyle(text)
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|&" else c for c in plain)


def _to_json(
    wanted: str, entries: Sequence[SheetEntry], asked: Asked
) -> dict[str, object]:
    return {
        "version": 1,
        "subject": wanted,
        "as_of": asked.as_of.isoformat(),
        "copylab": __version__,
        "texts": [
            {
                "message": entry.key[0],
                "channel": entry.key[1],
                "locale": entry.key[2],
                "variant": entry.key[3],
                "file": entry.file,
                "purpose": entry.purpose,
                "markets": list(entry.markets),
                "content_hash": entry.content_hash,
                "verdict": entry.verdict,
                "reason": entry.reason,
                "rules": list(entry.rules),
                "branches_total": entry.total,
                "branches": [
                    {
                        "field": branch.field,
                        "choices": dict(branch.choices),
                        "text": branch.text,
                        "holds": branch.holds,
                    }
                    for branch in entry.branches
                ],
                "findings": [finding.to_dict() for finding in entry.findings],
            }
            for entry in entries
        ],
    }
