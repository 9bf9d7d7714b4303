"""Taking up what dead writers left: their journals become finished files, once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from copylab.errors import UnreadableError
from copylab.experiment.log.finish import CANNOT, finish_journal, say
from copylab.experiment.log.journal import adopt_journal, is_live, journal_paths


@dataclass(frozen=True, slots=True)
class Recovered:
    """A journal of a dead process, and what became of it.

    Attributes:
        journal: What it was called.
        file: The name of the finished file; None where the journal held no row.
        rows: How many rows it holds.
        broken: The name of a file with lines that could not be read, or None.
    """

    journal: str
    file: str | None
    rows: int
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class LeftJournal:
    """A journal in a folder, whose rows are in no finished file yet.

    Attributes:
        path: Where it lies.
        is_live: Whether its writer lives.
        rows: How many whole rows are in it now.
    """

    path: Path
    is_live: bool
    rows: int


def recover_exposures(folder: Path | str) -> tuple[Recovered, ...]:
    """What was taken up: the journals of dead processes, now finished files.

    Any number of processes may do this at once, beside living writers: each journal is
    taken up by one of them, and none whose writer lives.

    Raises:
        UnreadableError: The folder or a journal cannot be read or finished; it stays.
    """
    place = Path(folder)
    if not place.is_dir():
        raise UnreadableError("is not a folder", file=str(folder))
    found = []
    for path in journal_paths(place):
        try:
            done = _take_up(path)
        except CANNOT as error:
            raise UnreadableError(
                f"cannot be finished: {say(error)}",
                file=str(path),
                help="its rows are still there; free space, or mend what is wrong, "
                "and open the log again",
            ) from None
        if done is not None:
            found.append(done)
    return tuple(found)


def _take_up(path: Path) -> Recovered | None:
    journal = adopt_journal(path)
    if journal is None:
        return None
    try:
        done = finish_journal(journal, doubt=True)
    finally:
        journal.close()
    return Recovered(
        path.name,
        None if done.path is None else done.path.name,
        done.rows,
        None if done.broken is None else done.broken.name,
    )


def list_journals(folder: Path | str) -> tuple[LeftJournal, ...]:
    """The journals in a folder; readers of finished files do not see their rows.

    Raises:
        UnreadableError: One cannot be read.
    """
    found = []
    for path in journal_paths(Path(folder)):
        try:
            live = is_live(path)
            rows = path.read_bytes().count(b"\n")
        except FileNotFoundError:  # finished in the meantime
            continue
        except OSError as error:
            reason = error.strerror or "the system refused"
            raise UnreadableError(f"cannot be read: {reason}", file=str(path)) from None
        found.append(LeftJournal(path, live, rows))
    return tuple(found)
