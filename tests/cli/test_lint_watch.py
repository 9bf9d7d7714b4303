"""``copylab lint --watch``: a real process that sees real changes."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILES = {
    "copylab.yaml": "brand: {name: Example}\nmarkets: [US]\n",
    "templates/hi/message.yaml": "purpose: transactional\nlive: plain\n",
    "templates/hi/sms.en-US.md": "# plain\nExample: hi there.\n",
}
COPY = "templates/hi/sms.en-US.md"
BAD = "# plain\nExample: hi {{ nmae }}.\n"
PATIENCE_S = 60
"""For a busy machine; a change is usually seen in a third of a second."""


class Watching:
    """A run of ``lint --watch``, and what it printed so far."""

    def __init__(self, root, output: int | None, *arguments: str) -> None:
        self.root = root
        self.text = ""
        command = [sys.executable, "-m", "copylab", "lint", "--watch", *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=root,
            stdout=subprocess.PIPE if output is None else output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "GITHUB_ACTIONS": "", "NO_COLOR": "1", "TERM": "xterm"},
        )
        self.reads = -1 if output is not None else self.process.stdout.fileno()

    def wait_for(self, words: str, timeout_s: float) -> float:
        """Seconds until the words were printed, after what was read before."""
        start, seen = time.monotonic(), ""
        while words not in seen:
            left = start + timeout_s - time.monotonic()
            ready = select.select([self.reads], [], [], max(left, 0))[0]
            assert ready, f"no {words!r} in {timeout_s} s: {seen!r}"
            part = os.read(self.reads, 65536).decode()
            assert part, f"it ended: {seen!r}"
            seen += part
        self.text = seen
        return time.monotonic() - start

    def write(self, text: str) -> None:
        (self.root / COPY).write_text(text)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def watching(make_files) -> Iterator[Callable[..., Watching]]:
    """Starts watching a small workspace; whatever runs at the end is stopped."""
    begun: list[Watching] = []

    def begin(*arguments: str, output: int | None = None) -> Watching:
        begun.append(Watching(make_files(FILES), output, *arguments))
        return begun[-1]

    yield begin
    for item in begun:
        item.process.kill()
        item.process.wait()
        if item.process.stdout:
            item.process.stdout.close()


def test_a_change_is_seen_and_ctrl_c_ends_it(watching) -> None:
    run = watching()
    run.wait_for("watching for changes", PATIENCE_S)
    assert "no findings" in run.text
    run.write(BAD)
    run.wait_for("undeclared-variable: 'nmae'", PATIENCE_S)
    if "watching for changes" not in run.text:
        run.wait_for("watching for changes", PATIENCE_S)
    run.write(FILES[COPY])
    run.wait_for("no findings", PATIENCE_S)
    assert run.stop() == 0
    rest = run.process.stdout.read().decode()
    assert "Traceback" not in rest
    assert "Interrupt" not in rest


def test_what_cannot_be_read_for_a_moment_is_told_and_watching_goes_on(
    watching,
) -> None:
    run = watching()
    run.wait_for("watching for changes", PATIENCE_S)
    config = run.root / "copylab.yaml"
    config.rename(run.root / "away.yaml")
    run.wait_for("copylab.yaml is missing", PATIENCE_S)
    (run.root / "away.yaml").rename(config)
    run.wait_for("no findings", PATIENCE_S)
    assert run.stop() == 0


def test_files_of_others_wake_nobody(watching) -> None:
    run = watching()
    run.wait_for("watching for changes", PATIENCE_S)
    (run.root / "data.parquet").write_bytes(b"x")
    (run.root / ".git").mkdir()
    (run.root / ".git/x.md").write_text("x")
    assert select.select([run.reads], [], [], 1)[0] == []
    assert run.stop() == 0


def test_a_terminal_is_cleared_and_shows_only_the_result(watching) -> None:
    ours, theirs = pty.openpty()
    try:
        run = watching(output=theirs)
        os.close(theirs)
        run.reads = ours
        run.wait_for("watching for changes", PATIENCE_S)
        assert run.text.startswith("\x1b[2J\x1b[1;1H")
        run.write(BAD)
        run.wait_for("watching for changes", PATIENCE_S)
        assert run.text.startswith("\x1b[2J\x1b[1;1H")
        assert "error: 'nmae' is not declared" in run.text
        assert "no findings" not in run.text
        assert run.stop() == 0
    finally:
        os.close(ours)


def test_a_wrong_call_does_not_start_watching(run_copylab, make_files) -> None:
    root = make_files(FILES)
    ran = run_copylab("lint", "--watch", "--select", "nothing", cwd=root)
    assert ran.code == 2
    assert "there is no rule 'nothing'" in ran.err
    ran = run_copylab("lint", "--watch", "--stdin", cwd=root)
    assert ran.code == 2
