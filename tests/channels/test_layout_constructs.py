"""Every way of writing Jinja and MJML in a layout: kept as it is, or refused in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from copylab.channels.layout import compile_layout, compile_protected
from copylab.channels.layout_equal import check_layout
from copylab.channels.layout_tokens import protect
from copylab.channels.mjml_table import mjml_table
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from copylab.channels.layout import LayoutKind

BODY = "<mjml><mj-body>{}</mj-body></mjml>"
SECTION = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
COLUMN = BODY.format("<mj-section><mj-column>{}</mj-column></mj-section>")
LEGAL = SECTION.format('<b class="legal">x</b>')
HEAD = f"<mjml><mj-head>{{}}</mj-head><mj-body>{LEGAL}</mj-body></mjml>"

KEPT = {
    "printed in text": COLUMN.format("<mj-text>{{ name }}</mj-text>"),
    "printed in a table": COLUMN.format(
        "<mj-table><tr><td>{{ name }}</td></tr></mj-table>"
    ),
    "printed in the title": HEAD.format("<mj-title>{{ name }}</mj-title>"),
    "printed in the preview": HEAD.format("<mj-preview>{{ name }}</mj-preview>"),
    "printed in a style": HEAD.format(
        "<mj-style>.legal { color: {{ colour }}; }</mj-style>"
    ),
    "printed in an address": COLUMN.format(
        '<mj-button href="{{ link }}">go</mj-button>'
    ),
    "printed in a source": COLUMN.format(
        '<mj-image src="{{ link }}" alt="{{ name }}" />'
    ),
    "printed in a colour": COLUMN.format('<mj-text color="{{ colour }}">a</mj-text>'),
    "printed in a size that is only copied": COLUMN.format(
        '<mj-text font-size="{{ n }}px">a</mj-text>'
    ),
    "printed between sections": BODY.format(f"{{{{ name }}}}{SECTION.format('a')}"),
    "condition with < in text": COLUMN.format(
        "<mj-text>{% if n < 5 %}few{% else %}many{% endif %}</mj-text>"
    ),
    "condition with < in mj-raw": COLUMN.format(
        "<mj-raw>{% if n < 5 %}<p>few</p>{% endif %}</mj-raw>"
    ),
    "condition with < and > and &": COLUMN.format(
        '<mj-text>{% if n < 5 and name != "a&b" or n > 7 %}x{% endif %}</mj-text>'
    ),
    "double quotes inside single": COLUMN.format(
        """<mj-button href='{{ link ~ "&x" }}'>go</mj-button>"""
    ),
    "single quotes inside double": COLUMN.format(
        """<mj-button href="{{ link ~ '?x' }}">go</mj-button>"""
    ),
    "closing braces in a string": COLUMN.format('<mj-text>{{ "}}" ~ name }}</mj-text>'),
    "bare condition between sections": BODY.format(
        "{% if n < 5 %}" + SECTION.format("a") + "{% endif %}" + SECTION.format("b")
    ),
    "bare alternatives between sections": BODY.format(
        "{% if n < 5 %}"
        + SECTION.format("a")
        + "{% elif items %}"
        + SECTION.format("b")
        + "{% else %}"
        + SECTION.format("c")
        + "{% endif %}"
    ),
    "loop over sections": BODY.format(
        "{% for item in items %}" + SECTION.format("{{ item }}") + "{% endfor %}"
    ),
    "condition in a wrapper": BODY.format(
        "<mj-wrapper>{% if n < 5 %}"
        + SECTION.format("a")
        + "{% endif %}"
        + SECTION.format("b")
        + "</mj-wrapper>"
    ),
    "mj-raw around a section": BODY.format(
        "<mj-raw>{% if n < 5 %}</mj-raw>"
        + SECTION.format("a")
        + "<mj-raw>{% endif %}</mj-raw>"
    ),
    "condition between texts of a column": COLUMN.format(
        "{% if n < 5 %}<mj-text>a</mj-text>{% endif %}<mj-text>b</mj-text>"
    ),
    "comment outside content": BODY.format(
        "{# a <b> c #}" + SECTION.format("{# x #}a")
    ),
    "comment above the root": "{# a #}"
    + COLUMN.format("<mj-text>a</mj-text>")
    + "{# b #}",
    "assignment above the root": "{% set x = 1 %}"
    + COLUMN.format("<mj-text>{{ x }}</mj-text>"),
    "assignment in a section": BODY.format(
        "{% set x = 1 %}" + SECTION.format("{{ x }}")
    ),
    "loop over rows": COLUMN.format(
        "<mj-table><tr><th>h</th></tr>{% for item in items %}"
        "<tr><td>{{ item }}</td></tr>{% endfor %}</mj-table>"
    ),
    "inline style with a value": HEAD.format(
        '<mj-style inline="inline">.legal { color: {{ colour }}; }</mj-style>'
    ),
    "condition inside an address": COLUMN.format(
        '<mj-button href="{% if n < 5 %}a{% else %}b{% endif %}">go</mj-button>'
    ),
    "raw Jinja": COLUMN.format("<mj-text>{% raw %}{{ x }}{% endraw %}</mj-text>"),
    "comment for Outlook in mj-raw": COLUMN.format(
        "<mj-raw><!--[if mso]><p>{{ name }}</p><![endif]--></mj-raw>"
    ),
    "any content in mj-raw": COLUMN.format(
        "<mj-raw><tr><td>{% if n < 5 %}<i>{{ n }}</i>{% endif %}</td></tr></mj-raw>"
    ),
    "general attributes": HEAD.format(
        '<mj-attributes><mj-all color="{{ colour }}" /><mj-text padding="1px" />'
        '<mj-class name="big" font-size="20px" /></mj-attributes>'
    ),
}
KEPT_HTML = {
    "loop over rows without tbody": "<table>{% for item in items %}<tr><td>{{ item }}</td></tr>"
    "{% endfor %}</table>",
    "condition over a cell": "<table><tr>{% if n < 5 %}<td>a</td>{% endif %}<td>b</td></tr>"
    "</table>",
    "loop over a list": "<ul>{% for item in items %}<li>{{ item }}</li>{% endfor %}</ul>",
    "value in a style sheet": "<style>p { color: {{ colour }} }</style><p>a</p>",
    "value in a style": '<p style="color: {{ colour }}">a</p>',
    "quotes in an attribute": """<a href='{{ link ~ "&x" }}' title="{{ 'a' ~ name }}">a</a>""",
    "comment for Outlook": "<!--[if mso]><table><tr><td>{{ name }}<![endif]--><p>{{ n }}</p>"
    "<!--[if mso]></td></tr></table><![endif]-->",
}
REFUSED = {
    "computed width of an image": (
        COLUMN.format('\n<mj-image width="{{ w }}px" src="a" />'),
        2,
        "{{ w }} stands in width",
    ),
    "computed width of a column": (
        BODY.format(
            '<mj-section>\n<mj-column width="{{ w }}%"></mj-column></mj-section>'
        ),
        2,
        "{{ w }} stands in width",
    ),
    "computed padding": (
        BODY.format('\n<mj-section padding="{{ p }}px"></mj-section>'),
        2,
        "stands in padding",
    ),
    "computed size of a background": (
        BODY.format('<mj-section background-size="{{ p }}"></mj-section>'),
        1,
        "background-size",
    ),
    "condition around one of two columns": (
        BODY.format(
            "<mj-section><mj-column></mj-column>\n{% if a %}<mj-column></mj-column>"
            "{% endif %}</mj-section>"
        ),
        2,
        "{% if a %} stands around a column",
    ),
    "mj-raw around one of two columns": (
        BODY.format(
            "<mj-section><mj-column></mj-column>\n<mj-raw>{% if a %}</mj-raw><mj-column>"
            "</mj-column><mj-raw>{% endif %}</mj-raw></mj-section>"
        ),
        2,
        "{% if a %} stands around a column",
    ),
    "loop over columns of a group": (
        BODY.format(
            "<mj-section><mj-group>{% for a in b %}<mj-column></mj-column>{% endfor %}"
            "</mj-group></mj-section>"
        ),
        1,
        "stands around a column in <mj-group>",
    ),
    "condition across two texts": (
        COLUMN.format(
            "<mj-text>{% if a %}x</mj-text>\n<mj-text>{% endif %}y</mj-text>"
        ),
        2,
        "{% endif %} stands in another tag than {% if a %}",
    ),
    "condition across two values": (
        COLUMN.format('<mj-image src="{% if a %}x" alt="{% endif %}" />'),
        1,
        "is not whole",
    ),
    "condition in a style sheet": (
        HEAD.format("<mj-style>{% if a %}p{}{% endif %}</mj-style>"),
        1,
        "in a style sheet",
    ),
    "value above the root": (
        "{{ a }}" + COLUMN.format(""),
        1,
        "stands outside of <mjml>",
    ),
    "html attributes": (
        HEAD.format("\n<mj-html-attributes></mj-html-attributes>"),
        2,
        "<mj-html-attributes> is not",
    ),
    "file read by MJML": (
        COLUMN.format('\n<mj-include path="/etc/hostname" />'),
        2,
        "<mj-include>",
    ),
    "style sheet read by MJML": (
        HEAD.format('<mj-include path="a.css" type="css" />'),
        1,
        "<mj-include> reads another",
    ),
    "two carousels": (COLUMN.format("<mj-carousel /><mj-carousel />"), 1, "only once"),
    "two navbars": (
        COLUMN.format("<mj-navbar></mj-navbar>\n<mj-navbar />"),
        2,
        "only once",
    ),
    "unknown tag": (
        COLUMN.format("\n<mj-test>a</mj-test>"),
        2,
        "<mj-test> is no MJML tag",
    ),
    "tag in capitals": (COLUMN.format("<mj-Text>a</mj-Text>"), 1, "is no MJML tag"),
    "HTML outside content": (
        COLUMN.format("\n\n<div>a</div>"),
        3,
        "<div> is no MJML tag",
    ),
    "words outside content": (
        COLUMN.format("\n hello there"),
        2,
        "'hello there' cannot stand",
    ),
    "tag in the wrong place": (
        BODY.format("\n<mj-text>a</mj-text>"),
        2,
        "<mj-text> cannot stand in",
    ),
    "body outside the root": (
        "<mj-body></mj-body>",
        1,
        "cannot stand outside of <mjml>",
    ),
    "second root": (COLUMN.format("") + "\n<mjml></mjml>", 2, "stands below </mjml>"),
    "unknown attribute": (
        COLUMN.format('<mj-text\n colour="red">a</mj-text>'),
        2,
        "colour of <mj-text> is",
    ),
    "attribute in capitals": (
        COLUMN.format('<mj-text Color="red">a</mj-text>'),
        1,
        "Color of <mj-text>",
    ),
    "attribute without a value": (
        COLUMN.format("<mj-text color>a</mj-text>"),
        1,
        "has 'color'",
    ),
    "attribute without quotes": (
        COLUMN.format("<mj-text color=red>a</mj-text>"),
        1,
        "has 'color=red'",
    ),
    "attribute given twice": (
        COLUMN.format('<mj-text color="red" color="blue">a</mj-text>'),
        1,
        "has 'color'",
    ),
    "width without a unit": (
        COLUMN.format('<mj-image width="100" src="a" />'),
        1,
        "is '100', which",
    ),
    "width in per cent": (
        COLUMN.format('<mj-image width="50%" src="a" />'),
        1,
        "in px, such as",
    ),
    "unknown unit": (
        COLUMN.format('<mj-text padding="1rem">a</mj-text>'),
        1,
        "one to four lengths",
    ),
    "five lengths": (
        COLUMN.format('<mj-text padding="1px 2px 3px 4px 5px">a</mj-text>'),
        1,
        "four",
    ),
    "unknown colour": (
        COLUMN.format('<mj-text color="bleu">a</mj-text>'),
        1,
        "not a colour",
    ),
    "colour of five digits": (
        COLUMN.format('<mj-text color="#12345">a</mj-text>'),
        1,
        "not a colour",
    ),
    "unknown word": (
        COLUMN.format('<mj-text align="middle">a</mj-text>'),
        1,
        "left or center",
    ),
    "no flag": (
        COLUMN.format('<mj-image fluid-on-mobile="yes" src="a" />'),
        1,
        "true or false",
    ),
    "bad unit in a general attribute": (
        HEAD.format('<mj-attributes><mj-all padding="x" /></mj-attributes>'),
        1,
        "padding of <mj-all>",
    ),
    "bad unit behind a value": (
        COLUMN.format('<mj-text font-size="{{ n }}em">a</mj-text>'),
        1,
        "a length in px",
    ),
    "tag that is not closed": (
        COLUMN.format("<mj-text>a"),
        1,
        "does not close <mj-text>",
    ),
}
DIFFERENT_HTML = {
    "condition in a class that a style names": (
        '<style>.p { color: red }</style>\n<p class="{% if n < 5 %}p{% endif %}">a</p>',
        2,
    ),
    "first element behind a condition": (
        "<style>b:first-child{top:0}</style>\n\n<i>{% if n < 5 %}<b>a</b>{% endif %}<b>b</b></i>",
        3,
    ),
    "two beginnings of a table": (
        '{% if n < 5 %}<table dir="x">{% else %}<table>{% endif %}<tr><td>a</td></tr></table>',
        1,
    ),
    "value in the head": ("<html><head>\n{{ name }}</head><body>a</body></html>", 2),
}
CONTEXTS = [
    {
        "name": "Ann",
        "n": n,
        "items": items,
        "colour": "#123456",
        "link": "https://e.example/a",
    }
    for n in (1, 6, 9)
    for items in ([], ["one"], ["one", "two", "three"])
]


def render(template: str, context: dict[str, object]) -> str:
    return (
        jinja2.Environment(undefined=jinja2.StrictUndefined)
        .from_string(template)
        .render(context)
    )


NOT_OUTLOOK = re.compile(r"<!--\[if !mso.*?\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
OUTLOOK = re.compile(r"<!--\[if [^!].*?\]>(.*?)<!\[endif\]-->", re.DOTALL)


def tree(page: str, *, is_outlook: bool) -> list[object]:
    """The elements of a body as a parser builds them, with attributes and texts."""
    page = NOT_OUTLOOK.sub("" if is_outlook else r"\1", page)
    page = OUTLOOK.sub(r"\1" if is_outlook else "", page)
    body = lxml_html.document_fromstring(page).find("body")
    assert body is not None
    return [
        (
            element.tag,
            sorted(element.attrib.items()),
            " ".join((element.text or "").split()),
            " ".join((element.tail or "").split()),
        )
        for element in body.iter()
        if isinstance(element.tag, str) and element.tag != "tbody"  # may be left out
    ]


def for_one_user(source: str, kind: LayoutKind, context: dict[str, object]) -> str:
    """The page of one user, the layout compiled after the values are in."""
    return compile_protected(protect(render(source, context)), kind, is_rendered=True)


@pytest.mark.parametrize("name", [*KEPT, *KEPT_HTML])
def test_compiled_once_is_compiled_for_each_user(name: str) -> None:
    kind: LayoutKind = "mjml" if name in KEPT else "html"
    source = KEPT.get(name) or KEPT_HTML[name]
    compiled = compile_layout(source, kind)
    assert all(token.text in compiled for token in protect(source).tokens.values())
    check_layout(source, kind)
    if "{% raw" in source:
        return  # what it prints reads as Jinja to a second render
    for context in CONTEXTS:
        once = render(compiled, context)
        each = for_one_user(source, kind, context)
        for mode in (False, True):
            assert tree(once, is_outlook=mode) == tree(each, is_outlook=mode)


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_lost_is_refused_with_its_tag_and_line(name: str) -> None:
    source, line, said = REFUSED[name]
    with pytest.raises(CopylabError) as caught:
        compile_layout(source, "mjml", file="main.mjml")
    assert said in caught.value.message
    assert (caught.value.file, caught.value.line) == ("main.mjml", line)
    assert caught.value.help
    assert "zjq" not in str(caught.value)


@pytest.mark.parametrize("name", DIFFERENT_HTML)
def test_a_page_that_differs_is_refused_with_its_tag_and_line(name: str) -> None:
    source, line = DIFFERENT_HTML[name]
    compile_layout(source, "html")
    with pytest.raises(
        CopylabError, match="compiled once than compiled for each"
    ) as caught:
        check_layout(source, "html", file="main.html")
    assert (caught.value.file, caught.value.line) == ("main.html", line)
    assert "{" in caught.value.message


SAMPLES = {
    "text": ["abc", "https://e.example/a?b", "1px solid red"],
    "colour": ["#123456", "red", "#abc"],
}


def holder(tag: str, attribute: str) -> str:
    """A layout in which a tag writes an attribute, if it ever does."""
    inner = {
        "mj-social": '<mj-social-element name="facebook" href="h">F</mj-social-element>',
        "mj-navbar": '<mj-navbar-link href="a">F</mj-navbar-link>',
        "mj-carousel": '<mj-carousel-image src="a" /><mj-carousel-image src="b" />',
        "mj-accordion": "<mj-accordion-element><mj-accordion-title>t</mj-accordion-title>"
        "<mj-accordion-text>x</mj-accordion-text></mj-accordion-element>",
        "mj-accordion-element": "<mj-accordion-title>t</mj-accordion-title>",
        "mj-column": "<mj-text>x</mj-text>",
        "mj-section": "<mj-column><mj-text>x</mj-text></mj-column>",
        "mj-group": "<mj-column><mj-text>x</mj-text></mj-column>",
        "mj-wrapper": SECTION.format("x"),
        "mj-body": SECTION.format("x"),
        "mj-hero": "<mj-text>x</mj-text>",
        "mjml": "<mj-body></mj-body>",
    }.get(tag, "x" if mjml_table().tags[tag].is_content else "")
    source = f"<{tag} {attribute}>{inner}</{tag}>"
    path = {"mj-column": "mj-section", "mj-group": "mj-section"}
    while tag != "mjml":
        parents = mjml_table().tags[tag].parents
        tag = path.get(tag) or next(
            each
            for each in ("mj-column", "mj-body", *sorted(parents))
            if each in parents
        )
        source = f"<{tag}>{source}</{tag}>"
    return source


TOKEN_ATTRIBUTES = [
    (name, attribute, kind)
    for name, tag in mjml_table().tags.items()
    for attribute, kind in tag.attributes.items()
    if kind in SAMPLES
]


@pytest.mark.parametrize(("tag", "attribute", "kind"), TOKEN_ATTRIBUTES)
def test_an_attribute_that_takes_a_token_takes_any_value(
    tag: str, attribute: str, kind: str
) -> None:
    try:
        compiled = compile_layout(holder(tag, f'{attribute}="{{{{ v }}}}"'), "mjml")
    except CopylabError as error:
        assert attribute in error.message or "was lost" in error.message  # noqa: PT017 - refused is right too
        return
    for value in SAMPLES[kind]:
        each = compile_layout(holder(tag, f'{attribute}="{value}"'), "mjml")
        assert render(compiled, {"v": value}) == each


@pytest.mark.parametrize("tag", mjml_table().tags)
def test_every_tag_is_one_that_the_engine_knows(tag: str) -> None:
    compiled = compile_layout(holder(tag, ""), "mjml")
    assert "<mj" not in compiled


INNER = st.recursive(
    st.sampled_from(["a", "{{ name }}", "{# c #}", "<b>x</b>", "{{ n }}"]),
    lambda parts: st.one_of(
        st.tuples(parts, parts).map("".join),
        st.tuples(parts, parts).map(
            lambda pair: f"{{% if n < 5 %}}{pair[0]}{{% else %}}{pair[1]}{{% endif %}}"
        ),
        parts.map(lambda part: f"{{% if items %}}{part}{{% endif %}}"),
        parts.map(
            lambda part: f"{{% for item in items %}}{part}{{{{ item }}}}{{% endfor %}}"
        ),
    ),
    max_leaves=6,
)
SECTIONS = st.recursive(
    INNER.map(SECTION.format),
    lambda parts: st.one_of(
        st.tuples(parts, parts).map("".join),
        st.tuples(parts, parts).map(
            lambda pair: (
                f"{{% if n < 5 %}}{pair[0]}{{% elif items %}}{pair[1]}{{% endif %}}"
            )
        ),
        parts.map(lambda part: f"{{% for item in items %}}{part}{{% endfor %}}"),
        st.tuples(INNER, INNER).map(
            lambda pair: (
                "<mj-section><mj-column><mj-text>{}</mj-text></mj-column><mj-column>"
                "<mj-table><tr><td>{}</td></tr></mj-table></mj-column></mj-section>".format(
                    *pair
                )
            )
        ),
    ),
    max_leaves=5,
)


@settings(deadline=None, max_examples=40)
@given(SECTIONS)
def test_any_layout_that_passes_gives_each_user_the_same_page(sections: str) -> None:
    source = BODY.format(sections)
    compiled = compile_layout(source, "mjml")
    check_layout(source, "mjml")
    for context in CONTEXTS[::4]:
        once = render(compiled, context)
        each = for_one_user(source, "mjml", context)
        for mode in (False, True):
            assert tree(once, is_outlook=mode) == tree(each, is_outlook=mode)
