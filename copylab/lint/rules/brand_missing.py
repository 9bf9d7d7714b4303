"""An SMS does not say on every branch who sends it.

What: In the United States and India, `brand.name` or `brand.signature` in the words of
every branch, or in what the gateway of each of the two adds. The sender's number says
nothing to a reader there. In the European Union, Britain, Canada, Australia, Japan, Korea,
Hong Kong and Singapore the same for marketing, unless the sender that readers see is a
name: `sending: {sender: Example}`.

Why: Carriers ask for the sender's name in each message and filter texts without one; a
reader takes them for fraud.

Bad:
```sms.en-US.md
Your details are saved{% if stage == "repaid" %}, says Example{% endif %}. Reply STOP to opt out
```
```sms.en-US.md
Your details are saved. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US, GB]
sms:
  profile: {GB: ours, default: gsm}
  profiles: {ours: {extends: gsm, prefix: "Example: ", source: our contract, as_of: 2026-11-22}}
```

```sms.en-GB.md
Your card is waiting, tap to see it. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-GB}
markets: [GB]
```

Good:
```sms.en-GB.md
Your card is waiting, tap to see it. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-GB}
markets: [GB]
sending: {sender: Example}
```
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```
```sms.en-US.md
Your details are saved. Reply STOP to opt out
=== copylab.yaml
brand: {name: Example}
locales: {default: en-US}
markets: [US]
sms:
  profile: ours
  profiles: {ours: {extends: gsm, prefix: "Example: ", source: our contract, as_of: 2026-11-22}}
```

Source: CTIA Messaging Principles and Best Practices (2023), 5.1; DLT content templates;
PECR regulation 23 (GB); Directive 2002/58/EC article 13(4) (EU); CASL section 6(2) (CA);
Spam Act 2003 section 17 (AU); 特定電子メール法 第4条 (JP); 정보통신망법 제50조 (KR);
Cap. 593 section 8 (HK); Spam Control Act, Second Schedule (SG).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from copylab.lint.fold import fold
from copylab.lint.pack import any_of
from copylab.lint.provision import EU_MEMBERS
from copylab.lint.rule import Rule
from copylab.lint.sending import declared, words_in
from copylab.template.shape import Hole, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Field, Words


_ALWAYS = ("US", "IN")
_OR_SENDER = EU_MEMBERS | {"GB", "CA", "AU", "JP", "KR", "HK", "SG"}
_LETTER = re.compile(r"[^\W\d_]")


def check(words: Words) -> Iterator[Finding]:
    """The finding, where a branch does not name the sender."""
    names = [words.brand.get(key, "").strip("【】 ") for key in ("name", "signature")]
    names = [name for name in names if name]
    if not names or _is_read_in_part(words.fields["body"]):
        return
    pattern = _any_of(tuple(names))
    told = set()
    for market, item in words.bodies.items():
        if not _is_asked(words, market):
            continue
        for written in item.lacking(pattern)[:1]:
            span = item.branch_span(pattern)
            where = "this branch" if span != item.span else "the message"
            if span in told:
                continue
            told.add(span)
            cure = f"start it with {names[0]}:"
            if market not in _ALWAYS:
                cure += ", or say which name stands as the sender: sending: {sender: …}"
            yield words.finding(
                RULE,
                item,
                f"{where} does not name the sender",
                span=span,
                written=written,
                help=cure,
            )


def _is_asked(words: Words, market: str) -> bool:
    """Whether readers of a market have to be told the name in the words."""
    if market in _ALWAYS or market not in _OR_SENDER:
        return market in _ALWAYS
    if words.message.purpose != "marketing":
        return False
    sender = declared(words, "sender", market)
    return not any(map(_LETTER.search, words_in(sender)))


def _is_read_in_part(item: Field) -> bool:
    """Whether a value could not be read; it may be the sender's name."""
    return any(
        isinstance(leaf, Hole) and leaf.expression.type == "unknown"
        for leaf in walk(item.shape)
    )


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return any_of(tuple(re.escape(fold(name)) for name in names))


RULE = Rule(
    "brand-missing",
    "SMS070",
    "warning",
    "words",
    check,
    channels=("sms",),
    module=__name__,
)
