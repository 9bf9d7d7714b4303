"""What stands in for a missing value says what a rule forbids.

What: The replacement under `missing:` of a text that the copy prints, held to the words
that rules on law, carriers and platforms forbid to these markets.

Why: Whoever has no value gets the replacement, word for word. It is copy, and it stands in
a file that nobody reads as copy.

Bad:
```sms.zh-CN.md
【示例】{{ slogan }}，请来店选购。拒收请回复R
=== message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
variables:
  slogan: {type: text, max: 12, charset: zh, missing: 全国第一的品质}
```

Good:
```sms.zh-CN.md
【示例】{{ slogan }}，请来店选购。拒收请回复R
=== message.yaml
purpose: marketing
live: plain
locales: [zh-CN]
variables:
  slogan: {type: text, max: 12, charset: zh, missing: 用心的品质}
```

Source: The rule that is named in the finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.detect.forbidden import Forbidden
from copylab.lint.fold import fold
from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.rule import Rule
from copylab.message.model import TEXT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import Words


def check(words: Words) -> Iterator[Finding]:
    """One finding for each replacement and rule, where the variable is declared."""
    replacements = list(_replacements(words))
    if not replacements:
        return
    for rule, detection in _forbidden(words):
        for name, text in replacements:
            match = detection.pattern.search(fold(text))
            if match is None or detection.is_harmless(match):
                continue
            yield RULE.finding(
                f"'{text}', which stands in for a missing {name}, has '{match.group()}', "
                f"which {rule.code} forbids ({rule.name})",
                words.message.variables[name].span,
                help=detection.telling.help,
                severity=rule.severity,
            )


def _replacements(words: Words) -> Iterator[tuple[str, str]]:
    """The texts that stand in for missing values of the variables that are printed."""
    for name in sorted(words.used):
        variable = words.message.variables.get(name)
        if variable is None or variable.type not in TEXT_TYPES:
            continue
        action, value = variable.missing.at(words.locale)
        if action == "use" and isinstance(value, str) and value.strip():
            yield name, value


def _forbidden(words: Words) -> Iterator[tuple[Rule, Forbidden]]:
    """The rules of these markets and this industry that forbid words."""
    for rule in builtin_pack_rules():
        provision = rule.provision
        if rule.detection is None or provision is None:
            continue
        if not rule.looks_at(words.channel, words.message.purpose):
            continue
        if not provision.is_about(words.industry):
            continue
        if words.markets and not any(map(provision.binds, words.markets)):
            continue
        detection = rule.detection.made
        if isinstance(detection, Forbidden):
            yield rule, detection


RULE = Rule(
    "forbidden-replacement",
    "CL036",
    "error",
    "words",
    check,
    module=__name__,
)
