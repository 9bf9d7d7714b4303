"""Phrases: whether a phrase is in all outputs of a template, in none, or in some.

A machine made from the phrase reads all outputs at once. So a phrase is seen where it
runs from the author's words into a value, or from one branch into the next. ALWAYS and
NEVER are proved; what cannot be proved is MAYBE.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from copylab.template.automaton import EDGE, FOUND, Automaton, automaton_of
from copylab.template.choices import START, State, decide
from copylab.template.contents import Content, content_of
from copylab.template.letters import samples_of_all
from copylab.template.paths import Path, enumerate_paths
from copylab.template.shape import Alt, Hole, Lit, Rep, Seq, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from copylab.template.contents import Characters
    from copylab.template.scope import Scope

    Fold = Callable[[str], str]

VALUE = "\ufffc"
"""Stands for a value in what the author wrote: OBJECT REPLACEMENT CHARACTER."""
MAX_STEPS = 300_000
"""How many steps of the machine are made before a phrase counts as not proved."""
_MAX_WIDTH = 400
_INERT = 0
"""The symbol of a value that takes part in no phrase: no test of the pattern holds."""

Answer = Literal["ALWAYS", "NEVER", "MAYBE"]
Because = Literal["", "branch", "value", "unproved"]


@dataclass(frozen=True, slots=True)
class PhraseVerdict:
    """What is known of a phrase over all outputs.

    Attributes:
        answer: ``ALWAYS`` it is in every output, ``NEVER`` in none, else ``MAYBE``.
        because: Of MAYBE: ``branch`` where the author's words have it on some way and
            lack it on another, ``value`` where only what a variable holds could make
            it, ``unproved`` where the pattern or the template is too complex.
        lacking: A way that does not surely have it, where ways were walked.
        holding: A way that has or can have it, where ways were walked.
    """

    answer: Answer
    because: Because = ""
    lacking: Path | None = None
    holding: Path | None = None


class _TooMuchError(Exception):
    """The phrase and the template together are too complex."""


def judge_phrase(
    shape: Shape,
    scope: Scope,
    phrase: str | re.Pattern[str],
    *,
    paths: Sequence[Path] | None = None,
    fold: Fold | None = None,
) -> PhraseVerdict:
    """Whether all outputs of a shape hold a phrase.

    Args:
        shape: The template.
        scope: What its names mean.
        phrase: Words as they are, or a pattern.
        paths: The ways through it, where they were walked already; none are walked
            where this is empty.
        fold: From the text to the text that the phrase is looked for in, character by
            character.
    """
    pattern = re.compile(re.escape(phrase)) if isinstance(phrase, str) else phrase
    machine = automaton_of(pattern)
    if machine is None:
        return PhraseVerdict("MAYBE", "unproved")
    reader = _Reader(machine.lean(), scope, fold)
    try:
        whole = reader.judge((shape,), START)
        if whole != "MAYBE":
            return PhraseVerdict(whole)
        ways = enumerate_paths(shape, scope) if paths is None else paths
        because = reader.whose((shape,), START)
        if not ways:
            return PhraseVerdict("MAYBE", because)
        return _over_ways(reader, ways, because)
    except _TooMuchError:
        return PhraseVerdict("MAYBE", "unproved")


def judge_leaves(
    leaves: Sequence[Shape],
    scope: Scope,
    pattern: re.Pattern[str],
    *,
    fold: Fold | None = None,
) -> Answer:
    """Whether what is printed one after the other holds a pattern, whatever is known."""
    machine = automaton_of(pattern)
    if machine is None:
        return "MAYBE"
    try:
        return _Reader(machine.lean(), scope, fold).judge(leaves, START)
    except _TooMuchError:
        return "MAYBE"


def _over_ways(
    reader: _Reader, ways: Sequence[Path], because: Because
) -> PhraseVerdict:
    answers = [reader.judge(way.leaves, way.state) for way in ways]
    lacking = next(
        (w for w, a in zip(ways, answers, strict=True) if a == "NEVER"), None
    )
    if lacking is None:
        some = (w for w, a in zip(ways, answers, strict=True) if a != "ALWAYS")
        lacking = next(some, None)
    holding = next(
        (w for w, a in zip(ways, answers, strict=True) if a == "ALWAYS"), None
    )
    if holding is None:
        some = (w for w, a in zip(ways, answers, strict=True) if a != "NEVER")
        holding = next(some, None)
    if lacking is None:
        return PhraseVerdict("ALWAYS", holding=holding)
    if holding is None:
        return PhraseVerdict("NEVER", lacking=lacking)
    return PhraseVerdict("MAYBE", because, lacking, holding)


@dataclass(slots=True)
class _Reader:
    """Reads all outputs at once.

    What was read so far is a set of states of the machine: those that some output that
    has not held the phrase can lead to. ``found`` says that some output has held it.
    """

    machine: Automaton
    scope: Scope
    fold: Fold | None
    state: State = START
    inert: bool = False
    found: bool = False
    steps: int = 0
    alphabets: dict[Characters, frozenset[int]] = field(default_factory=dict)

    def judge(self, parts: Iterable[Shape], state: State) -> Answer:
        left = self._run(parts, state)
        if not left:
            return "ALWAYS"
        return "MAYBE" if self.found else "NEVER"

    def whose(self, parts: Iterable[Shape], state: State) -> Because:
        """Whether the author's words hold the phrase on some way, or only values can."""
        self.inert = True
        self._run(parts, state)
        self.inert = False
        return "branch" if self.found else "value"

    def _run(self, parts: Iterable[Shape], state: State) -> frozenset[int]:
        self.state, self.found, self.steps = state, False, 0
        states = frozenset((self.machine.start(),))
        for part in parts:
            states = self._read(part, states)
        return self._step(states, (EDGE,))

    def _read(self, shape: Shape, states: frozenset[int]) -> frozenset[int]:
        match shape:
            case Lit():
                return self._text(shape.text, states)
            case Hole():
                return self._hole(shape, states)
            case Seq():
                for part in shape.parts:
                    states = self._read(part, states)
                return states
            case Alt():
                return self._choice(shape, states)
            case Rep():
                return self._repeat(
                    states, lambda each: self._read(shape.body, each), shape
                )

    def _choice(self, alt: Alt, states: frozenset[int]) -> frozenset[int]:
        left: frozenset[int] = frozenset()
        for guard, arm in alt.arms:
            held = True if guard is None else decide(guard, self.state, self.scope)
            if held is False:
                continue
            left |= self._read(arm, states)
            if held is True:
                return left
        return left | states

    def _text(self, text: str, states: frozenset[int]) -> frozenset[int]:
        for character in text if self.fold is None else self.fold(text):
            if not states:
                break
            states = self._step(states, (self.machine.symbol(character),))
        return states

    def _hole(self, hole: Hole, states: frozenset[int]) -> frozenset[int]:
        if self.inert:
            return self._step(states, (_INERT,))
        content = content_of(hole, self.scope, self.state)
        if content.words is not None:
            read = [self._text(word, states) for word in content.words]
            return frozenset().union(*read)
        symbols = self._alphabet(content.characters)
        return self._repeat(states, lambda each: self._step(each, symbols), content)

    def _repeat(
        self,
        states: frozenset[int],
        once: Callable[[frozenset[int]], frozenset[int]],
        times: Content | Rep,
    ) -> frozenset[int]:
        """The states after ``low`` to ``high`` times the same."""
        left = states if times.low == 0 else frozenset()
        seen = {states}
        for count in range(1, times.high + 1):
            states = once(states)
            if count >= times.low:
                left |= states
            if states in seen:
                # From here on it goes round in a circle that was seen whole.
                return left.union(*seen, states) if count < times.low else left
            seen.add(states)
        return left

    def _alphabet(self, characters: Characters) -> frozenset[int]:
        found = self.alphabets.get(characters)
        if found is None:
            machine = self.machine
            if characters is None:
                found = frozenset(
                    sum(t.holds(c, kinds) << n for n, t in enumerate(machine.tests))
                    for c, kinds in samples_of_all(machine.tests)
                )
            else:
                shown = "".join(characters)
                shown = shown if self.fold is None else self.fold(shown)
                found = frozenset(map(machine.symbol, shown))
            self.alphabets[characters] = found
        return found

    def _step(self, states: frozenset[int], symbols: Iterable[int]) -> frozenset[int]:
        step = self.machine.step
        reached = {step(state, symbol) for state in states for symbol in symbols}
        self.steps += 1 + len(states)
        if self.steps > MAX_STEPS or len(reached) > _MAX_WIDTH:
            raise _TooMuchError
        if FOUND in reached:
            self.found = True
            reached.discard(FOUND)
        return frozenset(reached)
