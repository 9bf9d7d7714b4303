"""Preparing: from a catalog to what composing one user needs, compiled once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from copylab.audience.closure import compile_condition
from copylab.audience.misfits import attribute_types
from copylab.channels.push_plan import PushPlan
from copylab.channels.route import capless_size, measurer, routes_of
from copylab.channels.sms import measure
from copylab.experiment.assign import Split, prepare_split
from copylab.layouts import OPT_OUT, layout_scope, lower_layout, opt_out_of
from copylab.message.values import MISSING, reader
from copylab.template.render import compile_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.audience.attributes import AttributeType
    from copylab.catalog import Catalog
    from copylab.channels.route import Route
    from copylab.channels.sms import SmsLength
    from copylab.experiment.assign import Membership
    from copylab.experiment.model import Experiment
    from copylab.message.model import Message, Variable

    Values = Mapping[str, Any]
    Render = Callable[[Values], str]


class Input(NamedTuple):
    """A variable as composing reads it.

    Attributes:
        name: The variable.
        source: The key of the user that holds it.
        read: From the raw value to the value, or ``MISSING``.
        action: ``use``, ``skip`` or ``error`` where it is missing.
        replacement: The value that is used instead.
        variable: The declaration.
    """

    name: str
    source: str
    read: Callable[[object], object]
    action: str
    replacement: object
    variable: Variable


@dataclass(frozen=True, slots=True)
class PreparedCopy:
    """One variant of one channel and locale, ready to be rendered.

    Attributes:
        inputs: The variables its fields refer to, in any branch.
        fields: By field, the function that renders it.
        hash: The content hash of the copy.
        locale: The locale of the words.
        html: The layout's HTML part, of an e-mail.
        text: The layout's text part, of an e-mail.
        unsubscribe: The variable that holds the opt-out's address, or an empty text.
        headers: Headers that are the same for every user.
        push: How a push is built.
        measure: The length of a short message as its route sends it.
        capless_size: The units and parts up to which no route refuses an SMS.
        routes: The routes a short message may take.
    """

    inputs: tuple[Input, ...]
    fields: Mapping[str, Render]
    hash: str
    locale: str
    html: Render | None = None
    text: Render | None = None
    unsubscribe: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    push: PushPlan | None = None
    measure: Callable[[str], SmsLength] = measure
    capless_size: tuple[int, int] = (0, 0)
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedExperiment:
    """An experiment, ready to assign.

    Attributes:
        experiment: The experiment.
        split: Its buckets.
        audience: Whether a user is in its audience at a time, or None where one of its
            attributes holds what it cannot; None is everybody.
        audience_hash: The hash of the audience's condition.
        attributes: By name, the types of the attributes that the audience asks for.
    """

    experiment: Experiment
    split: Split
    audience: Membership | None
    audience_hash: str | None
    attributes: Mapping[str, AttributeType] = field(default_factory=dict)


def prepare_experiment(catalog: Catalog, experiment: Experiment) -> PreparedExperiment:
    """The experiment, ready to assign."""
    audience = catalog.audience_of(experiment)
    split = prepare_split(experiment)
    if audience is None:
        return PreparedExperiment(experiment, split, None, None)
    admits = compile_condition(audience.condition).admits
    types = attribute_types(audience.condition)
    return PreparedExperiment(experiment, split, admits, audience.hash, types)


def prepare_trial(experiment: Experiment) -> PreparedExperiment:
    """A draft whose arms are tried out: it assigns nobody, so it asks no audience."""
    return PreparedExperiment(experiment, prepare_split(experiment), None, None)


def prepare_copy(
    catalog: Catalog, message: Message, channel: str, locale: str, variant: str
) -> PreparedCopy:
    """A variant's words, compiled.

    Args:
        catalog: The workspace's content.
        message: The message.
        channel: A channel it has words for.
        locale: The exact locale of a file.
        variant: A variant that the file has.
    """
    key = (message.id, channel, locale, variant)
    templates = catalog.templates[key]
    used = {name for item in templates.values() for name in item.lowered.used}
    fields = {
        name: compile_shape(item.lowered.shape, item.scope)
        for name, item in templates.items()
    }
    html = text = None
    unsubscribe = ""
    if channel == "email":
        unsubscribe = message.email.get("unsubscribe", "")
        html, text, needed = _prepare_layout(catalog, message, locale)
        used |= {opt_out_of(message) if name == OPT_OUT else name for name in needed}
        if unsubscribe in message.variables and message.purpose == "marketing":
            used.add(unsubscribe)
    if channel == "push":
        used.add(message.push.link)
    inputs = tuple(
        _prepare_input(message.variables[name], locale)
        for name in sorted(used & message.variables.keys())
    )
    routes = routes_of(message, locale) if channel == "sms" else ()
    return PreparedCopy(
        inputs=inputs,
        fields=fields,
        hash=catalog.copy_hash(key),
        locale=locale,
        html=html,
        text=text,
        unsubscribe=unsubscribe,
        headers=_fixed_headers(message) if channel == "email" else (),
        push=PushPlan(message.push, locale) if message.push.is_set else None,
        measure=measurer(routes) if routes else measure,
        capless_size=capless_size(routes),
        routes=routes,
    )


def _prepare_layout(
    catalog: Catalog, message: Message, locale: str
) -> tuple[Render | None, Render | None, frozenset[str]]:
    layout = catalog.layouts.get(message.email.get("layout", ""))
    if layout is None:
        return None, None, frozenset()
    scope = layout_scope(message, locale, catalog.config)
    html = lower_layout(layout.compiled, scope, escape="html")
    text = lower_layout(layout.text, scope, escape="none")
    used = html.used | text.used
    return compile_shape(html.shape, scope), compile_shape(text.shape, scope), used


def _fixed_headers(message: Message) -> tuple[tuple[str, str], ...]:
    """The sender's headers; a preview leaves out what loading to send refuses."""
    from copylab.channels.sender import (  # noqa: PLC0415 - e-mail only
        SENDER_HEADERS,
        can_be_sent,
        write_sender,
    )

    return tuple(
        (header, write_sender(key, message.email[key]))
        for key, header in SENDER_HEADERS.items()
        if key in message.email and can_be_sent(key, message.email[key])
    )


def _prepare_input(variable: Variable, locale: str) -> Input:
    read = reader(variable, locale=locale)
    action, raw = variable.missing.at(locale)
    replacement: object = MISSING
    if action == "use":
        replacement = {"": "", "[]": ()}.get(str(raw), MISSING) if not raw else MISSING
        replacement = read(raw) if replacement is MISSING else replacement
    return Input(variable.name, variable.source, read, action, replacement, variable)
