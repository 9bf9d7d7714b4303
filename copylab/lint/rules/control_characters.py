r"""A character that nobody sees stands in a layout or in a header.

What: Control, direction, zero-width and tag characters in the layout's text part,
direction and tag characters anywhere in its HTML part, zero-width ones in its
addresses, and all of them in `email: {from, reply_to}`. The padding behind a preheader
is fine. Fields have rules of their own: control-char and invisible-char.

Why: They come along when text is pasted, break addresses and turn names around; filters
take them for evasion.

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
\u202eExample\u202c

{{ brand.legal_name }}, {{ brand.postal_address }}
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

Source: RFC 5322, section 4.1; Unicode Technical Report 36, section 2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.case import MessageCase
from copylab.lint.characters import CONTROLS, INVISIBLE, describe_character, is_in_place
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.lint.sender import email_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
_ALL = re.compile(f"[{re.escape(''.join(sorted(INVISIBLE | CONTROLS)))}]")
_HEAVY = re.compile(f"[{re.escape(''.join(sorted(_TURNING | _TAGS | CONTROLS)))}]")


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for name, item in words.layout.items():
        if item.literals.isascii() and not _ALL.search(item.literals):
            continue
        for written, match, _ in item.find(_ALL):
            if is_in_place(match.string, match.start()):
                continue
            if name == "html" and not _counts(match):
                continue
            message = f"{describe_character(match.group())} is invisible"
            yield piece_finding(
                RULE, words, item, written, match.span(), message, "delete it"
            )
    yield from _in_headers(words)


def _counts(match: re.Match[str]) -> bool:
    """Whether a character matters in HTML: padding between words does not."""
    if _HEAVY.match(match.group()):
        return True
    before = match.string[: match.start()]
    return (
        re.search(r"\b(?:href|src)\s{0,3}=\s{0,3}[\"'][^\"'<>]{0,500}\Z", before)
        is not None
    )


def _in_headers(words: Words) -> Iterator[Finding]:
    from copylab.channels.sender import can_be_sent  # noqa: PLC0415 - e-mail only

    for key in ("from", "reply_to"):
        setting = words.message.email.get(key, "")
        found = _ALL.search(setting)
        if found is None or is_in_place(setting, found.start()):
            continue
        if can_be_sent(key, setting):  # else that was told where it is read
            case = MessageCase(words.catalog, words.message)
            message = f"{describe_character(found.group())} stands in email.{key}"
            yield RULE.finding(message, email_place(case, key), help="delete it")


RULE = Rule(
    "control-characters",
    "EM112",
    "error",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
