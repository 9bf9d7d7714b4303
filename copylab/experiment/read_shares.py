"""Shares and stretches of slots in experiment files; what is wrong is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.experiment.quantities import parse_share
from copylab.experiment.slots import count_slots, join_stretches, parse_stretch

if TYPE_CHECKING:
    from fractions import Fraction

    from copylab.document import Node, Section
    from copylab.experiment.slots import Stretch


def read_share(section: Section, node: Node, name: str) -> Fraction | None:
    """The share a node holds; what is wrong is reported, and None returned."""
    try:
        return parse_share(node.text)
    except ValueError as error:
        cure = "write a share such as 45%, 0.45 or 1/3"
        section.wrong(node, f"{name} must be a share: {error}", cure)
        return None


def read_stretches(section: Section, key: str) -> tuple[Stretch, ...]:
    """The stretches of slots that a key lists, in their order.

    What is wrong is reported, and nothing returned.
    """
    nodes = section.take_list(key, required=True)
    if nodes is None:
        return ()
    found: list[Stretch] = []
    for node in nodes:
        try:
            found.append(parse_stretch(node.text))
        except ValueError as error:
            cure = "write the first and the last slot, such as 0-399999"
            section.wrong(node, f"{key}: {error}", cure)
            return ()
    joined = join_stretches(found)
    if count_slots(joined) != count_slots(found):
        listed = section.take(key)
        assert listed is not None
        section.wrong(listed, f"{key} names a slot twice", "keep it in one of them")
        return ()
    if not joined:
        listed = section.take(key)
        assert listed is not None
        section.wrong(listed, f"{key} names no slot", "write [0-399999]")
    return joined
