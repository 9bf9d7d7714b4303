"""Layouts: compiled once, tokens intact."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.layout import compile_layout
from copylab.channels.layout_tokens import protect
from copylab.channels.markup import scan
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from copylab.channels.layout import LayoutKind

MJML = """\
{# the main layout #}
{% set year = 2026 %}
<mjml lang="{{ locale }}" dir="{{ dir }}">
  <mj-head>
    <mj-title>{{ subject }}</mj-title>
    <mj-preview>{{ preheader }}</mj-preview>
    <mj-style>.button { color: #ffffff; }</mj-style>
    <mj-style inline="inline">.legal { color: {{ colour }}; }</mj-style>
  </mj-head>
  <mj-body>
    {% if points < 500 %}
    <mj-section background-color="{{ colour }}"><mj-column>
      <mj-text css-class="legal">You have {{ points }} &lt; 500 points.<br /></mj-text>
    </mj-column></mj-section>
    {% endif %}
    <mj-section><mj-column>
      {# rows #}
      <mj-image src="{{ logo }}" alt="{{ brand }}" width="100px" />
      <mj-text>{{ body }}</mj-text>
      <mj-table>{% for item in items %}<tr><td>{{ item }}</td></tr>{% endfor %}</mj-table>
      <mj-button href='{{ link | default("x }}") }}'>{{ "Go" }}</mj-button>
      <mj-text>{% if items %}{{ year }}{% else %}none{% endif %}</mj-text>
    </mj-column></mj-section>
  </mj-body>
</mjml>
"""
HTML = """\
{% set year = 2026 %}<!doctype html>
<html lang="{{ locale }}"><head><title>{{ subject }}</title>
<style>.legal { color: {{ colour }} } td { padding: 1px }
@media print { td { color: black } }</style></head>
<body><!-- {{ brand }} -->
<!--[if mso]><table><tr><td>{{ brand }}<![endif]-->
<table>{% for item in items %}<tr><td>{{ item }}</td></tr>{% endfor %}</table>
<p class="legal" title="{{ brand }}">{% if points < 500 %}{{ points }} &lt; 500{% endif %}</p>
<a href='{{ link | default("x }}") }}'>go</a>
{{ body }} {{ year }}
</body></html>
"""
CONTEXTS = [
    {
        "locale": "en-US", "dir": "ltr", "subject": "S", "preheader": "P",
        "colour": "#123456", "points": points, "logo": "https://e.example/l.png",
        "brand": "Example", "body": "B", "items": items,
        "link": "https://e.example/a?b=1",
    }
    for points in (1, 900)
    for items in ([], ["one"], ["one", "two", "three"])
]  # fmt: skip


class Shape(HTMLParser):
    """Elements, attributes, comments and text, white space between them aside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "tbody":
            loose = {n: re.sub(r"[\s;]+", "", v or "") for n, v in attrs}
            self.parts.append((tag, loose))

    def handle_endtag(self, tag: str) -> None:
        if tag != "tbody":
            self.parts.append(("end", tag))

    def handle_comment(self, data: str) -> None:
        self.parts.append(("comment", data.strip()))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.parts.append(" ".join(data.split()))


def rendered(template: str, context: dict[str, object]) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    return environment.from_string(template).render(context)


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize(("source", "kind"), [(MJML, "mjml"), (HTML, "html")])
def test_compiled_then_rendered_is_rendered_then_compiled(
    source: str, kind: LayoutKind, context: dict[str, object]
) -> None:
    once = rendered(compile_layout(source, kind), context)
    each = compile_layout(rendered(source, context), kind)
    assert Shape(once).parts == Shape(each).parts


@pytest.mark.parametrize(("source", "kind"), [(MJML, "mjml"), (HTML, "html")])
def test_every_token_comes_back_as_written(source: str, kind: LayoutKind) -> None:
    compiled = compile_layout(source, kind)
    for token in protect(source).tokens.values():
        assert token.text in compiled
    assert "zjq" not in compiled
    assert compile_layout(source, kind) == compiled


def test_css_of_html_is_inlined_and_kept() -> None:
    compiled = compile_layout(HTML, "html")
    assert 'style="color: {{ colour }};"' in compiled
    assert "@media print" in compiled


def test_inline_style_of_mjml_is_inlined_and_kept_for_the_body() -> None:
    compiled = compile_layout(MJML, "mjml")
    assert re.search(r'class="legal"[^>]*style="color: \{\{ colour \}\}', compiled)
    assert ".legal { color: {{ colour }}; }" in compiled
    assert "inline=" not in compiled
    assert ".button { color: #ffffff; }" in compiled


def test_loop_over_rows_stays_around_the_rows() -> None:
    compiled = compile_layout(HTML, "html")
    assert "<tbody>{% for item in items %}<tr>" in compiled


def test_stylesheets_elsewhere_are_not_fetched() -> None:
    html = '<html><head><link rel="stylesheet" href="{}"></head><body>a</body></html>'
    for url in ("https://127.0.0.1:1/a.css", "file:///etc/hostname", "a.css"):
        assert "style=" not in compile_layout(html.format(url), "html")


def test_comment_of_the_author_stays_a_comment() -> None:
    assert "<!--{{ a }}-->" in compile_layout("<p>x</p><!--{{ a }}-->", "html")


def test_words_of_our_own_in_a_source_do_no_harm() -> None:
    source = "<p>zjq00000qjz {{ a }}</p>"
    assert "<p>zjq00000qjz {{ a }}</p>" in compile_layout(source, "html")


IN_BODY = "<mjml>\n<mj-body>\n{}\n</mj-body></mjml>"
IN_HEAD = "<mjml><mj-head>{}</mj-head><mj-body></mj-body></mjml>"
IN_COLUMN = IN_BODY.format("<mj-section><mj-column>\n{}</mj-column></mj-section>")


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        (IN_COLUMN.format('<mj-image width="{{ w }}px" />'), 4, "{{ w }} stands in width"),
        (IN_BODY.format('<mj-section padding="{{ p }}"></mj-section>'), 3, "padding of"),
        (IN_BODY.format("<mj-section>\n{% if a %}<mj-column></mj-column>{% endif %}"
                        "</mj-section>"), 4, "{% if a %} stands around a column"),
        (IN_BODY.format("<mj-sektion></mj-sektion>"), 3, "<mj-sektion> is no MJML tag"),
        (IN_BODY.format("<mj-section>"), 4, "</mj-body> does not close <mj-section>"),
        (IN_BODY.format("<mj-section {{ a }}></mj-section>"), 3, "inside a tag"),
        (IN_BODY.format("<{{ a }}></mj-section>"), 3, "inside a tag"),
        (IN_BODY.format("{#\n\n#}{{ a"), 5, "{{ is never closed"),
        (IN_COLUMN.format("<mj-navbar></mj-navbar><mj-navbar></mj-navbar>"), 4, "once"),
        (IN_COLUMN.format("<mj-social>{{ a }}</mj-social>"), 4, "cannot stand directly"),
        (IN_COLUMN.format('<mj-text><p style="{{ a }}">x</p></mj-text>'), 4, "property's"),
        ("<mjml><mj-head><mj-style>{% if a %}p{}{% endif %}</mj-style></mj-head></mjml>",
         1, "{% if a %} stands in a style sheet"),
        (IN_HEAD.format("<mj-title>{% if a %}b{% endif %}</mj-title>"), 1, "was repeated"),
        (IN_COLUMN.format("<mj-text>1 < 2</mj-text>"), 4, "'<' stands alone"),
        ("<mjml></mjml></mjml>", 1, "</mjml> is extra"),
        ("<mjml>", 1, "<mjml> is never closed"),
    ],
)  # fmt: skip
def test_mjml_that_would_lose_something_is_refused(
    source: str, line: int, said: str
) -> None:
    with pytest.raises(CopylabError) as caught:
        compile_layout(source, "mjml", file="main.mjml")
    assert said in caught.value.message
    assert (caught.value.file, caught.value.line) == ("main.mjml", line)
    assert caught.value.help
    assert "zjq" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("<p>\n<p {{ a }}>x</p>", 2, "inside a tag"),
        ("<p>\n<p class={{ a }}>x</p>", 2, "inside a tag"),
        ("\n<p style='{{ a }}'>x</p>", 2, "property's value"),
        ("<style>\n{% for a in b %}p{}{% endfor %}</style>", 2, "style sheet"),
        ("<p>\n{% if a }</p>", 2, "{% is never closed"),
    ],
)
def test_html_that_would_lose_something_is_refused(
    source: str, line: int, said: str
) -> None:
    with pytest.raises(CopylabError) as caught:
        compile_layout(source, "html")
    assert said in caught.value.message
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (IN_COLUMN.format("{{ a }}<mj-text>{{ bb }}</mj-text> ¦<mj-oops></mj-oops>"), "mjml"),
        (IN_COLUMN.format('<mj-text color="{{ a }}" ¦colr="red">x</mj-text>'), "mjml"),
        (IN_COLUMN.format('<mj-text>{{ a }}</mj-text><mj-image width="¦{{ w }}" />'), "mjml"),
        (IN_COLUMN.format("<mj-text>{{ a }}</mj-text> {{ bbbbb }} ¦loose"), "mjml"),
        (IN_COLUMN.format("<mj-text>{{ a }} ¦< {{ b }}</mj-text>"), "mjml"),
        ("<p>{{ a }}</p>\n<p ¦{{ b }}>x</p>", "html"),
        ("<p>{{ a }}</p>\n  ¦{% if a }", "html"),
        ("{{ a }}" + "<b>" * 500 + "¦<b>x", "html"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_of_at_its_column(source: str, kind: str) -> None:
    before, _, after = source.partition("¦")
    with pytest.raises(CopylabError) as caught:
        compile_layout(before + after, "mjml" if kind == "mjml" else "html")
    lines = before.split("\n")
    assert (caught.value.line, caught.value.column) == (len(lines), len(lines[-1]) + 1)


@pytest.mark.parametrize("source", ["", "hello", "<mjml", "<html></html>"])
def test_what_is_no_mjml_is_refused_in_words(source: str) -> None:
    with pytest.raises(CopylabError, match="MJML"):
        compile_layout(source, "mjml")


def test_included_files_are_not_read() -> None:
    source = IN_COLUMN.format('<mj-include path="/etc/hostname" />')
    with pytest.raises(CopylabError, match="<mj-include> reads another file"):
        compile_layout(source, "mjml")


def test_unknown_kind_is_a_bad_call() -> None:
    with pytest.raises(ValueError, match="kind == 'jsx'"):
        compile_layout("", "jsx")  # type: ignore[arg-type]


PIECES = st.sampled_from(
    ["<", ">", "</", "/>", "<p>", "</p>", "<table>", "<tr>", "{{ a }}", "{% if a %}",
     "{% endif %}", "{# c #}", "<!--", "-->", '"', "'", "=", " ", "<style>", "</style>",
     "<mjml>", "</mjml>", "<mj-body>", "</mj-body>", "<mj-text>", "</mj-text>", "{{", "}}",
     "&", "<a href='", "您", "\x00", "]]>", "<![CDATA[", "p{color:red}"]
)  # fmt: skip
SOURCES = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text())


@given(SOURCES, st.sampled_from(["mjml", "html"]))
def test_any_source_compiles_with_all_tokens_or_is_refused(
    source: str, kind: LayoutKind
) -> None:
    try:
        compiled = compile_layout(source, kind)
    except CopylabError:
        return
    assert all(token.text in compiled for token in protect(source).tokens.values())


@given(SOURCES)
def test_scanned_pieces_join_to_the_source(source: str) -> None:
    assert "".join(piece.text for piece in scan(source)) == source


@given(SOURCES)
def test_protection_is_undone(source: str) -> None:
    try:
        protected = protect(source)
    except CopylabError:
        return
    assert protected.restore(protected.text) == source
