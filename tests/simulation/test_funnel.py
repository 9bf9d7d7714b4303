from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.errors import DataError
from copylab.simulation.funnel import FUNNEL, USUAL_RATES, Truth, set_truth

ARMS = ["plain", "coupon", "none"]
share = st.floats(0.0, 1.0)


def truth(
    primary: str = "click",
    events: tuple[str, ...] = (),
    *,
    rates: dict[str, float] | None = None,
    effects: dict[str, float] | None = None,
) -> Truth:
    return set_truth(
        ARMS, "plain", primary, events, rates=rates or {}, effects=effects or {}
    )


def test_the_usual_rates_hold_in_an_arm_without_effect() -> None:
    found = truth().rates("plain")
    assert found == pytest.approx({e: USUAL_RATES[e] for e in (*FUNNEL, "opt_out")})
    assert truth().rates("coupon") == found


@given(share, share, share, share)
def test_rates_hold_whatever_they_are(a: float, b: float, c: float, d: float) -> None:
    rates = dict(zip(FUNNEL, (a, b, c, d), strict=True))
    made = truth(rates=rates)
    assert made.rates("plain") == pytest.approx(
        {**rates, "opt_out": USUAL_RATES["opt_out"]}, abs=1e-9
    )
    for steps in made.arms.values():
        assert all(0 <= step.own <= 1 and 0 <= step.step <= 1 for step in steps)


@given(st.sampled_from(FUNNEL), st.floats(-1.0, 3.0))
def test_the_effect_is_on_the_primary_event(primary: str, effect: float) -> None:
    made = truth(primary, effects={"coupon": effect})
    plain, coupon = made.rates("plain"), made.rates("coupon")
    assert coupon[primary] == pytest.approx(plain[primary] * (1 + effect), abs=1e-12)
    place = FUNNEL.index(primary)
    for event in FUNNEL[:place]:
        assert coupon[event] == plain[event]
    for event in FUNNEL[place + 1 :]:  # carried on, weaker at each step
        assert (coupon[event] - plain[event]) * effect >= 0
        assert abs(coupon[event] / plain[event] - 1) <= abs(effect) + 1e-12
    assert coupon["opt_out"] == plain["opt_out"]


def test_nobody_clicks_on_silence_and_some_come_by_themselves() -> None:
    found = truth().rates("none")
    assert found["click"] == found["opt_out"] == 0
    for event in FUNNEL[1:]:
        assert 0 < found[event] < truth().rates("plain")[event]


def test_events_that_metrics_name_happen() -> None:
    made = truth("visit", ("complaint", "visit"), effects={"coupon": 0.5})
    assert made.rates("plain")["complaint"] == pytest.approx(0.001)
    assert made.rates("coupon")["visit"] == pytest.approx(
        1.5 * made.rates("plain")["visit"]
    )
    assert made.rates("none")["visit"] == made.rates("plain")["visit"]


@pytest.mark.parametrize(
    ("rates", "effects", "told"),
    [
        ({}, {"cupon": 0.1}, "'cupon' is no arm"),
        ({}, {"plain": 0.1}, "'plain' is the control"),
        ({}, {"none": 0.1}, "'none' sends nothing"),
        ({}, {"coupon": 20.0}, "would happen to 126%"),
        ({}, {"coupon": -1.5}, "would happen to -3%"),
        ({"clik": 0.1}, {}, "no metric counts the event 'clik'"),
        ({"click": 1.5}, {}, "must be 0% to 100%"),
    ],
)
def test_what_cannot_be_true_is_refused(
    rates: dict[str, float], effects: dict[str, float], told: str
) -> None:
    with pytest.raises(DataError, match=told) as caught:
        truth(rates=rates, effects=effects)
    assert caught.value.help
