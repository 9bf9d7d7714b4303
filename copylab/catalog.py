"""Catalog: everything a workspace holds, read, lowered and checked.

Reading never stops at the first fault: what can be read is read, and everything that
is wrong is told with its place.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from copylab.audience.attributes import read_attributes
from copylab.channels.check_push import check_message_push, check_push
from copylab.channels.check_routes import check_message_routes, check_routes
from copylab.channels.check_sender import check_message_sender, check_sender
from copylab.config import CONFIG_NAME, Config, read_config
from copylab.document import Section, parse_document, suggest
from copylab.errors import UnreadableError
from copylab.findings import Finding, report
from copylab.layouts import Layout, LayoutReader, read_layouts
from copylab.message.copy import make_passage
from copylab.message.read import copy_key, explain_copy_name, read_message
from copylab.reading import MESSAGE_NAME, Reading, Wanted, copies_of
from copylab.source import SourceFile, Span
from copylab.template.lower import Template, lower_passage
from copylab.template.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from copylab.audience.attributes import Attribute
    from copylab.audience.read import Audience
    from copylab.experiment.holdout import Holdout
    from copylab.experiment.layers import Layer
    from copylab.experiment.model import Epoch, Experiment, MetricDefinition
    from copylab.message.model import Message, Passage, Variable
    from copylab.snapshot import Snapshot

    Escape = Callable[[str], str]

TEMPLATES, EXPERIMENTS = "templates", "experiments"
NOT_EXPERIMENTS = frozenset(("audiences.yaml", "layers.yaml", "metrics.yaml"))
FIELD_ESCAPES = {("email", "body"): "markdown"}
"""The escape of values by channel and field; values go into the others as they are."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ALL = Wanted()

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
        holdout: The units that get no marketing, or None.
        layers: Layers of experiments by name.
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
    holdout: Holdout | None = None
    layers: Mapping[str, Layer] = field(default_factory=dict)

    @cached_property
    def copy_hashes(self) -> Mapping[Key, str]:
        """The content hash of every variant: its words and all that is printed in them.

        That is what they include, the brand, the layout, and how variables print: their
        replacements are words, too.
        """
        return {key: self._hash_copy(key) for key in self.templates}

    def copy_hash(self, key: Key) -> str:
        """The content hash of one variant; those of all others are not asked for.

        Args:
            key: The message, the channel, the locale and the variant.

        Raises:
            KeyError: There are no such words.
        """
        known: Mapping[Key, str] | None = self.__dict__.get("copy_hashes")
        return self._hash_copy(key) if known is None else known[key]

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
        from copylab.audience.read import read_condition  # noqa: PLC0415 - as below

        return read_condition(experiment.audience, self.attributes, self.audiences)[0]

    def frozen_findings(self, experiment: Experiment) -> list[Finding]:
        """What changed since the present epoch of a running experiment began."""
        from copylab.experiment.frozen import frozen_findings  # noqa: PLC0415 - as below

        copies = self.arm_hashes(experiment)
        audience = self.audience_of(experiment)
        layer = self.layers.get(experiment.layer or "")
        return frozen_findings(
            experiment,
            copies,
            None if audience is None else audience.hash,
            None if layer is None else layer.salt,
        )

    def next_epoch(self, experiment: Experiment, at: datetime) -> Epoch:
        """The epoch that begins when an experiment is started at a time, in UTC.

        Raises:
            ValueError: Its layer has not the slots that it asks for.
        """
        from copylab.experiment.frozen import next_epoch  # noqa: PLC0415 - as below
        from copylab.experiment.layers import claim_slots  # noqa: PLC0415 - as below

        audience = self.audience_of(experiment)
        layer = self.layers.get(experiment.layer or "")
        owned = None
        if layer is not None and experiment.wanted is not None:
            owned = claim_slots(experiment, layer, self.experiments.values())
        return next_epoch(
            experiment,
            self.arm_hashes(experiment),
            at,
            audience_hash=None if audience is None else audience.hash,
            layer=owned,
        )

    def errors(self) -> tuple[Finding, ...]:
        """The findings that prevent loading."""
        return tuple(item for item in self.findings if item.severity == "error")


def _printing(variable: Variable, locale: str) -> str:
    """What of a variable shows in a message, besides its value."""
    own = (variable.name, variable.source, variable.type, variable.currency)
    items = [_printing(item, locale) for item in variable.items.values()]
    missing = variable.missing.at(locale)
    return repr((*own, variable.decimals, variable.base, missing, items))


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with one message, by what it is about.

    Attributes:
        files: Its files.
        words: Its words.
        layouts: The layout around them.
        routes: How its short messages leave.
        pushes: How its pushes leave.
    """

    files: tuple[Finding, ...] = ()
    words: tuple[Finding, ...] = ()
    layouts: tuple[Finding, ...] = ()
    routes: tuple[Finding, ...] = ()
    pushes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedFaults:
    """What is wrong with a workspace outside its messages.

    Attributes:
        before: Settings, packs, partials and layouts.
        routes: How short messages leave.
        pushes: How pushes leave.
        after: Attributes, audiences, metrics, experiments and personas.
    """

    before: tuple[Finding, ...] = ()
    routes: tuple[Finding, ...] = ()
    pushes: tuple[Finding, ...] = ()
    after: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A workspace, or what was wanted of it.

    Attributes:
        catalog: What was read; its findings are about that alone.
        shared: The findings outside of messages.
        faults: The findings of each folder of messages, by the message's id.
    """

    catalog: Catalog
    shared: SharedFaults
    faults: Mapping[str, Faults]


def arrange(shared: SharedFaults, faults: Mapping[str, Faults]) -> tuple[Finding, ...]:
    """All findings in the order in which a workspace is read, each once."""
    order = [faults[name] for name in sorted(faults, key=lambda name: name.split("/"))]
    each = (
        shared.before,
        *(item.files for item in order),
        *(item.words for item in order),
        *(item.layouts for item in order),
        shared.routes,
        *(item.routes for item in order),
        shared.pushes,
        *(item.pushes for item in order),
        shared.after,
    )
    return tuple(dict.fromkeys(finding for findings in each for finding in findings))


def read_catalog(root: Path | str) -> Catalog:
    """Everything in a workspace, and what is wrong with it.

    Args:
        root: The folder that holds ``copylab.yaml``.

    Raises:
        UnreadableError: There is no workspace, or a file cannot be read at all.
    """
    return read_part(root).catalog


def read_part(
    root: Path | str,
    wanted: Wanted = _ALL,
    snapshot: Snapshot | None = None,
) -> Part:
    """What is wanted of a workspace, and what is wrong with that.

    Args:
        root: The folder that holds ``copylab.yaml``.
        wanted: Which messages, and whether the rest.
        snapshot: The files as they were read already; None reads them one by one.

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
    reading = Reading(path, snapshot)
    config = read_settings(reading)
    partials = _read_partials(reading)
    before = reading.take()
    messages, faults = _read_messages(reading, config, wanted)
    layouts: Mapping[str, Layout] = {}
    layout_files: Mapping[str, SourceFile | None] = {}
    if wanted.shared or (
        wanted.has("email")
        and any("email" in item.channels for item in messages.values())
    ):
        layout_files = _layout_sources(reading)
        layouts = read_layouts(layout_files, reading.findings)
    before += reading.take()
    templates = {}
    laid_out = LayoutReader(layouts, config)
    written = {PurePosixPath(n).stem for n in layout_files if not n.endswith(".txt")}
    for name, message in messages.items():
        lowered, wrong = _lower_message(message, config, partials, written, wanted)
        templates.update(lowered)
        faults[name] = replace(
            faults[name],
            words=tuple(wrong),
            layouts=tuple(dict.fromkeys(laid_out.findings((message,)))),
            routes=tuple(check_message_routes(config, message)),
            pushes=tuple(check_message_push(message)),
        )
    attributes, wrong = read_attributes(config.attributes)
    reading.findings.extend(wrong)
    catalog = Catalog(
        root=path,
        config=config,
        messages=messages,
        templates=templates,
        layouts=layouts,
        attributes=attributes,
        audiences=_read_audiences(reading, attributes) if wanted.shared else {},
        metrics=_read_metrics(reading) if wanted.shared else {},
        experiments=_read_experiments(reading, attributes) if wanted.shared else {},
        personas=_read_personas(reading) if wanted.shared else {},
        sources=reading.sources,
        partials=partials,
        holdout=_read_holdout(reading, config, attributes) if wanted.shared else None,
        layers=_read_layers(reading, attributes) if wanted.shared else {},
    )
    shared = SharedFaults(
        before,
        tuple(check_routes(config, ())),
        tuple(check_push(config, ())),
        reading.take(),
    )
    findings = arrange(shared, faults)
    return Part(replace(catalog, findings=findings), shared, faults)


def read_settings(reading: Reading) -> Config:
    """The settings of a workspace; the rule packs that they name are read, too."""
    source = reading.source(CONFIG_NAME)
    config = Config()
    if source is not None:
        config, wrong = read_config(source)
        reading.findings += (*wrong, *check_sender(config))
    _read_packs(reading, config)
    return config


def _read_packs(reading: Reading, config: Config) -> None:
    """The texts of the rule packs; lint makes rules of them."""
    for name, span in config.lint.packs:
        if reading.optional(name) is None and not (reading.root / name).exists():
            message = f"the rule pack '{name}' is not there"
            cure = "write its path from the workspace's root, or take it out"
            reading.findings.append(report("unknown-file", message, span, help=cure))


def _read_messages(
    reading: Reading, config: Config, wanted: Wanted
) -> tuple[dict[str, Message], dict[str, Faults]]:
    """The messages that are wanted by id, and what is wrong with the files of each."""
    messages: dict[str, Message] = {}
    faults: dict[str, Faults] = {}
    if not reading.exists(TEMPLATES):
        return messages, faults
    if wanted.messages is None:
        folders = reading.walk(TEMPLATES)
    else:
        ids = sorted(wanted.messages, key=lambda name: name.split("/"))
        folders = reading.visit(f"{TEMPLATES}/{name}".rstrip("/") for name in ids)
    elsewhere, reading.findings = reading.findings, []
    for folder, files in folders:
        identifier = folder.removeprefix(TEMPLATES).lstrip("/")
        message = _read_folder(reading, folder, files, config)
        if message is not None:
            messages[identifier] = message
        faults[identifier] = Faults(reading.take())
    reading.findings = elsewhere
    return messages, faults


def _read_folder(
    reading: Reading, folder: str, files: list[str], config: Config
) -> Message | None:
    """The message in a folder; None where there is none that can be read."""
    copies = copies_of(files)
    identifier = folder.removeprefix(TEMPLATES).lstrip("/")
    if MESSAGE_NAME not in files:
        _report_orphans(reading, folder, copies)
        return None
    sources = _read_copy_sources(reading, folder, copies)
    source = reading.source(f"{folder}/{MESSAGE_NAME}")
    if source is None or not identifier:
        return None
    message, wrong = read_message(identifier, source, sources, config)
    reading.findings.extend(wrong)
    return message


def _report_orphans(reading: Reading, folder: str, copies: list[str]) -> None:
    for name in copies:
        message = "copy without a message.yaml beside it"
        cure = f"write {folder}/message.yaml, or move the file into a message's folder"
        span = Span(f"{folder}/{name}", 1, 1, 1, 1)
        reading.findings.append(report("unknown-file", message, span, help=cure))


def _read_copy_sources(
    reading: Reading, folder: str, names: list[str]
) -> dict[str, SourceFile | None]:
    sources = {}
    for name in names:
        if copy_key(name) is None:
            reading.findings.append(explain_copy_name(name, f"{folder}/{name}"))
        else:
            sources[name] = reading.source(f"{folder}/{name}")
    return sources


def _read_partials(reading: Reading) -> dict[str, Passage]:
    """Every text below ``_partials``, by its path below it, ends stripped."""
    folder = f"{TEMPLATES}/_partials"
    if not reading.exists(folder):
        return {}
    partials = {}
    for parent, names in reading.walk(folder):
        for name in names:
            path = f"{parent}/{name}"
            source = reading.source(path)
            if source is None:
                continue
            start = len(source.text) - len(source.text.lstrip())
            passage = make_passage(source, start, max(start, len(source.text.rstrip())))
            partials[path.removeprefix(f"{folder}/")] = passage
    return partials


def _layout_sources(reading: Reading) -> dict[str, SourceFile | None]:
    """The files of layouts by name; None for one that cannot be read."""
    folder = f"{TEMPLATES}/_layouts"
    if not reading.exists(folder):
        return {}
    return {
        name: reading.source(f"{folder}/{name}")
        for name in reading.names(folder)
        if name.endswith((".mjml", ".html", ".txt"))
    }


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


def _lower_message(
    message: Message,
    config: Config,
    partials: Mapping[str, Passage],
    layouts: Collection[str],
    wanted: Wanted,
) -> tuple[dict[Key, dict[str, Template]], list[Finding]]:
    """The words of a message, lowered, and what is wrong with them."""
    templates: dict[Key, dict[str, Template]] = {}
    findings: list[Finding] = []
    for (channel, locale), copy in message.copies.items():
        if not wanted.has(channel):
            continue
        for variant, fields in copy.variants.items():
            lowered = {
                name: lower_field(
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
    findings += check_message_sender(message)
    return templates, findings


def lower_field(
    message: Message,
    where: tuple[str, str],
    name: str,
    passage: Passage,
    config: Config,
    partials: Mapping[str, Passage],
) -> Template:
    """The words of a field, lowered.

    Args:
        message: The message.
        where: The channel and the locale.
        name: The field.
        passage: Its words.
        config: The settings of the workspace.
        partials: What can be included.
    """
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
    message: Message, layouts: Collection[str], findings: list[Finding]
) -> None:
    """A layout that is written nowhere; what is wrong with one that is, is told there."""
    name = message.email.get("layout")
    if "email" not in message.channels or name is None or name in layouts:
        return
    text = f"the e-mail's layout is '{name}', which is not there"
    cure = f"write templates/_layouts/{name}.mjml (or .html) and {name}.txt"
    span = message.places.get("email") or message.places["live"]
    findings.append(report("include-missing", text, span, help=cure))


def _read_audiences(
    reading: Reading, attributes: Mapping[str, Attribute]
) -> Mapping[str, Audience]:
    source = reading.optional(f"{EXPERIMENTS}/audiences.yaml")
    if source is None:
        return {}
    from copylab.audience.read import (  # noqa: PLC0415 - a message needs none of it
        read_audiences,
    )

    audiences, wrong = read_audiences(source, attributes)
    reading.findings.extend(wrong)
    return audiences


def _read_metrics(reading: Reading) -> Mapping[str, MetricDefinition]:
    source = reading.optional(f"{EXPERIMENTS}/metrics.yaml")
    if source is None:
        return {}
    from copylab.experiment.metrics import (  # noqa: PLC0415 - as above
        read_metrics,
    )

    metrics, wrong = read_metrics(source)
    reading.findings.extend(wrong)
    return metrics


def _read_experiments(
    reading: Reading, attributes: Mapping[str, Attribute]
) -> dict[str, Experiment]:
    if not reading.exists(EXPERIMENTS):
        return {}
    from copylab.experiment.read import (  # noqa: PLC0415 - as above
        read_experiment,
    )

    experiments = {}
    for path in map(PurePosixPath, reading.names(EXPERIMENTS)):
        if path.suffix != ".yaml" or path.name in NOT_EXPERIMENTS:
            continue
        source = reading.source(f"{EXPERIMENTS}/{path.name}")
        if source is None:
            continue
        experiment, wrong = read_experiment(source, path.stem)
        reading.findings.extend(wrong)
        if experiment is not None:
            experiments[path.stem] = experiment
            places = experiment.place_of
            span = places.get("unit") or places.get("message")
            reading.findings += _check_unit(experiment.unit, span, attributes)
    return experiments


def _read_layers(
    reading: Reading, attributes: Mapping[str, Attribute]
) -> Mapping[str, Layer]:
    source = reading.optional(f"{EXPERIMENTS}/layers.yaml")
    if source is None:
        return {}
    from copylab.experiment.layers import read_layers  # noqa: PLC0415 - as above

    layers, wrong = read_layers(source)
    reading.findings.extend(wrong)
    for layer in layers.values():
        reading.findings += _check_unit(layer.unit, layer.place, attributes)
    return layers


def _read_holdout(
    reading: Reading, config: Config, attributes: Mapping[str, Attribute]
) -> Holdout | None:
    if config.holdout is None:
        return None
    from copylab.experiment.holdout import read_holdout  # noqa: PLC0415 - as above

    holdout, wrong = read_holdout(config.holdout)
    reading.findings.extend(wrong)
    if holdout is not None:
        reading.findings += _check_unit(holdout.unit, holdout.place, attributes)
    return holdout


def _check_unit(
    unit: str, span: Span | None, attributes: Mapping[str, Attribute]
) -> Iterator[Finding]:
    """A unit that no user has would reject every user."""
    if not attributes or unit in attributes:
        return
    text = f"the unit '{unit}' is no attribute of users"
    cure = suggest(unit, attributes) or "declare it in copylab.yaml"
    yield report("unknown-attribute", text, span, help=cure)


def _read_personas(reading: Reading) -> dict[str, dict[str, object]]:
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
