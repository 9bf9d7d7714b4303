r"""A control character stands in the words.

What: NUL, ESC and other control characters in any field; line ends and tabs are fine.

Why: No short message can carry NUL or ESC, push services refuse them, and mail clients
print boxes.

Bad:
```sms.en-US.md
Example: saved\x07 for you. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: saved for you. Reply STOP to opt out
```

Source: 3GPP TS 23.038, section 6.2.1 (0x1B is an escape, not a character); RFC 5322 section 4.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.characters import CONTROLS
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words

_CONTROLS = re.compile(f"[{re.escape(''.join(sorted(CONTROLS)))}]")


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place of such a character."""
    for item in words.fields.values():
        if not _CONTROLS.search(item.literals):
            continue
        told = set()
        for written in item.written:
            for match in _CONTROLS.finditer(written.skeleton.text):
                span = written.skeleton.span(*match.span())
                if span not in told:
                    told.add(span)
                    message = f"U+{ord(match.group()):04X} is a control character"
                    yield words.finding(
                        RULE, item, message, span=span, help="delete it"
                    )


RULE = Rule(
    "control-char",
    "SMS017",
    "error",
    "words",
    check,
    module=__name__,
)
