"""The shares of the arms do not make the whole.

What: The sum of `arms`; thirds are written 1/3.

Why: Somebody would be in no arm, or in two.

Bad:
```experiments/test.yaml
message: welcome
salt: welcome_test.1
arms: {plain: 50%, none: 40%}
control: plain
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

RULE = Rule("arms-sum", "CL501", "error", "reading", module=__name__)
