"""A running experiment changed, or was never started.

What: `status: running` without an epoch; and arms, shares, salt, copy, message, unit, control, audience or layer that differ from what the last epoch recorded; and an older epoch whose record was changed by hand. Coverage may grow, and is told when it falls below what was recorded.

Why: What was measured before and after the change is not one experiment. Who is in a coverage of 10% is in one of 20%, with the same arm; when it falls, users lose their arm halfway. Results of an older epoch are read by its record.

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

```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
coverage: 10%
arms: {plain: 50%, none: 50%}
control: plain
status: running
epochs:
  - epoch: 1
    at: "2026-01-01T00:00:00Z"
    hash: "0"
    arms: {plain: 50%, none: 50%}
    design: {message: welcome, salt: welcome_test.1, unit: user_id, control: plain, coverage: 20%}
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

from copylab.experiment.frozen import record_findings
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """What changed since the last epoch, and what of older ones, by hand.

    A missing epoch is found while reading.
    """
    yield from case.catalog.frozen_findings(case.experiment)
    yield from record_findings(case.experiment)


RULE = Rule(
    "experiment-not-frozen",
    "CL503",
    "error",
    "experiment",
    check,
    module=__name__,
)
