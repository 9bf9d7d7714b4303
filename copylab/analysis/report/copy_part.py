"""The words of each arm beside its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.document import Paragraph, Part, Quote
from copylab.analysis.wording import word_diff, word_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.analysis.arm_copies import ArmCopy
    from copylab.analysis.report.document import Block
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, ArmComparison

_SILENCE = "none"


def copy_part(analysis: Analysis, words: Words) -> Part:
    """The words of each arm with what is known of them."""
    title = words("part.copy")
    if not analysis.copies:
        return Part("copy", title, (Paragraph(words("copy.none")),))
    blocks: list[Block] = [Paragraph(words("copy.note"))]
    blocks += [_quote(analysis, copy, words) for copy in analysis.copies]
    numbers = [*_numbers(analysis, _SILENCE, words)]
    if numbers and any(arm.arm == _SILENCE for arm in analysis.arms):
        silent = words("copy.silent", arm=_SILENCE, numbers=words.join(numbers))
        blocks.append(Paragraph(silent))
    if any(item.role == "primary" for item in analysis.comparisons):
        blocks.append(Paragraph(words("copy.scope")))
    return Part("copy", title, tuple(blocks))


def _quote(analysis: Analysis, copy: ArmCopy, words: Words) -> Quote:
    tags = [words.pair(name, value) for name, value in copy.tags]
    lines = [words.join(tags)] if tags else []
    lines += [*_numbers(analysis, copy.arm, words), *_others(analysis, copy.arm, words)]
    lines += _sent(analysis, copy, words)
    if copy.problem:
        lines.append(words("copy.problem", problem=copy.problem))
    heading = f"{copy.arm} · {copy.channel} · {copy.locale}"
    fields = tuple((words(f"field.{name}"), text) for name, text in copy.fields)
    return Quote(heading, fields, tuple(lines), copy.locale)


def _numbers(analysis: Analysis, arm: str, words: Words) -> Iterator[str]:
    """What an arm's words did on the primary metric."""
    for item in analysis.comparisons:
        if item.role != "primary":
            continue
        if item.control == arm:
            value = word_value(item.kind, item.control_value)
            yield words("copy.control", metric=item.metric, value=value)
            return
        if item.arm == arm:
            diff = word_diff(item.kind, item.diff)
            yield words(
                "copy.numbers",
                metric=item.metric,
                value=word_value(item.kind, item.value),
                diff=words("points", diff=diff) if item.kind == "share" else diff,
                control=item.control,
            )


def _others(analysis: Analysis, arm: str, words: Words) -> list[str]:
    """The values of the other metrics, in one line."""
    found: dict[str, str] = {}
    for item in analysis.comparisons:
        value = _value(item, arm)
        if item.role != "primary" and value is not None:
            found.setdefault(
                item.metric,
                words(
                    "copy.others",
                    metric=item.metric,
                    value=word_value(item.kind, value),
                ),
            )
    return [words.join([*found.values()])] if found else []


def _value(item: ArmComparison, arm: str) -> float | None:
    if item.control == arm:
        return item.control_value
    return item.value if item.arm == arm else None


def _sent(analysis: Analysis, copy: ArmCopy, words: Words) -> list[str]:
    """How often these words were sent."""
    key = (copy.arm, copy.channel, copy.locale)
    for item in analysis.sends:
        if (item.arm, item.channel, item.locale) == key:
            if item.parts is None:
                return [words("copy.sent.whole", sends=item.sends)]
            return [words("copy.sent", sends=item.sends, parts=item.parts)]
    return []
