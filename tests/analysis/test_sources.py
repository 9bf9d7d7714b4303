"""Tables as they are read from files: names, types, and texts that look like others."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.analysis.engines.embedded import Embedded
from copylab.analysis.sources import open_source
from copylab.analysis.table_form import analyze_units

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[dict[str, Any]]

LOOK_ALIKES = [
    "6F9619FF-8B86-D011-B42D-00C04FC964FF",
    "2026-1-5",
    "2026-01-05T03:00:00+08:00",
    "12:00",
    "007",
    "1e3",
    "true",
    '"quoted"',
]


def save(path: Path, rows: Rows) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def words(path: Path, column: str) -> list[str]:
    with Embedded() as engine:
        source = open_source(engine, path)
        found = engine.rows(f"SELECT {source.word(column)} FROM {source.relation}")
    return [row[0] for row in found]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_json_texts_stay_as_they_are_written(tmp_path: Path, text: str) -> None:
    path = save(tmp_path / "rows.jsonl", [{"unit": text}, {"unit": text}])
    assert words(path, "unit") == [text, text]


def test_json_units_are_those_of_the_same_table_as_csv(tmp_path: Path) -> None:
    mixed = [*LOOK_ALIKES, 12, "12a", 1.5, True]
    lines = save(tmp_path / "rows.jsonl", [{"unit": unit} for unit in mixed])
    plain = tmp_path / "rows.csv"
    with plain.open("w", newline="", encoding="utf-8") as file:
        said = [str(x).lower() if x is True else str(x) for x in mixed]
        csv.writer(file).writerows([["unit"], *([text] for text in said)])
    assert words(lines, "unit") == words(plain, "unit")


@given(texts=st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=5))
def test_every_text_of_json_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    save(path, [{"unit": text} for text in texts])
    assert words(path, "unit") == texts


def test_a_key_of_the_last_row_alone_is_a_column(tmp_path: Path) -> None:
    rows: Rows = [{"unit": str(i)} for i in range(30_000)]
    path = save(tmp_path / "rows.jsonl", [*rows, {"unit": "last", "late": 1}])
    with Embedded() as engine:
        assert [*open_source(engine, path).columns] == ["unit", "late"]


def test_a_type_that_changes_late_stops_nothing(tmp_path: Path) -> None:
    rows: Rows = [
        {"unit": i, "arm": "ab"[i % 2], "click": int(i % 3 == 0), "spend": i % 7}
        for i in range(30_000)
    ]
    rows.append({"unit": "u-1", "arm": "a", "click": True, "spend": 0.5})
    path = save(tmp_path / "rows.jsonl", rows)
    found = analyze_units(
        path, arm="arm", control="a", metrics=["click", "spend:mean"], unit="unit"
    )
    assert [arm.n for arm in found.arms] == [15_001, 15_000]


@pytest.mark.parametrize("kind", ["INT", "DOUBLE", "BOOLEAN", "DATE", "VARCHAR"])
def test_arms_of_every_type_are_the_arms_of_its_texts(
    tmp_path: Path, kind: str
) -> None:
    values = {
        "INT": ("1", "2"),
        "DOUBLE": ("1.0", "2.0"),
        "BOOLEAN": ("false", "true"),
        "DATE": ("2026-01-01", "2026-01-02"),
        "VARCHAR": ("a", "b"),
    }[kind]
    path = tmp_path / "rows.parquet"
    listed = ", ".join(f"('{value}')" for value in values)
    duckdb.sql(
        f"""COPY (SELECT CAST(arm AS {kind}) AS arm, (i % 5 = 0)::INT AS click,
        1e9 + i AS spend FROM range(100) AS r(i), (VALUES {listed}) AS v(arm))
        TO '{path}'"""
    )
    found = analyze_units(
        path, arm="arm", control=values[0], metrics=["click", "spend:mean"]
    )
    assert [(arm.arm, arm.n) for arm in found.arms] == [(v, 100) for v in values]
    assert [item.value for item in found.comparisons] == pytest.approx(
        [0.2, 1e9 + 49.5], rel=1e-15
    )
