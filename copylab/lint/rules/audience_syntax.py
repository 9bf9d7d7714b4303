"""A condition cannot be read.

What: The conditions of experiments/audiences.yaml and those that experiments write themselves.

Why: Who is in the audience would be anybody's guess.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
audience: "loans = = 0"
```

Good:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
audience: "loans = 0"
```

Source: A rule of copylab: the language of audiences is a restricted SQL condition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.experiments import audience_findings
from copylab.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from copylab.findings import Finding
    from copylab.lint.case import ExperimentCase


def check(case: ExperimentCase) -> Iterator[Finding]:
    """What is wrong with the condition an experiment writes itself."""
    yield from audience_findings(case, "audience-syntax")


RULE = Rule(
    "audience-syntax",
    "CL510",
    "error",
    "experiment",
    check,
    module=__name__,
)
