"""Arbitrary text into every door of the e-mail channel: an answer or an error in words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copylab.channels import email as channel
from copylab.channels.composed import Email
from copylab.channels.headers import check_header
from copylab.channels.layout import compile_layout
from copylab.channels.layout_equal import check_layout, page_events
from copylab.channels.layout_tokens import protect
from copylab.channels.layout_ways import read_part, ways, write_way
from copylab.channels.markup import scan
from copylab.channels.mjml_table import describe_kind, mjml_table
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNS = st.sampled_from(
    ["<", ">", "</", "/>", "{{", "}}", "{%", "%}", "{#", "#}", "<!--", "-->", "'", '"', "=",
     "{% if a %}", "{% else %}", "{% elif %}", "{% endif %}", "{% for a in b %}", "{% endfor %}",
     "{% raw %}", "{% endraw %}", "{% set a = 1 %}", "<mjml>", "</mjml>", "<mj-body>", "</mj-body>",
     "<mj-section>", "</mj-section>", "<mj-text>", "</mj-text>", "<mj-raw>", "<table>", "<tr>",
     "<style>", "</style>", "<mj-style inline='inline'>", "</mj-style>", "<!--[if mso]>",
     "<![endif]-->", "[", "](", "*", "`", "#", "- ", "\n", " ", "\\", "&amp;", "\x00",
     "\ud800",
     "\udfff", "您好", "\u202e",
     "width='1px'", "color='{{ a }}'", "zjq00000qjz", "<![CDATA[", "]]>",
     "style='", "a:b;", "@media", "}", "{", "<?", "?>", "=?utf-8?q?a?=", "\r\n", "@", "https://"]
)  # fmt: skip
ANY = st.one_of(
    st.lists(SIGNS, max_size=25).map("".join),
    st.text(st.characters(), max_size=40),
    st.tuples(st.text(st.characters(), max_size=5), SIGNS).map("".join),
)
HALF = st.text(st.characters(categories=["Cs"]), min_size=1, max_size=3)
IN_TEXT = (
    "<mjml><mj-body><mj-section><mj-column>"
    "<mj-text>{}</mj-text></mj-column></mj-section></mj-body></mjml>"
)
DOORS: dict[str, Callable[[str], object]] = {
    "compile MJML": lambda text: compile_layout(text, "mjml"),
    "compile HTML": lambda text: compile_layout(text, "html"),
    "compile a text of MJML": lambda text: compile_layout(
        IN_TEXT.replace("{}", text), "mjml"
    ),
    "compile an attribute of MJML": lambda text: compile_layout(
        f"<mjml><mj-body><mj-section {text}></mj-section></mj-body></mjml>", "mjml"
    ),
    "compile a style": lambda text: compile_layout(f"<style>{text}</style><p>a</p>", "html"),
    "compile an inline style": lambda text: compile_layout(
        f"<mjml><mj-head><mj-style inline='inline'>{text}</mj-style></mj-head>"
        "<mj-body></mj-body></mjml>",
        "mjml",
    ),
    "check MJML": lambda text: check_layout(text, "mjml"),
    "check HTML": lambda text: check_layout(text, "html"),
    "protect": protect,
    "events": lambda text: page_events(text, is_outlook=True),
    "events without Outlook": lambda text: page_events(text, is_outlook=False),
    "Markdown to HTML": channel.markdown_to_html,
    "Markdown to text": channel.markdown_to_text,
    "Markdown to both": channel.render_body,
    "escape Markdown": channel.escape_markdown,
    "mailbox name": lambda text: channel.format_mailbox(text, "a@e.example"),
    "mailbox address": lambda text: channel.format_mailbox("a", text),
    "opt-out": channel.unsubscribe_headers,
    "opt-out's end": lambda text: channel.unsubscribe_headers(f"https://e.example/{text}"),
    "header name": lambda text: check_header(text, "a"),
    "header value": lambda text: check_header("Subject", text),
    "message subject": lambda text: Email(text, "", "h", "t").to_email_message().as_bytes(),
    "message parts": lambda text: Email("s", text, text, text).to_email_message().as_bytes(),
    "message addressee": lambda text: Email("s", "", "h", "t").to_email_message(text).as_bytes(),
    "message header": lambda text: (
        Email("s", "", "h", "t", {"X-Note": text, "Reply-To": text, "List-Id": text})
        .to_email_message().as_bytes()
    ),
    "message header's name": lambda text: (
        Email("s", "", "h", "t", {text: "a"}).to_email_message().as_bytes()
    ),
    "size": lambda text: Email("s", "", text, "t").html_bytes,
    "kind": lambda text: [
        mjml_table().fits(kind, text)
        for tag in mjml_table().tags.values()
        for kind in tag.attributes.values()
    ],
}  # fmt: skip


def answer(door: str, text: str) -> str:
    """What is said about a text: an error's words, or that there is none."""
    try:
        DOORS[door](text)
    except (CopylabError, ValueError) as error:
        return str(error)
    return "passed"


@pytest.mark.parametrize("door", DOORS)
@settings(deadline=None, max_examples=60)
@given(text=ANY)
@example(text="\ud800")
@example(text="[a](\ud800)")
@example(text="")
def test_any_text_gets_an_answer_or_an_error_in_words(door: str, text: str) -> None:
    said = answer(door, text)
    assert said
    assert "codec" not in said
    assert "zjq0" not in said or "zjq0" in text


@pytest.mark.parametrize(
    "door", [name for name in DOORS if name not in {"kind", "protect"}]
)
@given(text=HALF)
def test_half_a_character_is_refused_or_passed_on_but_crashes_nothing(
    door: str, text: str
) -> None:
    assert "codec" not in answer(door, f"a{text}b")


@given(ANY)
def test_scanned_pieces_are_the_source(text: str) -> None:
    assert "".join(piece.text for piece in scan(text)) == text


@settings(deadline=None)
@given(ANY)
def test_ways_choose_what_the_tags_offer(text: str) -> None:
    try:
        protected = protect(text)
    except CopylabError:
        return
    part = read_part(protected, protected.text)
    if part is None:
        return
    found = list(ways(part, 20))
    assert found[0] == {}
    assert len(found) <= 20
    for way in found:
        assert all(word in protected.tokens for word in way)
        written = write_way(protected, part, way)
        assert protected.word.search(written) is None


@pytest.mark.parametrize("kind", ["MJML", "HTML"])
@pytest.mark.parametrize(
    "piece",
    ["<b>", "<", "<a ", "<!--", "{{", "{{ '", '{{ "', "{% raw %}", "{% if a %}", "{#", "<a '",
     "zjq", "<style>", "<![CDATA[", "<?", "</", "{{ a }}", "{% if a %}{% endif %}", "&", "<table>",
     "x=",
     "<!--[if mso]>", "<b></b>", "{% for a in b %}"],
)  # fmt: skip
def test_a_sign_repeated_without_end_is_done_in_time(kind: str, piece: str) -> None:
    start = time.process_time()
    for source in (
        piece * 3000,
        f"<p>{piece * 3000}</p>",
        f"<mjml><mj-body>{piece * 3000}",
    ):
        assert answer(f"compile {kind}", source)
        assert answer(f"check {kind}", source)
    assert time.process_time() - start < 20


def test_tags_inside_each_other_are_refused_before_they_use_up_the_stack() -> None:
    source = "<div>" * 100_000 + "x" + "</div>" * 100_000
    with pytest.raises(CopylabError, match="nested more than 500 deep"):
        compile_layout(source, "html")
    deep = "<b>" * 490 + "x" + "</b>" * 490
    assert deep in compile_layout(IN_TEXT.format(deep), "mjml")
    with pytest.raises(CopylabError, match="nested more than 500 deep"):
        compile_layout(IN_TEXT.format(source), "mjml")


def test_more_tokens_than_five_digits_count_come_back() -> None:
    source = "<p>" + "{{ a }}" * 100_003 + "</p>"
    assert compile_layout(source, "html").count("{{ a }}") == 100_003


@pytest.mark.parametrize(
    "kind", ["text", "colour", "flag", "size", "box", "left|right"]
)
def test_every_kind_is_described(kind: str) -> None:
    if kind != "text":
        assert len(describe_kind(kind)) > 5
