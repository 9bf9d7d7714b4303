"""Reading a workspace again and again: what did not change is not read anew."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from copylab.catalog import Part, arrange, read_part
from copylab.errors import CopylabError
from copylab.lint.engine import lint_catalog
from copylab.lint.entries import Entries
from copylab.lint.incremental import Rerun
from copylab.preview.shown import Shown, message_of
from copylab.reading import Wanted
from copylab.snapshot import Snapshot, take_snapshot
from copylab.version import __version__
from copylab.workspace import Workspace, hold_catalog

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from copylab.catalog import Faults
    from copylab.lint.report import Report

_MANY = 20
"""From so many changed messages on, everything is read: it costs no more."""


@dataclass(slots=True)
class Reader:
    """Reads a workspace, and remembers what it has read.

    Attributes:
        root: The workspace's folder.
        base: The revision that it is compared with; None is none.
        base_name: What that revision was called.
    """

    root: Path
    base: Workspace | None = None
    base_name: str = ""
    _snapshot: Snapshot | None = None
    _part: Part | None = None
    _shown: Shown | None = None
    _entries: Entries = field(default_factory=Entries)

    def read(self, at: datetime) -> Shown:
        """The workspace as it is now; the same object where nothing has changed.

        What cannot be read at all after it once could is told in ``problem``, beside
        the last state.

        Args:
            at: The moment of the look, in UTC.

        Raises:
            UnreadableError: It cannot be read, and never could.
        """
        try:
            return self._read(at)
        except CopylabError as error:
            if self._shown is None:
                raise
            # The next look reads everything, whatever it is that has changed.
            self._snapshot = self._part = None
            self._shown = replace(self._shown, problem=str(error), at=at)
            return self._shown

    def _read(self, at: datetime) -> Shown:
        snapshot = take_snapshot(self.root)
        changed = _changes(self._snapshot, snapshot)
        if changed == frozenset() and self._shown is not None:
            return self._shown
        part = self._read_part(snapshot, changed)
        workspace = hold_catalog(part.catalog)
        report = self._lint(snapshot, workspace, at)
        self._shown = Shown(
            root=self.root,
            workspace=workspace,
            report=report,
            at=at,
            last_good=self._last_good(part.faults),
            base=self.base,
            base_name=self.base_name,
        )
        self._snapshot, self._part = snapshot, part
        return self._shown

    def _read_part(
        self, snapshot: Snapshot | None, changed: frozenset[str] | None
    ) -> Part:
        """What there is now, from the files of messages that have changed."""
        names = None if changed is None else _messages_of(changed, self._part)
        if self._part is None or names is None:
            return read_part(self.root, snapshot=snapshot)
        wanted = Wanted(messages=names, shared=False)
        fresh = read_part(self.root, wanted, snapshot)
        if fresh.catalog.messages.keys() != names:
            return read_part(self.root, snapshot=snapshot)
        return _put_in(self._part, fresh, names)

    def _lint(
        self, snapshot: Snapshot | None, workspace: Workspace, at: datetime
    ) -> Report:
        if snapshot is None:
            return lint_catalog(workspace, as_of=at.date())
        # What is kept lives no longer than this process: the programs stay the same.
        return Rerun(
            self.root, snapshot, self._entries, __version__, lambda _: (), at.date(), 0
        ).run()

    def _last_good(self, faults: Mapping[str, Faults]) -> Mapping[str, Workspace]:
        """For each message that is broken now, where it last was whole."""
        before = self._shown
        if before is None:
            return MappingProxyType({})
        found: dict[str, Workspace] = {}
        for name, item in faults.items():
            if not _is_broken(item):
                continue
            if name in before.last_good:
                found[name] = before.last_good[name]
            elif self._part is not None and name in before.workspace.messages:
                old = self._part.faults.get(name)
                if old is not None and not _is_broken(old):
                    found[name] = before.workspace
        return MappingProxyType(found)


def _is_broken(faults: Faults) -> bool:
    """Whether a message's files cannot be read as they were meant."""
    return any(
        finding.severity == "error"
        for findings in (faults.files, faults.words)
        for finding in findings
    )


def _changes(old: Snapshot | None, new: Snapshot | None) -> frozenset[str] | None:
    """The files that differ; None where that cannot be said."""
    if old is None or new is None:
        return None
    names = old.digests.keys() | new.digests.keys()
    return frozenset(
        name for name in names if old.digests.get(name) != new.digests.get(name)
    )


def _messages_of(changed: Collection[str], part: Part | None) -> frozenset[str] | None:
    """The messages that own all changed files; None where others are among them."""
    if part is None:
        return None
    names = {message_of(name) for name in changed}
    known = part.catalog.messages.keys()
    if None in names or len(names) > _MANY or not names <= known:
        return None
    return frozenset(name for name in names if name is not None)


def _put_in(old: Part, fresh: Part, names: Collection[str]) -> Part:
    """The old content with some messages as they are now."""
    folders = tuple(f"templates/{name}/" for name in names)
    messages = {**old.catalog.messages, **fresh.catalog.messages}
    templates = {
        key: item for key, item in old.catalog.templates.items() if key[0] not in names
    }
    sources = {
        name: source
        for name, source in old.catalog.sources.items()
        if not name.startswith(folders)
        or name.rpartition("/")[0] not in {folder[:-1] for folder in folders}
    }
    faults = {**old.faults, **fresh.faults}
    catalog = replace(
        old.catalog,
        messages={name: messages[name] for name in sorted(messages, key=_order)},
        templates={**templates, **fresh.catalog.templates},
        sources={**sources, **fresh.catalog.sources},
        findings=arrange(old.shared, faults),
    )
    return Part(catalog, old.shared, faults)


def _order(name: str) -> list[str]:
    return name.split("/")
