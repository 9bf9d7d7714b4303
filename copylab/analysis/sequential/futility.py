"""Futility: whether going on could still lead to a winner.

The conditional power of Lan and Wittes (1988, Biometrics 44): the chance of crossing
the last boundary, given what is seen and were the planned effect true. It is advice and
not binding: boundaries are made as if nobody ever followed it, so who goes on against
it, or stops by it, keeps the level.
"""

from __future__ import annotations

from math import sqrt

from copylab.analysis.distributions import upper_normal


def conditional_power(
    z: float, information: float, drift: float, boundary: float
) -> float:
    """The chance of crossing the last boundary in the good direction.

    Args:
        z: The statistic, positive in the good direction.
        information: The part of the information that has come in, above 0, below 1.
        drift: The mean of the statistic at full information, were the effect true.
        boundary: The boundary of the last look.
    """
    rest = 1 - information
    reached = z * sqrt(information) + drift * rest
    return upper_normal((boundary - reached) / sqrt(rest))
