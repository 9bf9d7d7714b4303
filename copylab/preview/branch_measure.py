"""How long a branch is as it is shown, and how long allowed values can make it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.channels.cost import billed_parts
from copylab.channels.width import display_width
from copylab.lint.sent import measure_sent, worst_on
from copylab.template.bounds import worst_on_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.channels.route import Route
    from copylab.lint.field import Field
    from copylab.template.paths import Path

Unit = Literal["parts", "columns", "characters"]


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a branch is.

    Attributes:
        unit: ``parts`` of a short message, ``columns`` on a screen, or ``characters``.
        size: Of the text that is shown.
        most: Of any text that allowed values make of the branch; None where its ways
            are too many to measure, and of characters, which nobody limits.
        encoding: How the short message is sent; empty for others.
        units: Its septets, UTF-16 units or octets.
    """

    unit: Unit
    size: int
    most: int | None
    encoding: str = ""
    units: int = 0


def measure_branch(
    item: Field,
    channel: str,
    route: Route | None,
    text: str | None,
    paths: Sequence[Path],
) -> Measure | None:
    """How long a branch is and can be; None where there is nothing to measure.

    Args:
        item: The field.
        channel: Its channel.
        route: The way a short message takes; None for other channels.
        text: The branch as it is shown, on a route with what the gateway adds.
        paths: Every way that leads to the branch; empty where they are too many.
    """
    if text is None:
        return None
    if route is not None:
        return _measure_sms(item, route, text, paths)
    if channel == "email" and item.name == "body":
        return Measure("characters", len(text), None)
    scope = item.template.scope
    worst = (worst_on_path(path, scope, "width").text.strip() for path in paths)
    most = max((display_width(found) for found in worst), default=None)
    return Measure("columns", display_width(text), most)


def _measure_sms(
    item: Field, route: Route, text: str, paths: Sequence[Path]
) -> Measure | None:
    """The parts and units of a short message on a route, and the most parts."""
    length = measure_sent(text, route.profile)
    if length is None:
        return None
    found = (worst_on(path, item.template.scope, route) for path in paths)
    most = max((sent.most for sent in found if sent is not None), default=None)
    parts = billed_parts(length, route.profile)
    return Measure("parts", parts, most, length.encoding, length.units)
