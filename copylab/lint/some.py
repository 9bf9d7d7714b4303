"""Linting some messages: what their findings depend on is read, and no more.

The findings are those that a run over the whole workspace tells of the same files.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.catalog import TEMPLATES, read_part
from copylab.lint.baseline import read_baseline
from copylab.lint.engine import Asking, settle
from copylab.lint.layout_case import LayoutCases
from copylab.lint.linted import lint_message
from copylab.lint.plugins import is_foreign
from copylab.lint.ruleset import find_rules
from copylab.message.read import copy_key
from copylab.reading import Reading, Wanted, copies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from copylab.lint.linted import Linted
    from copylab.lint.report import Report
    from copylab.lint.rule import Rule


def lint_some(
    root: Path,
    paths: Sequence[str],
    choose: Callable[[Sequence[Rule]], Collection[str]],
    as_of: date,
) -> Report | None:
    """The report about some files of messages, or folders of them.

    Args:
        root: The workspace's folder.
        paths: The files or folders, from the root.
        choose: Says which of the rules run, by name; none is all.
        as_of: The day on which expiries are judged.

    Returns:
        The report, or None where all of the workspace has to be read for it.

    Raises:
        UnreadableError: A file cannot be read at all.
        DataError: The baseline is none.
    """
    found = [_messages_at(root, path) for path in paths]
    if not found or None in found:
        return None
    names = frozenset(name for each in found for name in each or ())
    wanted = Wanted(names, shared=False, channels=_channels_at(root, paths))
    catalog = read_part(root, wanted).catalog
    known, wrong = find_rules(catalog.config.lint, catalog.sources)
    if any(map(is_foreign, known)):
        return None
    select = choose(known)
    asking = Asking(
        known, select, catalog.config.lint, paths, read_baseline(root), as_of
    )
    rules, layouts = asking.rules, LayoutCases(catalog)
    linted = [
        lint_message(catalog, name, rules, layouts, paths) for name in catalog.messages
    ]
    others = _others(root, linted)
    if others:
        linted += _marks_of(root, others, rules)
    linted.sort(key=lambda each: each.message)
    read = (*catalog.findings, *wrong)
    return settle(asking, read, linted, (), catalog.sources, ())


def _messages_at(root: Path, path: str) -> set[str] | None:
    """The messages whose files a path leads to; None where it leads elsewhere, too."""
    top, *below = path.split("/")
    if top != TEMPLATES or not below or any(name[:1] in {".", "_"} for name in below):
        return None
    if not (root / path).is_dir():
        return {"/".join(below[:-1])}
    folders = Reading(root).walk(path)
    return {folder.removeprefix(f"{TEMPLATES}/") for folder, _ in folders}


def _channels_at(root: Path, paths: Sequence[str]) -> frozenset[str] | None:
    """The channels whose words the findings in some files depend on; None is all.

    What is found in a file of copy depends on no other channel's words, what is found
    in a message's own file on all.
    """
    channels = {_channel_of(root, path) for path in paths}
    return None if None in channels else frozenset(filter(None, channels))


def _channel_of(root: Path, path: str) -> str | None:
    key = None if (root / path).is_dir() else copy_key(path.rpartition("/")[2])
    return None if key is None else key[0]


def _others(root: Path, linted: Sequence[Linted]) -> frozenset[str]:
    """The messages before these that may share what they may not share."""
    own = {each.message for each in linted}
    last = max(own, default="")
    needles = {_needle(mark.key) for each in linted for mark in each.marks}
    if not needles:
        return frozenset()
    return frozenset(
        name
        for name, data in _copy_of_all(root)
        if name < last and name not in own and any(n in data for n in needles)
    )


def _needle(key: str) -> bytes:
    """What stands in the files of each message that has a mark: its longest line."""
    lines = key.partition("\n")[2].split("\n")
    return max(lines, key=len).encode("utf-8", "surrogatepass")


def _copy_of_all(root: Path) -> Iterator[tuple[str, bytes]]:
    """The copy of all messages, each file with the id of its message."""
    for folder, files in Reading(root).walk(TEMPLATES):
        for file in copies_of(files):
            path = root / folder / file
            if path.is_file():
                yield folder.removeprefix(TEMPLATES).lstrip("/"), path.read_bytes()


def _marks_of(
    root: Path, names: frozenset[str], rules: Sequence[Rule]
) -> Iterator[Linted]:
    """The marks of some messages, and nothing else about them."""
    catalog = read_part(root, Wanted(names, shared=False)).catalog
    marking = [rule for rule in rules if rule.marks is not None]
    layouts = LayoutCases(catalog)
    for name in catalog.messages:
        linted = lint_message(catalog, name, marking, layouts)
        yield replace(linted, files=(), findings=(), proofs=(), unread=())
