"""User-perceived characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.graphemes import is_plain, split_graphemes

CLUSTERS = [
    "e\u0301", "n\u0303\u0323", "❤\ufe0f", "1\ufe0f\u20e3", "🇩🇪", "👍🏽",
    "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🏴\U000e0067\U000e0062\U000e007f",
    "นำ", "각", "\u1100\u1161\u11a8", "가\u11a8", "नि", "க்", "क्ष", "क्\u200dष",
    "\u0600\u0661", "a", "中", "😀", "\n", "\r", "\u200b",
]  # fmt: skip


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_cluster_is_one(cluster: str) -> None:
    assert split_graphemes(cluster) == [cluster]
    assert split_graphemes(f"x{cluster}x") == ["x", cluster, "x"]


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("\r\n", ["\r", "\n"]),
        ("🇩🇪🇫🇷🇮", ["🇩🇪", "🇫🇷", "🇮"]),
        ("👍\u200da", ["👍\u200d", "a"]),
        ("a\u200d👍", ["a\u200d", "👍"]),
        ("\n\u0301", ["\n", "\u0301"]),
        ("கக", ["க", "க"]),
        ("가나", ["가", "나"]),
        ("ab中文", ["a", "b", "中", "文"]),
    ],
)
def test_clusters_end_where_they_should(text: str, clusters: list[str]) -> None:
    assert split_graphemes(text) == clusters


@given(st.text(st.one_of(st.characters(), st.sampled_from("".join(CLUSTERS)))))
def test_clusters_are_never_empty_and_join_to_the_text(text: str) -> None:
    clusters = split_graphemes(text)
    assert "".join(clusters) == text
    assert all(clusters)


def test_plain_characters_join_no_neighbour() -> None:
    plain = [chr(code) for code in range(0x30000) if is_plain(chr(code))]
    assert len(plain) > 100_000
    # The general path, forced by one combining mark in front of all the others.
    marked = "a\u0301" + "".join(plain)
    assert split_graphemes(marked)[1:] == plain
