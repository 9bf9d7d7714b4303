"""Shown: one state of a workspace, as the pages see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from copylab.findings import Finding
    from copylab.lint.report import Report
    from copylab.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """What was read and found at one moment; a page is a function of it.

    Attributes:
        root: The workspace's folder.
        workspace: What was read, with whatever is wrong in it.
        report: What lint found in all of it.
        at: The moment of the look, in UTC.
        last_good: For a message that cannot be read now, the workspace in which it
            last could.
        base: The revision that it is compared with; None where it is with none.
        base_name: What that revision was called.
        problem: Why this is not the newest state; empty where it is.
        is_checked: Whether lint has looked at all of it. Until then the report tells
            of the messages that were changed last, and of the others what was known.
    """

    root: Path
    workspace: Workspace
    report: Report
    at: datetime
    last_good: Mapping[str, Workspace] = field(
        default_factory=lambda: MappingProxyType({})
    )
    base: Workspace | None = None
    base_name: str = ""
    problem: str = ""
    is_checked: bool = True

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What was worked out of this state already, by the name of what it is."""
        return {}

    @cached_property
    def findings_by_message(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings in each message's folder, by the message's id."""
        found: dict[str, list[Finding]] = {}
        for finding in self.report.findings:
            name = message_of(finding.file)
            if name is not None:
                found.setdefault(name, []).append(finding)
        return {name: tuple(items) for name, items in found.items()}

    def findings_of(self, message_id: str) -> tuple[Finding, ...]:
        """The findings in a message's folder, gravest first as lint orders them."""
        return self.findings_by_message.get(message_id, ())


def message_of(file: str | None) -> str | None:
    """The message whose folder holds a file; None where it is no message's.

    Args:
        file: A name from the workspace's root, with slashes.
    """
    if file is None or not file.startswith("templates/"):
        return None
    name, _, _ = file.removeprefix("templates/").rpartition("/")
    return name if name and not name.startswith("_") else None
