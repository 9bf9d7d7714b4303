"""``experiments/metrics.yaml``."""

from __future__ import annotations

from copylab.experiment.model import DIRECTIONS, METRIC_KINDS
from copylab.schema.parts import Json, choice, mapping, quantity, section, text, usual


def describe() -> Json:
    """Metrics by name."""
    metric = section(
        "What is measured, per unit, on everybody assigned.",
        {
            "event": text("The event that is counted.", "click"),
            "kind": choice(
                "A share of units, a mean per unit, or a ratio.", METRIC_KINDS
            ),
            "within": text("How long after the exposure it counts.", "7d"),
            "value": text("The column that a mean sums.", "amount"),
            "per": text("What a ratio is divided by.", "exposure"),
            "winsorise": quantity("The quantile above which values are cut.", "99.9%"),
            "covariate": text(
                "What is known from before: the same measure in that time, or a column "
                "of the exposures.",
                "28d",
            ),
            "better": usual(choice("Which direction is good.", DIRECTIONS), "higher"),
            "margin": quantity("How much worse a guardrail may get.", "0.2%"),
        },
        ["event", "kind"],
    )
    return mapping("Metrics by name.", metric, ["click"])
