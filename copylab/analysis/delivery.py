"""Delivery: did the messages of every arm arrive alike?

An operator or a mail provider that filters one wording is seen here first: as many were
handed over, fewer arrived. The test is Pearson's for equal shares, over the arms that
send, with the alarm of the sample ratio: p below 0.001.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.distributions import upper_chi_square
from copylab.analysis.engines.expressions import microseconds
from copylab.analysis.results import HealthNote
from copylab.analysis.sample_ratio import ALARM_BELOW
from copylab.analysis.wording import say_p

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived of what was handed over.

    Attributes:
        sent: Units to whom a message was handed over, by arm.
        arrived: Those of them to whom one arrived.
        p_value: Of equal shares in all arms; 1 where there is nothing to compare.
        ok: Whether the p-value is at or above the alarm's level of 0.001.
    """

    sent: Mapping[str, int]
    arrived: Mapping[str, int]
    p_value: float
    ok: bool

    def to_dict(self) -> dict[str, object]:
        """``p_value``, ``ok`` and the counts of each arm."""
        arms = [
            {"arm": arm, "sent": n, "delivered": self.arrived[arm]}
            for arm, n in self.sent.items()
        ]
        return {"p_value": self.p_value, "ok": self.ok, "arms": arms}


def check_delivery(sent: Mapping[str, int], arrived: Mapping[str, int]) -> Delivery:
    """Whether the same share of each arm's messages arrived.

    Args:
        sent: Units to whom a message was handed over, by arm.
        arrived: Those to whom one arrived; an arm may be left out.

    Raises:
        ValueError: More arrived in an arm than were sent.
    """
    counted = {arm: arrived.get(arm, 0) for arm in sent}
    for arm, n in sent.items():
        if not 0 <= counted[arm] <= n:
            raise ValueError(f"arrived[{arm!r}] == {counted[arm]}, must be 0..{n}")
    statistic = _homogeneity(list(sent.values()), list(counted.values()))
    degrees = sum(1 for n in sent.values() if n) - 1
    p_value = upper_chi_square(statistic, degrees)
    return Delivery(dict(sent), counted, p_value, ok=p_value >= ALARM_BELOW)


def _homogeneity(sent: Sequence[int], arrived: Sequence[int]) -> float:
    """Pearson's statistic of a table with two columns; 0 where a column is empty."""
    whole, all_arrived = sum(sent), sum(arrived)
    if not 0 < all_arrived < whole:
        return 0.0
    share = all_arrived / whole
    return sum(
        (hits - n * share) ** 2 / (n * share * (1 - share))
        for n, hits in zip(sent, arrived, strict=True)
        if n
    )


def measure_delivery(
    engine: Engine,
    outcomes: Source,
    arms: Sequence[str],
    *,
    event: str,
    columns: Mapping[str, str],
    at: datetime | None,
) -> Delivery | None:
    """The delivery of the arms that send; None where no event says that one arrived.

    Args:
        engine: Where ``gather_units`` has made its relations.
        outcomes: The table of events.
        arms: The planned arms.
        event: The event that says a message arrived.
        columns: What ``unit``, ``event`` and ``at`` are called in the outcomes.
        at: What happened later is not looked at, None for everything.

    Raises:
        DataError: A column is missing.
    """
    unit, said, moment = (columns.get(name, name) for name in ("unit", "event", "at"))
    outcomes.check_columns([unit, said, moment])
    until = "true" if at is None else f"{outcomes.time(moment)} <= {microseconds(at)}"
    rows = engine.rows(
        "SELECT arm, count(*), count(arrived.here) FROM copylab_assigned LEFT JOIN ("  # noqa: S608 - names are quoted, values are literals
        f"SELECT DISTINCT {outcomes.word(unit)} AS here FROM {outcomes.relation} "
        f"WHERE {outcomes.equals(said, event)} AND {until}"
        ") AS arrived ON unit = here WHERE arms = 1 AND arm <> 'none' GROUP BY arm",
        outcomes.path,
    )
    found = {str(arm): (int(n), int(hits)) for arm, n, hits in rows}
    sending = [arm for arm in arms if arm in found]
    if not any(found[arm][1] for arm in sending):
        return None
    return check_delivery(
        {arm: found[arm][0] for arm in sending},
        {arm: found[arm][1] for arm in sending},
    )


def note_delivery(delivery: Delivery | None) -> list[HealthNote]:
    """A warning where the arms' messages did not arrive alike."""
    if delivery is None or delivery.ok:
        return []
    shares = {arm: delivery.arrived[arm] / n for arm, n in delivery.sent.items() if n}
    worst = min(shares, key=lambda arm: shares[arm])
    best = max(shares, key=lambda arm: shares[arm])
    return [
        HealthNote(
            "delivery-differs",
            ok=True,
            message=f'messages of "{worst}" arrive less often: {shares[worst]:.2%} '
            f'against {shares[best]:.2%} of "{best}" ({say_p(delivery.p_value)}); its '
            "wording may be filtered",
            cure="ask the operator or gateway why; no arm whose delivery differs from "
            "the control's is promoted until then",
            facts={
                "worst": worst,
                "best": best,
                "worst_share": f"{shares[worst]:.2%}",
                "best_share": f"{shares[best]:.2%}",
                "p": say_p(delivery.p_value),
            },
        )
    ]
