"""A value and the words beside it form an address.

What: A text value before `.com` or another domain ending, behind `www.` or a dot, joined to
another value by a dot, or right beside another value, so that `evil.` and `com` meet;
outside of an address that you wrote. Values that can hold no letter or no dot, such as
numbers, dates and the words of an enum, are fine.

Why: Phones and mail clients make a link of it, to a site that the value chooses. Values
that hold an address themselves are out of bounds already.

Bad:
```sms.en-US.md
Example: {{ name }}.com is saved for you. Reply STOP to opt out
```
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}.You have news, [see your account]({{ link }}).
```
```push.en-US.md
## title
Welcome back, {{ note }}{{ name }}
## body
Your details are saved.
```
```push.en-US.md
## title
Welcome back.{{ name }}
## body
Your details are saved.
```

Good:
```sms.en-US.md
Example: saved for {{ name }}. Welcome back, {{ name }}.
No. {{ days }}.5 is next{{ stage }}{{ days }}. Reply STOP to opt out
```

Source: Client behaviour: the rule is copylab's; the endings are IANA's list of top-
level domains.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from copylab.lint.alphabet import values_of
from copylab.lint.anchors import anchors_in, forms
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.message.autolinks import find_autolink
from copylab.message.values import reader
from copylab.template.expression import variables_in
from copylab.template.phrases import VALUE
from copylab.template.ranges import Words as FewWords
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.anchors import Form
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.message.model import Variable
    from copylab.template.expression import Expression
    from copylab.template.scope import Scope

_GLUED = re.compile(rf"[^\s{VALUE}]*{VALUE}\S*")
_PLAIN, _DIGIT = "a", "1"
_ENDS = ("a.", "com")
_START = ".com"
_SHOWN_WORDS = 4
"""How many words of an enum are tried."""
_TEXTS = frozenset(("text", "person_name"))
_LONGEST = 400
"""No address is longer; what is has no blanks because its language has none."""


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for item, form in forms(words):
        if form == "html" or not item.holes:
            continue
        told: set[object] = set()
        for written in item.written:
            for start, end in _joined(item, written, form):
                span = written.skeleton.span(start, end)
                if span in told:
                    continue
                told.add(span)
                shown = written.text[start:end].replace(VALUE, "…")
                message = f"'{shown}' becomes a link to a site that the value chooses"
                cure = "put a blank or other words between them"
                place = (start, end)
                yield piece_finding(RULE, words, item, written, place, message, cure)


def _joined(item: Field, written: Written, form: Form) -> Iterator[tuple[int, int]]:
    """Where values make an address together, or with the words beside them."""
    text = written.text
    if VALUE not in text:
        return
    taken = [a.place for a in anchors_in(item, form) if a.written is written]
    holes = {
        piece.start: piece.leaf.expression
        for piece in written.skeleton.pieces
        if isinstance(piece.leaf, Hole)
    }
    for match in _GLUED.finditer(text):
        start, end = match.span()
        if any(first < end and start < last for first, last in taken):
            continue
        # What is an address whatever the texts are is the author's own.
        scope = item.template.scope
        fixed = "".join(
            _fixed(holes.get(place), scope) if text[place] == VALUE else text[place]
            for place in range(start, end)
        )
        if find_autolink(fixed) is None:
            yield from _places(text, start, end, holes, scope)


def _places(
    text: str, start: int, end: int, holes: dict[int, Expression], scope: Scope
) -> Iterator[tuple[int, int]]:
    """The values between two blanks that make an address, alone or with the next one."""
    at = [place for place in range(start, end) if text[place] == VALUE]
    plain = {place: _fills(holes.get(place), scope, (_PLAIN,))[0] for place in at}
    taken = -1
    for number, place in enumerate(at):
        if place <= taken:
            continue
        for pair in (at[number : number + 1], at[number : number + 2]):
            low = max(start, pair[0] - _LONGEST)
            high = min(end, pair[-1] + _LONGEST)
            if _can_link(text, (low, high), pair, plain, holes, scope):
                taken = pair[-1]
                yield _around(text, low, pair[0], pair[-1] + 1, high)
                break


def _around(text: str, low: int, first: int, last: int, high: int) -> tuple[int, int]:
    """The place with the words that are glued to it, where these are no sentence."""
    while first > low and (text[first - 1].isascii() and text[first - 1] != VALUE):
        first -= 1
    while last < high and (text[last].isascii() and text[last] != VALUE):
        last += 1
    return first, last


def _can_link(
    text: str,
    window: tuple[int, int],
    pair: list[int],
    plain: dict[int, str],
    holes: dict[int, Expression],
    scope: Scope,
) -> bool:
    """Whether some fills of one or two values make an address between two blanks."""
    options = []
    for place in pair:
        # A start of one's own is chosen only where the value before it is free, too.
        is_joined = plain.get(place - 1) == _PLAIN
        wanted = (_PLAIN, *_ENDS, _START) if is_joined else (_PLAIN, *_ENDS)
        options.append(_fills(holes.get(place), scope, wanted))
    for fills in product(*options):
        given = {**plain, **dict(zip(pair, fills, strict=True))}
        shown = "".join(
            given.get(place, "") if text[place] == VALUE else text[place]
            for place in range(*window)
        )
        if find_autolink(shown) is not None:
            return True
    return False


def _texts(expression: Expression, scope: Scope) -> list[Variable]:
    """The variables of a value that hold what somebody wrote."""
    names = variables_in(expression) & scope.variables.keys()
    found = (scope.variables[name] for name in sorted(names))
    return [variable for variable in found if variable.type in _TEXTS]


def _fixed(expression: Expression | None, scope: Scope) -> str:
    """What a value is where nobody writes it, and a blank where somebody does."""
    if expression is not None and _texts(expression, scope):
        return " "
    return _fills(expression, scope, ())[0]


def _fills(
    expression: Expression | None, scope: Scope, wanted: tuple[str, ...]
) -> tuple[str, ...]:
    """Those of some texts that a value can be; a digit where it can be none."""
    if expression is None or expression.type == "unknown":
        return (_DIGIT,)
    texts = _texts(expression, scope)
    found = [w for w in wanted if any(reader(v)(w) == w for v in texts)]
    values = values_of(expression, scope)
    if not texts and isinstance(values, FewWords) and expression.type == "enum":
        found = [word for _, word in values.choices[:_SHOWN_WORDS] if word]
    return tuple(found) or (_DIGIT,)


RULE = Rule(
    "autolink-injection",
    "EM309",
    "warning",
    "words",
    check,
    module=__name__,
)
