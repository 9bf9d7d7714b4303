"""Checking the settings of pushes: what services refuse is a finding at its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.channels.push_plan import PushOptionError, check_plan
from copylab.document import suggest
from copylab.findings import report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from copylab.config import Config
    from copylab.findings import Finding
    from copylab.message.model import Message
    from copylab.push_settings import PushSettings

_PLACEHOLDER = re.compile(
    r"%(?:%|(?:(\d+)\$)?[-+ 0#]*\d*(?:\.\d+)?(?:l{0,2}|h{0,2})[@a-zA-Z])"
)
_LOCALISED = (
    ("apns", ("title_loc", "subtitle_loc", "loc")),
    ("fcm.apns", ("title_loc", "subtitle_loc", "loc")),
    ("fcm", ("title_loc", "body_loc")),
)


def check_push(config: Config, messages: Iterable[Message]) -> list[Finding]:
    """What is wrong with the settings of pushes, of the workspace and its messages.

    Args:
        config: The workspace's settings.
        messages: The messages, whose settings lie over the workspace's.
    """
    findings = list(_check_settings(config.push))
    for message in messages:
        findings += check_message_push(message)
    return list(dict.fromkeys(findings))


def check_message_push(message: Message) -> list[Finding]:
    """What is wrong with the settings of one message's pushes."""
    if not message.push.is_set:
        return []
    findings = list(_check_settings(message.push))
    if "push" in message.channels:
        findings += _check_message(message)
    return findings


def count_placeholders(text: str) -> int:
    """The arguments that a text of an app's bundle takes: `%@`, `%s`, `%d`, `%1$@`.

    Args:
        text: A text as it stands in a `.strings` or `strings.xml` file.
    """
    numbered, plain = 0, 0
    for match in _PLACEHOLDER.finditer(text):
        if match[1]:
            numbered = max(numbered, int(match[1]))
        elif match.group() != "%%":
            plain += 1
    return max(numbered, plain)


def _check_settings(settings: PushSettings) -> Iterator[Finding]:
    if not settings.is_set:
        return
    mismatches = list(_check_arguments(settings))
    yield from mismatches
    if mismatches:  # the service would refuse the same again
        return
    try:
        check_plan(settings)
    except PushOptionError as error:
        text, _, cure = str(error).partition("; ")
        span = settings.place(error.path)
        cure = cure or "write what is allowed, or take the line out"
        yield report("bad-value", f"push: {text}", span, help=cure)


def _check_arguments(settings: PushSettings) -> Iterator[Finding]:
    """Localised texts and what fills their placeholders, as far as they are known."""
    for path, names in _LOCALISED:
        keys: object = settings.options
        for part in path.split("."):
            keys = keys.get(part) if isinstance(keys, dict) else None
        if not isinstance(keys, dict):
            continue
        for name in names:
            yield from _check_pair(settings, path, name, keys)


def _check_pair(
    settings: PushSettings, path: str, name: str, keys: dict[str, object]
) -> Iterator[Finding]:
    key, values = keys.get(f"{name}_key"), keys.get(f"{name}_args", ())
    assert isinstance(values, tuple)
    where = settings.place(f"{path}.{name}_{'key' if key else 'args'}")
    if key is None:
        if values:
            message = f"{path}.{name}_args fills placeholders of no text"
            cure = f"name the text: {name}_key, or take the arguments out"
            yield report("loc-args-mismatch", message, where, help=cure)
        return
    if not settings.strings:
        return
    if key not in settings.strings:
        message = f"{path}.{name}_key names '{key}', which push.strings lacks"
        cure = suggest(str(key), settings.strings) or f'add it: strings: {{{key}: "…"}}'
        yield report("loc-args-mismatch", message, where, help=cure)
        return
    wanted = count_placeholders(settings.strings[str(key)])
    if wanted != len(values):
        message = f"'{key}' has {wanted} placeholders, {path}.{name}_args {len(values)}"
        cure = f"give {wanted} arguments, in the order of the placeholders"
        where = settings.place(f"{path}.{name}_args")
        yield report("loc-args-mismatch", message, where, help=cure)


def _check_message(message: Message) -> Iterator[Finding]:
    """The deep link of a message, and the address that browsers need."""
    settings = message.push
    name = settings.link
    if not name:
        web = settings.options.get("webpush", {})
        if "webpush" in settings.used_services and "navigate" not in web:
            span = settings.place("webpush" if web else "services")
            text = "Web Push needs an address to open"
            cure = "name a url variable: push: {link: …}, or webpush: {navigate: …}"
            yield report("missing-key", text, span, help=cure)
        return
    variable = message.variables.get(name)
    span = settings.place("link")
    if span is not None and span.file != message.file:
        span = message.places.get("variables", span)
    if variable is None:
        text = f"push.link names '{name}', which {message.id} does not declare"
        cure = suggest(name, message.variables)
        cure = cure or f"declare {name}: {{type: url, base: …, max: …}}"
        yield report("undeclared-variable", text, span, help=cure)
    elif variable.type != "url":
        text = f"push.link names '{name}', which is {variable.type} and no url"
        cure = "declare it {type: url, base: https://…, max: …}"
        yield report("bad-value", text, variable.span, help=cure)
