"""Experiments, decisions and lessons in a real browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from copylab.preview.assets import read_assets
from copylab.preview.page import LANGUAGES, View
from copylab.preview.paths import experiment_path
from copylab.preview.reading import Reader
from copylab.preview.render import render_page
from copylab.preview.site import make_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

pytestmark = pytest.mark.browser

RUNNING, DRAFT = "unfinished_sms_hook", "registered_push_hook"
PROMOTED = "approved_sms_hook"
ALL = ("experiments.html", f"experiments/{RUNNING}.html", "learn.html")


@pytest.fixture(scope="module")
def served_tried(tried_once: Path, serving_of: Callable[..., Any]) -> Iterator[Any]:
    """The workspace with experiments in every state, served for all that only look."""
    with serving_of(tried_once) as site:
        yield site


@pytest.fixture(scope="module")
def written_tried(tried_once: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the pages of experiments as files; others are written elsewhere."""
    folder = tmp_path_factory.mktemp("written_tried")
    shown = Reader(tried_once).read(datetime.now(UTC))
    (folder / "assets").mkdir()
    for name, content in read_assets().items():
        (folder / "assets" / name).write_bytes(content)
    names = shown.workspace.experiments
    paths = ["experiments.html", "learn.html", *map(experiment_path, names)]
    for path in paths:
        for language in LANGUAGES:
            view = View(language, path, is_served=False)
            page = make_page(shown, view)
            assert page is not None
            file = folder / language / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(render_page(page, view, shown))
    return f"{folder.as_uri()}/"


@pytest.fixture(params=["served", "written"])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == "written":
        found: str = request.getfixturevalue("written_tried")
        return found
    return str(request.getfixturevalue("served_tried").address)


def report(page: Page) -> Locator:
    return page.locator("#report-now")


def open_experiment(page: Page, address: str, name: str, language: str = "en") -> None:
    page.goto(f"{address}{language}/experiments/{name}.html")
    expect(report(page)).not_to_have_attribute("aria-busy", "true", timeout=60_000)


def test_from_the_list_to_a_report_with_its_plots(
    browser_page: Page, address: str
) -> None:
    browser_page.goto(f"{address}en/experiments.html")
    headings = browser_page.get_by_role("heading", level=2).all_inner_texts()
    assert [text.split()[0] for text in headings] == [
        "Running",
        "Drafts",
        "Concluded",
        "Decisions",
    ]
    card = browser_page.locator(f"#experiment-{PROMOTED}")
    expect(card.get_by_role("list", name=f"Arms of {PROMOTED}")).to_contain_text(
        "coupon"
    )
    card.get_by_role("link", name=PROMOTED, exact=True).click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(PROMOTED)
    section = report(browser_page).get_by_role("region", name="Primary metric")
    expect(section).to_be_visible(timeout=60_000)
    plot = section.get_by_role("img", name=re.compile("Lift of click against"))
    expect(plot).to_be_visible()
    box = plot.bounding_box()
    assert box is not None
    assert box["width"] > 300


def test_a_page_is_there_before_its_report(
    browser_page: Page, served_tried: Any
) -> None:
    held: list[Any] = []
    browser_page.route("**/report/**", lambda route: held.append(route))  # noqa: PLW0108 - the browser marks its handlers, and a method of a list bears no mark
    browser_page.goto(f"{served_tried.address}en/experiments/{PROMOTED}.html")
    expect(browser_page.get_by_text("Reading the data…").first).to_be_visible()
    expect(report(browser_page)).to_have_attribute("aria-busy", "true")
    expect(browser_page.locator(".wording").first).to_be_visible()
    held[0].continue_()
    expect(browser_page.get_by_role("status").last).to_have_text(
        "Up to date.", timeout=60_000
    )
    expect(report(browser_page)).to_contain_text("PROMOTE coupon")


def test_a_server_that_is_gone_is_told_and_asked_again(
    browser_page: Page, served_tried: Any, watched: Any
) -> None:
    watched.allowed.append("Failed to load resource")
    browser_page.route("**/report/**", lambda route: route.abort())
    browser_page.goto(f"{served_tried.address}en/experiments/{PROMOTED}.html")
    expect(browser_page.get_by_text("The preview did not answer.")).to_be_visible()
    browser_page.unroute("**/report/**")
    browser_page.get_by_role("button", name="Read the data again").click()
    expect(report(browser_page)).to_contain_text("PROMOTE coupon", timeout=60_000)


def test_a_due_look_stays_closed_until_it_is_recorded(
    serve: Callable[..., Any], browser_page: Page, tried: Path, run_copylab: Any
) -> None:
    site = serve(tried)
    open_experiment(browser_page, site.address, RUNNING)
    expect(report(browser_page)).to_contain_text("Look 1 is due", timeout=60_000)
    assert "Lift of click against" not in report(browser_page).inner_text()
    expect(
        browser_page.get_by_role("row", name=re.compile("Look 1 due now"))
    ).to_be_visible()
    assert not (tried / f"experiments/decisions/{RUNNING}.looks.yaml").exists()
    done = run_copylab("analyze", RUNNING, "--record", cwd=tried)
    assert done.code == 0, done.err
    expect(report(browser_page)).to_contain_text(
        "Lift of click against", timeout=60_000
    )
    expect(report(browser_page)).not_to_contain_text("Look 1 is due")
    expect(
        browser_page.get_by_role("row", name=re.compile("Look 1 taken"))
    ).to_be_visible()


def test_a_report_that_comes_again_keeps_the_readers_place(
    serve: Callable[..., Any], browser_page: Page, tried: Path
) -> None:
    site = serve(tried)
    open_experiment(browser_page, site.address, PROMOTED)
    expect(report(browser_page)).to_contain_text("PROMOTE coupon", timeout=60_000)
    browser_page.locator("#report-funnel").scroll_into_view_if_needed()
    place = browser_page.evaluate("scrollY")
    message = tried / "templates/winback/approved_day7/message.yaml"
    message.write_text(message.read_text().replace("live: coupon", "live: milestone"))
    expect(
        browser_page.get_by_text("Since then milestone has gone live.")
    ).to_be_attached()
    expect(report(browser_page)).not_to_have_attribute(
        "aria-busy", "true", timeout=60_000
    )
    assert browser_page.evaluate("scrollY") == pytest.approx(place, abs=60)


def test_everything_can_be_reached_by_keyboard(
    browser_page: Page, served_tried: Any
) -> None:
    page = browser_page
    page.goto(f"{served_tried.address}en/experiments.html")
    page.get_by_role("link", name=PROMOTED, exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(PROMOTED)
    expect(report(page)).to_contain_text("PROMOTE coupon", timeout=60_000)
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(() => { const e = document.activeElement; return (e.innerText ||"
                " e.getAttribute('aria-label') || '').trim().split('\\n')[0]; })()"
            )
        )
    assert {
        "Report",
        "everything_missing",
        "In SQL",
        "Read the data again",
        "What the rules said: Promote",
        "Funnel",
    } <= {re.sub(r" at look .*:", ":", text) for text in reached}
    sql = page.locator("#who-sql summary")
    sql.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#who-sql pre")).to_be_visible()
    outline = sql.evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline != "none"


def test_the_words_follow_the_persona_in_the_address(
    browser_page: Page, served_tried: Any
) -> None:
    page = browser_page
    page.goto(f"{served_tried.address}en/experiments/{RUNNING}.html")
    before = page.locator(".wordings").first.inner_text()
    page.get_by_role("link", name="everything_longest").click()
    expect(page.get_by_role("link", name="everything_longest")).to_have_attribute(
        "aria-current", "true"
    )
    assert page.locator(".wordings").first.inner_text() != before
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_text("收信人：everything_longest")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", ALL)
def test_a_narrow_screen_shows_it_all_without_scrolling_sideways(
    open_context: Callable[..., BrowserContext],
    served_tried: Any,
    path: str,
    language: str,
) -> None:
    page = open_context(viewport={"width": 390, "height": 800}).new_page()
    page.goto(f"{served_tried.address}{language}/{path}")
    if path.startswith("experiments/"):
        expect(report(page).locator("section").first).to_be_visible(timeout=60_000)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


CONTRAST = """() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const draw = canvas.getContext('2d', {willReadFrequently: true});
  const rgb = (colour, under) => {
    draw.fillStyle = under; draw.fillRect(0, 0, 1, 1);
    draw.fillStyle = colour; draw.fillRect(0, 0, 1, 1);
    return [...draw.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (c) => c.map(v => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    const chain = [];
    for (let n = e; n; n = n.parentElement) chain.unshift(getComputedStyle(n).backgroundColor);
    return chain.reduce((under, c) => `rgb(${rgb(c, under)})`, 'white');
  };
  const bad = [];
  for (const e of document.querySelectorAll('main *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const under = ground(e);
    const ink = e instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [light(rgb(ink, under)), light(rgb(under, 'white'))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const named = [e.tagName, e.getAttribute('class'), e.textContent.slice(0, 30)];
    if (ratio < 4.5) bad.push([...named, ratio.toFixed(2)].join(' '));
  }
  return bad;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*ALL, f"experiments/{PROMOTED}.html"])
def test_every_word_stands_out_from_its_ground(
    open_context: Callable[..., BrowserContext],
    served_tried: Any,
    path: str,
    scheme: str,
) -> None:
    page = open_context(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(f"{served_tried.address}en/{path}")
    if path.startswith("experiments/"):
        expect(report(page).locator("section").first).to_be_visible(timeout=60_000)
    assert page.evaluate(CONTRAST) == []


def test_who_listens_hears_the_decisions_and_the_lessons(
    browser_page: Page, address: str
) -> None:
    page = browser_page
    page.goto(f"{address}en/experiments.html")
    entry = page.locator(f"#decision-{PROMOTED}")
    expect(entry.get_by_role("heading", name="Promoted coupon")).to_be_visible()
    tree = entry.aria_snapshot()
    assert "lift +" in tree
    assert "- live: plain" in tree
    assert "+ live: coupon" in tree
    page.get_by_role("link", name="Learned", exact=True).click()
    lesson = page.get_by_role("article").filter(has_text="seems to do better").first
    expect(lesson.get_by_role("heading", level=3)).to_contain_text("“discount”")
    row = lesson.get_by_role("row").filter(has_text=PROMOTED)
    expect(row.get_by_role("rowheader")).to_contain_text(PROMOTED)
    expect(row).to_contain_text(re.compile(r"\+\d+% \[\+\d+%, \+\d+%\]"))
    row.get_by_role("link", name=PROMOTED).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PROMOTED)


def test_on_paper_the_report_is_whole_and_controls_are_gone(
    browser_page: Page, written_tried: str
) -> None:
    browser_page.goto(f"{written_tried}en/experiments/{PROMOTED}.html")
    browser_page.emulate_media(media="print")
    expect(browser_page.locator(".contents")).to_be_hidden()
    expect(browser_page.locator(".bar")).to_be_hidden()
    expect(browser_page.locator("#report-primary svg").first).to_be_visible()
    colour = browser_page.locator("#report-primary svg .label").first.evaluate(
        "e => getComputedStyle(e).fill"
    )
    assert colour == "rgb(27, 31, 36)"
