"""The health of the data, before anybody looks at a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.document import ArmName, Bullets, Paragraph, Part, Table
from copylab.analysis.wording import say_p

if TYPE_CHECKING:
    from copylab.analysis.report.document import Block
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis, Arm, HealthNote

_SHOWN_MISFITS = 5


def health_part(analysis: Analysis, words: Words) -> Part:
    """Sample ratio at assignment and delivery, then what else was noticed."""
    items = [*_ratio(analysis, words), *_epochs(analysis, words)]
    items += _delivery(analysis, words)
    notes = sorted(analysis.health, key=lambda note: note.ok)
    items += [_note(note, words) for note in notes]
    if not notes:
        items.append(Paragraph(words("no_notes")))
    items += _rows(analysis, words)
    blocks: list[Block] = [Bullets(tuple(items))]
    if analysis.outlook is not None:
        blocks.append(_arms(analysis, words))
    return Part("health", words("part.health"), tuple(blocks))


def _arms(analysis: Analysis, words: Words) -> Table:
    """The arms with what they were promised, what they got and what was sent."""
    sent: dict[str, int] = {}
    for item in analysis.sends:
        sent[item.arm] = sent.get(item.arm, 0) + item.sends
    headings = [
        words("arm"), words("arms.share"), words("arms.expected"), words("n"),
    ]  # fmt: skip
    headings += [words("sends")] if sent else []
    rows = []
    for arm in analysis.arms:
        row = [
            ArmName(arm.arm),
            f"{100 * arm.share:.4g}%",
            f"{analysis.srm.expected[arm.arm]:,.0f}",
            f"{arm.n:,}",
        ]
        rows.append((*row, *([f"{sent.get(arm.arm, 0):,}"] if sent else [])))
    numeric = frozenset(range(1, len(headings)))
    note = words("arms.note")
    caption = words("arms.caption")
    return Table(caption, tuple(headings), tuple(rows), numeric, note=note)


def _rows(analysis: Analysis, words: Words) -> list[Paragraph]:
    """Which rows counted."""
    rows = analysis.rows
    if rows is None:
        return []
    return [
        Paragraph(
            words(
                "rows.exposures",
                rows=rows.exposures,
                repeated=rows.exposures_repeated,
            )
        ),
        Paragraph(
            words(
                "rows.outcomes",
                rows=rows.outcomes,
                counted=rows.to_dict()["outcomes_counted"],
                stranger=rows.outcomes_not_assigned,
                before=rows.outcomes_before,
                late=rows.outcomes_late,
            )
        ),
    ]


def _ratio(analysis: Analysis, words: Words) -> list[Paragraph]:
    srm = analysis.srm
    line = words(
        "srm.ok" if srm.ok else "srm.bad",
        p=say_p(srm.p_value),
        units=sum(arm.n for arm in analysis.arms),
        arms=len(analysis.arms),
    )
    if srm.ok:
        return [Paragraph(line, "good")]
    return [
        Paragraph(line, "bad"),
        *(Paragraph(text, "bad") for text in _misfits(analysis, words)),
        Paragraph(words("cure", cure=words("srm.cure")), "bad"),
    ]


def _misfits(analysis: Analysis, words: Words) -> list[str]:
    """The arms whose numbers fit their planned shares least, the worst first."""
    expected = analysis.srm.expected

    def misfit(arm: Arm) -> float:
        fair = expected[arm.arm]
        return (arm.n - fair) ** 2 / fair if fair else float(arm.n) * arm.n

    worst = sorted(analysis.arms, key=misfit, reverse=True)
    lines = [
        words("misfit", arm=arm.arm, units=arm.n, planned=f"{expected[arm.arm]:,.0f}")
        for arm in worst[:_SHOWN_MISFITS]
    ]
    hidden = len(worst) - len(lines)
    return [*lines, words("more_arms", count=hidden)] if hidden > 0 else lines


def _epochs(analysis: Analysis, words: Words) -> list[Paragraph]:
    if analysis.outlook is None:  # a table has no epochs
        return []
    if not analysis.epochs:
        return [Paragraph(words("srm.none"))]
    if len(analysis.epochs) == 1:
        return []
    return [
        Paragraph(
            words(
                "srm.epoch",
                epoch=item.epoch,
                state=words("ok" if item.ratio.ok else "failed"),
                p=say_p(item.ratio.p_value),
                units=sum(item.units.values()),
            ),
            "" if item.ratio.ok else "warn",
        )
        for item in analysis.epochs
    ]


def _delivery(analysis: Analysis, words: Words) -> list[Paragraph]:
    delivery = analysis.delivery
    if delivery is None:
        return [] if analysis.outlook is None else [Paragraph(words("delivery.none"))]
    shares = [
        f"{arm} {delivery.arrived[arm] / n:.2%}"
        for arm, n in delivery.sent.items()
        if n
    ]
    key = "delivery.ok" if delivery.ok else "delivery.bad"
    line = words(key, p=say_p(delivery.p_value), shares=words.join(shares))
    return [Paragraph(line, "good" if delivery.ok else "warn")]


def _note(note: HealthNote, words: Words) -> Paragraph:
    colon = ": " if words.is_english else "："
    line = words("note" if note.ok else "fault") + colon + words.health(note)
    cure = words.cure(note)
    if cure:
        line += (". " if words.is_english else "。") + words("cure", cure=cure)
    return Paragraph(line, "warn" if note.ok else "bad")
