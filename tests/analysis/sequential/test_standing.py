from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import sqrt
from typing import Any

import pytest
from scipy.stats import multivariate_normal

from copylab.analysis.sequential.judge import AnyLook, PlannedLook
from copylab.analysis.sequential.plan import LookPlan, PastLook, equal_looks
from copylab.analysis.sequential.standing import Standing, find_standing
from copylab.analysis.sequential.wording import say_next
from copylab.errors import DataError

PLAN = LookPlan(equal_looks(3), "obrien-fleming", 0.05)
AT = datetime(2026, 11, 22, tzinfo=UTC)


def past(
    units: int, counts: str = "", *, last: bool = False, action: str = "continue"
) -> PastLook:
    part = units / 900
    return PastLook(
        number=1, at=AT, units=units, planned_units=900, information=part,
        time=1.0 if last else min(part, 1), alpha_spent=0.001, boundary=3.0,
        counts=counts or f"c{units}", action=action, arm="b" if action == "promote" else None,
    )  # fmt: skip


def stand(units: int, *looks: PastLook, counts: str = "new", **rest: Any) -> Standing:
    return find_standing(
        rest.pop("plan", PLAN), looks, units=units, planned_units=900, counts=counts,
        **rest,
    )  # fmt: skip


def stops(found: Standing) -> list[tuple[float, float]]:
    assert isinstance(found.judge, PlannedLook)
    return [(round(s.information, 4), round(s.time, 4)) for s in found.judge.stops]


def test_before_the_first_look_nothing_is_read() -> None:
    found = stand(299)
    assert (found.state, found.number) == ("between", 0)
    assert (found.judge, found.boundary) == (None, None)
    assert found.next is not None
    assert (found.next.number, found.next.units) == (1, 300)
    assert found.alpha_spent == 0


def test_a_look_is_due_by_units_and_judged_at_what_has_come() -> None:
    found = stand(300)
    assert (found.state, found.number, found.is_last) == ("look", 1, False)
    assert stops(found) == [(0.3333, 0.3333)]
    assert found.next is not None
    assert found.next.units == 600
    late = stand(431)
    assert stops(late) == [(0.4789, 0.4789)]
    assert late.next is not None
    assert late.next.units == 600


def test_after_a_look_the_next_one_is_waited_for() -> None:
    assert stand(599, past(300)).state == "between"
    assert stand(600, past(300)).number == 2
    assert stops(stand(600, past(300))) == [(0.3333, 0.3333), (0.6667, 0.6667)]
    # A late look moves past the planned ones that it went by.
    assert stand(700, past(650)).state == "between"


def test_the_last_look_spends_the_rest_also_beyond_the_plan() -> None:
    for units in (900, 1300):
        found = stand(units, past(300))
        assert found.is_last
        assert found.next is None
        assert found.alpha_spent == 0.05
    assert stops(stand(1350)) == [(1.5, 1.0)]


def test_looks_may_be_added_and_the_last_one_taken_early() -> None:
    added = stand(150, wish="extra")
    assert (added.state, added.is_last) == ("look", False)
    final = stand(450, past(300), wish="final")
    assert final.is_last
    assert stops(final) == [(0.3333, 0.3333), (0.5, 1.0)]
    assert final.alpha_spent == 0.05


def test_the_same_data_are_the_same_look_and_spend_nothing() -> None:
    looks = (past(300, "one"), past(600, "two"))
    for place, look in enumerate(looks):
        found = stand(look.units, *looks, counts=look.counts)
        assert found.recorded == look
        assert not found.is_unrecorded
        assert found.number == place + 1
        assert len(stops(found)) == place + 1


def test_other_counts_of_the_same_units_are_no_new_look() -> None:
    assert stand(300, past(300)).state == "between"
    with pytest.raises(DataError, match="hardly any unit"):
        stand(300, past(300), wish="extra")


def test_the_last_look_may_read_what_the_look_before_has_read() -> None:
    looks = (past(300, "one"), past(600, "two"))
    final = stand(600, *looks, counts="two", wish="final")
    assert (final.number, final.is_last, final.alpha_spent) == (3, True, 0.05)
    assert final.is_unrecorded
    # Both looks together may spend all that the first one has left.
    assert stops(final) == [(0.3333, 0.3333), (0.6667, 1.0)]
    written = replace(past(600, "two", last=True), number=3, alpha_spent=0.05)
    again = stand(600, *looks, written, counts="two")
    assert (again.recorded, again.is_last) == (written, True)
    assert stops(again) == stops(final)
    assert stand(700, *looks, written).state == "over"
    # Not of a look whose decision stands, nor on data of an earlier one.
    crossed = past(600, "two", action="promote")
    assert stand(600, crossed, counts="two", wish="final").recorded == crossed
    assert stand(300, *looks, counts="one", wish="final").recorded == looks[0]


def test_a_last_look_on_the_same_data_keeps_the_level() -> None:
    judge = stand(600, past(300, "one"), past(600, "two"), counts="two", wish="final")
    before = stand(600, past(300, "one"))
    assert isinstance(judge.judge, PlannedLook)
    assert isinstance(before.judge, PlannedLook)
    early, middle = before.judge.bounds
    end = judge.judge.boundary
    assert end < middle
    # The z of both looks at 600 is one number, so that the nearer boundary decides.
    joint = multivariate_normal(cov=[[1, sqrt(1 / 2)], [sqrt(1 / 2), 1]])
    box = [early, end]
    inside = joint.cdf(box, lower_limit=[-early, -end])
    assert 1 - inside == pytest.approx(0.05, abs=1e-5)


def test_a_unit_more_is_enough_for_the_last_look_and_for_no_other() -> None:
    looks = [
        replace(past(900, "one"), information=0.5, planned_units=10**6, units=500_000,
                time=0.5)
    ]  # fmt: skip
    asked: dict[str, Any] = {"units": 500_001, "planned_units": 10**6, "counts": "new"}
    assert find_standing(PLAN, looks, wish="final", **asked).is_last
    with pytest.raises(DataError, match="hardly any unit"):
        find_standing(PLAN, looks, wish="extra", **asked)
    with pytest.raises(DataError, match="hardly any unit"):
        find_standing(PLAN, looks, wish="final", **asked | {"units": 500_000})


def test_less_data_than_a_look_has_read_is_an_error() -> None:
    with pytest.raises(DataError, match="look 1 at 600 units, but these data hold 500"):
        stand(500, past(600))


def test_after_the_last_look_nothing_is_read_any_more() -> None:
    found = stand(1000, past(900, last=True))
    assert (found.state, found.judge) == ("over", None)
    with pytest.raises(DataError, match="all of alpha is spent"):
        stand(1000, past(900, last=True), wish="final")


def test_a_crossed_boundary_stands_between_looks() -> None:
    crossed = past(300, action="promote")
    assert stand(450, crossed).decided == crossed
    assert stand(450, past(300)).decided is None


def test_looks_at_any_time_need_no_ledger() -> None:
    anytime = replace(PLAN, at=())
    found = stand(450, plan=anytime)
    assert isinstance(found.judge, AnyLook)
    assert (found.state, found.number, found.is_unrecorded) == ("look", 0, False)
    record = found.to_dict()
    assert (record["state"], record["planned"], record["number"]) == (
        "any",
        "any",
        None,
    )
    assert record["width"] == pytest.approx(1.5731, abs=1e-3)
    assert stand(0, plan=anytime).state == "between"


def test_json_has_the_place_among_the_looks() -> None:
    record = stand(300).to_dict()
    assert record["boundary"] == pytest.approx(3.7103, abs=1e-4)
    assert record["alpha_spent"] == pytest.approx(0.000207, abs=1e-6)
    assert (record["number"], record["planned"], record["recorded"]) == (1, 3, False)
    assert record["next"] == {"look": 2, "information": 2 / 3, "units": 600}


@pytest.mark.parametrize("at", [(0.5,), (0.5, 0.5, 1.0), (1.0, 0.5)])
def test_looks_out_of_order_are_refused(at) -> None:
    with pytest.raises(ValueError, match="ascend to 1"):
        LookPlan(at, "pocock", 0.05)


def test_units_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        find_standing(PLAN, [], units=5, planned_units=0, counts="")


def test_who_passes_by_opens_no_look_before_the_end() -> None:
    due = stand(431, wish="recorded")
    assert (due.state, due.judge, due.alpha_spent) == ("between", None, 0)
    assert due.next is not None
    assert (due.next.number, due.next.units) == (1, 300)
    assert due.closed == 1
    assert "look 1 is due, and was not opened" in say_next(due)
    assert (stand(299).closed, stand(431).closed, stand(899, past(899)).closed) == (
        0,
        0,
        0,
    )
    later = stand(650, past(300), wish="recorded")
    assert later.state == "between"
    again = stand(300, past(300), counts="c300", wish="recorded")
    assert (again.state, again.recorded) == ("look", past(300))
    end = stand(900, past(300), wish="recorded")
    assert (end.state, end.is_last) == ("look", True)
    over = stand(950, past(300), past(900, last=True), wish="recorded")
    assert over.state == "over"
