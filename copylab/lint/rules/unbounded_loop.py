"""A loop runs over something without a bound, or where none may.

What: Loops run over declared lists with `max_items`, in the body of e-mails only.

Why: How long the text can get could not be known.

Bad:
```sms.en-US.md
Example: {% for item in steps %}next {% endfor %}. Reply STOP to opt out
```

Good:
```email.en-US.md
## subject
Your steps
## preheader
These are the steps that are left for you to do.
## body
Hi {{ name }},

{% for item in steps %}
- {% if item.step == "identity" %}your ID{% else %}a review{% endif %}
{% endfor %}

[See your account]({{ link }})
```

Source: A rule of copylab.
"""

from copylab.lint.rule import Rule

RULE = Rule("unbounded-loop", "CL024", "error", "reading", module=__name__)
