"""An experiment cannot be in the layer that it names.

What: A layer that is not declared in experiments/layers.yaml; another unit or the same salt as the layer's; and, as a warning for a draft, slots that the layer has not got left.

Why: Experiments exclude each other only where they randomise the same thing; and with the layer's own salt the arms would follow its slots.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
layer: recal
slots: 40%
=== experiments/layers.yaml
recall: {salt: recall.1}
```
```experiments/test.yaml
message: welcome
channels: [sms]
salt: recall.1
arms: {plain: 50%, none: 50%}
control: plain
layer: recall
slots: 40%
=== experiments/layers.yaml
recall: {salt: recall.1}
```

Good:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
layer: recall
slots: 40%
=== experiments/layers.yaml
recall: {salt: recall.1}
```

Source: A rule of copylab; growthbook/growthbook PR 3793, on units that differ inside a layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """What is wrong with how the experiment stands in its layer."""
    from copylab.experiment.layers import (  # noqa: PLC0415 - a message needs none
        layer_findings,
    )

    catalog = case.catalog
    yield from layer_findings(case.experiment, catalog.layers, catalog.experiments)


RULE = Rule(
    "bad-layer",
    "CL509",
    "error",
    "experiment",
    check,
    module=__name__,
)
