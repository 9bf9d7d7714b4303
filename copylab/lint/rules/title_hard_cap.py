"""The title of a push can be longer than a push service takes.

What: The longest title, over every branch and every allowed value. In China against the
limit of each vendor: an error for a vendor named in `sending: {push_vendors: [...]}` or
where all vendors fail, otherwise a warning that names those that do. Elsewhere against
the 1024 characters at which Android clips.

Why: Over the limit the push fails as a whole, without a word to the sender.

Bad:
```push.zh-CN.md
## title
{{ name }}，您的资料已经为您完整保存，再次回来时不需要重新填写任何内容，欢迎您回来
## body
打开看看。
```

Good:
```push.zh-CN.md
## title
欢迎回来
## body
打开看看。
```

Source: channels/profiles/push/*.yaml, each value with its source and date: Aliyun EMAS
311229 and 2860774, Tencent push 876/41760; AOSP Notification.MAX_CHARSEQUENCE_LENGTH.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.push_limits import hard_findings
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """The finding about the title."""
    return hard_findings(RULE, words, "title")


RULE = Rule(
    "title-hard-cap",
    "PSH002",
    "error",
    "words",
    check,
    channels=("push",),
    module=__name__,
)
