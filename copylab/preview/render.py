"""Pages become HTML: by Jinja, with everything escaped that a template is given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from copylab.preview.page import LANGUAGES
from copylab.preview.paths import ASSETS, link

if TYPE_CHECKING:
    from jinja2 import Environment

    from copylab.preview.page import Language, Page, View
    from copylab.preview.shown import Shown

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""What a page may load: its own files and nothing else. Styles may stand in a page,
since e-mail shown in a frame takes its policy from there (W3C, CSP Level 3)."""


def render_page(page: Page, view: View, shown: Shown) -> str:
    """The whole page as HTML.

    Args:
        page: What is shown.
        view: Who looks, and how.
        shown: The state of the workspace, for what stands around every page.
    """
    here = f"{view.language}/{page.path}"
    return (
        _environment()
        .get_template(page.template)
        .render(
            {
                **page.content,
                "page": page,
                "view": view,
                "shown": shown,
                "policy": CONTENT_POLICY,
                "languages": LANGUAGES,
                "say": view.say,
                "link": lambda there: link(here, f"{view.language}/{there}"),
                "other": lambda language: link(here, f"{language}/{page.path}"),
                "asset": lambda name: link(here, f"{ASSETS}/{name}"),
                "root": link(here, "."),
            }
        )
    )


def render_root(language: Language) -> str:
    """The page that leads to a language's overview.

    Args:
        language: The language.
    """
    return _environment().get_template("index.html").render(language=language)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - commands that show no page need none

    return Environment(
        loader=PackageLoader("copylab.preview", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # templates that an upgrade changes do not meet older code
        trim_blocks=True,
        lstrip_blocks=True,
    )
