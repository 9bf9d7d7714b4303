"""Matrix: every message of a workspace by channel and locale, with what lacks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from copylab.findings import SEVERITIES
from copylab.message.model import FIELDS
from copylab.message.read import copy_key
from copylab.reading import MESSAGE_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from copylab.catalog import Catalog
    from copylab.findings import Finding, Severity
    from copylab.message.model import Copy, Message
    from copylab.preview.shown import Shown
    from copylab.preview.trials import Trial

Column = tuple[str, str]
"""A channel and a locale."""

State = Literal["words", "gap", "unused"]
Gravest = Literal["error", "warning", "info", ""]

_TAG = re.compile(
    r"\{%-?\s*(?P<verb>\w*).*?%\}|\{#.*?#\}|\{\{-?\s*(?P<name>\w*).*?\}\}", re.DOTALL
)
_INCLUDE = re.compile(r"\{%-?\s*include\s*['\"](?P<path>[^'\"]+)['\"]")
_SPACE = re.compile(r"\s+")


class Cell(NamedTuple):
    """A message in one channel and locale; a tuple, for there are many of them.

    Attributes:
        state: ``words``, a ``gap`` where words are asked for, or ``unused``.
        variants: How many variants have words.
        missing: Variants that other locales of the channel have, and the live one.
        severity: The gravest severity of its findings; empty without any.
        findings: How many findings are of that severity.
    """

    state: State
    variants: int = 0
    missing: tuple[str, ...] = ()
    severity: Gravest = ""
    findings: int = 0

    @property
    def code(self) -> int:
        """What filters ask of it: 1 words, 2 findings, 4 a gap."""
        gap = self.state == "gap" or bool(self.missing)
        return (self.state == "words") + 2 * bool(self.severity) + 4 * gap


_UNUSED = Cell("unused")
_GAP = Cell("gap")


@dataclass(frozen=True)
class Row:
    """A message.

    Attributes:
        id: Its id.
        message: What was read; None where that never could be.
        cells: One for each column.
        markets: Where it goes, over its locales.
        findings: All findings in its folder.
        settings: The gravest severity of findings that are about no copy file, and how
            many have it.
        trials: Its experiments.
        text: What it says, for searching; without the partials.
        includes: The partials that it includes.
        is_unreadable: Whether its ``message.yaml`` cannot be read now.
        has_page: Whether there is a page to open.
    """

    id: str
    message: Message | None
    cells: tuple[Cell, ...]
    markets: tuple[str, ...]
    findings: tuple[Finding, ...]
    settings: tuple[Gravest, int]
    trials: tuple[Trial, ...]
    text: str
    includes: tuple[str, ...]
    is_unreadable: bool = False
    has_page: bool = True

    @property
    def name(self) -> str:
        """The last part of its id."""
        return self.id.rpartition("/")[2]

    @property
    def campaign(self) -> str:
        """The folder of messages it stands in; empty at the top."""
        return self.id.rpartition("/")[0]

    @property
    def tags(self) -> Mapping[str, str]:
        """How the live wording is tagged."""
        if self.message is None:
            return {}
        return self.message.variants.get(self.message.live, {})

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """The audiences of its experiments that are not over."""
        found = (trial.audience for trial in self.open_trials)
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def open_trials(self) -> tuple[Trial, ...]:
        """Its experiments that are not over."""
        return tuple(trial for trial in self.trials if trial.status != "concluded")

    @property
    def over(self) -> int:
        """How many experiments on it are over."""
        return sum(trial.status == "concluded" for trial in self.trials)

    @property
    def names(self) -> str:
        """The names by which it is looked for: variants, their tags, experiments."""
        variants = {} if self.message is None else self.message.variants
        words = list(variants)
        words += [word for tags in variants.values() for word in tags.values()]
        words += [trial.name for trial in self.trials]
        return " ".join(dict.fromkeys(words))

    @property
    def fault(self) -> Finding | None:
        """Why it cannot be read; None where it can, or nobody knows."""
        errors = (item for item in self.findings if item.severity == "error")
        return next(errors, None) if self.is_unreadable else None

    @property
    def is_running(self) -> bool:
        """Whether an experiment on it runs."""
        return any(trial.status == "running" for trial in self.trials)

    @cached_property
    def gaps(self) -> int:
        """How many of its cells lack words."""
        return sum(bool(cell.code & 4) for cell in self.cells)

    @property
    def codes(self) -> str:
        """The codes of its cells, a digit each."""
        return "".join(str(cell.code) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All messages.

    Attributes:
        columns: Channels and locales, a channel's beside each other.
        rows: The messages, by campaign and name.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def make_matrix(shown: Shown, trials: Mapping[str, tuple[Trial, ...]]) -> Matrix:
    """Every message with what is written, what lacks and what is wrong.

    Args:
        shown: The state of the workspace.
        trials: The experiments by message.
    """
    catalog = shown.workspace
    known = {name: _find(shown, name) for name in _message_ids(shown)}
    wanted = {
        name: _wanted(catalog, message, trials.get(name, ()))
        for name, message in known.items()
        if message is not None
    }
    columns = _columns(catalog, wanted.values(), known.values())
    rows = [
        _row(shown, name, message, columns, wanted.get(name, ()), trials.get(name, ()))
        for name, message in known.items()
    ]
    return Matrix(columns, tuple(rows))


def _message_ids(shown: Shown) -> list[str]:
    """All messages, and folders whose ``message.yaml`` cannot be read."""
    end = f"/{MESSAGE_NAME}"
    names = {
        file.removeprefix("templates/").removesuffix(end)
        for file in shown.workspace.sources
        if file.endswith(end) and file.startswith("templates/") and file.count("/") > 1
    }
    names |= shown.workspace.messages.keys() | shown.last_good.keys()
    return sorted(names, key=lambda name: (name.rpartition("/")[0].split("/"), name))


def _find(shown: Shown, name: str) -> Message | None:
    message = shown.workspace.messages.get(name)
    if message is None and name in shown.last_good:
        message = shown.last_good[name].messages.get(name)
    return message


def _wanted(
    catalog: Catalog, message: Message, trials: Sequence[Trial]
) -> frozenset[Column]:
    """The channels and locales in which a message must have words."""
    channels = {channel for channel, _ in message.copies}
    channels |= {step.channel for step in message.sequence if step.channel}
    for trial in trials:
        if trial.status != "concluded":
            channels.update(c for c in trial.channels if c in FIELDS)
    locales = message.locales or catalog.config.locales.declared
    return frozenset((channel, locale) for channel in channels for locale in locales)


def _columns(
    catalog: Catalog,
    wanted: Iterable[Collection[Column]],
    messages: Iterable[Message | None],
) -> tuple[Column, ...]:
    used = {column for columns in wanted for column in columns}
    used |= {column for message in messages if message for column in message.copies}
    order = {tag: place for place, tag in enumerate(catalog.config.locales.declared)}
    channels = tuple(FIELDS)
    return tuple(
        sorted(
            used,
            key=lambda column: (
                channels.index(column[0]),
                order.get(column[1], len(order)),
                column[1],
            ),
        )
    )


def _row(
    shown: Shown,
    name: str,
    message: Message | None,
    columns: Sequence[Column],
    wanted: Collection[Column],
    trials: tuple[Trial, ...],
) -> Row:
    findings = shown.findings_of(name)
    by_column: dict[Column | None, Counter[Severity]] = {}
    for finding in findings:
        column = copy_key((finding.file or "").rpartition("/")[2])
        by_column.setdefault(column, Counter())[finding.severity] += 1
    used = _used(message) if message is not None else {}
    cells = tuple(
        _cell(message, column, used, column in wanted, by_column.get(column))
        for column in columns
    )
    text, includes = ("", ()) if message is None else _text_of(message)
    return Row(
        id=name,
        message=message,
        cells=cells,
        markets=() if message is None else _markets(message, wanted),
        findings=findings,
        settings=_worst(by_column.get(None)),
        trials=trials,
        text=text,
        includes=includes,
        is_unreadable=name not in shown.workspace.messages,
        has_page=message is not None,
    )


def _markets(message: Message, wanted: Iterable[Column]) -> tuple[str, ...]:
    """The markets of the locales in which a message is, or should be, written."""
    locales = {locale for _, locale in (*wanted, *message.copies)}
    found = {market for locale in locales for market in message.markets.at(locale)}
    return tuple(sorted(found))


def _used(message: Message) -> Mapping[str, frozenset[str]]:
    """By channel, the variants that each of its locales needs."""
    live = {message.live} & message.variants.keys()
    found: dict[str, set[str]] = {}
    for (channel, _), copy in message.copies.items():
        found.setdefault(channel, set(live)).update(copy.variants)
    return {channel: frozenset(names) for channel, names in found.items()}


def _cell(
    message: Message | None,
    column: Column,
    used: Mapping[str, frozenset[str]],
    is_wanted: bool,  # noqa: FBT001 - one of two states of a cell
    counts: Counter[Severity] | None,
) -> Cell:
    copy: Copy | None = None if message is None else message.copies.get(column)
    if copy is None:
        if counts:
            return Cell("gap" if is_wanted else "unused", 0, (), *_worst(counts))
        return _GAP if is_wanted else _UNUSED
    missing = tuple(sorted(used[column[0]] - copy.variants.keys()))
    return Cell("words", len(copy.variants), missing, *_worst(counts))


def _worst(counts: Counter[Severity] | None) -> tuple[Gravest, int]:
    """The gravest severity there is, and how many findings have it."""
    for severity in SEVERITIES if counts else ():
        if counts and counts[severity]:
            return severity, counts[severity]
    return "", 0


def _text_of(message: Message) -> tuple[str, tuple[str, ...]]:
    """What a message says, each passage once, and the partials it includes."""
    passages = dict.fromkeys(
        passage.text
        for copy in message.copies.values()
        for fields in copy.variants.values()
        for passage in fields.values()
    )
    whole = "\n".join(passages)
    return plain_text(whole), includes_of(whole)


def includes_of(text: str) -> tuple[str, ...]:
    """The partials that a template names, each once.

    Args:
        text: The template.
    """
    return tuple(dict.fromkeys(_INCLUDE.findall(text))) if "{%" in text else ()


def plain_text(text: str) -> str:
    """A template as somebody looks for it: values by their names, tags not at all.

    Args:
        text: The template.
    """
    bare = _TAG.sub(_plain, text) if "{" in text else text
    return _SPACE.sub(" ", bare).strip()


def _plain(match: re.Match[str]) -> str:
    """A tag as a reader looks for it: a value by its name, the rest not at all."""
    return match["name"] or ""
