"""A link shows one address and leads to another.

What: The words of a link are an address, and its host is neither that of the link, nor
above or below it. Hosts listed in `links: {allowed_hosts: [...]}` are yours and may
stand for each other.

Why: It is how phishing looks: mail filters block it and clients warn of it.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, your account is at [www.example.com](https://example-mail.net/account).
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, your account is at [www.example.com](https://example.com/account). It is made with [Node.js](https://nodejs.org/).
```

Source: SpamAssassin 4.0 (spoofed link texts); advice of the Anti-Phishing Working
Group.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import anchors
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.message.autolinks import top_level_domains

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_SHOWN = re.compile(
    r"(?P<scheme>https?://)?(?P<host>(?:[\w-]{1,63}\.){1,8}(?P<top>[^\W\d_]{2,24}))"
    r"(?::\d{1,5})?(?:[/?#]\S{0,500})?",
    re.IGNORECASE,
)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    if words.channel != "email":
        return
    allowed = words.catalog.config.links
    for link in anchors(words):
        shown = _shown_host(link.label)
        if not shown or not link.host or _is_same(shown, link.host):
            continue
        if _is_own(shown, allowed) and _is_own(link.host, allowed):
            continue
        message = f"the link shows {shown} and leads to {link.host}"
        cure = "show words, or the address that it leads to"
        yield piece_finding(
            RULE, words, link.item, link.written, link.place, message, cure
        )


def _shown_host(label: str | None) -> str:
    """The host that the words of a link show; empty where they are no address."""
    found = _SHOWN.fullmatch((label or "").strip(" *_`<>"))
    if found is None:
        return ""
    host = found["host"].lower()
    is_address = found["scheme"] or host.startswith("www.")
    known = is_address or found["top"].lower() in top_level_domains()
    return host if known else ""


def _is_same(one: str, other: str) -> bool:
    """Whether one host is the other, or lies below it."""
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _is_own(host: str, allowed: tuple[str, ...]) -> bool:
    return any(_is_same(host, entry.removeprefix("*.")) for entry in allowed)


RULE = Rule(
    "link-text-mismatch",
    "EM403",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
