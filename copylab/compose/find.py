"""Finding: the message, its running experiment, and the locale of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.locales import locale_parents

if TYPE_CHECKING:
    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment
    from copylab.message.model import Message


def find_experiment(catalog: Catalog, message: str, channel: str) -> Experiment | None:
    """The running experiment on a message and channel, by name the first."""
    for name in sorted(catalog.experiments):
        experiment = catalog.experiments[name]
        if experiment.status != "running" or experiment.message != message:
            continue
        if not experiment.channels or channel in experiment.channels:
            return experiment
    return None


def find_trial(catalog: Catalog, message: str, channel: str) -> Experiment | None:
    """The draft on a message and channel whose arms can be tried out.

    It is the first by name that forces units into arms; without one, the first.
    """
    drafts = [
        item
        for name in sorted(catalog.experiments)
        if (item := catalog.experiments[name]).status == "draft"
        if item.message == message and (not item.channels or channel in item.channels)
    ]
    return next((item for item in drafts if item.forced), next(iter(drafts), None))


def find_message(catalog: Catalog, message_id: str, channel: str) -> Message:
    """The message, which has words for the channel.

    Raises:
        ValueError: There is no such message or channel, or no words for it.
    """
    message = catalog.messages.get(message_id)
    if message is None:
        known = ", ".join(sorted(catalog.messages)) or "none"
        raise ValueError(f"message == {message_id!r}, must be one of: {known}")
    if channel not in message.channels:
        known = ", ".join(message.channels) or "none"
        raise ValueError(
            f"channel == {channel!r}, must be one that {message_id} has copy for: {known}"
        )
    return message


def find_locale(
    catalog: Catalog, message: Message, channel: str, wanted: str
) -> str | None:
    """The locale of the file that a user of a locale gets, or None for none.

    The wanted locale is looked up along its parents; with nothing found,
    ``locales: {missing: default}`` takes the default locale.
    """
    for tag in locale_parents(wanted):
        if (channel, tag) in message.copies:
            return tag
    rules = catalog.config.locales
    if rules.missing == "default" and (channel, rules.default) in message.copies:
        return rules.default
    return None
