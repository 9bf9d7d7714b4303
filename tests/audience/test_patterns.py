import time
from itertools import product

import duckdb
import pytest

from copylab.audience.patterns import compile_pattern


def test_agrees_with_duckdb_on_every_short_pattern() -> None:
    patterns = ["".join(p) for n in range(6) for p in product("ab%_", repeat=n)]
    texts = ["".join(t) for n in range(6) for t in product("ab", repeat=n)]
    with duckdb.connect() as duck:
        rows = duck.execute(
            "select p, t, t like p from (select unnest(?) p), (select unnest(?) t)",
            [patterns, texts],
        ).fetchall()
    matchers = {pattern: compile_pattern(pattern) for pattern in patterns}
    assert len(rows) == len(patterns) * len(texts)
    assert [
        row for row in rows if (matchers[row[0]](row[1]) is not None) != row[2]
    ] == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("_", "😀"), ("a%", "a\nb"), ("%.%", "x.y"), ("[a]", "[a]"), ("a_c", "a\nc")],
)
def test_every_other_character_stands_for_itself(pattern: str, text: str) -> None:
    assert compile_pattern(pattern)(text) is not None
    assert compile_pattern(pattern)(f"{text}é") is None or pattern.endswith("%")


def test_takes_linear_time() -> None:
    matcher = compile_pattern("%a" * 20 + "%b")
    began = time.process_time()
    assert matcher("a" * 100_000) is None
    assert time.process_time() - began < 1
