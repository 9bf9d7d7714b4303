"""Cases: what rules look at, with the proofs they share computed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from copylab.findings import Finding, Severity, Witness
from copylab.template.bounds import Bounds, Goal, Worst, bound_shape, worst_on_path
from copylab.template.paths import Path, branches, enumerate_paths
from copylab.template.phrases import Skeleton, skeleton
from copylab.template.witness import render_example

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from copylab.catalog import Catalog, Template
    from copylab.experiment.model import Experiment
    from copylab.lint.rule import Rule
    from copylab.message.model import Message
    from copylab.source import Span
    from copylab.template.shape import Shape


@dataclass(frozen=True)
class Field:
    """One field of a variant, with its ways and its worst cases.

    Attributes:
        name: The field.
        template: Its words, lowered.
    """

    name: str
    template: Template

    @property
    def shape(self) -> Shape:
        """The shape of its words."""
        return self.template.lowered.shape

    @property
    def span(self) -> Span:
        """Where its words stand."""
        return self.template.passage.whole()

    @cached_property
    def paths(self) -> list[Path] | None:
        """Every way through the words, or None where there are too many."""
        return enumerate_paths(self.shape, self.template.scope)

    @cached_property
    def branches(self) -> int:
        """How many different texts the author wrote; 0 where there are too many."""
        return 0 if self.paths is None else branches(self.paths)

    @cached_property
    def skeletons(self) -> list[tuple[Path, Skeleton]]:
        """The author's words on every way; empty where there are too many."""
        return [(path, skeleton(path)) for path in self.paths or ()]

    @cached_property
    def bounds(self) -> Bounds:
        """The bounds of every output, whatever the conditions say."""
        return bound_shape(self.shape, self.template.scope)

    def worst(
        self, goal: Goal, rank: Callable[[str], int]
    ) -> tuple[Path, Worst] | None:
        """The way whose worst text ranks highest, or None for too many ways."""
        found: tuple[Path, Worst] | None = None
        highest = -1
        for path in self.paths or ():
            worst = worst_on_path(path, self.template.scope, goal)
            value = rank(worst.text)
            if value > highest:
                found, highest = (path, worst), value
        return found

    def witness(self, path: Path, worst: Worst | None = None) -> Witness | None:
        """A rendered message along a way, or None where no values lead there."""
        example = render_example(self.shape, path, self.template.scope, worst)
        if example is None:
            return None
        return Witness(example.text.strip(), example.choices)


@dataclass(frozen=True)
class Words:
    """One variant of a message in one channel and locale.

    Attributes:
        catalog: Everything in the workspace.
        message: The message.
        channel: The channel.
        locale: The locale of the file.
        variant: The variant.
        fields: Its fields by name.
    """

    catalog: Catalog
    message: Message
    channel: str
    locale: str
    variant: str
    fields: Mapping[str, Field]

    @cached_property
    def markets(self) -> tuple[str, ...]:
        """The markets that receive these words."""
        return self.message.markets.at(self.locale)

    @cached_property
    def industry(self) -> str:
        """The industry, or an empty text."""
        return self.message.industry_at(self.locale)

    @cached_property
    def brand(self) -> dict[str, str]:
        """The brand's constants."""
        return self.message.brand.at(self.locale)

    def finding(  # noqa: PLR0913 - what a finding is made of
        self,
        rule: Rule,
        item: Field,
        message: str,
        *,
        span: Span | None = None,
        path: Path | None = None,
        worst: Worst | None = None,
        help: str = "",  # noqa: A002 - the word users read
        severity: Severity | None = None,
    ) -> Finding:
        """A finding about a field; with a path, its witness is rendered."""
        witness = None if path is None else item.witness(path, worst)
        return rule.finding(
            message,
            span or item.span,
            help=help,
            severity=severity,
            variant=self.variant,
            field=item.name,
            witness=witness,
        )


@dataclass(frozen=True)
class MessageCase:
    """A message with all its variants.

    Attributes:
        catalog: Everything in the workspace.
        message: The message.
        words: All its variants in all channels and locales.
    """

    catalog: Catalog
    message: Message
    words: tuple[Words, ...] = field(default=())


@dataclass(frozen=True)
class ExperimentCase:
    """An experiment and what it refers to.

    Attributes:
        catalog: Everything in the workspace.
        experiment: The experiment.
    """

    catalog: Catalog
    experiment: Experiment
