"""The ledger of looks: every look at an experiment, and what of alpha it spent.

``experiments/decisions/EXPERIMENT.looks.yaml`` is only ever added to. Each entry holds
the hash of the one before, and the experiment's own file names the last one, so an
entry that was lost, changed or merged twice is found out, not passed over.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from copylab.analysis.sequential.boundaries import FARTHEST
from copylab.analysis.sequential.plan import PastLook
from copylab.document import parse_document, read_source
from copylab.edit import set_key
from copylab.emit import Plain, write_item, write_scalar
from copylab.errors import DataError
from copylab.experiment.exposure import format_time
from copylab.source import read_bytes
from copylab.write import FileChange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from copylab.document import Node
    from copylab.experiment.model import Experiment
    from copylab.source import SourceFile

FOLDER = "experiments/decisions"
SUFFIX = ".looks.yaml"

_HEAD = (
    "# Every look at the experiment, and what it spent; written by copylab.\n"
    "# It is evidence: entries are added, never changed.\n"
)
_RESTORE = "restore the file from its history: git log -p -- {file}"
_MERGED = (
    "keep the entries of one side, the one that experiments/{name}.yaml names under "
    "ledger:, and take the other look again"
)
_SHORT = 16


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A look as the ledger keeps it.

    Attributes:
        epoch: The epoch of the experiment that was looked at.
        look: The look.
        rules: The rules of the plan it was taken by, for seeing whether they changed.
        hash: The hash of the entry.
    """

    epoch: int
    look: PastLook
    rules: Mapping[str, object]
    hash: str


def ledger_file(name: str) -> str:
    """The path of an experiment's ledger from the workspace's root."""
    return f"{FOLDER}/{name}{SUFFIX}"


def read_ledger(root: Path, experiment: Experiment) -> tuple[LedgerEntry, ...]:
    """All looks at an experiment, of all its epochs, oldest first.

    Args:
        root: The workspace's folder.
        experiment: The experiment.

    Raises:
        DataError: The ledger is missing, changed or merged; the message says where.
        UnreadableError: The file cannot be read.
    """
    file = ledger_file(experiment.name)
    path = root / file
    if not path.exists():
        if experiment.ledger is not None:
            raise DataError(
                f"the ledger is missing: {experiment.file} says that looks were taken",
                file=file,
                help=_RESTORE.format(file=file),
            )
        return ()
    source, findings = read_source(path, file)
    root_node: Node | None = None
    if source is not None:
        _refuse_conflict(source, experiment.name)
        root_node, wrong = parse_document(source)
        findings = [*findings, *wrong]
    if findings:
        first = findings[0]
        raise DataError(
            first.message, file=file, line=first.line, help=_RESTORE.format(file=file)
        )
    entries = _read_entries(root_node, file, experiment)
    _check_anchor(entries, file, experiment)
    return entries


def add_look(
    root: Path,
    experiment: Experiment,
    look: PastLook,
    *,
    rules: Mapping[str, Plain],
    spent_now: float,
) -> tuple[FileChange, FileChange]:
    """The changes that record a look: the ledger with one more entry, and its anchor.

    Args:
        root: The workspace's folder.
        experiment: The experiment.
        look: The look.
        rules: The rules of the plan.
        spent_now: The alpha that this look spends.

    Raises:
        DataError: The ledger there is not whole.
        CopylabError: The experiment's file cannot be edited.
    """
    entries = read_ledger(root, experiment)
    record = _record(experiment.epoch, look, rules, spent_now)
    record["previous"] = entries[-1].hash if entries else "none"
    digest = _hash(record)
    record["hash"] = digest
    file = ledger_file(experiment.name)
    path = root / file
    before = read_bytes(path, file) if path.exists() else None
    start = before
    if start is None:
        named = f"experiment: {write_scalar(experiment.name)}\nlooks:\n"
        start = (_HEAD + named).encode()
    body = "\n".join(write_item(record)) + "\n"
    joint = b"" if start.endswith(b"\n") else b"\n"
    anchor = f"{len(entries) + 1}-{digest[:_SHORT]}"
    return (
        FileChange(path, file, before, start + joint + body.encode()),
        _anchor_change(root, experiment, anchor),
    )


def _anchor_change(root: Path, experiment: Experiment, anchor: str) -> FileChange:
    file = experiment.file
    before = read_bytes(root / file, file)
    after = set_key(before, file, "ledger", anchor, after="plan")
    return FileChange(root / file, file, before, after)


def _record(
    epoch: int, look: PastLook, rules: Mapping[str, Plain], spent_now: float
) -> dict[str, Plain]:
    until = None if look.data_until is None else format_time(look.data_until)
    return {
        "epoch": epoch,
        "look": look.number,
        "at": format_time(look.at),
        "data_until": until,
        "units": look.units,
        "planned_units": look.planned_units,
        "information": _short(look.information),
        "last": look.is_last,
        "rules": dict(rules),
        "alpha_spent_now": _short(spent_now),
        "alpha_spent": _short(look.alpha_spent),
        "boundary": _short(look.boundary),
        "statistics": {
            arm: _short(max(min(z, FARTHEST), -FARTHEST))
            for arm, z in look.statistics.items()
        },
        "verdict": {"action": look.action, "arm": look.arm, "also": list(look.also)},
        "counts": look.counts,
    }


def _short(number: float) -> float:
    return float(f"{number:.8g}")


def _hash(record: Mapping[str, object]) -> str:
    """The hash of an entry's content, whatever way it is laid out."""
    kept = {key: value for key, value in record.items() if key != "hash"}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_conflict(source: SourceFile, name: str) -> None:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if line.startswith(("<<<<<<<", ">>>>>>>")):
            raise DataError(
                "holds the marks of a merge: two people have looked at the same time",
                file=source.name,
                line=number,
                help=_MERGED.format(name=name),
            )


def _read_entries(
    root: Node | None, file: str, experiment: Experiment
) -> tuple[LedgerEntry, ...]:
    """The entries, if the chain is whole."""
    looks = root.value.get("looks") if root and isinstance(root.value, dict) else None
    items = looks.node.value if looks is not None else None
    if not isinstance(items, tuple):
        raise DataError(
            "is no ledger of looks", file=file, help=_RESTORE.format(file=file)
        )
    entries: list[LedgerEntry] = []
    for node in items:
        entries.append(_read_entry(node, file, experiment, entries))
    return tuple(entries)


def _read_entry(
    node: Node, file: str, experiment: Experiment, before: Sequence[LedgerEntry]
) -> LedgerEntry:
    line = node.span.line
    plain = node.plain()
    record = plain if isinstance(plain, dict) else {}
    previous = before[-1].hash if before else "none"
    if record.get("hash") != _hash(record):
        raise DataError(
            f"entry {len(before) + 1} was changed after it was written",
            file=file,
            line=line,
            help=_RESTORE.format(file=file),
        )
    if record.get("previous") != previous:
        raise DataError(
            f"entry {len(before) + 1} does not follow the one before it: an entry was "
            "lost, or two ledgers were merged",
            file=file,
            line=line,
            help=_MERGED.format(name=experiment.name),
        )
    try:
        return _build(record)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"entry {len(before) + 1} is no look: {error}",
            file=file,
            line=line,
            help=_RESTORE.format(file=file),
        ) from None


def _build(record: dict[str, object]) -> LedgerEntry:
    verdict, statistics, rules = (
        _mapping(record[key]) for key in ("verdict", "statistics", "rules")
    )
    units, planned = int(str(record["units"])), int(str(record["planned_units"]))
    information = units / planned
    also = verdict["also"]
    until, arm = record["data_until"], verdict["arm"]
    look = PastLook(
        number=int(str(record["look"])),
        at=_time(record["at"]),
        units=units,
        planned_units=planned,
        information=information,
        time=1.0 if record["last"] else min(information, 1.0),
        alpha_spent=float(str(record["alpha_spent"])),
        boundary=float(str(record["boundary"])),
        counts=str(record["counts"]),
        action=str(verdict["action"]),
        arm=None if arm is None else str(arm),
        also=tuple(map(str, also)) if isinstance(also, list | tuple) else (),
        statistics={str(key): float(str(z)) for key, z in statistics.items()},
        data_until=None if until is None else _time(until),
    )
    return LedgerEntry(int(str(record["epoch"])), look, rules, str(record["hash"]))


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} must be a mapping")
    return value


def _time(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _check_anchor(
    entries: Sequence[LedgerEntry], file: str, experiment: Experiment
) -> None:
    """Pass if the ledger ends where the experiment's file says."""
    here = f"{len(entries)}-{entries[-1].hash[:_SHORT]}" if entries else None
    if here == experiment.ledger:
        return
    place = experiment.place_of.get("ledger")
    told = experiment.ledger or "none"
    raise DataError(
        f"the ledger ends with look {here or 'none'}, but {experiment.file} knows "
        f"{told}: one of the two was changed without the other",
        file=file,
        line=place.line if place and place.file == file else None,
        help="restore both files from the same point of their history",
    )
