"""An address is not well-formed.

What: An address with a space, with a slip in its scheme (`https//`, `htps:`, twice
`https://`), with `&amp;` where it is not HTML, with a percent sign that encodes
nothing, with braces, or without a scheme.

Why: It leads to another page or to none, and clients cut it off where it breaks.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](https://s.example.com/my account).
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](www.example.com/account).
```
```sms.en-US.md
Example: see https//s.example.com/account Reply STOP to opt out
```
```sms.en-US.md
Example: see https://s.example.com/?a=1&amp;b=2 Reply STOP to opt out
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account](https://s.example.com/my%20account?a=1&b=2), [write to us](mailto:help@example.com) or [go down](#terms).
```

Source: RFC 3986, sections 2.1 and 3.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import anchors_in, forms
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.anchors import Anchor, Form
    from copylab.lint.case import Words
    from copylab.lint.field import Field

_SPACED = re.compile(
    r"(?<!\\)\]\((?P<address>https?://[^()\s\"']{1,500}[ \t]{1,9}[^()\n\"']{1,500})\)",
    re.IGNORECASE,
)
_SLIP = re.compile(
    r"(?<![\w/.:-])(?P<slip>(?:https?|htt?ps?|hptts?|htpps?|httpss|http)"
    r"(?:/{1,3}|:/(?!/)|:(?=[a-z0-9])|;//|//:)|(?!https?:)h[tp]{2,4}s{0,2}://)"
    r"[a-z0-9-]{1,63}\.[a-z]{2}",
    re.IGNORECASE,
)
_FAULTS = (
    (re.compile(r"%(?![0-9A-Fa-f]{2}|\ufffc)"), "has a % that encodes nothing"),
    (re.compile(r"[{}|^`]|\\(?![!-/:-@\[-`{-~])"), "holds a sign that must be encoded"),
    (re.compile(r"\Ahttps?:/{0,2}\Z|\Ahttps?://[/?#]", re.IGNORECASE), "has no host"),
    (re.compile(r"\Ahttps?://https?:", re.IGNORECASE), "has its scheme twice"),
)
_CURE = "copy the address again from the page it leads to"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|#|\ufffc|//", re.IGNORECASE)
_SITE = re.compile(r"[^\s/@]{0,200}\.[^\s/@.]{2}|[./?]|[^\s/]{1,200}/", re.IGNORECASE)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for item, form in forms(words):
        for link in anchors_in(item, form):
            problem = _problem(link, form)
            if problem:
                shown = " ".join(link.address.replace(VALUE, "…").split())[:60]
                message = f"the address '{shown}' {problem}"
                place = link.place
                yield piece_finding(
                    RULE, words, item, link.written, place, message, _CURE
                )
        if form != "html" and ("htt" in item.literals or "/" in item.literals):
            yield from _slips(words, item, form)


def _slips(words: Words, item: Field, form: Form) -> Iterator[Finding]:
    """What was meant to be an address and is not read as one."""
    for written, match, _ in item.find(_SLIP):
        message = f"'{match['slip']}' is a slip of the pen: write https://"
        place = match.span("slip")
        yield piece_finding(RULE, words, item, written, place, message, _CURE)
    if form == "markdown":
        for written, match, _ in item.find(_SPACED):
            message = "a space cuts the address off"
            place = match.span("address")
            yield piece_finding(RULE, words, item, written, place, message, _CURE)


def _problem(link: Anchor, form: Form) -> str:
    address = link.address.strip()
    if not address or any(sign in address for sign in ("{{", "*|", "<%")):
        return ""  # leads nowhere, or a placeholder: other rules say so
    # Markdown and HTML read &amp; as &.
    written = html.unescape(address) if form == "markdown" else address
    if "&amp;" in written.lower():
        return "holds '&amp;', which belongs into HTML, and there once"
    for pattern, problem in _FAULTS:
        if pattern.search(address):
            return problem
    if any(sign.isspace() for sign in address):
        return "holds a space"
    if not _SCHEME.match(address) and _SITE.match(address):
        return "has no scheme: a mail has no page of its own to start from"
    return ""


RULE = Rule(
    "url-malformed",
    "EM407",
    "error",
    "words",
    check,
    module=__name__,
)
