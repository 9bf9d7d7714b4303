"""What stands around every page, in a real browser: language, colours, following."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

MESSAGE = "winback/approved_day7"
COPY = f"templates/{MESSAGE}/sms.en-US.md"
FOLLOWS = "Follows the files"


def colour(page: Page) -> str:
    found: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return found


@pytest.fixture(params=["served", "written"])
def site(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_every_page_leads_to_every_other(browser_page: Page, site: Any) -> None:
    browser_page.goto(f"{site.address}en/index.html")
    for name, title in (
        ("Experiments", "Experiments"),
        ("Learned", "Learned"),
        ("Proof", "Proof"),
        ("Messages", "Messages"),
    ):
        browser_page.get_by_role("navigation").get_by_role(
            "link", name=name, exact=True
        ).click()
        expect(browser_page).to_have_title(re.compile(f"{title}.* · copylab"))
        expect(browser_page.get_by_role("heading", level=1)).to_be_visible()


def test_the_same_page_is_there_in_the_other_language(
    browser_page: Page, site: Any
) -> None:
    browser_page.goto(f"{site.address}en/messages/{MESSAGE}.html")
    assert browser_page.locator("html").get_attribute("lang") == "en"
    browser_page.get_by_role("link", name="中文").click()
    browser_page.wait_for_url(f"**/zh/messages/{MESSAGE}.html*")
    assert browser_page.locator("html").get_attribute("lang") == "zh-CN"
    pages = browser_page.get_by_role("navigation", name="页面")
    expect(pages.get_by_role("link", name="消息", exact=True)).to_be_visible()


def test_the_first_page_leads_to_a_language(browser_page: Page, site: Any) -> None:
    browser_page.goto(f"{site.address}index.html")
    browser_page.wait_for_url(re.compile("/(en|zh)/index.html"))


def test_the_readers_colours_are_kept_on_the_next_page(
    browser_page: Page, site: Any
) -> None:
    browser_page.goto(f"{site.address}en/index.html")
    light = colour(browser_page)
    browser_page.get_by_role("button", name="Dark").click()
    dark = colour(browser_page)
    assert dark != light
    browser_page.get_by_role("link", name="Experiments", exact=True).click()
    expect(browser_page.get_by_role("button", name="Dark")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert colour(browser_page) == dark
    browser_page.emulate_media(color_scheme="dark")
    browser_page.get_by_role("button", name="Auto").click()
    assert colour(browser_page) == dark
    browser_page.get_by_role("button", name="Light").click()
    assert colour(browser_page) == light


def test_one_can_skip_to_the_content_by_keyboard(browser_page: Page, site: Any) -> None:
    browser_page.goto(f"{site.address}en/index.html")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_role("link", name="Skip to the content")).to_be_focused()
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_role("main")).to_be_focused()


def test_files_open_without_a_server_and_say_when_they_were_written(
    browser_page: Page, written: Any
) -> None:
    browser_page.goto(f"{written.address}en/index.html")
    expect(browser_page.get_by_text(re.compile("Written .* UTC"))).to_be_visible()
    assert (
        browser_page.evaluate(
            "getComputedStyle(document.querySelector('.bar')).display"
        )
        == "flex"
    )


def shown(page: Page, words: str) -> Locator:
    return page.get_by_text(words).filter(visible=True).first


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_saved_file_shows_at_once_and_nothing_moves(
    browser_page: Page, own_sample: Path, serve: Callable[..., Any]
) -> None:
    site = serve(own_sample)
    page = browser_page
    page.goto(f"{site.address}en/messages/{MESSAGE}.html?persona=longest#sms.en-US")
    expect(page.get_by_text(FOLLOWS)).to_be_visible()
    page.evaluate("window.isTheSamePage = true; scrollTo(0, 300)")
    top = page.evaluate("scrollY")
    change(own_sample / COPY, "Reply STOP to opt out", "Send STOP and we are quiet")
    expect(shown(page, "Send STOP and we are quiet")).to_be_visible()
    assert page.evaluate("window.isTheSamePage") is True
    assert page.evaluate("scrollY") == top
    assert page.url.endswith("?persona=longest#sms.en-US")


def test_words_that_cannot_be_read_stand_beside_their_last_good_version(
    browser_page: Page, own_sample: Path, serve: Callable[..., Any]
) -> None:
    site = serve(own_sample)
    page = browser_page
    page.goto(f"{site.address}en/messages/{MESSAGE}.html#sms.en-US")
    expect(page.get_by_text(FOLLOWS)).to_be_visible()
    words = shown(page, "Reply STOP to opt out")
    expect(words).to_be_visible()
    change(own_sample / COPY, "Reply STOP to opt out", "Reply STOP {% if %}")
    told = page.get_by_text("cannot be read").filter(visible=True)
    expect(told.first).to_be_visible()
    expect(shown(page, "sms.en-US.md:2:")).to_be_visible()
    expect(words).to_be_visible()
    change(own_sample / COPY, "Reply STOP {% if %}", "Reply STOP, and that is it")
    expect(shown(page, "and that is it")).to_be_visible()
    expect(told).to_have_count(0)


def test_a_workspace_that_cannot_be_read_is_told_over_its_last_state(
    browser_page: Page, own_sample: Path, serve: Callable[..., Any]
) -> None:
    site = serve(own_sample)
    page = browser_page
    page.goto(f"{site.address}en/index.html")
    expect(page.get_by_text(FOLLOWS)).to_be_visible()
    settings = own_sample / "copylab.yaml"
    kept = settings.read_text()
    settings.rename(own_sample / "copylab.yaml.away")
    alert = page.get_by_role("alert").filter(has_text="cannot be read now")
    expect(alert).to_be_visible()
    settings.write_text(kept)
    expect(alert).to_have_count(0)


def test_a_preview_that_stops_says_so(
    browser_page: Page, own_sample: Path, serve: Callable[..., Any], watched: Any
) -> None:
    watched.allowed += ["ERR_"]
    site = serve(own_sample)
    browser_page.goto(f"{site.address}en/index.html")
    expect(browser_page.get_by_text(FOLLOWS)).to_be_visible()
    site.stop()
    expect(browser_page.get_by_text("The preview has stopped")).to_be_visible()
