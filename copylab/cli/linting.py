"""Linting workspaces: which ones, which files of them, and which rules."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copylab.cli.places import find_root

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from copylab.lint.report import Report
    from copylab.lint.rule import Rule
    from copylab.workspace import Workspace

_GARBAGE_AFTER = 50_000
"""How many new objects let Python look for garbage; its own number is 700."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be linted.

    Attributes:
        paths: Files or folders, as the user wrote them; empty is the workspace.
        select: Names or codes of the rules, as the user wrote them; empty is all.
        as_of: The day on which expiries are judged.
        audience_size: The people whose messages are to be priced, or None.
        changed: The revision against which files must differ, or None.
        is_cached: Whether what is known from an earlier run may be told again.
    """

    paths: tuple[str, ...]
    select: tuple[str, ...]
    as_of: date
    audience_size: int | None = None
    changed: str | None = None
    is_cached: bool = True

    def choose(self, rules: Iterable[Rule]) -> tuple[str, ...]:
        """The names of the chosen rules; none is all."""
        return select_rules(self.select, rules)

    def roots(self) -> dict[Path, list[str]]:
        """The workspaces that the paths lie in, and the paths from their roots."""
        by_root: dict[Path, list[str]] = {}
        for path in self.paths or (".",):
            root = find_root(path)
            inside = Path(path).resolve().relative_to(root.resolve()).as_posix()
            # The default means the whole workspace, from wherever in it one stands.
            by_root.setdefault(root, []).append(inside if self.paths else ".")
        return by_root


def lint_paths(asked: Asked) -> list[tuple[Path, Report]]:
    """One report a workspace that the paths lie in."""
    # What lint makes lives until it ends: looking for garbage would find none of it,
    # and takes a fifth of the time.
    gc.set_threshold(_GARBAGE_AFTER)
    return [
        (root, lint_root(root, inside, asked)) for root, inside in asked.roots().items()
    ]


def lint_root(root: Path, inside: list[str], asked: Asked) -> Report:
    """The report about a workspace, or some paths in it."""
    report = _short_cut(root, inside, asked)
    return _lint_all(root, inside, asked) if report is None else report


def _short_cut(root: Path, inside: list[str], asked: Asked) -> Report | None:
    """The report by reading a part of the workspace, or none of it; None for neither."""
    if asked.audience_size is not None or asked.changed is not None:
        return None
    if "." not in inside:
        from copylab.lint.some import lint_some

        return lint_some(root, inside, asked.choose, asked.as_of)
    if not asked.is_cached:
        return None
    from copylab.keeping import Question, lint_kept

    question = Question(asked.select, asked.choose, asked.as_of)
    return lint_kept(root, question, time.time())


def _lint_all(root: Path, inside: list[str], asked: Asked) -> Report:
    """The report by reading all of the workspace."""
    from copylab.lint.engine import lint_catalog
    from copylab.lint.ruleset import find_rules
    from copylab.workspace import open_workspace

    workspace = open_workspace(root)
    rules, _ = find_rules(workspace.config.lint, workspace.sources)
    chosen = select_rules(asked.select, rules)
    wanted: tuple[str, ...] = () if "." in inside else tuple(inside)
    if asked.changed is not None:
        touched = _touched(workspace, root, asked.changed, wanted)
        if not touched:
            from copylab.lint.report import Report

            return Report((), rules=len(chosen) or len(rules))
        wanted = () if "." in touched else touched
    report = lint_catalog(workspace, paths=wanted, select=chosen, as_of=asked.as_of)
    if asked.audience_size is None:
        return report
    from copylab.lint.cost import cost_catalog

    costs = cost_catalog(workspace, asked.audience_size, wanted)
    return replace(report, costs=costs)


def _touched(
    workspace: Workspace, root: Path, revision: str, wanted: tuple[str, ...]
) -> tuple[str, ...]:
    """The files that a change since a revision touches, among the wanted ones."""
    from copylab.lint.affected import affected_files
    from copylab.revision import changed_files

    touched = affected_files(workspace, changed_files(root, revision))
    if touched is None:
        return wanted or (".",)
    return tuple(
        name
        for name in touched
        if not wanted or any(name == p or name.startswith(f"{p}/") for p in wanted)
    )


def select_rules(select: tuple[str, ...], rules: Iterable[Rule]) -> tuple[str, ...]:
    """The names of the chosen rules, each of which must be one."""
    from copylab.lint.rule import find_rule

    known = tuple(rules)
    names = []
    for word in (part.strip() for item in select for part in item.split(",")):
        rule = find_rule(word, known)
        if rule is None:
            from copylab.document import suggest

            hint = suggest(word, [rule.name for rule in known])
            raise click.UsageError(f"there is no rule '{word}' {hint}".strip())
        names.append(rule.name)
    return tuple(names)
