"""The policy of our messages: headers are stored as they stand on the wire.

The standard library folds a long List-Unsubscribe into encoded words (cpython 85725),
which RFC 2047 section 5 forbids and after which clients show no button; and it takes
text that looks like an encoded word for one. So a header is encoded and folded when it
is set, and whoever serialises the message finds nothing left to do: with `COPY_POLICY`,
with another policy of the standard library, or with the generators of old. Reading a
header from the message gives its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.header import Header
from email.policy import EmailPolicy
from typing import TYPE_CHECKING, Any

from copylab.channels.headers import (
    ENCODED_WORD,
    check_header,
    is_address_header,
    is_free_text,
    stays_on_one_line,
)

if TYPE_CHECKING:
    from email.headerregistry import Address
    from email.policy import Policy

MAX_BODY_COLUMNS = 76  # RFC 2045 section 6.7


@dataclass(frozen=True, slots=True)
class WrittenHeader:
    """A header as it stands on the wire.

    A policy of today asks a value that has a name to fold itself, and the policy of old
    asks a value that is no text to encode itself: none of them decodes, encodes or
    folds this one again.

    Attributes:
        name: The header's name.
        lines: Its value, folded with LF.
    """

    name: str
    lines: str

    def __str__(self) -> str:
        """The value, folded with LF."""
        return self.lines

    def fold(self, *, policy: Policy) -> str:
        """The header's lines, ends included."""
        return f"{self.name}: {self.encode(policy.linesep)}{policy.linesep}"

    def encode(self, linesep: str = "\n", **_: object) -> str:
        """The value, folded with a line end; how long lines may be was settled."""
        return self.lines.replace("\n", linesep)


class CopyPolicy(EmailPolicy):
    """The standard policy, with headers that no other policy changes."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - the base class's signature
        """The header as stored.

        Raises:
            ValueError: The header may not stand in a message; its name is said.
        """
        if not isinstance(value, str) or hasattr(value, "name"):
            return super().header_store_parse(name, value)
        check_header(name, value)
        lines = self._write(name, value)
        if lines is None:
            return super().header_store_parse(name, value)
        return name, WrittenHeader(name, lines)

    def header_fetch_parse(self, name: str, value: Any) -> Any:  # noqa: ANN401 - the base class's signature
        """The header as text, decoded."""
        plain = str(value) if isinstance(value, WrittenHeader) else value
        return super().header_fetch_parse(name, plain)

    def _write(self, name: str, value: str) -> str | None:
        """The value's lines; None for what the base class writes well."""
        width = self.max_line_length or MAX_BODY_COLUMNS
        if stays_on_one_line(name):
            return value
        if is_address_header(name):
            return self._write_addresses(name, value, width)
        return _write_text(name, value, width) if is_free_text(name) else None

    def _write_addresses(self, name: str, value: str, width: int) -> str:
        """Addresses in lines, each name quoted or encoded as it must be."""
        try:
            header = self.header_factory(name, value)
            is_sound = not header.defects and all(
                group.display_name is None for group in header.groups
            )
            addresses = header.addresses if is_sound else ()
        except Exception as error:  # the parser fails in many ways on broken input
            raise ValueError(f"{name} == {value!r}, must be an address") from error
        if not addresses or not all(
            each.username and each.domain for each in addresses
        ):
            raise ValueError(f"{name} == {value!r}, must be an address")
        if not all(each.addr_spec.isascii() for each in addresses):
            raise ValueError(f"{name} == {value!r}, the address itself must be ASCII")
        words = [
            word for each in addresses for word in _mailbox_words(name, each, width)
        ]
        return _fill(name, words, width).removesuffix(",")


def _write_text(name: str, value: str, width: int) -> str:
    """Free text in lines, so that reading joins them to the same text."""
    longest_word = max(map(len, value.split(" ")))
    fits = len(f"{name}: ") + longest_word <= width
    is_plain = fits and value.isascii() and value == value.strip()
    charset = "us-ascii" if is_plain and ENCODED_WORD not in value else "utf-8"
    return Header(value, charset, header_name=name, maxlinelen=width).encode()


def _mailbox_words(name: str, address: Address, width: int) -> list[str]:
    """A mailbox in words that stand on one line each, a comma behind the last."""
    if not address.display_name:
        return [f"{address.addr_spec},"]
    phrase = str(address).removesuffix(f" <{address.addr_spec}>")
    words = [phrase]
    if not phrase.isascii() or len(f"{name}: {phrase}") > width:
        header = Header(address.display_name, "utf-8", width, header_name=name)
        words = header.encode().split("\n ")
    return [*words, f"<{address.addr_spec}>,"]


def _fill(name: str, words: list[str], width: int) -> str:
    """The words of a header in lines of at most `width` columns where they can be."""
    lines = [words[0]]
    room = width - len(f"{name}: ")
    for word in words[1:]:
        if len(f"{lines[-1]} {word}") > room:
            lines.append(word)
            room = width - 1
        else:
            lines[-1] += f" {word}"
    return "\n ".join(lines)


COPY_POLICY = CopyPolicy(max_line_length=MAX_BODY_COLUMNS, cte_type="7bit")
