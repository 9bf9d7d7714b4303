"""Alpha spending: how much of alpha may be used up by which part of the information.

Lan and DeMets (1983), "Discrete sequential boundaries for clinical trials", Biometrika
70. Both functions are taken two-sided as in R's ldbounds and gsDesign (test.type = 2):
each side spends half of alpha by itself.
"""

from __future__ import annotations

from math import e, log1p, sqrt

from copylab.analysis.comparison import check_alpha
from copylab.analysis.distributions import two_sided_normal, two_sided_normal_quantile
from copylab.experiment.model import SPENDINGS, Spending

__all__ = ["SPENDINGS", "SPENDING_NAMES", "Spending", "spend_alpha"]

SPENDING_NAMES = {
    "obrien-fleming": "O'Brien and Fleming's spending of alpha",
    "pocock": "Pocock's spending of alpha",
}
"""The spending functions in words; both are those of Lan and DeMets (1983)."""


def spend_alpha(spending: Spending, alpha: float, information: float) -> float:
    """The alpha spent, both sides together, when so much information has come in.

    Args:
        spending: ``obrien-fleming`` spends hardly anything early, so the last look is
            nearly that of a single test; ``pocock`` spends about evenly.
        alpha: The level over all looks, above 0 and below 1.
        information: The part of the planned information, 0 or more; above 1 all of
            alpha is spent.

    Raises:
        ValueError: ``alpha`` or ``information`` is out of range.
    """
    check_alpha(alpha)
    if not information >= 0:
        raise ValueError(f"information == {information}, must be 0 or more")
    if information == 0:
        return 0.0
    if information >= 1:
        return alpha
    if spending == "pocock":
        return alpha * log1p((e - 1) * information)
    # 2 (2 - 2 Phi(z / sqrt(t))) at the z that leaves a fourth of alpha on each side
    return 2 * two_sided_normal(
        two_sided_normal_quantile(alpha / 2) / sqrt(information)
    )
