"""An SMS or a push leads to a public link shortener.

What: A link of a host of `packs/hosts.yaml`, such as bit.ly, in the words of any branch,
in a partial or in the base of a url variable.

Why: Carriers refuse campaigns with public shorteners and block their messages, as
nobody sees where such a link leads. The reader neither.

Bad:
```sms.en-US.md
Example: see {% if stage == "repaid" %}https://bit.ly/3x{% else %}{{ link }}{% endif %} Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: see {{ link }} Reply STOP to opt out
```

Source: Twilio errors 30963 and 30892, toll-free verification; Huawei MsgSMS (2025-09).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.links import shorteners
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for link in shorteners(words):
        message = f"{link.host} is a public link shortener, which carriers block"
        cure = "use a short domain of your own that readers can tell is yours"
        yield words.finding(
            RULE, link.item, message, span=link.span, written=link.written, help=cure
        )


RULE = Rule(
    "public-shortener",
    "SMS030",
    "error",
    "words",
    check,
    channels=("sms", "push"),
    module=__name__,
)
