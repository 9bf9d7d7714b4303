"""The verdict: what to do, why, what comes next, and who was passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.filtered_arms import DELIVERY
from copylab.analysis.holdout import ALL_SENDING
from copylab.analysis.passed_over import find_passed_over, gain
from copylab.analysis.report.correction_notes import across_arms, name_corrections
from copylab.analysis.report.document import Block, Bullets, Paragraph, Part
from copylab.analysis.report.metric_parts import level_of
from copylab.analysis.wording import say_p, word_diff, word_lift, word_value

if TYPE_CHECKING:
    from copylab.analysis.guardrails import GuardrailResult
    from copylab.analysis.report.document import Tone
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison

TONES: dict[str, Tone] = {
    "promote": "good",
    "keep": "",
    "continue": "",
    "inconclusive": "",
    "harm": "bad",
    "invalid": "bad",
}


def verdict_part(analysis: Analysis, words: Words, *, with_next: bool = True) -> Part:
    """The verdict in one sentence, and what follows from it.

    Args:
        analysis: The analysis.
        words: The words of the report.
        with_next: Whether to say what comes next; a promotion is the next step itself.
    """
    verdict = analysis.verdict
    tone = TONES[verdict.action]
    blocks: list[Block] = [Paragraph(headline(analysis, words), tone)]
    lines = [*_values(analysis, words), *_guarded(analysis, words)]
    if verdict.also:
        key = "also.harm" if verdict.action == "harm" else "also.tie"
        lines.append(Paragraph(words(key, arms=words.join([*verdict.also]))))
    lines += [
        Paragraph(
            words(
                "passed_over",
                arm=item.arm,
                metric=item.metric,
                diff=_diff(item, words),
                why=_why(analysis, result, words),
            ),
            "warn",
        )
        for item, result in find_passed_over(analysis)
    ]
    lines += _expectations(analysis, words)
    if _primary(analysis) and analysis.verdict.action != "invalid":
        brackets = words("verdict.brackets", level=level_of(analysis))
        lines.append(Paragraph(brackets))
    if lines:
        blocks.append(Bullets(tuple(lines)))
    if with_next:
        blocks.append(Paragraph(words("next", step=_next_step(analysis, words))))
    return Part("verdict", words("part.verdict"), tuple(blocks))


def headline(analysis: Analysis, words: Words) -> str:
    """The action, the arm and the reason: ``PROMOTE coupon: …``."""
    verdict = analysis.verdict
    arm = verdict.arm
    if words.is_english:
        named = "" if arm is None else f" {arm}"
        return f"{verdict.action.upper()}{named}: {verdict.reason}"
    named = "" if arm is None else f"{arm}。"
    return f"{badge(analysis, words)}：{named}{_reason(analysis, words)}"


def badge(analysis: Analysis, words: Words) -> str:
    """The action in a word or two."""
    return words(f"action.{analysis.verdict.action}")


def _values(analysis: Analysis, words: Words) -> list[Paragraph]:
    """The values that the verdict compares, with how many users they are of."""
    item = _find(analysis, analysis.verdict.arm)
    if item is None or item.value is None or analysis.verdict.action == "invalid":
        return []
    counts = {arm.arm: arm.n for arm in analysis.arms}
    text = words(
        "verdict.values",
        metric=item.metric,
        value=word_value(item.kind, item.value),
        arm=item.arm,
        n=counts.get(item.arm, 0),
        control_value=word_value(item.kind, item.control_value),
        control=item.control,
        control_n=counts.get(item.control, 0),
    )
    return [Paragraph(text)]


def _guarded(analysis: Analysis, words: Words) -> list[Paragraph]:
    """The guardrails of the arm that is promoted."""
    arm = analysis.verdict.arm
    if analysis.verdict.action != "promote":
        return []
    states = []
    for result in analysis.guardrails:
        item = _find(analysis, result.arm, result.metric)
        if result.arm == arm and item is not None:
            state, diff = words(f"state.{result.state}"), _diff(item, words)
            text = words(
                "verdict.guardrail", metric=item.metric, state=state, diff=diff
            )
            states.append(text)
    if not states:
        return []
    line = words("verdict.guardrails", arm=arm, states=words.listed(states))
    return [Paragraph(line)]


def _why(analysis: Analysis, result: GuardrailResult, words: Words) -> str:
    """Why a guardrail stops an arm."""
    if words.is_english:
        return result.reason
    if result.metric == DELIVERY:
        return words("reason.delivery")
    shown = _find(analysis, result.arm, result.metric)
    diff = words("unmeasured") if shown is None else _diff(shown, words)
    return words(f"reason.guardrail.{result.state}", guardrail=result.metric, diff=diff)


def _expectations(analysis: Analysis, words: Words) -> list[Paragraph]:
    """What the promoted arm is to be expected to bring."""
    if analysis.verdict.action != "promote":
        return []
    return [
        Paragraph(
            words(
                "expect",
                arm=item.arm,
                shrunk=word_lift(item.lift),
                raw=word_lift(item.raw),
            )
        )
        for item in analysis.shrunk
        if item.arm == analysis.verdict.arm
    ]


def _next_step(analysis: Analysis, words: Words) -> str:
    verdict, outlook = analysis.verdict, analysis.outlook
    if _is_of_sending(analysis):
        return words(f"next.sending.{verdict.action}")
    if verdict.action == "promote" and outlook is None:
        return words("next.promote.table", arm=verdict.arm)
    if verdict.action == "promote":
        key = "next.promote.tie" if verdict.also else "next.promote"
        return words(key, name=analysis.name, arm=verdict.arm)
    if verdict.action == "continue" and outlook is not None:
        missing = []
        if outlook.still_needed:
            step = words(
                "next.continue.units",
                needed=outlook.still_needed,
                units=outlook.units,
                planned=outlook.planned,
            )
            missing.append(step)
        if outlook.still_open:
            missing.append(words("next.continue.open", open=outlook.still_open))
        if missing:
            return words.listed(missing)
    if verdict.action == "harm":
        return words("next.harm", arm=verdict.arm)
    return words(f"next.{verdict.action}")


def _reason(analysis: Analysis, words: Words) -> str:
    """The reason in words of the report's language, from the numbers."""
    if _is_of_sending(analysis):
        numbers = _numbers(_primary(analysis)[0], words)
        return words(f"reason.sending.{analysis.verdict.action}", **numbers)
    match analysis.verdict.action:
        case "invalid":
            return _invalid(analysis, words)
        case "continue":
            return _unfinished(analysis, words)
        case "promote":
            return _promoted(analysis, words)
        case "harm":
            return _harmed(analysis, words)
        case "keep" | "inconclusive":
            return _unchanged(analysis, words)


def _is_of_sending(analysis: Analysis) -> bool:
    """Whether the verdict is one on all sending, against the global holdout."""
    if analysis.name != ALL_SENDING:
        return False
    return analysis.verdict.action in {"keep", "harm", "inconclusive"}


def _invalid(analysis: Analysis, words: Words) -> str:
    if not analysis.srm.ok:
        return words("reason.srm", p=say_p(analysis.srm.p_value))
    faults = [words.health(note) for note in analysis.health if not note.ok]
    return words("reason.fault", fault=faults[0] if faults else "")


def _unfinished(analysis: Analysis, words: Words) -> str:
    outlook = analysis.outlook
    if outlook is not None and outlook.still_open:
        return words("reason.continue.open", open=outlook.still_open)
    if outlook is not None and outlook.still_needed:
        return words(
            "reason.continue.units", units=outlook.units, planned=outlook.planned
        )
    return words("reason.continue")


def _promoted(analysis: Analysis, words: Words) -> str:
    item = _find(analysis, analysis.verdict.arm)
    if item is None:  # a look before this one has decided
        return words("reason.decided")
    if analysis.verdict.also:
        end = words("reason.tie", arms=words.join([*analysis.verdict.also]))
    else:
        alone = len(_primary(analysis)) == 1 or find_passed_over(analysis)
        end = words("reason.end" if alone else "reason.ahead")
    return words("reason.promote", **_numbers(item, words)) + end


def _harmed(analysis: Analysis, words: Words) -> str:
    for result in analysis.guardrails:
        item = _find(analysis, result.arm, result.metric)
        if result.state == "broken" and item is not None:
            return words("reason.guardrail", **_numbers(item, words))
    item = _find(analysis, analysis.verdict.arm)
    if item is None:
        return words("reason.decided")
    return words("reason.worse", **_numbers(item, words))


def _unchanged(analysis: Analysis, words: Words) -> str:
    passed = find_passed_over(analysis)
    if analysis.verdict.action == "keep" and passed:
        item, result = passed[0]
        return words(
            "reason.unproven",
            why=_why(analysis, result, words),
            **_numbers(item, words),
        )
    known = [item for item in _primary(analysis) if item.comparable]
    if not known:
        return words("reason.nothing", control=analysis.control)
    best = max(known, key=lambda item: gain(analysis, item))
    return words(f"reason.{analysis.verdict.action}", **_numbers(best, words))


def _diff(item: ArmComparison, words: Words) -> str:
    """A difference with its unit."""
    shown = word_diff(item.kind, item.diff)
    return words("points", diff=shown) if item.kind == "share" else shown


def _numbers(item: ArmComparison, words: Words) -> dict[str, object]:
    return {
        "arm": item.arm,
        "control": item.control,
        "metric": item.metric,
        "diff": _diff(item, words),
        "p": say_p(item.p_adjusted) + _after(item, words),
    }


def _after(item: ArmComparison, words: Words) -> str:
    """The corrections that a p-value received."""
    names = across_arms([item])
    return words("after", names=name_corrections(names, words)) if names else ""


def _primary(analysis: Analysis) -> list[ArmComparison]:
    return [item for item in analysis.comparisons if item.role == "primary"]


def _find(
    analysis: Analysis, arm: str | None, metric: str | None = None
) -> ArmComparison | None:
    """The comparison of an arm on a metric, the primary one where none is named."""
    return next(
        (
            item
            for item in analysis.comparisons
            if item.arm == arm
            and (item.role == "primary" if metric is None else item.metric == metric)
        ),
        None,
    )
