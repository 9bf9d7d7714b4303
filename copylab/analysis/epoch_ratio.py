"""The sample ratio of each epoch: shares differ between epochs, so each has its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.engines.engine import one_row
from copylab.analysis.engines.expressions import first
from copylab.analysis.results import HealthNote
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.wording import say_p

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.engines.engine import Engine
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
    engine: Engine,
    exposures: Source,
    experiment: str,
    shares: Mapping[int, Mapping[str, float]],
) -> tuple[list[EpochRatio], list[HealthNote]]:
    """The sample ratio of every epoch in the exposures, and what is odd about them.

    Only the present epoch, the last of the shares, is read for results; a bad ratio in
    an older one is a note. Units in different arms in two epochs carry older words
    over and are a note as well.

    Args:
        engine: Where the source is queried.
        exposures: The exposures; without a column ``epoch`` nothing is said.
        experiment: The experiment whose rows count.
        shares: The planned shares of the arms, by epoch.
    """
    if "epoch" not in exposures.columns or not shares:
        return [], []
    exposures.check_columns(["ts", "experiment", "unit", "arm", "reason"])
    engine.make(
        "copylab_epochs",
        f"SELECT unit, epoch, {first('arm', 'ts')} AS arm FROM ("  # noqa: S608 - names are quoted, values are literals
        f"SELECT {exposures.word('unit')} AS unit, TRY_CAST(epoch AS INT) AS epoch, "
        f"{exposures.word('arm')} AS arm, {exposures.time('ts')} AS ts "
        f"FROM {exposures.relation} WHERE {exposures.assigned(experiment)}"
        ") AS rows_of_ours GROUP BY unit, epoch",
        exposures.path,
    )
    rows = engine.rows(
        "SELECT epoch, arm, count(*) FROM copylab_epochs "
        "GROUP BY epoch, arm ORDER BY epoch, arm",
        exposures.path,
    )
    units: dict[int | None, dict[str, int]] = {}
    for epoch, arm, n in rows:
        units.setdefault(epoch, {})[str(arm)] = int(n)
    present = max(shares)
    found = [
        EpochRatio(epoch, kept, check_sample_ratio(kept, planned))
        for epoch, planned in sorted(shares.items())
        if (
            kept := {
                arm: n for arm, n in units.get(epoch, {}).items() if arm in planned
            }
        )
    ]
    notes = [*_note_older(found, present), *_note_unknown(units, shares)]
    return found, [*notes, *_note_moved(engine, present)]


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


def _note_moved(engine: Engine, present: int) -> list[HealthNote]:
    (moved,) = one_row(
        engine,
        "SELECT count(DISTINCT later.unit) FROM copylab_epochs AS later "  # noqa: S608 - a number of ours
        "JOIN copylab_epochs AS earlier ON later.unit = earlier.unit "
        f"WHERE later.epoch = {int(present)} AND earlier.epoch < {int(present)} "
        "AND later.arm <> earlier.arm",
    )
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
