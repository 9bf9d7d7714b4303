"""Two running experiments share a message and a channel.

What: Running experiments on one message whose channels meet; one without `channels`
covers them all.

Why: A person can be in one of them only; which one would decide the arm is left to
chance, and both results are spoiled.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
status: running
epochs:
  - {epoch: 1, at: "2026-01-01T00:00:00Z", hash: "0", arms: {plain: 50%, none: 50%}}
=== experiments/other.yaml
message: welcome
channels: [sms]
salt: welcome_other.1
arms: {plain: 50%, none: 50%}
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
=== experiments/other.yaml
message: welcome
channels: [sms]
salt: welcome_other.1
arms: {plain: 50%, none: 50%}
control: plain
```

Source: A rule of copylab; Kohavi, Tang and Xu, Trustworthy Online Controlled Experiments,
chapter 4 on layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.experiments import channels_of, experiment_span, message_of
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """One finding for each earlier experiment, at the later one by name."""
    experiment, message = case.experiment, message_of(case)
    if message is None or experiment.status != "running":
        return
    covered = channels_of(experiment, message)
    for name, other in sorted(case.catalog.experiments.items()):
        if name >= experiment.name or other.status != "running":
            continue
        shared = [item for item in channels_of(other, message) if item in covered]
        if other.message == experiment.message and shared:
            text = (
                f"runs on {message.id} at the same time as {name}: {', '.join(shared)}"
            )
            cure = "conclude one of them, or keep their channels apart"
            span = experiment_span(experiment, "message")
            yield RULE.finding(text, span, help=cure)


RULE = Rule(
    "experiment-overlap",
    "CL507",
    "error",
    "experiment",
    check,
    module=__name__,
)
