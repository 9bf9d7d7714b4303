"""The pages of experiments as HTML, in both languages, served and written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from copylab.preview.page import View
from copylab.preview.reading import Reader
from copylab.preview.render import render_page
from copylab.preview.site import make_page

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.preview.shown import Shown

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUNNING, DRAFT = "unfinished_sms_hook", "registered_push_hook"
PROMOTED, KEPT = "approved_sms_hook", "repaid_push_milestone"
VOID = frozenset(("meta", "link", "br", "line", "circle", "rect", "path", "input"))


class Outline(HTMLParser):
    """Checks that tags close and ids are there once; keeps headings and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"] or "")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def check(root: Path) -> Shown:
    """All of it, linted."""
    return Reader(root).read(AT)


def look(root: Path) -> Shown:
    """What a first look shows, which is quick."""
    return Reader(root).look(AT)


def html_of(shown: Shown, path: str, language: str = "en", **options: object) -> str:
    told = {"is_served": True, **options}
    view = View(language, path, **told)  # type: ignore[arg-type]
    page = make_page(shown, view)
    assert page is not None
    return render_page(page, view, shown)


def words_of(html: str) -> str:
    outline = Outline()
    outline.feed(html)
    return " ".join(" ".join(outline.text).split())


@pytest.fixture(scope="module")
def shown(tried_once: Path) -> Shown:
    return check(tried_once)


PATHS = [
    "experiments.html",
    "learn.html",
    *(f"experiments/{name}.html" for name in (RUNNING, DRAFT, PROMOTED, KEPT)),
]


@pytest.mark.parametrize("form", ["served", "written"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole(shown: Shown, path: str, language: str, form: str) -> None:
    html = html_of(shown, path, language, is_served=form == "served")
    outline = Outline()
    outline.feed(html)
    assert outline.open == []
    assert len(set(outline.ids)) == len(outline.ids)
    assert outline.levels[0] == 1
    assert outline.levels.count(1) == 1
    steps = zip(outline.levels, outline.levels[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps)


def test_experiments_stand_by_status_with_what_comes_next(shown: Shown) -> None:
    text = words_of(html_of(shown, "experiments.html"))
    assert "1 running · 2 drafts · 2 concluded" in text
    order = [text.index(f"{name} winback/") for name in (RUNNING, DRAFT, PROMOTED)]
    assert order == sorted(order)
    assert "copylab start registered_push_hook" in text
    assert "0 of 3 looks taken" in text
    assert "Promoted coupon" in text
    assert "Kept plain: nothing beat it" in text


def test_what_hinders_a_draft_is_told_with_its_cure(tried: Path) -> None:
    file = tried / f"experiments/{DRAFT}.yaml"
    file.write_text(file.read_text().replace("coupon: 30%", "cuopon: 30%"))
    shown = look(tried)
    for path in ("experiments.html", f"experiments/{DRAFT}.html"):
        text = words_of(html_of(shown, path))
        assert "'cuopon' is no variant" in text
        assert f"experiments/{DRAFT}.yaml:" in text
    assert f"copylab start {DRAFT}" not in text


def test_a_second_experiment_on_the_same_copy_hinders_the_start(tried: Path) -> None:
    rival = (tried / f"experiments/{RUNNING}.yaml").read_text()
    rival = rival[: rival.index("epochs:")].replace("status: running", "status: draft")
    (tried / "experiments/rival.yaml").write_text(rival.replace("wb.b83", "wb.c83"))
    text = words_of(html_of(look(tried), "experiments/rival.html"))
    assert f"'{RUNNING}' is running on winback/unfinished_day3 (sms) already" in text
    assert "conclude that one first" in text


def test_what_changed_since_the_start_is_told(tried: Path) -> None:
    file = tried / f"experiments/{RUNNING}.yaml"
    text = file.read_text()
    changed = text.replace("arms: {plain: 50%", "arms: {plain: 40%")
    file.write_text(changed.replace("curiosity: 50%}", "curiosity: 60%}"))
    told = words_of(html_of(check(tried), f"experiments/{RUNNING}.html"))
    assert "It is not what was started:" in told
    assert "the share of 'plain' went from 50% to 40%" in told


def test_a_draft_that_is_not_checked_yet_is_not_called_ready(tried: Path) -> None:
    shown = look(tried)
    assert not shown.is_checked
    text = words_of(html_of(shown, f"experiments/{DRAFT}.html"))
    assert "Being checked…" in text
    assert "Nothing hinders the start" not in text


def test_a_file_that_is_no_experiment_has_a_page_that_says_why(tried: Path) -> None:
    file = tried / f"experiments/{DRAFT}.yaml"
    file.write_text("message: [winback\n")
    shown = look(tried)
    for path in ("experiments.html", f"experiments/{DRAFT}.html"):
        text = words_of(html_of(shown, path))
        assert "annot be read" in text
        assert f"experiments/{DRAFT}.yaml" in text


def test_the_words_of_the_arms_stand_side_by_side(shown: Shown) -> None:
    html = html_of(shown, f"experiments/{DRAFT}.html")
    block = html[html.index('class="wordings"') :]
    block = block[: block.index("</section>")]
    arms = re.findall(r'<h4 class="row">(\w+) ', block)
    assert arms[:4] == ["plain", "coupon", "curiosity", "none"]
    assert "Gets nothing." in block


def test_words_are_rendered_for_a_persona_of_the_address(shown: Shown) -> None:
    path = f"experiments/{RUNNING}.html"
    usual = html_of(shown, path)
    missing = html_of(shown, path, query={"persona": "everything_missing"})
    assert "Rendered as it would be sent, for everything_missing." in missing
    assert "Not sent: " in missing or missing != usual
    unknown = html_of(shown, path, query={"persona": "<script>"})
    assert "<script>alert" not in unknown
    assert "with values of the made-up users" in unknown


def test_what_users_write_is_text_in_the_page(tried: Path) -> None:
    file = tried / f"experiments/{DRAFT}.yaml"
    nasty = "<img src=x onerror=alert(1)>"
    text = file.read_text().replace(
        "audience: registered_not_back", f'audience: "{nasty}"'
    )
    file.write_text(text)
    shown = look(tried)
    for path in ("experiments.html", f"experiments/{DRAFT}.html"):
        html = html_of(shown, path)
        assert "<img" not in html
        assert "&lt;img" in html


def test_an_audience_is_told_in_words_as_written_and_in_sql(shown: Shown) -> None:
    text = words_of(html_of(shown, f"experiments/{RUNNING}.html"))
    assert "application_started_at is 3 days ago or longer" in text
    assert "application_started_at <= now - 3 days" in text
    assert "SELECT user_id FROM users WHERE" in text
    assert "2026-11-22 00:00 UTC for now" in text


def test_a_page_that_is_served_waits_for_its_report(shown: Shown) -> None:
    html = html_of(shown, f"experiments/{PROMOTED}.html")
    assert 'data-report="../report/approved_sms_hook.html"' in html
    assert "report-primary" not in html
    text = words_of(html_of(shown, f"report/{PROMOTED}.html"))
    assert "Lift of click against" in text
    assert "PROMOTE coupon" in text


def test_a_page_that_is_written_holds_its_report(shown: Shown) -> None:
    html = html_of(shown, f"experiments/{PROMOTED}.html", is_served=False)
    assert "report-primary" in html
    assert "data-report=" not in html
    assert "<script src=" in html
    assert "<svg" in html


def test_a_report_is_in_the_language_of_the_page(shown: Shown) -> None:
    text = words_of(html_of(shown, f"report/{PROMOTED}.html", "zh"))
    assert "主要指标" in text
    assert "Primary metric" not in text


def test_what_is_decided_is_not_asked_for_again(shown: Shown) -> None:
    text = words_of(html_of(shown, f"report/{PROMOTED}.html"))
    assert "copylab promote approved_sms_hook" not in text


def test_a_due_look_is_announced_and_kept_closed(shown: Shown) -> None:
    text = words_of(html_of(shown, f"report/{RUNNING}.html"))
    assert "Look 1 is due, and this page does not take it" in text
    assert f"copylab analyze {RUNNING} --record" in text
    assert "Lift of click against" not in text
    assert "opt_out" in text
    assert "due now" in text


def test_without_data_the_page_says_how_to_get_them(sample: Path) -> None:
    shown = look(sample)
    text = words_of(html_of(shown, f"report/{DRAFT}.html"))
    assert "How many users it needs is not known yet" in text
    assert f"copylab plan {DRAFT} --rate click=3%" in text


def test_a_fault_in_the_data_is_a_message_on_the_page(tried: Path) -> None:
    (tried / "data/outcomes.parquet").write_bytes(b"nothing")
    html = html_of(look(tried), f"report/{RUNNING}.html")
    text = words_of(html)
    assert "There is nothing to read yet" in text
    assert "outcomes.parquet" in text
    assert f"copylab simulate {RUNNING}" in text
    outline = Outline()
    outline.feed(html)
    assert outline.open == []


def test_data_in_a_database_are_left_to_the_command(tried: Path) -> None:
    settings = tried / "copylab.yaml"
    settings.write_text(
        settings.read_text().replace(
            "outcomes: data/outcomes.parquet",
            'outcomes: "postgres://analyst:secret@db.example/crm#outcomes"',
        )
    )
    text = words_of(html_of(look(tried), f"report/{RUNNING}.html"))
    assert "postgres://db.example/crm#outcomes" in text
    assert "secret" not in text
    assert f"copylab analyze {RUNNING} --format html" in text


def test_a_promotion_shows_the_line_that_changed(shown: Shown) -> None:
    for path in ("experiments.html", f"experiments/{PROMOTED}.html"):
        html = html_of(shown, path)
        assert "<del>- live: plain</del>\n<ins>+ live: coupon</ins>" in html
        assert "templates/winback/approved_day7/message.yaml:" in html
        assert "experiments/decisions/approved_sms_hook.yaml" in html


def test_without_any_experiment_the_page_says_how_to_begin(tried: Path) -> None:
    for file in (tried / "experiments").glob("*_*.yaml"):
        file.unlink()
    for file in (tried / "experiments/decisions").iterdir():
        file.unlink()
    shown = look(tried)
    text = words_of(html_of(shown, "experiments.html"))
    assert "No experiment yet." in text
    assert "Nothing has been decided yet." in text
    assert "There is nothing to learn from yet" in words_of(
        html_of(shown, "learn.html")
    )


def test_lessons_come_in_words_with_their_tests(shown: Shown) -> None:
    text = words_of(html_of(shown, "learn.html"))
    assert "over 2 decided experiments together" in text
    assert "“discount” seems to do better than “reminder”: +" in text
    assert "A hint, no knowledge: below 5 tests" in text
    assert "k = 1" in text
    assert "k = 2" in text


def test_five_tests_are_knowledge_and_are_pooled(tried: Path) -> None:
    record = (tried / "experiments/decisions/approved_sms_hook.yaml").read_text()
    for place in range(5):
        name = f"past_{place}"
        (tried / f"experiments/decisions/{name}.yaml").write_text(
            record.replace("experiment: approved_sms_hook", f"experiment: {name}")
        )
    html = html_of(look(tried), "learn.html")
    text = words_of(html)
    assert "“discount” does better than “reminder”: +" in text
    assert "k = 6" in text
    assert "A next test is to be expected at +" in text
    assert html.count('class="plot-row plot-row--pooled"') >= 1
    block = html[html.index("“discount” does better") :]
    block = block[: block.index("</article>")]
    assert block.count('class="plot-row plot-row--test"') == 6
    assert "A hint" not in block


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("message: winback/registered_day3", "message: winback/nothing"),
        ("channels: [push]", "channels: [pigeon]"),
        ("audience: registered_not_back", "audience: registered_at <"),
        ("audience: registered_not_back", "audience: loans = 0"),
        ("audience: registered_not_back\n", ""),
        ("control: plain", "control: nobody"),
        ("coupon: 30%, curiosity: 30%", "coupon: 0%, curiosity: 60%"),
        ("plain: 30%, coupon: 30%", "plain: 0%, coupon: 60%"),
        ("metrics: {primary: click", "metrics: {primary: applause"),
        ("metrics: {", "strata: city\nunused: {"),
        ("mde: 15%, looks: 3", "looks: any"),
        ("mde: 15%, looks: 3", "mde: 15%, looks: any"),
        ("mde: 15%, looks: 3", "units: 12000, looks: 2"),
        ("mde: 15%, looks: 3", "mde: 15%, units: 9000, looks: 1"),
        ("mde: 15%, looks: 3", "mde: 900%, looks: 3"),
        ("mde: 15%, looks: 3", "looks: 3"),
        (", window: 14d}", "}"),
        ("unit: user_id", "unit: household"),
        ("status: draft", "status: running"),
        ("status: draft", "status: concluded"),
    ],
)
def test_whatever_a_draft_says_its_pages_are_there(
    tried: Path, old: str, new: str
) -> None:
    file = tried / f"experiments/{DRAFT}.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    shown = look(tried)
    assert DRAFT in shown.workspace.experiments
    for language in ("en", "zh"):
        for path in ("experiments", f"experiments/{DRAFT}", f"report/{DRAFT}"):
            outline = Outline()
            outline.feed(html_of(shown, f"{path}.html", language))
            assert outline.open == []
