"""The linter: rules, engine and formats.

``check_text`` checks one finished text; ``Workspace.lint`` a whole workspace. Both give
findings; a ``Report`` also holds what was proved, and what was not checked.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.lint.report import Proof, Report
    from copylab.lint.text import check_text

_HOMES = {"Proof": "report", "Report": "report", "check_text": "text"}

__all__ = ["Proof", "Report", "check_text"]


def __getattr__(name: str) -> object:
    """A public name, fetched from its home when it is first used.

    Raises:
        AttributeError: There is no such name.
    """
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'copylab.lint' has no attribute {name!r}")
    value: object = getattr(import_module(f"copylab.lint.{home}"), name)
    globals()[name] = value
    return value
