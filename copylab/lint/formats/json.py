"""``json``: the whole report, versioned, for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.lint.report import Report


def render(report: Report) -> str:
    """An object with ``version``, ``summary``, ``findings``, ``proofs``, ``not_checked``."""
    return json.dumps(report.to_dict(), ensure_ascii=False, indent=2)
