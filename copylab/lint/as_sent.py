"""Short messages as they are sent: the words with what the gateway puts around them.

A gateway may put a signature before a text and an opt-out behind it. A reader gets all
of it, so rules on what a message has to say judge the words together with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.lint.field import Field
from copylab.lint.printed import added_by
from copylab.template.shape import Lit, Place, Seq

if TYPE_CHECKING:
    from copylab.channels.route import Route


def with_added(item: Field, route: Route) -> Field:
    """The body of a short message with what the gateway of a route puts around it.

    Its words stand at their own places, and what is added at the ends of them. Where
    nothing is added it is the body itself; links that are rewritten stay as written.

    Args:
        item: The body.
        route: The way it takes.
    """
    head, tail = added_by(route)
    if not head and not tail:
        return item
    key = f"as sent {head!r} {tail!r}"
    if key not in item.kept:
        passage, lowered = item.template.passage, item.template.lowered
        end = len(passage.text)
        parts = (
            Lit(head, Place(passage, 0, 0, exact=False)),
            item.shape,
            Lit(tail, Place(passage, end, end, exact=False)),
        )
        kept = tuple(p for p in parts if not isinstance(p, Lit) or p.text)
        shape = replace(lowered, shape=Seq(kept))
        item.kept[key] = Field(item.name, replace(item.template, lowered=shape))
    found: Field = item.kept[key]
    return found
