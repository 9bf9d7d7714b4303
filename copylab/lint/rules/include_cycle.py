"""A partial includes itself.

What: Includes of partials, through any number of others.

Why: It would never end.

Bad:
```sms.en-US.md
Example: saved. {% include "a.md" %}
=== _partials/a.md
Reply STOP to opt out {% include "b.md" %}
=== _partials/b.md
{% include "a.md" %}
```

Good:
```sms.en-US.md
Example: saved. {% include "a.md" %}
=== _partials/a.md
Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("include-cycle", "CL017", "error", "reading", module=__name__)
