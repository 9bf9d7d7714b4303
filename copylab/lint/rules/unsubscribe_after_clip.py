"""The opt-out of a marketing e-mail can lie beyond what Gmail shows.

What: The first link by which a reader refuses, in the HTML part: it must stand within
the first 102,400 bytes on every branch and for all values.

Why: Gmail clips the rest, so that the reader finds no way out and presses the spam
button.

Bad:
```email.en-US.md repeat=1300
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
[See your account]({{ link }}).

Your details are saved, and there is nothing to fill in twice when you come back to us.
```

Good:
```email.en-US.md repeat=300
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
[See your account]({{ link }}).

Your details are saved, and there is nothing to fill in twice when you come back to us.
```

Source: Gmail clips near 102 KB; CAN-SPAM 15 U.S.C. 7704(a)(3): the opt-out must be
conspicuous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.html_size import bound_layout, html_size
from copylab.lint.rule import Rule
from copylab.template.expression import variables_in
from copylab.template.paths import Path
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words
    from copylab.lint.field import Field

LIMIT = 102_400


def check(words: Words) -> Iterator[Finding]:
    """The finding, an error where a message surely has the link beyond the limit."""
    size, layout = html_size(words), words.compiled_layout
    if size is None or layout is None or max(size.bound, size.reached) < LIMIT:
        return
    names = {"unsubscribe_url", words.message.email.get("unsubscribe", "")}
    body = words.fields["body"]
    if any(names & variables_in(hole.expression) for hole in body.holes):
        return  # a way out in the body comes before the layout's
    before = bytes_before(layout, size.body, names)
    if before is None or before < LIMIT:
        return
    message = f"the opt-out can stand behind {before:,} bytes, Gmail clips at {LIMIT:,}"
    cure = "shorten the body, or put the opt-out above it"
    severity: Severity = "error" if size.reached else "warning"
    yield words.finding(
        RULE,
        body,
        message,
        path=size.path,
        worst=size.worst,
        help=cure,
        severity=severity,
    )


def bytes_before(layout: Field, body: int, names: set[str]) -> int | None:
    """The bytes in front of the first opt-out on the worst way; None without one.

    Where there are too many ways, samples of them are looked at.

    Args:
        layout: The HTML part as it is sent.
        body: The bytes of the body.
        names: The variables that hold the opt-out.
    """
    given = {"body": body, "subject": 0, "preheader": 0}
    most: int | None = None
    for path in layout.ways:
        for number, leaf in enumerate(path.leaves):
            if isinstance(leaf, Hole) and names & variables_in(leaf.expression):
                front = Path(path.leaves[:number], path.state)
                before = bound_layout(layout, given, front)
                most = before if most is None else max(most, before)
                break
    return most


RULE = Rule(
    "unsubscribe-after-clip",
    "EM206",
    "error",
    "words",
    check,
    channels=("email",),
    purposes=("marketing",),
    module=__name__,
)
