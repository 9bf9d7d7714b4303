"""Reading declarations of variables from ``message.yaml``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from copylab.document import Section
from copylab.findings import Finding, report
from copylab.locales import normalise_locale
from copylab.message.charsets import CHARSETS, in_charset
from copylab.message.model import NUMBER_TYPES, TEXT_TYPES, VARIABLE_TYPES, Variable
from copylab.message.model import Missing as MissingRule
from copylab.message.values import EXACT, MISSING, read_date, read_datetime, reader

if TYPE_CHECKING:
    from copylab.document import Entry, Node

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
RESERVED = frozenset(
    (
        *("brand", "body", "subject", "preheader", "locale", "dir", "loop", "self"),
        *("true", "false", "none", "True", "False", "None", "and", "or", "not", "in"),
        *("is", "if", "elif", "else", "for", "set", "include", "recursive", "super"),
    )
)
"""What names mean to layouts and to the language itself."""
MAX_DECIMALS = 12
MAX_DIGITS = 16
"""Digits before the point; with ``MAX_DECIMALS``, what Python's decimals hold."""
MAX_LENGTH = 20_000
"""The longest text: more than any channel takes, and short enough to be proved."""
MAX_ITEMS = 1000
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_BASE = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?/[!-~]*\Z")
DEFAULT_DECIMALS = {"decimal": 2, "percent": 2, "money": 0, "int": 0}
"""Digits after the point where a declaration says nothing, by type."""
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime.combine(datetime(2199, 12, 31, tzinfo=UTC), time.max, UTC)
_YEARS = (1000, 9998)


@dataclass(frozen=True, slots=True)
class _Declared:
    """A declaration being read."""

    section: Section
    name: str
    type: str

    def wrong(self, key: str, message: str, cure: str = "") -> None:
        span = self.section.span(key)
        finding = report("bad-value", f"{self.name}: {message}", span, help=cure)
        self.section.findings.append(finding)


def read_variables(section: Section | None) -> dict[str, Variable]:
    """The variables of a ``variables:`` mapping; what is wrong goes to its findings."""
    if section is None:
        return {}
    variables = {}
    for entry in section.entries():
        if not NAME.match(entry.key) or entry.key in RESERVED:
            message = f"'{entry.key}' cannot be the name of a variable"
            cure = "use letters, digits and _, and none of: "
            cure += ", ".join(sorted(RESERVED))
            section.findings.append(
                report("bad-value", message, entry.key_span, help=cure)
            )
            continue
        variable = read_variable(entry, section.findings)
        if variable is not None:
            variables[variable.name] = variable
    return variables


def read_variable(entry: Entry, findings: list[Finding]) -> Variable | None:
    """One declared variable, or None where its type cannot be read."""
    section = Section(entry.node, findings, entry.key)
    kind = section.take_choice("type", VARIABLE_TYPES, required=True)
    if kind is None:
        return None
    declared = _Declared(section, entry.key, kind)
    source = section.take_text("from") or entry.key
    variable = Variable(entry.key, kind, source, entry.key_span)
    variable = _read_bounds(declared, variable)
    variable = replace(variable, missing=_read_missing(declared, variable))
    section.finish()
    return variable


def _read_bounds(declared: _Declared, variable: Variable) -> Variable:
    kind = declared.type
    if kind in TEXT_TYPES:
        return _read_text(declared, variable)
    if kind in NUMBER_TYPES:
        return _read_number(declared, variable)
    if kind in {"date", "datetime"}:
        return _read_time(declared, variable)
    if kind == "url":
        return _read_url(declared, variable)
    if kind == "enum":
        return _read_enum(declared, variable)
    return _read_list(declared, variable) if kind == "list" else variable


def _unbounded(declared: _Declared, what: str, example: str) -> None:
    declared.section.findings.append(
        report(
            "unbounded-variable",
            f"{declared.name} has no {what}: how long it can get is not known",
            declared.section.node.span,
            help=f"declare {example}",
        )
    )


def _read_text(declared: _Declared, variable: Variable) -> Variable:
    section = declared.section
    limit = section.take_integer("max", at_least=1, at_most=MAX_LENGTH)
    charset = section.take_choice("charset", CHARSETS) or "any"
    is_text = variable.type == "text"
    multiline = is_text and section.take_boolean("multiline")
    links = is_text and section.take_boolean("links")
    if limit is None and "max" not in section:
        _unbounded(declared, "max", "max: 20")
    return replace(
        variable,
        max_length=limit,
        charset=charset,
        multiline=multiline,
        links=links,
        has_bounds=limit is not None,
    )


def _take_decimal(declared: _Declared, key: str) -> Decimal | None:
    node = declared.section.take(key)
    if node is None:
        return None
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        declared.wrong(key, f"{key} must be a number, not {node.kind}")
        return None
    number = _exactly(node)
    if number.is_zero():
        return Decimal(0)  # minus zero would print its sign
    if not number.is_finite() or abs(number.adjusted()) >= MAX_DIGITS:
        declared.wrong(
            key, f"{key} is '{node.text}', must have up to {MAX_DIGITS} digits"
        )
        return None
    return number


def _exactly(node: Node) -> Decimal:
    """The number of a node, digit by digit as it is written."""
    if isinstance(node.value, int):
        return Decimal(node.value)
    try:
        return Decimal(node.text)
    except InvalidOperation:  # ".inf", or an exponent that no number has
        return Decimal("Infinity")


def _read_number(declared: _Declared, variable: Variable) -> Variable:
    section = declared.section
    low, high = _take_decimal(declared, "min"), _take_decimal(declared, "max")
    decimals = DEFAULT_DECIMALS[variable.type]
    if variable.type != "int":
        written = section.take_integer("decimals", at_least=0)
        decimals = decimals if written is None else written
        if decimals > MAX_DECIMALS:
            declared.wrong("decimals", f"decimals is over {MAX_DECIMALS}")
            decimals = MAX_DECIMALS
    currency = ""
    if variable.type == "money":
        currency = section.take_text("currency", required=True) or ""
        if currency and not _currency_known(currency):
            message = f"'{currency}' is not an ISO 4217 currency"
            declared.wrong("currency", message, "write a code such as CNY, USD, EUR")
            currency = ""
    if "min" not in section or "max" not in section:
        _unbounded(declared, "min and max", "min: 0, max: 1000")
    elif low is not None and high is not None and low > high:
        declared.wrong("min", f"min {low} is above max {high}")
        low = high = None
    step = Decimal(1).scaleb(-decimals)
    for key, bound in (("min", low), ("max", high)):
        if bound is not None and bound != bound.quantize(step, context=EXACT):
            declared.wrong(key, f"{key} has more than {decimals} decimals")
            low = high = None
    return replace(
        variable,
        low=low,
        high=high,
        decimals=decimals,
        currency=currency,
        has_bounds=low is not None and high is not None,
    )


def _currency_known(currency: str) -> bool:
    from babel.core import get_global  # noqa: PLC0415 - only money needs it

    return bool(_CURRENCY.match(currency)) and currency in get_global("all_currencies")


def _read_time(declared: _Declared, variable: Variable) -> Variable:
    bounds = []
    for key, usual in (("min", _EARLIEST), ("max", _LATEST)):
        text = declared.section.take_text(key)
        bound = usual if text is None else _parse_time(text, variable.type, key)
        if bound is None:
            message = f"'{text}' is not a {variable.type}"
            declared.wrong(key, message, "write 2026-09-30 or 2026-09-30T08:00:00Z")
        elif not _YEARS[0] <= bound.year <= _YEARS[1]:
            years = f"from {_YEARS[0]} to {_YEARS[1]}"
            declared.wrong(key, f"{key} is in the year {bound.year}, must be {years}")
            bound = None
        bounds.append(bound or usual)
    if bounds[0] > bounds[1]:
        declared.wrong("min", "min is after max")
        bounds = [_EARLIEST, _LATEST]
    return replace(variable, low=bounds[0], high=bounds[1])


def _parse_time(text: str, kind: str, key: str) -> datetime | None:
    """A bound; a day as the latest one is meant to its end."""
    day = read_date(text)
    if day is None:
        return read_datetime(text) if kind == "datetime" else None
    clock = time.max if key == "max" else time.min
    return datetime.combine(day, clock, UTC)


def _read_url(declared: _Declared, variable: Variable) -> Variable:
    section = declared.section
    base = section.take_text("base") or ""
    limit = section.take_integer("max", at_least=1, at_most=MAX_LENGTH)
    if base and not _BASE.match(base):
        message = f"base '{base}' is not the start of an address"
        cure = "write https://, the host in small letters, and at least one / after it"
        declared.wrong("base", message, cure)
        base = ""
    if limit is None and "max" not in section:
        _unbounded(declared, "max", "max: 40, counted over the whole address")
    if limit is not None and limit <= len(base):
        message = f"max {limit} leaves no room after base ({len(base)} characters)"
        declared.wrong("max", message)
    return replace(variable, base=base, max_length=limit, has_bounds=limit is not None)


def _read_enum(declared: _Declared, variable: Variable) -> Variable:
    node = declared.section.take("values", required=True)
    written = declared.section.take_texts("values") or ()
    values = [unicodedata.normalize("NFC", value) for value in written]
    if node is not None and node.value == ():
        declared.wrong("values", "values lists nothing")
    blank = [value for value in values if value != value.strip() or not value]
    if blank:
        declared.wrong("values", "a value is blank or has blanks at its ends")
    elif not all(in_charset(value, "any") for value in values):
        declared.wrong("values", "a value holds a line break or an invisible character")
    if len(set(values)) < len(values):
        declared.wrong("values", "a value is listed twice")
    kept = tuple(dict.fromkeys(v for v in values if v not in blank))
    return replace(variable, values=kept, has_bounds=bool(kept))


def _read_list(declared: _Declared, variable: Variable) -> Variable:
    section = declared.section
    limit = section.take_integer("max_items", at_least=1, at_most=MAX_ITEMS)
    if limit is None and "max_items" not in section:
        _unbounded(declared, "max_items", "max_items: 3")
    inner = section.take_section("items", required=True)
    items: dict[str, Variable] = {}
    for entry in inner.entries() if inner is not None else ():
        if not NAME.match(entry.key):
            message = f"'{entry.key}' cannot be the name of a field"
            cure = "use letters, digits and _"
            section.findings.append(
                report("bad-value", message, entry.key_span, help=cure)
            )
            continue
        field = read_variable(entry, section.findings)
        if field is None:
            continue
        if field.type == "list":
            declared.wrong("items", "a list inside a list is not read")
        elif field.missing.action == "skip":
            declared.wrong("items", f"{field.name}: a field of a list cannot skip")
        else:
            items[field.name] = field
    bounded = all(field.has_bounds for field in items.values())
    return replace(
        variable,
        max_items=limit,
        items=items,
        has_bounds=limit is not None and bounded,
    )


def _read_missing(declared: _Declared, variable: Variable) -> MissingRule:
    node = declared.section.take("missing")
    if node is None or node.text == "error":
        return MissingRule()
    if node.text == "skip":
        return MissingRule("skip")
    if not isinstance(node.value, dict):
        return MissingRule("use", _replacement(declared, variable, node))
    locales = {}
    inner = Section(node, declared.section.findings, "missing")
    for entry in inner.entries():
        tag = normalise_locale(entry.key)
        if tag is None:
            message = f"missing names '{entry.key}', which is not a locale"
            declared.wrong("missing", message)
            continue
        locales[tag] = _replacement(declared, variable, entry.node)
    if not node.value:
        declared.wrong("missing", "missing names no locale")
    return MissingRule("use", None, locales) if locales else MissingRule()


def _replacement(declared: _Declared, variable: Variable, node: Node) -> object:
    """The replacement as raw data; it must be a value that the variable allows."""
    raw = node.plain()
    text_like = variable.type in TEXT_TYPES
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if (text_like and is_number) or (variable.type == "enum" and node.text):
        raw = node.text  # as it is written: a text may look like a number
    elif isinstance(raw, float):
        raw = _exactly(node)
    empty = (text_like and raw == "") or (variable.type == "list" and raw == [])
    if empty or not variable.has_bounds:
        return raw
    if reader(variable)(raw) is MISSING:
        declared.section.findings.append(
            report(
                "missing-value-out-of-bounds",
                f"{declared.name}: the replacement '{node.text or raw}' is itself "
                f"outside the bounds of the variable",
                node.span,
                help="choose a replacement that the bounds allow, or widen them",
            )
        )
    return raw
