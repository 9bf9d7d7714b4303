"""The overview as a page: campaigns, time lines, filters, and what nothing looks like."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from copylab.preview.page import View
from copylab.preview.pages.overview import overview_page
from copylab.preview.reading import Reader
from copylab.preview.render import render_page
from copylab.preview.words.overview import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.preview.pages.overview import Overview
    from copylab.preview.shown import Shown

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONFIG = "brand: {name: Example}\nlocales: {default: en-US}\nmarkets: [US]\n"
VOID = frozenset(("meta", "link", "input", "col", "br", "hr", "img"))


class Balance(HTMLParser):
    """Reads HTML and refuses tags that do not close; notes ids and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def shown(sample: Path) -> Shown:
    return Reader(sample).read(AT)


def overview_of(shown: Shown) -> Overview:
    page = overview_page(shown, View("en", "index.html", is_served=True))
    return page.content["overview"]  # type: ignore[return-value]


def html_of(shown: Shown, language: str = "en") -> str:
    view = View(language, "index.html", is_served=True)  # type: ignore[arg-type]
    return render_page(overview_page(shown, view), view, shown)


def read(html: str) -> Balance:
    found = Balance()
    found.feed(html)
    assert found.open == []
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_well_formed_and_its_ids_are_unique(
    shown: Shown, language: str
) -> None:
    page = read(html_of(shown, language))
    assert sorted(page.ids) == sorted(set(page.ids))
    targets = {link[1:] for link in page.links if link.startswith("#")}
    assert targets <= set(page.ids)


def test_a_campaign_has_its_messages_and_a_line_for_each_way_of_sending(
    shown: Shown,
) -> None:
    (campaign,) = overview_of(shown).campaigns
    assert campaign.name == "winback"
    assert [row.name for row in campaign.rows] == [
        "approved_day7",
        "registered_day3",
        "repaid_day30",
        "unfinished_day3",
    ]
    lines = [(line.messages, line.days) for line in campaign.lines]
    # Approved ones are spared the e-mail by a loan, the others by an application.
    assert lines == [
        (("registered_day3", "repaid_day30", "unfinished_day3"), (0, 3)),
        (("approved_day7",), (0, 3)),
    ]
    assert campaign.without_line == 0


def test_outcomes_count_from_the_send_that_an_experiment_covers(shown: Shown) -> None:
    (campaign,) = overview_of(shown).campaigns
    lanes = {
        lane.trial.name: (lane.channels, lane.day, lane.until)
        for line in campaign.lines
        for lane in line.lanes
    }
    assert lanes["approved_sms_hook"] == (("sms",), 0, 14)
    assert lanes["approved_6m_email_coupon"] == (("email",), 3, 17)
    assert [line.ends for line in campaign.lines] == [14, 17]
    for line in campaign.lines:
        assert line.marks[0] == 0
        assert line.marks[-1] == line.ends
        assert list(line.marks) == sorted(set(line.marks))


def test_filters_offer_what_there_is(shown: Shown) -> None:
    options = overview_of(shown).options
    assert options["channel"] == ("sms", "push", "email")
    assert options["locale"] == ("zh-CN", "en-US")
    assert options["market"] == ("CN", "US")
    assert options["purpose"] == ("marketing",)
    assert "approved_not_borrowed" in options["audience"]


def test_audiences_are_told_in_words(shown: Shown) -> None:
    text = "\n".join(read(html_of(shown)).texts)
    assert "approved_at is 7 days ago or longer" in text


def test_words_of_partials_are_not_in_each_message(shown: Shown) -> None:
    # The rate stands in its own partial, and in the footer, which includes it.
    assert html_of(shown).count("年化利率7.2%-24%（单利）") == 2
    assert set(overview_of(shown).partials) == set(shown.workspace.partials)


def test_partials_within_partials_are_looked_through_without_end(
    make_files: Callable[..., Path],
) -> None:
    root = make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/_partials/a.md": "one {% include 'b.md' %}",
            "templates/_partials/b.md": "two {% include 'a.md' %}",
            "templates/x/message.yaml": "purpose: transactional\nlive: plain\n",
            "templates/x/sms.en-US.md": "hi {% include 'a.md' %}\n",
        }
    )
    partials = overview_of(Reader(root).read(AT)).partials
    assert partials["a.md"].split() == ["one", "two"]


def test_a_workspace_without_messages_says_what_to_do(
    make_files: Callable[..., Path],
) -> None:
    shown = Reader(make_files({"copylab.yaml": CONFIG})).read(AT)
    html = html_of(shown)
    text = "".join(read(html).texts)
    assert "No messages yet" in text
    assert "copylab new" in text
    assert "<select" not in html


def test_the_command_that_an_empty_page_names_makes_a_message(
    make_files: Callable[..., Path], run_copylab: Callable[..., Any]
) -> None:
    root = make_files({"copylab.yaml": CONFIG})
    html = html_of(Reader(root).read(AT))
    found = re.search(r"copylab (new [^<]+)", html)
    assert found is not None
    done = run_copylab(*found[1].split(), cwd=root)
    assert done.code == 0, done.err
    assert overview_of(Reader(root).read(AT)).count == 1


def test_a_campaign_without_a_sequence_says_how_to_write_one(
    make_files: Callable[..., Path],
) -> None:
    root = make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/a/x/message.yaml": "purpose: transactional\nlive: plain\n",
            "templates/a/x/sms.en-US.md": "hi\n",
        }
    )
    text = "".join(read(html_of(Reader(root).read(AT))).texts)
    assert "sequence:" in text


def test_findings_outside_of_messages_are_told(make_files: Callable[..., Path]) -> None:
    root = make_files({"copylab.yaml": CONFIG + "surplus: 1\n"})
    text = "".join(read(html_of(Reader(root).read(AT))).texts)
    assert "finding outside of messages" in text or "findings outside" in text
    assert "copylab.yaml:4" in text


def test_hostile_names_and_words_are_only_text(
    make_files: Callable[..., Path],
) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    root = make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/a&b <i>/x'y/message.yaml": (
                f"purpose: transactional\nlive: plain\nvariants: {{plain: {{hook: {evil!r}}}}}\n"
            ),
            "templates/a&b <i>/x'y/sms.en-US.md": f"{evil}\n",
            "templates/_partials/p.md": evil,
        }
    )
    html = html_of(Reader(root).read(AT))
    read(html)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "<i>" not in re.sub(r"<i></i>|<i style[^>]*>|<i>\d+</i>", "", html)


def test_both_languages_have_each_text() -> None:
    for name, (english, chinese) in TEXTS.items():
        assert english, name
        assert chinese, name
        holes = re.findall(r"\{(\w+)\}", english)
        assert sorted(set(holes)) == sorted(set(re.findall(r"\{(\w+)\}", chinese)))


def test_each_text_is_used(repository: Path) -> None:
    folder = repository / "copylab/preview"
    files = [folder / "html/overview.html", folder / "html/parts/timeline.html"]
    files += [folder / "pages/overview.py"]
    whole = "".join(file.read_text() for file in files)
    spoken = set(re.findall(r"overview\.(\w+)", whole))
    stems = {"only", "line"}  # composed with what follows
    composed = {
        "campaign", "channel", "locale", "market", "purpose", "audience",
        "findings", "gaps", "running", "draft", "concluded",
        "sms", "push", "email", "marketing", "transactional", "otp",
        "error", "warning", "info",
        "mon", "tue", "wed", "thu", "fri", "sat", "sun",
        "only_findings", "only_gaps", "only_running",
    }  # fmt: skip
    unused = {
        name
        for name in TEXTS
        if name.removesuffix("_one") not in spoken | composed | stems
    }
    assert unused == set()
