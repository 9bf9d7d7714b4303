"""Trying a message out in a real browser: controls, personas, findings, the address."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page, Route

pytestmark = pytest.mark.browser

CONFIG = """\
markets: {en-US: [US], zh-CN: [CN]}
locales: {default: en-US, also: [zh-CN]}
brand: {name: Sample, signature: Sample}
"""
MESSAGE = """\
purpose: transactional
live: plain
variants: {plain: {}, loud: {}}
variables:
  name:  {type: person_name, max: 12, missing: {en-US: there, zh-CN: 您}}
  note:  {type: text, max: 40, missing: ""}
  poem:  {type: text, max: 60, multiline: true, missing: "-"}
  days:  {type: int, min: 0, max: 720, missing: 30}
  limit: {type: money, currency: USD, min: 500, max: 200000, missing: skip}
  until: {type: date, min: 2026-01-01, max: 2030-12-31, missing: 2026-12-31}
  at:    {type: datetime, min: 2026-01-01, max: 2030-12-31, missing: skip}
  link:  {type: url, base: "https://s.example.com/w/", max: 40, missing: error}
  stage: {type: enum, values: [registered, approved, repaid], missing: registered}
  vip:   {type: bool, missing: false}
  goods: {type: list, max_items: 2, missing: skip,
          items: {title: {type: text, max: 10}, kind: {type: enum, values: [book, pen]}}}
"""
SMS = """\
# plain
Sample: Hi {{ name }}, {% if days > 30 %}it has been {{ days }} days{% else %}\
welcome{% endif %}. {% if stage == "repaid" %}Now at http://bit.ly/free {% endif %}\
Up to {{ limit | money }}: {{ link }}
# loud
Sample: {{ name }}! {% if vip %}Dear VIP. {% endif %}{% if note == "gold" %}Gold. \
{% endif %}Until {{ until | date }} {{ note }}
"""
CHINESE = """\
# plain
您好{{ name }}，{{ days }}天
# loud
{{ name }}，您好
"""
PUSH = """\
# plain
## title
Hi {{ name }}
## body
{{ poem }} at {{ at | time }}
# loud
## title
Hi
## body
{{ note }} more
"""
EMAIL = """\
# plain
## subject
Hi {{ name }}
## body
Hello **{{ name }}**

{% for item in goods %}
- {{ item.title }}, a {{ item.kind }}
{% endfor %}
# loud
## subject
Hi
## body
{{ note }} more
"""
PERSONAS = """\
ann: {locale: en-US, name: Ann, days: 12, limit: 7000, link: abc, stage: approved,
      vip: true, until: 2026-12-24, goods: [{title: Ink, kind: pen}]}
villain: {name: "<script>document.title='x'</script>", note: "{{ days }}", days: 1e9,
      stage: "' or true", link: "//evil.example", limit: -1}
"""


def write(root: Path) -> Path:
    copies = {"sms.en-US": SMS, "sms.zh-CN": CHINESE, "push.en-US": PUSH}
    copies |= {"email.en-US": EMAIL}
    files = {
        "copylab.yaml": CONFIG,
        "templates/_personas.yaml": PERSONAS,
        "templates/hello/message.yaml": MESSAGE,
        **{f"templates/hello/{name}.md": text for name, text in copies.items()},
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace for all tests that change no file of it."""
    return write(tmp_path_factory.mktemp("still"))


@pytest.fixture(scope="module")
def site(still: Path, serve_once: Callable[..., Any]) -> str:
    address: str = serve_once(still).address
    return address


@pytest.fixture
def page(browser_page: Page, site: str) -> Page:
    return open_try(browser_page, site)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace that a test may change."""
    return write(tmp_path / "own")


@pytest.fixture
def own_page(root: Path, serve: Callable[..., Any], browser_page: Page) -> Page:
    """A page that is closed before its server stops."""
    return open_try(browser_page, serve(root).address)


def open_try(page: Page, site: str, language: str = "en", **values: str) -> Page:
    query = f"?{urlencode(values)}" if values else ""
    page.goto(f"{site}{language}/messages/hello.html{query}")
    page.locator("[data-try] [data-try-said]").wait_for()
    return page


def control(page: Page, name: str) -> Locator:
    return page.locator(f'[data-try-control="{name}"]')


def card(page: Page, variant: str = "plain") -> Locator:
    return page.locator(f'.try-result [data-try-variant="{variant}"]')


def bubble(page: Page, variant: str = "plain") -> Locator:
    return card(page, variant).locator(".frame-sms__bubble").first


def expect_text(place: Locator, text: str) -> None:
    expect(place).to_contain_text(text, timeout=15_000)


def expect_no_text(place: Locator, text: str) -> None:
    expect(place).not_to_contain_text(text, timeout=15_000)


def choose(page: Page, name: str) -> None:
    page.locator(f'[data-try] label:has([value="{name}"])').first.click()


# ---- Controls -----------------------------------------------------------------------


def test_a_text_is_rendered_as_it_is_typed_and_counted(page: Page) -> None:
    field = control(page, "name").locator("[data-try-raw]")
    field.fill("Bo")
    expect_text(bubble(page), "Hi Bo,")
    expect_text(control(page, "name").locator("[data-try-count]"), "2 of 12")
    field.fill("A name too long to take")
    expect_text(bubble(page), "Hi there,")
    told = control(page, "name").locator("[data-try-told]")
    expect_text(told, "it has 23 characters, 12 at most")
    expect_text(control(page, "name").locator("[data-try-then]"), "“there” stands in")
    assert field.get_attribute("aria-invalid") == "true"
    described = (field.get_attribute("aria-describedby") or "").split()
    assert told.get_attribute("id") in described


def test_a_slider_runs_between_the_bounds_with_a_mark_where_the_copy_turns(
    page: Page,
) -> None:
    slider = control(page, "days").get_by_role("slider")
    assert [slider.get_attribute(side) for side in ("min", "max")] == ["0", "720"]
    mark = control(page, "days").locator(".try-slider__mark")
    expect_text(mark, "30")
    mark.click()
    expect_text(bubble(page), "welcome")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect_text(bubble(page), "it has been 31 days")
    assert control(page, "days").locator("[data-try-raw]").input_value() == "31"
    page.keyboard.press("End")
    expect_text(bubble(page), "it has been 720 days")
    control(page, "days").locator("[data-try-raw]").fill("721")
    expect_text(control(page, "days").locator("[data-try-told]"), "from 0 to 720")
    expect_text(bubble(page), "welcome")


def test_an_enum_has_a_button_a_word(page: Page) -> None:
    group = control(page, "stage").get_by_role("radiogroup")
    assert group.get_by_role("radio").count() == 3
    choose(page, "repaid")
    expect_text(bubble(page), "bit.ly/free")
    group.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowLeft")
    expect_no_text(bubble(page), "bit.ly/free")
    assert group.get_by_role("radio", checked=True).get_attribute("value") == "approved"


def test_any_text_can_be_given_to_an_enum_and_is_refused_as_compose_does(
    page: Page,
) -> None:
    control(page, "stage").locator("summary").click()
    control(page, "stage").locator("[data-try-raw]").fill("' or true or '")
    told = control(page, "stage").locator("[data-try-told]")
    expect_text(told, "not one of registered, approved, repaid")
    assert control(page, "stage").get_by_role("radio", checked=True).count() == 0


def test_true_and_false_a_day_and_asked_texts(page: Page) -> None:
    choose(page, "true")
    expect_text(bubble(page, "loud"), "Dear VIP.")
    choose(page, "false")
    expect_no_text(bubble(page, "loud"), "Dear VIP.")
    control(page, "until").locator("[data-try-day]").fill("2027-03-04")
    expect_text(bubble(page, "loud"), "Mar 4, 2027")
    control(page, "note").get_by_role("button", name="Set note to gold").click()
    expect_text(bubble(page, "loud"), "Gold.")


def test_the_base_of_an_address_stands_fixed(page: Page) -> None:
    expect_text(control(page, "link").locator(".try-base"), "https://s.example.com/w/")
    control(page, "link").locator("[data-try-raw]").fill("é x")
    expect_text(bubble(page), "https://s.example.com/w/%C3%A9%20x")
    expect_text(control(page, "link").locator("[data-try-count]"), "10 of 16")
    control(page, "link").locator("[data-try-raw]").fill("../up")
    expect_text(card(page), "Refused")
    expect_text(card(page), "link: holds '//' in front, '..'")


def test_a_time_and_lines_of_text(page: Page) -> None:
    choose(page, "push")
    control(page, "at").locator("[data-try-day]").fill("2027-03-04T05:06")
    expect_text(card(page), "5:06 AM")
    area = control(page, "poem").locator("textarea")
    area.fill("one\ntwo")
    expect_text(card(page).locator(".frame-push__body").first, "one\ntwo at")


def test_items_are_added_changed_and_taken_away(page: Page) -> None:
    choose(page, "email")
    goods = control(page, "goods")
    mail = card(page).locator(".frame-email__page, iframe").first
    goods.get_by_role("button", name="Remove item 1").click()
    expect_text(card(page), "Not sent, as planned")
    goods.get_by_role("button", name="Add an item").click()
    goods.locator("[data-try-field=title]").fill("Moby")
    goods.locator("[data-try-field=kind]").select_option("book")
    mail.wait_for()
    expect_text(card(page), "Moby, a book")
    goods.get_by_role("button", name="Add an item").click()
    assert goods.get_by_role("button", name="Add an item").is_disabled()
    goods.locator("[data-try-field=title]").nth(1).fill("A title too long")
    expect_text(card(page), "Not sent, as planned")


def test_each_variable_can_be_missing_and_says_what_then_happens(page: Page) -> None:
    says = {
        "name": "Missing: “there” stands in.",
        "note": "Missing: nothing is printed.",
        "limit": "Missing: the message is not sent.",
        "link": "Missing: the message is refused, with the reason.",
    }
    for name, then in says.items():
        switch = control(page, name).get_by_role("switch")
        switch.focus()
        page.keyboard.press("Space")
        expect_text(control(page, name).locator("[data-try-then]"), then)
        assert control(page, name).locator("[data-try-then]").is_visible()
        if name == "name":
            expect_text(bubble(page), "Hi there,")
        if name == "limit":
            expect_text(card(page), "limit: absent")
            expect_text(card(page), "not sent")
        if name == "link":
            expect_text(card(page), "refused")
        page.keyboard.press("Space")
        expect_text(bubble(page), "Sample: Hi")


def test_only_what_a_place_uses_can_be_set_there(page: Page) -> None:
    assert control(page, "goods").is_hidden()
    expect_text(page.locator("[data-try-unused]"), "goods")
    choose(page, "email")
    control(page, "goods").wait_for()
    assert control(page, "limit").is_hidden()
    choose(page, "sms")
    choose(page, "zh-CN")
    expect_text(bubble(page), "您好")
    assert control(page, "stage").is_hidden()
    expect_text(page.locator("[data-try-status]"), "sms.zh-CN")


# ---- Personas, the address, the files -------------------------------------------------


def test_personas_are_chosen_by_keyboard_and_own_values_win(page: Page) -> None:
    chosen = page.locator("[data-try-persona]:checked")
    assert chosen.get_attribute("value") == "typical"
    chosen.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect_text(card(page), "link: absent")
    page.locator("[data-try-persona-choice]").select_option("ann")
    expect_text(bubble(page), "Up to $7,000: https://s.example.com/w/abc")
    control(page, "name").locator("[data-try-raw]").fill("Zoë")
    expect_text(bubble(page), "Hi Zoë,")
    expect_text(bubble(page), "$7,000")
    page.get_by_role("button", name="Undo my changes").click()
    expect_text(bubble(page), "Hi Ann,")


def test_the_address_keeps_everything_for_a_reload_and_a_friend(page: Page) -> None:
    page.locator("[data-try-persona-choice]").select_option("ann")
    control(page, "days").locator("[data-try-raw]").fill("99")
    control(page, "name").get_by_role("switch").check()
    expect_text(bubble(page), "Hi there, it has been 99 days")
    address = page.url
    assert "try.persona=ann" in address
    page.reload()
    expect_text(bubble(page), "Hi there, it has been 99 days")
    assert control(page, "days").locator("[data-try-raw]").input_value() == "99"
    assert control(page, "name").get_by_role("switch").is_checked()
    assert page.locator("[data-try-persona-choice]").input_value() == "ann"
    page.goto("about:blank")
    page.goto(address)
    expect_text(bubble(page), "Hi there, it has been 99 days")


def test_a_change_of_the_file_keeps_values_focus_and_scroll(
    own_page: Page, root: Path
) -> None:
    page = own_page
    field = control(page, "name").locator("[data-try-raw]")
    field.fill("Bo")
    expect_text(bubble(page), "Hi Bo,")
    field.focus()
    scroll = page.evaluate("scrollY")
    path = root / "templates/hello/sms.en-US.md"
    path.write_text(SMS.replace("Hi {{ name }}", "Good day, {{ name }}"))
    expect_text(bubble(page), "Good day, Bo,")
    assert field.input_value() == "Bo"
    assert field.evaluate("item => item === document.activeElement")
    assert abs(page.evaluate("scrollY") - scroll) < 4
    field.press_sequentially("b")
    expect_text(bubble(page), "Good day, Bob,")


def test_a_variable_that_is_declared_anew_gets_its_control(
    own_page: Page, root: Path
) -> None:
    page = own_page
    control(page, "name").locator("[data-try-raw]").fill("Bo")
    expect_text(bubble(page), "Hi Bo,")
    path = root / "templates/hello/message.yaml"
    line = "  extra: {type: enum, values: [red, blue], missing: red}\n"
    path.write_text(MESSAGE + line)
    (root / "templates/hello/sms.en-US.md").write_text(
        SMS.replace("Sample: Hi", "Sample {{ extra }}: Hi")
    )
    choose_when_there = control(page, "extra").locator('label:has([value="blue"])')
    choose_when_there.click()
    expect_text(bubble(page), "Sample blue: Hi Bo,")


def test_answers_out_of_order_do_not_go_back(page: Page) -> None:
    held: list[Route] = []

    def delay(route: Route) -> None:
        if "v.name=slow" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route(re.compile("/try/"), delay)
    field = control(page, "name").locator("[data-try-raw]")
    with page.expect_request(re.compile("v.name=slow")):
        field.fill("slow")
    field.fill("fast")
    expect_text(bubble(page), "Hi fast,")
    with page.expect_response(re.compile("v.name=slow")):
        held[0].continue_()
    page.wait_for_timeout(100)
    expect_text(bubble(page), "Hi fast,")


def test_the_result_is_told_to_a_screen_reader(page: Page) -> None:
    status = page.locator("[data-try-status]")
    assert status.get_attribute("role") == "status"
    expect_text(status, "sms.en-US: 2 of 2 variants sent")
    control(page, "link").get_by_role("switch").check()
    expect_text(status, "1 of 2 variants sent")
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('[data-try] input, [data-try] select,'
          + ' [data-try] textarea, [data-try] button')].filter((item) =>
          !item.labels?.length && !item.ariaLabel && !item.textContent.trim()).length"""
    )
    assert unnamed == 0


# ---- Findings -------------------------------------------------------------------------


def test_a_finding_stands_on_its_words_with_its_cure_and_its_source(page: Page) -> None:
    choose(page, "repaid")
    one = card(page).locator(".try-finding", has_text="public link shortener")
    one.wait_for()
    expect_text(one, "Cure")
    expect_text(one, "use a short domain of your own")
    expect_text(one, "Source")
    expect_text(one, "Twilio")
    expect_text(one, "SMS030")
    expect_text(one, "copylab rule public-shortener")
    expect_text(one, "It is so for exactly these values.")
    number = one.locator(".try-badge [aria-hidden], .try-badge").first.inner_text()
    marks = card(page).locator(".try-words mark.try-mark--error")
    expect_text(marks.first, "http://bit.ly/")
    assert re.search(r"\d", number)
    in_file = card(page).locator(".try-lines mark.try-mark--error").first
    expect_text(in_file, "http://bit.ly/")
    expect_text(
        card(page).locator(".try-excerpt figcaption"), "templates/hello/sms.en-US"
    )
    in_frame = bubble(page).locator(".frame-piece--error").first
    expect_text(in_frame, "http://bit.ly/")
    choose(page, "approved")
    one.wait_for(state="detached")
    expect_text(card(page), "more are about words that other values print")


def test_what_only_these_values_bring_in_is_told(page: Page) -> None:
    control(page, "note").locator("[data-try-raw]").fill("{{ days }}")
    one = card(page, "loud").locator(".try-finding", has_text="stand-in")
    expect_text(one, "Only with these values")
    expect_text(card(page, "loud").locator(".try-words mark").last, "{{ days }}")


def test_words_that_break_leave_the_last_good_ones_to_try(
    own_page: Page, root: Path
) -> None:
    page = own_page
    path = root / "templates/hello/sms.en-US.md"
    path.write_text(SMS.replace("{{ limit | money }}", "{{ limit | money "))
    expect_text(page.locator(".try-result"), "the words they last had")
    expect_text(bubble(page), "Hi Ann")
    control(page, "name").locator("[data-try-raw]").fill("Bo")
    expect_text(bubble(page), "Hi Bo")
    path.write_text(SMS)
    expect_no_text(page.locator(".try-result"), "the words they last had")
    expect_text(bubble(page), "Hi Bo")


# ---- Hostile values -------------------------------------------------------------------

HOSTILE = [
    "<script>document.title='x'</script>",
    "<img src=x onerror=document.title='x'>",
    "\"'`&lt;</textarea></template>",
    "a\u202eb\u2066c\u200d",
    "x" * 10_000,
    "nul\x00nul",
]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda text: ascii(text)[:16])
def test_a_hostile_value_is_a_text_and_nothing_else(
    browser_page: Page, site: str, value: str
) -> None:
    page = browser_page
    names = ("name", "note", "days", "stage", "until", "link", "goods", "vip")
    query = "&".join(f"v.{name}={quote(value)}" for name in names[:2])
    query += "&" + "&".join(f"v.{name}={quote(value[:500])}" for name in names[2:])
    page.goto(f"{site}en/messages/hello.html?{query}")
    page.locator("[data-try-said]").wait_for()
    assert page.title() != "x"
    assert page.locator("[data-try] img").count() == 0
    state = json.loads(
        page.locator("[data-try-state]").get_attribute("data-try-state") or ""
    )
    assert state["controls"]["name"]["raw"] == value
    choose(page, "email")
    control(page, "goods").wait_for()
    control(page, "note").locator("[data-try-raw]").fill(value.replace("\x00", ""))
    page.wait_for_timeout(400)
    assert page.title() != "x"


def test_a_hostile_persona_is_shown_as_it_is(page: Page) -> None:
    page.locator("[data-try-persona-choice]").select_option("villain")
    field = control(page, "name").locator("[data-try-raw]")
    expect_text(card(page), "link: ")
    assert field.input_value() == "<script>document.title='x'</script>"
    assert control(page, "stage").locator("details").get_attribute("open") is not None
    assert page.title() != "x"


def test_values_too_long_for_an_address_are_told_so(page: Page) -> None:
    control(page, "note").locator("[data-try-raw]").fill("长" * 10_000)
    problem = page.locator("[data-try-problem]")
    problem.wait_for()
    expect_text(problem, "too long for an address")
    control(page, "note").locator("[data-try-raw]").fill("short")
    expect_text(bubble(page, "loud"), "short")
    assert problem.is_hidden()


def test_a_server_that_went_away_is_told(
    browser_page: Page, root: Path, serve: Callable[..., Any], watched: Any
) -> None:
    watched.allowed += ["ERR_", "Failed to load"]
    found = serve(root)
    page = open_try(browser_page, found.address)
    found.stop()
    page.wait_for_timeout(300)
    control(page, "name").locator("[data-try-raw]").fill("Bo")
    expect_text(page.locator("[data-try-problem]"), "does not answer")


# ---- Chinese, and files ---------------------------------------------------------------


def test_the_section_speaks_chinese(browser_page: Page, site: str) -> None:
    page = open_try(
        browser_page, site, "zh", **{"v.name": "一个很长很长很长很长很长的名字"}
    )
    expect_text(page.locator("#try-title"), "试一试")
    expect_text(control(page, "name").locator("[data-try-told]"), "最多 12 个")
    choose(page, "repaid")
    expect_text(card(page).locator(".try-finding").first, "解决办法")
    control(page, "limit").get_by_role("switch").check()
    expect_text(card(page), "按计划不发送")


@pytest.fixture(scope="module")
def folder(
    still: Path,
    tmp_path_factory: pytest.TempPathFactory,
    run_copylab: Callable[..., Any],
) -> Path:
    """The workspace as files."""
    found = tmp_path_factory.mktemp("out") / "site"
    done = run_copylab("preview", "--output", str(found), cwd=still)
    assert done.code == 0, done.err
    return found


@pytest.fixture
def from_disk(browser_page: Page, folder: Path) -> Page:
    browser_page.goto((folder / "en/messages/hello.html").as_uri())
    return browser_page


def test_a_file_tries_what_it_holds_and_switches_off_the_rest(from_disk: Page) -> None:
    page = from_disk
    expect_text(page.locator("#try > .note").first, "copylab preview")
    assert control(page, "name").locator("[data-try-raw]").is_disabled()
    choose(page, "repaid")
    expect_text(bubble(page), "bit.ly/free")
    expect_text(card(page).locator(".try-finding").first, "Cure")
    slider = control(page, "days").get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    expect_text(bubble(page), "welcome")
    assert slider.get_attribute("aria-valuetext") == "0"
    seen = []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        seen.append(slider.get_attribute("aria-valuetext"))
    assert seen == ["12", "29", "30"]
    expect_text(bubble(page), "welcome")
    page.keyboard.press("ArrowRight")
    expect_text(bubble(page), "it has been 31 days")
    expect_text(bubble(page), "bit.ly/free")
    expect_text(page.locator("[data-try-status]"), "2 of 2 variants sent")


def test_a_file_has_every_persona_in_every_place(from_disk: Page) -> None:
    page = from_disk
    page.locator("[data-try-persona-choice]").select_option("ann")
    expect_text(bubble(page), "Hi Ann, welcome. Up to $7,000")
    assert control(page, "name").locator("[data-try-raw]").input_value() == "Ann"
    assert control(page, "stage").get_by_role("radio").first.is_disabled()
    expect_text(page.locator("[data-try-from-persona]"), "Usual values")
    page.locator("[data-try-persona-choice]").select_option("villain")
    expect_text(card(page), "link: ")
    choose(page, "email")
    expect_text(card(page), "goods: absent")
    choose(page, "typical")
    expect_text(card(page), "Ink, a pen")
    assert page.title() != "x"


def test_a_file_says_what_is_missing(from_disk: Page) -> None:
    page = from_disk
    control(page, "name").get_by_role("switch").check()
    expect_text(control(page, "name").locator("[data-try-then]"), "“there” stands in")
    expect_text(bubble(page), "Hi there,")
    control(page, "name").get_by_role("switch").uncheck()
    expect_text(bubble(page), "Hi Ann,")
