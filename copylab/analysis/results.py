"""What an analysis finds, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from copylab.analysis.adjustment import Adjustment
    from copylab.analysis.arm_copies import ArmCopy
    from copylab.analysis.comparison import Interval
    from copylab.analysis.costs import ArmCost
    from copylab.analysis.data_span import DataSpan
    from copylab.analysis.delivery import Delivery
    from copylab.analysis.epoch_ratio import EpochRatio
    from copylab.analysis.funnel import Funnel
    from copylab.analysis.guardrails import Better, GuardrailResult
    from copylab.analysis.handed_sends import ArmSends
    from copylab.analysis.heterogeneity import Heterogeneity
    from copylab.analysis.holdout import HoldoutLift
    from copylab.analysis.origin import Origin
    from copylab.analysis.outlook import Outlook
    from copylab.analysis.priors import LiftPrior, ShrunkLift
    from copylab.analysis.ranking import Ranking
    from copylab.analysis.row_counts import RowCounts
    from copylab.analysis.sample_ratio import SampleRatio
    from copylab.analysis.sequential.standing import Standing
    from copylab.analysis.table_metrics import Kind
    from copylab.analysis.verdict import Verdict

Role = Literal["primary", "secondary", "guardrail"]


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm with what it was promised and what it got.

    Attributes:
        arm: Its name.
        n: Its units.
        share: Its planned share of all units, 0 to 1.
    """

    arm: str
    n: int
    share: float

    def to_dict(self) -> dict[str, object]:
        """``arm`` and ``n``."""
        return {"arm": self.arm, "n": self.n}


@dataclass(frozen=True, slots=True)
class ArmComparison:
    """An arm against the control on one metric.

    Attributes:
        metric: The metric's name.
        kind: How the metric is put together.
        role: What the metric is for.
        arm: The arm compared.
        control: The control.
        value: The arm's value, None where it is not defined.
        control_value: The control's value.
        diff: The difference, with the interval of one comparison.
        lift: The relative difference, with the interval of one comparison.
        p_value: Of this comparison alone; 1 where an arm has no value.
        p_adjusted: After the corrections named.
        significant: Whether ``p_adjusted`` is below alpha.
        corrections: The corrections that touched ``p_adjusted``.
        method: The name of the test.
    """

    metric: str
    kind: Kind
    role: Role
    arm: str
    control: str
    value: float | None
    control_value: float | None
    diff: Interval
    lift: Interval
    p_value: float
    p_adjusted: float
    significant: bool
    corrections: tuple[str, ...]
    method: str

    @property
    def comparable(self) -> bool:
        """Whether both arms have a value; if not, no p-value is written."""
        return self.diff.value is not None

    def to_dict(self) -> dict[str, object]:
        """The comparison as JSON-ready values."""
        return {
            "metric": self.metric,
            "arm": self.arm,
            "control": self.control,
            "value": self.value,
            "control_value": self.control_value,
            "diff": self.diff.to_dict(),
            "lift": self.lift.to_dict(),
            "p_value": self.p_value if self.comparable else None,
            "p_adjusted": self.p_adjusted if self.comparable else None,
            "significant": self.significant,
            "corrections": list(self.corrections),
            "method": self.method,
        }


@dataclass(frozen=True, slots=True)
class HealthNote:
    """Something about the data that a reader has to know.

    Attributes:
        name: A kebab-case name.
        ok: Whether it leaves the result valid.
        message: One sentence with the numbers.
        cure: What to do about it; empty where there is nothing to do.
        facts: The numbers and names in the message, for saying it in other languages.
    """

    name: str
    ok: bool
    message: str
    cure: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """``name``, ``ok`` and ``message``, and ``cure`` where there is one."""
        record: dict[str, object] = {
            "name": self.name,
            "ok": self.ok,
            "message": self.message,
        }
        return {**record, "cure": self.cure} if self.cure else record


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole analysis: health, comparisons, verdict.

    Attributes:
        control: The arm that the others are compared with.
        alpha: The level of the tests; intervals are at ``1 - alpha``.
        arms: All arms, the control first.
        srm: The sample-ratio check.
        comparisons: Metric by metric, each arm against the control.
        verdict: What to do, and why.
        health: What else was noticed about the data.
        guardrails: The verdict on each guardrail and arm.
        name: The experiment's name, or the file's.
        better: Which direction is good, by metric; ``higher`` where none is said.
        holdout: Each arm that sends against the arm that sends nothing.
        epochs: The sample ratio of every epoch in the data.
        delivery: What arrived of what was handed over, or None where nothing says so.
        sends: What was handed over, by arm, channel and locale.
        outlook: How far the plan is used up, and what is still needed.
        shrunk: The lifts of the primary metric, drawn towards a prior.
        prior: The prior; None where none is declared and none can be learned.
        costs: What the sends of each arm cost.
        copies: The words of each arm, rendered.
        looks: Where it stands among the looks of a plan; None without such a plan.
        funnel: The shares in order, with where each arm gains and loses.
        ranking: Who is best by the primary metric.
        holdout_lift: All that send, as one, against those held out, by metric.
        adjustments: What was done to make metrics vary less, where it was asked for.
        strata: Each metric by strata, with the test of their interaction.
        rows: Which rows of exposures and outcomes counted; None without such tables.
        span: The time that the data cover; None without times.
        origin: Where it comes from, for whoever makes it again; None where nobody said.
    """

    control: str
    alpha: float
    arms: tuple[Arm, ...]
    srm: SampleRatio
    comparisons: tuple[ArmComparison, ...]
    verdict: Verdict
    health: tuple[HealthNote, ...] = ()
    guardrails: tuple[GuardrailResult, ...] = field(default=())
    name: str = ""
    better: Mapping[str, Better] = field(default_factory=dict)
    holdout: tuple[ArmComparison, ...] = ()
    epochs: tuple[EpochRatio, ...] = ()
    delivery: Delivery | None = None
    sends: tuple[ArmSends, ...] = ()
    outlook: Outlook | None = None
    shrunk: tuple[ShrunkLift, ...] = ()
    prior: LiftPrior | None = None
    costs: tuple[ArmCost, ...] = ()
    copies: tuple[ArmCopy, ...] = ()
    looks: Standing | None = None
    funnel: Funnel | None = None
    ranking: Ranking | None = None
    holdout_lift: tuple[HoldoutLift, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    strata: tuple[Heterogeneity, ...] = ()
    rows: RowCounts | None = None
    span: DataSpan | None = None
    origin: Origin | None = None

    def to_dict(self) -> dict[str, object]:
        """The result as JSON-ready values; health and guardrails only if any."""
        record: dict[str, object] = {
            "arms": [arm.to_dict() for arm in self.arms],
            "srm": {"p_value": self.srm.p_value, "ok": self.srm.ok},
            "comparisons": [item.to_dict() for item in self.comparisons],
            "verdict": self.verdict.to_dict(),
        }
        if self.health:
            record["health"] = [note.to_dict() for note in self.health]
        if self.guardrails:
            record["guardrails"] = [item.to_dict() for item in self.guardrails]
        return {**record, **self._beside()}

    def _beside(self) -> dict[str, object]:
        """What stands beside the usual keys, where there is any."""
        lists = {
            "holdout": self.holdout,
            "epochs": self.epochs,
            "shrunk": self.shrunk,
            "costs": self.costs,
            "copies": self.copies,
            "holdout_lift": self.holdout_lift,
            "adjustments": self.adjustments,
            "strata": self.strata,
        }
        record: dict[str, object] = {
            key: [item.to_dict() for item in items]  # type: ignore[attr-defined]
            for key, items in lists.items()
            if items
        }
        single = {
            "delivery": self.delivery,
            "looks": self.looks,
            "outlook": self.outlook,
            "prior": self.prior,
            "funnel": self.funnel,
            "ranking": self.ranking,
            "rows": self.rows,
            "span": self.span,
            # A table in another kind of file is the same result.
            "origin": self.origin if self.origin and self.origin.message else None,
        }
        record |= {key: one.to_dict() for key, one in single.items() if one is not None}
        return record

    def _repr_html_(self) -> str:
        """The report, for a notebook."""
        from copylab.analysis.report import html  # noqa: PLC0415 - it reads this module

        return html.write_fragment(self)

    def to_frame(self) -> DataFrame:
        """The comparisons as a frame, a row each; bounds in ``diff_low`` and so on."""
        import pandas as pd  # noqa: PLC0415 - slow to import, and rarely asked for

        rows = []
        for item in self.comparisons:
            row = item.to_dict()
            for name, interval in (("diff", item.diff), ("lift", item.lift)):
                bounds = interval.to_dict()
                row[name] = bounds["value"]
                row |= {f"{name}_{end}": bounds[end] for end in ("low", "high")}
            row["corrections"] = ", ".join(item.corrections)
            rows.append(row)
        return pd.DataFrame(rows)
