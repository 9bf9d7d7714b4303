"""An SMS for India is not written as its registered template can be.

What: Values that may have more than 30 characters, `<` or `>`, two spaces in a row, and a
sender (`sending: {sender: …}`) that is no header of 6 letters, or of 6 digits for
promotions. An error where the message says that it is registered (`template_id` or
`template_text`), otherwise a warning.

Why: Operators compare every message with the registered text and drop what differs.

Bad:
```sms.en-IN.md
Example:  your order for {{ note }} is on its way. SMS STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-IN}
markets: [IN]
=== message.yaml
purpose: transactional
live: plain
variables: {note: {type: text, max: 40, charset: ascii, missing: error}}
```

Good:
```sms.en-IN.md
Example: your order for {{ note }} is on its way.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-IN}
markets: [IN]
=== message.yaml
purpose: transactional
live: plain
variables: {note: {type: text, max: 30, charset: ascii, missing: error}}
```

Source: TRAI TCCCPR 2018 and the DLT operators' template guidelines (after kaleyra and
meritto): {#var#} of at most 30 characters, headers of 6.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule
from copylab.lint.url_values import is_url_value
from copylab.template.bounds import hole_range
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words
    from copylab.lint.field import Field


_MOST = 30
_SIGNS = re.compile(r"[<>]|(?<=\S) {2,}(?=\S)")
_HEADER = re.compile(r"(?:[A-Za-z]{2}-)?(?:[A-Za-z]{6}|[0-9]{6})(?:-[A-Za-z])?\Z")


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place and fault."""
    if "IN" not in words.markets:
        return
    item, sending = words.fields["body"], words.message.sending
    registered = bool(sending.get("template_id") or sending.get("template_text"))
    severity: Severity = "error" if registered else "warning"
    for written, match, span in item.find(_SIGNS):
        what = "two spaces" if match.group().isspace() else f"'{match.group()}'"
        yield words.finding(
            RULE,
            item,
            f"{what} cannot be in a registered template",
            span=span,
            written=written,
            help="write one space" if match.group().isspace() else "take it out",
            severity=severity,
        )
    yield from _long_values(words, item, severity)
    sender = sending.get("sender")
    if isinstance(sender, str) and not _HEADER.match(sender):
        yield words.finding(
            RULE,
            item,
            f"the sender {sender} is no header of 6 letters or 6 digits",
            written=item.written[0],
            help="write the registered header under sending: {sender: …}",
            severity=severity,
        )


def _long_values(words: Words, item: Field, severity: Severity) -> Iterator[Finding]:
    told = set()
    for written in item.written:
        for piece in written.skeleton.pieces:
            leaf = piece.leaf
            if not isinstance(leaf, Hole) or id(leaf) in told:
                continue
            told.add(id(leaf))
            most = hole_range(leaf, item.template.scope).most("length")
            if most > _MOST and not is_url_value(leaf):
                yield words.finding(
                    RULE,
                    item,
                    f"the value can have {most} characters, a variable of a registered template {_MOST}",
                    span=piece.place.span,
                    written=written,
                    help=f"lower its max to {_MOST}",
                    severity=severity,
                )


RULE = Rule(
    "in-dlt-var",
    "SMS060",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
