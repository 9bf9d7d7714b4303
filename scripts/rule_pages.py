"""Writes docs/rules: a page for each rule, made from the rules themselves.

The packs of rules are compiled first, since whoever changed one comes here.
"""

import runpy
from pathlib import Path

from copylab.lint.pages import render_pages
from copylab.lint.rule import all_rules

runpy.run_path(str(Path(__file__).with_name("packs.py")), run_name="__main__")
folder = Path(__file__).resolve().parent.parent / "docs" / "rules"
pages = render_pages(all_rules())
folder.mkdir(parents=True, exist_ok=True)
for old in folder.glob("*.md"):
    if old.name not in pages:
        old.unlink()
for name, text in pages.items():
    (folder / name).write_text(text, encoding="utf-8")
print(f"wrote {len(pages)} pages to docs/rules")
