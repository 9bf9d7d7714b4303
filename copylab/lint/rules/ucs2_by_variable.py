"""Only a value can force an SMS out of GSM-7.

What: On a route that uses GSM-7, a text whose words are all in it, and a variable whose charset allows characters
outside of it. A warning where the message needs more parts then, otherwise a note.

Why: The same message costs more for people with certain names, and nobody sees it in a
preview.

Bad:
```sms.en-US.md
Example: {{ name }}, your details are saved and there is nothing to fill in twice. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: welcome back after {{ days }} days. Reply STOP to opt out
```

Source: 3GPP TS 23.038, sections 4 and 6.2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.channels.cost import billed_parts
from copylab.channels.gsm import is_gsm
from copylab.lint.characters import in_gsm_or_question
from copylab.lint.parts import count_parts
from copylab.lint.rule import Rule
from copylab.lint.sent import measure_sent, worst_on
from copylab.template.bounds import hole_range
from copylab.template.expression import variables_in
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.channels.route import Route
    from copylab.findings import Finding
    from copylab.lint.case import Field, Words
    from copylab.template.paths import Path


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place where such a value is printed."""
    item, route = words.fields["body"], words.gsm_route
    if route is None or not item.literals or not is_gsm(item.literals):
        return
    told: set[int] = set()
    for path in item.ways:
        for leaf in path.leaves:
            if not isinstance(leaf, Hole) or id(leaf) in told:
                continue
            outside = hole_range(leaf, item.template.scope, path.state).outside_gsm7()
            if outside is None:
                continue
            told.add(id(leaf))
            yield _finding(words, item, leaf, path, route)


def _finding(
    words: Words, item: Field, leaf: Hole, path: Path, route: Route
) -> Finding:
    now = worst_on(path, item.template.scope, route)
    assert now is not None
    plain = measure_sent(in_gsm_or_question(now.text), route.profile)
    assert plain is not None
    names = " and ".join(sorted(variables_in(leaf.expression)))
    message = f"the value of {names} can force the message out of GSM-7"
    then = billed_parts(plain, route.profile)
    costs_more = now.parts > then
    if costs_more:
        message += f": {count_parts(now.parts)} at worst instead of {then}"
    texts = [
        name
        for name in sorted(variables_in(leaf.expression))
        if item.template.scope.variables[name].type in {"text", "person_name"}
    ]
    cure = "print it in characters of GSM-7"
    if texts:
        cure = f"declare charset: gsm7 for {' and '.join(texts)} (latin still allows ç and ő), or leave it out"
    return words.finding(
        RULE,
        item,
        message,
        span=leaf.place.span,
        sent=now,
        help=cure,
        severity="warning" if costs_more else "info",
    )


RULE = Rule(
    "ucs2-by-variable",
    "SMS011",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
