"""Characters that count twice cost an SMS a part.

What: In a text in GSM-7, the signs of the extension table (€ [ ] { } ^ ~ | and the
backslash), where the text would need fewer parts at worst if each counted once.

Why: They look like one character and are sent as two, so a text of 159 visible
characters can be two parts.

Bad:
```sms.en-US.md
Example: ~~~ [members] ~~~ the evening of tastings is on Friday at eight, bring a friend, and the kitchen will have a warm soup on. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: -- members -- the evening of tastings is on Friday at eight, bring a friend, and the kitchen will have something warm for you. Reply STOP to opt out
```

Source: 3GPP TS 23.038, section 6.2.1.1: the extension table costs an escape each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.foreign import rewritten
from copylab.lint.parts import count_parts, excess
from copylab.lint.rule import Rule
from copylab.lint.sent import worst_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.sent import Sent


_EXTENSION = re.compile(r"[\f^{}\\\[~\]|€]")


def check(words: Words) -> Iterator[Finding]:
    """The finding, at the first such sign."""
    item = words.fields["body"]
    if not _EXTENSION.search(item.literals):
        return
    dearest = words.dearest
    for sent in words.sent or (() if dearest is None else (dearest,)):
        if sent.length.encoding != "GSM-7" or sent.parts == 1:
            continue
        path = rewritten(sent.path, lambda text: _EXTENSION.sub("(", text))
        other = worst_on(path, item.template.scope, sent.route)
        if other is None or other.parts >= sent.parts:
            continue
        yield _finding(words, sent, other.parts)
        return


def _finding(words: Words, sent: Sent, then: int) -> Finding:
    item = words.fields["body"]
    written = next(w for w in item.texts if sent.path in w.paths)
    signs = list(_EXTENSION.finditer(written.skeleton.text))
    listed = " ".join(dict.fromkeys(sign.group() for sign in signs))
    message = (
        f"{listed} count twice in GSM-7: {count_parts(sent.parts)} at worst instead "
        f"of {then}"
    )
    span = written.skeleton.span(*signs[0].span())
    cure = f"write them another way, or cut {excess(sent, then)} septets"
    return words.finding(RULE, item, message, span=span, sent=sent, help=cure)


RULE = Rule(
    "ext-char-cost",
    "SMS019",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
