"""CSS as far as rules need it."""

from __future__ import annotations

import pytest

from copylab.lint.css import (
    contrast,
    declarations,
    parse_colour,
    parse_size,
    sheet_declarations,
)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        # Ratios of the WCAG working group's own examples, to two decimals.
        ("#000", "#ffffff", 21.0),
        ("#777777", "white", 4.48),
        ("#767676", "#fff", 4.54),
        ("rgb(255, 0, 0)", "#FFF", 4.0),
        ("blue", "white", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    first, second = parse_colour(one), parse_colour(other)
    assert first is not None
    assert second is not None
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)
    assert contrast(second, first) == contrast(first, second)


@pytest.mark.parametrize(
    "value", ["", "\ufffc", "#12345", "rgba(0,0,0,.5)", "currentcolor"]
)
def test_a_colour_that_is_not_fixed_is_not_known(value: str) -> None:
    assert parse_colour(value) is None


@pytest.mark.parametrize(
    ("value", "pixels"),
    [
        ("12px", 12.0), ("9pt", 12.0), ("50%", 10.0), ("0.5em", 10.0), ("1rem", 16.0),
        ("small", 13.0), ("0", 0.0), ("12", None), ("\ufffcpx", None), ("calc(1px)", None),
    ],
)  # fmt: skip
def test_sizes_are_pixels(value: str, pixels: float | None) -> None:
    assert parse_size(value, 20.0) == pixels


def test_the_later_declaration_wins_and_addresses_keep_their_semicolons() -> None:
    style = "color: red; /* x: y; */ color: Blue !important; background: url(a;b)"
    assert declarations(style) == {"color": "blue", "background": "url(a;b)"}


def test_selectors_are_no_declarations() -> None:
    sheet = "a:hover { color: red; } /* b { top: 0 } */ .c{gap:4px}"
    found = list(sheet_declarations(sheet))
    assert [(name, value) for name, value, _, _ in found] == [
        ("color", "red"),
        ("gap", "4px"),
    ]
    assert [sheet[start:end] for _, _, start, end in found] == ["color: red", "gap:4px"]
