"""The proof sheet in a real browser: read on a screen, printed on A4, signed by hand."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MESSAGE = "winback/unfinished_day3"
SMS = f"templates/{MESSAGE}/sms.zh-CN.md"
A4_POINTS = (595, 842)


def address(site: Any, language: str) -> str:
    return f"{site.address}{language}/proof/{MESSAGE}.html"


def open_sheet(page: Page, url: str) -> None:
    """Open a sheet and wait until every rule was applied: then it is there."""
    page.goto(url)
    expect(page.locator("#sign")).to_be_attached(timeout=30_000)


def printed(page: Page) -> list[Any]:
    """The pages of what the browser prints."""
    from pypdf import PdfReader  # noqa: PLC0415 - only where something is printed

    return list(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def words_of(page: Any) -> str:
    """The text of a printed page, without what fonts do to letters and blanks."""
    text = unicodedata.normalize("NFKC", page.extract_text())
    # The tables of radicals (U+2E80) have signs that no normal form maps.
    return "".join(text.replace("⻓", "长").replace("⻚", "页").split())


@pytest.mark.parametrize(
    ("language", "title", "sections"),
    [
        (
            "en",
            "Proof sheet",
            (
                "Summary",
                "1. What was found",
                "2. Every text, every branch",
                "3. The values that can stand in them",
                "4. Rules that were applied",
                "5. What was not checked",
                "6. Suppressed and accepted",
                "7. Compared with an earlier state",
                "8. Fingerprints",
                "9. Decision",
            ),
        ),
        (
            "zh",
            "文案审核单",
            (
                "摘要",
                "一、发现的问题",
                "二、全部文案与分支",
                "三、可填入的取值",
                "四、已应用的规则",
                "五、未检查的内容",
                "六、被抑制与已接受的问题",
                "七、与先前版本对比",
                "八、指纹",
                "九、审核决定",
            ),
        ),
    ],
)
def test_the_sheet_has_all_its_parts_in_order(
    browser_page: Page,
    served: Any,
    language: str,
    title: str,
    sections: tuple[str, ...],
) -> None:
    open_sheet(browser_page, address(served, language))
    expect(browser_page.locator(".proof-kind")).to_have_text(title)
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(MESSAGE)
    found = browser_page.get_by_role("heading", level=2).all_inner_texts()
    assert tuple(found) == sections


def test_rules_stand_with_their_source_and_the_day_it_was_read(
    browser_page: Page, served: Any
) -> None:
    open_sheet(browser_page, address(served, "en"))
    code = browser_page.get_by_text("CN-SMS-016", exact=True)
    row = browser_page.get_by_role("row").filter(has=code)
    expect(row).to_contain_text("MIIT Order 31")
    expect(row).to_contain_text("2026-11-22 in a report on it")
    expect(row).to_contain_text("nothing found")


def test_what_was_not_checked_and_what_is_suppressed_is_told_by_name(
    browser_page: Page, serve: Callable[..., Any], own_sample: Path
) -> None:
    config = own_sample / "copylab.yaml"
    config.write_text(config.read_text().replace("  consent: opt_in ", "  # "))
    copy = own_sample / SMS
    comment = "{# copylab: ignore[optout-missing] 网关追加退订语, until 2099-12-31 #}"
    text = copy.read_text(encoding="utf-8").replace("，拒收请回复R", "", 1)
    copy.write_text(
        text.replace("# plain\n", f"# plain\n{comment}\n"), encoding="utf-8"
    )
    site = serve(own_sample)
    open_sheet(browser_page, address(site, "zh"))
    unchecked = browser_page.get_by_role("region", name="五、未检查的内容")
    code = browser_page.get_by_text("CN-SMS-016", exact=True)
    item = unchecked.get_by_role("listitem").filter(has=code)
    expect(item).to_contain_text("未检查：sending.consent 未声明。")
    excused = browser_page.get_by_role("region", name="六、被抑制与已接受的问题")
    expect(excused).to_contain_text("网关追加退订语")
    expect(excused).to_contain_text("有效至 2099-12-31")
    expect(excused).to_contain_text("SMS040")


def test_a_reader_with_a_keyboard_reaches_a_text_and_the_signature(
    browser_page: Page, written: Any
) -> None:
    open_sheet(browser_page, address(written, "en"))
    for name, place in (
        ("To the signature", "sign"),
        ("SMS · zh-CN · plain", "text.1"),
    ):
        link = browser_page.get_by_role("link", name=name, exact=True).first
        link.focus()
        browser_page.keyboard.press("Enter")
        expect(browser_page.locator(f'[id="{place}"]')).to_be_in_viewport()
    browser_page.get_by_role("link", name="To the message").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(MESSAGE)


def test_the_button_prints(browser_page: Page, served: Any) -> None:
    browser_page.add_init_script("window.print = () => { window.wasPrinted = true; }")
    open_sheet(browser_page, address(served, "en"))
    button = browser_page.get_by_role("button", name="Print or save as PDF")
    button.focus()
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("window.wasPrinted") is True


def test_it_prints_on_a4_with_every_page_numbered_and_room_to_sign(
    browser_page: Page, served: Any
) -> None:
    open_sheet(browser_page, address(served, "zh"))
    fingerprint = browser_page.locator(".proof-facts code").inner_text()
    pages = printed(browser_page)
    size = (
        round(float(pages[0].mediabox.width)),
        round(float(pages[0].mediabox.height)),
    )
    assert size == A4_POINTS
    first, last = words_of(pages[0]), words_of(pages[-1])
    count = len(pages)
    foot = f"{MESSAGE}·{fingerprint}".replace(" ", "")
    assert f"1/{count}" in first
    assert foot in first
    assert "文案审核单" in first
    assert f"{count}/{count}" in last
    for line in ("九、审核决定", "附条件通过", "姓名", "职务", "日期", "签字", foot):
        assert line in last
    # The bar, the buttons and the links between pages are for screens.
    assert "打印或存为PDF" not in first
    assert "浅色" not in first


def test_it_prints_black_on_white_whatever_the_screen_shows(
    open_context: Callable[..., Any], served: Any
) -> None:
    page = open_context(color_scheme="dark", reduced_motion="reduce").new_page()
    open_sheet(page, address(served, "en"))
    page.emulate_media(media="print", color_scheme="dark")
    sheet = page.locator(".proof")
    expect(sheet).to_have_css("color", "rgb(0, 0, 0)")
    mark = page.locator(".proof-text ins").first
    expect(mark).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(mark).to_have_css("text-decoration-line", "underline")
    gone = page.locator(".proof-text del").first
    expect(gone).to_have_css("text-decoration-line", "line-through")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_leads_to_every_sheet(
    browser_page: Page, written: Any, language: str
) -> None:
    browser_page.goto(f"{written.address}{language}/proof.html")
    rows = browser_page.locator("tbody tr")
    expect(rows).to_have_count(4)
    rows.filter(has_text=MESSAGE).get_by_role("link").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(MESSAGE)
