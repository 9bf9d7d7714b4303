"""The linter: rules, engine and formats.

``check_text`` checks one finished text, and ``examine_text`` also tells what was not
checked; ``Workspace.lint`` checks a whole workspace. A ``Report`` also holds what was proved.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copylab.lint.report import Proof, Report
    from copylab.lint.text import Checked, check_text, examine_text

_HOMES = {
    "Checked": "text",
    "Proof": "report",
    "Report": "report",
    "check_text": "text",
    "examine_text": "text",
}

__all__ = ["Checked", "Proof", "Report", "check_text", "examine_text"]


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
