"""What leaves: SMS, push and email, built and measured."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["composed", "email", "push", "sms"]


def __getattr__(name: str) -> ModuleType:
    """One of the channels, imported when it is first used.

    Raises:
        AttributeError: There is no such channel.
    """
    if name in __all__:
        return import_module(f"copylab.channels.{name}")
    raise AttributeError(f"module 'copylab.channels' has no attribute {name!r}")
