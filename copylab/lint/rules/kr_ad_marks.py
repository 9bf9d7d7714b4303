"""An advertisement by SMS for Korea offers to refuse, but not for free.

What: A marketing SMS for Korea whose 수신거부 has no free number (080) behind it on every
branch. That it starts with (광고) is asked for by KR-MSG-001, that one can refuse at all by
optout-missing.

Why: The law asks that refusing cost nothing. What is quoted here was read in secondary
sources, so that it is a warning and not an error.

Bad:
```sms.ko-KR.md
(광고)[예시] 정보가 저장되었습니다. 수신거부 1588-0000
=== copylab.yaml
brand: {name: 예시}
locales: {default: ko-KR}
markets: [KR]
```

Good:
```sms.ko-KR.md
(광고)[예시] 정보가 저장되었습니다. 무료수신거부 080-000-0000
=== copylab.yaml
brand: {name: 예시}
locales: {default: ko-KR}
markets: [KR]
```
```sms.ko-KR.md
(광고)[예시] 봄 신상품이 나왔습니다. 무료거부 080-000-0000
=== copylab.yaml
brand: {name: 예시}
locales: {default: ko-KR}
markets: [KR]
```

Source: 정보통신망법 제50조 제4항, 시행령 제61조 별표6 (secondary).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


_REFUSE = re.compile("거부")
_FREE = re.compile(r"무료\s?(?:수신)?\s?거부[^0-9]{0,4}080")


def check(words: Words) -> Iterator[Finding]:
    """The finding about a refusal that is not free."""
    item = words.fields["body"]
    if "KR" not in words.markets:
        return
    if item.lacking(_REFUSE):  # optout-missing tells it
        return
    for written in item.lacking(_FREE)[:1]:
        yield words.finding(
            RULE,
            item,
            "refusing must be free: there is no 080 number behind 무료수신거부",
            written=written,
            help="write 무료수신거부 and the number, such as 080-000-0000",
        )


RULE = Rule(
    "kr-ad-marks",
    "SMS063",
    "warning",
    "words",
    check,
    channels=("sms",),
    purposes=("marketing",),
    module=__name__,
)
