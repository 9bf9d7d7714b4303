"""Jinja tokens in a layout, kept out of the way of tools that do not know them.

Compilers and inliners drop, move or rewrite template tags. So each token is replaced by
a word that means nothing to them, and put back afterwards; a word that did not come
back, or came back elsewhere, stops the build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from copylab.errors import CopylabError

# What a token holds up to its end. Quotes hide an end, as they do from Jinja's own lexer.
_REST = {
    "{{": re.compile(
        r"(?:[^'\"}]++|'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|['\"]|\}(?!\}))*+\}\}",
        re.DOTALL,
    ),
    "{%": re.compile(
        r"(?:[^'\"%]++|'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|['\"]|%(?!\}))*+%\}",
        re.DOTALL,
    ),
    "{#": re.compile(r"(?:[^#]++|#(?!\}))*+#\}"),
}
_OPENER = re.compile(r"\{[{%#]")
_RAW = re.compile(r"\{%[-+]?\s*raw\s*[-+]?%\}")
_ENDRAW = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_BRANCH = re.compile(r"\{%[-+]?\s*(if|elif|else|endif|for|endfor)\b")
_SILENT = re.compile(r"\{#|\{%[-+]?\s*set\b")


@dataclass(frozen=True, slots=True)
class Token:
    """One Jinja token.

    Attributes:
        text: The token as written.
        offset: Where it starts in the source, in code points.
    """

    text: str
    offset: int

    @property
    def is_statement(self) -> bool:
        """Whether it is `{% %}`, which must neither be repeated nor moved."""
        return self.text.startswith("{%")

    @property
    def is_branch(self) -> bool:
        """Whether it starts, splits or ends a condition or a loop."""
        return bool(self.branch)

    @property
    def branch(self) -> str:
        """The word of a condition or a loop, such as `elif`; empty for others."""
        found = _BRANCH.match(self.text)
        return found[1] if found else ""

    @property
    def is_silent(self) -> bool:
        """Whether it prints nothing wherever it stands: a comment or `{% set %}`."""
        return _SILENT.match(self.text) is not None

    @property
    def opens_branch(self) -> bool:
        """Whether it starts a condition or a loop."""
        return self.branch in {"if", "for"}

    @property
    def closes_branch(self) -> bool:
        """Whether it ends a condition or a loop."""
        return self.branch in {"endif", "endfor"}


@dataclass(frozen=True, slots=True)
class Protected:
    """A layout with a word in the place of each token.

    Attributes:
        source: The layout as written.
        text: The layout with words.
        tokens: The tokens by word, in the order of the source.
        word: A pattern that finds the words.
        file: The layout's path for messages, or None.
    """

    source: str
    text: str
    tokens: dict[str, Token]
    word: re.Pattern[str]
    file: str | None = None

    def restore(self, text: str) -> str:
        """`text` with tokens in the place of their words."""
        return self.word.sub(lambda match: self.tokens[match[0]].text, text)

    def refuse(self, message: str, offset: int | None, cure: str) -> CopylabError:
        """The error that says what is wrong in this layout, where, and the cure.

        Args:
            message: What is wrong.
            offset: Where it stands in the source, or None.
            cure: What to do about it.
        """
        line, column = (None, None) if offset is None else _place(self.source, offset)
        return CopylabError(
            self.restore(message), file=self.file, line=line, column=column, help=cure
        )

    def refuse_at(self, message: str, position: int, cure: str) -> CopylabError:
        """The error about a place in `text`, where words stand for tokens."""
        hidden = sum(
            len(self.tokens[match[0]].text) - len(match[0])
            for match in self.word.finditer(self.text, 0, position)
        )
        return self.refuse(message, position + hidden, cure)

    def refuse_token(self, word: str, problem: str, cure: str) -> CopylabError:
        """The error about one token."""
        token = self.tokens[word]
        return self.refuse(f"{shorten(token.text)} {problem}", token.offset, cure)


def _place(source: str, offset: int) -> tuple[int, int]:
    """The line and the column of a place in the source, both from 1."""
    before = source[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def protect(source: str, file: str | None = None) -> Protected:
    """The layout with a word for each Jinja token.

    Args:
        source: The layout as written.
        file: Its path for messages.

    Raises:
        CopylabError: A token is opened and never closed, or the source holds a lone
            surrogate.
    """
    stem = _unused_stem(source)
    tokens: dict[str, Token] = {}
    pieces = []
    position = 0
    while opener := _OPENER.search(source, position):
        end = _token_end(source, opener)
        if end is None:
            line, column = _place(source, opener.start())
            message = f"{opener[0]} is never closed"
            cure = "close it with the same sign"
            raise CopylabError(message, file=file, line=line, column=column, help=cure)
        word = f"{stem}{len(tokens):05d}qjz"
        tokens[word] = Token(source[opener.start() : end], opener.start())
        pieces += [source[position : opener.start()], word]
        position = end
    text = "".join([*pieces, source[position:]])
    pattern = re.compile(rf"{stem}\d{{5,}}qjz")
    protected = Protected(source, text, tokens, pattern, file)
    try:
        source.encode()
    except UnicodeEncodeError as error:
        message = f"U+{ord(source[error.start]):04X} is half of a character"
        raise protected.refuse(message, error.start, "remove it") from None
    return protected


def _token_end(source: str, opener: re.Match[str]) -> int | None:
    """Where the token ends that an opener starts, or None."""
    raw = _RAW.match(source, opener.start())
    if raw is not None:
        end = _ENDRAW.search(source, raw.end())
        return None if end is None else end.end()
    rest = _REST[opener[0]].match(source, opener.end())
    return None if rest is None else rest.end()


def restore_checked(html: str, protected: Protected) -> str:
    """`html` with all tokens back in their places.

    Raises:
        CopylabError: A token was lost, or a statement repeated or moved.
    """
    found = protected.word.findall(html)
    for word in protected.tokens.keys() - set(found):
        raise _first_lost(protected, set(found), word)
    statements = [
        word for word, token in protected.tokens.items() if token.is_statement
    ]
    returned = [word for word in found if protected.tokens[word].is_statement]
    for expected, actual in zip(statements, returned, strict=False):
        if expected != actual:
            raise protected.refuse_token(
                expected,
                "was moved or repeated by the layout's compilation",
                "use it in text, or set a variable before the layout and print that",
            )
    if len(returned) > len(statements):
        raise protected.refuse_token(
            returned[-1], "was repeated by the layout's compilation", "move it to text"
        )
    return protected.restore(html)


def _first_lost(protected: Protected, found: set[str], lost: str) -> CopylabError:
    """The error about the first token that did not come back."""
    first = next((word for word in protected.tokens if word not in found), lost)
    return protected.refuse_token(
        first,
        "was lost in the layout's compilation",
        "move it into text or a plain attribute such as href, src or alt",
    )


def _unused_stem(source: str) -> str:
    """The beginning of words that the source does not contain."""
    longest = max(map(len, re.findall(r"zj(q+)", source.lower())), default=0)
    return "zj" + "q" * (longest + 1)


def shorten(text: str, max_characters: int = 60) -> str:
    """`text` on one line, cut for a message."""
    line = " ".join(text.split())
    return line if len(line) <= max_characters else f"{line[: max_characters - 1]}…"
