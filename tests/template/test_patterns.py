"""A pattern that could run for ever is told by looking at it."""

import re
import time

import pytest

from copylab.template.patterns import MAX_PATTERN, pattern_problem


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(?:a|aa)+x",
        r"(a*)*b",
        r".*x.*y",
        r"\d*\d*\d*z",
        r"(\w{1,30}\s?){1,20}!",
        r"(?:(?:ab?){0,9}){0,9}c",
        r"(x+x+)+y",
        r"(?:ax|Ax){40}y",
        r"(?:sx|\u017fx){40}y",
        "a" * (MAX_PATTERN + 1),
    ],
)
def test_a_pattern_with_too_many_ways_is_refused(pattern: str) -> None:
    assert pattern_problem(re.compile(pattern)) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        r"STOP\w*",
        r"\bfree\b.{0,40}\bloan\b",
        r"(?:foo|bar)+x",
        r"[^.!?]{0,40}\$\s?\d[\d,]{0,12}",
        r"免(?:费|息)|零利率",
        r"(?<!\d)0%(?!\d)",
    ],
)
def test_a_pattern_that_is_not_refused_ends_on_texts_made_to_stop_it(
    pattern: str,
) -> None:
    compiled = re.compile(pattern, re.IGNORECASE)
    assert pattern_problem(compiled) is None
    for text in ("a", "foo", "STOP", "free ", "$1", "$1,", "0%", "免", "foobar"):
        started = time.process_time()
        list(compiled.finditer(text * (5000 // len(text))))
        assert time.process_time() - started < 2
