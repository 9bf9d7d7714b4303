r"""Markdown bodies: escaped values, HTML, and the text part made from the same source.

A paragraph that holds only `[[Shop now]](https://...)` is a button: a link with the
class `button`, for the layout's style sheet. Raw HTML is shown, never obeyed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import mistune

from copylab.channels.markdown_text import render_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    Token = dict[str, Any]

# Wherever they stand, these can open or close a construct of Markdown.
_ACTIVE = re.compile(r"([\\`*_\[\]<>#!|~&()\"'])")
# At the start of a line, these can make a list, a heading or a link definition.
_LEADING = re.compile(r"^([-+=.:]|\d+(?=\.))")
_BUTTON = re.compile(
    r"\[(?P<label>\[(?:\\.|[^\[\]\\\n])+\])\](?P<target>\((?:\\.|[^()\\\s])+\))\s*"
)
_AUTOLINK = re.compile(r"(?<!\\)<(https?://[^<>\s]*)>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class _HtmlRenderer(mistune.HTMLRenderer):
    """HTML with the button form."""

    def button(self, text: str) -> str:
        """A paragraph that is one link, marked for the layout's style sheet."""
        marked = text.replace("<a ", '<a class="button" ', 1)
        return f"<p>{marked}</p>\n"


def escape_markdown(value: str) -> str:
    r"""The Markdown that shows `value` and nothing else.

    No value can add a link, an image, a tag, a heading, a list, a quote, emphasis or
    code. A line break becomes a hard break; white space at the ends of lines, which
    Markdown gives a meaning, is dropped, and so are line breaks at the ends.

    It works in text, in link labels and in link addresses, but not in code spans, where
    Markdown has no escapes.

    >>> escape_markdown("[Verify](https://evil.test)")
    '\\[Verify\\]\\(https://evil.test\\)'
    """
    lines = [line.strip() for line in value.strip().splitlines()]
    return "\\\n".join(_LEADING.sub(_escape_leading, _escape(line)) for line in lines)


def markdown_to_html(text: str) -> str:
    """The HTML fragment of a Markdown body.

    Args:
        text: Markdown with values already escaped; CRLF counts as LF.
    """
    return _to_html(_parse(text))


def markdown_to_text(text: str) -> str:
    """The plain text of a Markdown body, made from the Markdown and not from HTML.

    Links read `label: address`, an address that is its own label is not repeated,
    emphasis marks go, headings and lists stay. Lines are not wrapped.

    Args:
        text: Markdown with values already escaped.
    """
    return render_text(_parse(text))


def render_body(text: str) -> tuple[str, str]:
    """The HTML fragment and the plain text of a Markdown body, parsed once.

    Args:
        text: Markdown with values already escaped.
    """
    tokens = _parse(text)
    plain = render_text(tokens)
    return _to_html(tokens), plain


def _escape(line: str) -> str:
    """The line with a backslash before each active character."""
    return _ACTIVE.sub(r"\\\1", line)


def _escape_leading(match: re.Match[str]) -> str:
    """A leading mark escaped; a leading number keeps its digits, its point escaped."""
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


@cache
def _parser() -> mistune.Markdown:
    """The one parser: CommonMark without extensions, raw HTML left as it is."""
    parser = mistune.create_markdown(renderer=None)
    parser.before_render_hooks.append(_mark_buttons)
    return parser


def _parse(text: str) -> Sequence[Token]:
    """The syntax tree of a Markdown text.

    Raises:
        ValueError: The text holds a lone surrogate, which no address can be made of.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = ord(text[error.start])
        raise ValueError(f"Markdown holds a lone surrogate (U+{half:04X})") from None
    # Values are escaped before their place is known, and an address in angle brackets
    # is the one place where a backslash would be read as itself.
    text = _AUTOLINK.sub(lambda match: _ESCAPED.sub(r"\1", match[0]), text)
    tokens = _parser()(text)
    assert isinstance(tokens, list)
    return tokens


def _mark_buttons(_parser: object, state: mistune.BlockState) -> None:
    """Turn paragraphs of the button form into buttons, before inlines are parsed."""
    for token in state.tokens:
        found = _BUTTON.fullmatch(token.get("text", ""))
        if token["type"] == "paragraph" and found:
            token.update(type="button", text=found["label"] + found["target"])


def _to_html(tokens: Sequence[Token]) -> str:
    """The HTML of a syntax tree."""
    return _HtmlRenderer(escape=True)(tokens, mistune.BlockState())
