"""YAML documents: places, the 1.2 core rules, and everything that can be broken."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.document import (
    MAX_DEPTH,
    Node,
    Section,
    decode_source,
    parse_document,
    read_source,
)
from copylab.errors import UnreadableError
from copylab.source import MAX_FILE_BYTES, SourceFile

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.findings import Finding


def parse(text: str) -> tuple[Node | None, list[Finding]]:
    return parse_document(SourceFile("a.yaml", text))


SCALARS = [
    ("true", True),
    ("False", False),
    ("TRUE", True),
    *((word, word) for word in ("on", "off", "yes", "no", "y", "On", "NO", "tRue")),
    *((word, None) for word in ("null", "~", "Null", "NULL", "")),
    ("nUll", "nUll"),
    ("30", 30),
    ("-3", -3),
    ("007", 7),
    ("0o17", 15),
    ("0x1F", 31),
    ("017", 17),
    ("0b11", "0b11"),
    ("1_000", "1_000"),
    ("7.2", 7.2),
    ("1e3", 1000.0),
    (".5", 0.5),
    ("5.", 5.0),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("+.Inf", math.inf),
    ("inf", "inf"),
    ("1:30", "1:30"),
    ("190:20:30", "190:20:30"),
    ("2026-01-01", "2026-01-01"),
    ("'30'", "30"),
    ('"true"', "true"),
    ("=", "="),
    ("<<", "<<"),
    ("45%", "45%"),
    ("9" * 400, math.inf),
]


@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_scalars_follow_the_core_schema(written: str, value: object) -> None:
    root, findings = parse(f"a: {written}\n")
    assert findings == []
    assert root is not None
    assert root.plain() == {"a": value}
    assert type(root.plain()["a"]) is type(value)  # type: ignore[index]


def test_not_a_number_is_a_number() -> None:
    root, _ = parse("[.nan, .NaN, .NAN]")
    assert root is not None
    assert all(map(math.isnan, root.plain()))  # type: ignore[arg-type]


def test_block_scalars_are_texts() -> None:
    root, _ = parse("a: |\n  30\nb: >-\n  true\n")
    assert root is not None
    assert root.plain() == {"a": "30\n", "b": "true"}


def test_every_node_knows_its_place() -> None:
    root, findings = parse("a: 你😀\nb:\n  - {c: d}\n\n  - e\n\n\nf: 1\n")
    assert findings == []
    assert root is not None
    assert isinstance(root.value, dict)
    first, second = root.value["a"].node, root.value["b"].node
    assert (first.span.line, first.span.column, first.span.end_column) == (1, 4, 6)
    assert (second.span.line, second.span.end_line, second.span.end_column) == (3, 5, 6)
    assert root.value["f"].key_span.line == 8
    assert isinstance(second.value, tuple)
    assert (second.value[0].span.column, second.value[0].span.end_column) == (5, 11)


BROKEN = [
    ("a: b: c", "syntax", 1, 5),
    ("a: [1, 2", "syntax", 1, 9),
    ("a:\n\t- b", "syntax", 2, 1),
    ("a: 'x", "syntax", 1, 6),
    ("a: 1\n b: 2", "syntax", 2, 3),
    ("你: 好😀: x", "syntax", 1, 6),
    ("a: \x07", "syntax", 1, 4),
    ("a: 😀\nb: x\x00", "syntax", 2, 5),
    ("a: 1\n---\nb: 2\n", "syntax", 2, 1),
    ("%YAML 9.9\n---\na: 1", "syntax", 1, 1),
    ("a: 1\na: 2", "duplicate-key", 2, 1),
    ("a: {b: 1, b: 2}", "duplicate-key", 1, 11),
    ("a: 1\n'a': 2", "duplicate-key", 2, 1),
    ("a: &x 1", "bad-value", 1, 4),
    ("a: *x", "bad-value", 1, 4),
    ("a: !!str 3", "bad-value", 1, 4),
    ("a: !!python/object:os.system x", "bad-value", 1, 4),
    ("? [a, b]\n: c", "bad-value", 1, 3),
    ("{a: {b: c}: d}", "syntax", 1, 11),
    ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), "syntax", 1, 1),
    ("[" * 100_000, "syntax", 1, 1),
    ("- " * 100_000, "syntax", 1, 1),
    ("{a: " * 100_000, "syntax", 1, 1),
    ("\n".join(" " * n + "a:" for n in range(1000)), "syntax", 1, 1),
]


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"), BROKEN, ids=[case[0][:20] for case in BROKEN]
)
def test_what_is_broken_is_found_at_its_place(
    text: str, rule: str, line: int, column: int
) -> None:
    _, findings = parse(text)
    assert (findings[0].rule, findings[0].line, findings[0].column) == (
        rule,
        line,
        column,
    )
    assert findings[0].message


def test_nested_as_deep_as_allowed_is_read() -> None:
    root, findings = parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert findings == []
    assert root is not None


def test_a_laugh_times_a_billion_is_not_written_out() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    root, findings = parse("\n".join(lines))
    assert root is not None
    assert {finding.rule for finding in findings} == {"bad-value"}


@given(text=st.text(max_size=60))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    for each in (text, f"a: {text}\nb: [{text}]", f"{{a: '{text}'}}"):
        findings = parse(each)[1]
        lines = len(SourceFile("a", each).text.split("\n"))
        for finding in findings:
            assert finding.line is not None
            assert 1 <= finding.line <= lines


@pytest.mark.parametrize("text", ["", "\n\n", "# comment\n"])
def test_an_empty_document_is_nothing(text: str) -> None:
    assert parse(text) == (None, [])


def test_latin_1_is_found_at_its_byte() -> None:
    data = "a: b\r\nc: 中caf".encode() + b"\xe9\n"
    source, (finding,) = decode_source(data, "a.yaml")
    assert source is None
    assert (finding.rule, finding.line, finding.column) == ("not-utf-8", 2, 8)
    assert "0xE9" in finding.message
    assert "Latin-1" in finding.help


def test_utf_16_is_named() -> None:
    source, (finding,) = decode_source("a: b".encode("utf-16"), "a.yaml")
    assert source is None
    assert "UTF-16" in finding.help


def test_a_byte_order_mark_is_a_warning_only() -> None:
    source, (finding,) = decode_source(b"\xef\xbb\xbfa: 1", "a.yaml")
    assert source == SourceFile("a.yaml", "a: 1")
    assert (finding.rule, finding.severity) == ("byte-order-mark", "warning")


def test_a_file_of_more_than_two_megabytes_is_not_read() -> None:
    source, (finding,) = decode_source(b"a" * (MAX_FILE_BYTES + 1), "a.yaml")
    assert source is None
    assert finding.rule == "file-too-large"
    source, findings = decode_source(b"a" * MAX_FILE_BYTES, "a.yaml")
    assert source is not None
    assert findings == []


def test_what_is_no_file_is_an_error_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is a directory") as raised:
        read_source(tmp_path, "templates/m/message.yaml")
    assert raised.value.file == "templates/m/message.yaml"
    assert raised.value.help
    with pytest.raises(UnreadableError, match="is not there"):
        read_source(tmp_path / "nope", "nope")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_source(tmp_path / "file" / "below", "file/below")
    assert read_source(tmp_path / "file", "file")[0] == SourceFile("file", "x")


def section(text: str) -> tuple[Section, list[Finding]]:
    root, findings = parse(text)
    assert root is not None
    return Section(root, findings, "the file"), findings


def test_keys_that_nobody_took_are_unknown() -> None:
    part, findings = section("live: a\nlvie: b\n")
    assert part.take_text("live") == "a"
    part.take_text("purpose")
    part.finish()
    (finding,) = findings
    assert (finding.rule, finding.line) == ("unknown-key", 2)
    assert finding.help == "known: live, purpose"


def test_a_slip_in_a_key_is_suggested() -> None:
    part, findings = section("purpos: a\n")
    part.take_text("purpose", required=True)
    part.finish()
    assert [finding.rule for finding in findings] == ["missing-key", "unknown-key"]
    assert findings[1].help == "did you mean 'purpose'?"


TAKEN = [
    ("take_text", "[a]", "must be a text, not a list"),
    ("take_text", "", "must be a text, not nothing"),
    ("take_integer", "3.5", "must be a whole number, not '3.5'"),
    ("take_integer", "true", "must be a whole number, not 'true'"),
    ("take_integer", "{a: 1}", "must be a whole number, not a mapping"),
    ("take_boolean", "on", "must be true or false, not 'on'"),
    ("take_boolean", "[]", "must be true or false, not a list"),
    ("take_list", "a", "must be a list, not a text"),
    ("take_texts", "[[a]]", "must list texts, not a list"),
    ("take_section", "a", "must be a mapping, not a text"),
]


@pytest.mark.parametrize(("method", "written", "message"), TAKEN)
def test_a_value_of_another_kind_is_found(
    method: str, written: str, message: str
) -> None:
    part, findings = section(f"a: {written}\n")
    getattr(part, method)("a")
    (finding,) = findings
    assert message in finding.message
    assert finding.rule == "bad-value"
    assert finding.line == 1


def test_a_text_that_looks_like_something_else_is_taken_as_written() -> None:
    part, findings = section("a: 007\nb: true\nc: 1e3\nd: no\n")
    assert [part.take_text(key) for key in "abcd"] == ["007", "true", "1e3", "no"]
    assert findings == []


def test_limits_of_whole_numbers_are_said() -> None:
    part, findings = section("a: 3\nb: 3\nc: 3\n")
    assert part.take_integer("a", at_least=3, at_most=3) == 3
    assert part.take_integer("b", at_least=4) is None
    assert part.take_integer("c", at_most=2) is None
    assert [finding.line for finding in findings] == [2, 3]
