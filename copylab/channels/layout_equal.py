"""Proof that a layout compiled once is the layout compiled for each user.

Template tags are put back after compiling. That is right only if the compiler would have
made the same page of each way through them: a column beside a condition keeps the width it
had at compile time, a rule of a style sheet does not reach an element of another branch.
So both pages are made for the ways through the layout, and compared as mail readers take
them, with what only Outlook shows and without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.channels.layout import compile_protected
from copylab.channels.layout_tokens import protect
from copylab.channels.layout_ways import SILENT, read_part, ways, write_way
from copylab.channels.markup import scan
from copylab.errors import CopylabError

if TYPE_CHECKING:
    from copylab.channels.layout import LayoutKind
    from copylab.channels.layout_tokens import Protected
    from copylab.channels.layout_ways import Part, Way

MAX_WAYS = 256
"""The most ways that are compared; a layout has one for each arm and a few more."""

_HIDDEN = re.compile(r"<!--\[if ([^\]]*)\]>(.*?)<!\[endif\]-->", re.DOTALL)
_SHOWN = re.compile(
    r"<!--\[if ([^\]]*)\]><!(?:-- ?)?-->(.*?)<!--<!\[endif\]-->", re.DOTALL
)
_OPTIONAL = frozenset({"tbody"})  # a parser adds it where it is left out


def check_layout(source: str, kind: LayoutKind, *, file: str | None = None) -> None:
    """Pass if a layout compiled once gives the pages that compiling for each user gives.

    Args:
        source: The layout as written.
        kind: `mjml` or `html`.
        file: The layout's path, for messages.

    Raises:
        CopylabError: It does not compile; or a page differs, with the tag and its line.
    """
    protected = protect(source, file)
    compiled = compile_protected(protected, kind)
    before = read_part(protected, protected.text)
    after = read_part(protected, compiled)
    if before is None or after is None:
        return  # the language says what is wrong with such branches
    for way in ways(before, MAX_WAYS):
        if not _is_same(protected, before, after, way, kind):
            raise _difference(protected, before, after, way, kind)


def page_events(html: str, *, is_outlook: bool) -> list[object]:
    """A page as a mail reader takes it: elements, attributes and texts in order.

    White space, the order of attributes and elements that a parser adds do not count.

    Args:
        html: The page.
        is_outlook: Whether comments for Outlook are read, and what is hidden from it
            is not.
    """
    if "<![endif]-->" in html:
        html = _SHOWN.sub(lambda found: found[2] if not is_outlook else "", html)
        html = _HIDDEN.sub(lambda found: found[2] if is_outlook else "", html)
    events: list[object] = []
    text = ""
    for piece in scan(html):
        if piece.kind == "text":
            text += piece.text
            continue
        if piece.kind == "comment" or piece.name in _OPTIONAL:
            continue
        events += [" ".join(text.split())] if text.strip() else []
        text = ""
        if piece.kind == "open":
            values = piece.quoted_attributes()
            events.append(
                (piece.name, {key: _value(key, values[key]) for key in values})
            )
        elif piece.kind == "close":
            events += [] if events[-1:] == [("style", {})] else [f"</{piece.name}>"]
        elif piece.text.strip():
            events.append(" ".join(piece.text.split()))
    return [*events, " ".join(text.split())]


def _value(name: str, value: str) -> object:
    """An attribute's value; the declarations of a style in order, blanks aside."""
    if name != "style":
        return " ".join(value.split())
    return [
        re.sub(r"\s*([:,])\s*", r"\1", each.strip())
        for each in value.split(";")
        if each.strip()
    ]


def _is_same(
    protected: Protected, before: Part, after: Part, way: Way, kind: LayoutKind
) -> bool:
    """Whether one way gives one page."""
    try:
        source = protect(write_way(protected, before, way), protected.file)
        each = compile_protected(source, kind, is_rendered=True)
    except CopylabError:
        return False
    once = write_way(protected, after, way)
    if once == each:
        return True
    for mode in (False, True):
        ours, theirs = (page_events(html, is_outlook=mode) for html in (once, each))
        if ours != theirs and (kind == "html" or not _is_covered(theirs, ours)):
            return False
    return True


def _is_covered(each: list[object], once: list[object]) -> bool:
    """Whether pages are the same but for rules in the head that no element needs.

    The engine writes a rule for each width of a column there is, and links the fonts
    that are used: those of all ways, in a page compiled once.
    """
    end, last = (_find_end(events) for events in (each, once))
    rest = iter(_head_words(once[:last]))
    return each[end:] == once[last:] and all(
        word in rest for word in _head_words(each[:end])
    )


def _find_end(events: list[object]) -> int:
    return events.index("</head>") if "</head>" in events else 0


def _head_words(events: list[object]) -> list[object]:
    """Elements as they are, and style sheets word by word."""
    return [
        word
        for event in events
        for word in (event.split() if isinstance(event, str) else (event,))
    ]


def _difference(
    protected: Protected, before: Part, after: Part, way: Way, kind: LayoutKind
) -> CopylabError:
    """The error about the tag that makes the difference: the last that was chosen."""
    word = next(reversed(way), "")
    if not word:  # the usual way: a tag is to blame without which the page is right
        flips = [each for each in ways(before, MAX_WAYS) if each]
        flips += [{each: SILENT} for each in protected.tokens]
        good = (
            each for each in flips if _is_same(protected, before, after, each, kind)
        )
        word = next(reversed(next(good, {})), "")
    problem = "another page compiled once than compiled for each user"
    if not word:
        return protected.refuse(f"the layout gives {problem}", None, "simplify it")
    return protected.refuse_token(
        word,
        f"gives {problem}",
        "put conditions around whole sections or rows, and values into text",
    )
