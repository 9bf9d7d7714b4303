"""Headers of an email: what may stand in them."""

from __future__ import annotations

import re
from email.headerregistry import Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LINE_OCTETS = 998  # RFC 5322 section 2.1.1

_NAME = re.compile(r"[!-9;-~]+")
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff]"
)
_ADDRESSES = frozenset({"from", "to", "cc", "bcc", "reply-to", "sender"})
_STRUCTURED = _ADDRESSES | {"date", "message-id", "mime-version"}
ENCODED_WORD = "=?"
"""How text begins that readers decode, RFC 2047 section 2."""
_HTTPS_URL = re.compile(r"https://[!-;=?-~]+")


def check_header(name: str, value: str) -> None:
    """Refuse a header that could be read as another or as more than one.

    Args:
        name: The header's name.
        value: Its value, not encoded.

    Raises:
        ValueError: The name is no header's name; or the value holds a line break,
            another control, a bidirectional control or a lone surrogate, or is too long
            for a header that may not be folded.
    """
    if not _NAME.fullmatch(name) or not name.isascii():
        raise ValueError(f"header name == {name!r}, must be visible ASCII without ':'")
    found = _FORBIDDEN.search(value)
    if found:
        raise ValueError(
            f"{name} holds U+{ord(found[0]):04X} at index {found.start()}; "
            "no line break, control or bidirectional control may stand in a header"
        )
    if stays_on_one_line(name):
        if not value.isascii():
            raise ValueError(f"{name} == {value!r}, must be ASCII")
        if len(f"{name}: {value}") > MAX_LINE_OCTETS:
            raise ValueError(f"{name} must be one line of {MAX_LINE_OCTETS} octets")
    if name.lower() in _STRUCTURED and ENCODED_WORD in value:
        raise ValueError(f"{name} == {value!r}, must not be encoded: write it plainly")


def unsubscribe_headers(url: str) -> dict[str, str]:
    """The two headers of a one-click opt-out, RFC 8058 section 3.1.

    Args:
        url: An https address that takes a POST.

    Raises:
        ValueError: The address is not https, or holds what an address may not, or is
            too long for a header that may not be folded.
    """
    if not _HTTPS_URL.fullmatch(url):
        raise ValueError(f"url == {url!r}, must be an https address in ASCII")
    if ENCODED_WORD in url:  # in a query, ? is the same octet as %3F
        path, mark, query = url.partition("?")
        url = path + mark + query.replace("?", "%3F")
    check_header("List-Unsubscribe", f"<{url}>")
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


def stays_on_one_line(name: str) -> bool:
    """Whether clients read the header only when it is not folded."""
    lowered = name.lower()
    return lowered.startswith("list-") or lowered == "feedback-id"


def is_free_text(name: str) -> bool:
    """Whether a header holds words, not addresses, dates or parameters."""
    lowered = name.lower()
    structured = lowered in _STRUCTURED or lowered.startswith("content-")
    return not structured and not stays_on_one_line(name)
