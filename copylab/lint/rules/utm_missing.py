"""A campaign link does not carry the parameters that you count by.

What: With `links: {utm: [utm_source, utm_campaign]}` set: links of marketing copy to
your own hosts that lack one of the names, and links of one text that give a name
different values. Links that are a variable as a whole and opt-outs are left alone.

Why: Visits without them are counted as coming from nowhere.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](https://s.example.com/account).
=== copylab.yaml
brand: {name: Example, signature: Example, legal_name: Example Inc., postal_address: "500 Example St, Austin, TX 78701"}
locales: {default: en-US}
markets: [US]
email: {layout: main, unsubscribe: unsubscribe_url, from: Example <hello@example.com>}
links: {allowed_hosts: [example.com, s.example.com], utm: [utm_source, utm_campaign]}
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](https://s.example.com/account?utm_source=mail&utm_campaign=winback) or [the news]({{ link }}).
=== copylab.yaml
brand: {name: Example, signature: Example, legal_name: Example Inc., postal_address: "500 Example St, Austin, TX 78701"}
locales: {default: en-US}
markets: [US]
email: {layout: main, unsubscribe: unsubscribe_url, from: Example <hello@example.com>}
links: {allowed_hosts: [example.com, s.example.com], utm: [utm_source, utm_campaign]}
```

Source: A rule of copylab: the workspace's own list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import anchors
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.anchors import Anchor
    from copylab.lint.case import Words

_OPT_OUT = re.compile(r"unsub|opt-?out|preferences|tuiding", re.IGNORECASE)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each link."""
    names = words.catalog.config.utm
    if not names:
        return
    first: dict[str, str] = {}
    for link in anchors(words):
        if link.item.name not in words.fields or not _is_counted(words, link):
            continue
        query = link.address.partition("?")[2].partition("#")[0]
        given = dict(pair.partition("=")[::2] for pair in query.split("&"))
        lacking = [name for name in names if not given.get(name)]
        other = [
            name
            for name in names
            if given.get(name) and first.setdefault(name, given[name]) != given[name]
        ]
        message = f"the link lacks {', '.join(lacking)}"
        if other and not lacking:
            message = (
                f"{other[0]} is '{given[other[0]]}' here, and '{first[other[0]]}' above"
            )
        if lacking or other:
            cure = f"add {'=…&'.join(names)}=… behind a ?, alike in all links"
            yield piece_finding(
                RULE, words, link.item, link.written, link.place, message, cure
            )


def _is_counted(words: Words, link: Anchor) -> bool:
    """Whether a link is one of the campaign's: to an own host, and written out."""
    if not link.address.lower().startswith("http") or not link.host:
        return False
    if _OPT_OUT.search(link.address):
        return False
    allowed = words.catalog.config.links
    return not allowed or any(
        link.host == host or (host.startswith("*.") and link.host.endswith(host[1:]))
        for host in allowed
    )


RULE = Rule(
    "utm-missing",
    "EM406",
    "info",
    "words",
    check,
    purposes=("marketing",),
    module=__name__,
)
