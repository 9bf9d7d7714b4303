"""Two running experiments own the same slots of a layer.

What: The slots of a layer that each running experiment recorded when it was started.

Why: A layer promises that nobody is in two of its experiments. Two branches that each start an experiment take the same free slots, and it shows when they are merged.

Bad:
```experiments/layers.yaml
recall: {salt: recall.1}
=== experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
layer: recall
slots: 40%
status: running
epochs:
  - epoch: 1
    at: "2026-01-01T00:00:00Z"
    hash: "0"
    arms: {plain: 50%, none: 50%}
    design:
      {message: welcome, salt: welcome_test.1, unit: user_id, control: plain, coverage: 100%,
       layer: {name: recall, salt: recall.1, slots: [0-399999]}}
=== experiments/other.yaml
message: welcome
channels: [push]
salt: welcome_other.1
arms: {plain: 50%, none: 50%}
control: plain
layer: recall
slots: 40%
status: running
epochs:
  - epoch: 1
    at: "2026-01-01T00:00:00Z"
    hash: "0"
    arms: {plain: 50%, none: 50%}
    design:
      {message: welcome, salt: welcome_other.1, unit: user_id, control: plain, coverage: 100%,
       layer: {name: recall, salt: recall.1, slots: [0-399999]}}
```

Good:
```experiments/layers.yaml
recall: {salt: recall.1}
=== experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
layer: recall
slots: 40%
```

Source: A rule of copylab; Bakshy, Eckles and Bernstein, Designing and Deploying Online Field
Experiments, on namespaces and their segments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """One finding for each earlier experiment by name that owns slots of this one."""
    from copylab.experiment.layers import (  # noqa: PLC0415 - a message needs none
        overlap_findings,
    )

    yield from overlap_findings(case.experiment, case.catalog.experiments)


RULE = Rule(
    "layer-overlap",
    "CL508",
    "error",
    "experiment",
    check,
    module=__name__,
)
