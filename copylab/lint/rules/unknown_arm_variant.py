"""An arm is no variant of the message, or has no words.

What: Each arm but `none` against the variants of the message, and against the words of each channel and locale that the experiment covers.

Why: Everybody in such an arm gets nothing, and the arms are no longer comparable.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, cupon: 50%}
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
from copylab.lint.experiments import channels_of, experiment_span, message_of
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """One finding for each arm."""
    experiment, message = case.experiment, message_of(case)
    if message is None:
        return
    for arm in experiment.variants:
        span = experiment_span(experiment, f"arms.{arm}")
        if arm not in message.variants:
            text = f"the arm '{arm}' is no variant of {message.id}"
            cure = suggest(arm, message.variants)
            cure = cure or "variants: " + ", ".join(message.variants)
            yield RULE.finding(text, span, help=cure)
            continue
        for (channel, locale), copy in message.copies.items():
            covered = channel in channels_of(experiment, message)
            if covered and arm not in copy.variants:
                text = f"the arm '{arm}' has no words in {channel}.{locale}.md"
                cure = f"write them below a heading '# {arm}'"
                yield RULE.finding(text, span, help=cure)


RULE = Rule(
    "unknown-arm-variant",
    "CL505",
    "error",
    "experiment",
    check,
    module=__name__,
)
