"""An experiment covers a channel that the message has no words for.

What: The `channels` of an experiment against those of its message.

Why: Nothing is sent there, and nothing is measured.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms, pusch]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
```
```experiments/test.yaml
message: welcome
channels: [email]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
```

Good:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
```

Source: A rule of copylab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import suggest
from copylab.lint.experiments import experiment_span, message_of
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """One finding for each channel."""
    experiment, message = case.experiment, message_of(case)
    if message is None:
        return
    for channel in experiment.channels:
        if channel in message.channels:
            continue
        text = f"{message.id} has no words for the channel '{channel}'"
        cure = suggest(channel, message.channels)
        cure = cure or "it has: " + ", ".join(message.channels)
        span = experiment_span(experiment, f"channels.{channel}")
        yield RULE.finding(text, span, help=cure)


RULE = Rule(
    "unknown-channel",
    "CL506",
    "error",
    "experiment",
    check,
    module=__name__,
)
