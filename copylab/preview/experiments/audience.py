"""An audience in words: the tree of its condition as a list that anybody can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from copylab.audience.condition import (
    Always,
    And,
    Between,
    Compare,
    Flag,
    In,
    IsNull,
    Like,
    Named,
    Not,
    Now,
    Or,
    Ref,
    operand_text,
)

if TYPE_CHECKING:
    from copylab.audience.condition import Comparison, Condition, Leaf, Operand
    from copylab.preview.page import View

_FLIPPED: dict[Comparison, Comparison] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>",
}  # fmt: skip
_OPS: dict[Comparison, str] = {
    "=": "is", "<>": "is_not", "<": "below", "<=": "at_most",
    ">": "above", ">=": "at_least",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a condition in words.

    Attributes:
        text: The sentence; with parts, what holds them together.
        name: The audience that it is, used by name; empty where it has none.
        parts: What it is made of.
    """

    text: str
    name: str = ""
    parts: tuple[Clause, ...] = ()


def word_condition(condition: Condition, view: View) -> Clause:
    """The condition in the words of the interface.

    Args:
        condition: The condition of an audience.
        view: Who looks.
    """
    match condition:
        case Named():
            inner = word_condition(condition.condition, view)
            return Clause(inner.text, condition.name, inner.parts)
        case And() | Or():
            key = "every" if isinstance(condition, And) else "some"
            parts = tuple(word_condition(part, view) for part in condition.conditions)
            return Clause(view.say(f"audience.{key}"), parts=parts)
        case Not():
            return _negated(condition.condition, view)
    return Clause(_leaf(condition, view, ""))


def _negated(inner: Condition, view: View) -> Clause:
    if isinstance(inner, In | Between | Like | IsNull | Flag):
        return Clause(_leaf(inner, view, "not_"))
    return Clause(view.say("audience.not"), parts=(word_condition(inner, view),))


def _leaf(leaf: Leaf, view: View, negation: str) -> str:
    match leaf:
        case Compare():
            return _compared(leaf, view)
        case In():
            values = ", ".join(operand_text(value) for value in leaf.values)
            what = operand_text(leaf.operand)
            return view.say(f"audience.{negation}in", what=what, values=values)
        case Between():
            return view.say(
                f"audience.{negation}between",
                what=_operand(leaf.operand, view),
                low=_operand(leaf.low, view),
                high=_operand(leaf.high, view),
            )
        case Like():
            return view.say(
                f"audience.{negation}like", what=leaf.operand.name, pattern=leaf.pattern
            )
        case IsNull():
            return view.say(f"audience.{negation}null", what=leaf.ref.name)
        case Flag():
            return view.say(f"audience.{negation}flag", what=leaf.ref.name)
        case Always():
            return view.say("audience.everybody" if leaf.value else "audience.nobody")


def _compared(leaf: Compare, view: View) -> str:
    left, op, right = leaf.left, leaf.op, leaf.right
    if isinstance(left, Now) and isinstance(right, Ref):
        left, op, right = right, _FLIPPED[op], left
    if (
        isinstance(left, Ref)
        and isinstance(right, Now)
        and op in {"<", "<=", ">", ">="}
    ):
        return _moment(left.name, op, right.shift, view)
    key = f"audience.{_OPS[op]}"
    return view.say(key, what=_operand(left, view), value=_operand(right, view))


def _moment(what: str, op: Comparison, shift: timedelta, view: View) -> str:
    """A time against now: ``approved_at: 7 days ago or longer``."""
    if not shift:
        key = "past" if op in {"<", "<="} else "future"
        return view.say(f"audience.{key}", what=what)
    way = "ago" if shift < timedelta(0) else "ahead"
    span = _span(abs(shift), view)
    return view.say(f"audience.{way}_{_OPS[op]}", what=what, span=span)


def word_span(span: timedelta, view: View) -> str:
    """A span of time in words: ``7 days``.

    Args:
        span: Whole minutes.
        view: Who looks.
    """
    return _span(span, view).strip()


def _span(shift: timedelta, view: View) -> str:
    for unit in ("days", "hours"):
        whole = timedelta(**{unit: 1})
        if not shift % whole:
            return view.say(f"audience.{unit}", n=shift // whole)
    return view.say("audience.minutes", n=shift // timedelta(minutes=1))


def _operand(operand: Operand, view: View) -> str:
    if isinstance(operand, Now):
        if not operand.shift:
            return view.say("audience.now")
        way = "before_now" if operand.shift < timedelta(0) else "after_now"
        span = _span(abs(operand.shift), view)
        return view.say(f"audience.{way}", span=span)
    return operand_text(operand)
