"""The page of a message in a real browser: tabs, personas, locales, phones, inboxes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

pytestmark = pytest.mark.browser

MESSAGE = "winback/approved_day7"
PATH = f"messages/{MESSAGE}.html"
LINT_MS = 30_000
TABS = [
    "sms.zh-CN",
    "sms.en-US",
    "push.zh-CN",
    "push.en-US",
    "email.zh-CN",
    "email.en-US",
]


@pytest.fixture(params=["served", "written"])
def site(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def opener(page: Page, site: Any) -> Callable[..., Page]:
    def go(rest: str = "", language: str = "en") -> Page:
        page.goto(f"{site.address}{language}/{PATH}{rest}")
        expect(page.locator("[data-panels][data-ready]")).to_have_count(1)
        return page

    return go


@pytest.fixture
def look(browser_page: Page, served: Any) -> Callable[..., Page]:
    """Opens the page of a message as it is served."""
    return opener(browser_page, served)


@pytest.fixture
def look_anywhere(browser_page: Page, site: Any) -> Callable[..., Page]:
    """Opens the page of a message, as it is served and as a file."""
    return opener(browser_page, site)


def panel(page: Page, anchor: str) -> Locator:
    return page.locator(f"[id='{anchor}']")


def card(page: Page, anchor: str) -> Locator:
    return page.locator(f"[id='{anchor}']")


def shown_panels(page: Page) -> list[str]:
    panels = page.locator(".message-panel")
    return [
        item.get_attribute("id") or "" for item in panels.all() if item.is_visible()
    ]


def test_a_tab_for_each_channel_and_locale(look_anywhere: Callable[..., Page]) -> None:
    page = look_anywhere()
    tabs = page.get_by_role("tablist").get_by_role("tab")
    expect(tabs).to_have_count(6)
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    assert shown_panels(page) == ["sms.zh-CN"]
    tabs.nth(3).click()
    assert shown_panels(page) == ["push.en-US"]
    assert page.url.endswith("#push.en-US")
    expect(panel(page, "push.en-US")).to_have_role("tabpanel")
    expect(panel(page, "push.en-US")).to_have_accessible_name("Push en-US")


def test_tabs_by_keyboard(look: Callable[..., Page]) -> None:
    page = look()
    page.get_by_role("tab", selected=True).focus()
    for key, wanted in (
        ("ArrowRight", "sms.en-US"),
        ("ArrowLeft", "sms.zh-CN"),
        ("ArrowLeft", "email.en-US"),
        ("ArrowRight", "sms.zh-CN"),
        ("End", "email.en-US"),
        ("Home", "sms.zh-CN"),
    ):
        page.keyboard.press(key)
        assert shown_panels(page) == [wanted]
        focused = page.evaluate("document.activeElement.dataset.panel")
        assert focused == wanted
    # One stop for all tabs: the next one is the persona.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "message-persona"


def test_the_address_leads_to_a_tab_and_to_what_is_in_it(
    look_anywhere: Callable[..., Page],
) -> None:
    page = look_anywhere("#email.zh-CN")
    assert shown_panels(page) == ["email.zh-CN"]
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    page.evaluate("location.hash = '#push.zh-CN.coupon'")
    expect(card(page, "push.zh-CN.coupon")).to_be_in_viewport()
    assert shown_panels(page) == ["push.zh-CN"]


def test_without_scripts_all_are_shown(
    open_context: Callable[..., BrowserContext], site: Any
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{site.address}en/{PATH}")
    for anchor in TABS:
        expect(panel(page, anchor)).to_be_visible()
    page.locator("a[data-panel='push.en-US']").click()
    expect(card(page, "push.en-US.plain")).to_be_in_viewport()


def test_a_card_says_what_its_variant_is(look: Callable[..., Page]) -> None:
    page = look()
    plain = card(page, "sms.zh-CN.plain")
    expect(plain.get_by_role("heading", name="plain")).to_be_visible()
    expect(plain.get_by_text("Live", exact=True)).to_be_visible()
    expect(plain.locator(".message-card__tags")).to_have_text(
        re.compile(r"hook\s+reminder\s+tone\s+plain")
    )
    expect(
        plain.get_by_role("link", name="20% planned in approved_sms_hook")
    ).to_be_visible()
    expect(
        card(page, "sms.zh-CN.coupon").get_by_text("Live", exact=True)
    ).to_have_count(0)


def test_parts_are_drawn_where_the_text_is_cut(look: Callable[..., Page]) -> None:
    page = look("?persona=repaid_on_time")
    plain = card(page, "sms.zh-CN.plain")
    bubble = plain.locator(".frame-sms__bubble")
    parts = bubble.locator("[data-part]")
    expect(parts).to_have_count(2)
    first = parts.nth(0).text_content() or ""
    assert len(first) == 67
    assert first.startswith("【示例分期】您的50,000元额度")
    # The mark of the second part stands behind the first and before the second.
    marks = bubble.locator(".frame-sms__cut")
    expect(marks).to_have_count(1)
    box, before = marks.bounding_box(), parts.nth(0).bounding_box()
    assert box is not None
    assert before is not None
    assert box["y"] >= before["y"]
    expect(marks).to_contain_text("Part 2 starts here")
    expect(plain.locator(".frame-measures")).to_contain_text("2 parts")
    for said in (
        "UCS-2",
        "0.09 CNY",
        "67 + 44 units",
        "67 in each part",
        "0.045 CNY a part",
        "23 more units fit before it is 3 parts",
    ):
        expect(plain.locator(".frame-measures")).to_contain_text(said)


def test_personas_are_chosen_by_a_selector(look_anywhere: Callable[..., Page]) -> None:
    page = look_anywhere("#email.en-US")
    text = card(page, "email.en-US.plain").locator(".frame-email__text")
    select = page.get_by_label("Persona", exact=True)
    expect(select).to_have_value("typical")
    select.select_option("english_approved")
    expect(text).to_contain_text("Hi Maria-Luísa O'Neil,")
    expect(page.locator("[data-announce]")).to_have_text("Shown for english_approved")
    expect(select.locator("option:checked")).to_have_text("english_approved")
    select.select_option("everything_blank")
    expect(card(page, "email.en-US.plain")).to_contain_text("Cannot be sent")
    select.select_option("english_approved")
    expect(text).to_contain_text("Hi Maria-Luísa O'Neil,")
    assert shown_panels(page) == ["email.en-US"]
    # The choice stands in the address: the page is the same when it is opened again.
    assert "persona=english_approved" in page.url
    page.reload()
    expect(page.get_by_label("Persona", exact=True)).to_have_value("english_approved")
    expect(text).to_contain_text("Hi Maria-Luísa O'Neil,")


def test_what_cannot_be_sent_says_why_in_its_place(
    look_anywhere: Callable[..., Page],
) -> None:
    page = look_anywhere("?persona=everything_blank")
    coupon = card(page, "sms.zh-CN.coupon")
    expect(coupon).to_contain_text("Cannot be sent")
    expect(coupon.locator(".frame-sms__bubble")).to_have_count(0)
    reasons = coupon.locator(".frame-none__lacks li")
    expect(reasons).to_have_count(3)
    expect(reasons.nth(0)).to_contain_text(
        "coupon_ends is 31/12/2026, outside of 2026-01-01 to 2035-12-31"
    )
    expect(reasons.nth(0)).to_contain_text("missing: error")
    expect(reasons.nth(2)).to_contain_text("link is blank")


def test_a_skip_is_no_error(look: Callable[..., Page]) -> None:
    page = look("?persona=surname_only", "zh")
    plain = card(page, "sms.zh-CN.plain")
    expect(plain).to_contain_text("按设定不发送")
    expect(plain).to_contain_text("limit_cny (取自 limit) 没有取值 missing: skip")


def test_the_other_locale_stands_beside(look: Callable[..., Page]) -> None:
    page = look()
    page.get_by_label("Beside it", exact=True).select_option("en-US")
    assert shown_panels(page) == ["sms.zh-CN", "sms.en-US"]
    for variant in ("plain", "coupon", "curiosity", "milestone"):
        left = card(page, f"sms.zh-CN.{variant}").bounding_box()
        right = card(page, f"sms.en-US.{variant}").bounding_box()
        assert left is not None
        assert right is not None
        assert abs(left["y"] - right["y"]) < 1
        assert left["x"] + left["width"] <= right["x"]
    # It stays for the next channel, and the other way round.
    page.get_by_role("tab", name=re.compile("Push en-US")).click()
    assert shown_panels(page) == ["push.en-US"]
    page.get_by_label("Beside it", exact=True).select_option("zh-CN")
    first = panel(page, "push.en-US").bounding_box()
    second = panel(page, "push.zh-CN").bounding_box()
    assert first is not None
    assert second is not None
    assert first["x"] < second["x"]
    page.get_by_label("Beside it", exact=True).select_option("")
    assert shown_panels(page) == ["push.en-US"]


def test_a_push_is_on_lock_screens_and_opened(look: Callable[..., Page]) -> None:
    page = look("#push.en-US")
    plain = card(page, "push.en-US.plain")
    for platform in ("iOS", "Android"):
        for place in ("Lock screen", "Opened"):
            phone = plain.get_by_role("group", name=f"Push on {platform}, {place}")
            expect(phone).to_be_visible()
            expect(phone).to_contain_text("Your credit line is still open")
    lock = plain.get_by_role("group", name="Push on Android, Lock screen")
    expect(lock.locator(".frame-push__body")).to_have_text(
        "It costs nothing until you use it. 7.2%-24% APR,…"
    )
    place = lock.locator("xpath=..")
    expect(place).to_contain_text("Not seen: subject to approval.")
    opened = plain.get_by_role("group", name="Push on Android, Opened")
    expect(opened).to_contain_text("subject to approval.")
    expect(plain).to_contain_text("4,096 bytes")


def test_one_platform_alone(look: Callable[..., Page]) -> None:
    page = look("#push.en-US")
    android = card(page, "push.en-US.plain").get_by_role(
        "group", name="Push on Android, Lock screen"
    )
    expect(android).to_be_visible()
    button = page.get_by_role("button", name="iOS")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(android).to_be_hidden()
    page.get_by_role("button", name="Both").click()
    expect(android).to_be_visible()


def test_tools_are_there_for_the_channel_that_has_them(
    look: Callable[..., Page],
) -> None:
    page = look()
    expect(page.get_by_role("button", name="Dark mode")).to_be_hidden()
    expect(page.get_by_role("button", name="iOS")).to_be_hidden()
    page.get_by_role("tab", name=re.compile("E-mail zh-CN")).click()
    expect(page.get_by_role("button", name="Dark mode")).to_be_visible()
    expect(page.get_by_role("button", name="Desktop")).to_be_visible()


def test_an_e_mail_in_three_inboxes(look: Callable[..., Page]) -> None:
    page = look("#email.en-US")
    lines = card(page, "email.en-US.plain").locator(".frame-inbox__text")
    expect(lines).to_have_text(
        [
            "Your credit line is open, with n…",
            "Your credit line is open, with nothing to pay …",
            "Your credit line is open, with nothing to pay It costs nothing until you u…",
        ]
    )
    hidden = card(page, "email.en-US.plain").locator(".frame-inbox .frame-hidden")
    expect(hidden.nth(0)).to_have_text("othing to pay")


def test_an_e_mail_at_both_widths(look: Callable[..., Page]) -> None:
    page = look("#email.en-US")
    frame = card(page, "email.en-US.plain").locator("iframe")
    narrow = frame.bounding_box()
    assert narrow is not None
    assert narrow["width"] <= 376
    page.get_by_role("button", name="Desktop").click()
    wide = frame.bounding_box()
    assert wide is not None
    assert wide["width"] > 600
    assert "width=desktop" in page.url
    page.get_by_role("button", name="Phone", exact=True).click()
    assert frame.bounding_box() == narrow


def test_the_dark_mode_of_an_e_mail_without_dark_styles(
    look: Callable[..., Page],
) -> None:
    page = look("#email.en-US")
    plain = card(page, "email.en-US.plain")
    frame = plain.locator("iframe")
    note = plain.get_by_text("No styles for dark mode")
    expect(note).to_be_hidden()
    expect(frame).to_have_css("filter", "none")
    page.get_by_role("button", name="Dark mode").click()
    expect(note).to_be_visible()
    expect(frame).to_have_css("filter", re.compile("invert"))


def test_text_part_headers_and_size(look: Callable[..., Page]) -> None:
    page = look("?persona=english_approved#email.en-US")
    plain = card(page, "email.en-US.plain")
    text = plain.get_by_role("group", name="Text part")
    expect(text).to_contain_text("See my limit: https://s.samplelend.example/p2LmNd")
    headers = plain.locator(".frame-email__headers")
    expect(headers).to_contain_text("List-Unsubscribe")
    expect(headers).to_contain_text("SampleLend <hello@mail.samplelend.example>")
    expect(plain).to_contain_text(
        re.compile(r"HTML: [\d,]+ bytes, \d+ % of what Gmail shows at once")
    )


def test_nothing_in_an_e_mail_runs_loads_or_leads_anywhere(
    look_anywhere: Callable[..., Page],
) -> None:
    page = look_anywhere("#email.en-US")
    frame = card(page, "email.en-US.plain").locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    inside = frame.content_frame
    button = inside.get_by_text("See my limit")
    expect(button).to_be_visible()
    expect(button).to_have_attribute(
        "title", re.compile(r"https://s\.samplelend\.example/")
    )
    assert button.get_attribute("href") is None
    before = page.url
    button.click()
    assert page.url == before
    expect(inside.get_by_text("See my limit")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_shows_the_page_without_scrolling_sideways(
    open_context: Callable[..., BrowserContext], served: Any, language: str
) -> None:
    page = open_context(viewport={"width": 390, "height": 844}).new_page()
    for anchor in TABS:
        page.goto(f"{served.address}{language}/{PATH}?beside=en-US#{anchor}")
        expect(page.locator("[data-panels][data-ready]")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_all_of_it_is_there_in_chinese(look: Callable[..., Page]) -> None:
    page = look("", "zh")
    expect(page.get_by_role("tab", selected=True)).to_have_text(re.compile("短信"))
    expect(page.get_by_role("combobox", name="虚拟用户", exact=True)).to_have_value(
        "typical"
    )
    plain = card(page, "sms.zh-CN.plain")
    expect(plain).to_contain_text("没有问题", timeout=LINT_MS)
    for said in (
        "2 条",
        "每条 0.045 CNY",
        "还可容纳 23 个单位，之后变为 3 条",
        "没有问题",
    ):
        expect(plain).to_contain_text(said)
    page.get_by_role("tab", name=re.compile("推送 en-US")).click()
    expect(card(page, "push.en-US.plain")).to_contain_text("看不到")
    page.get_by_role("tab", name=re.compile("邮件 zh-CN")).click()
    expect(card(page, "email.zh-CN.plain")).to_contain_text("纯文本部分")


# ---- A workspace with everything that can be told ----

WORKSPACE = {
    "copylab.yaml": """
brand: {name: Acme, signature: Acme}
locales: {default: en-US}
markets: [US]
sms:
  profile: ours
  profiles:
    ours: {extends: gsm, suffix: " Reply STOP", about: a, source: b, as_of: 2026-01-01}
""",
    "templates/_layouts/dark.html": "<html><head><style>:root{color-scheme: light dark}"
    "p{color: rgb(1, 2, 3)}"
    "@media (prefers-color-scheme: dark){p{color: rgb(250, 251, 252) !important}}"
    "</style></head>"
    "<body>{{ body }}</body></html>",
    "templates/_layouts/dark.txt": "{{ body }}",
    "templates/hello/message.yaml": """
purpose: transactional
live: plain
variants: {plain: {hook: a}, other: {}}
email: {layout: dark}
variables:
  name: {type: text, max: 60, missing: there}
""",
    "templates/hello/sms.en-US.md": "# plain\nHi {{ name }}, it’s here\n# other\nHi\n",
    "templates/hello/email.en-US.md": "# plain\n## subject\nHi\n## body\nHi {{ name }}\n\n"
    "![A boat](https://static.example/boat.png)\n# other\n## subject\nHi\n## body\nHi\n",
    "templates/_personas.yaml": "hostile_name: {name: \"<script>alert('name')</script> "
    '<img src=x onerror=alert(1)>"}\n',
    "experiments/hello_hook.yaml": """
message: hello
channels: [sms]
status: running
unit: user_id
salt: hello.1
coverage: 100%
arms: {plain: 45%, other: 45%, none: 10%}
control: plain
""",
}


@pytest.fixture
def torture(make_files: Callable[..., Path], serve: Callable[..., Any]) -> Any:
    return serve(make_files(WORKSPACE))


@pytest.fixture
def hello(browser_page: Page, torture: Any) -> Callable[..., Page]:
    def go(rest: str = "") -> Page:
        browser_page.goto(f"{torture.address}en/messages/hello.html{rest}")
        expect(browser_page.locator("[data-panels][data-ready]")).to_have_count(1)
        return browser_page

    return go


def test_findings_are_counted_and_lead_to_where_they_stand(
    hello: Callable[..., Page],
) -> None:
    page = hello()
    plain = card(page, "sms.en-US.plain")
    expect(plain.get_by_text("45% in hello_hook")).to_be_visible()
    count = plain.get_by_role("link", name=re.compile("warning"))
    # The words are shown at once, and lint looks behind them.
    expect(count).to_be_visible(timeout=LINT_MS)
    count.click()
    finding = plain.locator(".finding", has_text="ucs2-forced-by-literal")
    expect(finding).to_be_in_viewport()
    expect(finding.locator("mark")).to_have_text("’")
    expect(finding).to_contain_text("templates/hello/sms.en-US.md:2:18")
    expect(finding).to_contain_text("Cure:")
    assert page.url.endswith("#sms.en-US.plain.findings")
    assert shown_panels(page) == ["sms.en-US"]


def test_what_the_gateway_adds_and_what_forces_ucs2_is_marked(
    hello: Callable[..., Page],
) -> None:
    plain = card(hello(), "sms.en-US.plain")
    expect(plain.locator(".frame-sms__bubble .frame-piece--added")).to_have_text(
        " Reply STOP"
    )
    expect(
        plain.locator(".frame-sms__bubble .frame-piece--foreign").first
    ).to_have_text("’")
    measures = plain.locator(".frame-measures")
    expect(measures).to_contain_text("The gateway puts  Reply STOP behind.")
    expect(measures).to_contain_text("write ' instead")
    expect(measures).to_contain_text("No price")


def test_an_e_mail_with_dark_styles_shows_them(
    open_context: Callable[..., BrowserContext], torture: Any
) -> None:
    # A scheme that is emulated would hold for the frame, too, whatever its own is.
    page = open_context(color_scheme="null").new_page()
    page.goto(f"{torture.address}en/messages/hello.html#email.en-US")
    expect(page.locator("[data-panels][data-ready]")).to_have_count(1)
    frame = card(page, "email.en-US.plain").locator("iframe")
    words = frame.content_frame.get_by_text("Hi Example")
    expect(words).to_have_css("color", "rgb(1, 2, 3)")
    page.get_by_role("button", name="Dark mode").click()
    expect(words).to_have_css("color", "rgb(250, 251, 252)")
    expect(frame).to_have_css("filter", "none")
    expect(card(page, "email.en-US.plain")).to_contain_text(
        "It has styles of its own for dark mode."
    )
    expect(card(page, "email.en-US.plain")).to_contain_text("1 picture is not loaded")


def test_values_of_users_are_words_and_nothing_else(hello: Callable[..., Page]) -> None:
    page = hello("?persona=hostile_name")
    bubble = card(page, "sms.en-US.plain").locator(".frame-sms__bubble")
    expect(bubble).to_contain_text("<script>alert('name')</script>")
    expect(bubble.locator("script, img")).to_have_count(0)
    inside = card(page, "email.en-US.plain").locator("iframe").content_frame
    expect(inside.locator("script")).to_have_count(0)
    expect(inside.locator("body")).to_contain_text("<script>alert('name')</script>")


def test_the_page_follows_the_words_and_keeps_what_the_reader_chose(
    hello: Callable[..., Page], torture: Any
) -> None:
    page = hello("?persona=hostile_name#sms.en-US")
    page.evaluate("window.untouched = true")
    path = torture.root / "templates/hello/sms.en-US.md"
    path.write_text("# plain\nBye {{ name }}\n# other\nHi\n")
    bubble = card(page, "sms.en-US.plain").locator(".frame-sms__bubble")
    expect(bubble).to_contain_text("Bye <script>")
    assert page.evaluate("window.untouched") is True
    expect(page.get_by_label("Persona", exact=True)).to_have_value("hostile_name")
    assert shown_panels(page) == ["sms.en-US"]
    expect(page.get_by_role("tab", selected=True)).to_have_count(1)


def test_a_fault_stands_beside_the_last_good_words(
    hello: Callable[..., Page], torture: Any
) -> None:
    page = hello()
    path = torture.root / "templates/hello/sms.en-US.md"
    words = path.read_text()
    path.write_text(words.replace("{{ name }}", "{{ name"))
    plain = card(page, "sms.en-US.plain")
    expect(plain).to_contain_text("The words cannot be read now.")
    expect(plain).to_contain_text("Last good version")
    expect(plain.locator(".frame-sms__bubble")).to_contain_text("Hi Example, it’s here")
    expect(plain.locator(".finding--error")).not_to_have_count(0, timeout=LINT_MS)
    expect(card(page, "sms.en-US.other")).not_to_contain_text("Last good version")
    path.write_text(words)
    expect(plain).not_to_contain_text("Last good version")


def test_a_new_variant_appears_by_itself(
    hello: Callable[..., Page], torture: Any
) -> None:
    page = hello()
    root = torture.root / "templates/hello"
    yaml = root / "message.yaml"
    yaml.write_text(yaml.read_text().replace("other: {}", "other: {}, third: {}"))
    expect(card(page, "sms.en-US.third")).to_contain_text("No words yet")
    sms = root / "sms.en-US.md"
    sms.write_text(sms.read_text() + "# third\nThe third\n")
    expect(card(page, "sms.en-US.third")).to_contain_text("The third")
