"""The verdict: what to do with the arms, by rules that anyone can check.

The rules, the first that applies decides. "Better" and "worse" mean: significantly so
against the control, on the primary metric, after the correction across arms.

1.  ``invalid``       The sample-ratio check raises its alarm, or the data have a fault
                      that makes them unreadable. Nothing else is said.
2.  ``harm``          The plan is not used up and a guardrail is broken: no need to wait.
3.  ``continue``      The plan is not used up and no look is due: neither better nor
                      worse is read. A decision that a look has come to before stands.
4.  ``promote``       An arm is better, all its guardrails hold, and its messages arrive
                      as the control's do. The one with the
                      largest difference is named, and compared with every other arm
                      but the control, Holm-adjusted over those pairs; ``also`` lists
                      those it is not shown to be ahead of, better than the control
                      or not, and the reason says it is a tie. A better arm with a
                      larger difference whose guardrails do not hold is passed over,
                      and the reason names it; it stands in ``also`` if it cannot be
                      told apart. An arm without a value is compared with nothing.
5.  ``harm``          A guardrail is broken, or an arm is worse and none is better. An
                      arm that sends nothing does no harm: it shows what sending is
                      worth.
6.  ``keep``          An arm is better, but its guardrails are not shown to hold, or its
                      messages do not arrive as the control's do.
7.  ``keep``          The plan is used up and no arm is better.
8.  ``inconclusive``  There is no plan and no arm is better or worse.

At a look before the last, rules 4 and 5 decide as they do at the end, for its boundary
was crossed; in place of 6 and 7 stands ``continue``, or ``keep`` where the plan asks for
advice on futility and the chance of a winner is too small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from copylab.analysis.corrections import CORRECTION_NAMES, adjust_holm
from copylab.analysis.pairs import compare
from copylab.analysis.wording import say_p, word_diff

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from copylab.analysis.guardrails import Better, GuardrailResult
    from copylab.analysis.results import ArmComparison, HealthNote
    from copylab.analysis.sample_ratio import SampleRatio
    from copylab.analysis.units import Statistic

_FUTILITY = "This is advice: who goes on keeps the level."

Action = Literal["promote", "keep", "continue", "inconclusive", "harm", "invalid"]
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, and why.

    Attributes:
        action: One of the six words of the rules.
        arm: The arm the action is about: the one to promote, the control to keep, the
            one that harms; otherwise None.
        reason: One plain sentence with the numbers.
        also: For ``promote``, the arms that ``arm`` is not shown to be ahead of, the
            best first, whether or not they could be promoted themselves; for
            ``harm``, the other arms that harm.
    """

    action: Action
    arm: str | None
    reason: str
    also: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values."""
        return {
            "action": self.action,
            "arm": self.arm,
            "reason": self.reason,
            "also": list(self.also),
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the primary metric.

    Attributes:
        comparisons: Each arm against the control, one at least.
        statistics: The statistic of every arm, for comparing arms with each other.
        better: Which direction is good.
        alpha: The level of the tests.
        silence: The arm that sends nothing, if there is one.
    """

    comparisons: Sequence[ArmComparison]
    statistics: Mapping[str, Statistic]
    better: Better
    alpha: float
    silence: str | None = None

    def gain(self, item: ArmComparison) -> float:
        """The arm's difference in the good direction, 0 where there is none."""
        sign = 1 if self.better == "higher" else -1
        return sign * (item.diff.value or 0.0)

    def beats_control(self, item: ArmComparison) -> bool:
        """Whether the arm is better than the control."""
        return item.significant and self.gain(item) > 0

    def ranked(self) -> list[ArmComparison]:
        """The comparisons, the best arm first; equals in the order of the arms."""
        return sorted(self.comparisons, key=self.gain, reverse=True)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is used up.

    Attributes:
        complete: Whether its users, windows and looks are all used.
        message: What is missing, or what was reached, in half a sentence.
        is_look: Whether the primary metric is read although more is to come.
        futile: Why going on is hardly worth it, in half a sentence; empty if it is.
        decided: What a look has come to before, where none is due now.
    """

    complete: bool
    message: str
    is_look: bool = False
    futile: str = ""
    decided: Verdict | None = None


def decide(
    evidence: Evidence,
    *,
    srm: SampleRatio,
    guardrails: Sequence[GuardrailResult] = (),
    blocked: Sequence[GuardrailResult] = (),
    health: Sequence[HealthNote] = (),
    progress: Progress | None = None,
) -> Verdict:
    """The verdict by the rules above.

    Args:
        evidence: The primary metric.
        srm: The sample-ratio check.
        guardrails: The word of each guardrail on each arm.
        blocked: What else stops an arm from being promoted, such as its delivery.
        health: What else was noticed about the data.
        progress: How far the plan is used up, None without a plan.
    """
    faults = [note.message for note in health if not note.ok]
    if not srm.ok:
        faults.insert(0, _explain_ratio(srm))
    if faults:
        return Verdict("invalid", None, f"Do not read the results: {faults[0]}.")
    broken = [item for item in guardrails if item.state == "broken"]
    early = progress is not None and not progress.complete
    if progress is not None and early and not progress.is_look:
        if broken:
            return _guardrail_harm(broken)
        going_on = Verdict("continue", None, f"Keep going: {progress.message}.")
        return progress.decided or going_on
    better = [item for item in evidence.ranked() if evidence.beats_control(item)]
    stops = [item for item in (*guardrails, *blocked) if item.state != "held"]
    unsafe = {item.arm: item.reason for item in reversed(stops)}
    safe = [item for item in better if item.arm not in unsafe]
    if safe:
        return _promote(evidence, safe[0], unsafe)
    if broken:
        return _guardrail_harm(broken)
    if progress is not None and early:
        return _go_on(evidence, better, unsafe, progress)
    if better:
        return _unproven(better[0], unsafe)
    return _without_winner(evidence, progress)


def _promote(
    evidence: Evidence, top: ArmComparison, unsafe: Mapping[str, str]
) -> Verdict:
    """The verdict for the best arm that may be promoted.

    Args:
        evidence: The primary metric.
        top: The arm.
        unsafe: Why, for each arm that may not be promoted for its guardrails.
    """
    passed = [
        item
        for item in evidence.ranked()
        if item.arm in unsafe
        and evidence.beats_control(item)
        and evidence.gain(item) > evidence.gain(top)
    ]
    tied = _find_ties(evidence, top, {item.arm for item in passed})
    reason = f"{_say(top)} {_against(top)}"
    if tied:
        reason += f", but {_say_tie(evidence, tied, unsafe)}"
    elif len(evidence.comparisons) > 1 and not passed:
        reason += ", and is ahead of every other arm"
    notes = [
        f" {_name(item.arm)} has a larger difference, "
        f"{word_diff(item.kind, item.diff)}{_unit(item)}, and is passed over: "
        f"{unsafe[item.arm]}."
        for item in passed
    ]
    also = tuple(item.arm for item, _ in tied)
    return Verdict("promote", top.arm, f"{reason}.{''.join(notes)}", also)


def _find_ties(
    evidence: Evidence, top: ArmComparison, passed: Collection[str]
) -> list[tuple[ArmComparison, float]]:
    """The arms that the top is not shown to be ahead of, each with its p-value.

    An arm that is passed over may be ahead; then it is no tie.
    """
    others = [
        item
        for item in evidence.ranked()
        if item.arm != top.arm and item.value is not None
    ]
    zero = evidence.statistics[top.arm]
    p_values = [
        compare(evidence.statistics[item.arm], zero, evidence.alpha).p_value
        for item in others
    ]
    return [
        (item, p_value)
        for item, p_value, adjusted in zip(
            others, p_values, adjust_holm(p_values), strict=True
        )
        if adjusted >= evidence.alpha
        or (evidence.gain(item) >= evidence.gain(top) and item.arm not in passed)
    ]


def _say_tie(
    evidence: Evidence,
    tied: Sequence[tuple[ArmComparison, float]],
    unsafe: Mapping[str, str],
) -> str:
    """The nearest of the tied arms, by how far it could stand for the top."""
    nearest, p_value = tied[0]
    details = say_p(p_value)
    if not evidence.beats_control(nearest):
        details += f"; not shown to beat {_name(nearest.control)} itself"
    elif nearest.arm in unsafe:
        details += f"; not to be promoted itself, for {unsafe[nearest.arm]}"
    more = f" nor from {len(tied) - 1} more" if len(tied) > 1 else ""
    return (
        f"it cannot be told apart from {_name(nearest.arm)} ({details}){more}: "
        "no single winner"
    )


def _guardrail_harm(broken: Sequence[GuardrailResult]) -> Verdict:
    arms = tuple(dict.fromkeys(item.arm for item in broken))
    reason = f"A guardrail is broken: {broken[0].reason}."
    return Verdict("harm", arms[0], reason, arms[1:])


def _unproven(best: ArmComparison, unsafe: Mapping[str, str]) -> Verdict:
    why = unsafe[best.arm]
    reason = f"{_say(best)} {_against(best)}, but {why}: keep {best.control}."
    return Verdict("keep", best.control, reason)


def _go_on(
    evidence: Evidence,
    better: Sequence[ArmComparison],
    unsafe: Mapping[str, str],
    progress: Progress,
) -> Verdict:
    """The verdict at a look before the last, where no arm may be promoted."""
    if better:
        waiting = _unproven(better[0], unsafe).reason.rsplit(":", 1)[0]
        return Verdict("continue", None, f"{waiting}; keep going: {progress.message}.")
    harm = _harm(evidence)
    if harm is not None:
        return harm
    if progress.futile:
        control = evidence.comparisons[0].control
        reason = f"{progress.futile}: it is hardly worth going on. {_FUTILITY}"
        return Verdict("keep", control, reason)
    reason = f"No boundary is crossed; keep going: {progress.message}."
    return Verdict("continue", None, reason)


def _harm(evidence: Evidence) -> Verdict | None:
    """The verdict where an arm is worse and none is better; else None."""
    worse = [
        item
        for item in reversed(evidence.ranked())
        if item.significant and item.arm != evidence.silence
    ]
    if not worse:
        return None
    worst, *others = worse
    reason = f"{_say(worst)} {_against(worst)}, and no arm is better."
    return Verdict("harm", worst.arm, reason, tuple(item.arm for item in others))


def _without_winner(evidence: Evidence, progress: Progress | None) -> Verdict:
    """The verdict where no arm is better."""
    harm = _harm(evidence)
    if harm is not None:
        return harm
    best = evidence.ranked()[0]
    closest = f"{_name(best.arm)} and {_name(best.control)} cannot be compared yet"
    if best.diff.value is not None:
        closest = (
            f"the best arm, {_name(best.arm)}, differs in {best.metric} by "
            f"{word_diff(best.kind, best.diff)}{_unit(best)} "
            f"({say_p(best.p_adjusted)})"
        )
    if progress is not None:
        reason = (
            f"No arm beats {_name(best.control)} after {progress.message}: {closest}."
        )
        return Verdict("keep", best.control, reason)
    reason = f"No arm can be told apart from {_name(best.control)}: {closest}."
    return Verdict("inconclusive", None, reason)


def _say(item: ArmComparison) -> str:
    """The arm and its difference as the start of a sentence."""
    return (
        f"{_name(item.arm)} changes {item.metric} by {word_diff(item.kind, item.diff)}"
    )


def _against(item: ArmComparison) -> str:
    unit = _unit(item).strip()
    names = [CORRECTION_NAMES[x] for x in item.corrections if x in CORRECTION_NAMES]
    after = f" after {names[0]}" if names else ""
    against = f"against {_name(item.control)} ({say_p(item.p_adjusted)}{after})"
    return f"{unit} {against}" if unit else against


def _unit(item: ArmComparison) -> str:
    return " points" if item.kind == "share" else ""


def _name(arm: str) -> str:
    return f'"{arm}"'


def _explain_ratio(srm: SampleRatio) -> str:
    return (
        f"the numbers of units do not fit the planned shares "
        f"(sample ratio {say_p(srm.p_value)})"
    )
