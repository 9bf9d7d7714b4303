"""The two parts of an e-mail do not say the same.

What: Between a layout's HTML part and its text part: variables that only one of them
prints, and telephone numbers, long numbers and mail addresses that only one of them
has. Subject, preheader and `{{ body }}` are alike in both by themselves.

Why: Who reads the text part lacks what the others have, and filters take parts that
differ for a trick.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.html
<html lang="{{ locale }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>
<body><p>{{ preheader }}</p>
{{ body }}
<p>Questions? Call 1-800-555-0100.</p>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}).
=== _layouts/main.html
<html lang="{{ locale }}" dir="{{ dir }}"><head><title>{{ subject }}</title></head>
<body><p>{{ preheader }}</p>
{{ body }}
<p>Questions? Call 1-800-555-0100. &copy; 2026</p>
<p>{{ brand.legal_name }}, {{ brand.postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>
=== _layouts/main.txt
{{ body }}

Questions? Call 1 800 555 0100.
Unsubscribe: {{ unsubscribe_url }}
{{ brand.legal_name }}, {{ brand.postal_address }}
```

Source: RFC 2046, section 5.1.4; SpamAssassin 4.0, MPART_ALT_DIFF.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import tree_of
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule
from copylab.template.expression import variables_in
from copylab.template.shape import Hole, Rep, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.lint.skeletons import Piece

    Fact = tuple[Written, tuple[int, int], str]

_NUMBER = re.compile(r"(?<![\w#])\+?\d[\d\s().\u2010-\u2015-]{3,22}\d(?!\w)")
_MAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}", re.IGNORECASE)
_DIGITS = 5
"""Digits from which a number is one that people call or quote."""
_CURE = "say it in main.html and in main.txt alike"


def check(words: Words) -> Iterator[Finding]:
    """One finding for each thing that one part lacks."""
    if not words.layout:
        return
    html, text = words.layout["html"], words.layout["text"]
    printed = _variables(html), _variables(text)
    for name in sorted(printed[0].keys() ^ printed[1].keys()):
        item, other = (html, "text") if name in printed[0] else (text, "HTML")
        written, start = (printed[0] | printed[1])[name]
        message = f"the {other} part does not print '{name}'"
        place = (start, start + 1)
        yield piece_finding(RULE, words, item, written, place, message, _CURE)
    in_html, in_text = _facts(html, is_html=True), _facts(text, is_html=False)
    for fact in sorted(in_html.keys() ^ in_text.keys()):
        item, other = (html, "text") if fact in in_html else (text, "HTML")
        written, place, shown = (in_html | in_text)[fact]
        message = f"the {other} part does not say '{shown}'"
        yield piece_finding(RULE, words, item, written, place, message, _CURE)


def _variables(item: Field) -> dict[str, tuple[Written, int]]:
    """The variables that a part prints on any branch, each with its first place.

    A branch that no reader of this locale gets prints nothing.
    """
    if "printed" not in item.kept:
        found: dict[str, tuple[Written, int]] = {}
        for written in item.written:
            for piece in written.skeleton.pieces:
                for name in _names_in(piece):
                    found.setdefault(name, (written, piece.start))
        known = item.template.scope.variables
        item.kept["printed"] = {name: found[name] for name in found.keys() & known}
    kept: dict[str, tuple[Written, int]] = item.kept["printed"]
    return kept


def _names_in(piece: Piece) -> Iterator[str]:
    """The variables that a piece prints; a loop that is not written out is one piece."""
    inside = walk(piece.leaf) if isinstance(piece.leaf, Rep) else (piece.leaf,)
    for leaf in inside:
        if isinstance(leaf, Hole):
            yield from variables_in(leaf.expression)


def _facts(item: Field, *, is_html: bool) -> dict[str, Fact]:
    """Numbers and mail addresses of a part, by what makes them the same."""
    if "facts" not in item.kept:
        found: dict[str, Fact] = {}
        for written in item.written:
            for start, text in _texts(written, is_html=is_html):
                for match in (*_NUMBER.finditer(text), *_MAIL.finditer(text)):
                    shown = match.group().strip()
                    digits = re.sub(r"\D", "", shown)
                    key = shown.lower() if "@" in shown else digits
                    if "@" in shown or len(digits) >= _DIGITS:
                        place = (start + match.start(), start + match.end())
                        found.setdefault(key, (written, place, shown))
        item.kept["facts"] = found
    kept: dict[str, Fact] = item.kept["facts"]
    return kept


def _texts(written: Written, *, is_html: bool) -> Iterator[tuple[int, str]]:
    if is_html:
        for text in tree_of(written).root.texts():
            inside = {text.parent.name, *(e.name for e in text.parent.around())}
            if not inside & {"head", "mj-head"}:
                yield text.start, text.text
    else:
        yield (
            0,
            re.sub(r"\S{1,20}://\S{1,2000}", lambda m: " " * len(m[0]), written.text),
        )


RULE = Rule(
    "text-html-drift",
    "EM602B",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
