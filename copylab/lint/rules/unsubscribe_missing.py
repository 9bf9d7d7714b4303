"""A marketing e-mail does not show on every branch how to refuse more of them.

What: In the HTML part and in the text part, on every branch of the layout or of the body:
the variable that `email.unsubscribe` names, or a link with words such as unsubscribe or
退订.

Why: The laws of all large markets and the rules of mailbox providers ask for a visible
link, besides the header; people without one press the spam button.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.txt
{{ body }}

{{ brand.legal_name }}, {{ brand.postal_address }}
{% if stage == "repaid" %}Unsubscribe: {{ unsubscribe_url }}{% endif %}
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Source: CAN-SPAM 15 U.S.C. 7704(a)(3) and (5)(A)(ii); Gmail's and Yahoo's sender rules of
February 2024: a visible link in the body.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.optout import email_words
from copylab.lint.rule import Rule
from copylab.lint.skeletons import enclosing_choice
from copylab.template.expression import variables_in
from copylab.template.shape import Hole, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words
    from copylab.lint.field import Written
    from copylab.source import Span

_ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)
_BARE_ADDRESS = re.compile(
    r"https?://|mailto:|\b[a-z0-9][a-z0-9.-]{1,60}\.[a-z]{2,24}/\w", re.IGNORECASE
)
"""In a finished text also an address without https://, which mail programs link."""
_NEAR = 200
"""Characters between the words that refuse and their address, tags included."""


def check(words: Words) -> Iterator[Finding]:
    """One finding for each part that lacks the link on a branch."""
    if words.lacks_layout:
        return
    body = words.fields["body"]
    names = {"unsubscribe_url", words.message.email.get("unsubscribe", "")}
    address = _BARE_ADDRESS if words.is_bare else _ADDRESS
    in_body = [item for item in body.written if not _refuses(item, names, address)]
    if not in_body:
        return
    cure = "print {{ unsubscribe_url }} in a link, outside of every condition"
    if not words.layout:
        where = _branch(body, names)
        message = "the e-mail has no visible opt-out on this branch"
        if where == body.span:
            message = "the e-mail has no visible opt-out"
        yield words.finding(
            RULE, body, message, span=where, written=in_body[0], help=cure
        )
        return
    for part, item in words.layout.items():
        lacking = [text for text in item.written if not _refuses(text, names, address)]
        if lacking:
            where = _branch(item, names)
            on = " on this branch" if where != item.span else ""
            message = f"the {part} part of the e-mail has no visible opt-out{on}"
            yield words.finding(RULE, item, message, span=where, help=cure)


def _refuses(written: Written, names: set[str], address: re.Pattern[str]) -> bool:
    """Whether some words hold the variable, or a link with words that refuse."""
    addresses = [match.start() for match in address.finditer(written.text)]
    for piece in written.skeleton.pieces:
        if isinstance(piece.leaf, Hole):
            if names & variables_in(piece.leaf.expression):
                return True
            if piece.leaf.expression.type == "url":
                addresses.append(piece.start)
    return any(
        abs(match.start() - address) <= _NEAR
        for match in email_words().finditer(written.text)
        for address in addresses
    )


def _branch(item: Field, names: set[str]) -> Span:
    """The tag of the choice on which the opt-out depends, or the whole words."""
    for node in walk(item.shape):
        if isinstance(node, Hole) and names & variables_in(node.expression):
            choice = enclosing_choice(item.shape, node)
            return item.span if choice is None else choice.place.span
    return item.branch_span(email_words())


RULE = Rule(
    "unsubscribe-missing",
    "EM201",
    "error",
    "words",
    check,
    channels=("email",),
    purposes=("marketing",),
    module=__name__,
)
