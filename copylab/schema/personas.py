"""``templates/_personas.yaml``."""

from __future__ import annotations

from copylab.schema.parts import Json, mapping


def describe() -> Json:
    """Made-up users by name."""
    user: Json = {
        "description": "A user as the sending service would hand it over.",
        "type": ["object", "null"],
        "additionalProperties": True,
        "examples": [{"user_id": "persona-1"}],
    }
    return mapping("Made-up users by name.", user, ["everything_missing"])
