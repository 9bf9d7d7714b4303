"""The settings that decide what lint says of a file, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.document import parse_document
from copylab.lint.ruleset import find_rules
from copylab.lint_settings import LEVELS, PURPOSES
from copylab.locales import locale_parents
from copylab.message.read import copy_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from copylab.catalog import Catalog
    from copylab.document import Node
    from copylab.lint.rule import Rule
    from copylab.lint_settings import LintSettings, Override
    from copylab.message.model import Message
    from copylab.source import Span

Origin = Literal["default", "workspace", "override", "message"]
"""Where a value comes from: copylab itself, ``copylab.yaml``, one of its overrides, or
``message.yaml``."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that applies to a file.

    Attributes:
        name: Its dotted path, as it would be written in ``copylab.yaml``.
        value: A text, a number, or a list of them.
        origin: Where it comes from.
        span: Where it is written; None for a default.
    """

    name: str
    value: object
    origin: Origin
    span: Span | None = None

    @property
    def place(self) -> str:
        """Where it comes from, for people: ``copylab.yaml:12``."""
        if self.span is None:
            return self.origin
        place = f"{self.span.file}:{self.span.line}"
        return f"override {place}" if self.origin == "override" else place

    def to_dict(self) -> dict[str, object]:
        """The setting as JSON-ready values."""
        span = self.span
        return {
            "name": self.name,
            "value": self.value,
            "origin": self.origin,
            "file": span and span.file,
            "line": span and span.line,
            "column": span and span.column,
        }


def effective_settings(catalog: Catalog, file: str) -> tuple[Setting, ...]:
    """Every setting that applies to a file, in the order of ``copylab.yaml``.

    Args:
        catalog: What was read of the workspace.
        file: The path from the workspace's root.
    """
    settings = catalog.config.lint
    message = _message_of(catalog, file)
    found: list[Setting] = []
    if message is not None:
        found += _of_message(catalog, message, file)
    else:
        found += _of_workspace(catalog)
    purposes = PURPOSES if message is None else (message.purpose,)
    found += _limits(settings, file, purposes)
    rules, _ = find_rules(settings, catalog.sources)
    found += [_severity(settings, file, rule) for rule in rules]
    return tuple(found)


def is_default_rule(setting: Setting) -> bool:
    """Whether it is the usual severity of a rule: there are many of them."""
    return setting.origin == "default" and setting.name.startswith("lint.rules.")


def _message_of(catalog: Catalog, file: str) -> Message | None:
    """The message in whose folder a file lies."""
    folder = file.rpartition("/")[0]
    return next(
        (m for m in catalog.messages.values() if m.file == f"{folder}/message.yaml"),
        None,
    )


@dataclass(frozen=True, slots=True)
class _Documents:
    """The two files that a value may stand in, the stronger first."""

    nodes: tuple[tuple[Origin, Node], ...]

    def setting(self, name: str, value: object, *paths: tuple[str, ...]) -> Setting:
        """The setting with the first of some paths that is written, file by file."""
        for origin, node in self.nodes:
            for path in paths:
                span = _span_at(node, path)
                if span is not None:
                    return Setting(name, value, origin, span)
        return Setting(name, value, "default")


def _span_at(node: Node, path: Iterable[str]) -> Span | None:
    """Where the key at the end of a path stands."""
    span = None
    for key in path:
        if not isinstance(node.value, dict) or key not in node.value:
            return None
        span, node = node.value[key].key_span, node.value[key].node
    return span


def _documents(catalog: Catalog, message: Message | None) -> _Documents:
    files: list[tuple[Origin, str]] = [("workspace", catalog.config.file)]
    if message is not None:
        files.insert(0, ("message", message.file))
    nodes = []
    for origin, name in files:
        source = catalog.sources.get(name)
        root = parse_document(source)[0] if source is not None else None
        if root is not None:
            nodes.append((origin, root))
    return _Documents(tuple(nodes))


def _of_workspace(catalog: Catalog) -> Iterator[Setting]:
    written = _documents(catalog, None)
    config = catalog.config
    for tag in ("", *config.markets.locales):
        codes = list(config.markets.at(tag) if tag else config.markets.usual)
        name = f"markets.{tag}" if tag else "markets"
        if codes or not config.markets.locales:
            yield written.setting(name, codes, tuple(name.split(".", 1)))
    yield from _common(catalog, written)


def _common(catalog: Catalog, written: _Documents) -> Iterator[Setting]:
    """What no message changes."""
    config = catalog.config
    yield written.setting("timezone", config.timezone, ("timezone",))
    hosts = ("links", "allowed_hosts")
    yield written.setting("links.allowed_hosts", list(config.links), hosts)
    utm = ("links", "utm")
    yield written.setting("links.utm", list(config.utm), utm)
    clients = ("lint", "email", "clients")
    yield written.setting("lint.email.clients", list(config.lint.clients), clients)


def _of_message(catalog: Catalog, message: Message, file: str) -> Iterator[Setting]:
    written = _documents(catalog, message)
    key = copy_key(file.rpartition("/")[2])
    channel = key[0] if key else ""
    locale = key[1] if key else catalog.config.locales.default
    yield written.setting("purpose", message.purpose, ("purpose",))
    tags = locale_parents(locale)
    markets = list(message.markets.at(locale))
    by_locale = [("markets", tag) for tag in tags]
    yield written.setting("markets", markets, *by_locale, ("markets",))
    industry = [("industry", "by_locale", tag) for tag in tags]
    value = message.industry_at(locale)
    yield written.setting("industry", value, *industry, ("industry",))
    yield from _common(catalog, written)
    for name, text in sorted(message.brand.at(locale).items()):
        nearest = [("brand", "by_locale", tag, name) for tag in tags]
        yield written.setting(f"brand.{name}", text, *nearest, ("brand", name))
    for name, data in sorted(message.sending.items()):
        yield written.setting(f"sending.{name}", data, ("sending", name))
    if channel in {"", "email"}:
        for name, text in sorted(message.email.items()):
            yield written.setting(f"email.{name}", text, ("email", name))
    if channel in {"", "sms"}:
        yield from _of_sms(message)
    if channel in {"", "push"}:
        yield from _of_push(message)


def _placed(message: Message, name: str, value: object, span: Span | None) -> Setting:
    """A setting whose reader kept its place."""
    if span is None:
        return Setting(name, value, "default")
    is_own = span.file == message.file
    return Setting(name, value, "message" if is_own else "workspace", span)


def _of_sms(message: Message) -> Iterator[Setting]:
    sms = message.sms
    for market, profile in sorted(sms.profile.items()):
        span = sms.places.get(f"profile.{market}")
        yield _placed(message, f"sms.profile.{_market(market)}", profile, span)
    for market, prices in sorted(sms.price.items()):
        span = sms.places.get(f"price.{market}")
        value = {
            _market(product): f"{price.amount} {price.currency}"
            for product, price in prices.items()
        }
        yield _placed(message, f"sms.price.{_market(market)}", value, span)


def _market(name: str) -> str:
    """What stands for all markets or products, as people write it."""
    return "default" if name == "*" else name


def _of_push(message: Message) -> Iterator[Setting]:
    push = message.push
    values: dict[str, object] = {"services": list(push.used_services)}
    values |= {
        key: value
        for key in ("serializer", "link", "link_key")
        if (value := getattr(push, key))
    }
    values |= _flat("data", push.data)
    for name, options in (*push.options.items(), *push.limits.items()):
        prefix = f"limits.{name}" if options is push.limits.get(name) else name
        values |= _flat(prefix, options)
    for path, value in values.items():
        span = push.places.get(path)
        yield _placed(message, f"push.{path}", value, span)


def _flat(prefix: str, values: Mapping[str, object]) -> dict[str, object]:
    return {f"{prefix}.{key}": value for key, value in sorted(values.items())}


def _limits(
    settings: LintSettings, file: str, purposes: Iterable[str]
) -> Iterator[Setting]:
    limits = settings.limits_at(file)
    for purpose in purposes:
        for level in LEVELS:
            path = f"sms.max_segments.{purpose}.{level}"
            value = limits[purpose][level]
            yield _layered(settings, file, f"lint.{path}", value, (path,))


def _severity(settings: LintSettings, file: str, rule: Rule) -> Setting:
    chosen = settings.severity_at(file, rule.name, rule.code)
    paths = (f"rules.{rule.name}", f"rules.{rule.code}")
    value = chosen or rule.severity
    return _layered(settings, file, f"lint.rules.{rule.name}", value, paths)


def _layered(
    settings: LintSettings,
    file: str,
    name: str,
    value: object,
    paths: tuple[str, ...],
) -> Setting:
    """The setting with its place in the last override that has it, or the settings."""
    layers: list[tuple[Origin, LintSettings | Override]] = [("workspace", settings)]
    layers += [("override", item) for item in settings.overrides_at(file)]
    for origin, layer in reversed(layers):
        for path in paths:
            if path in layer.places:
                return Setting(name, value, origin, layer.places[path])
    return Setting(name, value, "default")
