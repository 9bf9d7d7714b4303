"""Bounds: how long and how costly a template's output can be.

``worst_on_path`` gives a text no cheaper than any output of one way through the
template; ``bound_shape`` folds a whole template, for when there are too many ways.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from copylab.template.choices import START, State
from copylab.template.domains import range_of
from copylab.template.ranges import MEASURES, Measure, Range, cost, in_gsm7
from copylab.template.shape import Alt, Hole, Lit, Rep, Seq, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.template.expression import Expression
    from copylab.template.paths import Path
    from copylab.template.scope import Scope

Goal = Measure | Literal["sms"]
"""What a worst text is worst in; ``sms`` is the parts of a short message, for ways
without loops: no short message has one."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What every output of a template lies within.

    Attributes:
        shortest: The fewest code points.
        most: By measure, the most it can cost.
        gsm7: Whether every output can be encoded in GSM-7.
    """

    shortest: int = 0
    most: Mapping[Measure, int] = field(
        default_factory=lambda: dict.fromkeys(MEASURES, 0)
    )
    gsm7: bool = True

    def then(self, other: Bounds) -> Bounds:
        """The bounds of one output after the other."""
        most = {
            measure: self.most[measure] + other.most[measure] for measure in MEASURES
        }
        return Bounds(self.shortest + other.shortest, most, self.gsm7 and other.gsm7)

    def either(self, other: Bounds) -> Bounds:
        """The bounds of one output or the other."""
        most = {
            measure: max(self.most[measure], other.most[measure])
            for measure in MEASURES
        }
        shortest = min(self.shortest, other.shortest)
        return Bounds(shortest, most, self.gsm7 and other.gsm7)

    def repeated(self, low: int, high: int) -> Bounds:
        """The bounds of ``low`` to ``high`` outputs, one after the other."""
        most = {measure: self.most[measure] * high for measure in MEASURES}
        return Bounds(self.shortest * low, most, self.gsm7)


NOTHING = Bounds()


def hole_range(hole: Hole, scope: Scope, state: State = START) -> Range:
    """What a hole prints, escaped for its destination."""
    ranges = range_of(hole.expression, scope, state)
    escape = scope.escapes.get(hole.escape)
    return ranges if escape is None else ranges.map(escape)


def bound_range(ranges: Range) -> Bounds:
    """The bounds of a hole's output."""
    most = {measure: ranges.most(measure) for measure in MEASURES}
    return Bounds(len(ranges.shortest()), most, ranges.outside_gsm7() is None)


def bound_text(text: str) -> Bounds:
    """The bounds of a fixed text."""
    most = {measure: cost(text, measure) for measure in MEASURES}
    return Bounds(len(text), most, in_gsm7(text))


def bound_shape(shape: Shape, scope: Scope, state: State = START) -> Bounds:
    """The bounds of every output of a shape, whatever its conditions say."""
    match shape:
        case Lit():
            return bound_text(shape.text)
        case Hole():
            return bound_range(hole_range(shape, scope, state))
        case Seq():
            total = NOTHING
            for part in shape.parts:
                total = total.then(bound_shape(part, scope, state))
            return total
        case Alt():
            arms = [bound_shape(arm, scope, state) for _, arm in shape.arms]
            if shape.arms[-1][0] is not None:
                arms.append(NOTHING)
            result = arms[0]
            for arm in arms[1:]:
                result = result.either(arm)
            return result
        case Rep():
            body = bound_shape(shape.body, scope, state)
            return body.repeated(shape.low, shape.high)


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst text of a way through a template.

    Attributes:
        text: A text no cheaper than any output of the way.
        inputs: For each hole that prints one variable, the expression and the raw
            value or the characters that make it print its worst.
    """

    text: str
    inputs: tuple[tuple[Expression, object], ...]


def worst_on_path(path: Path, scope: Scope, goal: Goal) -> Worst:
    """The worst text of one way.

    A short message is counted in UTF-16 units as soon as one character is outside of
    GSM-7. So two texts compete for the most parts: one that leaves GSM-7 with as many
    units as it can have then, and one that stays inside with the most septets.
    """
    ranges = {
        id(leaf): hole_range(leaf, scope, path.state)
        for leaf in path.leaves
        if isinstance(leaf, Hole)
    }
    if goal != "sms":
        fills = {key: each.worst(goal) for key, each in ranges.items()}
        return _write(path, scope, fills, goal)
    inside = {key: each.inside_gsm7() for key, each in ranges.items()}
    plain = _write(
        path, scope, {key: fill for key, fill in inside.items() if fill}, "septets"
    )
    wide = _write(path, scope, _leave_gsm7(path, ranges), "units")
    stays = None not in inside.values() and in_gsm7(plain.text)
    if in_gsm7(wide.text):
        return plain if stays else wide
    if not stays or _parts(wide.text) >= _parts(plain.text):
        return wide
    return plain


Fills = dict[int, tuple[object, str]]


def _write(path: Path, scope: Scope, fills: Fills, measure: Measure) -> Worst:
    """The text of a way, its holes filled; a hole without a filling is left out."""
    pieces: list[str] = []
    inputs: list[tuple[Expression, object]] = []
    for leaf in path.leaves:
        match leaf:
            case Lit():
                pieces.append(leaf.text)
            case Hole() if id(leaf) in fills:
                raw, text = fills[id(leaf)]
                pieces.append(text)
                inputs.append((leaf.expression, raw))
            case Rep():
                pieces.append(_worst_repetition(leaf, scope, path.state, measure))
    return Worst("".join(pieces), tuple(inputs))


def _leave_gsm7(path: Path, ranges: Mapping[int, Range]) -> Fills:
    """Fillings with the most units of which, where one can, one is outside of GSM-7."""
    fills = {key: each.worst("units") for key, each in ranges.items()}
    words = [leaf.text for leaf in path.leaves if isinstance(leaf, Lit)]
    if not in_gsm7("".join([*words, *(text for _, text in fills.values())])):
        return fills
    loss: dict[int, int] = {}
    outside: Fills = {}
    for key, each in ranges.items():
        found = each.outside_gsm7()
        if found is not None:
            outside[key] = found
            loss[key] = cost(fills[key][1], "units") - cost(found[1], "units")
    if loss:
        cheapest = min(loss, key=loss.__getitem__)
        fills[cheapest] = outside[cheapest]
    return fills


def _parts(text: str) -> int:
    """The parts of a short message, 3GPP TS 23.040: no character is torn apart."""
    gsm = in_gsm7(text)
    single, room = (160, 153) if gsm else (70, 67)
    measure: Measure = "septets" if gsm else "units"
    if cost(text, measure) <= single:
        return 1
    parts, used = 1, 0
    for character in text:
        size = cost(character, measure)
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts


def _worst_repetition(rep: Rep, scope: Scope, state: State, measure: Measure) -> str:
    """As many of the body's worst arms and fillings as the list has items."""
    return _worst_text(rep.body, scope, state, measure) * rep.high


def _worst_text(shape: Shape, scope: Scope, state: State, measure: Measure) -> str:
    match shape:
        case Lit():
            return shape.text
        case Hole():
            return hole_range(shape, scope, state).worst(measure)[1]
        case Seq():
            parts = (_worst_text(part, scope, state, measure) for part in shape.parts)
            return "".join(parts)
        case Alt():
            arms = [_worst_text(arm, scope, state, measure) for _, arm in shape.arms]
            return max(arms, key=lambda text: cost(text, measure))
        case Rep():
            return _worst_repetition(shape, scope, state, measure)
