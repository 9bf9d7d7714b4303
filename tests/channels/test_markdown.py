"""Markdown bodies: what values can do, the HTML and the text part."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copylab.channels.markdown import (
    escape_markdown,
    markdown_to_html,
    markdown_to_text,
    render_body,
)

PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"))
SPECIAL = st.sampled_from("\\`*_{}[]()<>#+-.!|~&\"'=:$^@;/?0123456789 a您")
VALUES = st.one_of(
    st.text(st.one_of(SPECIAL, PRINTABLE), min_size=1, max_size=40),
    st.sampled_from([
        "[Verify](https://evil.test)", "![x](https://evil.test/p.png)", "<b>now</b>",
        "<https://evil.test>", "# Now", "1. a", "10) a", "- a", "+ a", "* a", "> a",
        "```sh", "~~~", "`a`", "**a**", "__a__", "_a_", "---", "===", "***", "| a | b |",
        ": https://evil.test", "(https://evil.test)", "[x]: https://evil.test", "&lt;b&gt;",
        "&#60;b&#62;", "\\", "a\\", "[[Shop]](https://evil.test)", "<!-- a -->", "!",
        "[", "]", "](https://evil.test)", "www.evil.test", "O'Neil & Söhne",
    ]),
)  # fmt: skip
# A template, and the elements that it makes by itself.
PLACES = [
    ("{}", ["p"]),
    ("Hello {}, welcome.", ["p"]),
    ("Hello{}welcome", ["p"]),
    ("text\n{}\nmore", ["p"]),
    ("- {}\n- b", ["ul", "li", "li"]),
    ("1. {}", ["ol", "li"]),
    ("> {}", ["blockquote", "p"]),
    ("# {}", ["h1"]),
    ("[{}](https://e.example)", ["p", "a"]),
    ("{}[l](https://e.example)", ["p", "a"]),
    ("[l]{}", ["p"]),
    ("**x {} x**", ["p", "strong"]),
    ("x\n\n{}\n\nx", ["p", "p", "p"]),
]


ELEMENTS = frozenset(
    ("p a em strong code pre br hr img ul ol li blockquote h1 h2 h3 h4 h5 h6").split()  # noqa: SIM905 - reads as the list it is
)


class Reader(HTMLParser):
    """The elements and the text of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str | None] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def squeeze(text: str) -> str:
    return " ".join(text.split())


@given(VALUES, st.sampled_from(PLACES))
@example("1", ("{}", ["p"]))
def test_no_value_adds_an_element_or_changes_its_text(
    value: str, place: tuple[str, list[str]]
) -> None:
    template, elements = place
    if not value.strip():
        value = "x"
    html = Reader(markdown_to_html(template.format(escape_markdown(value))))
    assert html.elements == elements
    assert "evil" not in "".join(link or "" for link in html.links)
    shown = Reader(markdown_to_html(template.format("zzz"))).text
    assert squeeze(html.text) == squeeze(shown.replace("zzz", value.strip()))


@given(VALUES)
def test_text_part_shows_the_value(value: str) -> None:
    text = markdown_to_text(f"Hello {escape_markdown(value)}, welcome.")
    assert squeeze(text) == squeeze(f"Hello {value.strip()}, welcome.")


@given(st.lists(st.text(PRINTABLE, max_size=8), min_size=1, max_size=5))
def test_lines_of_a_value_stay_one_paragraph_with_hard_breaks(lines: list[str]) -> None:
    value = "\n".join(lines)
    html = Reader(markdown_to_html(f"x {escape_markdown(value)}"))
    stripped = value.strip()
    assert html.elements == ["p"] + ["br"] * stripped.count("\n")
    assert squeeze(html.text) == squeeze(f"x {stripped}")


@given(st.text(), st.sampled_from([template for template, _ in PLACES]))
def test_any_value_at_all_renders_without_a_link_of_its_own(
    value: str, template: str
) -> None:
    html = Reader(markdown_to_html(template.format(escape_markdown(value))))
    assert set(html.links) <= {"https://e.example"}
    assert not {"img", "script", "code", "em"} & set(html.elements)


@given(st.text(st.characters()))
def test_any_markdown_renders_without_raw_html_and_without_error(text: str) -> None:
    html, plain = render_body(text)
    assert set(Reader(html).elements) <= ELEMENTS
    assert (html, plain) == (markdown_to_html(text), markdown_to_text(text))


URLS = st.from_regex(
    r"https://s\.example\.cn/w/[A-Za-z0-9\-._~/?=&%]{0,30}", fullmatch=True
).filter(lambda url: re.fullmatch(r"(?:[^%]|%[0-9A-F]{2})*", url) is not None)


@given(URLS)
@example("https://s.example.cn/w/_a_?b=__c__&copy=1&d=~~e~~-_-%E4%B8%AD")
def test_address_survives_in_links_in_angle_brackets_and_as_text(url: str) -> None:
    escaped = escape_markdown(url)
    link = markdown_to_html(f"[open]({escaped})")
    assert Reader(link).links == [url]
    assert Reader(markdown_to_html(f"[[open]]({escaped})")).links == [url]
    assert Reader(markdown_to_html(f"<{escaped}>")).links == [url]
    assert (
        Reader(markdown_to_html(f"see {escaped} now")).text.strip() == f"see {url} now"
    )
    assert markdown_to_text(f"[open]({escaped})") == f"open: {url}"
    assert markdown_to_text(f"see {escaped}") == f"see {url}"


def test_button_is_a_link_alone_in_its_paragraph() -> None:
    html = markdown_to_html("Hi\n\n[[Shop now]](https://e.example/a?b=1&c=2)\n\nBye")
    assert (
        '<p><a class="button" href="https://e.example/a?b=1&amp;c=2">Shop now</a></p>'
        in html
    )
    for other in ("Hi [[Shop]](https://e.example)", "[[Shop]](https://e.example) now"):
        assert "button" not in markdown_to_html(other)
    value = escape_markdown("[Shop]")
    assert "button" not in markdown_to_html(f"[{value}](https://e.example)")


def test_raw_html_is_shown() -> None:
    assert markdown_to_html("a <b>c</b>") == "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"
    assert "<script" not in markdown_to_html("<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Big *news*", "Big news"),
        ("a **b** _c_ `d`", "a b c d"),
        ("[terms](https://e.example/t)", "terms: https://e.example/t"),
        ("[terms:](https://e.example/t)", "terms: https://e.example/t"),
        ("[https://e.example](https://e.example)", "https://e.example"),
        ("[e.example/a](https://e.example/a)", "https://e.example/a"),
        ("[](https://e.example)", "https://e.example"),
        ("<https://e.example>", "https://e.example"),
        ("[us@e.example](mailto:us@e.example)", "us@e.example"),
        ("[Write](mailto:us@e.example)", "Write: us@e.example"),
        ("[点击](https://e.example/a)查看。", "点击: https://e.example/a 查看。"),
        ("[点击](https://e.example/a)。", "点击: https://e.example/a 。"),
        ("[a](https://e.example/a), b", "a: https://e.example/a, b"),
        ("[x](javascript:alert)", "x"),
        ("![logo](https://e.example/l.png)", "logo"),
        ("[[Shop]](https://e.example)", "Shop: https://e.example"),
        ("- a\n- b\n  - c", "- a\n- b\n  - c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n  b\n- c", "- a\n\n  b\n- c"),
        ("> a\n> b", "> a\n> b"),
        ("a\n\n---\n\nb", "a\n\n--------\n\nb"),
        ("a\\\nb  \nc\nd", "a\nb\nc\nd"),
        ("```\nx <y>\n```", "x <y>"),
        ("a &amp; <b>", "a &amp; <b>"),
        ("", ""),
    ],
)
def test_plain_text(markdown: str, text: str) -> None:
    assert markdown_to_text(markdown) == text


def test_hard_breaks() -> None:
    assert markdown_to_html("a\\\nb  \nc") == "<p>a<br />\nb<br />\nc</p>\n"
