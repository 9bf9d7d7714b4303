"""Each output format, to the letter."""

from __future__ import annotations

import json
import re

import pytest

from copylab.findings import Finding, Witness
from copylab.lint.formats import FORMATS, format_report
from copylab.lint.report import Proof, Report
from copylab.source import SourceFile

SOURCE = SourceFile("templates/hi/sms.zh-CN.md", "# plain\n您好,{{ 名 }}，100%\n")
FINDING = Finding(
    rule="undeclared-variable",
    code="CL301",
    severity="error",
    message="'名' is not declared",
    file=SOURCE.name,
    line=2,
    column=4,
    end_line=2,
    end_column=11,
    variant="plain",
    field="body",
    witness=Witness("您好,张三\n100%", (("stage", "repaid"),)),
    help="declare 名:",
)
PROOF = Proof("hi", "sms", "zh-CN", "plain", 9, 12, exhaustive=True)
REPORT = Report((FINDING,), (PROOF,), (), 1, 30, {SOURCE.name: SOURCE})


def test_full_shows_the_line_with_carets_that_count_wide_characters_as_two() -> None:
    assert format_report(REPORT, "full").split("\n") == [
        "error: '名' is not declared  [undeclared-variable CL301]",
        "  --> templates/hi/sms.zh-CN.md:2:4   plain / body",
        "   |",
        " 2 | 您好,{{ 名 }}，100%",
        "   |      ^^^^^^^^",
        "   = message: 您好,张三",
        "   |          100%",
        "   = stage: repaid",
        "   = help: declare 名:",
        "",
        "found 1 error from 30 rules on 1 message",
        "proved on 12 of 12 branches of 1 text",
    ]


def test_texts_with_too_many_branches_are_not_among_the_proved() -> None:
    many = Proof("hi", "sms", "en-US", "plain", 9, 0, exhaustive=False)
    for proofs, line in (
        ((many,), "proved on 0 of 1 texts"),
        ((many, PROOF), "proved on 1 of 2 texts (12 of 12 branches)"),
    ):
        assert format_report(Report((), proofs), "concise").split("\n")[1] == line


def test_concise_is_one_clickable_line_a_finding() -> None:
    lines = format_report(REPORT, "concise").split("\n")
    assert lines[0] == (
        "templates/hi/sms.zh-CN.md:2:4: error CL301 undeclared-variable: "
        "'名' is not declared [plain/body]"
    )


def test_github_escapes_percent_signs_line_ends_and_commas() -> None:
    line = format_report(REPORT, "github").split("\n")[0]
    assert line == (
        "::error file=templates/hi/sms.zh-CN.md,line=2,col=4,endLine=2,endColumn=11,"
        "title=undeclared-variable (CL301)::'名' is not declared%0A%0A您好,张三%0A100%25"
        "%0Astage = repaid%0Ahelp: declare 名:"
    )


def test_json_is_versioned_and_holds_everything() -> None:
    record = json.loads(format_report(REPORT, "json"))
    assert record["version"] == 1
    assert record["summary"] == {
        "error": 1, "warning": 0, "info": 0, "messages": 1, "rules": 30,
    }  # fmt: skip
    (finding,) = record["findings"]
    assert finding["line"] == 2
    assert finding["end_column"] == 11
    assert finding["witness"] == {
        "text": "您好,张三\n100%",
        "choices": {"stage": "repaid"},
    }
    assert record["proofs"][0]["branches"] == 12
    assert record["not_checked"] == []


def test_an_unknown_format_is_a_bad_call() -> None:
    with pytest.raises(ValueError, match="must be one of full, concise, json, github"):
        format_report(REPORT, "xml")


@pytest.mark.parametrize("name", FORMATS)
def test_a_finding_without_a_place_is_shown_too(name) -> None:
    bare = Finding("syntax", "CL001", "error", "broken")
    assert "broken" in format_report(Report((bare,)), name)


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "x" * 300 + "{{ y }}" + "z" * 300
    source = SourceFile("a.md", text)
    finding = Finding("syntax", "CL001", "error", "m", "a.md", 1, 301, 1, 308)
    shown = format_report(Report((finding,), sources={"a.md": source}), "full")
    line, carets = shown.split("\n")[3:5]
    assert len(line) < 110
    assert line[carets.index("^") : carets.rindex("^") + 1] == "{{ y }}"


def _full(text: str, column: int, end: int) -> list[str]:
    source = SourceFile("a.md", text)
    finding = Finding("syntax", "CL001", "error", "m", "a.md", 1, column, 1, end)
    report = Report((finding,), sources={"a.md": source})
    return format_report(report, "full").split("\n")


@pytest.mark.parametrize(
    ("text", "column", "end", "line", "carets"),
    [
        ("\tx {{ y }}", 4, 11, "    x {{ y }}", "      ^^^^^^^"),
        ("x {{ y }}\r\nmore", 3, 10, "x {{ y }}", "  ^^^^^^^"),
        ("您好{{ y }}", 3, 10, "您好{{ y }}", "    ^^^^^^^"),
        ("a👨‍👩‍👧{{ y }}", 7, 14, "a👨‍👩‍👧{{ y }}", "       ^^^^^^^"),
        ("e\u0301 {{ y }}", 4, 11, "e\u0301 {{ y }}", "  ^^^^^^^"),
        ("a\x1b[31m{{ y }}", 7, 14, "a␛[31m{{ y }}", "      ^^^^^^^"),
        ("a\u202e{{ y }}", 3, 10, "a�{{ y }}", "  ^^^^^^^"),
        ("ends", 5, 5, "ends", "    ^"),
    ],
)
def test_carets_stand_below_what_they_are_about(
    text, column, end, line, carets
) -> None:
    lines = _full(text, column, end)
    assert lines[3:5] == [f" 1 | {line}", f"   | {carets}"]


def test_a_long_line_of_wide_characters_is_cut_by_columns() -> None:
    lines = _full("字" * 300 + "{{ y }}" + "字" * 300, 301, 308)
    line, carets = lines[3:5]
    width = sum(2 if character == "字" else 1 for character in line)
    assert width < 110
    before = line[: line.index("{{ y }}")]
    assert carets.index("^") == sum(2 if c == "字" else 1 for c in before)


def test_colours_are_there_when_asked_for_and_change_no_words() -> None:
    plain = format_report(REPORT, "full")
    colored = format_report(REPORT, "full", color=True)
    assert "\x1b" not in plain
    assert colored.startswith("\x1b[1;31merror\x1b[0m: ")
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


@pytest.mark.parametrize("name", ["full", "concise", "github"])
def test_nothing_in_a_file_or_a_name_steers_the_terminal_or_the_log(name) -> None:
    hostile = "a\x1b]0;x\x07\r\n::error::b\u202e\x9b31m"
    finding = Finding(
        "syntax", "CL001", "error", hostile, f"{hostile}.md", 1, 1, 1, 2,
        variant=hostile, field=hostile, help=hostile,
        witness=Witness(hostile, ((hostile, hostile),)),
    )  # fmt: skip
    source = SourceFile(f"{hostile}.md", hostile)
    report = Report((finding,), (), (hostile,), sources={source.name: source})
    shown = format_report(report, name)
    assert not set(shown) & set("\x1b\x07\r\x9b\u202e")
    # Runners look for commands behind blanks, too.
    commands = [line for line in shown.split("\n") if line.lstrip().startswith("::")]
    assert len(commands) == (name == "github")
