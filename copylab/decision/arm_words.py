"""The words of an experiment's arms, rendered for somebody, to stand by the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.arm_copies import ArmCopy
from copylab.channels.composed import Email, Push, Sms
from copylab.decision.find import channels_of
from copylab.document import suggest
from copylab.errors import DataError, RenderError
from copylab.message.values import reader
from copylab.template.choices import START
from copylab.template.domains import sample_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from copylab.catalog import Catalog, Key
    from copylab.experiment.model import Experiment
    from copylab.message.model import Message

    Usual = Callable[[Catalog, Message, str], Mapping[str, object]]


def render_arms(
    catalog: Catalog,
    experiment: Experiment,
    *,
    persona: str | None = None,
    usual: Usual | None = None,
) -> tuple[ArmCopy, ...]:
    """The words of each arm that sends, in each of its channels and locales.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        persona: A made-up user to render for; None takes the sample values of lint.
        usual: Values of a message's variables in a locale, as copy uses them, that
            stand in for samples.

    Raises:
        DataError: There is no such persona.
    """
    if persona is not None and persona not in catalog.personas:
        known = ", ".join(catalog.personas) or "there are none"
        cure = suggest(persona, catalog.personas) or f"personas: {known}"
        raise DataError(f"there is no persona '{persona}'", help=cure)
    return tuple(
        _render(catalog, key, persona, usual) for key in _keys(catalog, experiment)
    )


def _keys(catalog: Catalog, experiment: Experiment) -> Iterator[Key]:
    """The templates of the arms, arm by arm."""
    channels = channels_of(catalog, experiment)
    own = sorted(
        key
        for key in catalog.templates
        if key[0] == experiment.message and key[1] in channels
    )
    for arm in experiment.variants:
        yield from (key for key in own if key[3] == arm)


def _render(
    catalog: Catalog, key: Key, persona: str | None, usual: Usual | None
) -> ArmCopy:
    from copylab.compose.render import render_read, render_values  # noqa: PLC0415 - reading results alone composes nothing

    message, channel, locale, variant = key
    tags = tuple(catalog.messages[message].variants[variant].items())
    try:
        if persona is not None:
            shown = render_values(
                catalog, message, catalog.personas[persona],
                channel=channel, locale=locale, variant=variant,
            )  # fmt: skip
        else:
            values = _samples(catalog, key)
            if usual is not None:
                known = usual(catalog, catalog.messages[message], locale)
                values |= {name: known[name] for name in values.keys() & known.keys()}
            shown = render_read(
                catalog, message, values,
                channel=channel, locale=locale, variant=variant,
            )  # fmt: skip
    except RenderError as error:
        problem = "; ".join(error.problems) or error.message
        return ArmCopy(variant, channel, locale, (), tags, problem)
    except ValueError as error:
        problem = " ".join(str(error).split())
        return ArmCopy(variant, channel, locale, (), tags, problem)
    return ArmCopy(variant, channel, locale, _fields(shown), tags)


def _samples(catalog: Catalog, key: Key) -> dict[str, object]:
    """A value of each variable that the template's fields can print."""
    values: dict[str, object] = {}
    for template in catalog.templates[key].values():
        scope = template.scope
        for name, variable in scope.variables.items():
            raw = sample_value(variable, scope, START)
            values[name] = reader(variable, locale=scope.locale)(raw)
    return values


def _fields(shown: Sms | Push | Email) -> tuple[tuple[str, str], ...]:
    match shown:
        case Sms():
            return (("body", shown.text),)
        case Push():
            return (("title", shown.title), ("body", shown.body))
        case Email():
            fields = {"subject": shown.subject, "preheader": shown.preheader}
            found = [(name, text) for name, text in fields.items() if text]
            return (*found, ("body", shown.text))
