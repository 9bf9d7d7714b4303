"""Fields: the words of one field, with the proofs that rules share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from copylab.findings import Witness
from copylab.lint.detect.needed import plain_of, runs_of
from copylab.lint.fold import fold
from copylab.lint.skeletons import (
    Skeleton,
    coarse_skeletons,
    enclosing_choice,
    skeletons,
)
from copylab.lint.surely import has_surely, judge_words
from copylab.lint.unmask import Unmasked, unmask
from copylab.template.bounds import Bounds, Goal, Worst, bound_shape, worst_on_path
from copylab.template.paths import Path, branches, enumerate_paths, sample_paths
from copylab.template.phrases import VALUE
from copylab.template.shape import Hole, Lit, Rep, walk
from copylab.template.witness import render_example

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    from copylab.source import Span
    from copylab.template.choices import State
    from copylab.template.lower import Template
    from copylab.template.shape import Shape

    Found = tuple["Written", re.Match[str], Span]

Rank = TypeVar("Rank", int, tuple[int, int])

_MAX_TRIES = 16
"""How many ways are tried for a witness or a common case before giving up."""


@dataclass(frozen=True)
class Written:
    """What the author wrote on some ways through a field.

    Attributes:
        skeleton: The words.
        paths: The ways that print them; empty where there are too many to walk.
        samples: Some ways that print them, where there are too many to walk.
    """

    skeleton: Skeleton
    paths: tuple[Path, ...]
    samples: tuple[Path, ...] = ()

    @cached_property
    def text(self) -> str:
        """The words as a reader sees them, values standing as ``VALUE``."""
        return fold(self.skeleton.text)

    @cached_property
    def unmasked(self) -> Unmasked | None:
        """The words as they are meant, where they are written to pass a filter."""
        return unmask(self.text)

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What was worked out of these words already, by the name of what it is."""
        return {}


@dataclass(frozen=True)
class Field:
    """One field of a variant, with its ways and its worst cases.

    Attributes:
        name: The field.
        template: Its words, lowered.
    """

    name: str
    template: Template

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What was worked out of this field already, by the name of what it is."""
        return {}

    @property
    def shape(self) -> Shape:
        """The shape of its words."""
        return self.template.lowered.shape

    @property
    def file(self) -> str:
        """The file its words stand in."""
        return self.template.passage.source.name

    @property
    def span(self) -> Span:
        """Where its words stand."""
        return self.template.passage.whole()

    @cached_property
    def paths(self) -> list[Path] | None:
        """Every way through the words, or None where there are too many."""
        return enumerate_paths(self.shape, self.template.scope)

    @cached_property
    def samples(self) -> tuple[Path, ...]:
        """Some ways through the words, where there are too many; else none."""
        if self.paths is not None:
            return ()
        return tuple(sample_paths(self.shape, self.template.scope))

    @property
    def ways(self) -> tuple[Path, ...]:
        """Every way through the words, or samples where there are too many."""
        return self.samples if self.paths is None else tuple(self.paths)

    @cached_property
    def branches(self) -> int:
        """How many different texts the author wrote; 0 where there are too many."""
        return 0 if self.paths is None else branches(self.paths)

    @cached_property
    def literals(self) -> str:
        """All the author wrote, in any branch, one leaf a line: for quick tests."""
        return "\n".join(leaf.text for leaf in self.literal_leaves)

    @cached_property
    def literal_leaves(self) -> tuple[Lit, ...]:
        """The leaves that hold the author's words, in any branch."""
        return tuple(node for node in walk(self.shape) if isinstance(node, Lit))

    @cached_property
    def holes(self) -> tuple[Hole, ...]:
        """The places where values are printed, in any branch."""
        return tuple(node for node in walk(self.shape) if isinstance(node, Hole))

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """The author's words, each different text once.

        Where there are too many ways, they are given arm by arm, with samples only.
        """
        if self.paths is None:
            return tuple(
                Written(item, (), self._samples_through(item))
                for item in coarse_skeletons(self.shape)
            )
        return self._texts(self.paths)

    @cached_property
    def texts(self) -> tuple[Written, ...]:
        """The author's words from start to end: all, or those of the samples."""
        return self.written if self.paths is not None else self._texts(self.samples)

    def _samples_through(self, item: Skeleton) -> tuple[Path, ...]:
        """The samples that print an arm's own words."""
        wanted = {id(p.leaf) for p in item.pieces if isinstance(p.leaf, Lit | Hole)}
        return tuple(
            path for path in self.samples if wanted <= set(map(id, path.leaves))
        )

    def _texts(self, paths: Sequence[Path]) -> tuple[Written, ...]:
        ways: dict[tuple[int, ...], tuple[Skeleton, list[Path]]] = {}
        for path in paths:
            for item in skeletons(path, self.template.scope):
                key = tuple(id(piece.leaf) for piece in item.pieces)
                ways.setdefault(key, (item, []))[1].append(path)
        return tuple(Written(item, tuple(paths)) for item, paths in ways.values())

    @cached_property
    def plain(self) -> str:
        """Its words, as they are and as they are meant, in any branch, in one case."""
        masked = (written.unmasked for written in self.written)
        meant = [one.text for one in masked if one is not None]
        return plain_of("\n".join([*(w.text for w in self.written), *meant]))

    @cached_property
    def runs(self) -> frozenset[str]:
        """The runs of these words."""
        return frozenset(runs_of(self.plain))

    @cached_property
    def bounds(self) -> Bounds:
        """The bounds of every output, whatever the conditions say."""
        return bound_shape(self.shape, self.template.scope)

    @cached_property
    def _found(self) -> dict[re.Pattern[str], list[Found]]:
        """What was found already: a layout is asked by every message."""
        return {}

    @cached_property
    def _lacking(self) -> dict[re.Pattern[str], list[Written]]:
        return {}

    def find(self, pattern: re.Pattern[str]) -> list[Found]:
        """What matches a pattern in any branch, each place once."""
        found = self._found.get(pattern)
        if found is None:
            places: dict[Span, Found] = {}
            for written in self.written:
                for match in pattern.finditer(written.text):
                    span = written.skeleton.span(*match.span())
                    places.setdefault(span, (written, match, span))
            found = self._found[pattern] = list(places.values())
        return found

    def lacking(self, pattern: re.Pattern[str]) -> list[Written]:
        """The words that do not surely hold a phrase.

        What a person's data may hold does not count. Where there are too many ways, the
        answer is all of the words unless the phrase is proved without walking them.
        """
        found = self._lacking.get(pattern)
        if found is None:
            found = self._lacking[pattern] = self._find_lacking(pattern)
        return found

    def _find_lacking(self, pattern: re.Pattern[str]) -> list[Written]:
        shape, scope = self.shape, self.template.scope
        if self.paths is None:
            verdict = judge_words(shape, scope, pattern, ())
            return [] if verdict.answer == "ALWAYS" else [self.written[0]]
        found = [
            w
            for w in self.written
            if not has_surely(w.skeleton, w.text, pattern, scope)
        ]
        if found or not any(isinstance(node, Rep) for node in walk(shape)):
            return found
        # Words are written out for few items of a loop; the proof is over any number.
        verdict = judge_words(shape, scope, pattern, self.paths)
        if verdict.answer == "ALWAYS" or verdict.because == "unproved":
            return []
        return [w for w in self.written if verdict.lacking in w.paths][:1]

    def branch_span(self, pattern: re.Pattern[str]) -> Span:
        """The tag of the choice on which a phrase depends, or the whole words."""
        for written in self.written:
            for match in pattern.finditer(written.text):
                for piece in written.skeleton.pieces_in(*match.span()):
                    choice = enclosing_choice(self.shape, piece.leaf)
                    if choice is not None:
                        return choice.place.span
        return self.span

    def worst(
        self, goal: Goal, rank: Callable[[str], Rank]
    ) -> tuple[Path, Worst] | None:
        """The way whose worst text ranks highest, or None for too many ways."""
        found: tuple[Path, Worst] | None = None
        highest: Rank | None = None
        for path in self.paths or ():
            worst = worst_on_path(path, self.template.scope, goal)
            value = rank(worst.text)
            if highest is None or value > highest:
                found, highest = (path, worst), value
        return found

    @cached_property
    def longest(self) -> tuple[int, Path | None, Worst | None]:
        """The most code points it can have, and the way; a bound for too many ways."""
        return self._most("length", len)

    @cached_property
    def widest(self) -> tuple[int, Path | None, Worst | None]:
        """The most columns it can take on a screen, and the way."""
        from copylab.channels.width import display_width  # noqa: PLC0415 - push, e-mail

        return self._most("width", display_width)

    @cached_property
    def widest_in_china(self) -> tuple[int, Path | None, Worst | None]:
        """As ``widest``, where class A of UAX #11 takes two columns."""
        from copylab.channels.width import display_width  # noqa: PLC0415 - push only

        return self._most("wide", partial(display_width, ambiguous_columns=2))

    def _most(
        self, goal: Goal, rank: Callable[[str], int]
    ) -> tuple[int, Path | None, Worst | None]:
        found = self.worst(goal, rank)
        if found is None:
            assert goal != "sms"
            return self.bounds.most[goal], None, None
        return rank(found[1].text), *found

    def witness(self, path: Path, worst: Worst | None = None) -> Witness | None:
        """A rendered message along a way, or None where no values lead there.

        In a layout, what it is put around is shown by its name.
        """
        scope = self.template.scope
        given = {name: f"[{name}]" for name in scope.given}
        example = render_example(self.shape, path, scope, worst, given=given)
        if example is None:
            return None
        return Witness(example.text.strip(), example.choices)

    def first_witness(self, paths: tuple[Path, ...]) -> Witness | None:
        """A rendered message along the first of some ways that values lead to."""
        for path in paths[:_MAX_TRIES]:
            witness = self.witness(path)
            if witness is not None:
                return witness
        return None


def value_free(match: re.Match[str]) -> bool:
    """Whether a match holds the author's words only."""
    return VALUE not in match.group()


def agree(one: Written, other: Written) -> bool:
    """Whether the same values can lead to both, as far as conditions tell."""
    if not one.paths or not other.paths:
        return True
    return any(
        _compatible(left.state, right.state)
        for left in one.paths[:_MAX_TRIES]
        for right in other.paths[:_MAX_TRIES]
    )


def _compatible(one: State, other: State) -> bool:
    for key, cell in one.cells.items():
        rival = other.get(key)
        if rival is None:
            continue
        if isinstance(cell, bool) or isinstance(rival, bool):
            if cell is not rival:
                return False
        elif isinstance(cell, frozenset) and isinstance(rival, frozenset):
            if not cell & rival:
                return False
        elif (
            isinstance(cell, tuple)
            and isinstance(rival, tuple)
            and (cell[1] < rival[0] or rival[1] < cell[0])
        ):
            return False
    return True
