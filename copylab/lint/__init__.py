"""The linter: rules, engine and formats.

``check_text`` checks one finished text; ``Workspace.lint`` a whole workspace.
"""

from copylab.lint.check_text import check_text
from copylab.lint.report import Proof, Report

__all__ = ["Proof", "Report", "check_text"]
