"""Branches as people read them: every text that the words of a field can make.

What is shown of a branch is one rendering of it, by the path that sends; what leads
there is said for all values that do. Ways that print the same are one branch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from copylab.channels.route import routes_of
from copylab.lint.printed import added_by
from copylab.lint.readability import gaps_of, is_readable, words_of
from copylab.message.model import FIELDS
from copylab.preview.as_read import as_read
from copylab.preview.branch_findings import is_in, is_on
from copylab.preview.branch_measure import measure_branch
from copylab.preview.differences import Piece, fold, mark
from copylab.preview.usual_values import shown_value, usual_values
from copylab.template.choices import describe_state
from copylab.template.shape import Rep, walk
from copylab.template.witness import render_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.channels.route import Route
    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.field import Field, Written
    from copylab.preview.branch_measure import Measure
    from copylab.template.paths import Path
    from copylab.template.witness import Example

Choices = tuple[tuple[str, str], ...]
"""Variables or conditions, each with what it has to be, in words."""

MOST_SHOWN = 60
"""Branches of a field that a page shows unless it is asked for all."""
_MAX_TRIES = 16
"""Ways that are tried for values that lead along them."""
_MOST_MEASURED = 512
"""Ways of a field whose longest texts are worked out for each branch."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One text that a field can be.

    Attributes:
        number: Which of the field's branches it is, from 1.
        text: The text, rendered; None where no values were found that lead to it.
        ways: What leads to it: any of these, each of which holds as a whole. One that
            is empty holds always.
        values: The values that the rendering prints.
        pieces: The text beside that of the first branch; where it is long, what is far
            from every difference is folded.
        measure: How long it is; None where there is no text.
        findings: What is wrong on this branch.
    """

    number: int
    text: str | None
    ways: tuple[Choices, ...]
    values: Choices
    pieces: tuple[Piece, ...] = ()
    measure: Measure | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldBranches:
    """The branches of one field of a text.

    Attributes:
        name: The field.
        branches: The branches, at most as many as were asked for.
        total: How many there are; of samples, how many different ones were seen.
        samples: How many ways were sampled where there are too many to walk; else 0.
        same_as: The variant that was shown before and has the same texts, or empty.
        market: Who gets it, where the gateways of several markets add different words.
        added: What the gateway puts before and after the words.
        has_lists: Whether it prints lists, whose items are shown as one example.
        findings: What is wrong with the field on no single one of its branches.
    """

    name: str
    branches: tuple[Branch, ...]
    total: int
    samples: int = 0
    same_as: str = ""
    market: str = ""
    added: tuple[str, str] = ("", "")
    has_lists: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def left_out(self) -> int:
        """How many of the branches that are known are not among those shown."""
        return self.total - len(self.branches)


@dataclass(frozen=True, slots=True)
class TextBranches:
    """One text of a message: a variant in one channel and locale.

    Attributes:
        key: Message, channel, locale and variant.
        fields: Its fields; empty where it could not be read.
        gap: Why it could not be read, or what of it is not known; empty where nothing.
        findings: What is wrong with it and with no single field.
    """

    key: Key
    fields: tuple[FieldBranches, ...]
    gap: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def branches(self) -> int:
        """How many branches are known: those of its fields, each with each."""
        totals: dict[str, int] = {}
        for item in self.fields:
            totals[item.name] = max(item.total, totals.get(item.name, 0))
        return prod(totals.values()) if totals else 0

    @property
    def is_walked(self) -> bool:
        """Whether every way through its words was walked."""
        return bool(self.fields) and not any(item.samples for item in self.fields)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A field whose branches are asked for.

    Attributes:
        item: The field.
        channel: Its channel.
        route: The way it takes; None for other channels than short messages.
        told: The findings that may be about it.
        usual: Values to show branches with.
        most_shown: How many branches are rendered; None is all.
    """

    item: Field
    channel: str
    route: Route | None
    told: tuple[Finding, ...]
    usual: Mapping[str, object]
    most_shown: int | None

    @property
    def added(self) -> tuple[str, str]:
        """What the gateway puts before and after the words."""
        return ("", "") if self.route is None else added_by(self.route)


def find_branches(
    catalog: Catalog,
    message_id: str,
    findings: Iterable[Finding] = (),
    *,
    most_shown: int | None = MOST_SHOWN,
) -> Iterator[TextBranches]:
    """The branches of each text of a message, by channel and locale, the usual first.

    Args:
        catalog: The workspace's content.
        message_id: One of its messages.
        findings: What was found; what stands in the files of its words is given to the
            branch, the field or the text that it is about.
        most_shown: How many branches of a field are rendered; None is all that are
            walked.
    """
    told = tuple(findings)
    message = catalog.messages[message_id]
    usual = catalog.config.locales.default
    places = sorted(message.copies, key=lambda place: _place_order(place, usual))
    values = {locale: usual_values(catalog, message, locale) for _, locale in places}
    for channel, locale in places:
        earlier: list[TextBranches] = []
        for variant in message.copies[channel, locale].variants:
            key = (message_id, channel, locale, variant)
            found = _text(catalog, key, told, values[locale], most_shown)
            earlier.append(_without_repeats(found, earlier))
        yield from earlier


def _place_order(place: tuple[str, str], usual: str) -> tuple[int, bool, str]:
    """What a channel and locale are ordered by: the usual locale comes first."""
    channel, locale = place
    return list(FIELDS).index(channel), locale != usual, locale


def _text(
    catalog: Catalog,
    key: Key,
    told: tuple[Finding, ...],
    usual: Mapping[str, object],
    most_shown: int | None,
) -> TextBranches:
    file = catalog.messages[key[0]].copies[key[1], key[2]].source.name
    own = tuple(f for f in told if f.file == file and f.variant in {key[3], None})
    if key not in catalog.templates or not is_readable(catalog, key):
        own = tuple(f for f in own if f.variant == key[3])
        return TextBranches(key, (), "it could not be read", own)
    words = words_of(catalog, key, None)
    fields = [
        _field(_Asked(item, key[1], route, own, usual, most_shown))
        for item in words.fields.values()
        for route in _routes(words)
    ]
    taken = {id(f) for field in fields for f in field.findings}
    taken |= {id(f) for field in fields for b in field.branches for f in b.findings}
    rest = tuple(f for f in own if id(f) not in taken and f.variant == key[3])
    return TextBranches(key, tuple(fields), gaps_of(catalog, key), rest)


def _routes(words: Words) -> Sequence[Route | None]:
    """The ways on which a short message's words differ; None for other channels."""
    if words.channel != "sms":
        return (None,)
    alike: dict[tuple[str, str], Route] = {}
    for route in routes_of(words.message, words.locale):
        alike.setdefault(added_by(route), route)
    return tuple(alike.values())


def _field(asked: _Asked) -> FieldBranches:
    """The branches of a field, on one route."""
    item, told, added = asked.item, asked.told, asked.added
    groups, unshown = _rendered(asked)
    first = next((branch.text for branch, _ in groups if branch.text is not None), None)
    is_measured = len(item.ways) <= _MOST_MEASURED
    branches = []
    for branch, sources in groups:
        paths = [p for w in sources for p in w.paths] if is_measured else []
        found = replace(
            branch,
            pieces=_beside(first, branch),
            measure=measure_branch(
                item, asked.channel, asked.route, branch.text, paths
            ),
        )
        if len(groups) > 1:
            on_it = (f for f in told if is_on(f, item, sources))
            found = replace(found, findings=tuple(on_it))
        branches.append(found)
    on_one = {id(f) for branch in branches for f in branch.findings}
    return FieldBranches(
        item.name,
        tuple(branches),
        len(branches) + unshown,
        samples=len(item.samples),
        market="" if asked.route is None else asked.route.market,
        added=added,
        has_lists=any(isinstance(node, Rep) for node in walk(item.shape)),
        findings=tuple(f for f in told if is_in(f, item) and id(f) not in on_one),
    )


def _beside(first: str | None, branch: Branch) -> tuple[Piece, ...]:
    """A branch beside the first one, which itself is shown whole."""
    pieces = mark(first or "", branch.text or "")
    return pieces if branch.text == first else fold(pieces)


def _rendered(asked: _Asked) -> tuple[list[tuple[Branch, list[Written]]], int]:
    """The different texts with the words that make them, and how many more there are."""
    item, (head, tail) = asked.item, asked.added
    scope = item.template.scope
    found: dict[str | None, tuple[Branch, list[Written]]] = {}
    more = 0
    for written in item.texts:
        if asked.most_shown is not None and len(found) >= asked.most_shown:
            more += 1
            continue
        paths = written.paths or written.samples
        example = _first_example(item, paths, asked.usual)
        text = None
        if example is not None:
            shown = as_read(asked.channel, item.name, example.text)
            text = f"{head}{shown}{tail}"
        values = {} if example is None else example.values
        told = tuple((name, shown_value(value)) for name, value in values.items())
        fresh = Branch(len(found) + 1, text, (), told)
        branch, sources = found.get(text, (fresh, []))
        ways = (tuple(describe_state(path.state, scope)) for path in paths)
        branch = replace(branch, ways=tuple(dict.fromkeys((*branch.ways, *ways))))
        found[text] = branch, [*sources, written]
    return list(found.values()), more


def _first_example(
    item: Field, paths: Sequence[Path], usual: Mapping[str, object]
) -> Example | None:
    """A rendering along the first of some ways that values lead to."""
    tried = (
        render_near(item.shape, path, item.template.scope, usual)
        for path in paths[:_MAX_TRIES]
    )
    return next((example for example in tried if example is not None), None)


def _without_repeats(text: TextBranches, earlier: list[TextBranches]) -> TextBranches:
    """The text with a note on each field whose branches another variant has, too."""
    fields = []
    for field in text.fields:
        shown = [branch.text for branch in field.branches]
        twin = next(
            (
                other.key[3]
                for other in earlier
                for item in other.fields
                if (item.name, item.market) == (field.name, field.market)
                and [branch.text for branch in item.branches] == shown
            ),
            "",
        )
        fields.append(replace(field, same_as=twin))
    return replace(text, fields=tuple(fields))
