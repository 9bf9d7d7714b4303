"""Panels: the words of one channel and locale, each variant as somebody gets it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.experiment.quantities import format_percent
from copylab.locales import text_direction
from copylab.message.model import FIELDS
from copylab.message.values import MISSING
from copylab.preview.frames.make import clock_of, prepare_press, press_frame
from copylab.preview.trying.users import Place, user_of
from copylab.preview.usual_values import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment
    from copylab.findings import Finding
    from copylab.message.model import Message
    from copylab.preview.frames.make import Frame, NoFrame, Press
    from copylab.preview.shown import Shown
    from copylab.source import SourceFile

_MOST_SHOWN = 240
"""Characters of a line of source that are shown around a finding."""


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding with the words it stands on.

    Attributes:
        finding: The finding.
        place: File, line and column, as editors take them; empty where it has none.
        before: The line of the file in front of what it is about.
        words: What it is about, on that line.
        after: The rest of the line.
    """

    finding: Finding
    place: str
    before: str = ""
    words: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A variant's part in an experiment.

    Attributes:
        experiment: The name of the experiment.
        status: ``draft``, ``running`` or ``concluded``.
        share: The share of its arm, such as ``45%``.
        is_control: Whether the other arms are compared with it.
    """

    experiment: str
    status: str
    share: str
    is_control: bool


@dataclass(frozen=True, slots=True)
class Shot:
    """What some personas get, alike to the last character.

    Attributes:
        personas: Their names.
        frame: What they get.
    """

    personas: tuple[str, ...]
    frame: Frame | NoFrame


@dataclass(frozen=True, slots=True)
class ValueShown:
    """A value that the words of a place refer to.

    Attributes:
        variable: The variable.
        given: The value as the persona has it; empty where there is none.
        used: What is printed in its place; empty where it is the value itself.
        action: ``use`` where it is replaced, ``skip`` or ``error`` where it is missing;
            empty where it is used as it is.
    """

    variable: str
    given: str
    used: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """What a persona brings to a place.

    Attributes:
        persona: The persona's name.
        values: The values that its words refer to, in the order they are declared.
    """

    persona: str
    values: tuple[ValueShown, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One variant in a channel and locale.

    Attributes:
        anchor: Where it is on the page: ``sms.zh-CN.plain``.
        variant: The variant.
        tags: What is said of its wording.
        is_live: Whether everybody outside of an experiment gets it.
        shares: Its parts in experiments, running ones first.
        findings: What is wrong with it.
        shots: What each persona gets; the chosen one's comes first.
        is_past: Whether the words are those that could last be read.
        problems: Why the present words cannot be; empty where they can.
    """

    anchor: str
    variant: str
    tags: tuple[tuple[str, str], ...]
    is_live: bool
    shares: tuple[Share, ...]
    findings: tuple[FindingShown, ...]
    shots: tuple[Shot, ...]
    is_past: bool = False
    problems: tuple[str, ...] = ()

    @property
    def worst(self) -> str:
        """The gravest severity of its findings; empty where there are none."""
        return worst_of(self.findings)


@dataclass(frozen=True, slots=True)
class Panel:
    """One channel and locale.

    Attributes:
        anchor: Where it is on the page: ``sms.zh-CN``.
        channel: The channel.
        locale: The locale.
        direction: ``ltr`` or ``rtl``.
        file: The file of its words; empty where there is none.
        findings: What is wrong in that file and with no variant of it.
        cards: Its variants.
        values: What each persona brings; the chosen one's come first.
    """

    anchor: str
    channel: str
    locale: str
    direction: str
    file: str
    findings: tuple[FindingShown, ...]
    cards: tuple[Card, ...]
    values: tuple[Values, ...]

    @property
    def all_findings(self) -> tuple[FindingShown, ...]:
        """Those of the file and those of all variants."""
        return (
            *self.findings,
            *(item for card in self.cards for item in card.findings),
        )

    @property
    def worst(self) -> str:
        """The gravest severity of its findings; empty where there are none."""
        return worst_of(self.all_findings)


@dataclass(frozen=True, slots=True)
class Look:
    """What panels are made from.

    Attributes:
        shown: The state of the workspace.
        message: The message, as it is or as it last could be read.
        personas: Who gets it; the first is the one who is shown.
    """

    shown: Shown
    message: Message
    personas: tuple[str, ...]

    @property
    def catalog(self) -> Catalog:
        """The content that the message is part of."""
        workspace = self.shown.workspace
        if self.message.id in workspace.messages:
            return workspace
        return self.shown.last_good[self.message.id]

    @property
    def past(self) -> Catalog | None:
        """The content in which the message could last be read; None: it can be now."""
        return self.shown.last_good.get(self.message.id)


def make_panels(look: Look) -> tuple[Panel, ...]:
    """The panels of a message, by channel and then by locale.

    Args:
        look: The message, and who looks.
    """
    places = set(look.message.copies)
    if look.past is not None and look.message.id in look.past.messages:
        places |= set(look.past.messages[look.message.id].copies)
    order = _locale_order(look.catalog)
    channels = list(FIELDS)

    def rank(place: tuple[str, str]) -> tuple[int, int, str]:
        channel, locale = place
        return channels.index(channel), order.get(locale, len(order)), locale

    return tuple(_panel(look, Place(*place)) for place in sorted(places, key=rank))


def show_findings(
    findings: Sequence[Finding], sources: Mapping[str, SourceFile]
) -> tuple[FindingShown, ...]:
    """Findings with the words they stand on.

    Args:
        findings: The findings.
        sources: The files of the workspace by name.
    """
    return tuple(_show(finding, sources) for finding in findings)


def worst_of(findings: Sequence[FindingShown]) -> str:
    """The gravest severity of findings; empty where there are none."""
    given = {item.finding.severity for item in findings}
    return next((name for name in ("error", "warning", "info") if name in given), "")


def _locale_order(catalog: Catalog) -> dict[str, int]:
    locales = catalog.config.locales
    return {tag: rank for rank, tag in enumerate((locales.default, *locales.also))}


def _panel(look: Look, place: Place) -> Panel:
    copy = look.message.copies.get((place.channel, place.locale))
    file = "" if copy is None else copy.source.name
    own: dict[str, list[Finding]] = {}
    rest = []
    for finding in look.shown.findings_of(look.message.id):
        if file and finding.file == file:
            if finding.variant in look.message.variants:
                own.setdefault(str(finding.variant), []).append(finding)
            else:
                rest.append(finding)
    presses = {
        variant: _press(look, place, variant) for variant in look.message.variants
    }
    users = _users(look, place)
    cards = (
        _card(look, place, variant, own.get(variant, ()), (presses[variant], users))
        for variant in look.message.variants
    )
    return Panel(
        anchor=str(place),
        channel=place.channel,
        locale=place.locale,
        direction=text_direction(place.locale),
        file=file,
        findings=show_findings(rest, look.shown.workspace.sources),
        cards=tuple(cards),
        values=tuple(
            Values(name, tuple(_values(look.message, presses.values(), user)))
            for name, user in users.items()
        ),
    )


def _values(
    message: Message, presses: Iterable[Press], user: Mapping[str, object]
) -> Iterator[ValueShown]:
    """The values that the words of a place refer to, in the order of declaration."""
    inputs = {
        item.name: item for press in presses if press.copy for item in press.copy.inputs
    }
    for name in message.variables:
        if name not in inputs:
            continue
        item = inputs[name]
        raw = user.get(item.source, user.get(name))
        given = "" if raw is None else shown_value(raw)
        if item.read(raw) is not MISSING:
            yield ValueShown(name, given)
            continue
        used = shown_value(item.replacement) if item.action == "use" else ""
        yield ValueShown(name, given, used, item.action)


def _users(look: Look, place: Place) -> dict[str, Mapping[str, object]]:
    return {
        name: user_of(look.catalog, look.message, place, name, look.shown.at)
        for name in look.personas
    }


def _press(look: Look, place: Place, variant: str) -> Press:
    """The words as they are; else as they last could be read."""
    key = (look.message.id, place.channel, place.locale, variant)
    press = prepare_press(look.catalog, key)
    if press.copy is None and look.past is not None and key in look.past.templates:
        before = prepare_press(look.past, key)
        if before.copy is not None:
            return replace(before, problems=press.problems)
    return press


def _card(
    look: Look,
    place: Place,
    variant: str,
    findings: Sequence[Finding],
    given: tuple[Press, Mapping[str, Mapping[str, object]]],
) -> Card:
    press, users = given
    message = look.message
    is_past = press.catalog is look.past
    clock = clock_of(message, place.channel)
    frames: dict[Frame | NoFrame, list[str]] = {}
    for name, user in users.items():
        frames.setdefault(press_frame(press, user, clock=clock), []).append(name)
    shots = tuple(Shot(tuple(names), frame) for frame, names in frames.items())
    return Card(
        anchor=f"{place}.{variant}",
        variant=variant,
        tags=tuple(message.variants[variant].items()),
        is_live=variant == message.live,
        shares=_shares(look.catalog, message, place.channel, variant),
        findings=show_findings(findings, look.shown.workspace.sources),
        shots=shots,
        is_past=is_past,
        problems=press.problems if is_past else (),
    )


def _shares(
    catalog: Catalog, message: Message, channel: str, variant: str
) -> tuple[Share, ...]:
    """The parts of a variant in experiments that run or are planned."""
    found = [
        Share(
            experiment.name,
            experiment.status,
            format_percent(experiment.arms[variant]),
            variant == experiment.control,
        )
        for experiment in catalog.experiments.values()
        if _covers(experiment, message, channel) and variant in experiment.arms
    ]
    return tuple(sorted(found, key=lambda share: share.status != "running"))


def _covers(experiment: Experiment, message: Message, channel: str) -> bool:
    is_ahead = experiment.status in {"running", "draft"}
    is_on = not experiment.channels or channel in experiment.channels
    return is_ahead and is_on and experiment.message == message.id


def _show(finding: Finding, sources: Mapping[str, SourceFile]) -> FindingShown:
    if finding.file is None or finding.line is None:
        return FindingShown(finding, finding.file or "")
    place = f"{finding.file}:{finding.line}:{finding.column or 1}"
    source = sources.get(finding.file)
    if source is None:
        return FindingShown(finding, place)
    line = source.line(finding.line)
    start = (finding.column or 1) - 1
    is_here = finding.end_line == finding.line and finding.end_column is not None
    end = (finding.end_column or 0) - 1 if is_here else len(line)
    before, words, after = line[:start], line[start:end], line[end:]
    room = max((_MOST_SHOWN - len(words)) // 2, 20)
    if len(before) > room:
        before = "…" + before[-room:]
    if len(after) > room:
        after = after[:room] + "…"
    return FindingShown(finding, place, before, words, after)
