"""Every branch of a message in a real browser: read, jumped to, unfolded and followed."""

from __future__ import annotations

import subprocess
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
CARD = '[id="branches.sms.zh-CN.plain"]'


def address(site: Any, language: str, message: str = MESSAGE) -> str:
    return f"{site.address}{language}/messages/{message}.html"


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.email=a@example.com", "-c", "user.name=A")
    subprocess.run(
        ["git", "-C", str(root), *who, *arguments], check=True, capture_output=True
    )


def change(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "title", "branch", "when", "part"),
    [
        ("en", "Every branch", "Branch 3", "when step: contact", "at most 2 parts"),
        ("zh", "全部分支", "分支 3", "条件 step：contact", "最多 2 条"),
    ],
)
def test_each_branch_says_what_leads_there_and_how_long_it_can_get(
    browser_page: Page,
    served: Any,
    language: str,
    title: str,
    branch: str,
    when: str,
    part: str,
) -> None:
    browser_page.goto(address(served, language))
    section = browser_page.get_by_role("region", name=title)
    expect(section).to_be_visible()
    card = section.locator(CARD)
    branches = card.locator(".branches-branch")
    expect(branches).to_have_count(5)
    third = branches.nth(2)
    expect(third).to_contain_text(branch)
    expect(third).to_contain_text(when)
    expect(third).to_contain_text(part)
    # What differs is said to assistive technology, too: ins and del have roles.
    expect(third.get_by_role("insertion")).to_have_text("联系方式")
    expect(third.get_by_role("deletion")).to_have_text("身份核对")
    expect(branches.first.get_by_role("insertion")).to_have_count(0)


def test_the_marks_are_seen_without_colours(browser_page: Page, served: Any) -> None:
    browser_page.goto(address(served, "en"))
    for name, line in (("ins", "underline"), ("del", "line-through")):
        mark = browser_page.locator(f"{CARD} .branches-text {name}").first
        expect(mark).to_have_css("text-decoration-line", line)


def test_a_reader_with_a_keyboard_jumps_to_a_channel_and_opens_the_worst_case(
    browser_page: Page, written: Any
) -> None:
    browser_page.goto(address(written, "en"))
    jump = browser_page.get_by_role("navigation", name="Texts").get_by_role(
        "link", name="Push · zh-CN"
    )
    jump.focus()
    browser_page.keyboard.press("Enter")
    shelf = browser_page.locator('[id="branches.push.zh-CN"]')
    expect(shelf).to_be_in_viewport()
    worst = browser_page.locator('[id="branches.sms.zh-CN.plain.worst"]')
    values = worst.get_by_text("Shown with")
    expect(values).to_be_hidden()
    worst.locator("summary").focus()
    browser_page.keyboard.press("Enter")
    expect(values).to_be_visible()
    expect(worst).to_contain_text("Proved: no allowed values make it longer.")
    expect(worst.locator("summary")).to_contain_text("0.090 CNY a message")
    browser_page.keyboard.press("Enter")
    expect(values).to_be_hidden()


def test_the_longest_email_that_was_found_is_not_said_to_be_proved(
    browser_page: Page, served: Any
) -> None:
    browser_page.goto(address(served, "zh"))
    worst = browser_page.locator('[id="branches.email.zh-CN.plain.worst"] summary')
    expect(worst).to_contain_text("已找到的最长")
    expect(worst).not_to_contain_text("已证明")


def test_lines_that_are_the_same_are_folded_and_open_with_a_key(
    browser_page: Page, served: Any
) -> None:
    browser_page.goto(address(served, "en", "winback/registered_day3"))
    card = browser_page.locator('[id="branches.email.en-US.plain"]')
    fold = card.locator("details.branches-fold").first
    expect(fold.locator("summary")).to_contain_text("as in branch 1")
    shown = fold.inner_text()
    fold.locator("summary").focus()
    browser_page.keyboard.press("Enter")
    expect(fold).to_have_attribute("open", "")
    assert len(fold.inner_text()) > len(shown)


def test_a_branch_without_an_opt_out_carries_the_finding_as_soon_as_it_is_saved(
    browser_page: Page, serve: Callable[..., Any], own_sample: Path
) -> None:
    site = serve(own_sample)
    browser_page.goto(address(site, "en"))
    branches = browser_page.locator(f"{CARD} .branches-branch")
    expect(branches.nth(2)).to_contain_text("拒收请回复R")
    worst = browser_page.locator('[id="branches.sms.zh-CN.plain.worst"]')
    worst.locator("summary").click()
    expect(browser_page.get_by_role("status").first).to_contain_text("Follows")
    opt_out = "请理性借贷，拒收请回复R"
    change(
        own_sample,
        SMS,
        f"{opt_out}\n\n",
        "请理性借贷{% if step != 'contact' %}，拒收请回复R{% endif %}\n\n",
    )
    expect(branches.nth(2)).to_contain_text(
        "this branch has no opt-out for CN", timeout=15_000
    )
    expect(branches.nth(1)).not_to_contain_text("has no opt-out")
    expect(worst).to_have_attribute("open", "")


@pytest.mark.parametrize(
    ("language", "name", "before", "after"),
    [
        ("en", "Against before", "Before", "After"),
        ("zh", "与 before 对比", "之前", "之后"),
    ],
)
def test_a_revision_is_compared_branch_by_branch(
    browser_page: Page,
    serve: Callable[..., Any],
    own_sample: Path,
    language: str,
    name: str,
    before: str,
    after: str,
) -> None:
    git(own_sample, "init", "-q")
    git(own_sample, "add", "-A")
    git(own_sample, "commit", "-qm", "as it was")
    git(own_sample, "tag", "before")
    change(own_sample, SMS, "资料保留至", "资料留到")
    site = serve(own_sample, "--against", "before")
    browser_page.goto(address(site, language))
    region = browser_page.get_by_role("region", name=name)
    pair = region.locator(".branches-pair").first
    expect(pair.get_by_role("heading", name=before)).to_be_visible()
    expect(pair.get_by_role("heading", name=after)).to_be_visible()
    expect(pair.get_by_role("deletion")).to_have_text("保留至")
    expect(pair.get_by_role("insertion")).to_have_text("留到")
    expect(region.locator(".branches-pair")).to_have_count(5)


def test_nothing_that_a_template_says_becomes_markup(
    browser_page: Page, serve: Callable[..., Any], own_sample: Path
) -> None:
    evil = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    change(own_sample, SMS, "资料保留至", f"{evil}资料保留至")
    site = serve(own_sample)
    browser_page.goto(address(site, "en"))
    first = browser_page.locator(f"{CARD} .branches-text").first
    expect(first).to_contain_text(evil)
    assert browser_page.locator(".branches img, .branches script").count() == 0
    assert "owned" not in browser_page.title()
