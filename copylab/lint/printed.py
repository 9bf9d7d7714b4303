"""What a way through a short message prints as it is sent: fixed words and values.

A gateway that puts an address of its own in place of each link replaces the link with all
that is glued to it. So what of a way is surely a link is shortened here, and what may
become one is counted as one on top: a bound on what is sent, whatever the values are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from copylab.channels.route import LINK
from copylab.template.bounds import hole_range
from copylab.template.expression import variables_in
from copylab.template.ranges import Letters, Words
from copylab.template.shape import Hole, Lit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copylab.channels.route import Route
    from copylab.template.expression import Expression
    from copylab.template.paths import Path
    from copylab.template.ranges import Range
    from copylab.template.scope import Scope

_SCHEMES = ("https://", "http://")
_ENDS = tuple(sorted({s[:n] for s in _SCHEMES for n in range(1, len(s) + 1)}))
"""What words may end with for a value behind them to make a link of it."""
_STARTS = tuple(sorted({s[n:] for s in _SCHEMES for n in range(1, len(s))}))
"""What words may start with for a value before them to make a link of it."""
_ASCII = tuple(map(chr, range(0x80)))
_ADDRESS = "https://a"
_PLACE = "\ue000"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where a value is printed.

    Attributes:
        expression: What is printed; None for what is left of a link's value.
        ranges: What it can print.
        is_counted: False where all of it belongs to a link that the gateway replaces.
    """

    expression: Expression | None
    ranges: Range
    is_counted: bool = True


Piece = str | Slot
"""Fixed words as they are sent, or a value."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a way prints on a route, with all that the gateway adds.

    Attributes:
        pieces: In order; together they cost no less than anything that is sent.
        least: What is surely sent; together no more than anything that is sent.
    """

    pieces: tuple[Piece, ...]
    least: tuple[Piece, ...]


def printed_on(path: Path, scope: Scope, route: Route) -> Printed:
    """What a way prints as it is sent on a route.

    Args:
        path: A way without loops: no short message has one.
        scope: What names mean.
        route: The route.
    """
    raw: list[Piece] = []
    for leaf in path.leaves:
        if isinstance(leaf, Lit):
            raw.append(leaf.text)
        else:
            assert isinstance(leaf, Hole), "a short message has no loop"
            raw.append(Slot(leaf.expression, hole_range(leaf, scope, path.state)))
    head, tail = added_by(route)
    if route.profile.link_characters is None:
        pieces = (head, *raw, tail)
        return Printed(pieces, pieces)
    raw = _joined(raw)
    stand_in = "x" * route.profile.link_characters
    extra = [stand_in] * _possible_links(raw, scope)
    most = (head, *_shortened(raw, stand_in), *extra, tail)
    if extra:
        return Printed(most, (head, tail))
    return Printed(most, (head, *_surely(raw, stand_in), tail))


def added_by(route: Route) -> tuple[str, str]:
    """What a gateway puts before a text and after it."""
    head, _, tail = route.as_sent(_PLACE).partition(_PLACE)
    return head, tail


def _joined(raw: list[Piece]) -> list[Piece]:
    """The pieces, words that stand together as one."""
    joined: list[Piece] = []
    for is_text, pieces in groupby(raw, lambda piece: isinstance(piece, str)):
        if is_text:
            text = "".join(piece for piece in pieces if isinstance(piece, str))
            joined += [text] if text else []
        else:
            joined += pieces
    return joined


@cache
def _glue() -> frozenset[str]:
    """The characters that a link can go on with."""
    return frozenset(c for c in _ASCII if LINK.fullmatch(f"{_ADDRESS}{c}a"))


@cache
def _ends() -> frozenset[str]:
    """The characters that a link can end with."""
    return frozenset(c for c in _ASCII if LINK.fullmatch(f"{_ADDRESS}{c}"))


def _run(text: str) -> int:
    """How many characters at the start can belong to a link before them."""
    glue = _glue()
    return next((n for n, c in enumerate(text) if c not in glue), len(text))


def _swallowed(text: str) -> int:
    """How many characters at the start surely belong to a link before them."""
    ends = _ends()
    run = text[: _run(text)]
    return max((n + 1 for n, c in enumerate(run) if c in ends), default=0)


def _shortened(raw: list[Piece], stand_in: str) -> list[Piece]:
    """The pieces with links replaced, costing no less than what is sent."""
    found: list[Piece] = []
    in_link = False
    for piece in raw:
        if isinstance(piece, str):
            start = _swallowed(piece) if in_link else 0
            whole = in_link and _run(piece) == len(piece)
            found.append(LINK.sub(stand_in, piece[start:]))
            in_link = whole or _goes_on(piece[start:])
            continue
        if not in_link and not _is_link(piece.ranges):
            sent, in_link = _replaced(piece, stand_in)
            found.append(sent)
            continue
        if not in_link:
            found.append(stand_in)
        if _is_glue(piece.ranges):
            found += [replace(piece, is_counted=False), _left_over(piece.ranges)]
            in_link = True
        else:
            found.append(piece)
            in_link = False
    return found


def _goes_on(text: str) -> bool:
    """Whether a link ends the words, so that what follows may belong to it."""
    ends = [match.end() for match in LINK.finditer(text)]
    return bool(ends) and _run(text[ends[-1] :]) == len(text) - ends[-1]


def _is_link(ranges: Range) -> bool:
    """Whether each value is an address."""
    return (
        isinstance(ranges, Letters)
        and ranges.low > 0
        and LINK.match(ranges.prefix + "a") is not None
    )


def _replaced(slot: Slot, stand_in: str) -> tuple[Slot, bool]:
    """A value that may be one of a few addresses, as it is sent."""
    if not isinstance(slot.ranges, Words):
        return slot, False
    texts = [text for _, text in slot.ranges.choices]
    if not any("://" in text for text in texts):
        return slot, False
    sent = slot.ranges.map(lambda text: LINK.sub(stand_in, text))
    return replace(slot, ranges=sent), all(map(_goes_on, texts))


def _is_glue(ranges: Range) -> bool:
    """Whether every character it can print may belong to a link before it."""
    glue = _glue()
    if isinstance(ranges, Words):
        return all(glue.issuperset(text) for _, text in ranges.choices)
    letters = "".join(piece for _, piece in ranges.alphabet)
    return not _is_free(ranges) and glue.issuperset(letters + ranges.suffix)


def _left_over(ranges: Range) -> Slot:
    """What of a value may stand behind the link that it ends."""
    ends = _ends()
    if isinstance(ranges, Words):
        texts = {text[_swallowed(text) :] for _, text in ranges.choices}
        return Slot(None, Words(tuple((text, text) for text in sorted(texts))))
    loose = tuple(pair for pair in ranges.alphabet if not ends.issuperset(pair[1]))
    high = ranges.high if loose else 0
    if ranges.prefix and {piece for _, piece in loose} <= {"."}:
        high = min(high, 1)  # an address with a base never holds two full stops
    rest = ranges.prefix[_swallowed(ranges.prefix) :] + ranges.suffix
    return Slot(None, Letters(loose or ranges.alphabet[:1], 0, high, prefix=rest))


def _is_free(ranges: Range) -> bool:
    """Whether a value can hold letters and signs at will: texts, names."""
    return (
        isinstance(ranges, Letters)
        and not ranges.prefix
        and not all(piece.isdigit() for _, piece in ranges.alphabet)
    )


def _possible_links(raw: list[Piece], scope: Scope) -> int:
    """How many more links there may be than one sees."""
    count = sum(_may_join(before, after) for before, after in pairwise(raw))
    for piece in raw:
        if isinstance(piece, Slot) and _may_hold_links(piece, scope):
            count += piece.ranges.most("length") // len(_ADDRESS) + 2
    return count


def _may_hold_links(slot: Slot, scope: Scope) -> bool:
    """Whether a text is declared to hold links."""
    names = variables_in(slot.expression) if slot.expression is not None else ()
    return any(scope.variables[name].links for name in names if name in scope.variables)


def _may_join(before: Piece, after: Piece) -> bool:
    """Whether what stands before and after a border can make a link together."""
    left, right = _texts(before), _texts(after)
    if left is None and right is None:
        return True
    if right is None:
        return any(text.lower().endswith(_ENDS) for text in left or ())
    if left is None:
        return any(text.lower().startswith(_STARTS) for text in right)
    return any(
        _count_links(one + other) > _count_links(one) + _count_links(other)
        for one in left
        for other in right
    )


def _count_links(text: str) -> int:
    return sum(1 for _ in LINK.finditer(text))


def _texts(piece: Piece) -> Iterable[str] | None:
    """What a piece can be, as far as links care; None for anything."""
    if isinstance(piece, str):
        return (piece,)
    if isinstance(piece.ranges, Words):
        return [text for _, text in piece.ranges.choices]
    if _is_free(piece.ranges):
        return None
    return (piece.ranges.prefix or "0",)


def _surely(raw: list[Piece], stand_in: str) -> list[Piece]:
    """What is surely sent, where no link comes about unseen."""
    found: list[Piece] = []
    may_be_link = False
    for piece in raw:
        if isinstance(piece, str):
            rest = piece[_run(piece) :] if may_be_link else piece
            may_be_link = _goes_on(rest) if rest else may_be_link
            if may_be_link:
                rest = rest.rstrip("".join(_glue() - _ends()))
            found.append(LINK.sub(stand_in, rest))
        elif may_be_link:
            continue
        elif _is_link(piece.ranges):
            found.append(stand_in)
            may_be_link = True
        elif isinstance(piece.ranges, Words):
            sent, _ = _replaced(piece, stand_in)
            found.append(sent)
            may_be_link = sent is not piece
        else:
            found.append(piece)
    return found
