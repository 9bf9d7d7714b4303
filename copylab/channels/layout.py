"""Email layouts, compiled once: MJML to HTML, CSS into style attributes, Jinja kept.

What comes out is a template. It is rendered for each user, which is thirty times faster
than compiling for each, and compiling cannot be upset by a value with `<` in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from copylab.channels.layout_tokens import protect, restore_checked
from copylab.channels.markup import scan
from copylab.channels.mjml_source import MjmlSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.layout_tokens import Protected
    from copylab.channels.markup import Piece

LayoutKind = Literal["mjml", "html"]

MAX_DEPTH = 500
"""Tags inside each other; the compilers use up the stack for more than some thousands."""

# A word in text travels as a comment: an HTML parser moves text out of tables.
_MARK = "@"


def compile_layout(source: str, kind: LayoutKind, *, file: str | None = None) -> str:
    """The HTML template of a layout, its Jinja tokens as they were written.

    Style sheets of an HTML layout are inlined and also kept, for media queries and for
    the body, which is not there yet. Of an MJML layout only `<mj-style
    inline="inline">` is, as MJML has it. Nothing is fetched.

    Args:
        source: The layout as written.
        kind: `mjml` or `html`.
        file: The layout's path, for messages.

    Raises:
        CopylabError: The layout is malformed, or a token stands where it would be lost
            or changed; token and line are said.
        ValueError: The kind is unknown.
    """
    if kind not in {"mjml", "html"}:
        raise ValueError(f"kind == {kind!r}, must be mjml or html")
    protected = protect(source, file)
    return restore_checked(compile_protected(protected, kind), protected)


def compile_protected(
    protected: Protected, kind: LayoutKind, *, is_rendered: bool = False
) -> str:
    """The HTML of a layout with words in the place of its tokens.

    Args:
        protected: The layout.
        kind: `mjml` or `html`.
        is_rendered: Whether values stand where tokens stood: what an attribute holds is
            then not the author's word, and is not checked.

    Raises:
        CopylabError: The layout is malformed, or a token stands where it would be lost.
    """
    _check_places(protected)
    if kind == "html":
        return _inline(protected, _complete(protected.text), None)
    mjml = MjmlSource(protected, is_rendered=is_rendered)
    html = _compile_mjml(protected, mjml.text)
    if mjml.inline_css:
        html = _inline(protected, html, mjml.inline_css)
    return mjml.before + html + mjml.after


def _check_places(protected: Protected) -> None:
    """Refuse tokens that form a tag, an attribute's name or a branch of a style sheet."""
    in_style = False
    depth = 0
    for piece in scan(protected.text):
        depth += piece.kind == "open" and not piece.is_closed
        depth = max(0, depth - (piece.kind == "close"))
        if depth > MAX_DEPTH:
            message = f"tags are nested more than {MAX_DEPTH} deep"
            raise protected.refuse_at(message, piece.start, "close tags where they end")
        if piece.kind in {"open", "close"}:
            in_style = piece.kind == "open" and piece.name in {"style", "mj-style"}
        if piece.kind == "open":
            _check_tag(protected, piece)
        elif in_style:
            _check_style(protected, piece.text)
    loose = re.search(rf"</?(?={protected.word.pattern})", protected.text)
    if loose:
        word = protected.word.search(protected.text, loose.end())
        assert word is not None
        raise _refuse_markup(protected, word[0])


def _check_tag(protected: Protected, piece: Piece) -> None:
    """Refuse a token outside quoted values, or for a whole declaration of a style."""
    word = protected.word.search(f"{piece.name} {piece.unquoted()}")
    if word:
        raise _refuse_markup(protected, word[0])
    for each in piece.attribute_list():
        _check_branches(protected, piece, each.value)
    for declaration in piece.quoted_attributes().get("style", "").split(";"):
        name, _colon, _value = declaration.partition(":")
        word = protected.word.search(name)
        if word:
            raise protected.refuse_token(
                word[0],
                f"stands in style of <{piece.name}>, but not as a property's value",
                'write the property out, as in style="color: {{ colour }}"',
            )


def _check_branches(protected: Protected, piece: Piece, value: str) -> None:
    """Refuse a condition that does not end in the attribute's value it starts in."""
    depth = 0
    for word in protected.word.findall(value):
        token = protected.tokens[word]
        depth += token.opens_branch - token.closes_branch
        if depth < 0 or (not depth and token.branch in {"elif", "else"}):
            break
    else:
        if not depth:
            return
    raise protected.refuse_token(
        word,
        f"belongs to a condition that is not whole in this value of <{piece.name}>",
        "start and end the condition inside the same quotes",
    )


def _check_style(protected: Protected, css: str) -> None:
    """Refuse a condition or a loop in a style sheet, half of which would be inlined."""
    for word in protected.word.findall(css):
        if protected.tokens[word].is_branch:
            raise protected.refuse_token(
                word,
                "stands in a style sheet, which is inlined for everybody",
                "give two elements two classes, and put the condition around them",
            )


def _refuse_markup(protected: Protected, word: str) -> Exception:
    """The error about a token that forms markup."""
    return protected.refuse_token(
        word,
        "stands inside a tag, but not in a quoted value",
        'write it in text or in a quoted value, as in href="{{ link }}"',
    )


def _compile_mjml(protected: Protected, text: str) -> str:
    """The HTML of an MJML source with words."""
    from mjml import mjml2html  # noqa: PLC0415 - senders with HTML layouts lack it

    try:
        return str(mjml2html(text))
    except ValueError as error:
        why = str(error)
    except BaseException as error:
        if not _is_panic(error):
            raise
        why = "the engine broke down"
    problem, _, place = why.partition(" in root template")
    at = re.search(r"(\d+):\d+", place)
    start = None if at is None else _start_of_line(protected, text, int(at[1]))
    cure = "it must be well-formed XML: tags in pairs, quoted attributes, <br />"
    raise protected.refuse(f"the MJML cannot be compiled: {problem}", start, cure)


def _start_of_line(protected: Protected, text: str, octets: int) -> int:
    """Where in the source the line starts of a place in the text the engine was given.

    That text has the lines of the source, and other columns.
    """
    before = text.encode()[:octets].decode(errors="ignore")
    lines = protected.source.split("\n")
    return sum(len(line) + 1 for line in lines[: protected.restore(before).count("\n")])


def _is_panic(error: BaseException) -> bool:
    """Whether a compiler in Rust broke down, which is no `Exception` to Python."""
    return type(error).__name__ == "PanicException"


def _inline(protected: Protected, html: str, css: str | None) -> str:
    """The HTML with its own style sheets, or with `css`, in style attributes."""
    import css_inline  # noqa: PLC0415 - compiled layouts are sent without it

    inliner = css_inline.CSSInliner(
        inline_style_tags=css is None,
        keep_style_tags=True,
        keep_link_tags=True,
        load_remote_stylesheets=False,
        extra_css=css,
    )
    try:
        inlined = inliner.inline("".join(_shield(protected, html)))
    except css_inline.InlineError as error:
        why = str(error)
    except BaseException as error:
        if not _is_panic(error):
            raise
        why = "the engine broke down"
    else:
        why = ""
    if why:
        problem = f"the CSS cannot be inlined: {why}"
        raise protected.refuse(problem, None, "correct the style sheet")
    return re.sub(rf"<!--{_MARK}({protected.word.pattern})-->", r"\1", inlined)


def _complete(html: str) -> str:
    """The HTML as a whole document, as the inliner would make it, tokens inside."""
    names = {piece.name for piece in scan(html) if piece.kind == "open"}
    if names & {"html", "head", "body"}:
        return html
    return f"<!DOCTYPE html><html><head></head><body>{html}</body></html>"


def _shield(protected: Protected, html: str) -> Iterator[str]:
    """The pieces of the HTML with words in text as comments.

    An HTML parser adds the `<tbody>` that a table lacks right before its first row.
    It is added before a token there, or a loop over rows would repeat it.
    """
    table = ""
    for piece in scan(html):
        if piece.kind == "text" and protected.word.search(piece.text):
            shielded = protected.word.sub(rf"<!--{_MARK}\g<0>-->", piece.text)
        else:
            shielded = piece.text
        if piece.kind == "open" and piece.name == "table":
            yield table
            table = shielded
            continue
        if not table:
            yield shielded
        elif piece.kind in {"text", "comment"}:
            table += shielded
        else:
            yield (
                _with_body(table, shielded) if piece.name == "tr" else table + shielded
            )
            table = ""
    yield table


def _with_body(table: str, row: str) -> str:
    """A table's tag, what stands before its first row, and the row, in a body."""
    end = next(scan(table)).text
    return f"{end}<tbody>{table[len(end) :]}{row}"
