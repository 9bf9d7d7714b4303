"""The workspace's settings: ``copylab.yaml``, and what a message overrides of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from copylab.data_settings import DataSettings, read_data_settings
from copylab.document import Section, parse_document
from copylab.findings import Finding, report
from copylab.lint_settings import LintSettings, read_lint
from copylab.locales import locale_parents, normalise_locale
from copylab.prior_settings import PriorSetting, read_prior
from copylab.push_settings import PushSettings, read_push
from copylab.sms_settings import NOT_MARKETS, SmsSettings, read_sms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.document import Entry, Node
    from copylab.source import SourceFile, Span

CONFIG_NAME = "copylab.yaml"
_MARKET = re.compile(r"[A-Z]{2}\Z")


@dataclass(frozen=True, slots=True)
class ByLocale:
    """A value that may differ by locale.

    Attributes:
        usual: The value where no locale has one of its own.
        locales: The values of single locales, keyed by tag.
    """

    usual: Mapping[str, str] = field(default_factory=dict)
    locales: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def at(self, locale: str) -> dict[str, str]:
        """The value for a locale: the usual one, each nearer parent laid over it."""
        value = dict(self.usual)
        for tag in reversed(locale_parents(locale)):
            value |= self.locales.get(tag, {})
        return value

    def over(self, other: ByLocale) -> ByLocale:
        """This value laid over another, key by key."""
        tags = {*self.locales, *other.locales}
        merged = {tag: {**other.at(tag), **self.at(tag)} for tag in sorted(tags)}
        return ByLocale({**other.usual, **self.usual}, merged)


@dataclass(frozen=True, slots=True)
class Markets:
    """The markets a message goes to, ISO 3166, for all locales or by locale."""

    usual: tuple[str, ...] = ()
    locales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def at(self, locale: str) -> tuple[str, ...]:
        """The markets that receive a locale."""
        for tag in locale_parents(locale):
            if tag in self.locales:
                return self.locales[tag]
        return self.usual

    def over(self, other: Markets) -> Markets:
        """These markets, and those of another for the locales not named here."""
        if self.usual or not self.locales:
            return self
        return Markets(other.usual, {**other.locales, **self.locales})


@dataclass(frozen=True, slots=True)
class LocaleRules:
    """Which locales there are, and what happens to a user of another.

    Attributes:
        default: The locale of users of unknown language, where allowed.
        also: The other declared locales.
        missing: ``error`` rejects a user without copy, ``default`` sends the default.
    """

    default: str = "en-US"
    also: tuple[str, ...] = ()
    missing: Literal["error", "default"] = "error"

    @property
    def declared(self) -> tuple[str, ...]:
        """All declared locales, the default first."""
        return (self.default, *self.also)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a workspace.

    Attributes:
        brand: ``name, signature, legal_name, postal_address`` and more of one's own.
        markets: Where messages go unless they say otherwise.
        industry: The industry, by locale; its key is ``industry``.
        locales: Declared locales.
        attributes: User attributes as written, with their places.
        data: Where exposures and outcomes lie.
        outcomes: How outcomes are read: machines' events, and what says it arrived.
        sending: Metadata that rules ask for: provider, consent, sender, ….
        links: Hosts that links may lead to; empty means any.
        utm: Parameters that every link of a campaign carries; empty means none.
        email: ``layout, unsubscribe, from`` and what else a message overrides.
        email_places: Where its keys have their values.
        sms: How short messages leave: profile, price and profiles of one's own.
        push: How pushes leave: services, serializer, deep link, keys of each service.
        timezone: The zone dates and times are printed in.
        prior: What lifts are like before an experiment, or None.
        holdout: The global holdout as written, or None.
        lint: What rules may cost, how grave they are, and where they differ.
        file: The name of the file.
        places: Where ``markets``, ``industry`` and the keys of ``sending`` stand.
    """

    brand: ByLocale = field(default_factory=ByLocale)
    markets: Markets = field(default_factory=Markets)
    industry: ByLocale = field(default_factory=ByLocale)
    locales: LocaleRules = field(default_factory=LocaleRules)
    attributes: Mapping[str, tuple[str, Span]] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    outcomes: DataSettings = field(default_factory=DataSettings)
    sending: Mapping[str, object] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    utm: tuple[str, ...] = ()
    email: Mapping[str, str] = field(default_factory=dict)
    email_places: Mapping[str, Span] = field(default_factory=dict)
    sms: SmsSettings = field(default_factory=SmsSettings)
    push: PushSettings = field(default_factory=PushSettings)
    timezone: str = "UTC"
    prior: PriorSetting | None = None
    holdout: Node | None = None
    lint: LintSettings = field(default_factory=LintSettings)
    file: str = CONFIG_NAME
    places: Mapping[str, Span] = field(default_factory=dict)


def read_config(source: SourceFile) -> tuple[Config, list[Finding]]:
    """The settings in a ``copylab.yaml``, and what is wrong with it."""
    root, findings = parse_document(source)
    if root is None:
        return Config(), findings
    section = Section(root, findings, CONFIG_NAME)
    links = _read_links(section)
    config = Config(
        brand=read_by_locale(section, "brand"),
        markets=read_markets(section),
        industry=read_industry(section),
        locales=_read_locales(section),
        attributes=_read_attributes(section),
        data=read_metadata(section, "data"),
        outcomes=read_data_settings(section),
        sending=read_metadata(section, "sending"),
        links=links["allowed_hosts"],
        utm=links["utm"],
        email=read_email(section),
        email_places=places_of_email(section),
        sms=read_sms(section, with_profiles=True),
        push=read_push(section),
        timezone=_read_timezone(section),
        prior=read_prior(section),
        holdout=section.take("holdout"),
        lint=read_lint(section),
        places=places_of_scope(section),
    )
    section.finish()
    return config, findings


def read_by_locale(section: Section, key: str) -> ByLocale:
    """A mapping of texts, with ``by_locale`` overriding single keys."""
    part = section.take_section(key)
    if part is None:
        return ByLocale()
    by_locale: dict[str, dict[str, str]] = {}
    overrides = part.take_section("by_locale")
    if overrides is not None:
        for entry in overrides.entries():
            tag = _read_tag(section, entry)
            inner = Section(entry.node, section.findings, f"{key}.{entry.key}")
            by_locale[tag or entry.key] = _texts_of(inner)
    return ByLocale(_texts_of(part, without="by_locale"), by_locale)


def _texts_of(section: Section, without: str = "") -> dict[str, str]:
    names = [entry.key for entry in section.entries() if entry.key != without]
    texts = {name: section.take_text(name) for name in names}
    return {name: text for name, text in texts.items() if text is not None}


def read_industry(section: Section) -> ByLocale:
    """The industry: a word, or a mapping ``by_locale``."""
    node = section.take("industry")
    if node is None:
        return ByLocale()
    if isinstance(node.value, dict):
        overrides = Section(node, section.findings, "industry")
        inner = overrides.take_section("by_locale", required=True)
        overrides.finish()
        texts: dict[str, str] = {}
        for entry in inner.entries() if inner is not None else ():
            tag = _read_tag(section, entry)
            text = inner.take_text(entry.key) if inner is not None else None
            if tag is not None and text is not None:
                texts[tag] = text
        return ByLocale({}, {tag: {"industry": text} for tag, text in texts.items()})
    text = section.take_text("industry")
    return ByLocale({"industry": text} if text else {})


def read_markets(section: Section) -> Markets:
    """Markets: a list, or a mapping from locale to lists."""
    node = section.take("markets")
    if node is None:
        return Markets()
    if not isinstance(node.value, dict):
        return Markets(_read_market_list(section, "markets"))
    inner = Section(node, section.findings, "markets")
    locales = {}
    for entry in inner.entries():
        tag = _read_tag(section, entry)
        locales[tag or entry.key] = _read_market_list(inner, entry.key)
    return Markets((), locales)


def _read_market_list(section: Section, key: str) -> tuple[str, ...]:
    nodes = section.take_list(key) or ()
    for node in nodes:
        if not _MARKET.match(node.text) or node.text in NOT_MARKETS:
            message = f"'{node.text or node.kind}' is not a market"
            cure = NOT_MARKETS.get(node.text, "write ISO 3166 codes: CN, US, GB")
            section.wrong(node, message, cure)
    texts = (node.text for node in nodes)
    return tuple(
        dict.fromkeys(t for t in texts if _MARKET.match(t) and t not in NOT_MARKETS)
    )


def read_metadata(section: Section, key: str) -> dict[str, object]:
    """A mapping that is free in its keys, as plain data."""
    part = section.take_section(key)
    if part is None:
        return {}
    return {entry.key: entry.node.plain() for entry in part.entries()}


def read_email(section: Section) -> dict[str, str]:
    """The ``email`` settings."""
    part = section.take_section("email")
    if part is None:
        return {}
    known = ("layout", "unsubscribe", "from", "reply_to", "feedback_id")
    texts = {key: part.take_text(key) for key in known}
    part.finish()
    return {key: text for key, text in texts.items() if text is not None}


def places_of_email(section: Section) -> dict[str, Span]:
    """Where the keys of the ``email`` settings have their values."""
    node = section.take("email")
    entries = node.value if node is not None else None
    if not isinstance(entries, dict):
        return {}
    return {key: entry.node.span for key, entry in entries.items()}


def places_of_scope(section: Section) -> dict[str, Span]:
    """Where ``markets``, ``industry`` and ``sending`` stand, by dotted path.

    What is not there has no place.
    """
    places: dict[str, Span] = {}
    for key in ("markets", "industry", "sending"):
        node = section.take(key)
        if node is not None:
            places |= _places_below(key, node)
    return places


def _places_below(path: str, node: Node) -> dict[str, Span]:
    places = {path: node.span}
    if isinstance(node.value, dict):
        for key, entry in node.value.items():
            places |= _places_below(f"{path}.{key}", entry.node)
    return places


def _read_tag(section: Section, entry: Entry) -> str | None:
    return _normal_tag(section, entry.key, entry.key_span)


def _normal_tag(section: Section, tag: str, span: Span) -> str | None:
    normal = normalise_locale(tag)
    if normal is None:
        message = f"'{tag}' is not a locale"
        cure = "write a tag such as zh-CN"
        section.findings.append(report("bad-value", message, span, help=cure))
    return normal


def _read_locales(section: Section) -> LocaleRules:
    part = section.take_section("locales")
    if part is None:
        return LocaleRules()
    default = part.take_text("default", required=True)
    tags: list[str] = []
    if default is not None:
        node = part.take("default")
        assert node is not None
        tags.append(_normal_tag(part, default, node.span) or "en-US")
    for node in part.take_list("also") or ():
        tag = _normal_tag(part, node.text, node.span)
        if tag is not None:
            tags.append(tag)
    missing = part.take_choice("missing", ("error", "default")) or "error"
    part.finish()
    if default is None:
        tags.insert(0, "en-US")
    declared = tuple(dict.fromkeys(tags))
    return LocaleRules(
        declared[0], declared[1:], "default" if missing == "default" else "error"
    )


def _read_attributes(section: Section) -> dict[str, tuple[str, Span]]:
    part = section.take_section("attributes")
    if part is None:
        return {}
    attributes = {}
    for entry in part.entries():
        if isinstance(entry.node.value, dict | tuple) or not entry.node.text:
            message = f"the type of '{entry.key}' must be a word, such as timestamp?"
            section.wrong(entry.node, message)
            continue
        attributes[entry.key] = (entry.node.text, entry.node.span)
    return attributes


def _read_links(section: Section) -> dict[str, tuple[str, ...]]:
    """The hosts that links may lead to, and the parameters they must carry."""
    names = ("allowed_hosts", "utm")
    part = section.take_section("links")
    if part is None:
        return dict.fromkeys(names, ())
    texts = {name: part.take_texts(name) or () for name in names}
    part.finish()
    return {
        name: tuple(text.lower() for text in found) for name, found in texts.items()
    }


def _read_timezone(section: Section) -> str:
    name = section.take_text("timezone")
    if name is None:
        return "UTC"
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most workspaces name no zone

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        message = f"'{name}' is not a time zone"
        cure = "write a name such as Asia/Shanghai"
        section.findings.append(
            report("bad-value", message, section.span("timezone"), help=cure)
        )
        return "UTC"
    return name
