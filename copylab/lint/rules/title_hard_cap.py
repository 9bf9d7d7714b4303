"""The title of a push can be longer than a push service takes.

What: The longest title, over every branch and every allowed value, as each phone maker counts it
(vivo and Honor in columns, a Han character being two). Makers named under `push: {services: [...]}`
are judged alone, and anywhere; a limit of your own goes under `push: {limits: {oppo: {max_title: …}}}`.
In China without services all makers are judged: an error for those in `sending: {push_vendors: [...]}`
or where all fail, otherwise a warning that names those that do. What goes to Android is held
against the 1024 characters at which it clips, too.

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
