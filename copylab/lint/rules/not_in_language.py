"""Something is not part of the template language.

What: Everything but comparisons, and or not in, ~, + and - on whole numbers,
conditional expressions, set, if, include and bounded loops.

Why: What a template prints must stay provable, and no template may reach beyond its
variables.

Bad:
```sms.en-US.md
Example: {{ name.upper() }}, saved. Reply STOP to opt out
```

Good:
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("not-in-language", "CL020", "error", "reading", module=__name__)
