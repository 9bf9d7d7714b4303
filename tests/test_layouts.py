from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.config import ByLocale, Config
from copylab.layouts import Layout, layout_scope, lower_layout, read_layouts
from copylab.message.model import Message, Variable
from copylab.source import SourceFile, Span
from copylab.template.render import compile_shape

if TYPE_CHECKING:
    from copylab.findings import Finding

MJML = """\
<mjml><mj-body><mj-section><mj-column><mj-text>
{{ body }}{% if locale == "en-US" %}<a href="{{ unsubscribe_url }}">out</a>{% endif %}
</mj-text></mj-column></mj-section></mj-body></mjml>
"""
HTML = """\
<html><head><style>p { color: #111111 }</style></head>
<body dir="{{ dir }}"><p>{{ body }}</p>{{ brand.name }} {{ subject }}</body></html>
"""


def read(**files: str) -> tuple[dict[str, Layout], list[Finding]]:
    findings: list[Finding] = []
    sources = {
        name.replace("_", "."): SourceFile(name.replace("_", "."), text)
        for name, text in files.items()
    }
    return read_layouts(sources, findings), findings


def message(**settings: str) -> Message:
    leave = Variable("leave", "url", "leave", Span("", 1, 1, 1, 1), max_length=40)
    return Message(
        id="m",
        purpose="marketing",
        live="plain",
        variants={"plain": {}},
        variables={"leave": leave},
        file="m",
        brand=ByLocale({"name": "A & B"}, {"zh-CN": {"name": "甲"}}),
        email=settings,
    )


def test_an_mjml_layout_is_compiled_with_its_tags_intact() -> None:
    layouts, findings = read(main_mjml=MJML, main_txt="{{ body }}\n")
    assert findings == []
    compiled = layouts["main"].compiled.text
    assert "<mj-" not in compiled
    assert '{% if locale == "en-US" %}' in compiled
    assert layouts["main"].html.text == MJML.strip()
    assert layouts["main"].text.text == "{{ body }}"


def test_an_html_layout_has_its_styles_inlined() -> None:
    layouts, findings = read(main_html=HTML, main_txt="{{ body }}")
    assert findings == []
    assert 'style="color: #111111' in layouts["main"].compiled.text


def test_a_layout_without_a_text_part_is_a_finding() -> None:
    layouts, (finding,) = read(main_html=HTML)
    assert layouts == {}
    assert finding.rule == "missing-field"
    assert "main.txt" in finding.help


def test_a_layout_that_does_not_compile_is_a_finding_with_a_place() -> None:
    layouts, (finding,) = read(bad_mjml="<mjml>\n<mj-nothing></mjml>", bad_txt="x")
    assert layouts == {}
    assert finding.rule == "layout-broken"
    assert finding.file == "bad.mjml"
    assert finding.line is not None


@pytest.mark.parametrize(("locale", "word"), [("en-US", "ltr"), ("ar-EG", "rtl")])
def test_a_layout_knows_the_direction_of_its_script(locale: str, word: str) -> None:
    layouts, _ = read(main_html=HTML, main_txt="{{ locale }}")
    scope = layout_scope(message(), locale, Config())
    lowered = lower_layout(layouts["main"].compiled, scope, escape="html")
    assert lowered.findings == ()
    page = compile_shape(lowered.shape, scope)({"body": "<b>x</b>", "subject": "<i>"})
    assert f'dir="{word}"' in page
    text = lower_layout(layouts["main"].text, scope, escape="none")
    assert compile_shape(text.shape, scope)({}) == locale


def test_the_body_is_taken_as_html_and_everything_else_is_escaped() -> None:
    layouts, _ = read(main_html=HTML, main_txt="{{ brand.name }}")
    scope = layout_scope(message(), "en-US", Config())
    html = lower_layout(layouts["main"].compiled, scope, escape="html")
    page = compile_shape(html.shape, scope)({"body": "<b>x</b>", "subject": "<i>"})
    assert "<b>x</b>" in page
    assert "&lt;i&gt;" in page
    assert "<i>" not in page
    assert "A &amp; B" in page
    text = lower_layout(layouts["main"].text, scope, escape="none")
    assert compile_shape(text.shape, scope)({}) == "A & B"


def test_the_address_to_opt_out_at_is_the_variable_that_the_settings_name() -> None:
    layouts, _ = read(main_mjml=MJML, main_txt="x")
    compiled = layouts["main"].compiled
    named = layout_scope(message(unsubscribe="leave"), "en-US", Config())
    assert lower_layout(compiled, named, escape="html").findings == ()
    unnamed = layout_scope(message(), "en-US", Config())
    (finding,) = lower_layout(compiled, unnamed, escape="html").findings
    assert finding.rule == "undeclared-variable"


def test_the_brand_follows_the_locale() -> None:
    scope = layout_scope(message(), "zh-Hans-CN", Config())
    assert scope.brand["name"] == "甲"


def test_a_layout_that_users_would_get_another_page_of_is_a_finding_with_a_place() -> (
    None
):
    page = "<style>.p { color: red }</style>\n<p class=\"{% if locale == 'x' %}p{% endif %}\">a</p>"
    layouts, (finding,) = read(bad_html=page, bad_txt="x")
    assert layouts == {}
    assert (finding.rule, finding.file, finding.line) == (
        "layout-broken",
        "bad.html",
        2,
    )
    assert "compiled once than compiled for each user" in finding.message


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ('<mj-text colour="red">a</mj-text>', "colour of <mj-text> is not known"),
        ('<mj-text padding="1em">a</mj-text>', "padding of <mj-text> is '1em'"),
        ("<mj-test>a</mj-test>", "<mj-test> is no MJML tag"),
    ],
)
def test_what_mjml_does_not_know_is_a_finding_with_a_place(
    inner: str, said: str
) -> None:
    column = f"<mj-section><mj-column>\n{inner}</mj-column></mj-section>"
    page = f"<mjml><mj-body>{column}</mj-body></mjml>"
    layouts, (finding,) = read(bad_mjml=page, bad_txt="x")
    assert layouts == {}
    assert (finding.rule, finding.line) == ("layout-broken", 2)
    assert said in finding.message
    assert finding.help
