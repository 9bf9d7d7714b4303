"""What a finding is about, for formats that put findings together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.findings import Finding

_MESSAGE = re.compile(r"(?:.*/)?templates/(?P<id>[^_].*)/[^/]+\Z", re.DOTALL)
ELSEWHERE = "workspace"
"""How findings without a file are called."""


def group_of(finding: Finding) -> str:
    """The id of the message whose folder a finding lies in; else its file."""
    match = _MESSAGE.match(finding.file or "")
    return match["id"] if match else finding.file or ELSEWHERE
