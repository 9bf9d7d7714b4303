"""What screens show of a push before it is opened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.dated import load_dated
from copylab.channels.graphemes import split_graphemes
from copylab.channels.screens import (
    ELLIPSIS,
    clipped_characters,
    cut_to_columns,
    platform_names,
    shown_on_screens,
    surfaces,
    visible_columns,
)
from copylab.channels.width import display_width

TEXT = st.text(st.sampled_from("ab 中文，。😀👩\u200d🚀e\u0301🇨🇳\n"), max_size=80)


def test_the_places_and_their_room() -> None:
    assert platform_names() == ("android", "ios")
    ios = {s.name: (s.body_columns, s.body_lines) for s in surfaces("ios")}
    assert ios == {
        "banner": (62, 2),
        "lock_screen": (110, 4),
        "notification_centre": (110, 4),
    }
    android = {s.name: (s.body_columns, s.body_lines) for s in surfaces("android")}
    assert android == {"banner": (49, 1), "lock_screen": (49, 1), "expanded": (597, 13)}
    assert {s.title_columns for s in surfaces("ios")} == {40}
    assert {s.title_columns for s in surfaces("android")} == {50}


def test_every_figure_has_its_source_and_its_day() -> None:
    for platform in platform_names():
        for dated in load_dated("screens", platform).values():
            assert dated.source
            assert dated.as_of == "2026-11-01"


def test_what_every_phone_shows_where_it_shows_most() -> None:
    assert visible_columns("title") == 40
    assert visible_columns("body") == 110
    assert clipped_characters() == 1024


def test_a_chinese_push_on_every_screen() -> None:
    title, body = "券" * 23, "文" * 60
    shown = {
        (item.surface.platform, item.surface.name): item
        for item in shown_on_screens(title, body)
    }
    lock = shown["ios", "lock_screen"]
    assert lock.title == "券" * 19 + ELLIPSIS
    assert lock.title_cut == 8
    assert lock.body == "文" * 54 + ELLIPSIS
    assert lock.body_cut == 12
    narrow = shown["android", "lock_screen"]
    assert (narrow.title, narrow.title_cut) == (title, 0)
    assert (narrow.body, narrow.body_cut) == ("文" * 24 + ELLIPSIS, 72)
    assert shown["android", "expanded"].body == body
    assert lock.to_dict() == {
        "platform": "ios",
        "surface": "lock_screen",
        "title": lock.title,
        "body": lock.body,
        "title_cut": 8,
        "body_cut": 12,
    }


def test_platforms_are_chosen() -> None:
    shown = shown_on_screens("t", "b", platforms=("android",))
    assert {item.surface.platform for item in shown} == {"android"}
    with pytest.raises(ValueError, match="must be one of android, ios"):
        shown_on_screens("t", "b", platforms=("symbian",))


def test_a_line_break_uses_up_its_line() -> None:
    assert cut_to_columns("a\nb", 10, lines=2) == ("a\nb", 0)
    assert cut_to_columns("a\nb\ncc", 10, lines=2) == ("a\nb…", 2)
    assert cut_to_columns("a\nbcd", 20) == ("a…", 3)
    assert cut_to_columns("abc\n", 3) == ("abc\n", 0)


def test_nothing_is_torn_apart() -> None:
    family = "👩\u200d🚀"
    assert cut_to_columns("a" + family + "b", 5) == ("a…", 5)
    assert cut_to_columns("ae\u0301b", 2) == ("a…", 2)


@given(TEXT, st.integers(1, 60), st.integers(1, 4))
def test_what_is_seen_is_a_start_and_what_is_cut_is_the_rest(
    text: str, columns: int, lines: int
) -> None:
    seen, cut = cut_to_columns(text, columns, lines=lines)
    if seen == text and cut == 0:
        return
    start = seen.removesuffix(ELLIPSIS)
    assert seen.endswith(ELLIPSIS)
    assert text.startswith(start)
    assert display_width(seen.replace("\n", "")) <= columns
    clusters = split_graphemes(text.rstrip())
    assert start == "" or start in {
        "".join(clusters[:count]).rstrip() for count in range(len(clusters) + 1)
    }
    assert cut > 0


@given(st.text("ab中é ", max_size=60), st.integers(1, 60), st.integers(1, 4))
def test_a_line_of_text_is_cut_exactly_where_it_is_too_wide(
    text: str, columns: int, lines: int
) -> None:
    seen, cut = cut_to_columns(text, columns, lines=lines)
    assert (cut == 0) == (display_width(text.rstrip()) <= columns)
    assert (seen == text) == (cut == 0)


@pytest.mark.parametrize(("columns", "lines"), [(0, 1), (5, 0), (-1, 1)])
def test_no_room_is_refused(columns: int, lines: int) -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        cut_to_columns("a", columns, lines=lines)
