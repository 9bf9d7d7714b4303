"""A condition compares an attribute that may be null.

What: Comparisons with an attribute declared with a trailing `?` that nothing guards.

Why: A null is neither before nor after: such users silently drop out.

Bad:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
audience: "visited_at <= now - 3 days"
```

Good:
```experiments/test.yaml
message: welcome
channels: [sms]
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
audience: "visited_at is not null and visited_at <= now - 3 days"
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
    yield from audience_findings(case, "nullable-compared")


RULE = Rule(
    "nullable-compared",
    "CL512",
    "warning",
    "experiment",
    check,
    module=__name__,
)
