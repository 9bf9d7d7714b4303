"""An experiment names a metric that is not declared.

What: The metrics of an experiment against experiments/metrics.yaml.

Why: The analysis could not be run, and that is noticed when all has been sent.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
metrics: {primary: clck}
```

Good:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
metrics: {primary: click}
```

Source: A rule of copylab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """One finding for each metric."""
    from copylab.experiment.metrics import (  # noqa: PLC0415 - a message needs none
        metric_findings,
    )

    yield from metric_findings(case.experiment, case.catalog.metrics)


RULE = Rule(
    "unknown-metric",
    "CL515",
    "error",
    "experiment",
    check,
    module=__name__,
)
