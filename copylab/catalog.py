"""Catalog: everything a workspace holds, read, lowered and checked.

Reading never stops at the first fault: what can be read is read, and everything that
is wrong is told with its place.
"""

from __future__ import annotations

import hashlib
import html
import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.audience.attributes import read_attributes
from copylab.audience.read import read_audiences, read_condition
from copylab.channels.check_push import check_push
from copylab.channels.check_routes import check_routes
from copylab.config import CONFIG_NAME, Config, read_config
from copylab.document import Section, parse_document, read_source, suggest
from copylab.errors import UnreadableError
from copylab.experiment.metrics import read_metrics
from copylab.experiment.read import read_experiment
from copylab.findings import Finding, report
from copylab.layouts import Layout, LayoutReader, read_layouts
from copylab.message.copy import make_passage
from copylab.message.read import copy_key, explain_copy_name, read_message
from copylab.source import SourceFile, Span
from copylab.template.lower import Template, lower_passage
from copylab.template.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from copylab.audience.attributes import Attribute
    from copylab.audience.read import Audience
    from copylab.experiment.model import Experiment, MetricDefinition
    from copylab.message.model import Message, Passage, Variable

    Escape = Callable[[str], str]

TEMPLATES, EXPERIMENTS = "templates", "experiments"
NOT_EXPERIMENTS = frozenset(("audiences.yaml", "metrics.yaml"))
FIELD_ESCAPES = {("email", "body"): "markdown"}
"""The escape of values by channel and field; values go into the others as they are."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Key = tuple[str, str, str, str]
"""Message, channel, locale and variant."""


@dataclass(frozen=True)
class Catalog:
    """Everything a workspace holds.

    Attributes:
        root: Where the workspace lies.
        config: The settings.
        messages: Messages by id.
        templates: By message, channel, locale and variant, the fields in order.
        layouts: E-mail layouts by name.
        attributes: Attributes of users, by name.
        audiences: Named conditions.
        metrics: Named metrics.
        experiments: Experiments by name.
        personas: Made-up users by name.
        sources: Every text file that was read, by its path from the root.
        partials: Texts that copy can include, by path below ``_partials``.
        findings: Everything that is wrong with the files.
    """

    root: Path
    config: Config
    messages: Mapping[str, Message]
    templates: Mapping[Key, Mapping[str, Template]]
    layouts: Mapping[str, Layout]
    attributes: Mapping[str, Attribute]
    audiences: Mapping[str, Audience]
    metrics: Mapping[str, MetricDefinition]
    experiments: Mapping[str, Experiment]
    personas: Mapping[str, Mapping[str, object]]
    sources: Mapping[str, SourceFile]
    partials: Mapping[str, Passage]
    findings: tuple[Finding, ...] = field(default=())

    @cached_property
    def copy_hashes(self) -> Mapping[Key, str]:
        """The content hash of every variant: its words and all that is printed in them.

        That is what they include, the brand, the layout, and how variables print: their
        replacements are words, too.
        """
        return {key: self._hash_copy(key) for key in self.templates}

    def _hash_copy(self, key: Key) -> str:
        message = self.messages[key[0]]
        digest = hashlib.sha256()
        parts = [repr(sorted(message.brand.at(key[2]).items()))]
        used: set[str] = set()
        for name, template in self.templates[key].items():
            parts += [name, template.passage.text]
            parts += [self.partials[i].text for i in sorted(template.lowered.includes)]
            used |= template.lowered.used
        if key[1] == "email":
            layout = self.layouts.get(message.email.get("layout", ""))
            whole = [] if layout is None else [layout.html.text, layout.text.text]
            parts += whole
            used |= {name for text in whole for name in _WORD.findall(text)}
            used.add(message.email.get("unsubscribe", ""))
        if key[1] == "push":
            parts += filter(None, (message.push.printed(),))
            used.add(message.push.link)
        for name in sorted(used & message.variables.keys()):
            parts.append(_printing(message.variables[name], key[2]))
            if message.variables[name].type == "datetime":
                parts.append(self.config.timezone)
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()

    def arm_hash(self, experiment: Experiment, arm: str) -> str:
        """The content hash of an arm's copy, over its channels and locales."""
        wanted = set(experiment.channels) or None
        found = sorted(
            f"{channel}.{locale}:{value}"
            for (message, channel, locale, variant), value in self.copy_hashes.items()
            if message == experiment.message
            and variant == arm
            and (wanted is None or channel in wanted)
        )
        return hashlib.sha256("\n".join(found).encode()).hexdigest()

    def arm_hashes(self, experiment: Experiment) -> dict[str, str]:
        """The content hash of each arm that sends."""
        return {arm: self.arm_hash(experiment, arm) for arm in experiment.variants}

    def audience_of(self, experiment: Experiment) -> Audience | None:
        """The audience of an experiment; None where it names none that can be read."""
        if experiment.audience is None:
            return None
        return read_condition(experiment.audience, self.attributes, self.audiences)[0]

    def errors(self) -> tuple[Finding, ...]:
        """The findings that prevent loading."""
        return tuple(item for item in self.findings if item.severity == "error")


def _printing(variable: Variable, locale: str) -> str:
    """What of a variable shows in a message, besides its value."""
    own = (variable.name, variable.source, variable.type, variable.currency)
    items = [_printing(item, locale) for item in variable.items.values()]
    missing = variable.missing.at(locale)
    return repr((*own, variable.decimals, variable.base, missing, items))


@dataclass(slots=True)
class _Reading:
    """Files being read: what was found, and what is wrong."""

    root: Path
    findings: list[Finding] = field(default_factory=list)
    sources: dict[str, SourceFile] = field(default_factory=dict)

    def source(self, name: str) -> SourceFile | None:
        if not (self.root / name).resolve().is_relative_to(self.root.resolve()):
            raise UnreadableError(
                "is a link that leaves the workspace",
                file=name,
                help="put the file itself into the workspace",
            )
        source, findings = read_source(self.root / name, name)
        self.findings.extend(findings)
        if source is not None:
            self.sources[name] = source
        return source

    def optional(self, name: str) -> SourceFile | None:
        return self.source(name) if (self.root / name).exists() else None

    def exists(self, folder: str) -> bool:
        path = self.root / folder
        if path.exists() and not path.is_dir():
            raise UnreadableError(
                "is a file where a folder should be",
                file=folder,
                help="rename the file; copylab looks for a folder of this name",
            )
        return path.is_dir()


def read_catalog(root: Path | str) -> Catalog:
    """Everything in a workspace, and what is wrong with it.

    Args:
        root: The folder that holds ``copylab.yaml``.

    Raises:
        UnreadableError: There is no workspace, or a file cannot be read at all.
    """
    path = Path(root)
    if not path.is_dir() or not (path / CONFIG_NAME).exists():
        raise UnreadableError(
            f"no workspace here: {CONFIG_NAME} is missing",
            file=str(path),
            help="go to the folder that holds it, or make one: copylab init",
        )
    reading = _Reading(path)
    source = reading.source(CONFIG_NAME)
    config = Config()
    if source is not None:
        config, wrong = read_config(source)
        reading.findings.extend(wrong)
    _read_packs(reading, config)
    partials = _read_partials(reading)
    layouts = read_layouts(_layout_sources(reading), reading.findings)
    messages = _read_messages(reading, config)
    templates = _lower_messages(messages, config, partials, layouts, reading.findings)
    reading.findings += LayoutReader(layouts, config).findings(messages.values())
    reading.findings += check_routes(config, messages.values())
    reading.findings += check_push(config, messages.values())
    attributes, wrong = read_attributes(config.attributes)
    reading.findings.extend(wrong)
    audiences = _read_audiences(reading, attributes)
    metrics = _read_metrics(reading)
    return Catalog(
        root=path,
        config=config,
        messages=messages,
        templates=templates,
        layouts=layouts,
        attributes=attributes,
        audiences=audiences,
        metrics=metrics,
        experiments=_read_experiments(reading, attributes),
        personas=_read_personas(reading),
        sources=reading.sources,
        partials=partials,
        findings=tuple(dict.fromkeys(reading.findings)),
    )


def _walk(reading: _Reading, folder: str) -> Iterator[tuple[str, list[str]]]:
    """Folders below ``templates`` and their files, in a fixed order."""
    start = reading.root / folder
    for parent, folders, files in os.walk(start):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        # A folder that is named like a file is read as one, so that it is told.
        files += [name for name in folders if name.endswith((".md", ".yaml"))]
        relative = Path(parent).relative_to(reading.root).as_posix()
        yield relative, sorted(files)


def _read_packs(reading: _Reading, config: Config) -> None:
    """The texts of the rule packs; lint makes rules of them."""
    for name, span in config.lint.packs:
        if reading.optional(name) is None and not (reading.root / name).exists():
            message = f"the rule pack '{name}' is not there"
            cure = "write its path from the workspace's root, or take it out"
            reading.findings.append(report("unknown-file", message, span, help=cure))


def _read_messages(reading: _Reading, config: Config) -> dict[str, Message]:
    messages = {}
    if not reading.exists(TEMPLATES):
        return {}
    for folder, files in _walk(reading, TEMPLATES):
        copies = [
            name for name in files if name.endswith(".md") and name != "README.md"
        ]
        identifier = folder.removeprefix(TEMPLATES).lstrip("/")
        if "message.yaml" not in files:
            _report_orphans(reading, folder, copies)
            continue
        sources = _read_copy_sources(reading, folder, copies)
        source = reading.source(f"{folder}/message.yaml")
        if source is None or not identifier:
            continue
        message, wrong = read_message(identifier, source, sources, config)
        reading.findings.extend(wrong)
        if message is not None:
            messages[identifier] = message
    return messages


def _report_orphans(reading: _Reading, folder: str, copies: list[str]) -> None:
    for name in copies:
        message = "copy without a message.yaml beside it"
        cure = f"write {folder}/message.yaml, or move the file into a message's folder"
        span = Span(f"{folder}/{name}", 1, 1, 1, 1)
        reading.findings.append(report("unknown-file", message, span, help=cure))


def _read_copy_sources(
    reading: _Reading, folder: str, names: list[str]
) -> dict[str, SourceFile | None]:
    sources = {}
    for name in names:
        if copy_key(name) is None:
            reading.findings.append(explain_copy_name(name, f"{folder}/{name}"))
        else:
            sources[name] = reading.source(f"{folder}/{name}")
    return sources


def _read_partials(reading: _Reading) -> dict[str, Passage]:
    """Every text below ``_partials``, by its path below it, ends stripped."""
    folder = f"{TEMPLATES}/_partials"
    if not reading.exists(folder):
        return {}
    partials = {}
    for parent, names in _walk(reading, folder):
        for name in names:
            path = f"{parent}/{name}"
            source = reading.source(path)
            if source is None:
                continue
            start = len(source.text) - len(source.text.lstrip())
            passage = make_passage(source, start, max(start, len(source.text.rstrip())))
            partials[path.removeprefix(f"{folder}/")] = passage
    return partials


def _layout_sources(reading: _Reading) -> dict[str, SourceFile]:
    folder = f"{TEMPLATES}/_layouts"
    if not reading.exists(folder):
        return {}
    names = sorted(path.name for path in (reading.root / folder).iterdir())
    sources = {
        name: reading.source(f"{folder}/{name}")
        for name in names
        if name.endswith((".mjml", ".html", ".txt"))
    }
    return {name: source for name, source in sources.items() if source is not None}


def make_scope(
    message: Message,
    locale: str,
    config: Config,
    *,
    channel: str,
    field_name: str,
) -> Scope:
    """What names mean in a field of a message."""
    return Scope(
        variables=message.variables,
        locale=locale,
        timezone=config.timezone,
        brand=message.brand.at(locale),
        escapes=escapes_for(channel),
        allow_loops=(channel, field_name) == ("email", "body"),
    )


def escapes_for(channel: str) -> dict[str, Escape]:
    """The escape functions that templates of a channel use."""
    if channel != "email":
        return {}
    from copylab.channels.markdown import escape_markdown  # noqa: PLC0415 - e-mail only

    return {"markdown": escape_markdown, "html": html.escape}


def _lower_messages(
    messages: Mapping[str, Message],
    config: Config,
    partials: Mapping[str, Passage],
    layouts: Mapping[str, Layout],
    findings: list[Finding],
) -> dict[Key, dict[str, Template]]:
    templates: dict[Key, dict[str, Template]] = {}
    for message in messages.values():
        for (channel, locale), copy in message.copies.items():
            for variant, fields in copy.variants.items():
                lowered = {
                    name: _lower_field(
                        message, (channel, locale), name, passage, config, partials
                    )
                    for name, passage in fields.items()
                }
                templates[message.id, channel, locale, variant] = lowered
                for name, template in lowered.items():
                    findings.extend(
                        _named(finding, template, variant, name)
                        for finding in template.lowered.findings
                    )
        _check_layout(message, layouts, findings)
    return templates


def _lower_field(
    message: Message,
    where: tuple[str, str],
    name: str,
    passage: Passage,
    config: Config,
    partials: Mapping[str, Passage],
) -> Template:
    channel, locale = where
    scope = make_scope(message, locale, config, channel=channel, field_name=name)
    escape = FIELD_ESCAPES.get((channel, name), "none")
    lowered = lower_passage(passage, scope, escape=escape, partials=partials)
    return Template(passage, lowered, scope)


def _named(finding: Finding, template: Template, variant: str, name: str) -> Finding:
    """The finding with its variant and field, unless it stands in a partial."""
    if finding.file != template.passage.source.name:
        return finding
    return finding.in_field(variant, name)


def _check_layout(
    message: Message, layouts: Mapping[str, Layout], findings: list[Finding]
) -> None:
    name = message.email.get("layout")
    if "email" not in message.channels or name is None or name in layouts:
        return
    text = f"the e-mail's layout is '{name}', which is not there"
    cure = f"write templates/_layouts/{name}.mjml (or .html) and {name}.txt"
    span = message.places.get("email") or message.places["live"]
    findings.append(report("include-missing", text, span, help=cure))


def _read_audiences(
    reading: _Reading, attributes: Mapping[str, Attribute]
) -> Mapping[str, Audience]:
    source = reading.optional(f"{EXPERIMENTS}/audiences.yaml")
    if source is None:
        return {}
    audiences, wrong = read_audiences(source, attributes)
    reading.findings.extend(wrong)
    return audiences


def _read_metrics(reading: _Reading) -> Mapping[str, MetricDefinition]:
    source = reading.optional(f"{EXPERIMENTS}/metrics.yaml")
    if source is None:
        return {}
    metrics, wrong = read_metrics(source)
    reading.findings.extend(wrong)
    return metrics


def _read_experiments(
    reading: _Reading, attributes: Mapping[str, Attribute]
) -> dict[str, Experiment]:
    if not reading.exists(EXPERIMENTS):
        return {}
    experiments = {}
    for path in sorted((reading.root / EXPERIMENTS).iterdir()):
        if path.suffix != ".yaml" or path.name in NOT_EXPERIMENTS:
            continue
        source = reading.source(f"{EXPERIMENTS}/{path.name}")
        if source is None:
            continue
        experiment, wrong = read_experiment(source, path.stem)
        reading.findings.extend(wrong)
        if experiment is not None:
            experiments[path.stem] = experiment
            reading.findings += _check_unit(experiment, attributes)
    return experiments


def _check_unit(
    experiment: Experiment, attributes: Mapping[str, Attribute]
) -> Iterator[Finding]:
    """A unit that no user has would reject every user."""
    if not attributes or experiment.unit in attributes:
        return
    text = f"the unit '{experiment.unit}' is no attribute of users"
    cure = suggest(experiment.unit, attributes) or "declare it in copylab.yaml"
    places = experiment.place_of
    span = places.get("unit") or places.get("message")
    yield report("unknown-attribute", text, span, help=cure)


def _read_personas(reading: _Reading) -> dict[str, dict[str, object]]:
    source = reading.optional(f"{TEMPLATES}/_personas.yaml")
    if source is None:
        return {}
    root, wrong = parse_document(source)
    reading.findings.extend(wrong)
    if root is None:
        return {}
    section = Section(root, reading.findings, "_personas.yaml")
    personas: dict[str, dict[str, object]] = {}
    for entry in section.entries():
        user = Section(entry.node, reading.findings, entry.key)
        personas[entry.key] = {item.key: item.node.plain() for item in user.entries()}
    return personas
