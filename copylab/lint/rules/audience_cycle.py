"""An audience is defined by itself.

What: Audiences used in audiences, through any number of others.

Why: Nobody can be said to be in it.

Bad:
```experiments/audiences.yaml
dormant: loans = 0 and quiet
quiet: dormant
```

Good:
```experiments/audiences.yaml
dormant: loans = 0 and quiet
quiet: user_id is not null
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("audience-cycle", "CL514", "error", "reading", module=__name__)
