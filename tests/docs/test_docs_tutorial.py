"""The tutorial, as somebody does it who has never had copylab."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from doc_pages import ROOT


@pytest.mark.fuzz
def test_the_tutorial_leads_from_installation_to_a_promoted_winner(tmp_path) -> None:
    """Minutes long: it installs copylab and all that it needs into a new environment."""
    home = tmp_path / "venv"
    python = home / "bin/python"

    def run(*command: object, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(word) for word in command],
            cwd=tmp_path,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )

    made = run(sys.executable, "-m", "venv", home)
    assert made.returncode == 0, made.stderr
    installed = run(python, "-m", "pip", "install", "--quiet", ROOT)
    assert installed.returncode == 0, installed.stderr
    where = run(python, "-c", "import copylab; print(copylab.__file__)")
    assert where.stdout.startswith(str(home)), "not what was installed"
    ran = run(
        python, ROOT / "tests/docs/rewrite.py", "--check", "docs/tutorial.md",
        PYTHONPATH=str(ROOT / "tests/docs"),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_page_that_shows_something_else_fails_the_check(tmp_path) -> None:
    """What the test above leans on."""
    page = tmp_path / "page.md"
    page.write_text("```console\n$ copylab --version\nanother\n```\n", encoding="utf-8")
    code = (
        "import sys, doc_worlds, rewrite; "
        f"doc_worlds.WORLDS[{str(page)!r}] = doc_worlds.EMPTY; "
        f"sys.exit(bool(rewrite.check({str(page)!r})))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests/docs")},
        check=False,
    )
    assert ran.returncode == 1
