"""Fingerprints: what a signature is about, so that nobody can mean another text."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from copylab.lint.pack import load_pack, pack_hash, rule_packs
from copylab.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from copylab.catalog import Catalog, Key
    from copylab.lint.rule import Rule


@dataclass(frozen=True, slots=True)
class PackPrint:
    """A pack of rules.

    Attributes:
        name: Its name, or its path in the workspace.
        rules: How many rules it has.
        as_of: The day when its sources were read; empty where it does not say.
        review_by: The day by which they are to be read again.
        is_due: Whether that day has passed.
        hash: The SHA-256 of its file.
    """

    name: str
    rules: int
    as_of: str
    review_by: str
    is_due: bool
    hash: str


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of a sheet.

    Attributes:
        texts: By text, the content hash that its exposures carry as ``template_hash``.
        files: By file, the SHA-256 of its content.
        packs: The packs of rules.
        rules: The SHA-256 over the version of copylab, the packs, and the settings that
            switch rules off or change their severity.
        version: The version of copylab.
        sheet: The SHA-256 over all of the above: what is signed.
    """

    texts: tuple[tuple[Key, str], ...]
    files: tuple[tuple[str, str], ...]
    packs: tuple[PackPrint, ...]
    rules: str
    version: str
    sheet: str

    @property
    def short(self) -> str:
        """The start of the sheet's hash, in groups that can be read aloud."""
        return " ".join(self.sheet[at : at + 4] for at in range(0, 16, 4))


def find_prints(
    catalog: Catalog,
    keys: Sequence[Key],
    files: Iterable[str],
    rules: Sequence[Rule],
    day: date,
) -> Prints:
    """The fingerprints of a message on a day.

    Args:
        catalog: The workspace's content.
        keys: Its texts.
        files: The files it is made of.
        rules: All rules of the workspace.
        day: The day on which packs are due to be read again, or not yet.
    """
    hashes = catalog.copy_hashes
    texts = tuple((key, hashes.get(key, "")) for key in keys)
    sources = tuple(
        (name, _hash(catalog.sources[name].text))
        for name in files
        if name in catalog.sources
    )
    packs = (*_own_packs(rules, day), *_team_packs(catalog, rules))
    settings = catalog.config.lint
    changed = sorted(settings.severities.items())
    changed += [
        pair for o in settings.overrides for pair in sorted(o.severities.items())
    ]
    ruleset = _hash(__version__, *(pack.hash for pack in packs), repr(changed))
    parts = [*map(repr, texts), *map(repr, sources), ruleset]
    return Prints(texts, sources, packs, ruleset, __version__, _hash(*parts))


def _hash(*parts: str) -> str:
    """The SHA-256 of several texts; of one, that of its UTF-8."""
    digest = sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        if len(parts) > 1:
            digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def _own_packs(rules: Sequence[Rule], day: date) -> Iterable[PackPrint]:
    for name in rule_packs():
        pack = load_pack(f"rules/{name}")
        due = str(pack.get("review_by") or "")
        yield PackPrint(
            name.replace("_", "-"),
            sum(rule.pack == name and not rule.origin for rule in rules),
            str(pack.get("as_of") or ""),
            due,
            bool(due) and due < day.isoformat(),
            pack_hash(f"rules/{name}"),
        )


def _team_packs(catalog: Catalog, rules: Sequence[Rule]) -> Iterable[PackPrint]:
    for path, _ in catalog.config.lint.packs:
        source = catalog.sources.get(path)
        if source is not None:
            own = sum(rule.origin == path for rule in rules)
            yield PackPrint(path, own, "", "", False, _hash(source.text))  # noqa: FBT003 - a record
