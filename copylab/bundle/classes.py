"""The classes a bundle may name: a closed list, and the hash of what they look like.

A bundle is read by any copylab whose classes have the same fields. The hash tells the
others apart, so nobody has to remember to count up a format number.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from functools import cache

from copylab.audience import condition
from copylab.audience.attributes import Attribute
from copylab.audience.read import Audience
from copylab.config import ByLocale, Config, LocaleRules, Markets
from copylab.data_settings import DataSettings, MachineRules
from copylab.document import Entry, Node
from copylab.experiment.allocation import Allocation, SlotRange
from copylab.experiment.holdout import Holdout
from copylab.experiment.layers import Layer
from copylab.experiment.model import (
    Design,
    Epoch,
    Experiment,
    LayerSlots,
    MetricChoice,
    MetricDefinition,
    Plan,
)
from copylab.findings import Edit, Finding, Fix, Witness
from copylab.layouts import Layout
from copylab.lint_settings import LintSettings, Override
from copylab.message.model import Copy, Message, Missing, Passage, Step, Variable
from copylab.prior_settings import PriorSetting
from copylab.push_settings import PushSettings
from copylab.sms_settings import Price, SmsSettings
from copylab.source import Span

_LISTED: tuple[type, ...] = (
    Allocation,
    Attribute,
    Audience,
    ByLocale,
    Config,
    Copy,
    DataSettings,
    Design,
    Edit,
    Entry,
    Epoch,
    Experiment,
    Finding,
    Fix,
    Holdout,
    Layer,
    LayerSlots,
    Layout,
    LintSettings,
    LocaleRules,
    MachineRules,
    Markets,
    Message,
    MetricChoice,
    MetricDefinition,
    Missing,
    Node,
    Override,
    Passage,
    Plan,
    Price,
    PriorSetting,
    PushSettings,
    SlotRange,
    SmsSettings,
    Span,
    Step,
    Variable,
    Witness,
    condition.Always,
    condition.And,
    condition.Between,
    condition.Compare,
    condition.Constant,
    condition.DateOf,
    condition.Flag,
    condition.In,
    condition.IsNull,
    condition.Like,
    condition.Named,
    condition.Not,
    condition.Now,
    condition.Or,
    condition.Place,
    condition.Ref,
)

CLASSES: dict[str, type] = {kind.__name__: kind for kind in _LISTED}
"""The classes by name."""

FORMAT = 1
"""How values are written; counted up when that changes."""


def field_names(kind: type) -> tuple[str, ...]:
    """The fields that make an object of a listed class, in their order."""
    own: tuple[str, ...] | None = getattr(kind, "_fields", None)  # a named tuple's
    if own is not None:
        return own
    return tuple(item.name for item in fields(kind) if item.init)


@cache
def layout_hash() -> str:
    """The hash of the format and of every listed class with its fields."""
    parts = [f"{name}({', '.join(field_names(CLASSES[name]))})" for name in CLASSES]
    return hashlib.sha256("\n".join((str(FORMAT), *parts)).encode()).hexdigest()[:16]
