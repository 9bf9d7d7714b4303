"""A partial or a layout is not there.

What: Names in {% include %}, below templates/_partials, and the layout that `email`
names.

Why: The words would be missing from the message.

Bad:
```sms.en-US.md
Example: saved. {% include "optout.md" %}
```

Good:
```sms.en-US.md
Example: saved. {% include "optout.md" %}
=== _partials/optout.md
Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("include-missing", "CL016", "error", "reading", module=__name__)
