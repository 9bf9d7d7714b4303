"""The words of a link do not say where it leads.

What: A link whose words are only "click here", "read more", 点击这里, hier, ici, aquí and
the like; the list is in packs/links.yaml.

Why: People who look over a mail read the links first, and screen readers list them
without the words around them.

Bad:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, to see your account [click here]({{ link }}).
```
```email.zh-CN.md
## subject
您的资料已保存
## preheader
回来时不用再填一遍，随时可以接着办理，谢谢。
## body
{{ name }}，查看您的账户请[点击这里]({{ link }})。
```

Good:
```email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice when you come back to us.
## body
Hi {{ name }}, [see your account]({{ link }}). The [terms](https://s.example.com/terms) stand there.
```

Source: WCAG 2.2, success criterion 2.4.4, link purpose (in context).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from copylab.lint.anchors import anchors
from copylab.lint.pack import load_pack
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


@cache
def _generic() -> frozenset[str]:
    texts = load_pack("links")["generic_texts"]
    return frozenset(
        word for key, words in texts.items() if key != "source" for word in words
    )


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for link in anchors(words):
        label = _EDGES.sub("", link.label or "").casefold()
        if label in _generic():
            message = f"'{link.label}' does not say where the link leads"
            cure = "write what people find there, such as: see your account"
            yield piece_finding(
                RULE, words, link.item, link.written, link.place, message, cure
            )


_EDGES = re.compile(r"^[\W_]+|[\W_]+$")

RULE = Rule(
    "link-text-generic",
    "EM404",
    "warning",
    "words",
    check,
    channels=("email",),
    module=__name__,
)
