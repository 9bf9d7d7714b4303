"""Keeping what lint found, below a workspace: ``.copylab_cache``.

A cache that is broken, foreign or cannot be read is as good as none, and one that cannot
be written stays as it is: nothing is told of it, and the answer is always the same.
"""

from __future__ import annotations

import stat
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from copylab.lint.entries import Entries
    from copylab.lint.report import Report
    from copylab.lint.rule import Rule
    from copylab.snapshot import Snapshot

FOLDER = ".copylab_cache"
_ENTRIES = "entries.json"
_ANSWERS = "answer-"
_MAX_BYTES = 200_000_000
DAY_SECONDS = 86_400

_DAYS_KEPT = 30
_IGNORE = b"# made by copylab lint; it may be thrown away\n*\n"
_OTHER_LAYERS = (
    "analysis",
    "compose",
    "decision",
    "preview",
    "schema",
    "simulation",
    "starter",
)
"""Parts of copylab that find nothing in copy."""
_POINTS = b"copylab.rules"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a whole workspace.

    Attributes:
        select: The chosen rules, as the user wrote them.
        choose: Says which of the rules run, by name; none is all.
        as_of: The day on which expiries are judged.
    """

    select: tuple[str, ...]
    choose: Callable[[Sequence[Rule]], Collection[str]]
    as_of: date


def lint_kept(root: Path, question: Question, now_s: float) -> Report | None:
    """The report about a workspace, from the cache where it can be.

    Args:
        root: The workspace's folder.
        question: What is asked.
        now_s: The time, in seconds since 1970: what is old is thrown away.

    Returns:
        The report, or None where the workspace has something odd in it.
    """
    from copylab.lint.cache import hash_of, read_answer, snapshot_key
    from copylab.snapshot import take_snapshot

    snapshot = take_snapshot(root)
    programs = None if snapshot is None else hash_programs()
    if snapshot is None or programs is None:
        return None
    key = snapshot_key(programs, snapshot, question.select)
    name = f"{_ANSWERS}{hash_of(question.select)[:16]}.json"
    data = _load(root, name)
    if data is not None:
        answer = read_answer(data, key, snapshot, _pack_hasher(root))
        if answer is not None and answer.holds_on(question.as_of):
            return _with_sources(root, answer.report, answer.texts, snapshot)
    return _lint_again(root, question, snapshot, programs, name, now_s)


def _lint_again(
    root: Path,
    question: Question,
    snapshot: Snapshot,
    programs: str,
    name: str,
    now_s: float,
) -> Report:
    """The report, made anew of what changed, and kept."""
    from copylab.lint.cache import Answer, snapshot_key
    from copylab.lint.incremental import Rerun
    from copylab.lint.suppress import expiries

    entries = load_entries(root)
    today = int(now_s) // DAY_SECONDS
    run = Rerun(
        root, snapshot, entries, programs, question.choose, question.as_of, today
    )
    report = run.run()
    files = snapshot.files
    noted = (n for n in run.texts if n not in files or b"copylab" in files[n])
    days = {day.isoformat() for n in noted for day in expiries(report.sources[n])}
    days |= run.rule_days
    answer = Answer(
        snapshot_key(programs, snapshot, question.select),
        {pack: _pack_hasher(root)(pack) for pack in run.packs},
        question.as_of.isoformat(),
        tuple(sorted(days)),
        report,
        run.texts,
    )
    kept = {name: answer.to_bytes()}
    if entries.is_changed:
        kept[_ENTRIES] = entries.to_bytes(today)
    _save(root, kept, now_s)
    return report


def _with_sources(
    root: Path, report: Report, texts: Sequence[str], snapshot: Snapshot
) -> Report:
    """The report with its files, which are read when they are asked for."""
    from copylab.lint.cache import Sources
    from copylab.source import SourceFile

    others = {}
    for name in texts:
        if name not in snapshot.files:
            data = (root / name).read_bytes().removeprefix(b"\xef\xbb\xbf")
            others[name] = SourceFile(name, data.decode("utf-8", "replace"))
    return replace(report, sources=Sources(snapshot, texts, others))


def _pack_hasher(root: Path) -> Callable[[str], str | None]:
    """Says the hash of a rule pack, or None where it is none to be read."""
    from copylab.snapshot import digest

    def hash_pack(name: str) -> str | None:
        try:
            return digest((root / name).read_bytes()).hex()
        except OSError:
            return None

    return hash_pack


def hash_programs() -> str | None:
    """The hash of all programs that decide what is found; None where it is not known.

    That is copylab's own code and tables, the installed packages by name and version,
    rules of other packages by their code, and Python with its tables of characters.
    """
    import unicodedata

    import copylab
    from copylab.lint.cache import hash_of
    from copylab.snapshot import hash_folder

    endings = (".py", ".yaml", ".json", ".txt")
    try:
        own = hash_folder(str(Path(copylab.__file__).parent), endings, _OTHER_LAYERS)
        installed = list(_installed())
    except (OSError, ValueError, TypeError):
        return None
    return hash_of([own, sys.version, unicodedata.unidata_version, *installed])


def _installed() -> Iterator[str]:
    """The installed packages; for those that bring rules, what they hold."""
    for place in sys.path:
        try:
            names = sorted(path.name for path in Path(place or ".").iterdir())
        except OSError:
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            yield name
            with suppress(OSError):
                points = Path(place, name, "entry_points.txt").read_bytes()
                if _POINTS in points:
                    yield points.decode("utf-8", "replace")
                    yield from _code_of(points)


def _code_of(points: bytes) -> Iterator[str]:
    """The hash of each package that entry points name."""
    from importlib.util import find_spec

    from copylab.snapshot import digest, hash_folder

    for line in points.decode("utf-8", "replace").splitlines():
        _, is_point, target = line.partition("=")
        if not is_point:
            continue
        spec = find_spec(target.partition(":")[0].strip().partition(".")[0])
        for folder in (spec and spec.submodule_search_locations) or ():
            yield hash_folder(folder, ("",), ())
        if spec is not None and spec.origin and spec.has_location:
            yield digest(Path(spec.origin).read_bytes()).hex()


def _load(root: Path, name: str) -> bytes | None:
    """The content of a file of the cache; None where it is no ordinary file."""
    folder = root / FOLDER
    try:
        if folder.is_symlink():
            return None
        found = (folder / name).lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _MAX_BYTES:
            return None
        return (folder / name).read_bytes()
    except OSError:
        return None


def load_entries(root: Path) -> Entries:
    """What earlier runs kept of each message; nothing where they kept nothing."""
    from copylab.lint.entries import Entries, read_entries

    data = _load(root, _ENTRIES)
    return Entries() if data is None else read_entries(data)


def keep_entries(root: Path, entries: Entries, now_s: float) -> None:
    """Keep what is known of each message, if there is something new.

    Args:
        root: The workspace's folder.
        entries: What is known.
        now_s: The time, in seconds since 1970.
    """
    if entries.is_changed:
        data = entries.to_bytes(int(now_s) // DAY_SECONDS)
        _save(root, {_ENTRIES: data}, now_s)


def _save(root: Path, files: dict[str, bytes], now_s: float) -> None:
    """Write files of the cache, and throw away what was not used for long."""
    from copylab.write import replace_quietly

    folder = root / FOLDER
    try:
        if folder.is_symlink():
            return
        folder.mkdir(exist_ok=True)
        if not (folder / ".gitignore").exists():
            replace_quietly(folder / ".gitignore", _IGNORE)
        old = now_s - _DAYS_KEPT * DAY_SECONDS
        for path in folder.glob(f"{_ANSWERS}*.json"):
            if path.lstat().st_mtime < old:
                path.unlink(missing_ok=True)
    except OSError:
        return
    for name, data in files.items():
        replace_quietly(folder / name, data)
