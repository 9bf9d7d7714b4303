"""``experiments/layers.yaml``."""

from __future__ import annotations

from copylab.experiment.buckets import SALT_RULE
from copylab.schema.parts import Json, mapping, section, text, usual


def describe() -> Json:
    """Layers by name."""
    layer = section(
        "Experiments that exclude each other.",
        {
            "salt": text(f"It decides who has which slot: {SALT_RULE}.", "recall.4f1e"),
            "unit": usual(
                text("The attribute that names the unit.", "user_id"), "user_id"
            ),
        },
        ["salt"],
    )
    return mapping("Layers by name.", layer, ["recall"])
