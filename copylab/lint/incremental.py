"""Linting again after a change: what is known of the unchanged messages is kept.

The answer is the same as that of a run that looks at everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copylab.catalog import EXPERIMENTS, TEMPLATES, arrange, read_part, read_settings
from copylab.config import CONFIG_NAME
from copylab.lint.baseline import BASELINE_NAME, from_json
from copylab.lint.cache import Sources, hash_of
from copylab.lint.encoding import EncodingError
from copylab.lint.engine import Asking, lint_catalog, lint_experiments, settle
from copylab.lint.entries import (
    MessageEntry,
    SharedEntry,
    decode_message,
    decode_shared,
    encode_message,
    encode_shared,
)
from copylab.lint.layout_case import LayoutCases
from copylab.lint.linted import lint_message
from copylab.lint.plugins import is_foreign
from copylab.lint.ruleset import find_rules
from copylab.reading import MESSAGE_NAME, Reading, Wanted, copies_of, files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from copylab.catalog import Catalog, Part
    from copylab.lint.entries import Entries
    from copylab.lint.report import Report
    from copylab.lint.rule import Rule
    from copylab.snapshot import Snapshot
    from copylab.source import SourceFile

_SHARED = "/"
"""The name of what is outside of messages; no message is called so."""
_EVERYTHING = "*"
"""Stands for all partials and layouts, among what an entry used."""
_PARTIALS, _LAYOUTS = f"{TEMPLATES}/_partials/", f"{TEMPLATES}/_layouts/"
_LAYOUT_KINDS = ("mjml", "html", "txt")
_MESSAGE_OF = re.compile(rb"^message:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_GONE = ""


@dataclass(slots=True)
class Rerun:
    """A run over a snapshot that looks at what changed.

    Attributes:
        root: The workspace's folder.
        snapshot: Its files.
        entries: What is kept; it is brought up to date.
        environment: The hash of the programs that find what is found.
        choose: Says which of the rules run, by name; none is all.
        as_of: The day on which expiries are judged.
        today: The day, as a number, on which entries are used.
        packs: The rule packs, once it ran: by path the file, or None where it is none.
        texts: The names of the files that are texts, once it ran.
        rule_days: The days after which other rules are in force, once it ran.
    """

    root: Path
    snapshot: Snapshot
    entries: Entries
    environment: str
    choose: Callable[[Sequence[Rule]], Collection[str]]
    as_of: date
    today: int
    packs: dict[str, SourceFile | None] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    rule_days: frozenset[str] = frozenset()
    _base: str = ""

    def run(self) -> Report:
        """The report about the whole workspace.

        Raises:
            UnreadableError: It cannot be read at all.
            DataError: Its baseline is none.
        """
        reading = Reading(self.root, self.snapshot)
        settings = read_settings(reading).lint
        self.packs = {name: reading.sources.get(name) for name, _ in settings.packs}
        known, _ = find_rules(settings, reading.sources)
        self.rule_days = _days_of(known)
        select = self.choose(known)
        data = self.snapshot.files.get(BASELINE_NAME)
        baseline = () if data is None else from_json(data, BASELINE_NAME)
        if any(map(is_foreign, known)):
            catalog = read_part(self.root, snapshot=self.snapshot).catalog
            self.texts = tuple(catalog.sources)
            return lint_catalog(
                catalog, select=select, baseline=baseline, as_of=self.as_of
            )
        asking = Asking(known, select, settings, (), baseline, self.as_of)
        self._base = self._hash_base(select, known)
        messages, shared = self._find(asking.rules)
        texts = [name for each in messages.values() for name in each.sources]
        sources = Sources(self.snapshot, [*shared.sources, *texts], reading.sources)
        self.texts = tuple(sources)
        _, wrong = find_rules(settings, sources)
        faults = {name: each.faults for name, each in messages.items()}
        linted = [messages[name].linted for name in sorted(messages)]
        return settle(
            asking,
            (*arrange(shared.faults, faults), *wrong),
            [each for each in linted if each is not None],
            shared.findings,
            sources,
            shared.experiments,
            sources.noted(),
        )

    def _hash_base(self, select: Collection[str], known: Sequence[Rule]) -> str:
        """The hash of what every entry depends on."""
        parts = [self.environment, *sorted(select), ""]
        for name, source in sorted(self.packs.items()):
            parts += [name, "" if source is None else f"+{source.text}"]
        parts += [rule.code for rule in known if not rule.is_in_force(self.as_of)]
        return hash_of([*parts, self.snapshot.digests.get(CONFIG_NAME, b"")])

    def _find(self, rules: list[Rule]) -> tuple[dict[str, MessageEntry], SharedEntry]:
        """What is known of each message and outside, looked at where it is not kept."""
        folders = dict(self._message_folders())
        kept: dict[str, MessageEntry] = {}
        for name, key in folders.items():
            entry = self._kept_message(name, key)
            if entry is not None:
                kept[name] = entry
        missing = folders.keys() - kept.keys()
        shared_key = hash_of(self._shared_parts(folders))
        shared = self._kept_shared(shared_key)
        if missing or shared is None:
            part = self._read(missing, needs_shared=shared is None)
            if shared is None:
                shared = self._look_outside(part, rules, shared_key)
            layouts = LayoutCases(part.catalog)
            for name in sorted(missing):
                kept[name] = self._look(part, name, rules, layouts, folders[name])
        return kept, shared

    def _message_folders(self) -> Iterator[tuple[str, str]]:
        """The folders that may hold a message, each with the hash of its files."""
        for folder, (inner, files) in self.snapshot.folders.items():
            top, *below = folder.split("/")
            if top != TEMPLATES or any(name[0] in "._" for name in below):
                continue
            names = files_of(inner, files)
            used = [*copies_of(names), *(n for n in names if n == MESSAGE_NAME)]
            if not used:
                continue
            parts: list[str | bytes] = [self._base, folder]
            for name in used:
                path = f"{folder}/{name}"
                parts += [name, self.snapshot.digests.get(path, b"")]
            yield "/".join(below), hash_of(parts)

    def _shared_parts(self, folders: Mapping[str, str]) -> Iterator[str | bytes]:
        """What is outside of messages, and which messages there are."""
        yield self._base
        yield from sorted(folders)
        for name in sorted(self.snapshot.digests):
            folder = name.rpartition("/")[0]
            if not folder or _id_of(folder) in folders:
                continue
            yield name
            yield self.snapshot.digests[name]
        for name in sorted(self.snapshot.folders):
            yield from ("", name)

    def _kept_message(self, name: str, key: str) -> MessageEntry | None:
        found = self.entries.find(name, key, self.today, self._hash_used)
        if found is None:
            return None
        try:
            return decode_message(found, self.snapshot.files)
        except EncodingError:
            return None

    def _kept_shared(self, key: str) -> SharedEntry | None:
        found = self.entries.find(_SHARED, key, self.today, self._hash_used)
        if found is None:
            return None
        try:
            return decode_shared(found, self.snapshot.files)
        except EncodingError:
            return None

    def _hash_used(self, name: str) -> str:
        """The hash of something that an entry used, as it is now."""
        files = self.snapshot.digests
        if name == _EVERYTHING:
            below = (_PARTIALS, _LAYOUTS)
            found = sorted(n for n in files if n.startswith(below))
            return hash_of(part for n in found for part in (n, files[n]))
        if name.endswith("/"):
            own = sorted(n for n in files if n.rpartition("/")[0] == name[:-1])
            return hash_of(part for n in own for part in (n, files[n]))
        return files[name].hex() if name in files else _GONE

    def _read(self, missing: Collection[str], *, needs_shared: bool) -> Part:
        """What has to be looked at, and what experiments are about."""
        if not needs_shared:
            return read_part(
                self.root, Wanted(frozenset(missing), shared=False), self.snapshot
            )
        named = set()
        for name, data in self.snapshot.files.items():
            if name.startswith(f"{EXPERIMENTS}/"):
                named |= {
                    m.decode("utf-8", "replace") for m in _MESSAGE_OF.findall(data)
                }
        there = {
            name for name in named if f"{TEMPLATES}/{name}" in self.snapshot.folders
        }
        wanted = Wanted(frozenset({*missing, *there}))
        part = read_part(self.root, wanted, self.snapshot)
        about = {item.message for item in part.catalog.experiments.values()}
        if about <= part.catalog.messages.keys():
            return part
        # What is said of a message that is not there names those that are.
        return read_part(self.root, snapshot=self.snapshot)

    def _look(
        self, part: Part, name: str, rules: list[Rule], layouts: LayoutCases, key: str
    ) -> MessageEntry:
        """What is found in a folder of messages, and kept."""
        catalog = part.catalog
        folder = f"{TEMPLATES}/{name}".rstrip("/")
        names = (f"{folder}/{file}" for file in self.snapshot.folders[folder][1])
        own = [file for file in names if file in catalog.sources]
        linted = None
        if name in catalog.messages:
            linted = lint_message(catalog, name, rules, layouts)
        entry = MessageEntry(part.faults[name], linted, tuple(own))
        used = {other: self._hash_used(other) for other in _used_by(catalog, name)}
        self.entries.keep(name, key, self.today, used, encode_message(entry))
        return entry

    def _look_outside(self, part: Part, rules: list[Rule], key: str) -> SharedEntry:
        """What is found outside of messages, and kept."""
        catalog = part.catalog
        experiments = catalog.experiments.values()
        own = [
            name
            for name in catalog.sources
            if _id_of(name.rpartition("/")[0]) not in part.faults
            and name in self.snapshot.files
        ]
        entry = SharedEntry(
            part.shared,
            lint_experiments(catalog, rules),
            tuple(item.file for item in experiments),
            tuple(own),
        )
        folders = {f"{TEMPLATES}/{item.message}/" for item in experiments}
        if not all(item.message in catalog.messages for item in experiments):
            # What is said of a message that is not there names those that can be read.
            folders |= {f"{TEMPLATES}/{name}/" for name in part.faults}
        used = {name: self._hash_used(name) for name in (*folders, _EVERYTHING)}
        self.entries.keep(_SHARED, key, self.today, used, encode_shared(entry))
        return entry


def _id_of(folder: str) -> str | None:
    """The id of the message that would lie in a folder; None for other folders."""
    top, *below = folder.split("/")
    if top != TEMPLATES or any(name[0] in "._" for name in below):
        return None
    return "/".join(below)


def _used_by(catalog: Catalog, name: str) -> set[str]:
    """The partials and layouts that the findings about a message depend on."""
    message = catalog.messages.get(name)
    if message is None:
        return set()
    used: set[str] = set()
    for (channel, locale), copy in message.copies.items():
        for variant in copy.variants:
            for item in catalog.templates[name, channel, locale, variant].values():
                if not item.lowered.is_whole or item.lowered.findings:
                    return {_EVERYTHING}
                used |= {_PARTIALS + each for each in item.lowered.includes}
    if "email" in message.channels:
        layout = message.email.get("layout", "")
        used |= {f"{_LAYOUTS}{layout}.{kind}" for kind in _LAYOUT_KINDS}
    return used


def _days_of(rules: Sequence[Rule]) -> frozenset[str]:
    """The days after which some rule is in force or is none, or is to be read again."""
    provisions = (rule.provision for rule in rules if rule.provision is not None)
    return frozenset(day.isoformat() for each in provisions for day in each.days)
