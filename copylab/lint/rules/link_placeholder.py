"""A link leads nowhere.

What: A link without an address, with `#`, a stand-in such as TODO or `javascript:`, to
localhost, or to a host reserved for examples such as example.com while your own hosts
are real ones.

Why: It was meant to be filled in. Whoever follows it gets nothing.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](#).
```
```sms.en-US.md
Example: see http://localhost:8000/account Reply STOP to opt out
```
```push.en-US.md
## title
Your details are saved
## body
See https://example.org/todo
=== copylab.yaml
brand: {name: Example, signature: Example}
locales: {default: en-US}
markets: [US]
links: {allowed_hosts: [samplelend.com]}
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}) or [write to us](mailto:help@example.com).
```

Source: RFC 2606 and RFC 6761 for reserved names; packs/links.yaml for the stand-ins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import anchors
from copylab.lint.pack import load_pack
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.anchors import Anchor
    from copylab.lint.case import Words

_SCRIPT = re.compile(r"(?:javascript|vbscript|data|file|about):", re.IGNORECASE)
_FOLLOWED = re.compile(r"https?://", re.IGNORECASE)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for link in anchors(words):
        problem = _problem(words, link)
        if problem:
            cure = "write the address that it is meant to lead to"
            yield piece_finding(
                RULE, words, link.item, link.written, link.place, problem, cure
            )


def _problem(words: Words, link: Anchor) -> str:
    address = link.address.strip().strip("<>")
    if not address:
        return "the link has no address"
    if _SCRIPT.match(address):
        return f"'{address[:40]}' is no address that a mail client follows"
    if address.lower() in load_pack("links")["stand_ins"]["words"]:
        return f"'{address}' stands for an address that was never filled in"
    if not _FOLLOWED.match(link.address):
        return ""
    if link.host == "localhost" or link.host.endswith(".localhost"):
        return f"{link.host} is the reader's own machine"
    if is_reserved(link.host) and not _is_sample(words):
        return f"{link.host} is reserved for examples: nothing is there"
    return ""


def is_reserved(host: str) -> bool:
    """Whether a host is one that nobody can own."""
    reserved = load_pack("links")["reserved"]
    return host.rpartition(".")[2] in reserved["top_level"] or any(
        host == name or host.endswith(f".{name}") for name in reserved["hosts"]
    )


def _is_sample(words: Words) -> bool:
    """Whether the workspace's own hosts are such names, or none is known."""
    own = list(words.catalog.config.links)
    sender = words.message.email.get("from", "")
    if "@" in sender:
        own.append(sender.rpartition("@")[2].strip("> ").lower())
    return not own or any(map(is_reserved, own))


RULE = Rule(
    "link-placeholder",
    "EM405",
    "error",
    "words",
    check,
    module=__name__,
)
