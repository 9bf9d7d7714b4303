"""Filters: the table of all that the language has, and what it refuses."""

from __future__ import annotations

from copylab.template.contract import Call, Filter
from copylab.template.number_filters import NUMBER_FILTERS
from copylab.template.text_filters import TEXT_FILTERS
from copylab.template.time_filters import TIME_FILTERS

__all__ = ["FILTERS", "REFUSED", "Call", "Filter"]

FILTERS: dict[str, Filter] = {
    entry.name: entry for entry in (*NUMBER_FILTERS, *TIME_FILTERS, *TEXT_FILTERS)
}
"""Every filter by its name."""

REFUSED = {
    "default": "say what happens to a missing value once, in message.yaml: missing:",
    "d": "say what happens to a missing value once, in message.yaml: missing:",
    "safe": "values are escaped for where they land; nothing can switch that off",
    "escape": "values are escaped for where they land; leave it out",
    "e": "values are escaped for where they land; leave it out",
    "round": "printing never rounds; declare decimals, and send exact numbers",
    "format": "use money, number, percent or date",
}
"""Filters of Jinja that people look for, and what to do instead."""
