"""Exactly this text: the rules over one rendered message of a workspace.

Lint judges every branch and every allowed value at once. Somebody who looks at a single
message asks what of that holds for this very text, and what only these values bring in.
So the rules run once more, over words that are what they are, with all that is known of
the message: its brand, its markets, its settings and what it is sent with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.lint.case import Field, Words
from copylab.lint.linted import check_words
from copylab.lint.ruleset import is_off
from copylab.lint.text import literal_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.findings import Finding
    from copylab.lint.layout_case import LayoutCases
    from copylab.lint.rule import Rule


def check_rendered(
    catalog: Catalog,
    key: Key,
    texts: Mapping[str, str],
    rules: Sequence[Rule],
    layouts: LayoutCases | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with the fields of one rendered message, in the order of its text.

    The file of a finding is the name of the field, and its lines and columns are those
    of the field's text. What is about a layout or the settings is left out: no value
    changes it.

    Args:
        catalog: The workspace's content.
        key: Message, channel, locale and variant.
        texts: By field, the text as it was rendered; an e-mail's body is Markdown.
        rules: The rules to run; those that settings switch off do not.
        layouts: The layouts of the workspace; None knows of none.
    """
    fields = {}
    for name, text in texts.items():
        scope = catalog.templates[key][name].scope
        fields[name] = Field(name, literal_template(text, name, scope))
    words = Words(catalog, catalog.messages[key[0]], *key[1:], fields, layouts)
    running = [rule for rule in rules if not is_off(rule, catalog.config.lint)]
    found = [item for item in check_words(words, running) if item.file in texts]
    order = {name: number for number, name in enumerate(texts)}
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda item: (
                order[item.file or ""],
                item.line or 0,
                item.column or 0,
                item.code,
            ),
        )
    )
