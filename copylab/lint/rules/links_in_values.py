"""A text is declared to hold links.

What: A text variable, or a text of a list's items, with `links: true`.

Why: Phones and mail readers turn an address in a value into a link, and whoever fills the
value says where it leads: no rule on links can look there. A text without `links: true`
is out of its bounds where it holds an address.

Bad:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  seller: {type: text, max: 30, links: true, missing: error}
=== sms.en-US.md
Example: {{ seller }} has sent your order.
```

Good:
```message.yaml
purpose: transactional
live: plain
locales: [en-US]
variables:
  seller: {type: text, max: 30, missing: error}
=== sms.en-US.md
Example: {{ seller }} has sent your order.
```

Source: A rule of copylab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import MessageCase


def check(case: MessageCase) -> Iterator[Finding]:
    """One finding for each declaration."""
    for variable in case.message.variables.values():
        for each in (variable, *variable.items.values()):
            if each.links:
                message = f"values of '{each.name}' may hold links to anywhere"
                cure = (
                    "take links out, or declare type: url with a base for the address"
                )
                yield RULE.finding(message, each.span, help=cure)


RULE = Rule("links-in-values", "CL305", "warning", "message", check, module=__name__)
