r"""Tags or entities are shown as they are written.

What: HTML tags and entities such as `<br>` and `&nbsp;` in the Markdown of a body or in
a layout's text part, code aside.

Why: Markdown bodies hold no HTML: copylab shows it instead of obeying it, and a text
part has none at all.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }},<br>[see your account]({{ link }}).
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.txt
{{ body }}
&copy; Example

Unsubscribe: {{ unsubscribe_url }}
{{ brand.legal_name }}, {{ brand.postal_address }}
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }},\
[see your account]({{ link }}), 5 < 7 & more, `<br>`, <https://s.example.com/>.
```

Source: A rule of copylab; RFC 2046, section 4.1.3 for plain text.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING

from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_TAGS = "a|b|big|br|center|div|em|font|h[1-6]|hr|i|img|li|ol|p|small|span|strong|sub|sup|table|td|tr|u|ul"
_MARKUP = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|(?P<name>[A-Za-z]{2,31}\d{0,2}));"
    rf"|</?(?i:{_TAGS})(?:\s[^<>]{{0,200}})?/?>"
)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    fields = (words.fields["body"], words.layout.get("text"))
    for item in fields:
        if item is None or not ("&" in item.literals or "<" in item.literals):
            continue
        for written, match, _ in item.find(_MARKUP):
            if match["name"] and f"{match['name']};" not in html5:
                continue
            if _is_aside(match):
                continue
            message = f"'{match.group()}' is shown as it is written"
            is_entity = match.group()[0] == "&"
            cure = (
                f"write {unescape(match.group())!r}"
                if is_entity
                else "use Markdown, or an empty line for a new paragraph"
            )
            place = match.span()
            yield piece_finding(RULE, words, item, written, place, message, cure)


def _is_aside(match: re.Match[str]) -> bool:
    """Whether a hit stands in code or in an address."""
    before = match.string[: match.start()]
    line = before.rpartition("\n")[2]
    word = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
    return line.count("`") % 2 == 1 or line.startswith(("    ", "\t")) or "://" in word


RULE = Rule(
    "text-contains-markup",
    "EM602",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
