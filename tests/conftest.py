"""What tests share: the sample workspace, the data, and a way to run commands."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

# A change is judged by the same examples on every machine, however slow that is.
# COPYLAB_EXPLORE=1 looks for new ones instead.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("COPYLAB_EXPLORE") else "steady")

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def repository() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def run_copylab() -> Callable[..., Ran]:
    """Runs the command line in a process of its own."""

    def run(
        *arguments: str, cwd: Path = ROOT, stdin: str | bytes = "", **env: str
    ) -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "copylab", *map(str, arguments)],
            cwd=cwd,
            input=data,
            capture_output=True,
            check=False,
            env={
                **os.environ,
                "PYTHONIOENCODING": "utf-8",
                "GITHUB_ACTIONS": "",
                **env,
            },
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def make_files(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Writes files below a new folder and gives the folder."""

    def make(files: dict[str, str | bytes]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path

    return make
