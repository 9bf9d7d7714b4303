"""HTML for a frame asks for nothing and leads nowhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.preview.frames.framed_html import frame_html

LOADED = ("src", "srcset", "href", "background", "poster", "action", "data")


class Addresses(HTMLParser):
    """Notes every address that a browser would load or follow, and all texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []
        self.titles: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in LOADED and value and not value.startswith("data:"):
                self.found.append(value)
            if name == "style" and re.search(r"url\((?!data:)", value or ""):
                self.found.append(value)
            if name == "title":
                self.titles.append(value)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(html: str) -> Addresses:
    parser = Addresses()
    parser.feed(html)
    parser.close()
    return parser


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://x.example/a.png" alt="Logo">',
        "<img src=https://x.example/a.png>",
        '<img srcset="https://x.example/a.png 2x" src="a.png">',
        '<a href="https://x.example">go</a>',
        "<a href=https://x.example>go</a>",
        "<A HREF = 'https://x.example' class=b>go</A>",
        '<table background="https://x.example/a.png"><tr><td>x</td></tr></table>',
        '<p style="background: url(https://x.example/a.png)">x</p>',
        "<p style=\"background: url( 'https://x.example/a.png' )\">x</p>",
        '<link rel="stylesheet" href="https://x.example/a.css">',
        '<base href="https://x.example/">',
        '<iframe src="https://x.example"></iframe>',
        '<object data="https://x.example"></object>',
        '<video poster="https://x.example/a.png" src="https://x.example/a.mp4"></video>',
        '<form action="https://x.example"><input type="submit"></form>',
        '<area href="https://x.example">',
    ],
)
def test_nothing_is_asked_for(html: str) -> None:
    framed = frame_html(f"<html><head></head><body>{html}</body></html>").html
    assert read(framed).found == []


def test_style_sheets_load_nothing() -> None:
    html = (
        "<html><head><style>@import url('https://x.example/a.css');"
        "@font-face{src:url(https://x.example/a.woff)} p{color:red}</style></head></html>"
    )
    framed = frame_html(html).html
    assert "x.example" not in framed
    assert "p{color:red}" in framed


def test_the_page_is_not_sent_elsewhere() -> None:
    html = '<html><head><meta http-equiv="refresh" content="0;url=https://x.example">'
    assert "x.example" not in frame_html(html).html


def test_a_link_says_where_it_leads() -> None:
    framed = frame_html('<a href="https://x.example/?a=1&amp;b=2">go</a>').html
    assert read(framed).titles == ["https://x.example/?a=1&b=2"]


def test_a_picture_is_a_box_with_its_words() -> None:
    framed = frame_html('<img src="https://x/a" width="80" height="20" alt="a &lt; b">')
    assert framed.pictures == 1
    assert "width%3D%2280%22%20height%3D%2220%22" in framed.html
    assert "a%20%26lt%3B%20b" in framed.html


def test_a_picture_that_is_in_the_e_mail_itself_stays() -> None:
    html = '<img src="data:image/png;base64,AAAA" alt="x">'
    framed = frame_html(html)
    assert (framed.html, framed.pictures) == (html, 0)


@pytest.mark.parametrize(
    ("style", "has_dark"),
    [
        ("<style>@media (prefers-color-scheme: dark){p{color:#fff}}</style>", True),
        ('<meta name="color-scheme" content="light dark">', True),
        ("<style>:root{color-scheme: light dark}</style>", True),
        ("<style>:root{color-scheme: light}</style>", False),
        ("<style>.dark{color:red}</style>", False),
    ],
)
def test_styles_for_dark_mode_are_known(style: str, *, has_dark: bool) -> None:
    assert frame_html(f"<html><head>{style}</head></html>").has_dark is has_dark


def test_our_style_comes_before_those_of_the_e_mail() -> None:
    framed = frame_html("<html><head><style>a{color:red}</style></head></html>").html
    assert framed.index("LinkText") < framed.index("color:red")


PIECES = st.sampled_from(
    ["<p>", "</p>", "<a href=", '"https://x.example"', ">", "x", " ", "<img ", "src=",
     "'https://x.example/y'", "<style>", "</style>", "url(", ")", "<!--", "-->", '"']
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_broken_html_breaks_nothing(html: str) -> None:
    framed = frame_html(html)
    assert isinstance(framed.html, str)
    assert framed.pictures >= 0
