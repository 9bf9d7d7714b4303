"""What the report says of its numbers: corrections, origin, and what is not to be read."""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

import pytest

from copylab.analysis import exact_proportions, means, proportions, ranking, ratios
from copylab.analysis.comparing import compare_arms
from copylab.analysis.corrections import CORRECTION_NAMES
from copylab.analysis.costs import ArmCost
from copylab.analysis.data_span import DataSpan
from copylab.analysis.guardrails import judge_guardrail
from copylab.analysis.moments import Moments, Proportion
from copylab.analysis.origin import Origin, cite_file
from copylab.analysis.outlook import Outlook
from copylab.analysis.report import html, markdown, text
from copylab.analysis.report.citations import SOURCES
from copylab.analysis.report.compose import compose
from copylab.analysis.report.document import ArmName as Name
from copylab.analysis.report.document import Plot, PlotRow, Table, visible
from copylab.analysis.report.svg import draw
from copylab.analysis.report.words import Words
from copylab.analysis.report.words_zh import WORDS as ZH
from copylab.analysis.results import Analysis, Arm, HealthNote
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.sequential.plan import LookPlan
from copylab.analysis.sequential.standing import find_standing
from copylab.analysis.sequential.withhold import withhold_results
from copylab.analysis.verdict import Evidence, Verdict, decide

if TYPE_CHECKING:
    from copylab.analysis.corrections import Correction
    from copylab.analysis.units import Statistic

LOCALES = ("en-US", "zh-CN")
PACKAGE = Path(html.__file__).parents[2]


def make(
    counts: dict[str, tuple[int, int]] | None = None,
    *,
    correction: Correction = "holm",
    opted: tuple[int, int] = (20, 22),
    planned: dict[str, float] | None = None,
) -> Analysis:
    """An analysis of shares with a guardrail, as an experiment has it."""
    seen = counts or {"plain": (450, 9000), "coupon": (560, 9100), "dry": (440, 9050)}
    control, arm, *_ = seen
    found: dict[str, Statistic] = {a: Proportion(k, n) for a, (k, n) in seen.items()}
    units = {a: n for a, (_, n) in seen.items()}
    compared = compare_arms(
        "click", "share", found, control,
        alpha=0.05, correction=correction, role="primary",
    )  # fmt: skip
    away: dict[str, Statistic] = {
        name: Proportion(k, units[name])
        for name, k in zip((control, arm), opted, strict=True)
    }
    left = compare_arms(
        "opt_out", "share", away, control,
        alpha=0.05, correction="none", role="guardrail",
    )  # fmt: skip
    guards = [judge_guardrail(item, better="lower", margin=0.002) for item in left]
    srm = check_sample_ratio(units, planned or dict(units))
    evidence = Evidence(compared, found, better="higher", alpha=0.05)
    whole = sum(units.values())
    return Analysis(
        control=control,
        alpha=0.05,
        arms=tuple(Arm(a, n, n / whole) for a, n in units.items()),
        srm=srm,
        comparisons=(*compared, *left),
        verdict=decide(evidence, srm=srm, guardrails=guards),
        guardrails=tuple(guards),
        name="hook",
        better={"click": "higher", "opt_out": "lower"},
        outlook=Outlook(whole, whole, 0),
    )


def tables(analysis: Analysis, locale: str = "en-US") -> list[Table]:
    """All tables of the report."""
    document = compose(analysis, locale)
    return [b for part in document.parts for b in part.blocks if isinstance(b, Table)]


def flat(analysis: Analysis, locale: str = "en-US") -> str:
    return " ".join(text.write(analysis, locale=locale).split())


def width(line: str) -> int:
    return sum(
        0 if combining(s) else 2 if east_asian_width(s) in "WF" else 1 for s in line
    )


# Corrections


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("correction", ["holm", "bh", "dunnett"])
def test_a_table_names_the_correction_that_its_p_values_received(
    correction: Correction, locale: str
) -> None:
    words = Words(locale)
    name = words(f"correction.{correction}")
    shown = tables(make(correction=correction), locale)
    (metric,) = [t for t in shown if t.caption.startswith("click")]
    assert name in metric.note
    assert "2" in metric.note
    assert words("note.intervals") in metric.note
    assert words("p_adjusted") in metric.headings
    assert name in flat(make(correction=correction), locale)


def test_every_table_with_an_interval_or_a_p_says_what_it_received() -> None:
    words = Words()
    for table in tables(make()):
        marked = any("[" in head or head == "p" for head in table.headings)
        if marked:
            told = f"{table.caption} {table.note}"
            assert "corrected" in told or "correction" in told, table.caption
    assert words("note.unadjusted", others=2) in flat(make(correction="none"))


def test_one_comparison_needs_no_correction_and_hears_of_none() -> None:
    two = make({"A": (50, 1000), "B": (80, 1000)})
    shown = flat(two)
    assert "one comparison, nothing to correct" in shown
    assert "p adjusted" not in shown
    assert "for the number of arms." not in shown.replace(
        Words()("note.guardrails.plain"), ""
    )


def test_each_correction_and_test_has_a_source_and_words_in_chinese() -> None:
    methods = {
        proportions.METHOD, exact_proportions.METHOD, means.METHOD,
        ranking.METHOD, ranking.METHOD_NORMAL, *ratios.METHOD.split(", "),
    }  # fmt: skip
    for method in methods:
        assert f"method:{method}" in ZH
    assert methods - {ranking.METHOD_NORMAL} <= SOURCES.keys()
    assert CORRECTION_NAMES.keys() <= SOURCES.keys()


def test_every_note_on_health_has_words_in_chinese() -> None:
    names = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "HealthNote"
            ):
                (first, *_) = [*node.args, *(k.value for k in node.keywords)]
                if isinstance(first, ast.Constant):
                    names.add(str(first.value))
    assert len(names) > 15
    assert not {name for name in names if f"health.{name}" not in ZH}


# What is not to be read


@pytest.mark.parametrize("locale", LOCALES)
def test_results_of_a_broken_split_carry_a_warning_and_no_colour(locale: str) -> None:
    broken = make(planned={"plain": 5, "coupon": 3, "dry": 3})
    assert broken.verdict.action == "invalid"
    document = compose(broken, locale)
    (primary,) = [part for part in document.parts if part.name == "primary"]
    warning, *rest = primary.blocks
    assert getattr(warning, "text", "") == Words(locale)("unread")
    shown = [block for block in rest if isinstance(block, Table | Plot)]
    assert shown
    for block in shown:
        tones = (
            block.tones if isinstance(block, Table) else [r.tone for r in block.rows]
        )
        assert set(tones) <= {""}
    assert Words(locale)("best.chance") not in flat(broken, locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_between_looks_each_part_says_why_it_shows_nothing(locale: str) -> None:
    plan = LookPlan((0.5, 1.0), "obrien-fleming", 0.05)
    looks = find_standing(plan, (), units=100, planned_units=50_000, counts="x")
    hidden = withhold_results(
        replace(
            make(), looks=looks, verdict=Verdict("continue", None, "Keep going: wait.")
        )
    )
    words = Words(locale)
    for part in compose(hidden, locale).parts:
        shown = " ".join(str(block) for block in part.blocks)
        if part.name in {"primary", "funnel", "strata", "holdout"}:
            assert words("stand.hidden") in shown
        assert words("holdout.none") not in shown
    page = html.write(hidden, locale=locale)
    assert "6.15%" not in page  # the share of the arm ahead


# What would change it, and where it comes from


@pytest.mark.parametrize("locale", LOCALES)
def test_what_would_change_the_verdict_is_said_with_the_ends_of_intervals(
    locale: str,
) -> None:
    words = Words(locale)
    promoted = make()
    assert promoted.verdict.action == "promote"
    (item,) = [
        i for i in promoted.comparisons if (i.metric, i.arm) == ("click", "coupon")
    ]
    near = words("points", diff=f"{100 * (item.diff.low or 0):+.2f}")
    zero = words("change.zero", metric="click", arm="coupon", near=near)
    assert "".join(zero.split()) in "".join(flat(promoted, locale).split())
    same = make({"plain": (450, 9000), "coupon": (455, 9100), "dry": (440, 9050)})
    assert "change.more" not in flat(same, locale)
    assert words("change.more").split()[0] in flat(same, locale)
    harmed = make(opted=(20, 90))
    assert harmed.verdict.action == "harm"
    start = words("change.broken", metric="opt_out", arm="coupon", near="@")
    squeezed = "".join(flat(harmed, locale).split())
    assert "".join(start.partition("@")[0].split()) in squeezed


def test_the_files_are_named_with_the_hash_of_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "data" / "outcomes.csv"
    path.parent.mkdir()
    path.write_bytes(b"unit,event,at\n")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    inside, alone = cite_file(path, tmp_path), cite_file(path, tmp_path / "other")
    assert (inside.name, alone.name) == ("data/outcomes.csv", "outcomes.csv")
    origin = Origin(
        at=datetime(2026, 5, 1, 8, tzinfo=UTC), message="winback", channels=("sms",),
        audience="idle", epoch=2, started=datetime(2026, 4, 1, tzinfo=UTC),
        copies={"coupon": "c" * 64}, outcomes=(inside,),
    )  # fmt: skip
    sent = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
    told = replace(make(), origin=origin, span=DataSpan(sent, sent, None))
    for shown in (text.write(told), html.write(told), markdown.write(told)):
        assert digest in shown
        assert "c" * 64 in shown
        assert "2026-04-02 09:30" in shown
        assert "winback" in shown
    assert "copylab analyze hook --at 2026-05-01T08:00:00Z" in flat(told)
    record = told.to_dict()["origin"]
    assert isinstance(record, dict)
    assert record["outcomes"] == [
        {"file": "data/outcomes.csv", "size_bytes": 14, "sha256": digest}
    ]


def test_currencies_are_listed_and_never_one_sum() -> None:
    cost = ArmCost(
        "coupon", 9100, 9100, 18200,
        {"CNY": Decimal("819.00"), "USD": Decimal("5.5")},
        extra=110.0, extra_low=50.0, extra_high=170.0,
        more={"CNY": Decimal("-3.2"), "USD": Decimal("1.5")}, against="plain",
    )  # fmt: skip
    told = replace(make(), costs=(cost,))
    shown = flat(told)
    assert "819.00 CNY + 5.50 USD" in shown
    assert "-3.20 CNY, +1.50 USD" in shown
    assert "currencies differ" in shown
    assert "Amounts in different currencies are not added up." in shown


# A terminal


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(locale: str, columns: int) -> None:
    analysis = replace(
        make({"plain": (450, 9000), "字" * 30: (560, 9100), "b" * 40: (440, 9050)}),
        origin=Origin(message="winback", copies={"plain": "a" * 40}),
        health=(
            HealthNote("silent-arm", ok=True, message="one word after another " * 9),
        ),
    )
    shown = text.write(analysis, locale=locale, columns=columns)
    legend = Words(locale)("legend")
    lines = shown.rpartition(f"\n{legend}\n")[0].splitlines()
    assert len(lines) > 40
    assert not [line for line in lines if width(line) > columns]


def test_a_table_in_pieces_repeats_its_rows_and_loses_no_cell() -> None:
    whole, pieces = text.write(make()), text.write(make(), columns=60)
    row = next(
        line for line in whole.splitlines() if line.startswith("  coupon  9,100")
    )
    cells = re.split(r"\s{2,}", row.strip())
    split = [line for line in pieces.splitlines() if line.startswith("  coupon")]
    assert len(split) > 3
    for cell in cells:
        assert any(cell in line for line in split)


def test_a_file_keeps_every_row_on_one_line() -> None:
    shown = text.write(make()).splitlines()
    (row,) = [line for line in shown if line.startswith("  coupon  9,100")]
    assert row.endswith("* higher")


# Plots


def test_the_axis_of_a_mean_has_no_percent() -> None:
    found: dict[str, Statistic] = {
        "A": Moments(100, 0.0, 1.0), "B": Moments(100, 4.0, 1.0),
    }  # fmt: skip
    compared = compare_arms(
        "spend", "mean", found, "A", alpha=0.05, correction="holm", role="primary"
    )
    srm = check_sample_ratio({"A": 100, "B": 100}, {"A": 1, "B": 1})
    analysis = Analysis(
        control="A", alpha=0.05, arms=(Arm("A", 100, 0.5), Arm("B", 100, 0.5)), srm=srm,
        comparisons=tuple(compared), verdict=Verdict("inconclusive", None, "No."),
    )  # fmt: skip
    ticks = re.findall(r'class="tick"[^>]*>([^<]*)<', html.write(analysis))
    assert len(ticks) > 2
    assert not [tick for tick in ticks if "%" in tick]
    assert {"0", "+4"} <= set(ticks)


def test_no_mark_of_a_plot_lies_outside_it() -> None:
    rows = (
        PlotRow(Name("a" * 60), 0.3, None, None, "x"),
        PlotRow(Name("b"), -2.0, -2.5, 1e3, "y", expected=-1.0),
    )
    drawn = draw(Plot("t", rows, limit=-3.0, axis="points"), "p")
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    assert box is not None
    for name, most in (("x1", box[1]), ("x2", box[1]), ("cx", box[1]), ("y2", box[2])):
        places = [float(v) for v in re.findall(rf' {name}="([^"]*)"', drawn)]
        assert places
        assert all(0 <= place <= float(most) for place in places)


def test_a_plot_of_many_arms_comes_in_pieces_on_one_axis() -> None:
    many = make(
        {f"variant number {n} of a test": (450 + 9 * n, 9000) for n in range(15)}
    )
    pages = html.write(many).split("<figure>")[1].split("</figure>")[0]
    pieces = pages.split("<svg ")[1:]
    assert len(pieces) == 3
    assert (
        len({tuple(re.findall(r'class="zero" x1="([^"]*)"', p)[:1]) for p in pieces})
        == 1
    )
    labels = re.findall(r'class="label"[^>]*>([^<]*)<', pages)
    assert len(labels) == len(set(labels)) == 14
    assert "variant number 14 of a test" in labels


# HTML and Markdown


class Ids(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.heads: list[tuple[str, str | None]] = []
        self.levels: list[int] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag == "th":
            self.heads.append((tag, dict(attrs).get("scope")))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def test_two_reports_in_a_notebook_share_no_id_and_leave_its_page_alone() -> None:
    one = html.write_fragment(make())
    other = html.write_fragment(make(correction="none"))
    both = Ids(one + other)
    assert len(both.ids) == len(set(both.ids))
    style = re.search("<style>(.*?)</style>", one, re.DOTALL)
    assert style is not None
    for rule in re.findall(r"(?:^|\})\s*([^{}@]+)\{", style[1]):
        for selector in rule.split(","):
            assert selector.strip().startswith(".copylab"), selector


def test_headings_go_down_one_level_at_a_time_and_heads_have_a_scope() -> None:
    page = Ids(html.write(make()))
    assert page.levels[0] == 1
    steps = zip(page.levels, page.levels[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert page.heads
    assert {scope for _, scope in page.heads} == {"col", "row"}


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("ask @octocat", r"ask \@&#8203;octocat"),
        ("see #12", r"see \#&#8203;12"),
        ("www.evil.example", "www&#8203;.evil.example"),
        ("HTTPS://x.example", "HTTPS:&#8203;//x.example"),
        ("$a$ &copy; &lt;", r"\$a\$ \&copy; \&lt;"),
        ("1. first", r"1\. first"),
        ("2) second", r"2\) second"),
        ("7.2% a year", "7.2% a year"),
        ("+ more", r"\+ more"),
    ],
)
def test_github_makes_nothing_of_what_people_write(plain: str, shown: str) -> None:
    assert markdown.escape(plain) == shown


def test_what_cannot_be_seen_is_written_out() -> None:
    assert visible("a\u200bb\ufeff\u00ad\u2066") == "a[U+200B]b[U+FEFF][U+00AD][U+2066]"
    family = "\U0001f468\u200d\U0001f469"
    assert visible(family) == family
