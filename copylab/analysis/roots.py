"""The edge of an interval: where a test stops accepting a value."""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_STEPS = 200
_RELATIVE = 4e-16
_MIDDLE = 0.5
_SMALLEST = 5e-324


def find_edge(excess: Callable[[float], float], inside: float, outside: float) -> float:
    """Where ``excess`` turns from negative to positive, between two points.

    Chandrupatla's method (1997, Advances in Engineering Software 28): interpolation
    where the shape allows it, halving elsewhere, so it is fast and cannot leave the
    bracket.

    Args:
        excess: Negative where a value is accepted, positive where it is refused.
        inside: A value that is accepted.
        outside: A value that is refused, on either side; the edge itself if it is not.

    Returns:
        The edge, to the last digits of a float; ``inside`` if not even that is
        accepted, ``outside`` if even that is.
    """
    a, b = outside, inside
    fa, fb = excess(a), excess(b)
    if fa <= 0:
        return a
    if fb > 0:
        return b
    fb = fb or -fa  # zero by definition there, not by the shape of the curve
    c, fc, share = a, fa, _MIDDLE
    for _ in range(_STEPS):
        x = a + share * (b - a)
        fx = excess(x)
        if (fx > 0) == (fa > 0):
            c, fc = a, fa
        else:
            c, b, fc, fb = b, a, fb, fa
        a, fa = x, fx or -_SMALLEST
        best = a if abs(fa) < abs(fb) else b
        closest = _RELATIVE * abs(best) / abs(b - a) if b != a else inf
        if closest > _MIDDLE:
            break
        share = min(max(_next_share(a, b, c, fa, fb, fc), closest), 1 - closest)
    return best


def _next_share(a: float, b: float, c: float, fa: float, fb: float, fc: float) -> float:
    """How far from ``a`` towards ``b`` to look next, as a share of the way."""
    xi = (a - b) / (c - b)
    phi = (fa - fb) / (fc - fb)
    if 1 - sqrt(1 - xi) < phi < sqrt(xi):
        return fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (
            fc - fa
        ) * fb / (fc - fb)
    return _MIDDLE
