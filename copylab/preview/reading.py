"""Reading a workspace again and again: what did not change is not read anew."""

from __future__ import annotations

import stat
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from copylab.catalog import Part, arrange, read_part
from copylab.errors import CopylabError
from copylab.keeping import DAY_SECONDS, hash_programs, keep_entries, load_entries
from copylab.lint.engine import lint_catalog
from copylab.lint.incremental import Rerun
from copylab.lint.report import Report
from copylab.preview.shown import Shown, message_of
from copylab.reading import Wanted
from copylab.snapshot import FILES, FOLDERS, Snapshot, digest, take_snapshot
from copylab.source import MAX_FILE_BYTES
from copylab.version import __version__
from copylab.workspace import hold_catalog

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from copylab.catalog import Faults
    from copylab.findings import Finding
    from copylab.lint.entries import Entries
    from copylab.workspace import Workspace

_BELOW = tuple(f"{name}/" for name in FOLDERS)
_MANY = 20
"""From so many changed messages on, everything is read: it costs no more."""
_GAPS = frozenset(("missing-translation", "missing-variant"))
"""What is not written yet breaks nothing that is."""


@dataclass(slots=True)
class Reader:
    """Reads a workspace, and remembers what it has read.

    ``look`` is quick: it reads the files that have changed and checks their messages.
    ``check`` looks at everything that lint looks at. They may run at the same time, in
    two threads; each may run once at a time.

    Attributes:
        root: The workspace's folder.
        base: The revision that it is compared with; None is none.
        base_name: What that revision was called.
    """

    root: Path
    base: Workspace | None = None
    base_name: str = ""
    _seen: _Seen | None = None
    _entries: Entries | None = None
    _programs: str | None = None

    def read(self, at: datetime) -> Shown:
        """The workspace as it is now, checked; the same object if nothing has changed.

        Args:
            at: The moment of the look, in UTC.

        Raises:
            UnreadableError: It cannot be read, and never could.
        """
        shown = self.look(at)
        return shown if shown.is_checked else self.check(at)

    def look(self, at: datetime, names: Collection[str] | None = None) -> Shown:
        """The workspace as it is now; the same object if nothing has changed.

        What cannot be read at all after it once could is told in ``problem``, beside
        the last state.

        Args:
            at: The moment of the look, in UTC.
            names: The files that may have changed, from the root; None is any.

        Raises:
            UnreadableError: It cannot be read, and never could.
        """
        seen = self._seen
        try:
            fresh = self._look(at, names)
        except CopylabError as error:
            if seen is None:
                raise
            shown = replace(seen.shown, problem=str(error), at=at)
            # The next look reads everything, whatever it is that has changed.
            fresh = _Seen(None, None, shown)
        self._seen = fresh
        return fresh.shown

    def check(self, at: datetime) -> Shown:
        """The newest state with all that lint finds in it.

        Args:
            at: The moment of the look, in UTC.
        """
        seen = self._seen
        assert seen is not None, "one looks before one checks"
        if seen.part is None or seen.shown.is_checked:
            return seen.shown
        try:
            report = self._lint(seen, at)
        except CopylabError as error:
            shown = replace(seen.shown, problem=str(error), is_checked=True)
        else:
            shown = replace(seen.shown, report=report, is_checked=True)
        if seen is self._seen:
            self._seen = _Seen(seen.snapshot, seen.part, shown)
            return shown
        # There is something newer, which is checked next.
        return self._seen.shown if self._seen is not None else seen.shown

    def _look(self, at: datetime, names: Collection[str] | None) -> _Seen:
        seen = self._seen
        old = None if seen is None else seen.snapshot
        snapshot = _snapshot_again(self.root, old, names)
        changed = _changes(old, snapshot)
        if any(name.endswith(".yaml") for name in _outside(names, snapshot)):
            changed = None  # a rule pack may lie anywhere in the workspace
        if changed == frozenset() and seen is not None and not seen.shown.problem:
            return seen
        ids = (
            None
            if changed is None or seen is None
            else _messages_of(changed, seen.part)
        )
        part, fresh = self._read_part(seen, snapshot, ids)
        workspace = hold_catalog(part.catalog)
        shown = Shown(
            root=self.root,
            workspace=workspace,
            report=_report_so_far(seen, fresh, ids, workspace, at),
            at=at,
            last_good=_last_good(seen, part.faults),
            base=self.base,
            base_name=self.base_name,
            is_checked=False,
        )
        return _Seen(snapshot, part, shown)

    def _read_part(
        self,
        seen: _Seen | None,
        snapshot: Snapshot | None,
        ids: frozenset[str] | None,
    ) -> tuple[Part, Part | None]:
        """What there is now, and what of it was read anew; None is all of it."""
        if seen is not None and seen.part is not None and ids is not None:
            fresh = read_part(self.root, Wanted(messages=ids, shared=False), snapshot)
            if fresh.catalog.messages.keys() == ids:
                return _put_in(seen.part, fresh, ids), fresh
        return read_part(self.root, snapshot=snapshot), None

    def _lint(self, seen: _Seen, at: datetime) -> Report:
        """The findings of everything; what is known of unchanged files is kept."""
        if self._programs is None:
            self._programs = hash_programs() or __version__
        if seen.snapshot is None:
            return lint_catalog(seen.shown.workspace, as_of=at.date())
        if self._entries is None:
            self._entries = load_entries(self.root)
        report = Rerun(
            self.root,
            seen.snapshot,
            self._entries,
            self._programs,
            lambda _: (),
            at.date(),
            int(at.timestamp()) // DAY_SECONDS,
        ).run()
        keep_entries(self.root, self._entries, at.timestamp())
        self._entries.is_changed = False
        return report


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look has seen.

    Attributes:
        snapshot: The files; None where something about them is odd.
        part: What was read of them; None where they could not be.
        shown: What is shown of it.
    """

    snapshot: Snapshot | None
    part: Part | None
    shown: Shown


def _outside(names: Collection[str] | None, snapshot: Snapshot | None) -> Iterator[str]:
    """The files that changed and are no part of a snapshot."""
    for name in names or ():
        if not name.startswith(_BELOW) and name not in FILES and snapshot is not None:
            yield name


def _snapshot_again(
    root: Path, old: Snapshot | None, names: Collection[str] | None
) -> Snapshot | None:
    """The files as they are now, of which only some may have changed."""
    if old is None or names is None or not old.files.keys() >= set(names):
        return take_snapshot(root)
    files, digests = dict(old.files), dict(old.digests)
    for name in names:
        try:
            # Links, folders and giants are for the one that looks at everything.
            found = (root / name).lstat()
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_FILE_BYTES:
                return take_snapshot(root)
            files[name] = (root / name).read_bytes()
        except OSError:
            return take_snapshot(root)
        digests[name] = digest(files[name])
    return Snapshot(files, digests, old.folders)


def _report_so_far(
    seen: _Seen | None,
    fresh: Part | None,
    ids: frozenset[str] | None,
    workspace: Workspace,
    at: datetime,
) -> Report:
    """What is known before all is checked: the changed messages' findings are new."""
    if seen is None:
        return Report((), sources=workspace.sources)
    old = seen.shown.report
    if fresh is None or ids is None:
        return replace(old, sources=workspace.sources)
    new = lint_catalog(fresh.catalog, as_of=at.date())
    kept = [item for item in old.findings if message_of(item.file) not in ids]
    found = [item for item in new.findings if message_of(item.file) in ids]
    proofs = [item for item in old.proofs if item.message not in ids]
    return replace(
        old,
        findings=tuple(sorted([*kept, *found], key=_place)),
        proofs=(*proofs, *new.proofs),
        sources=workspace.sources,
    )


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.file or "", finding.line or 0, finding.column or 0


def _last_good(
    seen: _Seen | None, faults: Mapping[str, Faults]
) -> Mapping[str, Workspace]:
    """For each message that is broken now, where it last was whole."""
    if seen is None:
        return MappingProxyType({})
    found: dict[str, Workspace] = {}
    for name, item in faults.items():
        if not _is_broken(item):
            continue
        if name in seen.shown.last_good:
            found[name] = seen.shown.last_good[name]
        elif (
            seen.part is not None
            and name in seen.part.faults
            and not _is_broken(seen.part.faults[name])
        ):
            found[name] = seen.shown.workspace
    return MappingProxyType(found)


def _is_broken(faults: Faults) -> bool:
    """Whether a message's files cannot be read as they were meant."""
    return any(
        finding.severity == "error" and finding.rule not in _GAPS
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
