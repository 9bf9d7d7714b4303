"""The ``lint`` settings: what rules may cost, how grave they are, and where they differ.

Settings hold for the whole workspace; ``overrides`` change them for the files that
their paths match, the later one winning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from copylab.document import Section
from copylab.findings import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.document import Node
    from copylab.source import Span

PURPOSES = ("marketing", "transactional", "otp")
CLIENTS = ("gmail", "outlook", "outlook.com", "yahoo", "apple")
"""Mail clients that ``email.clients`` may name; outlook is the one for Windows."""
LEVELS = ("warning", "error")
"""The severities that a number of segments can be given for."""
OFF = "off"
RULE_SETTINGS = (*SEVERITIES, OFF)

DEFAULT_MAX_SEGMENTS: dict[str, dict[str, int]] = {
    "marketing": {"warning": 1, "error": 3},
    "transactional": {"warning": 2, "error": 4},
    "otp": {"warning": 1, "error": 1},
}

Limits = dict[str, dict[str, int]]
"""By purpose and level, the segments a message may need."""


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for the files that some paths match.

    Attributes:
        paths: Patterns from the workspace's root, each with its place.
        severities: Severity by rule name or code; ``off`` switches a rule off.
        max_segments: The limits it changes, by purpose and level.
        span: Where it stands.
        places: Where each value stands, by dotted path such as ``rules.optout-missing``.
    """

    paths: tuple[tuple[str, Span], ...]
    severities: Mapping[str, str]
    max_segments: Mapping[str, Mapping[str, int]]
    span: Span
    places: Mapping[str, Span] = field(default_factory=dict)

    def matches(self, file: str) -> bool:
        """Whether it is about a file, given by its path from the workspace's root."""
        return any(matches_path(pattern, file) for pattern, _ in self.paths)


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Everything below ``lint:``.

    Attributes:
        max_segments: The limits that are written, by purpose and level.
        severities: Severity by rule name or code, as written.
        overrides: In the order they are written; the later one wins.
        clients: Mail clients that a mail must work in; empty means the usual ones.
        packs: Paths of rule packs from the workspace's root, each with its place.
        places: Where each value stands, by dotted path such as ``rules.optout-missing``.
    """

    max_segments: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    clients: tuple[str, ...] = ()
    packs: tuple[tuple[str, Span], ...] = ()
    places: Mapping[str, Span] = field(default_factory=dict)

    def overrides_at(self, file: str | None) -> tuple[Override, ...]:
        """The overrides about a file, the one that wins last."""
        if file is None:
            return ()
        return tuple(item for item in self.overrides if item.matches(file))

    def severity_at(self, file: str | None, rule: str, code: str) -> str | None:
        """The severity that is written for a rule in a file, or None."""
        layers = [self.severities]
        layers += [item.severities for item in self.overrides_at(file)]
        for layer in reversed(layers):
            found = layer.get(rule) or layer.get(code)
            if found is not None:
                return found
        return None

    def limits_at(self, file: str | None) -> Limits:
        """The limits of segments for a file, by purpose and level."""
        limits = {
            purpose: dict(usual) for purpose, usual in DEFAULT_MAX_SEGMENTS.items()
        }
        layers = [self.max_segments]
        layers += [item.max_segments for item in self.overrides_at(file)]
        for layer in layers:
            for purpose, levels in layer.items():
                limits[purpose].update(levels)
        return limits


def matches_path(pattern: str, file: str) -> bool:
    """Whether a pattern matches a path; both are written from the workspace's root.

    ``*`` and ``?`` stay within a folder, ``**`` stands for any number of folders. A
    pattern also matches everything below the folder it matches.
    """
    return _compile(pattern).match(file) is not None


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    parts = [part for part in pattern.split("/") if part not in {"", "."}]
    written = ""
    for part in parts:
        if part == "**":
            written += "(?:[^/]+/)*"
        else:
            words = re.split(r"([*?])", part)
            marks = {"*": "[^/]*", "?": "[^/]"}
            written += "".join(marks.get(word, re.escape(word)) for word in words) + "/"
    # A trailing ** asks for something below the folder in front of it.
    below = "[^/]+" if parts and parts[-1] == "**" else ""
    return re.compile(rf"{written.removesuffix('/')}{below}(?:/.*)?\Z", re.DOTALL)


def read_lint(section: Section) -> LintSettings:
    """The ``lint`` settings of a workspace.

    Args:
        section: The mapping that may hold the key ``lint``.
    """
    part = section.take_section("lint")
    if part is None:
        return LintSettings()
    places: dict[str, Span] = {}
    settings = LintSettings(
        max_segments=_read_sms(part, places),
        severities=_read_severities(part, places),
        overrides=tuple(
            _read_override(part, node) for node in part.take_list("overrides") or ()
        ),
        clients=_read_clients(part),
        packs=_read_paths(part, "packs"),
        places=places,
    )
    part.finish()
    return settings


def _read_clients(part: Section) -> tuple[str, ...]:
    email = part.take_section("email")
    if email is None:
        return ()
    nodes = email.take_list("clients") or ()
    for node in nodes:
        if node.text not in CLIENTS:
            message = f"'{node.text or node.kind}' is no mail client that rules know"
            email.wrong(node, message, "known: " + ", ".join(CLIENTS))
    email.finish()
    return tuple(node.text for node in nodes if node.text in CLIENTS)


def _read_override(part: Section, node: Node) -> Override:
    inner = Section(node, part.findings, "an override")
    places: dict[str, Span] = {}
    paths = inner.take("paths", required=True)
    if paths is not None and paths.value == ():
        inner.wrong(paths, "paths lists nothing", "write [templates/legal/**]")
    override = Override(
        paths=_read_paths(inner, "paths"),
        max_segments=_read_sms(inner, places),
        severities=_read_severities(inner, places),
        span=node.span,
        places=places,
    )
    inner.finish()
    return override


def _read_paths(part: Section, key: str) -> tuple[tuple[str, Span], ...]:
    """A list of paths below the workspace's root, each with its place."""
    paths = []
    for node in part.take_list(key) or ():
        text = node.text.strip()
        if isinstance(node.value, dict | tuple) or not text:
            part.wrong(node, f"{key} must list paths, not {node.kind}")
        elif text.startswith("/") or "\\" in text or ".." in text.split("/"):
            message = f"'{text}' is no path below the workspace"
            part.wrong(node, message, "write it from the workspace's root, with /")
        else:
            paths.append((text, node.span))
    return tuple(paths)


def _read_sms(part: Section, places: dict[str, Span]) -> Limits:
    sms = part.take_section("sms")
    limits: Limits = {}
    if sms is None:
        return limits
    purposes = sms.take_section("max_segments")
    for purpose in PURPOSES if purposes is not None else ():
        assert purposes is not None
        levels = purposes.take_section(purpose)
        for level in LEVELS if levels is not None else ():
            assert levels is not None
            number = levels.take_integer(level, at_least=1)
            if number is not None:
                limits.setdefault(purpose, {})[level] = number
                path = f"sms.max_segments.{purpose}.{level}"
                places[path] = levels.span(level)
        if levels is not None:
            levels.finish()
    if purposes is not None:
        purposes.finish()
    sms.finish()
    return limits


def _read_severities(part: Section, places: dict[str, Span]) -> dict[str, str]:
    rules = part.take_section("rules")
    chosen: dict[str, str] = {}
    for entry in rules.entries() if rules is not None else ():
        assert rules is not None
        severity = rules.take_choice(entry.key, RULE_SETTINGS)
        if severity is not None:
            chosen[entry.key] = severity
            places[f"rules.{entry.key}"] = entry.key_span
    return chosen
