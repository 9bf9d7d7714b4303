"""The words of an arm, as they are shown beside its numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArmCopy:
    """A rendered message of an arm.

    Attributes:
        arm: The arm.
        channel: The channel.
        locale: The locale.
        fields: Each field's name and text.
        tags: What the wording is like, by tag.
        problem: Why it could not be rendered; empty where it was.
    """

    arm: str
    channel: str
    locale: str
    fields: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...] = ()
    problem: str = ""

    def to_dict(self) -> dict[str, object]:
        """All attributes, fields and tags as mappings."""
        return {
            "arm": self.arm,
            "channel": self.channel,
            "locale": self.locale,
            "fields": dict(self.fields),
            "tags": dict(self.tags),
            "problem": self.problem,
        }
