"""User-perceived characters."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.graphemes import is_plain, split_graphemes
from copylab.channels.sms import measure

CLUSTERS = [
    "e\u0301", "n\u0303\u0323", "❤\ufe0f", "1\ufe0f\u20e3", "🇩🇪", "👍🏽",
    "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🏴\U000e0067\U000e0062\U000e007f",
    "นำ", "각", "\u1100\u1161\u11a8", "가\u11a8", "नि", "க்", "क्ष", "क्\u200dष", "ក្ក",
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
        ("क्\u200cष", ["क्\u200c", "ष"]),  # the non-joiner parts the two
        ("កកា", ["ក", "កា"]),
        ("aक्\u0301ष", ["a", "क्\u0301ष"]),
        ("aष\u094d\u200dक", ["a", "ष\u094d\u200dक"]),
        ("a\u094dक", ["a\u094dक"]),  # any linker joins, since Unicode 18
        ("a\u1cf5क", ["a", "\u1cf5क"]),
        ("★\u200d👍", ["★\u200d", "👍"]),  # a star that is no pictograph
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


def test_marks_newer_than_the_interpreter_are_marks() -> None:
    for mark in ("\u0897", "\u1acf", "\U0001e6e3", "\U00011f5a"):  # Unicode 15 to 17
        assert split_graphemes(f"a{mark}b") == [f"a{mark}", "b"]


@pytest.mark.parametrize(
    "text",
    ["👍" + "\u200d👍" * 9_000, "क" + "\u094dक" * 9_000, "e" + "\u0301" * 17_000],
)
def test_the_longest_clusters_take_no_more_than_their_length(text: str) -> None:
    start = time.process_time()
    assert split_graphemes(text) == [text]
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("head", "piece"),
    [("e", "\u0301"), ("", "👩\u200d"), ("क", "\u094d"), ("", "\u0600"), ("", "🇦")],
)
def test_a_cluster_of_four_times_the_length_takes_no_sixteen_times_as_long(
    head: str, piece: str
) -> None:
    def seconds(count: int) -> float:
        text = head + piece * count
        taken = []
        for _ in range(3):
            start = time.process_time()
            measure(text)
            taken.append(time.process_time() - start)
        return min(taken)

    assert seconds(160_000) < 9 * seconds(40_000)


def test_plain_characters_join_no_neighbour() -> None:
    plain = [chr(code) for code in range(0x30000) if is_plain(chr(code))]
    assert len(plain) > 100_000
    # The general path, forced by one combining mark in front of all the others.
    marked = "a\u0301" + "".join(plain)
    assert split_graphemes(marked)[1:] == plain
