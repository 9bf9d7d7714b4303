"""The overview in a real browser: found, filtered, walked by keys, followed, printed."""

from __future__ import annotations

import re
import shutil
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

pytestmark = pytest.mark.browser

NAMES = ["approved_day7", "registered_day3", "repaid_day30", "unfinished_day3"]
PATIENCE_MS = 30_000
"""How long a busy machine may take to notice a file."""
NARROW = {"width": 390, "height": 844}


@pytest.fixture(params=["served", "written"])
def site(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def flawed(
    sample: Path,
    tmp_path_factory: pytest.TempPathFactory,
    run_copylab: Callable[..., Any],
) -> Path:
    """The sample workspace with gaps, faults, a running experiment and more campaigns."""
    root = tmp_path_factory.mktemp("flawed") / "it"
    shutil.copytree(sample, root)
    done = run_copylab("start", "approved_sms_hook", cwd=root)
    assert done.code == 0, done.err
    winback = root / "templates/winback"
    (winback / "repaid_day30/email.en-US.md").unlink()
    settings = winback / "repaid_day30/message.yaml"
    late = settings.read_text().replace("after: 4h", "after: 10h")
    settings.write_text(late.replace("19:00-20:00", "19:00-21:00"))
    sms = winback / "unfinished_day3/sms.zh-CN.md"
    sms.write_text(sms.read_text().partition("# curiosity")[0])
    welcome = root / "templates/onboarding/welcome"
    welcome.mkdir(parents=True)
    (welcome / "message.yaml").write_text(
        "purpose: transactional\nlive: plain\nlocales: [zh-CN]\n"
        "sequence: [{after: 0d, channel: sms}, {after: 3d, channel: push}]\n"
    )
    (welcome / "sms.zh-CN.md").write_text("【示例分期】欢迎，您已注册成功。\n")
    broken = root / "templates/onboarding/code"
    broken.mkdir()
    (broken / "message.yaml").write_text("purpose: [\n")
    return root


@pytest.fixture(scope="module")
def flawed_site(flawed: Path, serving_of: Callable[..., Any]) -> Iterator[str]:
    with serving_of(flawed) as site:
        # Lint looks at all of it behind the first page; these tests ask what it found.
        for _ in range(PATIENCE_MS // 200):
            with urlopen(f"{site.address}en/learn.html") as answer:
                if b"Lint is still looking" not in answer.read():
                    break
            time.sleep(0.2)
        yield site.address


def rows(page: Page) -> Locator:
    return page.locator("tbody tr:visible")


def names(page: Page) -> list[str]:
    return page.locator("tbody tr:visible th > :first-child").all_inner_texts()


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name))


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def go(page: Page, address: str, rest: str = "", language: str = "en") -> None:
    page.goto(f"{address}{language}/index.html{rest}")


def test_messages_stand_by_campaign_channel_and_locale(
    browser_page: Page, site: Any
) -> None:
    go(browser_page, site.address)
    table = browser_page.get_by_role("table", name="Messages of winback")
    heads = table.get_by_role("columnheader").all_inner_texts()
    assert heads[:2] == ["Message", "SMS"]
    assert [head for head in heads if "-" in head] == ["zh-CN", "en-US"] * 3
    assert table.get_by_role("rowheader").count() == 4
    assert names(browser_page) == NAMES
    first = row(browser_page, "approved_day7")
    expect(first).to_contain_text("marketing · CN, US")
    expect(first).to_contain_text("4 variants")
    expect(first).to_contain_text("hook: reminder")
    expect(first).to_contain_text("approved_sms_hook")
    first.get_by_role("link", name="approved_not_borrowed", exact=True).click()
    expect(browser_page.locator("#audience-approved_not_borrowed")).to_be_in_viewport()


def test_gaps_findings_and_the_running_experiment_are_said_in_words(
    browser_page: Page, flawed_site: str
) -> None:
    go(browser_page, flawed_site)
    repaid = row(browser_page, "repaid_day30")
    expect(repaid.get_by_text("no words")).to_be_visible()
    expect(
        repaid.get_by_role("link", name=re.compile("in message.yaml"))
    ).to_be_visible()
    unfinished = row(browser_page, "unfinished_day3")
    expect(unfinished).to_contain_text("lacks curiosity")
    finding = unfinished.get_by_role("link", name="1 error")
    assert (finding.get_attribute("href") or "").endswith(
        "messages/winback/unfinished_day3.html#sms.zh-CN"
    )
    tested = row(browser_page, "approved_day7")
    expect(tested).to_contain_text("running")
    expect(tested).to_contain_text("plain 20% · coupon 20%")
    expect(tested).to_contain_text("no send 20%")
    expect(tested).to_contain_text("0 of 3 looks taken")
    expect(tested).to_contain_text("look 1 due at 33% of the planned users")
    expect(tested).to_contain_text("first outcomes complete on")
    broken = browser_page.get_by_role("row").filter(has_text="cannot be read")
    expect(broken).to_contain_text(re.compile(r"message\.yaml:\d+: "))


def test_search_is_instant_over_names_words_variants_and_audiences(
    browser_page: Page, site: Any
) -> None:
    go(browser_page, site.address)
    search = browser_page.get_by_role("searchbox")
    count = browser_page.locator("[data-count]")
    for words, found in (
        ("repaid", ["repaid_day30"]),
        ("免息券", ["approved_day7", "registered_day3", "repaid_day30"]),
        ("额度放着不用", ["approved_day7"]),
        ("MILESTONE", ["approved_day7", "repaid_day30"]),
        ("application_unfinished", ["unfinished_day3"]),
        ("7.2%-24%", NAMES),  # it stands in a partial
        ("steps_to_go", ["unfinished_day3"]),
        ("coupon approved", ["approved_day7"]),
        ("７.２％", NAMES),  # as a Chinese keyboard writes it
        ("no such words", []),
    ):
        search.fill(words)
        assert names(browser_page) == found, words
        said = "4 messages" if len(found) == 4 else f"{len(found)} of 4 messages"
        expect(count).to_have_text(said)


def test_where_words_were_found_is_shown(browser_page: Page, served: Any) -> None:
    go(browser_page, served.address, "?q=额度放着不用")
    found = row(browser_page, "approved_day7").locator(".overview-found mark")
    expect(found).to_have_text("额度放着不用")
    browser_page.get_by_role("searchbox").fill("")
    expect(browser_page.locator(".overview-found")).to_have_count(0)


def test_the_number_that_is_shown_is_announced(browser_page: Page, served: Any) -> None:
    go(browser_page, served.address)
    browser_page.get_by_role("searchbox").fill("repaid")
    status = browser_page.locator("main [role=status][data-announced]")
    expect(status).to_have_text("1 of 4 messages")


def test_nothing_found_says_what_to_do_next(browser_page: Page, site: Any) -> None:
    go(browser_page, site.address, "?q=nowhere")
    empty = browser_page.locator("[data-none]")
    expect(empty).to_be_visible()
    expect(empty).to_contain_text("take a filter off")
    expect(browser_page.get_by_role("table")).to_have_count(0)
    empty.get_by_role("button", name="Clear").click()
    assert names(browser_page) == NAMES
    assert query(browser_page) == {}
    expect(browser_page.get_by_role("searchbox")).to_be_focused()


@pytest.mark.parametrize(
    ("label", "choice", "found"),
    [
        ("Campaign", "onboarding", ["code", "welcome"]),
        ("Channel", "Email", NAMES),
        ("Locale", "en-US", NAMES),
        ("Market", "US", NAMES),
        ("Purpose", "transactional", ["welcome"]),
        ("Audience", "repaid_not_back", ["repaid_day30"]),
    ],
)
def test_each_filter_narrows_and_stands_in_the_address(
    browser_page: Page, flawed_site: str, label: str, choice: str, found: list[str]
) -> None:
    go(browser_page, flawed_site)
    assert names(browser_page) == ["code", "welcome", *NAMES]
    browser_page.get_by_label(label, exact=True).select_option(label=choice)
    assert names(browser_page) == found
    address = browser_page.url
    assert label.lower() in query(browser_page)
    browser_page.goto("about:blank")
    browser_page.goto(address)
    assert names(browser_page) == found
    chosen = browser_page.get_by_label(label, exact=True).locator("option:checked")
    expect(chosen).to_have_text(choice)


def test_only_findings_gaps_or_running_ones_are_shown(
    browser_page: Page, flawed_site: str
) -> None:
    go(browser_page, flawed_site)
    findings = browser_page.get_by_role("button", name=re.compile("with findings"))
    gaps = browser_page.get_by_role("button", name=re.compile("with gaps"))
    running = browser_page.get_by_role("button", name=re.compile("running experiment"))
    expect(gaps).to_have_accessible_name("with gaps 3")
    gaps.click()
    assert names(browser_page) == ["welcome", "repaid_day30", "unfinished_day3"]
    expect(gaps).to_have_attribute("aria-pressed", "true")
    findings.click()
    assert names(browser_page) == ["repaid_day30", "unfinished_day3"]
    assert query(browser_page)["only"] == ["gaps,findings"]
    # In the chosen columns alone: the gap of unfinished_day3 is one of SMS.
    browser_page.get_by_label("Channel", exact=True).select_option(label="SMS")
    assert names(browser_page) == ["unfinished_day3"]
    browser_page.get_by_role("button", name="Clear").click()
    running.click()
    assert names(browser_page) == ["approved_day7"]
    browser_page.go_back()
    browser_page.go_forward()
    assert names(browser_page) == ["approved_day7"]


def test_the_other_language_keeps_what_was_chosen(
    browser_page: Page, site: Any
) -> None:
    go(browser_page, site.address, "?q=免息券")
    browser_page.get_by_role("link", name="中文").click()
    browser_page.wait_for_url("**/zh/index.html?q=*")
    assert len(names(browser_page)) == 3
    expect(browser_page.locator("[data-count]")).to_have_text("4 条消息中的 3 条")
    expect(row(browser_page, "approved_day7")).to_contain_text("4 个版本")


def test_keys_lead_from_the_search_to_a_message(browser_page: Page, site: Any) -> None:
    go(browser_page, site.address)
    keys = browser_page.keyboard
    search = browser_page.get_by_role("searchbox")
    keys.press("/")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    keys.type("day3")
    keys.press("ArrowDown")
    first = browser_page.get_by_role("link", name="registered_day3", exact=True)
    expect(first).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")  # repaid_day30, then the last one
    last = browser_page.get_by_role("link", name="unfinished_day3", exact=True)
    expect(last).to_be_focused()
    keys.press("ArrowDown")
    expect(last).to_be_focused()
    keys.press("Home")
    expect(first).to_be_focused()
    keys.press("End")
    expect(last).to_be_focused()
    keys.press("Home")
    keys.press("ArrowUp")
    expect(search).to_be_focused()
    keys.press("Escape")
    expect(search).to_have_value("")
    assert names(browser_page) == NAMES
    keys.type("unfinished")
    keys.press("ArrowDown")
    keys.press("Enter")
    browser_page.wait_for_url("**/messages/winback/unfinished_day3.html*")
    browser_page.go_back()
    assert names(browser_page) == ["unfinished_day3"]


def test_enter_in_the_search_opens_the_first_that_is_found(
    browser_page: Page, served: Any
) -> None:
    go(browser_page, served.address)
    browser_page.keyboard.press("/")
    browser_page.keyboard.type("repaid")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/messages/winback/repaid_day30.html*")


def test_a_slash_in_the_search_is_a_slash(browser_page: Page, served: Any) -> None:
    go(browser_page, served.address)
    browser_page.keyboard.press("/")
    browser_page.keyboard.type("winback/rep")
    expect(browser_page.get_by_role("searchbox")).to_have_value("winback/rep")
    assert names(browser_page) == ["repaid_day30"]


def test_the_time_line_says_when_each_step_is_sent(
    browser_page: Page, served: Any
) -> None:
    go(browser_page, served.address)
    figure = browser_page.get_by_role("figure").filter(has_text="registered_day3")
    steps = figure.locator("ol > li")
    for step, said in zip(
        steps.all(),
        (
            ("Push", "Day 0, 11:00-12:00", "the first send", "within the hours"),
            ("SMS", "Day 0, 19:00-20:00", "4 hours after the first, unless click"),
            ("Email", "Day 3, 11:00-12:00", "3 days after the first", "no rule"),
        ),
        strict=True,
    ):
        for words in said:
            expect(step).to_contain_text(words)
    steps.nth(1).get_by_text("When rules let it be sent").click()
    expect(steps.nth(1)).to_contain_text("US (TX) 09:00-21:00, Sundays 12:00-21:00")
    expect(steps.nth(1)).to_contain_text("CN-SMS-012")
    expect(figure).to_contain_text("14 days after each send, until day 14")


def test_windows_stand_where_their_hours_are(browser_page: Page, served: Any) -> None:
    go(browser_page, served.address)
    strip = browser_page.locator(".timeline-step--sms .timeline-strip").first
    whole = strip.bounding_box()
    window = strip.locator(".timeline-window").bounding_box()
    closed = strip.locator(".timeline-closed").last.bounding_box()
    assert whole is not None
    assert window is not None
    assert closed is not None
    place = (window["x"] - whole["x"]) / whole["width"] * 24
    assert place == pytest.approx(19, abs=0.1)
    assert window["width"] / whole["width"] * 24 == pytest.approx(1, abs=0.1)
    # Nothing may be sent from 20:00 on: the window ends where the night begins.
    assert closed["x"] == pytest.approx(window["x"] + window["width"], abs=1)
    third = browser_page.locator(".timeline-step--email .timeline-strip").first
    later = third.bounding_box()
    assert later is not None
    assert later["x"] > whole["x"] + whole["width"]


def test_a_step_that_leaves_the_hours_is_said_and_falls_to_the_next_day(
    browser_page: Page, flawed_site: str
) -> None:
    go(browser_page, flawed_site)
    figure = browser_page.get_by_role("figure").filter(has_text="repaid_day30")
    step = figure.locator(".timeline-step--sms")
    expect(step).to_contain_text("Day 1, 19:00-21:00")
    expect(step).to_contain_text("waits for the next day")
    expect(step).to_contain_text("leaves the hours of US-SMS-008, CN-SMS-012")
    welcome = browser_page.get_by_role("figure").filter(has_text="welcome")
    expect(welcome).to_contain_text("no words for this channel")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_needs_no_scrolling_to_the_side(
    open_context: Callable[..., BrowserContext],
    flawed_site: str,
    language: str,
    scheme: str,
) -> None:
    page = open_context(viewport=NARROW, color_scheme=scheme).new_page()
    go(page, flawed_site, language=language)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"]
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((element) => {
            const box = element.getBoundingClientRect();
            const isSeen = box.width > 1 && box.height > 1;
            return isSeen && box.right > innerWidth + 1;
        }).map((element) => element.className || element.tagName)"""
    )
    assert beyond == []
    cell = row(page, "welcome").locator("td[data-l]").first
    assert "zh-CN" in cell.evaluate("e => getComputedStyle(e, '::before').content")


def test_contrast_is_enough_in_light_and_dark(
    open_context: Callable[..., BrowserContext], flawed_site: str
) -> None:
    for scheme in ("light", "dark"):
        page = open_context(color_scheme=scheme).new_page()
        go(page, flawed_site)
        assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${element.className || element.tagName} ${ratio.toFixed(2)}`);
  }
  return [...new Set(low)];
}"""


def test_a_saved_change_is_seen_and_filters_stay(
    own_sample: Path, serve: Callable[..., Any], browser_page: Page
) -> None:
    site = serve(own_sample)
    go(browser_page, site.address, "?q=repaid")
    assert names(browser_page) == ["repaid_day30"]
    browser_page.locator("#lines-winback > summary").click()
    (own_sample / "templates/winback/repaid_day30/email.en-US.md").unlink()
    changed = row(browser_page, "repaid_day30")
    expect(changed).to_contain_text("no words", timeout=PATIENCE_MS)
    assert names(browser_page) == ["repaid_day30"]
    expect(browser_page.get_by_role("searchbox")).to_have_value("repaid")
    expect(browser_page.locator("#lines-winback")).not_to_have_attribute("open", "")


def test_a_new_campaign_appears(
    own_sample: Path, serve: Callable[..., Any], browser_page: Page
) -> None:
    site = serve(own_sample)
    go(browser_page, site.address)
    folder = own_sample / "templates/onboarding/welcome"
    folder.mkdir(parents=True)
    (folder / "sms.zh-CN.md").write_text("【示例分期】欢迎，您已注册成功。\n")
    (folder / "message.yaml").write_text(
        "purpose: transactional\nlive: plain\nlocales: [zh-CN]\n"
    )
    heading = browser_page.get_by_role("heading", name="onboarding", exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE_MS)
    expect(browser_page.locator("[data-count]")).to_have_text("5 messages")
    browser_page.get_by_label("Campaign", exact=True).select_option(label="onboarding")
    assert names(browser_page) == ["welcome"]


def test_an_empty_workspace_becomes_one_with_a_message(
    make_files: Callable[..., Path],
    serve: Callable[..., Any],
    run_copylab: Callable[..., Any],
    browser_page: Page,
) -> None:
    config = "brand: {name: Example}\nlocales: {default: en-US}\nmarkets: [US]\n"
    root = make_files({"copylab.yaml": config})
    site = serve(root)
    go(browser_page, site.address)
    expect(browser_page.get_by_role("heading", name="No messages yet")).to_be_visible()
    command = browser_page.locator(".overview-empty pre").inner_text()
    done = run_copylab(*command.split()[1:], cwd=root)
    assert done.code == 0, done.err
    made = browser_page.get_by_role("link", name="day3", exact=True)
    expect(made).to_be_visible(timeout=PATIENCE_MS)
    expect(browser_page.get_by_role("searchbox")).to_be_visible()


def test_the_page_is_outlined_by_its_headings(
    browser_page: Page, flawed_site: str
) -> None:
    go(browser_page, flawed_site)
    levels = browser_page.evaluate(
        """() => [...document.querySelectorAll("main :is(h1, h2, h3, h4)")]
            .filter((e) => e.checkVisibility()).map((e) => Number(e.tagName[1]))"""
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    expect(browser_page.get_by_role("search")).to_be_visible()


def test_a_thousand_rows_are_filtered(browser_page: Page, served: Any) -> None:
    go(browser_page, served.address)
    browser_page.evaluate(
        """() => {
            const body = document.querySelector("tbody");
            const rows = [...body.rows];
            for (let copy = 0; copy < 250; copy += 1)
                for (const row of rows) body.append(row.cloneNode(true));
            document.dispatchEvent(new CustomEvent("copylab:changed"));
        }"""
    )
    count = browser_page.locator("[data-count]")
    browser_page.get_by_role("searchbox").fill("额度放着不用")
    expect(count).to_have_text("251 of 1,004 messages")
    assert names(browser_page) == ["approved_day7"] * 251
    # So many that each place is not searched out: the first ones show it.
    expect(browser_page.locator(".overview-found")).to_have_count(40)
