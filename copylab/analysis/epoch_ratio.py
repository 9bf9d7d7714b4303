"""The sample ratio of each epoch: shares differ between epochs, so each has its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.exposed_units import time_sql
from copylab.analysis.results import HealthNote
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.sources import literal, translated_errors
from copylab.analysis.wording import say_p

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from copylab.analysis.sample_ratio import SampleRatio
    from copylab.analysis.sources import Source


@dataclass(frozen=True, slots=True)
class EpochRatio:
    """The sample ratio of an epoch.

    Attributes:
        epoch: Its number.
        units: The units first sent to in it, by arm.
        ratio: Whether they fit the shares of the epoch.
    """

    epoch: int
    units: Mapping[str, int]
    ratio: SampleRatio

    def to_dict(self) -> dict[str, object]:
        """``epoch``, ``units``, ``p_value`` and ``ok``."""
        return {
            "epoch": self.epoch,
            "units": dict(self.units),
            "p_value": self.ratio.p_value,
            "ok": self.ratio.ok,
        }


def check_epochs(
    connection: DuckDBPyConnection,
    exposures: Source,
    experiment: str,
    shares: Mapping[int, Mapping[str, float]],
) -> tuple[list[EpochRatio], list[HealthNote]]:
    """The sample ratio of every epoch in the exposures, and what is odd about them.

    Only the present epoch, the last of the shares, is read for results; a bad ratio in
    an older one is a note. Units in different arms in two epochs carry older words
    over and are a note as well.

    Args:
        connection: Where the source is queried.
        exposures: The exposures; without a column ``epoch`` nothing is said.
        experiment: The experiment whose rows count.
        shares: The planned shares of the arms, by epoch.
    """
    if "epoch" not in exposures.columns or not shares:
        return [], []
    with translated_errors(exposures.path):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE epochs AS SELECT unit, epoch, "  # noqa: S608 - a literal
            "arg_min(arm, ts) AS arm FROM (SELECT CAST(unit AS VARCHAR) AS unit, "
            "TRY_CAST(epoch AS INT) AS epoch, CAST(arm AS VARCHAR) AS arm, "
            f"{time_sql('ts')} AS ts FROM {exposures.relation} "
            f"WHERE experiment = {literal(experiment)} AND reason = 'assigned') "
            "GROUP BY unit, epoch"
        )
    rows = connection.execute(
        "SELECT epoch, arm, count(*) FROM epochs GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    units: dict[int | None, dict[str, int]] = {}
    for epoch, arm, n in rows:
        units.setdefault(epoch, {})[str(arm)] = int(n)
    present = max(shares)
    found = [
        EpochRatio(epoch, units[epoch], check_sample_ratio(units[epoch], planned))
        for epoch, planned in sorted(shares.items())
        if epoch in units and set(units[epoch]) <= set(planned)
    ]
    notes = [*_note_older(found, present), *_note_unknown(units, shares)]
    return found, [*notes, *_note_moved(connection, present)]


def _note_older(found: Sequence[EpochRatio], present: int) -> list[HealthNote]:
    return [
        HealthNote(
            "older-epoch-ratio",
            ok=True,
            message=f"the numbers of units of epoch {item.epoch} do not fit its shares "
            f"({say_p(item.ratio.p_value)}); its results are not read here",
            facts={"epoch": item.epoch, "p": say_p(item.ratio.p_value)},
        )
        for item in found
        if item.epoch != present and not item.ratio.ok
    ]


def _note_unknown(
    units: Mapping[int | None, Mapping[str, int]], shares: Mapping[int, object]
) -> list[HealthNote]:
    strangers = [epoch for epoch in units if epoch not in shares]
    if not strangers:
        return []
    count = sum(sum(units[epoch].values()) for epoch in strangers)
    named = ", ".join("none" if epoch is None else str(epoch) for epoch in strangers)
    return [
        HealthNote(
            "unknown-epoch",
            ok=True,
            message=f"{count:,} units were logged in epochs that the experiment's file "
            f"does not know ({named})",
            cure="compose with the workspace as it was started",
            facts={"units": count, "epochs": named},
        )
    ]


def _note_moved(connection: DuckDBPyConnection, present: int) -> list[HealthNote]:
    row = connection.execute(
        "SELECT count(DISTINCT new.unit) FROM epochs AS new JOIN epochs AS old "  # noqa: S608 - a number of ours
        f"ON new.unit = old.unit WHERE new.epoch = {int(present)} "
        f"AND old.epoch < {int(present)} AND new.arm <> old.arm"
    ).fetchone()
    moved = int(row[0]) if row else 0
    if not moved:
        return []
    return [
        HealthNote(
            "moved-between-epochs",
            ok=True,
            message=f"{moved:,} units had another arm in an earlier epoch and may carry "
            "its words over",
            facts={"units": moved},
        )
    ]
