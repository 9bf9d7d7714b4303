"""The report as a page: whole, readable, and safe whatever the data hold."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.analysis.arm_copies import ArmCopy
from copylab.analysis.comparing import compare_arms
from copylab.analysis.costs import ArmCost
from copylab.analysis.delivery import check_delivery
from copylab.analysis.guardrails import judge_guardrail
from copylab.analysis.moments import Proportion
from copylab.analysis.outlook import Outlook
from copylab.analysis.priors import LiftPrior, shrink_lifts
from copylab.analysis.report import html, markdown, text
from copylab.analysis.report.compose import compose
from copylab.analysis.report.style import DARK, LIGHT
from copylab.analysis.report.words_en import WORDS as EN
from copylab.analysis.report.words_zh import WORDS as ZH
from copylab.analysis.results import Analysis, Arm, HealthNote
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.verdict import Evidence, decide

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "header", "h1", "p"),
    *("nav", "ul", "li", "a", "main", "section", "h2", "h3", "table", "caption"),
    *("thead", "tbody", "tr", "th", "td", "bdi", "figure", "figcaption", "svg"),
    *("desc", "span", "line", "circle", "path", "text", "article", "dl", "dt", "dd"),
}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script src=//evil.example/x.js>",
    "</title><svg onload=alert(1)>",
    "]]><!-- --!> <!DOCTYPE x>",
    "javascript:alert(1) https://evil.example",
    "\u202eevil\u2066\x00\x1b[31m\ud800",
    "| a | b |\n# heading\n[x](javascript:alert(1))",
    "{{ 7*7 }} {metric} %s",
]


class Page(HTMLParser):
    """What a page holds: tags, attributes, text; it refuses what is left open."""

    VOID = frozenset(("meta", "line", "circle", "path"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def attributes(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def make(
    names: tuple[str, str, str] = ("plain", "coupon", "none"),
    metric: str = "click",
    copy: str = "Hello\nSTOP",
    note: str = "a note",
) -> Analysis:
    """An analysis with all that a report can show, named as one likes."""
    control, arm, silence = names
    counts = {control: 9000, arm: 9100, silence: 2000}
    found = {
        control: Proportion(450, 9000),
        arm: Proportion(560, 9100),
        silence: Proportion(10, 2000),
    }
    compared = compare_arms(
        metric, "share", found, control, alpha=0.05, correction="holm", role="primary"
    )
    opted = compare_arms(
        "opt_out",
        "share",
        {control: Proportion(20, 9000), arm: Proportion(60, 9100)},
        control,
        alpha=0.05,
        correction="none",
        role="guardrail",
    )
    guards = [judge_guardrail(item, better="lower", margin=0.001) for item in opted]
    srm = check_sample_ratio(counts, counts)
    health = (HealthNote("silent-arm", ok=True, message=note, cure=note),)
    prior = LiftPrior(0.0, 0.1, "experiment")
    verdict = decide(
        Evidence(compared, found, better="higher", alpha=0.05),
        srm=srm,
        guardrails=guards,
    )
    return Analysis(
        control=control,
        alpha=0.05,
        arms=tuple(Arm(name, n, n / 20100) for name, n in counts.items()),
        srm=srm,
        comparisons=(*compared, *opted),
        verdict=verdict,
        health=health,
        guardrails=tuple(guards),
        name=names[1],
        better={metric: "higher", "opt_out": "lower"},
        delivery=check_delivery({control: 9000, arm: 9100}, {control: 8900, arm: 8500}),
        outlook=Outlook(20100, 40000, 0),
        prior=prior,
        shrunk=shrink_lifts(compared, prior, 0.05),
        costs=(ArmCost(arm, 9100, 9100, 18200, {"CNY": Decimal("819.00")}),),
        copies=(ArmCopy(arm, "sms", "zh-CN", (("body", copy),), (("hook", note),)),),
    )


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_page_asks_nobody_for_anything_and_can_be_read_aloud(locale: str) -> None:
    page = Page(html.write(make(), locale=locale))
    tags = [tag for tag, _ in page.tags]
    assert set(tags) <= TAGS
    assert page.tags[0] == ("html", {"lang": locale})
    for landmark in ("header", "nav", "main", "h1"):
        assert tags.count(landmark) == 1
    assert not [name for _, a in page.tags for name in a if name.startswith("on")]
    assert not page.attributes("src")
    assert all(link.startswith("#") for link in page.attributes("href"))
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.attributes("href")} <= set(ids)
    for names in page.attributes("aria-labelledby"):
        assert set(names.split()) <= set(ids)
    tables = tags.count("table")
    assert tables == tags.count("caption") >= 3
    heads = [attrs for tag, attrs in page.tags if tag == "th"]
    assert {attrs["scope"] for attrs in heads} == {"col", "row"}
    plots = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert plots
    assert all(plot["role"] == "img" for plot in plots)
    assert "+0.0%" not in "".join(page.text)
    policy = next(a for t, a in page.tags if a.get("http-equiv"))
    assert str(policy["content"]).startswith("default-src 'none'")


def test_a_page_fetches_nothing() -> None:
    page = html.write(make())
    assert "http" not in page.replace("http-equiv", "")
    assert "@import" not in page
    assert "url(" not in page


def test_sections_stand_in_the_order_in_which_they_are_read() -> None:
    page = Page(html.write(make()))
    sections = [attrs["id"] for tag, attrs in page.tags if tag == "section"]
    assert sections == [
        *("verdict", "health", "primary", "guardrails", "funnel", "strata", "cost"),
        *("holdout", "looks", "copy", "method"),
    ]


def test_a_better_arm_that_is_passed_over_is_named_in_every_form() -> None:
    analysis = make()
    assert analysis.verdict.action == "harm"
    for shown in (
        text.write(analysis),
        html.write(analysis),
        markdown.write(analysis).replace("\\", ""),
    ):
        assert "Passed over: “coupon” is better on click" in shown
    assert "未采用“coupon”" in text.write(analysis, locale="zh-CN")


def test_raw_and_expected_lift_stand_beside_each_other_with_the_method() -> None:
    shown = text.write(make())
    assert "expected lift [95%]" in shown
    assert "lift [95%]" in shown
    assert "drawn towards the prior that the plan declares" in " ".join(shown.split())
    without = replace(make(), prior=None, shrunk=())
    assert "no prior is declared" in " ".join(text.write(without).split())


@pytest.mark.parametrize("bad", HOSTILE)
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_hostile_names_and_copy_neither_run_nor_break_out(
    bad: str, locale: str
) -> None:
    analysis = make((f"a{bad}", f"b{bad}", f"c{bad}"), bad, bad, bad)
    check_safe(html.write(analysis, locale=locale))
    check_safe(html.write_fragment(analysis, locale=locale))


names = st.text(
    st.sampled_from("<>\"'&;=/ abcABC:()[]{}`\n\t\x00\u202e!-#\ud800字"), max_size=30
)


@given(names, names, names, names)
@settings(max_examples=60)
def test_no_text_adds_a_tag_an_attribute_or_an_address(
    one: str, two: str, metric: str, copy: str
) -> None:
    analysis = make((f"a{one}", f"b{two}", "c"), f"m{metric}", copy, copy or "x")
    check_safe(html.write(analysis))
    usual = Page(html.write(make(("a", "b", "c"), "m", "x", "x")))
    here = Page(html.write(analysis))
    assert [tag for tag, _ in here.tags] == [tag for tag, _ in usual.tags]
    assert [set(a) for _, a in here.tags] == [set(a) for _, a in usual.tags]
    for page in (text.write(analysis), markdown.write(analysis)):
        assert "\x00" not in page
        assert "\u202e" not in page
        assert "\x1b" not in page


def check_safe(page: str) -> None:
    page.encode()  # no half of a pair
    found = Page(page)
    assert {tag for tag, _ in found.tags} <= TAGS
    for tag, attrs in found.tags:
        assert not [name for name in attrs if name.startswith("on")]
        assert not {"src", "style", "srcset", "action", "xlink:href"} & set(attrs)
        if "href" in attrs:
            assert tag == "a"
            assert re.fullmatch(r"#[a-z]+", attrs["href"] or "")


def test_markdown_makes_no_markup_of_names() -> None:
    bad = "|x|\n# h <b>[l](javascript:alert(1)) https://evil.example `c` *s*"
    shown = markdown.write(make(("a", bad, "c"), copy=bad))
    assert "<b>" not in shown
    assert "\n# h" not in shown
    assert "https://" not in shown
    assert not re.search(r"(?<!\\)\]\(", shown)
    heads = [line for line in shown.splitlines() if line.startswith("#")]
    assert heads[0].startswith("## \\|x\\|")
    assert all(line.startswith("### ") for line in heads[1:])


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    def blanks(words: dict[str, str]) -> dict[str, set[str]]:
        return {
            key: {name for _, name, _, _ in Formatter().parse(value) if name}
            for key, value in words.items()
        }

    english, chinese = blanks(EN), blanks(ZH)
    only_chinese = {
        key
        for key in chinese.keys() - english.keys()
        if not key.startswith(("reason.", "health.", "cure.", "spending.", "method:"))
    }
    assert not only_chinese
    assert not english.keys() - chinese.keys()
    assert {k: v for k, v in chinese.items() if k in english} == english


def test_a_chinese_page_holds_no_english_sentence() -> None:
    shown = " ".join(text.write(make(), locale="zh-CN").split())
    plain = shown.replace("a note", "").replace("Statistics in Medicine", "")
    assert not re.findall(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", plain)


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colors", [LIGHT, DARK])
@pytest.mark.parametrize("name", ["ink", "quiet", "mark", "good", "bad", "warn"])
@pytest.mark.parametrize("ground", ["ground", "panel"])
def test_colours_of_text_stand_out(
    colors: dict[str, str], name: str, ground: str
) -> None:
    one, two = sorted((luminance(colors[name]), luminance(colors[ground])))
    assert (two + 0.05) / (one + 0.05) >= 4.5


def test_colour_is_written_only_where_it_is_asked_for() -> None:
    assert "\x1b[" not in text.write(make())
    colored = text.write(make(), color=True)
    assert "\x1b[31m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == text.write(make())


def test_a_notebook_shows_the_report() -> None:
    shown = make()._repr_html_()
    assert shown.startswith("<style>")
    assert '<article class="copylab"' in shown


def test_bars_of_text_show_zero_the_estimate_and_what_to_expect() -> None:
    lines = text.write(make()).splitlines()
    bar = next(line for line in lines if line.startswith("  coupon") and "●" in line)
    assert bar.index("│") < bar.index("├") < bar.index("◇") < bar.index("●")
    assert bar.index("●") < bar.index("┤")


def test_sections_for_another_page_have_ids_and_headings_of_its_choice() -> None:
    document = compose(make())
    written = html.write_parts(document, prefix="r-", level=4)
    assert "<style" not in written
    assert re.findall(r'<section id="([\w-]+)"', written) == [
        f"r-{part.name}" for part in document.parts
    ]
    assert {int(level) for level in re.findall(r"<h(\d)", written)} <= {4, 5}
    whole = html.write(make())
    assert html.write_parts(document) in whole


def test_a_decision_that_is_made_needs_no_next_step() -> None:
    asked, made = compose(make()), compose(make(), with_next=False)
    assert len(asked.parts[0].blocks) == len(made.parts[0].blocks) + 1
    assert asked.parts[1:] == made.parts[1:]
