"""Controls: for each declared variable, what somebody needs to give it a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from copylab.audience.condition import refs_of
from copylab.message.model import NUMBER_TYPES, TEXT_TYPES
from copylab.template.compared import compared_constants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from copylab.audience.attributes import AttributeType
    from copylab.catalog import Catalog
    from copylab.message.model import Message, Variable

Kind = Literal["text", "number", "enum", "bool", "date", "datetime", "url", "list"]

MOST_MARKS = 12
"""Thresholds that are marked on one slider; more could not be told apart."""
_LABEL = 0.2
"""The part of a slider that a label takes."""
_ATTRIBUTE_KINDS: Mapping[AttributeType, Kind] = {
    "string": "text",
    "int": "number",
    "decimal": "number",
    "bool": "bool",
    "date": "date",
    "timestamp": "datetime",
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number with which conditions of the copy compare a variable.

    Attributes:
        value: The number, as it is written.
        part: Where it lies between the bounds, from 0 to 1.
        row: The row of its label: those that are near each other stand in rows.
    """

    value: str
    part: float
    row: int = 0


@dataclass(frozen=True, slots=True)
class Control:
    """What gives a variable, or an attribute of the user, its value.

    Attributes:
        name: The variable or the attribute.
        source: The key of the user that holds it.
        kind: What the control is.
        type: The declared type.
        is_attribute: Whether copy never sees it: an audience asks for it.
        low: The smallest number, day or time, as it is written; empty for none.
        high: The largest.
        step: The distance of neighbouring numbers.
        unit: What a number counts: a currency, or ``%``; empty for none.
        thresholds: Where the copy's conditions turn, in order.
        max_length: The most characters; of an address, those after its base.
        charset: The characters that are allowed.
        is_multiline: Whether there may be line breaks.
        base: The start of an address that nobody can change.
        values: The words of an enum.
        asked: Texts that conditions ask for.
        max_items: The most items of a list.
        items: The fields of a list's items.
        shares: Other variables that read the same key.
    """

    name: str
    source: str
    kind: Kind
    type: str
    is_attribute: bool = False
    low: str = ""
    high: str = ""
    step: str = ""
    unit: str = ""
    thresholds: tuple[Threshold, ...] = ()
    max_length: int | None = None
    charset: str = "any"
    is_multiline: bool = False
    base: str = ""
    values: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    max_items: int = 0
    items: tuple[Control, ...] = ()
    shares: tuple[str, ...] = ()

    @property
    def has_slider(self) -> bool:
        """Whether it is a number between two bounds that differ."""
        return self.kind == "number" and self.low != self.high


def make_controls(catalog: Catalog, message: Message) -> tuple[Control, ...]:
    """The controls of a message: its variables, then what its audiences ask for.

    Args:
        catalog: The workspace's content.
        message: One of its messages.
    """
    asked = _asked_of(catalog, message)
    controls = [
        control_of(variable, asked.get(variable.name, frozenset()))
        for variable in message.variables.values()
    ]
    known = {name for control in controls for name in (control.name, control.source)}
    controls += (
        Control(name, name, _ATTRIBUTE_KINDS[kind], kind, is_attribute=True)
        for name, kind in _attributes_of(catalog, message.id).items()
        if name not in known
    )
    return tuple(_with_shares(controls))


def control_of(variable: Variable, asked: Iterable[object] = ()) -> Control:
    """The control of one variable.

    Args:
        variable: The declaration.
        asked: The constants with which conditions compare it.
    """
    control = Control(variable.name, variable.source, "text", variable.type)
    if variable.type in TEXT_TYPES:
        return replace(
            control,
            max_length=variable.max_length,
            charset=variable.charset,
            is_multiline=variable.multiline,
            asked=tuple(
                sorted(text for text in asked if isinstance(text, str) and text)
            ),
        )
    if variable.type in NUMBER_TYPES:
        return _number(control, variable, asked)
    if variable.type in {"date", "datetime"}:
        return _time(control, variable)
    match variable.type:
        case "enum":
            return replace(control, kind="enum", values=variable.values)
        case "bool":
            return replace(control, kind="bool", values=("true", "false"))
        case "url":
            most = variable.max_length
            room = None if most is None else most - len(variable.base)
            return replace(control, kind="url", max_length=room, base=variable.base)
    items = tuple(map(control_of, variable.items.values()))
    return replace(control, kind="list", max_items=variable.max_items or 0, items=items)


def _number(control: Control, variable: Variable, asked: Iterable[object]) -> Control:
    step = Decimal(1).scaleb(-variable.decimals)
    control = replace(
        control,
        kind="number",
        step=format(step, "f"),
        unit="%" if variable.type == "percent" else variable.currency,
    )
    low, high = variable.low, variable.high
    if not isinstance(low, Decimal) or not isinstance(high, Decimal):
        return control
    turns = sorted({n for n in asked if isinstance(n, Decimal) and low <= n <= high})
    width = high - low
    thresholds = [
        Threshold(
            format(n.normalize(), "f"), float((n - low) / width) if width else 0.0
        )
        for n in turns[:MOST_MARKS]
    ]
    return replace(
        control,
        low=format(low, "f"),
        high=format(high, "f"),
        thresholds=tuple(_in_rows(thresholds)),
    )


def _in_rows(thresholds: Iterable[Threshold]) -> Iterator[Threshold]:
    """The thresholds in rows: the bounds stand in the first, and labels have room."""
    ends = [0.0]
    for item in thresholds:
        row = 0 if item.part <= 1 - _LABEL else 1
        while row < len(ends) and item.part - ends[row] < _LABEL:
            row += 1
        ends += [-1.0] * (row + 1 - len(ends))
        ends[row] = item.part
        yield replace(item, row=row)


def _time(control: Control, variable: Variable) -> Control:
    """A day or a time with its bounds as the browser's own control writes them."""
    low, high = variable.low, variable.high
    assert isinstance(low, datetime)
    assert isinstance(high, datetime)
    if variable.type == "date":
        first, last = low.date().isoformat(), high.date().isoformat()
        return replace(control, kind="date", low=first, high=last)
    first, last = (f"{end:%Y-%m-%dT%H:%M}" for end in (low, high))
    return replace(control, kind="datetime", low=first, high=last)


def _asked_of(catalog: Catalog, message: Message) -> dict[str, set[object]]:
    """By variable, what the conditions of all words of a message compare it with."""
    asked: dict[str, set[object]] = {}
    for key, fields in catalog.templates.items():
        if key[0] != message.id:
            continue
        for template in fields.values():
            for name, found in compared_constants(template.lowered.shape).items():
                asked.setdefault(name, set()).update(found)
    return asked


def _attributes_of(catalog: Catalog, message_id: str) -> dict[str, AttributeType]:
    """The attributes that decide who is in an experiment on a message, by name."""
    found: dict[str, AttributeType] = {}
    for experiment in catalog.experiments.values():
        if experiment.message != message_id or experiment.status != "running":
            continue
        found.setdefault(experiment.unit, "string")
        audience = catalog.audience_of(experiment)
        for ref in () if audience is None else refs_of(audience.condition):
            found.setdefault(ref.name, ref.type)
    return found


def _with_shares(controls: list[Control]) -> Iterator[Control]:
    """The controls, each with the others that read the same key of the user."""
    for control in controls:
        shares = tuple(
            other.name
            for other in controls
            if other.source == control.source and other.name != control.name
        )
        yield replace(control, shares=shares)
