"""Writes what commands print into the pages that show something else.

usage: rewrite.py [PAGE…]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from doc_pages import ROOT, read_page
from doc_run import run_page
from doc_worlds import WORLDS


def rewrite(page: str) -> None:
    """Runs a page and mends what it shows."""
    with tempfile.TemporaryDirectory() as folder:
        run = run_page(page, Path(folder), {})
    lines = read_page(page).splitlines()
    for (line, end), (step, printed) in sorted(run.printed.items(), reverse=True):
        first = line + end + 1  # the lines of a fence begin below it
        lines[first : first + len(step.shown)] = printed.rstrip().splitlines()
    if run.printed:
        (ROOT / page).write_text("\n".join(lines) + "\n", encoding="utf-8")
    left = [text for text in run.problems if "\n--- shown" not in text]
    sys.stdout.write("\n".join([f"{page}: {len(run.printed)} mended", *left]) + "\n")


if __name__ == "__main__":
    for page in sys.argv[1:] or WORLDS:
        rewrite(page)
