"""Boundaries of planned looks, by integrating over the paths that have not crossed.

The statistic of look k at information t is a Brownian motion with drift, at t, over
sqrt(t). Its density on the paths that have stayed inside so far is carried from look to
look (Armitage, McPherson and Rowe 1969; Jennison and Turnbull 2000, "Group sequential
methods with applications to clinical trials", chapter 19), here with Gauss-Legendre
nodes on panels no wider than the sharpest kernel, so that looks close together are as
exact as looks far apart.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, erfc, exp, log, pi, sqrt
from typing import TYPE_CHECKING

from copylab.analysis.distributions import (
    two_sided_normal,
    two_sided_normal_quantile,
    upper_normal,
)
from copylab.analysis.roots import find_edge

if TYPE_CHECKING:
    from collections.abc import Sequence

FARTHEST = 37.0
"""A boundary this far out is never crossed: its tail is the smallest that floats hold."""

LEAST_STEP = 1e-4
"""Looks nearer to each other than this, as a part of what came before, are one look."""

_NODES = 8
_KERNEL_REACH = 9.0
_ROOT_TWO = sqrt(2)
_ROOT_TWO_PI = sqrt(2 * pi)


@dataclass(frozen=True, slots=True)
class _Density:
    """The density of the paths still inside at a look, at nodes of an integral.

    Attributes:
        nodes: Places on the scale of the Brownian motion, ascending.
        masses: The density times the weight of each.
        spread: The width of the sharpest kernel that made it.
    """

    nodes: tuple[float, ...]
    masses: tuple[float, ...]
    spread: float


def find_boundaries(
    information: Sequence[float], spent: Sequence[float]
) -> tuple[float, ...]:
    """The two-sided boundary of each look, for the absolute value of its z.

    Args:
        information: The information of each look, in any unit, strictly ascending.
        spent: The alpha spent up to each look, both sides together, not descending.

    Returns:
        One number a look, ``FARTHEST`` where a look may spend nothing.

    Raises:
        ValueError: The lists differ in length, or are not ascending.
    """
    _check(information, spent)
    bounds: list[float] = []
    density: _Density | None = None
    before = 0.0
    for place, (now, total) in enumerate(zip(information, spent, strict=True)):
        allowed = total - before
        earlier = information[place - 1] if place else 0.0
        bounds.append(_find_bound(density, earlier, now, allowed))
        if place < len(information) - 1:
            density = _advance(density, earlier, now, bounds[-1], drift=0.0)
        before = total
    return tuple(bounds)


def chances_of_crossing(
    information: Sequence[float], bounds: Sequence[float], drift: float = 0.0
) -> list[tuple[float, float]]:
    """The chance that each look is the first to cross: above, then below.

    Args:
        information: The information of each look, strictly ascending.
        bounds: The boundary of each look, above 0.
        drift: The mean of the z at information 1; at t it is ``drift * sqrt(t)``.

    Raises:
        ValueError: The lists differ in length, or the information is not ascending.
    """
    _check(information, [0.0] * len(bounds))
    density: _Density | None = None
    chances: list[tuple[float, float]] = []
    for place, (now, bound) in enumerate(zip(information, bounds, strict=True)):
        earlier = information[place - 1] if place else 0.0
        edge = bound * sqrt(now)
        above = _chance_above(density, earlier, now, edge, drift)
        below = _chance_above(_mirrored(density), earlier, now, edge, -drift)
        chances.append((above, below))
        if place < len(information) - 1:
            density = _advance(density, earlier, now, bound, drift)
    return chances


def _check(information: Sequence[float], spent: Sequence[float]) -> None:
    if len(information) != len(spent):
        raise ValueError(
            f"information has {len(information)} looks and the other list {len(spent)}"
        )
    if any(later <= now for now, later in zip(information, information[1:])) or (  # noqa: B905, RUF007 - neighbours
        information and information[0] <= 0
    ):
        raise ValueError(f"information == {list(information)}, must be ascending")
    if any(later < now for now, later in zip(spent, spent[1:])):  # noqa: B905, RUF007 - neighbours
        raise ValueError(f"spent == {list(spent)}, must not descend")


def _find_bound(
    density: _Density | None, earlier: float, now: float, allowed: float
) -> float:
    """The bound that is crossed for the first time with the probability allowed."""
    if allowed <= two_sided_normal(FARTHEST):
        return FARTHEST
    if density is None:
        return two_sided_normal_quantile(allowed)
    root = sqrt(now)
    target = log(allowed)

    def excess(bound: float) -> float:
        chance = 2 * _chance_above(density, earlier, now, bound * root, 0.0)
        return target - log(chance) if chance > 0 else -1.0 * target

    # Any path may be crossing: the bound is at most that of a first look alone.
    return find_edge(excess, 0.0, min(two_sided_normal_quantile(allowed), FARTHEST))


def _chance_above(
    density: _Density | None, earlier: float, now: float, edge: float, drift: float
) -> float:
    """The chance of being above an edge at a look, for the paths inside before it."""
    step = now - earlier
    width = sqrt(step)
    if density is None:
        return upper_normal((edge - drift * step) / width)
    start = edge - drift * step
    scale = width * _ROOT_TWO
    first = bisect_left(density.nodes, start - FARTHEST * width)
    pairs = zip(density.nodes[first:], density.masses[first:], strict=True)
    return sum(mass * erfc((start - node) / scale) for node, mass in pairs) / 2


def _mirrored(density: _Density | None) -> _Density | None:
    if density is None:
        return None
    return _Density(
        tuple(-node for node in reversed(density.nodes)),
        tuple(reversed(density.masses)),
        density.spread,
    )


def _advance(
    density: _Density | None, earlier: float, now: float, bound: float, drift: float
) -> _Density:
    """The density of the paths inside at a look, from that of the look before."""
    step = now - earlier
    width = sqrt(step)
    centre = drift * step
    reach = min(bound, FARTHEST) * sqrt(now)
    low, high = -reach, reach
    if density is None:
        low = max(low, centre - FARTHEST * width)
        high = min(high, centre + FARTHEST * width)
        nodes, weights = _lay_nodes(low, high, width)
        masses = [
            weight * _normal_density(node - centre, width)
            for node, weight in zip(nodes, weights, strict=True)
        ]
        return _Density(nodes, tuple(masses), width)
    nodes, weights = _lay_nodes(low, high, min(width, density.spread))
    old, kept = density.nodes, density.masses
    masses = []
    for node, weight in zip(nodes, weights, strict=True):
        start = node - centre
        first = bisect_left(old, start - _KERNEL_REACH * width)
        last = bisect_left(old, start + _KERNEL_REACH * width)
        total = sum(
            kept[place] * exp(-(((start - old[place]) / width) ** 2) / 2)
            for place in range(first, last)
        )
        masses.append(weight * total / (width * _ROOT_TWO_PI))
    return _Density(nodes, tuple(masses), min(width, density.spread))


def _normal_density(distance: float, width: float) -> float:
    return exp(-((distance / width) ** 2) / 2) / (width * _ROOT_TWO_PI)


def _lay_nodes(
    low: float, high: float, spread: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Gauss-Legendre nodes and weights on panels of about one spread."""
    if high <= low:
        return (), ()
    panels = max(ceil((high - low) / spread), 1)
    half = (high - low) / panels / 2
    rule = _legendre(_NODES)
    nodes, weights = [], []
    for panel in range(panels):
        middle = low + (2 * panel + 1) * half
        nodes += [middle + half * place for place, _ in rule]
        weights += [half * weight for _, weight in rule]
    return tuple(nodes), tuple(weights)


@lru_cache(maxsize=4)
def _legendre(count: int) -> tuple[tuple[float, float], ...]:
    """The nodes and weights of Gauss and Legendre on -1..1, by Newton's method."""
    rule = []
    for place in range(count, 0, -1):
        x = cos(pi * (place - 0.25) / (count + 0.5))
        for _ in range(20):
            before, value = 1.0, x
            for degree in range(2, count + 1):
                before, value = (
                    value,
                    ((2 * degree - 1) * x * value - (degree - 1) * before) / degree,
                )
            slope = count * (x * value - before) / (x * x - 1)
            x -= value / slope
        rule.append((x, 2 / ((1 - x * x) * slope * slope)))
    return tuple(rule)
