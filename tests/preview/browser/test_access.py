"""Nobody is left out: axe-core finds nothing, and a narrow screen is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    "messages/winback/approved_day7.html",
    "proof.html",
    "proof/winback/approved_day7.html",
    "experiments.html",
    "experiments/approved_sms_hook.html",
    "learn.html",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only here

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [
        f"{item['id']}: {item['help']}: {[n['html'][:160] for n in item['nodes'][:3]]}"
        for item in found.response["violations"]
    ]


@pytest.fixture(params=["light", "dark"])
def look(
    request: pytest.FixtureRequest, open_context: Callable[..., BrowserContext]
) -> Page:
    return open_context(
        viewport={"width": 1280, "height": 900},
        color_scheme=request.param,
        reduced_motion="reduce",
    ).new_page()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(look: Page, served: Any, path: str) -> None:
    for language in ("en", "zh"):
        look.goto(f"{served.address}{language}/{path}")
        look.wait_for_load_state("load")
        assert violations(look) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_all_of_a_page_and_axe_finds_nothing(
    open_context: Callable[..., BrowserContext], served: Any, path: str
) -> None:
    page = open_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    ).new_page()
    for language in ("en", "zh"):
        page.goto(f"{served.address}{language}/{path}")
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert violations(page) == []
