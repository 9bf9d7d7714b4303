"""Readability: which texts rules can look at, and what in them stays unproved.

One fault does not hide the others. A value that could not be read, or whose variable
has no bounds, counts as one character where lengths are concerned, and as any text
where phrases are; what is found besides holds whatever the value is meant to be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.lint.case import Words
from copylab.message.model import FIELDS

if TYPE_CHECKING:
    from copylab.catalog import Catalog, Key
    from copylab.lint.layout_case import LayoutCases

_OPTIONAL = frozenset(("preheader",))


def is_readable(catalog: Catalog, key: Key) -> bool:
    """Whether all words of a text were read, be it with values that were not."""
    templates = catalog.templates[key]
    wanted = set(FIELDS[key[1]]) - _OPTIONAL
    return wanted <= templates.keys() and all(
        item.lowered.is_whole for item in templates.values()
    )


def gaps_of(catalog: Catalog, key: Key) -> str:
    """What of a text was not read or has no bounds, in words; empty where nothing."""
    variables = catalog.messages[key[0]].variables
    templates = catalog.templates[key].values()
    unread = sum(item.lowered.unknown for item in templates)
    used = frozenset().union(*(item.lowered.used for item in templates))
    open_ended = sorted(name for name in used if not variables[name].has_bounds)
    parts = []
    if unread:
        noun = "value or condition" if unread == 1 else "values or conditions"
        parts.append(f"{unread} {noun} could not be read")
    if open_ended:
        verb = "has" if len(open_ended) == 1 else "have"
        parts.append(f"{', '.join(open_ended)} {verb} no bounds")
    if parts:
        return " and ".join(parts) + "; each counts as one character in lengths"
    wrong = any(
        finding.severity == "error"
        for item in templates
        for finding in item.lowered.findings
    )
    return "it has errors; the rest was checked" if wrong else ""


def gaps_in(words: Words) -> str:
    """What of a text and of the layout around it is not known; empty where nothing."""
    own = gaps_of(
        words.catalog, (words.message.id, words.channel, words.locale, words.variant)
    )
    return "; ".join(filter(None, (own, words.layout_gap)))


def words_of(catalog: Catalog, key: Key, layouts: LayoutCases | None) -> Words:
    """A text for rules to look at; with gaps, unbounded values count as a character."""
    words = Words.of(catalog, key, layouts)
    if not gaps_of(catalog, key):
        return words
    fields = {}
    for name, item in words.fields.items():
        scope = replace(item.template.scope, is_guessed=True)
        fields[name] = replace(item, template=replace(item.template, scope=scope))
    return replace(words, fields=fields)
