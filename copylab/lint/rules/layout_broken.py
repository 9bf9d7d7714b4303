"""An e-mail layout cannot be compiled.

What: MJML and HTML layouts: markup, tags, attributes and units that MJML does not know,
template tags where the compiler would lose them, and a page that differs from the one
that compiling for each user would give, on any way through the conditions and loops.

Why: No e-mail with this layout could be sent, or some readers would get a broken one.

Bad:
```email.en-US.md
## subject
Your account
## body
Hi {{ name }}, saved.
=== _layouts/main.mjml
<mjml><mj-body><mj-section></mj-body></mjml>
```

Good:
```email.en-US.md
## subject
Your account
## body
Hi {{ name }}, saved.
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("layout-broken", "CL025", "error", "reading", module=__name__)
