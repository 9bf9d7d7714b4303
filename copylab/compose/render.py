"""Rendering one variant for given values, outside of every experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copylab.compose.build import BUILDERS
from copylab.compose.find import find_locale, find_message
from copylab.compose.prepare import prepare_copy
from copylab.compose.result import Rejected
from copylab.errors import RenderError
from copylab.message.values import MISSING, why_missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.catalog import Catalog
    from copylab.channels.composed import Email, Push, Sms
    from copylab.compose.prepare import PreparedCopy


def render_values(
    catalog: Catalog,
    message_id: str,
    values: Mapping[str, object],
    *,
    channel: str,
    locale: str,
    variant: str | None = None,
) -> Sms | Push | Email:
    """One variant for given values, without an experiment.

    Raises:
        RenderError: A value is missing that has no replacement, or there is no copy.
        ValueError: There is no such message, channel or variant.
    """
    copy = _prepare(catalog, message_id, channel, locale, variant)
    read, problems = read_values(copy, values)
    if problems:
        raise RenderError(f"{message_id} cannot be rendered", problems)
    return _build(message_id, channel, copy, read)


def render_read(
    catalog: Catalog,
    message_id: str,
    values: Mapping[str, object],
    *,
    channel: str,
    locale: str,
    variant: str | None = None,
) -> Sms | Push | Email:
    """One variant for values that copy can use as they are, by variable.

    Raises:
        RenderError: A value is not given that has no replacement, or there is no copy.
        ValueError: There is no such message, channel or variant.
    """
    copy = _prepare(catalog, message_id, channel, locale, variant)
    given = {item.name: values.get(item.name, item.replacement) for item in copy.inputs}
    problems = [name for name, value in given.items() if value is MISSING]
    if problems:
        raise RenderError(f"{message_id} cannot be rendered", problems)
    return _build(message_id, channel, copy, given)


def _prepare(
    catalog: Catalog, message_id: str, channel: str, locale: str, variant: str | None
) -> PreparedCopy:
    message = find_message(catalog, message_id, channel)
    chosen = message.live if variant is None else variant
    if chosen not in message.variants:
        known = ", ".join(message.variants)
        raise ValueError(f"variant == {chosen!r}, must be one of: {known}")
    tag = find_locale(catalog, message, channel, locale)
    if tag is None or chosen not in message.copies[channel, tag].variants:
        raise RenderError(
            f"{message_id} has no {channel} copy of '{chosen}' in {locale}"
        )
    return prepare_copy(catalog, message, channel, tag, chosen)


def _build(
    message_id: str, channel: str, copy: PreparedCopy, values: dict[str, Any]
) -> Sms | Push | Email:
    built = BUILDERS[channel](copy, values, lambda _segments: None)
    if isinstance(built, Rejected):
        raise RenderError(f"{message_id} cannot be rendered", built.problems)
    return built


def read_values(
    copy: PreparedCopy, values: Mapping[str, object]
) -> tuple[dict[str, Any], list[str]]:
    """The values as copy uses them, and a sentence for each that is missing."""
    read: dict[str, Any] = {}
    problems = []
    for name, source, take, action, replacement, variable in copy.inputs:
        raw = values.get(source, values.get(name))
        value = take(raw)
        if value is MISSING and action == "use":
            value = replacement
        if value is MISSING:
            problems.append(f"{name}: {why_missing(variable, raw)}")
        read[name] = value
    return read, problems
