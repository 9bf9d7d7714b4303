"""An experiment is about a message that is not there.

What: The `message` of an experiment against the folders below templates/.

Why: Nobody would be in the experiment, and nothing would say so.

Bad:
```experiments/test.yaml
message: welcom
channels: [sms]
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

    from copylab.catalog import Catalog
    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """The finding, where there is no such message."""
    name = case.experiment.message
    if message_of(case) is not None or was_tried(case.catalog, name):
        return
    message = f"there is no message '{name}'"
    cure = suggest(name, case.catalog.messages)
    cure = cure or "messages: " + ", ".join(sorted(case.catalog.messages))
    yield RULE.finding(message, experiment_span(case.experiment, "message"), help=cure)


def was_tried(catalog: Catalog, name: str) -> bool:
    """Whether the message is there and could not be read, which is told by itself."""
    file = f"templates/{name}/message.yaml"
    return any(finding.file == file for finding in catalog.findings)


RULE = Rule(
    "unknown-message",
    "CL504",
    "error",
    "experiment",
    check,
    module=__name__,
)
