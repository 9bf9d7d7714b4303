"""Who gets which arm: buckets, allocation, exposure, epochs.

``bucket(salt, unit)`` is the whole of the randomness of copylab; everything else
here says who owns which bucket, and writes down who got what. ``ExposureLog`` is where
a sending service writes it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from copylab.experiment.buckets import SLOTS, bucket

if TYPE_CHECKING:
    from copylab.experiment.log import ExposureLog, recover_exposures

_LOG = ("ExposureLog", "recover_exposures")

__all__ = ["SLOTS", "ExposureLog", "bucket", "recover_exposures"]


def __getattr__(name: str) -> object:
    """A public name of the log, fetched when it is first used: not everybody logs.

    Raises:
        AttributeError: There is no such name.
    """
    if name not in _LOG:
        raise AttributeError(f"module 'copylab.experiment' has no attribute {name!r}")
    value: object = getattr(import_module("copylab.experiment.log"), name)
    globals()[name] = value
    return value
