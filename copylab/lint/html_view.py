"""HTML as rules see it: elements and texts that know their places.

Mail clients differ in what they read: Outlook for Windows opens conditional comments,
the others take them for comments. Each of the two ways of reading is a view.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from copylab.channels.markup import VERBATIM, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.markup import Piece

View = Literal["usual", "outlook"]

# Elements whose end tag may be left out (HTML, section 13.1.2.4), and what ends them.
_ENDED_BY = {
    "p": frozenset(
        {"address", "blockquote", "center", "div", "dl", "fieldset", "form", "h1",
         "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"}
    ),
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "thead": frozenset({"tbody", "tfoot"}),
    "tbody": frozenset({"tbody", "tfoot"}),
    "tfoot": frozenset({"tbody"}),
    "option": frozenset({"option", "optgroup"}),
    "head": frozenset({"body"}),
}  # fmt: skip
_OPTIONAL = frozenset(_ENDED_BY) | {"html", "body", "colgroup"}

_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'=<>/]+)"
    r"(?:\s{0,9}=\s{0,9}(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
_CONDITION = re.compile(
    r"<!--\s{0,9}\[if\s{1,9}(?P<what>[^\]]{1,80})\]>", re.IGNORECASE
)
_OPENED = re.compile(r"<!--(?:\s{0,9}\[if[^\]]{0,80}\]>)?", re.IGNORECASE)
_HIDDEN_END = re.compile(r"<!\[endif\]-->\Z", re.IGNORECASE)
_SHOWN_START = re.compile(r"\]>\s{0,9}(?:<!)?--+>\Z")
_SHOWN_END = re.compile(r"<!--\s{0,9}<!\[endif\]\s{0,9}-->\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value of an attribute and its place in the text; entities stay as written."""

    value: str
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Element:
    """An element.

    Attributes:
        name: Its name in small letters.
        attributes: By name in small letters.
        start: Where its opening tag starts.
        end: Where its opening tag ends.
        parent: The element around it; None of the root.
        children: Elements and texts in it.
    """

    name: str
    attributes: dict[str, Attribute]
    start: int
    end: int
    parent: Element | None
    children: list[Element | Text] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The value of an attribute, or an empty text."""
        found = self.attributes.get(name)
        return "" if found is None else found.value

    def walk(self) -> Iterator[Element]:
        """The elements in it, in the order of the text."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def texts(self) -> Iterator[Text]:
        """The texts in it and in what it holds, style sheets and scripts aside."""
        for child in self.children:
            if isinstance(child, Text):
                if self.name not in VERBATIM:
                    yield child
            else:
                yield from child.texts()

    def text(self) -> str:
        """What it shows, white space as it is written."""
        return "".join(part.text for part in self.texts())

    def around(self) -> Iterator[Element]:
        """The elements around it, the nearest first."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent


@dataclass(slots=True, eq=False)
class Text:
    """Words between tags, entities as written."""

    text: str
    start: int
    parent: Element


@dataclass(frozen=True, slots=True)
class Unbalanced:
    """A tag or a conditional comment without its pair.

    Attributes:
        start: Where it starts.
        end: Where it ends.
        problem: What is wrong with it.
        is_conditional: Whether it is a conditional comment.
    """

    start: int
    end: int
    problem: str
    is_conditional: bool = False


class Tree:
    """HTML read once.

    Attributes:
        text: The HTML.
        root: An element without a name that holds everything.
        unbalanced: Tags without their pair.
    """

    def __init__(self, text: str, view: View = "usual") -> None:
        self.text = text
        self.root = Element("", {}, 0, 0, None)
        self.unbalanced: list[Unbalanced] = []
        self._last = self.root
        self._view = view
        self._skipped_from: Piece | None = None
        self._conditions: list[Piece] = []
        self._read(text, 0)
        for piece in self._conditions:
            self._lacks(piece, 0, "is never closed", is_conditional=True)
        for element in (self._last, *self._last.around()):
            if element.name and element.name not in _OPTIONAL:
                problem = f"<{element.name}> is never closed"
                self.unbalanced.append(Unbalanced(element.start, element.end, problem))

    def elements(self) -> Iterator[Element]:
        """All elements, in the order of the text."""
        return self.root.walk()

    def _read(self, text: str, offset: int) -> None:
        for piece in scan(text):
            if piece.kind == "comment":
                self._comment(piece, offset)
            elif self._skipped_from is not None:
                continue
            elif piece.kind == "open":
                self._open(piece, offset)
            elif piece.kind == "close":
                self._close(piece, offset)
            else:
                self._text(piece, offset)

    def _text(self, piece: Piece, offset: int) -> None:
        start = offset + piece.start
        self._last.children.append(Text(piece.text, start, self._last))
        opened = _OPENED.search(piece.text) if piece.kind == "text" else None
        if opened is not None:
            problem = f"{opened[0]} is never closed"
            place = start + opened.start(), start + opened.end()
            self.unbalanced.append(Unbalanced(*place, problem, is_conditional=True))

    def _comment(self, piece: Piece, offset: int) -> None:
        if _SHOWN_END.match(piece.text):
            if not self._conditions:
                self._lacks(piece, offset, "closes nothing", is_conditional=True)
                return
            if self._conditions.pop() is self._skipped_from:
                self._skipped_from = None
            return
        condition = _CONDITION.match(piece.text)
        if condition is None:
            return
        end = _HIDDEN_END.search(piece.text)
        if end is not None:
            if self._view == "outlook" and self._skipped_from is None:
                inner = piece.text[condition.end() : end.start()]
                if _is_for_outlook(condition["what"]):
                    self._read(inner, offset + piece.start + condition.end())
        elif _SHOWN_START.search(piece.text):
            self._conditions.append(piece)
            hides = not _is_for_outlook(condition["what"])
            if self._view == "outlook" and hides and self._skipped_from is None:
                self._skipped_from = piece
        else:
            self._lacks(piece, offset, "is never closed", is_conditional=True)

    def _open(self, piece: Piece, offset: int) -> None:
        while piece.name in _ENDED_BY.get(self._last.name, ()):
            assert self._last.parent is not None
            self._last = self._last.parent
        start = offset + piece.start
        attributes = _attributes(piece, start + 1 + len(piece.name))
        end = start + len(piece.text)
        element = Element(piece.name, attributes, start, end, self._last)
        self._last.children.append(element)
        if not piece.is_closed:
            self._last = element

    def _close(self, piece: Piece, offset: int) -> None:
        opened = [self._last, *self._last.around()]
        names = [element.name for element in opened]
        if piece.name not in names:
            self._lacks(piece, offset, f"</{piece.name}> closes nothing")
            return
        for element in opened[: names.index(piece.name)]:
            if element.name not in _OPTIONAL:
                problem = f"<{element.name}> is not closed before </{piece.name}>"
                self.unbalanced.append(Unbalanced(element.start, element.end, problem))
        parent = opened[names.index(piece.name)].parent
        assert parent is not None
        self._last = parent

    def _lacks(
        self, piece: Piece, offset: int, problem: str, *, is_conditional: bool = False
    ) -> None:
        start = offset + piece.start
        length = len(piece.text)
        if is_conditional:
            length = min(length, piece.text.find(">") + 1 or length)
            problem = f"{piece.text[:length]} {problem}"
        self.unbalanced.append(
            Unbalanced(start, start + length, problem, is_conditional)
        )


def _is_for_outlook(condition: str) -> bool:
    """Whether Outlook for Windows reads what stands below a condition."""
    words = condition.strip().lower()
    return ("mso" in words) is not words.startswith("!")


def _attributes(piece: Piece, start: int) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for match in _ATTRIBUTE.finditer(piece.attributes):
        group = next((g for g in ("double", "single", "bare") if match[g]), "name")
        value = "" if group == "name" else match[group]
        place = match.end() if group == "name" else match.start(group)
        name = match["name"].lower()
        found.setdefault(
            name, Attribute(value, start + place, start + place + len(value))
        )
    return found


def parse_html(text: str, view: View = "usual") -> Tree:
    """The HTML as a tree, as the clients of a view read it."""
    return Tree(text, view)
