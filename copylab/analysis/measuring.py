"""A table measured: statistics as they are, as they are tested, and by strata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.adjustment import Adjustment, add_up, adjust
from copylab.analysis.cells import Layout, measure_cells, plain_statistic
from copylab.analysis.heterogeneity import correct, judge_at_look, judge_strata
from copylab.analysis.results import HealthNote
from copylab.analysis.sequential.judging import fixed_level
from copylab.analysis.units import measure_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.analysis.cells import Cells, Repeats
    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.heterogeneity import Heterogeneity
    from copylab.analysis.joint_moments import JointMoments
    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.sources import Source
    from copylab.analysis.table_metrics import TableMetric
    from copylab.analysis.units import Measured, Statistic

CLUSTERED = "clustered by unit"
MOST_MIXED = 0.001
"""The share of units seen in two arms above which a result is not read."""
TWO_ARMS_CURE = (
    "find out why a unit was assigned twice: a changed salt, another unit column, or "
    "two tables put together"
)


@dataclass(frozen=True, slots=True)
class Table:
    """What was measured on a table.

    Attributes:
        units: The number of units of each arm.
        raw: For each metric, the statistic of each arm as measured.
        tested: The same as it is to be tested: adjusted where that could be done.
        methods: For each metric, what was done to it; for the name of the method.
        adjustments: What was asked for to make metrics vary less, and what became of it.
        cells: For each metric, arm and stratum, the statistic; empty without strata.
        notes: What a reader has to know.
    """

    units: Mapping[str, int]
    raw: Mapping[str, Mapping[str, Statistic]]
    tested: Mapping[str, Mapping[str, Statistic]]
    methods: Mapping[str, str]
    adjustments: tuple[Adjustment, ...] = ()
    cells: Mapping[str, Mapping[str, Mapping[str, Statistic]]] | None = None
    notes: tuple[HealthNote, ...] = ()

    @classmethod
    def plain(cls, measured: Measured) -> Table:
        """The table of which nothing but sums is known."""
        statistics = measured.statistics
        return cls(
            measured.units, statistics, statistics, dict.fromkeys(statistics, "")
        )

    def judge(
        self,
        metrics: Sequence[TableMetric],
        strata: str,
        control: str,
        alpha: float,
        judge: Judge | None = None,
    ) -> tuple[Heterogeneity, ...]:
        """Each metric's strata with the test of their interaction, corrected.

        Args:
            metrics: The metrics, in order.
            strata: What the strata are called.
            control: The control.
            alpha: The level of the intervals.
            judge: What judges at a look; None for fixed tests.
        """
        level = fixed_level(judge, alpha)
        found = [
            judge_strata(
                metric.name,
                metric.kind,
                strata,
                self.cells[metric.name],
                control=control,
                alpha=level,
            )
            for metric in metrics
            if self.cells is not None
        ]
        return tuple(judge_at_look(correct(found), judge))


def measure_table(
    engine: Engine,
    source: Source,
    arm: str,
    metrics: Sequence[TableMetric],
    layout: Layout,
) -> Table:
    """The table, with everything its layout allows.

    Args:
        engine: Where the source is queried.
        source: The table.
        arm: The column that names the arm.
        metrics: What to measure.
        layout: The columns besides arm and values.

    Raises:
        DataError: A column, a row or a value cannot be used.
        UnreadableError: The file breaks off or is not what it seems.
    """
    if layout.plain:
        return Table.plain(measure_units(engine, source, arm, metrics))
    cells = measure_cells(engine, source, arm, metrics, layout)
    raw: dict[str, dict[str, Statistic]] = {}
    tested: dict[str, dict[str, Statistic]] = {}
    methods: dict[str, str] = {}
    adjustments = []
    for metric in metrics:
        name, parts = metric.name, cells.metrics[metric.name]
        raw[name] = {
            a: plain_statistic(
                metric, add_up(list(p.values())), clustered=cells.clustered
            )
            for a, p in parts.items()
        }
        tested[name], done, note = _test_as(metric, parts, raw[name], cells, layout)
        methods[name] = ", ".join(done)
        adjustments += [note] if note else []
    units = {a: item.n for a, item in raw[metrics[0].name].items()}
    by_stratum = None
    if layout.strata is not None:
        by_stratum = {metric.name: _by_stratum(metric, cells) for metric in metrics}
    return Table(
        units, raw, tested, methods, tuple(adjustments), by_stratum,
        (*_note_repeats(cells.repeats), *_note_adjustments(cells, adjustments)),
    )  # fmt: skip


def _test_as(
    metric: TableMetric,
    parts: Mapping[str, Mapping[str, JointMoments]],
    raw: dict[str, Statistic],
    cells: Cells,
    layout: Layout,
) -> tuple[dict[str, Statistic], list[str], Adjustment | None]:
    """A metric's statistics as they are tested, how they came to be, and a note."""
    done = [CLUSTERED] if cells.clustered else []
    covariate = layout.covariates.get(metric.name)
    if covariate is None and layout.strata is None:
        return raw, done, None
    ratio = cells.clustered or metric.kind == "ratio"
    adjusted, note = adjust(
        metric.name,
        "ratio" if ratio else metric.kind,
        parts,
        covariate=covariate,
        strata=layout.strata,
    )
    if not note.applied:
        return raw, done, note
    tested: dict[str, Statistic] = {
        arm: item.pair() if ratio else item.moments() for arm, item in adjusted.items()
    }
    return {**raw, **tested}, [*done, *note.applied], note


def _by_stratum(metric: TableMetric, cells: Cells) -> dict[str, dict[str, Statistic]]:
    return {
        arm: {
            stratum: plain_statistic(metric, cell, clustered=cells.clustered)
            for stratum, cell in parts.items()
        }
        for arm, parts in cells.metrics[metric.name].items()
    }


def _note_repeats(repeats: Repeats | None) -> list[HealthNote]:
    if repeats is None:
        return []
    notes = []
    if repeats.clustered:
        notes.append(
            HealthNote(
                "repeated-units",
                ok=True,
                message=f"{repeats.rows:,} rows belong to {repeats.units:,} units: "
                "values are per row, and a unit's rows are taken together",
                facts={"rows": repeats.rows, "units": repeats.units},
            )
        )
    if repeats.mixed:
        share = repeats.mixed / repeats.units
        more = ", …" if repeats.mixed > len(repeats.examples) else ""
        notes.append(
            HealthNote(
                "units-in-two-arms",
                share <= MOST_MIXED,
                f"{repeats.mixed:,} of {repeats.units:,} units ({100 * share:.3g}%) "
                "were seen in more than one arm and are left out "
                f"({', '.join(repeats.examples)}{more})",
                cure=TWO_ARMS_CURE,
                facts={
                    "mixed": repeats.mixed,
                    "units": repeats.units,
                    "examples": ", ".join(repeats.examples) + more,
                },
            )
        )
    return notes


def _note_adjustments(
    cells: Cells, adjustments: Sequence[Adjustment]
) -> list[HealthNote]:
    notes = [
        HealthNote(
            "covariate-missing",
            ok=True,
            message=f'the covariate "{name}" is missing for {count:,} units, which '
            "are taken to have its mean",
            facts={"name": name, "count": count},
        )
        for name, count in cells.missing.items()
        if count
    ]
    reasons: dict[str, list[str]] = {}
    for item in adjustments:
        for reason in item.reasons:
            reasons.setdefault(reason, []).append(item.metric)
    notes += [
        HealthNote(
            "not-adjusted",
            ok=True,
            message=f"{', '.join(names)} not adjusted: {reason}",
            facts={"metrics": ", ".join(names), "reason": reason},
        )
        for reason, names in reasons.items()
    ]
    return notes
