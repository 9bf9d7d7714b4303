"""The words around a value do not read well without it.

What: For each variable with `missing: ""`, the words with nothing in its place: `Hi ,`,
an empty bracket, two commas, two blanks (a warning; not in the body of an e-mail, where
they do not show), a label without its value. Also a replacement that repeats the word
beside it, such as 您您好.

Why: It is what people get whose value is missing.

Bad:
```sms.en-US.md
Example: hi {{ note }}, your details are saved. Reply STOP to opt out
```
```push.en-US.md
## title
Your details are saved
## body
Saved ({{ note }}) for you.
```

Good:
```sms.en-US.md
Example: hi{% if note %} {{ note }}{% endif %}, your details are saved. Reply STOP to opt out
```
```push.en-US.md
## title
Your details are saved
## body
Welcome back. {{ note }}
```

Source: A rule of copylab; what users of other template languages ask for most.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.lint.anchors import forms
from copylab.lint.rule import Rule
from copylab.template.bounds import Worst, hole_range
from copylab.template.expression import Filtered, Var
from copylab.template.phrases import VALUE
from copylab.template.shape import Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding, Severity
    from copylab.lint.anchors import Form
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.lint.skeletons import Piece
    from copylab.template.paths import Path
    from copylab.template.scope import Scope

_ENDS = ",.;:!?，。；：！？、"
_PAIRS = frozenset(("()", "[]", '""', "“”", "‘’", "「」", "《》", "（）", "«»"))
_CURE = "put the words that need the value into {% if … %}, or write a replacement"


def check(words: Words) -> Iterator[Finding]:
    """One finding for each place."""
    for item, form in forms(words):
        if form == "html":
            continue
        told: set[tuple[object, str]] = set()
        for written in item.texts:
            for piece in written.skeleton.pieces:
                if not isinstance(piece.leaf, Hole):
                    continue
                found = _problem(written, piece, item.template.scope, form)
                # Samples differ in the words around it, and one of them is enough.
                shown = "" if found is None or item.paths is None else found[0]
                if found is None or (piece.leaf, shown) in told:
                    continue
                finding = _finding(words, item, written, piece.leaf, found)
                if item.paths is None and finding.witness is None:
                    continue  # a sample may be a way that no values lead to
                told.add((piece.leaf, shown))
                yield finding


def _problem(
    written: Written, piece: Piece, scope: Scope, form: Form
) -> tuple[str, Severity] | None:
    """What is wrong without the value, or with its replacement."""
    assert isinstance(piece.leaf, Hole)
    name = _variable(piece.leaf)
    if name not in scope.variables:
        return None
    action, value = scope.variables[name].missing.at(scope.locale)
    if action != "use" or not isinstance(value, str):
        return None
    left = written.text[: piece.start]
    right = written.text[piece.start + 1 :]
    if value.strip():
        return _repeats(left, right, value.strip())
    if not any(_can_be_empty(piece.leaf, path, scope) for path in written.paths):
        return None
    return _gap(left, right, scope.locale, form)


def _gap(left: str, right: str, locale: str, form: Form) -> tuple[str, Severity] | None:
    """How the words read with nothing between them."""
    line = left.rpartition("\n")[2]
    before, after = line[-1:], right[:1]
    shown = f"{line[-12:]}{right[:8]}".partition("\n")[0]
    if before + after in _PAIRS:
        return f"reads '{shown}'", "error"
    spaced = locale.startswith("fr") and after in ";:!?"
    if after and after in _ENDS and not spaced and _is_loose(line, after):
        return f"reads '{shown}'", "error"
    if before == after == " " and line.strip() and form == "plain":
        return "leaves two blanks", "warning"
    if line.rstrip()[-1:] in {":", "："} and (not right.strip(" ") or after == "\n"):
        return f"reads '{shown.strip()}'", "warning"
    return None


def _is_loose(line: str, after: str) -> bool:
    """Whether a mark stands where no word is in front of it."""
    if not line.strip():
        return True
    if line[-1] in ",，、;；:：" and after in _ENDS:
        return True
    return line[-1] == " " and line.rstrip()[-1:] != VALUE


def _repeats(left: str, right: str, value: str) -> tuple[str, Severity] | None:
    """Whether a replacement stands beside its own word."""
    word = re.escape(value)
    if value.isascii():
        beside = bool(re.search(rf"\b{word}\s{{1,3}}\Z", left, re.IGNORECASE)) or bool(
            re.match(rf"\s{{1,3}}{word}\b", right, re.IGNORECASE)
        )
    else:
        beside = left.endswith(value) or right.startswith(value)
    return (f"says '{value}' twice", "warning") if beside else None


def _can_be_empty(hole: Hole, path: Path, scope: Scope) -> bool:
    return not hole_range(hole, scope, path.state).shortest()


def _variable(hole: Hole) -> str:
    """The variable that a hole prints, through filters only; empty for others."""
    expression = hole.expression
    while isinstance(expression, Filtered):
        expression = expression.operand
    return expression.name if isinstance(expression, Var) else ""


def _finding(
    words: Words,
    item: Field,
    written: Written,
    hole: Hole,
    found: tuple[str, Severity],
) -> Finding:
    problem, severity = found
    name = _variable(hole)
    witness = None
    for path in written.paths[:4]:
        raw = item.template.scope.variables[name].missing.at(words.locale)[1]
        empty = Worst("", ((Var(name, hole.expression.type), raw),))
        witness = witness or item.witness(path, empty)
    message = f"without '{name}' the text {problem}"
    own = item.name in words.fields
    return RULE.finding(
        message,
        hole.place.span,
        help=_CURE,
        severity=severity,
        variant=words.variant if own else None,
        field=item.name if own else None,
        witness=witness,
    )


RULE = Rule(
    "empty-interpolation",
    "EM302",
    "error",
    "words",
    check,
    module=__name__,
)
