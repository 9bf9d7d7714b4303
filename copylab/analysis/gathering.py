"""What the data of an experiment say, summed up by the engine that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.before_exposure import add_before
from copylab.analysis.data_span import find_span
from copylab.analysis.delivery import measure_delivery
from copylab.analysis.exposed_units import gather_units, measure_outcomes
from copylab.analysis.handed_sends import (
    count_sends,
    gather_sends,
    note_changed_copy,
    note_repeats_after,
)
from copylab.analysis.machine_events import drop_machine_events
from copylab.analysis.measuring import measure_table
from copylab.analysis.outcome_health import note_missing_outcomes
from copylab.analysis.row_counts import count_rows
from copylab.data_settings import DELIVERED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from copylab.analysis.data_span import DataSpan
    from copylab.analysis.delivery import Delivery
    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.exposed_units import Assigned
    from copylab.analysis.handed_sends import ArmSends
    from copylab.analysis.measuring import Table
    from copylab.analysis.metrics import MetricSpec
    from copylab.analysis.results import HealthNote
    from copylab.analysis.row_counts import RowCounts
    from copylab.analysis.sources import Source
    from copylab.analysis.table_metrics import TableMetric
    from copylab.data_settings import MachineRules


@dataclass(frozen=True, slots=True)
class Reading:
    """How the data of an experiment are read.

    Attributes:
        experiment: The experiment's name in the exposures.
        arms: The planned arms.
        metrics: What to measure.
        at: The time of the analysis, None to take the data as complete.
        columns: What columns of the outcomes are called, where they have other names.
        machines: How events made by machines are known; they are left out.
        delivered: The event that says a message arrived.
        closed_only: Whether units that still have time for outcomes are left out.
        strata: The column of the exposures with groups from before the assignment.
    """

    experiment: str
    arms: Sequence[str]
    metrics: Sequence[MetricSpec]
    at: datetime | None = None
    columns: Mapping[str, str] | None = None
    machines: MachineRules | None = None
    delivered: str = DELIVERED
    closed_only: bool = False
    strata: str | None = None

    @property
    def window_hours(self) -> float:
        """The longest time in which an outcome counts."""
        return max(metric.within_hours for metric in self.metrics)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the data of an experiment say, before anything is compared.

    Attributes:
        assigned: The units.
        table: The metrics, measured on everybody assigned to one arm.
        columns: Where each metric stands in the table.
        silent: The events that happened to no unit in time.
        delivery: What arrived, None where no event says it.
        sends: What was handed over.
        rows: What became of every row.
        span: The time that the data cover.
        health: What a reader has to know of the data.
    """

    assigned: Assigned
    table: Table
    columns: tuple[TableMetric, ...]
    silent: tuple[str, ...]
    delivery: Delivery | None
    sends: tuple[ArmSends, ...]
    rows: RowCounts
    span: DataSpan | None
    health: tuple[HealthNote, ...]


def gather(
    engine: Engine, exposures: Source, outcomes: Source, how: Reading
) -> Gathered:
    """What exposures and outcomes say of an experiment.

    Args:
        engine: Where both are.
        exposures: The exposures; other experiments may be in them.
        outcomes: The outcomes.
        how: How they are read.

    Raises:
        DataError: A table, a column or a value cannot be used.
        UnreadableError: A file cannot be read.
    """
    name, at, window = how.experiment, how.at, how.window_hours
    columns = how.columns or {}
    assigned = gather_units(
        engine, exposures, name, at=at, window_hours=window, closed_only=how.closed_only
    )
    gather_sends(engine, exposures, name, at=at)
    delivery = measure_delivery(
        engine, outcomes, [*how.arms], event=how.delivered, columns=columns, at=at
    )
    health = note_changed_copy(engine)
    if how.machines is not None:
        outcomes, found = drop_machine_events(
            engine, outcomes, how.machines, metrics=how.metrics, columns=columns
        )
        health += found
    source, measures, silent = measure_outcomes(
        engine, outcomes, how.metrics, at=at, columns=columns
    )
    rows = count_rows(engine, exposures, name, at=at, window_hours=window)
    span = find_span(engine)
    source, layout = add_before(
        engine, source, exposures, name, how.metrics, strata=how.strata
    )
    table = measure_table(engine, source, "arm", measures, layout)
    health += note_missing_outcomes(engine, outcomes, columns)
    health += note_repeats_after(engine, window)
    return Gathered(
        assigned, table, measures, silent, delivery, count_sends(engine), rows, span,
        tuple(health),
    )  # fmt: skip
