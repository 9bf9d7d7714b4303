"""The subject of a marketing e-mail pretends to be an answer.

What: RE:, FW: and their forms in other languages at the start of the subject, on any
branch.

Why: It makes people open a mail they take for a conversation; the law calls such a
subject deceptive.

Bad:
```email.en-US.md
## subject
{% if stage == "repaid" %}Re: your application{% else %}Your account{% endif %}
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Good:
```email.en-US.md
## subject
About your application
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
```

Source: CAN-SPAM, 15 U.S.C. 7704(a)(2); the prefixes are in packs/email.yaml.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from copylab.lint.pack import load_pack
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


@cache
def _prefix() -> re.Pattern[str]:
    words = "|".join(
        map(re.escape, load_pack("email")["deceptive_prefixes"]["patterns"])
    )
    return re.compile(
        rf"\A\s{{0,9}}(?P<prefix>(?:{words})\s?(?:\[\d{{1,3}}\])?:)", re.IGNORECASE
    )


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item = words.fields.get("subject")
    if item is None:
        return
    for written, match, _ in item.find(_prefix()):
        span = written.skeleton.span(*match.span("prefix"))
        message = f"'{match['prefix']}' makes the subject look like an answer"
        cure = "say what the mail is about"
        yield words.finding(RULE, item, message, span=span, written=written, help=cure)


RULE = Rule(
    "subject-deceptive-prefix",
    "EM104",
    "error",
    "words",
    check,
    channels=("email",),
    purposes=("marketing",),
    module=__name__,
)
