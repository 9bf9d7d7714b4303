"""A value and the words beside it form an address.

What: A text value before `.com` or another domain ending, behind `www.`, or joined to
another value by a dot, outside of an address that you wrote.

Why: Phones and mail clients make a link of it, to a site that the value chooses. Values
that hold an address themselves are out of bounds already.

Bad:
```sms.en-US.md
Example: {{ name }}.com is saved for you. Reply STOP to opt out
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}.You have news, [see your account]({{ link }}).
```

Good:
```sms.en-US.md
Example: saved for {{ name }}. Welcome back, {{ name }}.
No. {{ days }}.5 is next. Reply STOP to opt out
```

Source: Client behaviour: the rule is copylab's; the endings are IANA's list of top-
level domains.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.alphabet import consists_of
from copylab.lint.anchors import forms
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.message.autolinks import top_level_domains
from copylab.template.expression import NUMERIC
from copylab.template.phrases import VALUE
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written

_JOINED = re.compile(rf"{VALUE}\.(?P<top>{VALUE}|[A-Za-z]{{2,24}})(?![\w@])")
_WWW = re.compile(rf"(?<![\w.])www\.(?P<top>{VALUE})", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|@)\S{0,200}\Z", re.IGNORECASE)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for item, form in forms(words):
        if form == "html" or not item.holes or "." not in item.literals:
            continue
        for pattern in (_JOINED, _WWW):
            for written, match, _ in item.find(pattern):
                if not _forms_host(item, written, match):
                    continue
                shown = match.group().replace(VALUE, "…")
                message = f"'{shown}' becomes a link to a site that the value chooses"
                cure = "put a blank or other words between them"
                place = match.span()
                yield piece_finding(RULE, words, item, written, place, message, cure)


def _forms_host(item: Field, written: Written, match: re.Match[str]) -> bool:
    top = match["top"]
    if top != VALUE and top.lower() not in top_level_domains():
        return False
    if _ADDRESS.search(match.string, max(0, match.start() - 200), match.start()):
        return False
    scope = item.template.scope
    pieces = written.skeleton.pieces_in(*match.span())
    holes = [piece.leaf for piece in pieces if isinstance(piece.leaf, Hole)]
    return all(
        hole.expression.type not in NUMERIC
        and not consists_of(hole.expression, scope, _is_no_label)
        for hole in holes
    )


def _is_no_label(text: str) -> bool:
    """Whether a text holds no letter, as a date in digits does."""
    return not any(map(str.isalpha, text))


RULE = Rule(
    "autolink-injection",
    "EM309",
    "warning",
    "words",
    check,
    module=__name__,
)
