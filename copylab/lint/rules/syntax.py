"""A file cannot be read as what it is.

What: The syntax of YAML files and of the template language: pairs of {{ }} and {% %},
indentation, quotes.

Why: Nothing of the file can be checked or sent.

Bad:
```sms.en-US.md
Example: {{ name }, your details are saved. Reply STOP to opt out
```
```message.yaml
purpose: marketing
 live: plain
```

Good:
```sms.en-US.md
Example: your details are saved. Reply STOP to opt out
```

Source: YAML 1.2.2; Jinja2, template designer documentation.
"""

from copylab.lint.rule import Rule

RULE = Rule("syntax", "CL001", "error", "reading", module=__name__)
