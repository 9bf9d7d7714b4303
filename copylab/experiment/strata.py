"""The exact split of a list that is known before the send, stratum by stratum.

Hashing gives each arm its share on average. Where everybody who will be sent to is
known, the shares can be met exactly, in each stratum and over all: within a stratum the
units are put in the order of their digest and cut at the quotas.

The arm of a unit then depends on who else is on the list. So it is no rule that can be
asked for one user; the arms are written down, and whoever wants to check them splits
the same list again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from copylab.experiment.allocation import apportion
from copylab.experiment.buckets import is_unit, salt_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

STRATA_SCHEME = "strata-v1"
"""The name of the scheme, as exposures carry it: no range of slots gives these arms."""


def stratified_split(
    units: Sequence[str],
    strata: Sequence[str],
    shares: Mapping[str, Fraction],
    salt: str,
) -> list[str]:
    """The arm of each unit, in the order of the units.

    In a stratum of n units an arm of share s has n·s of them, rounded up or down, and
    likewise over all strata, where the largest remainders are rounded up. It does not
    depend on the order of the units. Over all strata the number can be off by a few
    units where strata of very few units leave no other way.

    Args:
        units: Each unit once.
        strata: The stratum of each, in the same order.
        shares: Share by arm, together exactly 1; their order decides ties.
        salt: The salt of the order.

    Raises:
        ValueError: A unit is on the list twice, is empty or no Unicode text, or has no
            stratum; the shares do not sum to 1; or the salt is not one.
        TypeError: A unit or a stratum is not a text.

    Example:
        >>> from fractions import Fraction
        >>> half = {"a": Fraction(1, 2), "b": Fraction(1, 2)}
        >>> stratified_split(["u1", "u2", "u3", "u4"], ["x", "x", "y", "y"], half, "s.1")
        ['a', 'b', 'b', 'a']
    """
    _check(units, strata)
    prefix = salt_prefix(salt)
    members: dict[str, list[int]] = {}
    for place, stratum in enumerate(strata):
        members.setdefault(stratum, []).append(place)
    # Strata are served in an order that says nothing about their names.
    order = sorted(members, key=lambda stratum: _digest(prefix, stratum))
    counts = quotas([len(members[stratum]) for stratum in order], shares)
    arms = [""] * len(units)
    for stratum, quota in zip(order, counts, strict=True):
        ranked = sorted(
            members[stratum], key=lambda place: _digest(prefix, units[place])
        )
        owned = (arm for arm, count in quota.items() for _ in range(count))
        for place, arm in zip(ranked, owned, strict=True):
            arms[place] = arm
    return arms


def quotas(
    sizes: Sequence[int], shares: Mapping[str, Fraction]
) -> list[dict[str, int]]:
    """How many units of each stratum each arm gets.

    Every number is the exact one rounded up or down, in each stratum; so are the sums
    over the strata, which the largest remainder decides, unless the strata leave no way.

    Args:
        sizes: How many units each stratum has.
        shares: Share by arm, together exactly 1.

    Raises:
        ValueError: The shares do not sum to 1.
    """
    targets = dict(
        zip(shares, apportion(list(shares.values()), sum(sizes)), strict=True)
    )
    table = [
        {arm: int(share * size) for arm, share in shares.items()} for size in sizes
    ]
    left = {
        arm: target - sum(row[arm] for row in table) for arm, target in targets.items()
    }
    rounded = _Rounding([set() for _ in sizes], left)
    for stratum, size in enumerate(sizes):
        open_arms = {arm for arm, share in shares.items() if (share * size) % 1}
        for _ in range(size - sum(table[stratum].values())):
            rounded.round_up(stratum, open_arms)
    for row, extra in zip(table, rounded.extra, strict=True):
        for arm in extra:
            row[arm] += 1
    return table


class _Rounding:
    """Which arms are rounded up in which stratum, towards the numbers over all.

    Args:
        extra: By stratum, the arms that are rounded up so far.
        left: By arm, how many strata are still to round it up.
    """

    def __init__(self, extra: list[set[str]], left: dict[str, int]) -> None:
        self.extra = extra
        self.left = left
        self._holders: dict[str, dict[int, frozenset[str]]] = {arm: {} for arm in left}

    def round_up(self, stratum: int, open_arms: set[str]) -> None:
        """Round one more arm up in a stratum."""
        free = [arm for arm in self.left if arm in open_arms - self.extra[stratum]]
        best = max(free, key=lambda arm: self.left[arm])
        if self.left[best] <= 0:
            best = self._make_room(free) or best
        self.left[best] -= 1
        self.extra[stratum].add(best)
        self._holders[best][stratum] = frozenset(open_arms)

    def _make_room(self, free: list[str]) -> str | None:
        """One of the arms, after an earlier stratum let it go for one that is wanted.

        Arms are walked breadth first: an arm leads to those that a stratum which
        rounds it up could round up in its place.
        """
        came_from: dict[str, tuple[str, int] | None] = dict.fromkeys(free)
        queue = list(free)
        for arm in queue:
            for stratum, open_arms in self._holders[arm].items():
                for other in sorted(open_arms - self.extra[stratum] - came_from.keys()):
                    came_from[other] = (arm, stratum)
                    if self.left[other] > 0:
                        return self._swap(other, came_from)
                    queue.append(other)
        return None

    def _swap(self, arm: str, came_from: Mapping[str, tuple[str, int] | None]) -> str:
        """Let strata round up another arm, back along the way; the first is returned."""
        self.left[arm] -= 1
        step = came_from[arm]
        while step is not None:
            before, stratum = step
            self.extra[stratum].remove(before)
            self.extra[stratum].add(arm)
            self._holders[arm][stratum] = self._holders[before].pop(stratum)
            arm, step = before, came_from[before]
        self.left[arm] += 1
        return arm


def _digest(prefix: bytes, text: str) -> bytes:
    return hashlib.md5(prefix + text.encode(), usedforsecurity=False).digest()


def _check(units: Sequence[str], strata: Sequence[str]) -> None:
    if len(units) != len(strata):
        raise ValueError(
            f"len(strata) == {len(strata)}, must be that of units: {len(units)}"
        )
    seen: set[str] = set()
    for place, (unit, stratum) in enumerate(zip(units, strata, strict=True)):
        for name, value in (("unit", unit), ("stratum", stratum)):
            if not isinstance(value, str):
                kind = type(value).__name__
                raise TypeError(f"the {name} in row {place} must be a str, not {kind}")
            if not is_unit(value):
                raise ValueError(
                    f"the {name} in row {place} == {value!r}, must be a Unicode text "
                    "with something in it"
                )
        if unit in seen:
            raise ValueError(f"the unit in row {place} == {unit!r}, is there twice")
        seen.add(unit)
