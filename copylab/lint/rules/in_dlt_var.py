"""An SMS for India is not written as its registered template can be.

What: Values that may have more than 30 characters, `<` or `>`, two spaces in a row, and a
sender (`sending: {sender: …}`) that is no header of 6 letters, or of 6 digits for
promotions. An error where the message says that it is registered (`template_id` or
`template_text`), otherwise a warning. A header whose suffix is of another kind of message
(P for marketing; S, T or G for all else) is an error. More than three values, or values
that can leave less than 30 % of the text fixed, are a warning.

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

```sms.en-IN.md
Example: new plans are open, see the app. SMS STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-IN}
markets: [IN]
sending: {sender: VM-ACMEFN-T}
```
```sms.en-IN.md
Example {{ a }} {{ b }} {{ c }} {{ d }} ok
=== copylab.yaml
brand: {name: Example}
locales: {default: en-IN}
markets: [IN]
=== message.yaml
purpose: transactional
live: plain
variables:
  a: {type: text, max: 30, charset: ascii, missing: error}
  b: {type: text, max: 30, charset: ascii, missing: error}
  c: {type: text, max: 30, charset: ascii, missing: error}
  d: {type: text, max: 30, charset: ascii, missing: error}
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
```sms.en-IN.md
Example: dear {{ name }}, your instalment of Rs {{ amount }} is due on {{ day }}.
=== copylab.yaml
brand: {name: Example}
locales: {default: en-IN}
markets: [IN]
sending: {sender: VM-ACMEFN-S}
=== message.yaml
purpose: transactional
live: plain
variables:
  name: {type: person_name, max: 20, charset: latin, missing: there}
  amount: {type: int, min: 100, max: 99999, missing: error}
  day: {type: text, max: 10, charset: ascii, missing: error}
```

Source: TRAI TCCCPR 2018 and the DLT operators' template guidelines (after kaleyra and
meritto): {#var#} of at most 30 characters, headers of 6; TRAI's directions of 2023 on templates
(three variables, 30 % fixed text); TCCCPR second amendment 2025 (suffixes since
2025-05-06, Service Explicit is Promotional since).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule
from copylab.lint.sending import declared, is_empty
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
_HEADER = re.compile(r"(?:[A-Za-z]{2}-)?(?:[A-Za-z]{6}|[0-9]{6})(?:-([A-Za-z]))?\Z")
_SUFFIXES = {"marketing": "P", "transactional": "STG", "otp": "STG"}
_MAX_VALUES = 3
_LEAST_FIXED = Fraction(3, 10)


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
    yield from _much_of_values(words, item)
    sender = declared(words, "sender", "IN")
    if isinstance(sender, str) and not is_empty(sender):
        yield from _wrong_header(words, item, sender, severity)


def _wrong_header(
    words: Words, item: Field, sender: str, severity: Severity
) -> Iterator[Finding]:
    """The finding about a sender that is no header, or one of another kind."""
    purpose = words.message.purpose
    header = _HEADER.match(sender)
    if header is None:
        message = f"the sender {sender} is no header of 6 letters or 6 digits"
        cure = "write the registered header under sending: {sender: …}"
    elif header[1] and header[1].upper() not in _SUFFIXES.get(purpose, header[1]):
        message = f"the header {sender} is none for {purpose} messages"
        fitting = " or ".join(f"-{letter}" for letter in _SUFFIXES[purpose])
        cure, severity = f"send it under the header that ends in {fitting}", "error"
    else:
        return
    yield words.finding(
        RULE, item, message, written=item.written[0], help=cure, severity=severity
    )


def _much_of_values(words: Words, item: Field) -> Iterator[Finding]:
    """The finding about the first branch that is mostly values, or has too many."""
    for written in item.texts:
        leaves = [piece.leaf for piece in written.skeleton.pieces]
        values = [leaf for leaf in leaves if isinstance(leaf, Hole)]
        fixed = len(written.skeleton.text) - len(values)
        most = sum(hole_range(v, item.template.scope).most("length") for v in values)
        share = Fraction(fixed, max(fixed + most, 1))
        if len(values) > _MAX_VALUES:
            message = f"a branch has {len(values)} values, more than {_MAX_VALUES} need a reason at registration"
            cure = "write more of it out, or register it with the reason"
        elif share < _LEAST_FIXED:
            message = f"its values can leave {int(share * 100)} % of the text fixed, a template needs 30 %"
            cure = "write more of it out, or lower the max of its values"
        else:
            continue
        yield words.finding(
            RULE, item, message, written=written, help=cure, severity="warning"
        )
        return


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
