"""The slots of a layer that an experiment asks for, and the units whose arm is forced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import suggest
from copylab.experiment.read_shares import read_share, read_stretches
from copylab.findings import report

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from copylab.document import Section
    from copylab.experiment.slots import Stretch
    from copylab.source import Span


def read_wanted(
    section: Section, places: dict[str, Span]
) -> Fraction | tuple[Stretch, ...] | None:
    """The slots of its layer that an experiment asks for, ``slots: 40%``.

    Stretches by number, ``slots: [0-399999]``, ask for these slots and no others.
    What is wrong is reported, and None returned.
    """
    node = section.take("slots")
    if node is None:
        if "layer" in section:
            text = "the experiment is in a layer and asks for no slots of it"
            span = section.span("layer")
            finding = report("missing-key", text, span, help="add slots: 40%")
            section.findings.append(finding)
        return None
    places["slots"] = node.span
    if "layer" not in section:
        section.wrong(
            node, "slots are those of a layer, and there is none", "add layer:"
        )
        return None
    if isinstance(node.value, tuple):
        return read_stretches(section, "slots") or None
    share = read_share(section, node, "slots")
    if share is not None and not share:
        section.wrong(node, "slots is none of the layer", "write a share such as 40%")
        return None
    return share


def read_forced(
    section: Section, arms: Mapping[str, Fraction], places: dict[str, Span]
) -> dict[str, str]:
    """Units whose arm is forced, with the arm: ``forced: {coupon: [qa-1, qa-2]}``.

    What is wrong is reported at its place.
    """
    part = section.take_section("forced")
    forced: dict[str, str] = {}
    if part is None:
        return forced
    places["forced"] = section.span("forced")
    for entry in part.entries():
        if arms and entry.key not in arms:
            text = f"'{entry.key}' is no arm of the experiment"
            cure = suggest(entry.key, arms) or "arms: " + ", ".join(arms)
            section.findings.append(report("bad-arm", text, entry.key_span, help=cure))
            continue
        for node in part.take_list(entry.key) or ():
            if isinstance(node.value, dict | tuple) or not node.text:
                cure = "write forced: {coupon: [qa-1, qa-2]}"
                part.wrong(node, f"forced must list units, not {node.kind}", cure)
            elif forced.setdefault(node.text, entry.key) != entry.key:
                text = f"'{node.text}' is forced into two arms"
                part.wrong(node, text, "keep it in one of them")
            else:
                places[f"forced.{node.text}"] = node.span
    return forced
