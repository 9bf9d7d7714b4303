"""The site as files: the same pages, to be opened from a disk or published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.preview.assets import read_assets
from copylab.preview.page import LANGUAGES, View
from copylab.preview.paths import ASSETS
from copylab.preview.render import render_page, render_root
from copylab.preview.site import make_page, page_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.preview.page import Language
    from copylab.preview.shown import Shown


def write_site(shown: Shown, first: Language) -> Iterator[tuple[str, bytes]]:
    """Every file of the site, by its path from the site's folder.

    Args:
        shown: The state of the workspace.
        first: The language that the site opens in.
    """
    for name, content in read_assets().items():
        yield f"{ASSETS}/{name}", content
    # Both languages of a page one after the other: they share what was worked out.
    for path in page_paths(shown):
        for language in LANGUAGES:
            view = View(language, path, is_served=False)
            page = make_page(shown, view)
            if page is not None:
                text = render_page(page, view, shown)
                yield f"{language}/{path}", text.encode("utf-8", "replace")
    yield "index.html", render_root(first).encode()
