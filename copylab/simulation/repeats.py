"""An experiment many times over: how often its plan calls a winner, with and without one.

Each run is drawn from counts, look by look, and read by the very code that reads an
experiment: the standing among the looks, the comparisons as the look judges them, the
correction across arms, and the verdict. A look at which nothing can be significant, for
no z comes near the boundary of the first step of the correction, is passed over without
being read, which makes it fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from copylab.analysis.moments import Moments, PairMoments, Proportion
from copylab.analysis.planning import required_units
from copylab.analysis.sample_ratio import SampleRatio
from copylab.analysis.sequential.judge import AnyLook, PlannedLook, Stop
from copylab.analysis.sequential.judging import compare_at_look, fixed_level
from copylab.analysis.sequential.plan import LookPlan
from copylab.analysis.sequential.progress import find_progress
from copylab.analysis.sequential.standing import Standing
from copylab.analysis.verdict import Evidence, Progress, decide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy import ndarray
    from numpy.random import Generator

    from copylab.analysis.planning import Baseline, Design
    from copylab.analysis.sequential.judge import Judge
    from copylab.analysis.units import Statistic

ANY_LOOKS = 20
"""How often a plan of looks at any time is looked at in a simulation."""

_FAIR = SampleRatio(1.0, ok=True, expected={})
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Repeats:
    """How often a plan came to what.

    Attributes:
        runs: How many experiments were run.
        winners: By arm, in how many of them it was the verdict to promote it.
        losers: In how many an arm was called harmful.
        early: In how many a verdict came before the last look.
        units: The mean number of units at the verdict.
    """

    runs: int
    winners: Mapping[str, int]
    losers: int
    early: int
    units: float

    @property
    def won(self) -> int:
        """In how many any arm was promoted."""
        return sum(self.winners.values())

    def rate(self, count: int) -> float:
        """A count as a share of the runs."""
        return count / self.runs

    def error(self, count: int) -> float:
        """The standard error of that share, by the number of runs alone."""
        share = self.rate(count)
        return sqrt(max(share * (1 - share), 1 / self.runs) / self.runs)

    def to_dict(self) -> dict[str, object]:
        """Counts, shares and their errors."""
        decided = self.won + self.losers
        return {
            "runs": self.runs,
            "winners": dict(self.winners),
            "winner_rate": self.rate(self.won),
            "winner_error": self.error(self.won),
            "loser_rate": self.rate(self.losers),
            "decided_rate": self.rate(decided),
            "decided_error": self.error(decided),
            "early_rate": self.rate(self.early),
            "mean_units": self.units,
        }


def run_repeats(
    design: Design,
    control: str,
    *,
    units: int | None,
    effects: Mapping[str, float],
    runs: int,
    rng: Generator,
) -> Repeats:
    """The experiment, planned like this, so many times.

    Args:
        design: The experiment as planned, its metric's baseline in it.
        control: The control's name.
        units: The units of all arms that are compared; None for as many as are needed
            to find ten percent.
        effects: By arm, the relative effect; none where an arm is left out.
        runs: How many times.
        rng: The randomness.

    Raises:
        ValueError: There are no runs or no units, or an effect leads out of the range.
    """
    total = units or required_units(design, 0.1)
    if runs < 1 or not total:
        raise ValueError(f"runs == {runs}, units == {total}, must be 1 or more")
    shares = {control: design.control_share, **design.shares}
    parts = design.looks or tuple((k + 1) / ANY_LOOKS for k in range(ANY_LOOKS))
    ends = {
        arm: [max(round(total * share * part), 2) for part in parts]
        for arm, share in shares.items()
    }
    drawn = {
        arm: _draw(design.baseline, effects.get(arm, 0.0), ends[arm], runs, rng)
        for arm in shares
    }
    reader = _Reader(design, control, ends, parts, total)
    return reader.read_all(drawn, runs)


def _draw(
    base: Baseline, effect: float, ends: list[int], runs: int, rng: Generator
) -> ndarray:
    """The sums of an arm at each look, a row a run."""
    import numpy as np  # noqa: PLC0415 - slow to import

    value = base.value * (1 + effect)
    steps = np.diff([0, *ends])
    if base.kind == "share":
        if not 0 <= value <= 1:
            raise ValueError(f"effect == {effect}, leads out of 0 to 100 percent")
        found: ndarray = rng.binomial(steps, value, (runs, len(ends))).cumsum(axis=1)
        return found
    spread = (base.sd or 0.0) * np.sqrt(steps)
    sums: ndarray = rng.normal(steps * value, spread, (runs, len(ends))).cumsum(axis=1)
    return sums


class _Reader:
    """Reads runs of one plan; what is the same for all of them is kept."""

    def __init__(
        self,
        design: Design,
        control: str,
        ends: Mapping[str, list[int]],
        parts: tuple[float, ...],
        total: int,
    ) -> None:
        self.design = design
        self.control = control
        self.ends = ends
        self.parts = parts
        self.total = total
        self.plan = LookPlan(design.looks, design.spending, design.alpha)
        self.judges = [self._judge(place) for place in range(len(parts))]
        self.nearest = [self._nearest(place) for place in range(len(parts))]

    def _judge(self, place: int) -> Judge:
        if not self.design.looks:
            return AnyLook(self.parts[place], self.design.alpha)
        stops = [Stop(part, min(part, 1.0)) for part in self.parts[: place + 1]]
        return _Tabulated(PlannedLook(stops, self.design.spending, self.design.alpha))

    def _nearest(self, place: int) -> float:
        """The least z that can be significant at a look: that of the last step."""
        many = len(self.design.shares)
        correction = self.design.correction
        # Of m arms one at least has to pass the first step, at alpha over m; the
        # procedures of Benjamini and Hochberg and of Dunnett may begin nearer.
        level = self.design.alpha / (many if correction == "holm" else 1)
        judge = self.judges[place]
        if isinstance(judge, AnyLook):
            return judge.bound_at(level)
        assert isinstance(judge, _Tabulated)
        return judge.look.bounds_at(level)[-1]

    def read_all(self, drawn: Mapping[str, ndarray], runs: int) -> Repeats:
        """What every run comes to."""
        import numpy as np  # noqa: PLC0415 - slow to import

        reached = self._reaches(drawn)
        winners = dict.fromkeys(self.design.shares, 0)
        losers = early = 0
        last = len(self.parts) - 1
        units = np.full(runs, self.total, dtype=float)
        for run in range(runs):
            for place in np.flatnonzero(reached[run]):
                action, arm = self._read(drawn, run, int(place))
                if action not in {"promote", "harm"}:
                    continue
                if action == "promote":
                    winners[arm] += 1
                else:
                    losers += 1
                early += bool(place < last)
                units[run] = self.total * self.parts[place]
                break
        return Repeats(runs, winners, losers, early, float(units.mean()))

    def _reaches(self, drawn: Mapping[str, ndarray]) -> ndarray:
        """Whether any arm's z is at the nearest boundary, by run and look."""
        import numpy as np  # noqa: PLC0415 - slow to import

        n0 = np.array(self.ends[self.control])
        zero = drawn[self.control]
        found = np.zeros(zero.shape, dtype=bool)
        for arm in self.design.shares:
            n1 = np.array(self.ends[arm])
            if self.design.baseline.kind == "share":
                pooled = (drawn[arm] + zero) / (n1 + n0)
                variance = pooled * (1 - pooled) * (1 / n1 + 1 / n0)
            else:
                variance = (self.design.baseline.sd or 0.0) ** 2 * (1 / n1 + 1 / n0)
            with np.errstate(divide="ignore", invalid="ignore"):
                z = np.abs(drawn[arm] / n1 - zero / n0) / np.sqrt(variance)
            # Welch's t and the exact test of tiny tables lie near z, not on it.
            found |= z >= np.array(self.nearest) * 0.9
        return found

    def _read(
        self, drawn: Mapping[str, ndarray], run: int, place: int
    ) -> tuple[str, str]:
        """The verdict of one run at one look, by the code that reads experiments."""
        judge = self.judges[place]
        statistics = {
            arm: self._statistic(arm, drawn[arm][run, place], place)
            for arm in self.ends
        }
        compared = compare_at_look(
            "primary", self.design.baseline.kind, statistics, self.control,
            judge=judge, correction=self.design.correction, role="primary",
        )  # fmt: skip
        level = fixed_level(judge)
        evidence = Evidence(
            compared, statistics, better=self.design.better, alpha=level
        )
        verdict = decide(evidence, srm=_FAIR, progress=self._progress(evidence, place))
        return verdict.action, verdict.arm or ""

    def _progress(self, evidence: Evidence, place: int) -> Progress | None:
        last = place == len(self.parts) - 1
        units = round(self.total * self.parts[place])
        here = Standing(
            self.plan, "look", (), units, self.total, "",
            judge=self.judges[place], is_last=last,
        )  # fmt: skip
        return find_progress(here, evidence)

    def _statistic(self, arm: str, total: float, place: int) -> Statistic:
        n = self.ends[arm][place]
        base = self.design.baseline
        if base.kind == "share":
            return Proportion(int(total), n)
        moments = Moments(n, float(total) / n, (base.sd or 0.0) ** 2)
        if base.kind == "mean":
            return moments
        return PairMoments(moments, Moments(n, 1.0, 0.0), 0.0)


class _Tabulated:
    """A planned look whose p-values are read from a table: a run needs many of them."""

    def __init__(self, look: PlannedLook) -> None:
        import numpy as np  # noqa: PLC0415 - slow to import

        self.look = look
        self.alpha = look.alpha
        self.boundary = look.boundary
        levels = np.concatenate(
            [np.geomspace(1e-12, 0.02, 25), np.geomspace(0.021, 0.9, 60)]
        )
        # The steps of Holm's correction are in the table, so decisions are exact there.
        steps = [look.alpha / k for k in range(1, 13)]
        self._levels = np.unique(np.concatenate([levels, steps]))[::-1]
        self._bounds = [look.bounds_at(float(level))[-1] for level in self._levels]

    @property
    def stops(self) -> object:
        """When all looks were."""
        return self.look.stops

    def p_value(self, z: float) -> float:
        """As the look's own; between the rows of the table by interpolation."""
        import numpy as np  # noqa: PLC0415 - slow to import

        if abs(z) <= self._bounds[0] or abs(z) >= self._bounds[-1]:
            return self.look.p_value(z)
        return float(np.exp(np.interp(abs(z), self._bounds, np.log(self._levels))))
