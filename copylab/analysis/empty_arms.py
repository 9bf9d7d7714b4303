"""Arms in which there is nothing to measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.results import HealthNote

if TYPE_CHECKING:
    from copylab.analysis.units import Measured


def note_empty_arms(measured: Measured) -> list[HealthNote]:
    """A note for the arms without units, and one for each metric without a value.

    A ratio has no value in an arm whose denominators are all zero.

    Args:
        measured: The units of each arm, and the statistics of each metric.
    """
    notes = []
    empty = [arm for arm, n in measured.units.items() if not n]
    if empty:
        message = f"no units in {_list(empty)}: nothing can be compared with them"
        facts = {"arms": _list(empty)}
        notes.append(HealthNote("no-units", ok=True, message=message, facts=facts))
    for metric, statistics in measured.statistics.items():
        bare = [
            arm
            for arm, statistic in statistics.items()
            if statistic.value is None and arm not in empty
        ]
        if bare:
            message = (
                f"{metric} has no value in {_list(bare)}: "
                "no units with a denominator above zero"
            )
            facts = {"metric": metric, "arms": _list(bare)}
            notes.append(
                HealthNote("no-denominator", ok=True, message=message, facts=facts)
            )
    return notes


def _list(arms: list[str]) -> str:
    return ", ".join(f'"{arm}"' for arm in arms)
