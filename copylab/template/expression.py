"""Expressions of the language: a closed set of nodes, each with a type.

They come from Jinja's tree, but only what the language allows: what stands here can
be evaluated, bounded and decided, and nothing else can be reached from a template.
"""

from __future__ import annotations

from dataclasses import dataclass

Type = str
"""``text int decimal percent money date datetime url enum bool list html tuple``."""

NUMERIC = frozenset(("int", "decimal", "percent", "money"))
TEXTUAL = frozenset(("text", "person_name", "enum", "url"))


@dataclass(frozen=True, slots=True)
class Const:
    """A literal, or a value that is fixed for the whole workspace."""

    value: object
    type: Type


@dataclass(frozen=True, slots=True)
class Var:
    """A declared variable."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Item:
    """A field of the item of the loop that runs over a list."""

    loop: str
    field: str
    type: Type


@dataclass(frozen=True, slots=True)
class LoopState:
    """``loop.first``, ``loop.last`` or ``loop.index`` of the innermost loop."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right``; op is one of ``== != < <= > >= in notin``."""

    op: str
    left: Expression
    right: Expression
    type: Type = "bool"


@dataclass(frozen=True, slots=True)
class Logic:
    """``and`` or ``or`` over operands that count as true or false."""

    op: str
    left: Expression
    right: Expression
    type: Type = "bool"


@dataclass(frozen=True, slots=True)
class Not:
    """The negation of an operand that counts as true or false."""

    operand: Expression
    type: Type = "bool"


@dataclass(frozen=True, slots=True)
class Concat:
    """Texts joined by ``~``."""

    parts: tuple[Expression, ...]
    type: Type = "text"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+`` or ``-`` on whole numbers."""

    op: str
    left: Expression
    right: Expression
    type: Type = "int"


@dataclass(frozen=True, slots=True)
class Cond:
    """``yes if test else no``."""

    test: Expression
    yes: Expression
    no: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Filtered:
    """A filter applied to a value; its arguments are literals."""

    operand: Expression
    filter: str
    args: tuple[object, ...]
    kwargs: tuple[tuple[str, object], ...]
    type: Type = "text"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value or a condition that could not be read; a finding says why.

    Each is its own: nothing is known of it, and no message that has one is sent.
    """

    number: int
    type: Type = "unknown"


Expression = (
    Const
    | Var
    | Item
    | LoopState
    | Compare
    | Logic
    | Not
    | Concat
    | Arithmetic
    | Cond
    | Filtered
    | Unknown
)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside another."""
    match expression:
        case Compare() | Logic() | Arithmetic():
            return (expression.left, expression.right)
        case Not() | Filtered():
            return (expression.operand,)
        case Concat():
            return expression.parts
        case Cond():
            return (expression.test, expression.yes, expression.no)
        case _:
            return ()


def variables_in(expression: Expression) -> set[str]:
    """The names of the declared variables that an expression reads."""
    names: set[str] = set()
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, Var):
            names.add(node.name)
        elif isinstance(node, Item):
            names.add(node.loop)
        stack.extend(children(node))
    return names


def describe(expression: Expression) -> str:
    """The expression as a person would write it, for witnesses and messages."""
    match expression:
        case Const():
            value = expression.value
            return repr(value) if isinstance(value, str) else str(value)
        case Var() | LoopState():
            return expression.name
        case Item():
            return f"{expression.loop}[].{expression.field}"
        case Compare() | Logic() | Arithmetic():
            op = "not in" if expression.op == "notin" else expression.op
            return f"{describe(expression.left)} {op} {describe(expression.right)}"
        case Not():
            return f"not ({describe(expression.operand)})"
        case Concat():
            return " ~ ".join(describe(part) for part in expression.parts)
        case Cond():
            test, yes, no = (describe(part) for part in children(expression))
            return f"{yes} if {test} else {no}"
        case Filtered():
            return f"{describe(expression.operand)} | {expression.filter}"
        case Unknown():
            return "a condition that could not be read"
