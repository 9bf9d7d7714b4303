"""Refusals: what is said of a construct of Jinja that is not in the language."""

from __future__ import annotations

from jinja2 import nodes

_NAMES = {
    nodes.AssignBlock: "a 'set' with a body",
    nodes.CallBlock: "'call'",
    nodes.FilterBlock: "'filter' around text",
    nodes.FromImport: "'import'",
    nodes.Scope: "'autoescape'",
    nodes.Dict: "a mapping",
    nodes.List: "a list outside of 'in'",
    nodes.Tuple: "a list outside of 'in'",
}
_TAGS = "the language has if, set, include, raw and, in e-mails, for"


def refusal(node: nodes.Node) -> tuple[str, str, str]:
    """Rule, message and cure for a construct that is not in the language."""
    match node:
        case nodes.Call():
            return (
                "not-in-language",
                "nothing can be called from copy",
                "pass the result as a variable",
            )
        case nodes.Getattr() | nodes.Getitem():
            message = "attributes and items of values cannot be reached from copy"
            return "not-in-language", message, "declare what you need as a variable"
        case nodes.Test():
            cure = "a missing value never gets here; compare with == or !="
            return "not-in-language", f"the test 'is {node.name}' is not needed", cure
        case nodes.Mul() | nodes.Div() | nodes.FloorDiv() | nodes.Mod() | nodes.Pow():
            cure = "compute it before, and pass it as a variable"
            return "not-in-language", "only + and - on whole numbers are computed", cure
        case nodes.Macro() | nodes.CallBlock() | nodes.Import() | nodes.FromImport():
            name = _NAMES.get(type(node), f"'{type(node).__name__.lower()}'")
            message = f"{name} is not in copylab's template language"
            cure = 'write the words in a partial: {% include "name.md" %}'
            return "not-in-language", message, cure
        case nodes.Block() | nodes.Extends():
            name = f"'{type(node).__name__.lower()}'"
            message = f"{name} is not in copylab's template language"
            cure = "e-mails have layouts: email.layout; other words go into partials"
            return "not-in-language", message, cure
    name = _NAMES.get(type(node), f"'{type(node).__name__.lower()}'")
    return "not-in-language", f"{name} is not in copylab's template language", _TAGS
