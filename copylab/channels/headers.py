"""Headers of an email: what may stand in them, and how they are written.

The standard library folds a long List-Unsubscribe into encoded words (cpython 85725),
which RFC 2047 section 5 forbids and after which clients show no button; and it takes
text that looks like an encoded word for one. `COPY_POLICY` does neither.
"""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LINE_OCTETS = 998  # RFC 5322 section 2.1.1
MAX_BODY_COLUMNS = 76  # RFC 2045 section 6.7

_NAME = re.compile(r"[!-9;-~]+")
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff]"
)
_ADDRESSES = frozenset({"from", "to", "cc", "bcc", "reply-to", "sender"})
_STRUCTURED = _ADDRESSES | {"date", "message-id", "mime-version"}
_ENCODED_WORD = "=?"
_HTTPS_URL = re.compile(r"https://[!-;=?-~]+")


class CopyPolicy(EmailPolicy):
    """The standard policy, with List-* and Feedback-ID on one line of their own."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - the base class's signature
        """The header as stored; text that looks encoded is kept as text."""
        if isinstance(value, str) and _needs_shield(name, value):
            value = Header(value, "utf-8").encode(maxlinelen=0)
        return super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:  # noqa: ANN401 - the base class's signature
        """The header's lines, ends included."""
        if _stays_on_one_line(name):
            return f"{name}: {value}{self.linesep}"
        if _is_free_text(name):
            return f"{name}: {self._fold_text(name, str(value))}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401 - the base class's signature
        """The header's lines as ASCII octets."""
        return self.fold(name, value).encode("ascii")

    def _fold_text(self, name: str, value: str) -> str:
        """Free text in lines, so that reading joins them to the same text."""
        width = self.max_line_length or MAX_BODY_COLUMNS
        longest_word = max(map(len, value.split(" ")))
        fits = len(f"{name}: ") + longest_word <= width
        is_plain = fits and value.isascii() and not _needs_shield(name, value)
        charset = "us-ascii" if is_plain else "utf-8"
        header = Header(value, charset, header_name=name, maxlinelen=width)
        return header.encode(linesep=self.linesep)


COPY_POLICY = CopyPolicy(max_line_length=MAX_BODY_COLUMNS, cte_type="7bit")


def check_header(name: str, value: str) -> None:
    """Refuse a header that could be read as another or as more than one.

    Args:
        name: The header's name.
        value: Its value, not encoded.

    Raises:
        ValueError: The name is no header's name; or the value is blank, holds a line
            break, another control, a bidirectional control or a lone surrogate, or is
            too long for a header that may not be folded.
    """
    if not _NAME.fullmatch(name) or not name.isascii():
        raise ValueError(f"header name == {name!r}, must be visible ASCII without ':'")
    found = _FORBIDDEN.search(value)
    if found:
        raise ValueError(
            f"{name} holds U+{ord(found[0]):04X} at index {found.start()}; "
            "no line break, control or bidirectional control may stand in a header"
        )
    if _stays_on_one_line(name):
        if not value.isascii():
            raise ValueError(f"{name} == {value!r}, must be ASCII")
        if len(f"{name}: {value}") > MAX_LINE_OCTETS:
            raise ValueError(f"{name} must be one line of {MAX_LINE_OCTETS} octets")
    if name.lower() in _STRUCTURED and _ENCODED_WORD in value:
        raise ValueError(f"{name} == {value!r}, must not be encoded: write it plainly")


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The two headers of a one-click opt-out, RFC 8058 section 3.1.

    Args:
        url: An https address that takes a POST.

    Raises:
        ValueError: The address is not https, or holds what an address may not.
    """
    if not _HTTPS_URL.fullmatch(url):
        raise ValueError(f"url == {url!r}, must be an https address in ASCII")
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def format_mailbox(name: str, address: str) -> str:
    """`Name <address>` with the name quoted where it must be.

    Args:
        name: The shown name; may be empty.
        address: The address, as `local@domain`.

    Raises:
        ValueError: The name or the address may not stand in a header.
    """
    check_header("From", name + address)
    try:
        return str(Address(display_name=name, addr_spec=address))
    except Exception as error:
        raise ValueError(f"address == {address!r}, must be local@domain") from error


def is_address_header(name: str) -> bool:
    """Whether the header called `name` holds addresses."""
    return name.lower() in _ADDRESSES


def check_unique(headers: Mapping[str, str], reserved: frozenset[str]) -> None:
    """Refuse a header that is given twice or that belongs to the message itself.

    Raises:
        ValueError: A name appears twice but for its case, or is reserved.
    """
    seen: set[str] = set()
    for name in headers:
        if name.lower() in seen:
            raise ValueError(f"{name} is given twice")
        if name.lower() in reserved or name.lower().startswith("content-"):
            raise ValueError(f"{name} is set from the message itself")
        seen.add(name.lower())


def _stays_on_one_line(name: str) -> bool:
    """Whether clients read the header only when it is not folded."""
    lowered = name.lower()
    return lowered.startswith("list-") or lowered == "feedback-id"


def _is_free_text(name: str) -> bool:
    """Whether a header holds words, not addresses, dates or parameters."""
    lowered = name.lower()
    structured = lowered in _STRUCTURED or lowered.startswith("content-")
    return not structured and not _stays_on_one_line(name)


def _needs_shield(name: str, value: str) -> bool:
    """Whether free text would be taken for an encoded word, or lose its spaces."""
    return _is_free_text(name) and (_ENCODED_WORD in value or value != value.strip())
