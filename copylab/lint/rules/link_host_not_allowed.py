"""A link leads to a host that the workspace does not allow.

What: With `links: {allowed_hosts: [...]}` set, every link in the words, in partials, in
layouts and in the base of a url variable. `*.example.com` allows hosts below it. A url
variable without a base can lead anywhere.

Why: A mistyped or foreign host sends readers to somebody else.

Bad:
```sms.en-US.md
Example: see https://examp1e.com/account Reply STOP to opt out
=== copylab.yaml
brand: {name: Example, signature: Example}
locales: {default: en-US}
markets: [US]
links: {allowed_hosts: [example.com, s.example.com]}
```

Good:
```sms.en-US.md
Example: see https://example.com/account Reply STOP to opt out
=== copylab.yaml
brand: {name: Example, signature: Example}
locales: {default: en-US}
markets: [US]
links: {allowed_hosts: [example.com, s.example.com]}
```

Source: A rule of copylab: the workspace's own list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import suggest
from copylab.lint.links import links
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    allowed = words.catalog.config.links
    if not allowed:
        return
    for link in links(words):
        if link.is_open:
            message = f"a value follows the host {link.host} and can change it"
            cure = "write a / after the host"
        elif _is_allowed(link.host, allowed):
            continue
        else:
            message = (
                f"the link leads to {link.host or 'no host'}, which is not allowed"
            )
            cure = suggest(link.host, allowed) or "allowed: " + ", ".join(allowed)
        yield words.finding(
            RULE, link.item, message, span=link.span, written=link.written, help=cure
        )
    yield from _open_variables(words)


def _open_variables(words: Words) -> Iterator[Finding]:
    item = next(iter(words.fields.values()))
    for name in sorted(words.used):
        variable = words.message.variables[name]
        if variable.type == "url" and not variable.base:
            message = f"'{name}' has no base, so it can lead to any host"
            cure = f"declare base: https://{words.catalog.config.links[0]}/"
            yield words.finding(
                RULE, item, message, span=variable.span, help=cure, severity="warning"
            )


def _is_allowed(host: str, allowed: tuple[str, ...]) -> bool:
    return any(
        host == entry or (entry.startswith("*.") and host.endswith(entry[1:]))
        for entry in allowed
    )


RULE = Rule(
    "link-host-not-allowed",
    "CL401",
    "error",
    "words",
    check,
    module=__name__,
)
