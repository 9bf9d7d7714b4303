"""Parsing: Jinja's own lexer and parser, with the exact offset of every node.

Jinja copies the line number of a token into the node made from it. Our lexer hands
out line numbers that are integers and carry the offset besides, so that every node
knows its place without a fork of the parser.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Self

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.lexer import Lexer
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN = frozenset(("variable_begin", "block_begin", "comment_begin", "raw_begin"))
_END = frozenset(("variable_end", "block_end", "comment_end", "raw_end"))


_CRLF = re.compile("\r\n")


class Offset(int):
    """A line number that knows the offset in the template it stands for."""

    offset: int

    def __new__(cls, line: int, offset: int) -> Self:
        """The line number ``line`` of the character at ``offset``."""
        self = super().__new__(cls, line)
        self.offset = offset
        return self


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the template: ``{{ }}``, ``{% %}`` or ``{# #}``."""

    start: int
    end: int
    kind: str


class OffsetLexer(Lexer):
    """Jinja's lexer, whose line numbers carry offsets, and which notes all tags."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.tags: list[Tag] = []
        self.cursor = 0
        self.begin = 0

    def tokeniter(
        self,
        source: str,
        name: str | None,
        filename: str | None = None,
        state: str | None = None,
    ) -> Iterator[tuple[int, str, str]]:
        """The tokens of the template, each with an ``Offset`` as its line."""
        self.tags = []
        self.cursor = cursor = 0
        self.begin = 0
        # Jinja reads a carriage return and a line feed as one character.
        folded = [m.start() - n for n, m in enumerate(_CRLF.finditer(source))]
        source = source.replace("\r\n", "\n").replace("\r", "\n")
        for line, token, data in super().tokeniter(source, name, filename, state):
            # Text that whitespace control took away is in no token.
            found = source.find(data, cursor)
            cursor = max(found, cursor)
            at = cursor + bisect_left(folded, cursor)
            if token in _BEGIN:
                self.begin = at
            elif token in _END:
                end = cursor + len(data.rstrip())
                end += bisect_left(folded, end)
                self.tags.append(Tag(self.begin, end, token.removesuffix("_end")))
            yield Offset(line, at), token, data
            cursor += len(data)
            self.cursor = cursor


class Environment(ImmutableSandboxedEnvironment):
    """The language's environment: sandboxed, immutable, strict about names."""

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            cache_size=0,
        )
        self._lexer = OffsetLexer(self)

    def renew_lexer(self) -> OffsetLexer:
        """A lexer of its own for a copy of the environment."""
        self._lexer = copy(self._lexer)
        return self._lexer

    @property
    def lexer(self) -> OffsetLexer:
        """The lexer that knows offsets."""
        return self._lexer


@cache
def _prototype() -> Environment:
    """The environment that each parse copies: compiling its lexer is the slow part."""
    return Environment()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed template.

    Attributes:
        root: Jinja's tree; every ``lineno`` is an ``Offset``.
        tags: All tags in the order of the text, comments included.
    """

    root: nodes.Template
    tags: tuple[Tag, ...]

    def tag_at(self, offset: int) -> Tag | None:
        """The tag that encloses an offset, or None."""
        index = bisect_right(self.tags, offset, key=lambda tag: tag.start) - 1
        if index < 0 or self.tags[index].end < offset:
            return None
        return self.tags[index]


class TemplateProblem(Exception):  # noqa: N818 - internal; becomes a finding
    """A template that cannot be parsed: what is wrong, and at which offset."""

    def __init__(self, message: str, offset: int, rule: str = "syntax") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.rule = rule


def parse_template(text: str) -> Parsed:
    """The tree and the tags of a template.

    Raises:
        TemplateProblem: The syntax is broken, or nested too deeply to be read.
    """
    if _is_plain(text):
        return _parse_plain(text)
    environment = copy(_prototype())
    lexer = environment.renew_lexer()
    try:
        root = environment.parse(text)
    except TemplateSyntaxError as error:
        message = error.message or "broken"
        known = getattr(error.lineno, "offset", None)
        offset = lexer.cursor if known is None else known
        if message.startswith("Missing end of"):
            offset = lexer.begin
        elif message.startswith("Unexpected end of template"):
            offset = _unclosed(text, lexer.tags, offset)
        raise TemplateProblem(message, min(offset, len(text))) from None
    except ValueError:  # Python refuses to read a number of thousands of digits
        raise TemplateProblem("a number is too long", lexer.cursor) from None
    except RecursionError:
        message = "is nested too deeply to be read"
        raise TemplateProblem(message, lexer.cursor, "too-complex") from None
    return Parsed(root, tuple(lexer.tags))


def _is_plain(text: str) -> bool:
    """Whether there is nothing to parse: no tag, and no line end that Jinja changes."""
    is_tagged = "{{" in text or "{%" in text or "{#" in text
    return bool(text) and not is_tagged and "\r" not in text and text[-1] != "\n"


def _parse_plain(text: str) -> Parsed:
    """What Jinja makes of a text without tags, without asking it."""
    place = {"lineno": Offset(1, 0), "environment": _prototype()}
    data = nodes.TemplateData(text, **place)
    root = nodes.Template([nodes.Output([data], **place)], lineno=1)
    return Parsed(root, ())


def offset_of(node: nodes.Node) -> int:
    """Where a node starts; where its first child does, if Jinja gives it no line."""
    pending = [node]
    while pending:
        first = pending.pop(0)
        offset = getattr(first.lineno, "offset", None)
        if isinstance(offset, int):
            return offset
        pending.extend(first.iter_child_nodes())
    return 0


_BLOCK = re.compile(r"\{%[-+]?\s*(end)?([a-z]+)")


def _unclosed(text: str, tags: list[Tag], otherwise: int) -> int:
    """Where the innermost block starts that nothing closes."""
    opened: list[int] = []
    for tag in tags:
        match = _BLOCK.match(text, tag.start)
        if match is None or match[2] not in {"if", "for"}:
            continue
        if not match[1]:
            opened.append(tag.start)
        elif opened:
            opened.pop()
    return opened[-1] if opened else otherwise
