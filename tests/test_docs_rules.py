"""docs/rules is what the rules say today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.pages import render_pages
from copylab.lint.rule import all_rules

if TYPE_CHECKING:
    from pathlib import Path


def test_the_pages_are_what_the_rules_say(repository: Path) -> None:
    folder = repository / "docs/rules"
    written = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    assert written == render_pages(all_rules()), "run: make pages"
