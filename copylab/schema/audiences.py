"""``experiments/audiences.yaml``."""

from __future__ import annotations

from copylab.schema.parts import Json, mapping, text


def describe() -> Json:
    """Conditions by name."""
    condition = text(
        "A condition on the attributes in copylab.yaml.",
        "loans = 0 and last_visit_at <= now - 30 days",
    )
    name = "^[A-Za-z_][A-Za-z0-9_]{0,99}$"
    return mapping("Audiences by name.", condition, ["away"], name)
