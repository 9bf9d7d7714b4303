"""Reading a message folder: ``message.yaml`` and the copy files beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from copylab.config import (
    Config,
    Markets,
    places_of_email,
    places_of_scope,
    read_by_locale,
    read_email,
    read_industry,
    read_markets,
    read_metadata,
)
from copylab.document import Section, parse_document, suggest
from copylab.findings import Finding, report
from copylab.lint_settings import PURPOSES
from copylab.locales import normalise_locale
from copylab.message.copy import read_copy
from copylab.message.model import FIELDS, Copy, Message, Step
from copylab.message.variables import read_variables
from copylab.push_settings import read_push
from copylab.sms_settings import read_sms
from copylab.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copylab.document import Entry
    from copylab.source import SourceFile

_VARIANT = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")
_AFTER = re.compile(r"[0-9]+[mhd]\Z")
_WINDOW = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_COPY_NAME = re.compile(r"(?P<channel>[a-z]+)\.(?P<locale>[A-Za-z0-9_-]+)\.md\Z")


def read_message(
    identifier: str,
    source: SourceFile,
    copy_files: Mapping[str, SourceFile | None],
    config: Config,
) -> tuple[Message | None, list[Finding]]:
    """A message, and what is wrong with its files.

    Args:
        identifier: The folder path below ``templates/``.
        source: ``message.yaml``.
        copy_files: By file name, the copy files; None for one that cannot be read.
        config: The workspace's settings, which the message inherits.

    Returns:
        The message, or None where ``message.yaml`` has no readable structure.
    """
    root, findings = parse_document(source)
    if root is None:
        if not findings:
            empty = "message.yaml is empty"
            findings.append(report("missing-key", empty, source.whole()))
        return None, findings
    section = Section(root, findings, "message.yaml")
    variants = _read_variants(section)
    live = _read_live(section, variants)
    message = Message(
        id=identifier,
        purpose=section.take_choice("purpose", PURPOSES, required=True) or "marketing",
        live=live,
        variants=variants,
        variables=read_variables(section.take_section("variables")),
        file=source.name,
        markets=_read_markets(section, config),
        sequence=_read_sequence(section),
        locales=_read_locales(section, config),
        brand=read_by_locale(section, "brand").over(config.brand),
        industry=read_industry(section).over(config.industry),
        sending={**config.sending, **read_metadata(section, "sending")},
        email={**config.email, **read_email(section)},
        sms=read_sms(section).over(config.sms),
        push=read_push(section).over(config.push),
        copies=_read_copies(copy_files, variants, findings),
        places=_places(section),
    )
    section.finish()
    findings.extend(_check_completeness(message, config, copy_files))
    return message, findings


def _read_markets(section: Section, config: Config) -> Markets:
    if "markets" not in section:
        return config.markets
    return read_markets(section).over(config.markets)


def _read_variants(section: Section) -> dict[str, dict[str, str]]:
    part = section.take_section("variants")
    if part is None:
        return {}
    variants: dict[str, dict[str, str]] = {}
    for entry in part.entries():
        if not _VARIANT.match(entry.key) or entry.key == "none":
            message = f"'{entry.key}' cannot be the name of a variant"
            cure = "use small letters, digits, _ and -; 'none' means no send"
            section.findings.append(
                report("bad-value", message, entry.key_span, help=cure)
            )
            continue
        variants[entry.key] = _read_tags(entry, section)
    return variants


def _read_tags(entry: Entry, section: Section) -> dict[str, str]:
    if entry.node.value is None:
        return {}
    tags = Section(entry.node, section.findings, entry.key)
    words = {tag.key: tags.take_text(tag.key) for tag in tags.entries()}
    return {tag: word for tag, word in words.items() if word is not None}


def _read_live(section: Section, variants: dict[str, dict[str, str]]) -> str:
    """The live variant; a message without ``variants`` has the one that is live."""
    live = section.take_text("live", required=len(variants) != 1)
    if live is None:
        return next(iter(variants), "")
    if not variants and _VARIANT.match(live) and live != "none":
        variants[live] = {}
    if live not in variants:
        node = section.take("live")
        assert node is not None
        message = f"live is '{live}', which is no variant of this message"
        known = ", ".join(variants) or "none; declare it under variants:"
        cure = suggest(live, variants) or f"variants: {known}"
        section.findings.append(
            report("unknown-variant", message, node.span, help=cure)
        )
    return live


def _read_locales(section: Section, config: Config) -> tuple[str, ...]:
    chosen = []
    for node in section.take_list("locales") or ():
        normal = normalise_locale(node.text)
        if normal is None or normal not in config.locales.declared:
            message = f"'{node.text or node.kind}' is not a declared locale"
            cure = "declared in copylab.yaml: " + ", ".join(config.locales.declared)
            section.wrong(node, message, cure)
        else:
            chosen.append(normal)
    return tuple(dict.fromkeys(chosen))


def _read_sequence(section: Section) -> tuple[Step, ...]:
    steps = []
    for node in section.take_list("sequence") or ():
        part = Section(node, section.findings, "a step")
        after = part.take_text("after", required=True) or ""
        channel = part.take_choice("channel", FIELDS, required=True) or ""
        window = part.take_text("window") or ""
        unless = part.take_text("unless") or ""
        part.finish()
        if after and not _AFTER.match(after):
            part.wrong(node, f"after is '{after}'", "write 30m, 4h or 3d")
        if window and not _WINDOW.match(window):
            part.wrong(node, f"window is '{window}'", 'write "11:00-12:00"')
        steps.append(Step(after, channel, window, unless, node.span))
    return tuple(steps)


def _read_copies(
    copy_files: Mapping[str, SourceFile | None],
    variants: Iterable[str],
    findings: list[Finding],
) -> dict[tuple[str, str], Copy]:
    copies: dict[tuple[str, str], Copy] = {}
    for name, source in sorted(copy_files.items()):
        key = copy_key(name)
        if source is None or key is None:
            continue
        if key in copies:
            first = copies[key].source.name
            message = f"'{first}' has the words of this channel and locale already"
            cure = "keep one of the two files"
            findings.append(report("unknown-file", message, source.whole(), help=cure))
            continue
        copy, wrong = read_copy(source, *key, variants)
        copies[key] = copy
        findings.extend(wrong)
    return copies


def copy_key(name: str) -> tuple[str, str] | None:
    """The channel and locale in the name of a copy file, or None."""
    match = _COPY_NAME.match(name)
    if match is None or match["channel"] not in FIELDS:
        return None
    locale = normalise_locale(match["locale"])
    return None if locale is None else (match["channel"], locale)


def explain_copy_name(name: str, path: str) -> Finding:
    """The finding for a file whose name does not say what it is."""
    stem = name.split(".", maxsplit=1)[0]
    cure = "name it CHANNEL.LOCALE.md, such as sms.zh-CN.md"
    hint = suggest(stem, FIELDS)
    message = f"the name '{name}' does not say which channel and locale it is"
    place = Span(path, 1, 1, 1, 1)
    return report("unknown-file", message, place, help=f"{cure}; {hint}".strip("; "))


def _places(section: Section) -> dict[str, Span]:
    keys = ("purpose", "markets", "live", "variants", "variables", "sequence", "email")
    places = {key: section.span(key) for key in keys}
    own = places_of_email(section)
    places |= {f"email.{key}": span for key, span in own.items()}
    places = {**places_of_scope(section), **places}
    for key in ("live", "variants"):
        node = section.take(key)
        if node is None:
            continue
        places[f"{key}.value"] = node.span
        if isinstance(node.value, dict):
            places |= {
                f"{key}.{name}": inner.key_span for name, inner in node.value.items()
            }
    return places


def _check_completeness(
    message: Message, config: Config, copy_files: Mapping[str, SourceFile | None]
) -> list[Finding]:
    """Each channel needs each declared locale and, in each file, the live variant."""
    findings = []
    wanted = message.locales or config.locales.declared
    keys = {copy_key(name) for name in copy_files}
    for channel in FIELDS:
        written = {key[1] for key in keys if key is not None and key[0] == channel}
        if not written & set(wanted):
            continue
        for locale in wanted:
            if locale not in written:
                text = f"{message.id} has {channel} copy, but none in {locale}"
                cure = f"write {channel}.{locale}.md, or narrow the message: locales:"
                findings.append(
                    report(
                        "missing-translation", text, message.places["live"], help=cure
                    )
                )
    findings.extend(_check_variants(message))
    return findings


def _check_variants(message: Message) -> list[Finding]:
    """A variant that one locale of a channel has, every locale of it needs."""
    findings = _check_wordless(message)
    for channel in message.channels:
        copies = [copy for key, copy in message.copies.items() if key[0] == channel]
        used = {message.live} & message.variants.keys()
        used |= {variant for copy in copies for variant in copy.variants}
        for copy in copies:
            for variant in sorted(used - copy.variants.keys()):
                text = f"the {channel} copy has no variant '{variant}'"
                cure = f"write its words below a heading '# {variant}'"
                findings.append(
                    report(
                        "missing-variant",
                        text,
                        copy.source.whole(),
                        help=cure,
                        variant=variant,
                    )
                )
    return findings


def _check_wordless(message: Message) -> list[Finding]:
    """Declared variants that no file has words for."""
    if not message.copies:
        return []
    written = {variant for copy in message.copies.values() for variant in copy.variants}
    findings = []
    for variant in sorted(message.variants.keys() - written - {message.live}):
        text = f"the variant '{variant}' is declared, and no file has words for it"
        cure = f"write them below '# {variant}', or take the variant out"
        span = message.places.get(f"variants.{variant}")
        findings.append(
            report("missing-variant", text, span, help=cure, severity="warning")
        )
    return findings
