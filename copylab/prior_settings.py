"""The prior of lifts as it is declared: ``prior: 10%``, or a mean and a deviation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.document import Section

if TYPE_CHECKING:
    from copylab.document import Node

_NUMBER = re.compile(r"(-?(?:\d{1,6}(?:\.\d{1,9})?|\.\d{1,9}))\s?(%?)", re.ASCII)
_CURE = "write prior: 10%, or prior: {mean: 0%, sd: 10%}, or prior: none"
_WIDEST = 10.0
NO_PRIOR = "none"


@dataclass(frozen=True, slots=True)
class PriorSetting:
    """What lifts are like before an experiment.

    Attributes:
        sd: The standard deviation of ``log(1 + lift)``: 0.1 says that two lifts of
            three lie within about 10 %. None switches shrinking off.
        mean: The lift in the middle, as 0.02 for 2 %; usually 0.
    """

    sd: float | None
    mean: float = 0.0


def read_prior(section: Section, key: str = "prior") -> PriorSetting | None:
    """The prior that a section declares; None where it declares none.

    What is wrong is reported at its place.
    """
    node = section.take(key)
    if node is None:
        return None
    if not isinstance(node.value, dict):
        if node.text.strip() == NO_PRIOR:
            return PriorSetting(None)
        sd = _read_number(section, node, key, above=0.0)
        return None if sd is None else PriorSetting(sd)
    part = Section(node, section.findings, key)
    spread = part.take("sd", required=True)
    centre = part.take("mean")
    part.finish()
    sd = None if spread is None else _read_number(part, spread, "sd", above=0.0)
    mean = 0.0 if centre is None else _read_number(part, centre, "mean", above=-1.0)
    return None if sd is None or mean is None else PriorSetting(sd, mean)


def _read_number(
    section: Section, node: Node, name: str, *, above: float
) -> float | None:
    match = _NUMBER.fullmatch(node.text.strip())
    if match is None:
        shown = f"'{node.text}'" if node.text else node.kind
        section.wrong(node, f"{name}: {shown} is not a percentage", _CURE)
        return None
    number = float(match[1]) / (100 if match[2] else 1)
    if not above < number <= _WIDEST:
        low = f"{100 * above:g}%"
        message = f"{name} is '{node.text}', must be above {low} and at most 1000%"
        section.wrong(node, message, _CURE)
        return None
    return number
