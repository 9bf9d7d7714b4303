"""Layers: experiments that exclude each other, each on slots of its own.

    # experiments/layers.yaml
    recall: {salt: recall.4f1e07, unit: user_id}

A unit's slot is its traffic bucket in the salt of the layer, so it is in one experiment
of the layer at most. Within an experiment the arms follow the experiment's own salt:
who had which arm in an earlier experiment of the slots says nothing about the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from copylab.document import Section, parse_document, suggest
from copylab.experiment.buckets import SALT_RULE, SLOTS, is_salt
from copylab.experiment.model import LayerSlots
from copylab.experiment.quantities import format_percent
from copylab.experiment.slots import (
    WHOLE,
    common,
    count_slots,
    format_stretches,
    subtract,
    take_lowest,
)
from copylab.findings import Finding, report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from copylab.experiment.model import Experiment
    from copylab.experiment.slots import Stretch
    from copylab.findings import Severity
    from copylab.source import SourceFile, Span

LAYERS = "experiments/layers.yaml"


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer.

    Attributes:
        name: How experiments call it.
        salt: The salt of its buckets.
        unit: The attribute that names the unit; the same for all its experiments.
        place: Where it is declared.
    """

    name: str
    salt: str
    unit: str = "user_id"
    place: Span | None = None


def read_layers(source: SourceFile) -> tuple[dict[str, Layer], list[Finding]]:
    """The layers of ``experiments/layers.yaml`` by name, and what is wrong with it."""
    root, findings = parse_document(source)
    layers: dict[str, Layer] = {}
    if root is None:
        return layers, findings
    owners: dict[str, str] = {}
    for entry in Section(root, findings, LAYERS).entries():
        section = Section(entry.node, findings, f"the layer '{entry.key}'")
        salt = section.take_text("salt", required=True)
        unit = section.take_text("unit")
        section.finish()
        if salt is None:
            continue
        span = section.span("salt")
        if not is_salt(salt):
            cure = f"use {SALT_RULE}, such as recall.4f1e07"
            text = f"'{salt}' is not a salt"
            findings.append(report("bad-value", text, span, help=cure))
        elif owners.setdefault(salt, entry.key) != entry.key:
            text = f"the layer '{owners[salt]}' has the salt '{salt}', too"
            cure = "give each layer a salt of its own"
            findings.append(report("bad-value", text, span, help=cure))
        else:
            place = entry.key_span
            layers[entry.key] = Layer(entry.key, salt, unit or "user_id", place)
    return layers, findings


def taken_slots(
    layer: str, experiments: Iterable[Experiment], *, but: str
) -> tuple[Stretch, ...]:
    """The slots of a layer that running experiments own; concluding frees them.

    Args:
        layer: The layer.
        experiments: The experiments of the workspace.
        but: An experiment whose slots do not count.
    """
    return tuple(
        stretch
        for item in experiments
        if item.name != but and (owned := owned_slots(item)) is not None
        if owned.layer == layer
        for stretch in owned.stretches
    )


def owned_slots(experiment: Experiment) -> LayerSlots | None:
    """The slots of a layer that a running experiment owns, as it was started."""
    if experiment.status != "running" or not experiment.epochs:
        return None
    design = experiment.epochs[-1].design
    return None if design is None else design.layer


def claim_slots(
    experiment: Experiment, layer: Layer, experiments: Iterable[Experiment]
) -> LayerSlots:
    """The slots of its layer that an experiment gets when it is started.

    Slots it owns already stay its own; then come the lowest that are free.

    Args:
        experiment: The experiment, which asks for slots.
        layer: Its layer.
        experiments: The experiments of the workspace.

    Raises:
        ValueError: The layer has not so many free slots, or not these.
    """
    others = taken_slots(layer.name, experiments, but=experiment.name)
    free = subtract(WHOLE, others)
    wanted = experiment.wanted
    if isinstance(wanted, Fraction):
        count = round(wanted * SLOTS)
        if count > count_slots(free):
            left = format_percent(Fraction(count_slots(free), SLOTS))
            raise ValueError(
                f"the layer '{layer.name}' has {left} left, and "
                f"'{experiment.name}' asks for {format_percent(wanted)}"
            )
        own = owned_slots(experiment)
        kept: tuple[Stretch, ...] = ()
        if own is not None and own.layer == layer.name:
            mine = common(own.stretches, free)
            kept = take_lowest(mine, min(count, count_slots(mine)))
        more = take_lowest(subtract(free, kept), count - count_slots(kept))
        return LayerSlots(layer.name, layer.salt, subtract((*kept, *more), ()))
    stretches = wanted or ()
    lacking = subtract(stretches, free)
    if lacking or not stretches:
        named = ", ".join(format_stretches(lacking)) or "none"
        raise ValueError(
            f"slots of the layer '{layer.name}' that '{experiment.name}' asks for "
            f"belong to another experiment: {named}"
        )
    return LayerSlots(layer.name, layer.salt, stretches)


def layer_findings(
    experiment: Experiment,
    layers: Mapping[str, Layer],
    experiments: Mapping[str, Experiment],
) -> Iterator[Finding]:
    """What is wrong with how an experiment stands in its layer.

    Args:
        experiment: The experiment.
        layers: The layers of the workspace.
        experiments: Its experiments.
    """
    if experiment.layer is None:
        return
    layer = layers.get(experiment.layer)
    if layer is None:
        text = f"there is no layer '{experiment.layer}'"
        cure = suggest(experiment.layer, layers) or f"declare it in {LAYERS}"
        yield _wrong(experiment, "layer", text, cure)
        return
    if experiment.unit != layer.unit:
        text = (
            f"the unit is '{experiment.unit}', and that of the layer '{layer.name}' "
            f"is '{layer.unit}'"
        )
        cure = f"write unit: {layer.unit}, or take the experiment out of the layer"
        yield _wrong(experiment, "unit", text, cure)
    if experiment.salt == layer.salt:
        text = f"the salt is that of the layer '{layer.name}', so arms follow its slots"
        yield _wrong(experiment, "salt", text, "give the experiment its own salt")
    if experiment.status == "draft" and experiment.wanted is not None:
        try:
            claim_slots(experiment, layer, experiments.values())
        except ValueError as error:
            cure = "conclude an experiment of the layer before this one is started"
            yield _wrong(experiment, "slots", str(error), cure, severity="warning")


def overlap_findings(
    experiment: Experiment, experiments: Mapping[str, Experiment]
) -> Iterator[Finding]:
    """Slots of a layer that an experiment owns together with one earlier by name."""
    own = owned_slots(experiment)
    if own is None:
        return
    for name, other in sorted(experiments.items()):
        theirs = owned_slots(other)
        if name >= experiment.name or theirs is None or theirs.layer != own.layer:
            continue
        shared = common(own.stretches, theirs.stretches)
        if shared:
            listed = ", ".join(format_stretches(shared))
            text = f"'{name}' owns slots of the layer '{own.layer}', too: {listed}"
            cure = (
                "conclude one of them, or let this one take free slots: "
                f"copylab start {experiment.name} --new-epoch"
            )
            places = experiment.place_of
            span = places.get("slots") or places.get("message")
            yield report("layer-overlap", text, span, help=cure)


def _wrong(
    experiment: Experiment,
    path: str,
    text: str,
    cure: str,
    severity: Severity = "error",
) -> Finding:
    places = experiment.place_of
    span = places.get(path) or places.get("layer") or places.get("message")
    return report("bad-layer", text, span, help=cure, severity=severity)
