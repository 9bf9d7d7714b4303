"""A marketing e-mail lacks the postal address that a market's law asks for.

What: For the US and Canada, in the HTML part and in the text part, on every branch of the
layout or of the body: the brand's `postal_address`, or words that read as one.

Why: The law of these markets asks for it in every commercial e-mail.

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

Unsubscribe: {{ unsubscribe_url }}
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

Source: packs/email.yaml: CAN-SPAM 15 U.S.C. 7704(a)(5)(A)(iii); CASL section 6(2)(b).
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from copylab.lint.fold import fold
from copylab.lint.pack import load_pack
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each market and part that lacks the address on a branch."""
    if words.lacks_layout:
        return
    laws = load_pack("email")["postal_address"]
    address = words.brand.get("postal_address", "")
    body = words.fields["body"]
    for market in words.markets:
        if market not in laws:
            continue
        pattern = _pattern(tuple(laws[market]["patterns"]), address)
        in_body = body.lacking(pattern)
        if not in_body:
            continue
        cure = "print {{ brand.postal_address }} outside of every condition"
        if not address:
            cure = "declare brand: {postal_address: ...} in copylab.yaml, and print it"
        parts = words.layout or {"body": body}
        for part, item in parts.items():
            lacking = item.lacking(pattern)
            if lacking:
                message = (
                    f"the {part} part lacks the postal address that {market} asks for"
                )
                if not words.layout:
                    message = (
                        f"the e-mail lacks the postal address that {market} asks for"
                    )
                written = None if words.layout else lacking[0]
                span = item.branch_span(pattern)
                yield words.finding(
                    RULE, item, message, span=span, written=written, help=cure
                )


def _pattern(patterns: tuple[str, ...], address: str) -> re.Pattern[str]:
    """The address as it is printed into Markdown, HTML or text, or words like one."""
    from copylab.channels.markdown import (  # noqa: PLC0415 - e-mail only
        escape_markdown,
    )

    known = {address, html.escape(address), escape_markdown(address)} - {""}
    exact = [re.escape(fold(text)) for text in sorted(known)]
    return re.compile("|".join([*exact, *patterns]))


RULE = Rule(
    "postal-address-missing",
    "EM204",
    "error",
    "words",
    check,
    channels=("email",),
    purposes=("marketing",),
    module=__name__,
)
