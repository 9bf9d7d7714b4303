"""Suppressions: what a comment hides, and what it cannot."""

from __future__ import annotations

from datetime import date

import pytest

from copylab.findings import Finding
from copylab.lint.rule import all_rules
from copylab.lint.suppress import suppress
from copylab.source import SourceFile

DAY = date(2026, 11, 22)


def sort_out(
    text: str, *findings: tuple[str, int], name: str = "sms.en-US.md"
) -> tuple[list[tuple[str, int | None]], int]:
    source = SourceFile(name, text)
    found = [
        Finding(rule, "X1", "warning", "says", file=name, line=line, column=1)
        for rule, line in findings
    ]
    done = suppress(found, {name: source}, all_rules(), as_of=DAY)
    return [(item.rule, item.line) for item in done.findings], len(done.suppressed)


@pytest.mark.parametrize(
    ("text", "line", "hidden"),
    [
        ("{# copylab: ignore[public-shortener] our own #}\nwords", 2, True),
        ("{# copylab: ignore[public-shortener] our own #}\nwords", 1, True),
        ("{# copylab: ignore[public-shortener] our own #}\n\n\nwords", 4, True),
        ("{# copylab: ignore[public-shortener] our own #}\nwords\nmore", 3, False),
        ("words {# copylab: ignore[public-shortener] our own #}", 1, True),
        ("words {# copylab: ignore[public-shortener] our own #}\nnext", 2, False),
        ("{#- copylab:ignore[ public-shortener ] our own -#}\nwords", 2, True),
        ("{# copylab: ignore[SMS030] by its code #}\nwords", 2, True),
        ("{# copylab: ignore[empty, public-shortener] both #}\nwords", 2, True),
    ],
)
def test_a_comment_counts_for_its_lines_and_alone_for_the_next(
    text: str,
    line: int,
    hidden: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    told, suppressed = sort_out(text, ("public-shortener", line))
    assert suppressed == int(hidden)
    assert (("public-shortener", line) in told) is not hidden
    assert (("unused-suppression", 1) in told) is not hidden


def test_only_the_named_rule_is_suppressed() -> None:
    told, suppressed = sort_out(
        "{# copylab: ignore[public-shortener] our own #}\nwords",
        ("public-shortener", 2),
        ("control-char", 2),
    )
    assert told == [("control-char", 2)]
    assert suppressed == 1


@pytest.mark.parametrize(
    "text",
    [
        "{# copylab: ignore[public-shortener] #}",
        "{# copylab: ignore[public-shortener] . #}",
        "{# copylab: ignore[] because #}",
        "{# copylab: ignore because #}",
        "{# copylab: ignore[no-such-rule] because #}",
        "{# copylab: ignore[public-shortener] because, until tomorrow #}",
        "{# copylab: ignore[public-shortener] because until 2026-13-40 #}",
        "{# copylab: ignore[undeclared-variable] because #}",
        "{# copylab: ignore[bad-suppression] because #}",
        "{# copylab: ignore[stale-baseline] because #}",
    ],
)
def test_a_comment_that_does_not_say_what_and_why_hides_nothing(text: str) -> None:
    told, suppressed = sort_out(text + "\nwords", ("public-shortener", 2))
    assert ("bad-suppression", 1) in told
    assert ("public-shortener", 2) in told
    assert suppressed == 0


def test_a_comment_counts_until_its_day_and_not_after_it() -> None:
    comment = "{# copylab: ignore[public-shortener] while it runs, until %s #}\nwords"
    assert sort_out(comment % "2026-11-22", ("public-shortener", 2)) == ([], 1)
    told, suppressed = sort_out(comment % "2026-11-21", ("public-shortener", 2))
    assert told == [("public-shortener", 2), ("expired-suppression", 1)]
    assert suppressed == 0


def test_without_a_day_nothing_expires() -> None:
    source = SourceFile("a.md", "{# copylab: ignore[empty] why, until 2020-01-01 #}\nx")
    found = [Finding("empty", "X", "error", "says", file="a.md", line=2, column=1)]
    assert suppress(found, {"a.md": source}, all_rules()).findings == ()


def test_yaml_has_comments_of_its_own() -> None:
    text = "a: 1  # copylab: ignore[unused-variable] kept for the next campaign\nb: 2"
    told, suppressed = sort_out(text, ("unused-variable", 1), name="message.yaml")
    assert (told, suppressed) == ([], 1)


def test_a_rule_that_did_not_run_leaves_no_comment_unused() -> None:
    source = SourceFile("a.md", "{# copylab: ignore[empty] why not #}\nx")
    ran = [rule.name for rule in all_rules() if rule.name != "empty"]
    assert suppress([], {"a.md": source}, all_rules(), ran=ran).findings == ()
    (unused,) = suppress([], {"a.md": source}, all_rules()).findings
    assert unused.rule == "unused-suppression"


@pytest.mark.parametrize("size", [200_000])
def test_a_long_text_without_an_end_does_not_keep_it_busy(size: int) -> None:
    for text in (
        "{# copylab: ignore" + " " * size + "[" * size + "\n" + "#" * size,
        "{# copylab: ignore[empty]" + " " * size + "until #}",
        "{#" * size + " copylab: ignore[" + "a," * size + "]",
    ):
        assert sort_out(text)[1] == 0


@pytest.mark.parametrize(
    "text",
    [
        "{% raw %}{# copylab: ignore[public-shortener] raw #} x{% endraw %}",
        '{{ "{# copylab: ignore[public-shortener] text #}" }} x',
        "{% set a = '{# copylab: ignore[public-shortener] text #}' %} x",
    ],
)
def test_what_is_printed_is_no_comment(text: str) -> None:
    told, suppressed = sort_out(text, ("public-shortener", 1))
    assert (told, suppressed) == ([("public-shortener", 1)], 0)


def test_a_comment_after_a_raw_block_counts() -> None:
    text = "{% raw %}x{% endraw %} {# copylab: ignore[public-shortener] our own #}"
    assert sort_out(text, ("public-shortener", 1)) == ([], 1)
