"""A running experiment changed, or was never started.

What: `status: running` without an epoch; and arms, shares, salt or copy that differ from what the last epoch recorded.

Why: What was measured before and after the change is not one experiment.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
status: running
```
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 60%, none: 40%}
control: plain
status: running
epochs:
  - {epoch: 1, at: "2026-01-01T00:00:00Z", hash: "0", arms: {plain: 50%, none: 50%}}
```

Good:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
```

Source: A rule of copylab: `copylab start` records the epoch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """What changed since the last epoch; a missing epoch is found while reading."""
    from copylab.experiment.frozen import (  # noqa: PLC0415 - a message needs none
        frozen_findings,
    )

    copies = case.catalog.arm_hashes(case.experiment)
    yield from frozen_findings(case.experiment, copies)


RULE = Rule(
    "experiment-not-frozen",
    "CL503",
    "error",
    "experiment",
    check,
    module=__name__,
)
