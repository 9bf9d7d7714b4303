"""An analysis as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.analysis.results import Analysis


def write(analysis: Analysis) -> str:
    """The analysis as indented JSON; numbers that do not exist are null."""
    return json.dumps(analysis.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)
