from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.analysis.planned_shares import parse_shares
from copylab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.lists(
    st.text(st.sampled_from('ab ,="%1é信'), min_size=1).map(str.strip).filter(bool),
    min_size=2,
    max_size=5,
    unique=True,
)


@given(NAMES, st.data())
def test_quoted_names_of_any_kind_are_read_back(
    arms: list[str], data: st.DataObject
) -> None:
    shares = {arm: float(data.draw(st.integers(1, 99))) for arm in arms}
    quoted = {arm: '"' + arm.replace('"', '""') + '"' for arm in arms}
    text = ",".join(f"{quoted[arm]}={share:g}" for arm, share in shares.items())
    assert parse_shares(text, arms) == shares


def test_bare_names_may_begin_like_others_and_hold_commas() -> None:
    arms = ["A", "A, again", "A=1, once more"]
    text = "A, again=2,A=1, once more=3,A=1"
    assert parse_shares(text, arms) == {"A": 1, "A, again": 2, "A=1, once more": 3}


def test_percent_and_decimals_are_numbers() -> None:
    assert parse_shares("A=12.5%, B=.875", ["A", "B"]) == {"A": 12.5, "B": 0.875}


def test_order_is_that_of_the_data() -> None:
    assert list(parse_shares("B=1,A=1", ["A", "B"])) == ["A", "B"]


def test_a_file_with_a_bad_row_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "split.csv"
    path.write_text("arm,share\nA,5\nB,many\n", "utf-8")
    with pytest.raises(DataError, match=r"split\.csv:3"):
        parse_shares(str(path), ["A", "B"])
    path.write_bytes(b"A,5\n\xff,4\n")
    with pytest.raises(DataError, match="cannot be read"):
        parse_shares(str(path), ["A", "B"])
