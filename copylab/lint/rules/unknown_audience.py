"""An experiment names an audience that is not declared.

What: The `audience` of an experiment against experiments/audiences.yaml.

Why: Nobody could be assigned.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
audience: dormnt
```

Good:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
audience: dormant
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
    yield from audience_findings(case, "unknown-audience")


RULE = Rule(
    "unknown-audience",
    "CL513",
    "error",
    "experiment",
    check,
    module=__name__,
)
