"""A stand-in that was never filled in is part of the words.

What: Merge fields of other tools (`*|NAME|*`, `%%name%%`, `${name}`, `{name}`, `[FIRST
NAME]`), lorem ipsum, and replacements such as `missing: None` that print a programmer's
word. An error where it can be nothing else.

Why: It is sent as it stands. copylab fills in `{{ name }}` only.

Bad:
```sms.en-US.md
Example: hi *|FNAME|*, your details are saved. Reply STOP to opt out
```
```push.en-US.md
## title
Your details are saved
## body
{% if stage == "repaid" %}Hi [FIRST NAME]{% else %}Hi {{ name }}{% endif %}, welcome back.
```
```sms.en-US.md
Example: hi {name}, your details are saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: hi {{ name }}, [NEW] 50% off {a} and {b}. Reply STOP to opt out
```

Source: A rule of copylab, after merge fields of common mail services.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from copylab.lint.anchors import forms
from copylab.lint.detect.needed import Sieve, needed_words
from copylab.lint.places import piece_finding
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.case import Words

_FIELD = r"[A-Za-z_\u4e00-\u9fff][\w.:|-]{0,60}"
_CERTAIN = re.compile(
    rf"\*\|{_FIELD}\|\*|%%{_FIELD}%%|[$#]\{{{_FIELD}\}}|<%=?[^%\n]{{1,60}}%>"
    rf"|\[%\s?{_FIELD}\s?%\]|\blorem ipsum\b|\{{\{{\{{?\s?{_FIELD}\s?\}}?\}}\}}"
    r"|\[(?:FIRST|LAST|FULL|USER|CUSTOMER|CLIENT)[ _]?NAME\](?!\()"
    r"|\[(?:INSERT|YOUR|ENTER)[ _][A-Z][A-Z _]{1,30}\](?!\()"
    r"|\b(?:[Hh]i|[Hh]ello|[Dd]ear)\s{1,3}(?:None|null|NULL|NaN|undefined)\b(?!\s[a-z])",
)
_LIKELY = re.compile(
    r"\[(?:NAME|CITY|DATE|LINK|URL|AMOUNT|PRICE|EMAIL|PHONE)\](?!\()"
    r"|\[(?:[Ff]irst|[Ll]ast) ?[Nn]ame\](?!\()|\[[Ii]nsert [a-z ]{2,30}\](?!\()"
    r"|[【\[](?:姓名|客户姓名|用户名|链接|金额|日期)[】\]](?!\()"
    r"|(?<![A-Za-z])(?:TODO|FIXME|TBD)(?![A-Za-z])"
)
_BRACES = re.compile(r"(?<![\\{$#])\{(?P<name>[A-Za-z_]\w{0,60})\}(?!\})")
_WORDS = frozenset(
    ("none", "null", "nan", "nil", "undefined", "n/a", "#n/a", "todo", "tbd", "xxx")
)
_CURE = "write the words, or print a declared variable: {{ name }}"


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for item, form in forms(words):
        if form == "html":
            continue
        literals = item.literals
        likely = [
            p
            for p in (_CERTAIN, _LIKELY)
            if _sieve(p).lets_through(item.plain, item.runs)
        ]
        for pattern in (*likely, *((_BRACES,) if "{" in literals else ())):
            for written, match, _ in item.find(pattern):
                found = _severity(words, match)
                if found is None:
                    continue
                message = f"'{match.group()}' is a stand-in that nobody fills in"
                place = match.span()
                yield piece_finding(
                    RULE, words, item, written, place, message, _CURE, severity=found
                )
    yield from _replacements(words)


@cache
def _sieve(pattern: re.Pattern[str]) -> Sieve:
    """The quick test for a pattern."""
    needed = needed_words(pattern)
    assert needed is not None
    return Sieve.of(needed)


def _severity(words: Words, match: re.Match[str]) -> Severity | None:
    """How grave a hit is: what the author quoted on purpose may be meant."""
    if match.re is _LIKELY:
        return "warning"
    if match.re is _CERTAIN:
        is_quoted = match.group().startswith("{{") and not words.is_bare
        return "warning" if is_quoted else "error"
    name = match["name"]
    if name in words.message.variables:
        return "error"
    return "warning" if "_" in name or name.lower() in _COMMON else None


_COMMON = frozenset(
    ("name", "firstname", "lastname", "fullname", "username", "city", "email", "link",
     "url", "amount", "price", "date", "code", "phone", "company")
)  # fmt: skip


def _replacements(words: Words) -> Iterator[Finding]:
    """Replacements of missing values that print a programmer's word."""
    item = next(iter(words.fields.values()))
    for name in sorted(words.used & words.message.variables.keys()):
        variable = words.message.variables[name]
        value = variable.missing.at(words.locale)[1]
        if (
            variable.type in {"text", "person_name"}
            and isinstance(value, str)
            and value.strip().lower() in _WORDS
        ):
            message = f"'{name}' is sent as '{value}' where it is missing"
            cure = "write a word that reads well in the sentence, or missing: skip"
            yield words.finding(
                RULE,
                item,
                message,
                span=variable.span,
                written=item.written[0],
                help=cure,
            )


RULE = Rule(
    "placeholder-leak",
    "EM301",
    "error",
    "words",
    check,
    module=__name__,
)
