"""Writes docs/reference: commands, files and the library, made from the code."""

from __future__ import annotations

from pathlib import Path

import api_pages
import command_pages
import file_pages

DOCS = Path(__file__).resolve().parents[1] / "docs"


def render_pages() -> dict[str, str]:
    """All pages, by path below docs/."""
    return {
        **command_pages.render_pages(),
        **file_pages.render_pages(),
        **api_pages.render_pages(),
    }


def write_pages() -> int:
    """Writes them, takes away those that are none any more, and says how many."""
    pages = render_pages()
    for old in DOCS.glob("reference/**/*.md"):
        if old.relative_to(DOCS).as_posix() not in pages:
            old.unlink()
    for name, text in pages.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(pages)


if __name__ == "__main__":
    print(f"wrote {write_pages()} pages to docs/reference")
