"""``ExposureLog``: where a sending service puts its exposures."""

from __future__ import annotations

import json
import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self, get_args
from weakref import WeakSet

from copylab.errors import UnreadableError
from copylab.experiment.log.assignments import AssignmentLog
from copylab.experiment.log.finish import (
    CANNOT,
    Finished,
    finish_journal,
    say,
    sync_folder,
)
from copylab.experiment.log.journal import LogFormat, create_journal
from copylab.experiment.log.line import LineEncoder, name_row
from copylab.experiment.log.recover import recover_exposures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from copylab.experiment.exposure import Exposure
    from copylab.experiment.log.journal import Journal

ROLL_ROWS = 100_000
ROLL_BYTES = 64 * 2**20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NAME_SIGNS = "letters, digits, dots, dashes and underscores, at most 100"


class ExposureLog:
    """A folder of exposures that this process appends to; a context manager.

    A row is *written* when the call that took it has returned: it is with the system
    then, and stays whatever becomes of this process. ``sync`` has it on the disk, so
    that it outlives a loss of power too. With ``buffer_rows`` above 1, rows are handed
    over that many at once, and are written when ``flush`` has returned.

    Rows are in a journal at first. It becomes a finished file, ``.parquet`` or
    ``.jsonl``, when it is full or the log is closed. Readers take finished files only.
    Threads may share a log; each process, a forked child among them, gets journals of
    its own in the same folder. Works where files can be locked with ``flock``.

    Args:
        folder: Where the files go; made if it is not there.
        format: What finished files are.
        name: What their names begin with. Where files of several machines are gathered
            in one place, give each machine its own.
        buffer_rows: How many rows may wait in memory; 1 lets none wait.
        roll_rows: A journal with so many rows is full.
        roll_bytes: A journal with so many bytes is full.
        recover: Whether journals of processes that died are finished first.

    Attributes:
        folder: Where the files go.
        recovered: What was finished of dead processes when the log was opened.

    Raises:
        ValueError: An argument is not what it must be.
        UnreadableError: The folder cannot be written to, or a journal not be finished.

    Example:
        >>> with ExposureLog("data/exposures") as log:  # doctest: +SKIP
        ...     log.append(composed.exposure)
    """

    def __init__(
        self,
        folder: Path | str,
        format: LogFormat = "parquet",  # noqa: A002 - the word users read
        *,
        name: str = "exposures",
        buffer_rows: int = 1,
        roll_rows: int = ROLL_ROWS,
        roll_bytes: int = ROLL_BYTES,
        recover: bool = True,
    ) -> None:
        _check(format, name, buffer_rows, roll_rows, roll_bytes)
        self.folder = Path(folder)
        _prepare_folder(self.folder)
        self.recovered = recover_exposures(self.folder) if recover else ()
        self._form = format
        self._name = name
        self._buffer_rows = buffer_rows
        self._roll_rows = roll_rows
        self._roll_bytes = roll_bytes
        self._encoder = LineEncoder()
        self._limit = buffer_rows
        self._closed = False
        self._begin()
        _LOGS.add(self)

    def _begin(self) -> None:
        """Start without rows, files and holders of the lock."""
        self._lock = threading.Lock()
        self._buffer: list[bytes] = []
        self._journal: Journal | None = None
        self._full: list[Journal] = []
        self._written = 0

    @property
    def written(self) -> int:
        """How many rows this process has written here."""
        return self._written

    @property
    def waiting(self) -> int:
        """How many rows wait in memory."""
        return len(self._buffer)

    @property
    def unfinished(self) -> tuple[Path, ...]:
        """The journals whose rows no reader sees yet, the present one last."""
        with self._lock:
            own = [*self._full, *([self._journal] if self._journal else [])]
        return tuple(journal.path for journal in own)

    def append(self, exposure: Exposure) -> None:
        """Take a row; an append that raises has not taken it.

        Raises:
            DataError: A value is not of its column's type; the message names the row.
            UnreadableError: It cannot be written, as on a full disk; the message names
                the row. Nothing that was written before is lost.
            TypeError: It is no exposure.
            ValueError: The log is closed.
        """
        self.take_line(self._encoder.encode(exposure))

    def take_line(self, line: bytes) -> None:
        """As ``append``, for a row that is a line of the log already.

        Without the lock: a list's own calls are whole, and what is written is cut off
        its front. Whoever fills the buffer writes for all who wait.
        """
        self._buffer.append(line)
        if len(self._buffer) >= self._limit:
            self._write_out(line)

    def bind(
        self,
        like: Exposure,
        *,
        hashes: Mapping[str, str] | None = None,
        layer_salt: str | None = None,
    ) -> AssignmentLog:
        """What takes the assignments of one experiment, without an exposure for each.

        Args:
            like: An exposure with the columns that are the same for every user:
                experiment, salt, message, channel, locale and so on.
            hashes: The hash of each arm's words.
            layer_salt: The salt of the experiment's layer, if it is in one.
        """
        return AssignmentLog(self, self._encoder, like, hashes or {}, layer_salt)

    def _write_out(self, line: bytes) -> None:
        """Write what waits, now that ``line`` makes it enough; take it back if not."""
        with self._lock:
            if not any(other is line for other in self._buffer):
                return  # another thread has written it
            try:
                self._write_buffer()
            except BaseException:
                self._take_back([line])
                raise
            if not self._is_full():
                return
            self._retire()
        self._finish_full()

    def _take_back(self, lines: Sequence[bytes]) -> None:
        """Take lines out of what waits, the latest first; the lock is held."""
        for line in lines:
            for place in range(len(self._buffer) - 1, -1, -1):
                if self._buffer[place] is line:
                    del self._buffer[place]
                    break

    def append_all(self, exposures: Iterable[Exposure]) -> None:
        """Take rows, handing them over at once: all of them, or none if it raises.

        Raises:
            DataError: As ``append``, for the first row that is wrong.
            UnreadableError: As ``append``, for the first row that waits.
        """
        lines = [self._encoder.encode(exposure) for exposure in exposures]
        with self._lock:
            self._buffer += lines
            try:
                self._write_buffer()
            except BaseException:
                self._take_back(lines)
                raise
            if not self._is_full():
                return
            self._retire()
        self._finish_full()

    def flush(self) -> None:
        """Hand the rows that wait in memory to the system: they are written then.

        Raises:
            UnreadableError: They cannot be written, and go on waiting.
        """
        with self._lock:
            self._write_buffer()

    def sync(self) -> None:
        """As ``flush``, and have all rows on the disk: they outlive a loss of power.

        Raises:
            UnreadableError: They cannot be written.
        """
        with self._lock:
            self._write_buffer()
            own = [*self._full, *([self._journal] if self._journal else [])]
            for journal in own:
                try:
                    journal.sync()
                except OSError as error:
                    raise _not_written(error, journal.path, "the journal") from None
        if own:
            sync_folder(self.folder)

    def roll(self) -> None:
        """Make finished files of all rows so far, so that readers see them.

        Raises:
            UnreadableError: One cannot be made; its rows stay in their journal.
        """
        with self._lock:
            self._write_buffer()
            self._retire()
        failed = self._finish_full()
        if failed is not None:
            raise failed

    def close(self) -> None:
        """Write what waits and make finished files of all rows; closing again is fine.

        Raises:
            UnreadableError: Rows that wait cannot be written: the log stays open. Or a
                finished file cannot be made: its rows stay in their journal, and are
                taken up when the folder is opened next.
        """
        with self._lock:
            if self._closed:
                return
            # From here on no append of another thread takes a row and leaves it behind.
            self._limit = 0
            try:
                self._write_buffer()
            except BaseException:
                self._limit = self._buffer_rows
                raise
            self._retire()
            self._closed = True
        failed = self._finish_full()
        with self._lock:
            left, self._full = self._full, []
        for journal in left:
            journal.close()
        if failed is not None:
            raise failed

    def __enter__(self) -> Self:
        """The log itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _write_buffer(self) -> None:
        """Write what waits, all or nothing; the lock is held."""
        if self._closed:
            raise ValueError("the log is closed")
        lines = self._buffer[:]
        if not lines:
            return
        try:
            journal = self._journal or self._create(lines[0])
            before = journal.size_bytes
            try:
                journal.write(b"".join(lines), len(lines))
            finally:  # a signal's exception may come after all is written, too
                if journal.size_bytes != before:
                    del self._buffer[: len(lines)]
                    self._written += len(lines)
                if journal.is_spoilt:
                    self._retire()
        except OSError as error:
            named = _name_line(lines[0])
            if len(lines) > 1:
                named = f"{named} and {len(lines) - 1:,} after it"
            own = [*self._full, *([self._journal] if self._journal else [])]
            path = own[-1].path if own else self.folder
            raise _not_written(error, path, named) from None

    def _create(self, first: bytes) -> Journal:
        at = json.loads(first)["ts"]
        stamp = at.partition(".")[0].removesuffix("Z").replace("-", "").replace(":", "")
        stem = f"{self._name}-{stamp}Z"
        self._journal = create_journal(self.folder, stem, self._form)
        return self._journal

    def _is_full(self) -> bool:
        journal = self._journal
        return journal is not None and (
            journal.rows >= self._roll_rows or journal.size_bytes >= self._roll_bytes
        )

    def _retire(self) -> None:
        """Write no more to the present journal; the lock is held."""
        if self._journal is not None:
            self._full.append(self._journal)
            self._journal = None

    def _finish_full(self) -> UnreadableError | None:
        """Make finished files of full journals, while other threads go on appending.

        Returns:
            What stood in the way of the last that could not be made; its journal is
            kept, and tried again when the next is full and when the log is closed.
        """
        with self._lock:
            full, self._full = self._full, []
        failed = None
        left: list[Journal] = []
        try:
            while full:
                journal = full[0]
                try:
                    _finish(journal)
                except UnreadableError as error:
                    failed = error
                    left.append(journal)
                    del full[0]
                else:  # once closed it must not be tried again
                    del full[0]
                    journal.close()
        finally:  # an exception of a signal must not lose sight of the others
            with self._lock:
                self._full += [*full, *(j for j in left if j not in full)]
        return failed

    def _forget(self) -> None:
        """In a forked child: leave what is the parent's to the parent."""
        for journal in (*self._full, self._journal):
            if journal is not None:
                journal.close()
        self._begin()


def _finish(journal: Journal) -> Finished:
    try:
        return finish_journal(journal)
    except CANNOT as error:
        raise UnreadableError(
            f"cannot be finished: {say(error)}",
            file=str(journal.path),
            help="its rows are written and stay there; free space and call roll(), "
            "or open the folder again",
        ) from None


def _not_written(error: OSError, path: Path, what: str) -> UnreadableError:
    return UnreadableError(
        f"{what} cannot be written: {say(error)}",
        file=str(path),
        help="free space or mend what is wrong, then append again; "
        "what was written before is not lost",
    )


def _name_line(line: bytes) -> str:
    return name_row(json.loads(line))


def _check(
    form: str, name: str, buffer_rows: int, roll_rows: int, roll_bytes: int
) -> None:
    if form not in get_args(LogFormat):
        known = ", ".join(get_args(LogFormat))
        raise ValueError(f"format == {form!r}, must be one of {known}")
    if not _NAME.fullmatch(name):
        raise ValueError(f"name == {name!r}, must be made of {_NAME_SIGNS}")
    numbers = {
        "buffer_rows": buffer_rows,
        "roll_rows": roll_rows,
        "roll_bytes": roll_bytes,
    }
    for label, number in numbers.items():
        if type(number) is not int or number < 1:
            raise ValueError(f"{label} == {number!r}, must be 1 or more")


def _prepare_folder(folder: Path) -> None:
    """Make the folder if it is not there, and see that it can be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "the system refused"
        raise UnreadableError(f"cannot be made: {reason}", file=str(folder)) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UnreadableError(
            "cannot be written to",
            file=str(folder),
            help="let the service write there, or name another folder",
        )


# Only the process as a whole knows that it was forked, so the logs it has stand here.
_LOGS: WeakSet[ExposureLog] = WeakSet()


def _forget_all() -> None:
    for log in _LOGS:
        log._forget()  # noqa: SLF001 - of this module


os.register_at_fork(after_in_child=_forget_all)
