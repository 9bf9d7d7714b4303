"""Console examples: each command is run, and what it prints is what is shown.

How a page may differ from what is printed:

- a line of a single … stands for any lines, and … within a line for any words;
- what differs from run to run is not compared: see MASKS;
- blanks at the ends of lines, and blank lines at the end, are not compared.

Commands see a terminal of 100 columns without colours. One that prints a line which
starts with "error", its place in front or not, must fail; each other must succeed.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = 100
MASKS = {
    "how many rules there are": (re.compile(r"from \d+ rules"), "from N rules"),
    "sizes of files": (re.compile(r"\b[\d.,]+ (?=kB|MB|GB)\b"), "N "),
    "how long it took": (re.compile(r"\b\d+(\.\d+)? (?=ms|s|min)\b"), "N "),
    "SHA-256": (re.compile(r"\b[0-9a-f]{64}\b"), "SHA256"),
    "the version": (re.compile(r"copylab \d+\.\d+\S*"), "copylab V"),
}
"""What is not compared, and why: it differs by machine or with each new rule."""
ENVIRONMENT = {
    "COLUMNS": str(COLUMNS),
    "NO_COLOR": "1",
    "TERM": "dumb",
    "GITHUB_ACTIONS": "",
    "TZ": "UTC",
    "GIT_AUTHOR_NAME": "Jo",
    "GIT_AUTHOR_EMAIL": "jo@example.com",
    "GIT_COMMITTER_NAME": "Jo",
    "GIT_COMMITTER_EMAIL": "jo@example.com",
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}
_SHELL = re.compile(r"[|><;]|&&|\$|\*(?!\*)")
_FAILS = re.compile(r"(\S+:\d+:\d+: )?error\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what a page says that it prints.

    Attributes:
        command: The command, lines that go on joined.
        shown: The lines below it.
        end: Its last line in the example, from 0.
    """

    command: str
    shown: tuple[str, ...]
    end: int

    @property
    def words(self) -> list[str]:
        """The command as a shell splits it, without its comment."""
        return shlex.split(self.command, comments=True)

    @property
    def fails(self) -> bool:
        """Whether the page shows that it fails."""
        return any(_FAILS.match(line) for line in self.shown)


def read_steps(text: str) -> list[Step]:
    """The commands of a console example.

    Raises:
        ValueError: It does not begin with a command.
    """
    found: list[Step] = []
    command, end = "", -1
    shown: list[str] = []
    for number, line in enumerate(text.splitlines()):
        if line.startswith("$ "):
            if command:
                found.append(Step(command, tuple(shown), end))
            command, end, shown = line[2:], number, []
        elif command.endswith("\\") and not shown:
            command, end = f"{command[:-1].rstrip()} {line.strip()}", number
        elif command:
            shown.append(line)
        else:
            raise ValueError(f"{line!r} stands before any command ($ …)")
    return [*found, Step(command, tuple(shown), end)]


def run_step(step: Step, folder: Path) -> tuple[int, str]:
    """Runs a command in a folder: its exit code, and what a terminal shows."""
    words = step.words
    plain = not _SHELL.search(re.sub(r"'[^']*'|\"[^\"]*\"|\s#.*", "", step.command))
    if plain and words[0] == "copylab":
        return _run_here(words[1:], folder)
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", step.command],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return ran.returncode, ran.stdout.decode()


class _Screen(io.TextIOWrapper):
    """A terminal's output, kept."""

    def isatty(self) -> bool:
        return True


def _run_here(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Runs copylab in this process, which has imported what it needs."""
    kept = io.BytesIO()
    out = _Screen(kept, encoding="utf-8", write_through=True)
    err = io.TextIOWrapper(kept, encoding="utf-8", write_through=True)
    code = 0
    streams = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
    with _surroundings(folder), streams[0], streams[1]:
        try:
            main(arguments)
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
    out.flush()
    text = kept.getvalue().decode()
    out.detach()
    err.detach()
    return code, text


@contextlib.contextmanager
def _surroundings(folder: Path) -> Iterator[None]:
    """The folder, the environment and the input of a command, put back afterwards."""
    before, home, given = dict(os.environ), Path.cwd(), sys.stdin
    os.environ.update(ENVIRONMENT)
    os.chdir(folder)
    try:
        with Path(os.devnull).open(encoding="utf-8") as sys.stdin:
            yield
    finally:
        sys.stdin = given
        os.chdir(home)
        os.environ.clear()
        os.environ.update(before)


def fits(shown: tuple[str, ...], printed: str) -> bool:
    """Whether a page shows what was printed."""
    parts = [
        r"(?:.*\n)*?" if line.strip() == "…" else f"{_pattern(line)}\n"
        for line in shown
    ]
    lines = printed.strip("\n").splitlines()
    text = "".join(f"{mask(line)}\n" for line in lines)
    return re.fullmatch("".join(parts), text) is not None


def mask(line: str) -> str:
    """A line without what differs from run to run."""
    for found, instead in MASKS.values():
        line = found.sub(instead, line)
    return line.rstrip()


def _pattern(line: str) -> str:
    return re.escape(mask(line)).replace("…", ".*?")
