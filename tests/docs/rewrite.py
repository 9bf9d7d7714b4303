"""Writes what commands print into the pages that show something else.

usage: rewrite.py [--check] [PAGE…]

With --check it writes nothing: it says what is wrong, and fails.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from doc_pages import ROOT, read_page
from doc_run import Run, run_page
from doc_worlds import WORLDS


def run(page: str) -> Run:
    """What running a page in a scratch folder finds."""
    with tempfile.TemporaryDirectory() as folder:
        return run_page(page, Path(folder), {})


def rewrite(page: str) -> list[str]:
    """Runs a page and mends what it shows; what it cannot mend is left to people."""
    found = run(page)
    lines = read_page(page).splitlines()
    for (line, end), (step, printed) in sorted(found.printed.items(), reverse=True):
        first = line + end + 1  # the lines of a fence begin below it
        lines[first : first + len(step.shown)] = printed.strip("\n").splitlines()
    if found.printed:
        (ROOT / page).write_text("\n".join(lines) + "\n", encoding="utf-8")
    left = [text for text in found.problems if "\n--- shown" not in text]
    return [f"{page}: {len(found.printed)} mended", *left]


def check(page: str) -> list[str]:
    """Runs a page and says what is wrong."""
    return run(page).problems


if __name__ == "__main__":
    is_check = "--check" in sys.argv
    named = [word for word in sys.argv[1:] if word != "--check"]
    local = [page for page, world in WORLDS.items() if not world.spark]
    told = [
        line
        for page in named or local
        for line in (check if is_check else rewrite)(page)
    ]
    sys.stdout.write("".join(f"{line}\n" for line in told))
    sys.exit(bool(told) and is_check)
