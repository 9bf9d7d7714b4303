"""The bound on the bytes of an e-mail's HTML part holds for all that can be sent."""

# ruff: noqa: FBT001, FBT003, E501 - a flag is drawn, and a layout is one line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copylab.channels.markdown import escape_markdown, markdown_to_html
from copylab.lint.case import Field
from copylab.lint.html_size import _close_bound, _exact, _quick_bound
from copylab.message.copy import make_passage
from copylab.message.model import Variable
from copylab.source import SourceFile, Span
from copylab.template.lower import Template, lower_passage
from copylab.template.render import compile_shape
from copylab.template.scope import Scope
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOWHERE = Span("", 1, 1, 1, 1)
PIECES = (
    "- ", "* ", "1. ", "> ", "# ", "\n", "\n\n", "    ", "`", "```", "~~~", "*", "**",
    "_", "[", "]", "(", ")", "](", "](<", "<http://x.é/", ">", "![", "a", "é", "中", "𠀀",
    "&", "<", '"', "'", "===", "---", "***", "\n[a]: http://é\n", "[a]", "<a@b.co>", " ",
    "  \n", "\\\n", "123456789) ", "[[x]](http://é(é)é)", "{{ note }}", "{{ name }}",
    "{% if flag %}", "{% else %}", "{% endif %}", "{% for i in rows %}", "{% endfor %}",
    "{{ i.cell }}",
)  # fmt: skip


def variable(name: str, kind: str, **more: object) -> Variable:
    return Variable(name, kind, name, NOWHERE, **more)  # type: ignore[arg-type]


VARIABLES = {
    "note": variable("note", "text", max_length=9, multiline=True),
    "name": variable("name", "person_name", max_length=6),
    "flag": variable("flag", "bool"),
    "rows": variable(
        "rows", "list", max_items=4, items={"cell": variable("cell", "text", max_length=5)}
    ),
}  # fmt: skip
SCOPE = Scope(
    VARIABLES, "en-US", escapes={"markdown": escape_markdown}, allow_loops=True
)
NASTY = st.text(alphabet="&<>\"'𠀀é`*[]()\\-1. a#", max_size=9)


def balance(pieces: list[str]) -> str:
    """A template of the pieces whose tags pair up."""
    text, opened = "", []
    for piece in pieces:
        if piece.startswith("{% if") or (
            piece.startswith("{% for") and "for" not in opened
        ):
            opened.append("for" if "for" in piece else "if")
        elif piece == "{% else %}":
            if not opened or opened[-1] != "if":
                continue
            opened[-1] = "else"
        elif piece.startswith("{% end"):
            kind = "for" if "for" in piece else "if"
            if not opened or opened[-1].replace("else", "if") != kind:
                continue
            opened.pop()
        elif piece.startswith("{% for") or ("i.cell" in piece and "for" not in opened):
            continue
        text += piece
    while opened:
        text += "{% endfor %}" if opened.pop() == "for" else "{% endif %}"
    return text


def body_field(text: str) -> Field:
    source = SourceFile("body.md", text)
    passage = make_passage(source, 0, len(text))
    lowered = lower_passage(passage, SCOPE, escape="markdown")
    return Field("body", Template(passage, lowered, SCOPE))


@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map(balance),
    NASTY,
    st.booleans(),
    st.lists(NASTY.map(lambda text: text[:5]), max_size=4),
)
@example(
    "{% for i in rows %}- [a](http://b/{{ i.cell }})\n{% endfor %}", "", True, ["é"] * 4
)
@example("<http://x/{{ note }}>", "𠀀" * 9, True, [])
@example("{{ note }}", "\n".join("&&&&&"), True, [])
def test_no_body_is_larger_than_its_bound(
    text: str, note: str, flag: bool, rows: list[str]
) -> None:
    item = body_field(text)
    if item.template.lowered.findings:
        return
    values = {
        "note": note,
        "name": note.replace("<", "").replace(">", "")[:6],
        "flag": flag,
        "rows": [{"cell": row} for row in rows],
    }
    sent = compile_shape(item.shape, SCOPE)(values)
    html = markdown_to_html(sent.strip())
    size = len(html.encode())
    assert size <= _close_bound(item)
    quick = _quick_bound(item)
    assert not quick or size <= quick


LAYOUT = '<html lang="{{ locale }}"><head><title>{{ subject }}</title></head><body>{{ body }}<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>'
MESSAGE = """\
purpose: marketing
live: plain
variants: {plain: {hook: plain}}
variables:
  rows: {type: list, max_items: 260, items: {cell: {type: text, max: 60}}, missing: skip}
  unsubscribe_url: {type: url, base: "https://example.com/u/", max: 60, missing: error}
"""


@pytest.fixture
def mail(make_files: Callable[..., Path]) -> Callable[[str], Path]:
    def write(body: str) -> Path:
        return make_files(
            {
                "copylab.yaml": "brand: {name: X}\nlocales: {default: en-US}\nmarkets: [GB]\n"
                "email: {layout: main, unsubscribe: unsubscribe_url, from: X <a@b.co>}\n",
                "templates/_layouts/main.html": LAYOUT,
                "templates/_layouts/main.txt": "{{ body }}\n{{ unsubscribe_url }}",
                "templates/m/message.yaml": MESSAGE,
                "templates/m/email.en-US.md": "## subject\nNews of the week\n## preheader\n"
                f"What is new this week, in one minute\n## body\n{body}\n",
            }
        )

    return write


def codes(root: Path) -> dict[str, str]:
    found = open_workspace(root).lint().findings
    wanted = {"size-clipped", "unsubscribe-after-clip"}
    return {item.rule: item.severity for item in found if item.rule in wanted}


def test_the_longest_list_counts(mail) -> None:
    row = "{% for i in rows %}- {{ i.cell }}: a row of the list\n{% endfor %}"
    # 260 rows of 60 characters that are up to six bytes each in HTML, and 34 of markup.
    assert codes(mail(row)) == {"size-clipped": "warning"}


def test_a_plain_text_that_reaches_the_limit_is_an_error(mail) -> None:
    found = codes(mail("A line of words.\n" * 6100))
    assert found == {"size-clipped": "error", "unsubscribe-after-clip": "error"}


def test_a_text_of_a_third_of_the_limit_is_fine(mail) -> None:
    assert codes(mail("A line of words.\n\n" * 1500)) == {}


def test_chinese_counts_three_bytes_a_character(mail) -> None:
    assert codes(mail("一行字。" * 8000)) == {"size-clipped": "warning"}
    assert codes(mail("一行字。" * 8700))["size-clipped"] == "error"


@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map(balance),
    NASTY,
    st.booleans(),
)
@example("`{{ note }}`", "`" * 9, True)
@example('[a](http://x/{{ note }} "{{ note }}")', "é" * 9, True)
def test_the_exact_size_of_a_body_without_loops_is_a_bound_as_well(
    text: str, note: str, flag: bool
) -> None:
    item = body_field(text)
    if item.template.lowered.findings or "for" in text or "cell" in text:
        return
    values = {
        "note": note,
        "name": note.translate({60: "a", 62: "b"})[:6],
        "flag": flag,
    }
    sent = compile_shape(item.shape, SCOPE)(values)
    html = markdown_to_html(sent.strip())
    assert len(html.encode()) <= max(_exact(item, way) for way in item.written)
