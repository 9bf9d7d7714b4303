"""The arms cannot be compared.

What: Fewer than two arms, or a control that is no arm or has no share.

Why: There would be nothing to compare with.

Bad:
```experiments/test.yaml
message: welcome
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plan
```

Good:
```experiments/test.yaml
message: welcome
salt: welcome_test.1
arms: {plain: 50%, none: 50%}
control: plain
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("bad-arm", "CL502", "error", "reading", module=__name__)
