"""HTML as a person reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.html_text import read_html


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>One</p><p>Two &amp; three</p>", ["One", "Two & three"]),
        ("<ul><li>One</li><li>Two</li></ul>", ["• One", "• Two"]),
        (
            '<p><a href="https://a.example/x">Look</a></p>',
            ["Look <https://a.example/x>"],
        ),
        (
            '<a href="https://a.example">https://a.example</a>',
            ["https://a.example"],
        ),
        ('<div style="display:none">hidden<p>too</p></div><p>seen</p>', ["seen"]),
        ('<div style="DISPLAY : NONE">hidden</div>seen', ["seen"]),
        ("<style>p{}</style><script>x()</script>text", ["text"]),
        ("<head><title>no</title></head><body>yes</body>", ["yes"]),
        ('<img src="x" alt="Logo"> and <img src="y" alt="">', ["[image: Logo] and"]),
        ("<p>one\n   two</p>", ["one two"]),
        ("<p>one<br>two</p>", ["one", "two"]),
        ("<!--[if mso]><p>Outlook</p><![endif]--><p>all</p>", ["all"]),
    ],
)
def test_a_page_is_read_as_it_is_shown(html: str, lines: list[str]) -> None:
    assert read_html(html) == lines


@given(st.text(max_size=200))
def test_no_text_of_any_kind_stops_the_reader(html: str) -> None:
    assert all(line.strip() for line in read_html(html))
