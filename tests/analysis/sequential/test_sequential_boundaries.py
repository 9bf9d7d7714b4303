from __future__ import annotations

from math import e, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from copylab.analysis.roots import find_edge
from copylab.analysis.sequential.boundaries import (
    FARTHEST,
    chances_of_crossing,
    find_boundaries,
)
from copylab.analysis.sequential.spending import SPENDINGS, spend_alpha

# Jennison and Turnbull (2000), two-sided, alpha 0.05, 1 to 10 equally spaced looks:
# tables 2.1 and 2.3.
POCOCK = (1.960, 2.178, 2.289, 2.361, 2.413, 2.453, 2.485, 2.512, 2.535, 2.555)
OBRIEN_FLEMING = (1.960, 1.977, 2.004, 2.024, 2.040, 2.053, 2.063, 2.072, 2.080, 2.087)
# The same, how many times as large a test must be for a power of 0.8: table 2.4.
OBRIEN_FLEMING_SIZE = (1, 1.008, 1.017, 1.024, 1.028, 1.032, 1.035, 1.037, 1.038, 1.040)

# R's gsDesign, gsDesign(k, test.type = 2, alpha = 0.025, sfu = sfLDOF or sfLDPocock);
# for five looks also Reboussin, DeMets, Kim and Lan (2000), example of the programs.
LAN_DEMETS = {
    ("obrien-fleming", 2): (2.9626, 1.9686),
    ("obrien-fleming", 3): (3.7103, 2.5114, 1.9930),
    ("obrien-fleming", 4): (4.3326, 2.9631, 2.3590, 2.0141),
    ("obrien-fleming", 5): (4.8769, 3.3569, 2.6803, 2.2898, 2.0310),
    ("pocock", 2): (2.1570, 2.2010),
    ("pocock", 3): (2.2794, 2.2949, 2.2959),
    ("pocock", 5): (2.4380, 2.4268, 2.4102, 2.3966, 2.3860),
}


def equal(looks: int) -> list[float]:
    return [(place + 1) / looks for place in range(looks)]


def size_of(information: list[float], bounds: list[float], drift: float = 0) -> float:
    return sum(map(sum, chances_of_crossing(information, bounds, drift)))


def constant(looks: int, shape: float) -> float:
    """The constant of the classic boundaries: ``c * t ** shape`` with size 0.05."""
    information = equal(looks)

    def excess(c: float) -> float:
        return 0.05 - size_of(information, [c * t**shape for t in information])

    return find_edge(excess, 1.5, 4.0)


def inflation(looks: int, c: float, shape: float) -> float:
    information = equal(looks)
    bounds = [c * t**shape for t in information]
    drift = find_edge(lambda d: size_of(information, bounds, d) - 0.8, 0.0, 9.0)
    return (drift / (norm.ppf(0.975) + norm.ppf(0.8))) ** 2


@pytest.mark.parametrize("looks", range(1, 11))
def test_classic_boundaries_are_those_of_jennison_and_turnbull(looks: int) -> None:
    pocock, fleming = constant(looks, 0), constant(looks, -0.5)
    assert pocock == pytest.approx(POCOCK[looks - 1], abs=6e-4)
    assert fleming == pytest.approx(OBRIEN_FLEMING[looks - 1], abs=6e-4)
    assert inflation(looks, fleming, -0.5) == pytest.approx(
        OBRIEN_FLEMING_SIZE[looks - 1], abs=6e-4
    )


@pytest.mark.parametrize(("spending", "looks"), LAN_DEMETS)
def test_spending_boundaries_are_those_published(spending, looks: int) -> None:
    information = equal(looks)
    spent = [spend_alpha(spending, 0.05, t) for t in information]
    found = find_boundaries(information, spent)
    assert found == pytest.approx(LAN_DEMETS[spending, looks], abs=2e-4)


def stays_inside(information: list[float], bounds: list[float]) -> float:
    """The chance of crossing nothing, by scipy's multivariate normal: no code of ours."""
    covariance = [
        [sqrt(min(s, t) / max(s, t)) for t in information] for s in information
    ]
    upper = [*bounds]
    lower = [-bound for bound in bounds]
    chance = multivariate_normal(cov=covariance, allow_singular=True).cdf(
        upper, lower_limit=lower, rng=np.random.default_rng(1)
    )
    return float(chance)


@pytest.mark.parametrize(("spending", "looks"), LAN_DEMETS)
def test_published_boundaries_spend_what_the_integral_says(
    spending: str, looks: int
) -> None:
    information = equal(looks)
    bounds = [*LAN_DEMETS[spending, looks]]
    for part in range(1, looks + 1):
        t = information[part - 1]
        spent = 0.05 * log(1 + (e - 1) * t)
        if spending == "obrien-fleming":
            spent = 4 * norm.sf(norm.isf(0.025 / 2) / sqrt(t))  # 0.025 a side
        crossed = 1 - stays_inside(information[:part], bounds[:part])
        assert crossed == pytest.approx(spent, abs=5e-5)


@pytest.mark.parametrize("looks", range(2, 7))
def test_tables_of_jennison_and_turnbull_have_the_size_they_say(looks: int) -> None:
    information = equal(looks)
    fleming = [OBRIEN_FLEMING[looks - 1] / sqrt(t) for t in information]
    for bounds in ([POCOCK[looks - 1]] * looks, fleming):
        assert 1 - stays_inside(information, bounds) == pytest.approx(0.05, abs=2e-4)


def test_one_sided_boundaries_of_another_program_are_met() -> None:
    """SeqBounds.jl, its README: one-sided alpha 0.05, each side of 0.1 here."""
    information = equal(4)
    spent = [spend_alpha("obrien-fleming", 0.1, t) for t in information]
    found = find_boundaries(information, spent)
    assert found == pytest.approx((3.74955, 2.53993, 2.01604, 1.72014), abs=5e-4)


@pytest.mark.parametrize(
    "information", [[0.1, 0.9, 1], [0.5, 0.55, 0.6, 1], [0.3, 0.31, 1.2]]
)
@pytest.mark.parametrize("drift", [0.0, 2.8])
def test_unequal_looks_agree_with_the_multivariate_normal(
    information: list[float], drift: float
) -> None:
    """The chance of staying inside, by scipy's integration over all looks at once."""
    spent = [spend_alpha("pocock", 0.05, t) for t in information]
    bounds = find_boundaries(information, spent)
    inside = 1 - size_of(information, list(bounds), drift)
    covariance = [
        [sqrt(min(s, t) / max(s, t)) for s in information] for t in information
    ]
    everywhere = multivariate_normal(
        [drift * sqrt(t) for t in information], covariance, seed=1, maxpts=400_000
    )
    expected = everywhere.cdf(list(bounds), lower_limit=[-b for b in bounds])
    assert inside == pytest.approx(expected, abs=2e-5)


def test_two_looks_at_nearly_the_same_data_are_nearly_one() -> None:
    spent = [spend_alpha("pocock", 0.05, t) for t in (0.5, 1)]
    apart = find_boundaries([0.5, 1], spent)
    near = find_boundaries([0.5, 0.5005, 1], [spent[0], spent[0] + 1e-9, spent[1]])
    assert near[0] == apart[0]
    assert near[1] > near[0]  # hardly anything may be spent there
    assert near[2] == pytest.approx(apart[1], abs=1e-5)


@settings(max_examples=40)
@given(
    steps=st.lists(st.floats(0.02, 1), min_size=1, max_size=6),
    alpha=st.floats(0.001, 0.3),
    spending=st.sampled_from(SPENDINGS),
)
def test_looks_spend_exactly_what_they_may(steps, alpha, spending) -> None:
    whole = sum(steps)
    information = [sum(steps[: place + 1]) / whole for place in range(len(steps))]
    spent = [spend_alpha(spending, alpha, t) for t in information]
    bounds = find_boundaries(information, spent)
    used, total = chances_of_crossing(information, bounds), 0.0
    for (above, below), planned in zip(used, spent, strict=True):
        total += above + below
        assert above == pytest.approx(below, rel=1e-9, abs=1e-300)
        assert total == pytest.approx(planned, rel=1e-9, abs=1e-15)
    assert total == pytest.approx(alpha, rel=1e-9)


def test_a_look_that_may_spend_nothing_is_never_crossed() -> None:
    assert find_boundaries([0.5, 1.0], [0.05, 0.05])[1] == FARTHEST
    assert spend_alpha("pocock", 0.05, 0) == 0
    assert spend_alpha("pocock", 0.05, 1.7) == 0.05


@given(
    spending=st.sampled_from(SPENDINGS),
    alpha=st.floats(0.001, 0.3),
    one=st.floats(0, 1),
    other=st.floats(0, 1),
)
def test_spending_never_descends(spending, alpha, one, other) -> None:
    low, high = sorted((one, other))
    assert spend_alpha(spending, alpha, low) <= spend_alpha(spending, alpha, high)
    assert spend_alpha(spending, alpha, high) <= alpha * (1 + 1e-12)


@pytest.mark.parametrize(
    ("information", "spent"),
    [
        ([0.5, 0.5], [0.01, 0.05]),
        ([0, 1], [0, 0.05]),
        ([0.5], [0.1, 0.2]),
        ([0.5, 1], [0.05, 0.01]),
    ],
)
def test_looks_out_of_order_are_refused(information, spent) -> None:
    with pytest.raises(ValueError, match=r"must|has"):
        find_boundaries(information, spent)


def test_a_negative_information_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        spend_alpha("pocock", 0.05, -0.1)
