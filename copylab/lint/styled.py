"""Texts of a layout as they are shown: colours, sizes, and what hides them.

The layout is looked at as it is sent, with a few lines in the place of the body, so
that style sheets for the body are judged as well. Only what is certain counts: over a
picture, or with a colour that a value decides, nothing is said.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.css import (
    BLACK,
    LINK,
    USUAL_PX,
    WHITE,
    Colour,
    declarations,
    parse_colour,
    parse_size,
)
from copylab.lint.html_size import given_name
from copylab.lint.html_view import Element, Text, parse_html
from copylab.template.expression import variables_in
from copylab.template.phrases import VALUE
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.lint.skeletons import Piece

_BODY, _PREHEADER, _OPT_OUT = "\U000ffffd", "\U000ffffc", "\U000ffffb"
_STAND_IN = (
    f"<h2>{_BODY}</h2>\n<p>{_BODY}</p>\n<ul><li>{_BODY}</li></ul>\n"
    f'<p>{_BODY} <a href="#b">{_BODY}</a></p>\n'
)
_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 0.83}
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Style:
    """What an element shows its text in; None is not known.

    Attributes:
        colour: The colour of the text.
        background: The colour behind it.
        font_px: The size of the text.
        is_bold: Whether it is bold.
        is_hidden: Whether it is not shown at all.
    """

    colour: Colour | None = BLACK
    background: Colour | None = WHITE
    font_px: float | None = USUAL_PX
    is_bold: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A text of a layout as it is shown.

    Attributes:
        style: What it is shown in.
        is_preheader: Whether it stands beside the preheader.
        is_opt_out: Whether it is the link by which a reader refuses.
        written: The words of the layout, as they are written.
        place: Where it stands in them.
    """

    style: Style
    is_preheader: bool
    is_opt_out: bool
    written: Written
    place: tuple[int, int]


def shown_texts(words: Words) -> list[Shown]:
    """The texts of a variant's layout as they are shown, on every branch."""
    layout, source = words.compiled_layout, words.layout.get("html")
    if layout is None or source is None or None in (layout.paths, source.paths):
        return []
    names = frozenset({"unsubscribe_url", words.message.email.get("unsubscribe", "")})
    key = f"shown {sorted(names)}"
    if key not in layout.kept:
        # Both are the same template, so that their ways come in the same order.
        pairs = zip(layout.written, source.written, strict=False)
        same = len(layout.written) == len(source.written)
        layout.kept[key] = [
            item
            for compiled, written in (pairs if same else ())
            for item in _texts(layout, compiled, written, names)
        ]
    found: list[Shown] = layout.kept[key]
    return found


def _texts(
    layout: Field, compiled: Written, written: Written, names: frozenset[str]
) -> Iterator[Shown]:
    sent = "".join(_filled(layout, piece, names) for piece in compiled.skeleton.pieces)
    inlined = _inline(sent)
    if inlined is None:
        return
    places = _Places(layout, written)
    for text, style in _walk(parse_html(inlined).root, Style()):
        if not any(map(_is_seen, html.unescape(text.text))):
            continue
        link = next(
            (e for e in (text.parent, *text.parent.around()) if "href" in e.attributes),
            None,
        )
        yield Shown(
            style,
            is_preheader=_PREHEADER in text.parent.text(),
            is_opt_out=link is not None and _OPT_OUT in link.get("href"),
            written=written,
            place=places.find(text.text),
        )


def _filled(layout: Field, piece: Piece, names: frozenset[str]) -> str:
    """What stands for a piece: sample lines for the body, marks for what is sought."""
    if not isinstance(piece.leaf, Hole):
        return piece.text
    given = given_name(piece.leaf, layout.template.scope)
    if given == "body":
        return _STAND_IN
    if given == "preheader":
        return _PREHEADER
    is_opt_out = names & variables_in(piece.leaf.expression)
    return _OPT_OUT if is_opt_out else VALUE


def _inline(sent: str) -> str | None:
    """The HTML with its style sheets in style attributes; None where they are broken."""
    import css_inline  # noqa: PLC0415 - only layouts need it

    inliner = css_inline.CSSInliner(
        keep_link_tags=True, load_remote_stylesheets=False, keep_style_tags=False
    )
    try:
        return str(inliner.inline(sent))
    except css_inline.InlineError:
        return None


class _Places:
    """Where the texts of a compiled layout stand in the layout as it is written.

    Compiling keeps the order of texts, so that the third of its kind is the third.
    """

    def __init__(self, layout: Field, written: Written) -> None:
        self._found: dict[str, list[tuple[int, int]]] = {}
        self._seen: dict[str, int] = {}
        for text in tree_of(written).root.texts():
            lead = len(text.text) - len(text.text.lstrip())
            start = text.start + lead
            place = start, start + len(text.text.strip())
            self._found.setdefault(_key(text.text), []).append(place)
        scope = layout.template.scope
        self._body = next(
            (
                (piece.start, piece.start + 1)
                for piece in written.skeleton.pieces
                if isinstance(piece.leaf, Hole)
                and given_name(piece.leaf, scope) == "body"
            ),
            (0, 1),
        )

    def find(self, text: str) -> tuple[int, int]:
        """The place of the next text that reads like this."""
        key = _key(text)
        if _BODY in key or key not in self._found:
            return self._body
        number = self._seen.get(key, 0)
        self._seen[key] = number + 1
        places = self._found[key]
        return places[min(number, len(places) - 1)]


def _key(text: str) -> str:
    plain = html.unescape(text).replace(_OPT_OUT, VALUE).replace(_PREHEADER, VALUE)
    return "".join(plain.split())


def _is_seen(character: str) -> bool:
    return character.isalnum() or character in {VALUE, _BODY, _OPT_OUT}


def _walk(element: Element, around: Style) -> Iterator[tuple[Text, Style]]:
    for child in element.children:
        if isinstance(child, Text):
            if element.name not in {"style", "script", "title"}:
                yield child, around
        else:
            yield from _walk(child, _style(child, around))


def _style(element: Element, around: Style) -> Style:
    """What an element shows its text in."""
    own = declarations(html.unescape(element.get("style")))
    style = around
    if element.name == "a" and "href" in element.attributes:
        style = replace(style, colour=LINK)
    colour = own.get("color") or element.get("color")
    if element.name == "body":
        colour = colour or element.get("text")
    if colour and colour != "inherit":
        style = replace(style, colour=parse_colour(colour))
    elif colour == "inherit":
        style = replace(style, colour=around.colour)
    background = _background(element, own)
    if background is not None:
        style = replace(style, background=parse_colour(background))
    font_px = _font_px(element, own, around.font_px)
    weight = own.get("font-weight", "")
    is_bold = weight in {"bold", "bolder", "700", "800", "900"} or (
        not weight and (around.is_bold or element.name in _BOLD)
    )
    is_hidden = around.is_hidden or _hides(own)
    return replace(style, font_px=font_px, is_bold=is_bold, is_hidden=is_hidden)


def _background(element: Element, own: dict[str, str]) -> str | None:
    """The background as it is written; None where an element has none of its own."""
    written = own.get("background-color") or own.get("background") or ""
    picture = f"{own.get('background', '')}{own.get('background-image', '')}"
    if "url(" in picture or "gradient" in picture or element.get("background"):
        return "a picture"
    written = written or element.get("bgcolor")
    if written in {"", "transparent", "inherit", "none", "initial"}:
        return None
    return written.split()[0] if "(" not in written else written


def _font_px(
    element: Element, own: dict[str, str], around: float | None
) -> float | None:
    base = USUAL_PX if around is None else around
    if "font-size" in own:
        return parse_size(own["font-size"], base)
    if "font" in own:
        sizes = [part.partition("/")[0] for part in own["font"].split()]
        found = [parse_size(size, base) for size in sizes if size[:1].isdigit()]
        return found[0] if found and "px" in own["font"] else None
    if around is None:
        return None
    return around * _SIZES.get(element.name, 1.0)


def _hides(own: dict[str, str]) -> bool:
    zero = {"0", "0px", "0%"}
    clips = own.get("overflow") == "hidden" and (
        own.get("max-height") in zero or own.get("height") in zero
    )
    return (
        own.get("display") == "none"
        or own.get("visibility") == "hidden"
        or own.get("opacity") == "0"
        or clips
    )
