"""Message copy as code: write it, prove it, test it, promote it.

``load(path)`` reads a workspace and gives a ``Workspace``: its ``messages``, its
``experiments``, and the verbs ``compose``, ``render`` and ``lint``. A composed message
is an ``Sms``, a ``Push`` or an ``Email``; who is not sent to is ``Skipped`` or
``Rejected``, with a reason. ``open_workspace(path)`` reads one that has errors too.

The rooms behind it can be used by themselves: ``copylab.channels`` measures and builds
messages, ``copylab.experiment`` assigns arms, ``copylab.analysis`` compares them,
``copylab.lint`` checks a workspace.

What goes wrong raises ``CopylabError`` or a class below it. Importing copylab imports
nothing else; each name is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from copylab.version import __version__

if TYPE_CHECKING:
    from copylab import analysis, channels, compose, experiment, lint
    from copylab.channels.composed import Email, Push, Sms
    from copylab.compose.result import Rejected, Skipped
    from copylab.errors import (
        CopylabError,
        DataError,
        DecisionError,
        RenderError,
        UnreadableError,
        WorkspaceError,
    )
    from copylab.findings import Finding
    from copylab.workspace import Workspace, load, open_workspace

_HOMES = {
    "CopylabError": "errors",
    "DataError": "errors",
    "DecisionError": "errors",
    "Email": "channels.composed",
    "Finding": "findings",
    "Push": "channels.composed",
    "Rejected": "compose.result",
    "RenderError": "errors",
    "Skipped": "compose.result",
    "Sms": "channels.composed",
    "UnreadableError": "errors",
    "Workspace": "workspace",
    "WorkspaceError": "errors",
    "load": "workspace",
    "open_workspace": "workspace",
}
_ROOMS = ("analysis", "channels", "compose", "experiment", "lint")

__all__ = [
    "CopylabError",
    "DataError",
    "DecisionError",
    "Email",
    "Finding",
    "Push",
    "Rejected",
    "RenderError",
    "Skipped",
    "Sms",
    "UnreadableError",
    "Workspace",
    "WorkspaceError",
    "__version__",
    "analysis",
    "channels",
    "compose",
    "experiment",
    "lint",
    "load",
    "open_workspace",
]


def __getattr__(name: str) -> object:
    """A public name, fetched from its home.

    Raises:
        AttributeError: There is no such name.
    """
    if name in _ROOMS:
        return import_module(f"copylab.{name}")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'copylab' has no attribute {name!r}")
    value: object = getattr(import_module(f"copylab.{home}"), name)
    globals()[name] = value
    return value
