"""A sign or a word is glued to the end of a link in an SMS.

What: A Chinese, Japanese or full-width sign, a letter that is not ASCII, or a value
directly behind an address in the words or a url variable. A full stop or a bracket in
ASCII is fine: phones leave it out.

Why: Many phones take what follows for a part of the address, and the link leads nowhere.

Bad:
```sms.zh-CN.md
【示例】您的资料已保存，查看{{ link }}。拒收请回复R
```
```sms.zh-CN.md
【示例】您的资料已保存，查看https://s.example.com/a1，欢迎回来。拒收请回复R
```

Good:
```sms.zh-CN.md
【示例】您的资料已保存，查看 {{ link }} 欢迎回来。拒收请回复R
```

Source: A rule of copylab: how Android's Linkify and iOS find the end of an address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.mend import replace_in_file
from copylab.lint.rule import Rule
from copylab.lint.url_values import has_url_values, is_url_value
from copylab.template.phrases import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Written


_ADDRESS = re.compile(r"https?://[!-;=?-~]+", re.IGNORECASE)


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    item, told = words.fields["body"], set()
    if "://" not in item.literals and not has_url_values(item):
        return
    for written in item.written:
        text = written.skeleton.text
        for end in _ends(written):
            glued = text[end : end + 1]
            if not glued or glued.isspace() or (glued.isascii() and glued != VALUE):
                continue
            span = written.skeleton.span(end, end + 1)
            if span in told:
                continue
            told.add(span)
            what = "a value" if glued == VALUE else f"'{glued}'"
            message = f"{what} is glued to the link before it"
            place = (span, glued, f" {glued}")
            yield words.finding(
                RULE,
                item,
                message,
                span=span,
                written=written,
                help="put a space behind the link",
                fix=replace_in_file(words.catalog.sources, [place], is_safe=False),
            )


def _ends(written: Written) -> Iterator[int]:
    """Where addresses end; a value that goes on with one in the words belongs to it."""
    text = written.skeleton.text
    for match in _ADDRESS.finditer(text):
        if text[match.end() : match.end() + 1] != VALUE:
            yield match.end()
    for piece in written.skeleton.pieces:
        if is_url_value(piece.leaf):
            yield piece.start + len(piece.text)


RULE = Rule(
    "link-glued-punct",
    "SMS032",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
