"""The sample-ratio check: did the arms get the users they were promised?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.distributions import upper_chi_square

if TYPE_CHECKING:
    from collections.abc import Mapping

ALARM_BELOW = 0.001


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Whether the numbers of users fit the planned shares.

    Attributes:
        p_value: Of the chi-square test; 0 where an arm planned to be empty is not.
        ok: Whether the p-value is at or above the alarm's level of 0.001.
        expected: The users each arm should have, by name.
    """

    p_value: float
    ok: bool
    expected: Mapping[str, float]


def check_sample_ratio(
    counts: Mapping[str, int], shares: Mapping[str, float]
) -> SampleRatio:
    """Whether the counted users fit the planned shares.

    Args:
        counts: The users found in each arm, by name; an arm may be left out.
        shares: The planned share of every arm, in any unit: 5 and 4 are 5:4.

    Raises:
        ValueError: A share is negative, all are zero, or an arm has no share.
    """
    planned = sum(shares.values())
    if planned <= 0 or min(shares.values()) < 0:
        raise ValueError(f"shares == {dict(shares)}, must be 0 or more, not all 0")
    strangers = sorted(set(counts) - set(shares))
    if strangers:
        raise ValueError(f"counts has {strangers}, which have no planned share")
    total = sum(counts.values())
    expected = {arm: total * share / planned for arm, share in shares.items()}
    if any(counts.get(arm, 0) for arm, share in shares.items() if not share):
        return SampleRatio(0.0, ok=False, expected=expected)
    statistic = sum(
        (counts.get(arm, 0) - fair) ** 2 / fair
        for arm, fair in expected.items()
        if fair
    )
    degrees = sum(1 for share in shares.values() if share) - 1
    p_value = upper_chi_square(statistic, degrees)
    return SampleRatio(p_value, ok=p_value >= ALARM_BELOW, expected=expected)
