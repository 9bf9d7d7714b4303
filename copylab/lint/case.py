"""Cases: what rules look at, with the proofs they share computed once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from copylab.channels.route import route_to, routes_of
from copylab.lint.as_sent import with_added
from copylab.lint.field import Field, Written, agree
from copylab.lint.parts import as_sent
from copylab.lint.printed import added_by
from copylab.lint.sent import bound_parts, can_join, least_on, worst_on
from copylab.template.ranges import in_gsm7
from copylab.template.shape import Hole, Lit, walk

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.channels.route import Route
    from copylab.channels.sms import SmsLength
    from copylab.experiment.model import Experiment
    from copylab.findings import Finding, Fix, Severity
    from copylab.lint.layout_case import LayoutCases
    from copylab.lint.rule import Rule
    from copylab.lint.sent import Sent
    from copylab.message.model import Message
    from copylab.source import Span
    from copylab.template.bounds import Worst
    from copylab.template.paths import Path

__all__ = ["ExperimentCase", "Field", "MessageCase", "Words", "Written"]


_MAX_TRIES = 16
"""How many of the costliest samples are tried before none is called the costliest."""


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
        layouts: The e-mail layouts of the workspace, or None where there are none.
        is_bare: Whether this is one finished text: fields and settings are not known.
    """

    catalog: Catalog
    message: Message
    channel: str
    locale: str
    variant: str
    fields: Mapping[str, Field]
    layouts: LayoutCases | None = None
    is_bare: bool = False

    @classmethod
    def of(cls, catalog: Catalog, key: Key, layouts: LayoutCases | None) -> Words:
        """The variant of a key, with what was read of its fields."""
        fields = {
            name: Field(name, template)
            for name, template in catalog.templates[key].items()
        }
        return cls(catalog, catalog.messages[key[0]], *key[1:], fields, layouts)

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

    @cached_property
    def used(self) -> frozenset[str]:
        """The variables that its fields refer to, in any branch."""
        parts = (item.template.lowered.used for item in self.fields.values())
        return frozenset().union(*parts)

    @cached_property
    def layout(self) -> Mapping[str, Field]:
        """The parts of the e-mail's layout, ``html`` and ``text``; empty without."""
        if self.layouts is None or self.channel != "email":
            return {}
        return self.layouts.fields(self.message, self.locale)

    @cached_property
    def layout_gap(self) -> str:
        """What of the e-mail's layout is not known, in words; empty where nothing."""
        if self.layouts is None or self.channel != "email":
            return ""
        return self.layouts.gap(self.message, self.locale)

    @property
    def lacks_layout(self) -> bool:
        """Whether a layout stands around it that could not be read.

        What is lacking here may stand there.
        """
        return bool(self.layout_gap) and not self.layout

    @cached_property
    def compiled_layout(self) -> Field | None:
        """The layout's HTML part as it is sent; its places are none of the file."""
        if self.layouts is None or self.channel != "email":
            return None
        return self.layouts.compiled(self.message, self.locale)

    @cached_property
    def shown(self) -> tuple[Field, ...]:
        """Everything a reader sees: the fields, and the layout around them."""
        layout = (self.layout["html"],) if self.layout else ()
        return (*self.fields.values(), *layout)

    @cached_property
    def plain(self) -> str:
        """All that a reader sees, in one case: what is not in it is not there."""
        return "\n".join(item.plain for item in self.shown)

    @cached_property
    def runs(self) -> frozenset[str]:
        """The runs of all that a reader sees."""
        shown = self.shown
        if len(shown) == 1:
            return shown[0].runs
        return frozenset().union(*(item.runs for item in shown))

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """The ways the short message takes, one a market; those that are alike once."""
        return routes_of(self.message, self.locale)

    @cached_property
    def bodies(self) -> Mapping[str, Field]:
        """The short message as each market gets it, with what the gateway adds.

        Where no market is declared there is one, whose name is empty.
        """
        body = self.fields["body"]
        return {
            market: with_added(body, route_to(self.message, self.locale, market))
            for market in self.markets or ("",)
        }

    def as_sent(self, markets: Sequence[str] = ()) -> list[tuple[Field, ...]]:
        """Everything a reader sees as it is sent, once for each way it differs.

        Args:
            markets: The markets that count; none is all of its own.
        """
        if self.channel != "sms" or "body" not in self.fields:
            return [self.shown]
        own = self.fields["body"]
        bodies = [self.bodies[m] for m in markets or self.bodies if m in self.bodies]
        return [
            tuple(body if item is own else item for item in self.shown)
            for body in {id(body): body for body in bodies or [own]}.values()
        ]

    @cached_property
    def gsm_route(self) -> Route | None:
        """The first route on which a text in GSM-7 holds more, or None."""
        found = (r for r in self.routes if r.profile.encoding == "auto")
        return next((r for r in found if all(map(in_gsm7, added_by(r)))), None)

    @cached_property
    def sent(self) -> tuple[Sent, ...]:
        """The costliest short message that is sent, route by route.

        It is the one with most units of those with most parts; its ``most`` holds for
        every way. Empty where there are too many ways to walk, or nothing is printed.
        """
        item = self.fields["body"]
        found = []
        for route in self.routes:
            ways = (
                worst_on(path, item.template.scope, route) for path in item.paths or ()
            )
            each = [sent for sent in ways if sent is not None]
            if each:
                most = max(sent.most for sent in each)
                worst = max(each, key=lambda sent: sent.rank)
                same = worst.most == most
                found.append(worst if same else replace(worst, most=most))
        return tuple(found)

    def sent_on(self, route: Route) -> tuple[Sent, ...]:
        """The costliest short message on one route; empty as for ``sent``."""
        return tuple(sent for sent in self.sent if sent.route is route)

    def least_on(self, route: Route) -> tuple[bool, int]:
        """Whether every text is sold as the long product, and the parts at least.

        For ways without number it is one part.
        """
        item = self.fields["body"]
        scope = item.template.scope
        found = (least_on(path, scope, route) for path in item.paths or ())
        return min(found, default=(False, 1))

    @cached_property
    def places(self) -> int:
        """How many words and values the short message has, in any branch."""
        leaves = walk(self.fields["body"].shape)
        return sum(isinstance(leaf, Lit | Hole) for leaf in leaves)

    @cached_property
    def joins(self) -> bool:
        """Whether it may hold several characters that form one to a reader."""
        item = self.fields["body"]
        return any(can_join(leaf, item.template.scope) for leaf in walk(item.shape))

    def parts_bound_on(self, route: Route) -> int:
        """The parts it needs at most on a route, where there are too many ways to walk."""
        bounds = self.fields["body"].bounds
        return bound_parts(bounds, self.places, route, joins=self.joins)

    @property
    def parts_bound(self) -> int:
        """The same on the dearest route."""
        return max(map(self.parts_bound_on, self.routes))

    @cached_property
    def dearest(self) -> Sent | None:
        """The costliest short message on any route, of samples where ways are too many.

        None where nothing is printed.
        """
        item = self.fields["body"]
        sampled = (
            worst_on(path, item.template.scope, route)
            for path in item.samples
            for route in self.routes
        )
        found = [*self.sent, *(sent for sent in sampled if sent is not None)]
        found.sort(key=lambda sent: sent.rank, reverse=True)
        if item.paths is not None:
            return found[0] if found else None
        # A sample may be a way that no values lead to: then it shows nothing.
        shown = (s for s in found[:_MAX_TRIES] if item.witness(s.path) is not None)
        return next(shown, None)

    @property
    def worst_sms(self) -> tuple[Path, Worst, SmsLength] | None:
        """The way of the costliest short message, what makes it, and its length."""
        found = self.dearest
        return None if found is None else (found.path, found.worst, found.length)

    def lacking(
        self,
        pattern: re.Pattern[str],
        when: re.Pattern[str] | None = None,
        shown: tuple[Field, ...] | None = None,
    ) -> list[tuple[Field, Written, re.Match[str] | None]]:
        """The words on which nothing a reader sees surely holds a phrase.

        Args:
            pattern: The phrase.
            when: What makes it necessary; None is always.
            shown: All that a reader sees; None is the words without what is added.

        Returns:
            The field with what makes it necessary, its words and the match; without
            ``when``, the body and None. Empty where the layout could not be read.
        """
        if self.lacks_layout:
            return []
        shown = self.shown if shown is None else shown
        absent = {id(item): item.lacking(pattern) for item in shown}
        if not all(absent.values()):
            return []
        bodies = tuple(item for item in shown if item.name == "body")
        asked = shown if when is not None else bodies
        found = []
        for item in asked:
            for written in absent[id(item)]:
                match = when.search(written.text) if when is not None else None
                if when is not None and match is None:
                    continue
                others = [absent[id(other)] for other in shown if other is not item]
                if all(any(agree(written, w) for w in words) for words in others):
                    found.append((item, written, match))
        return found

    def finding(  # noqa: PLR0913 - what a finding is made of
        self,
        rule: Rule,
        item: Field,
        message: str,
        *,
        span: Span | None = None,
        path: Path | None = None,
        worst: Worst | None = None,
        written: Written | None = None,
        sent: Sent | None = None,
        help: str = "",  # noqa: A002 - the word users read
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding about a field; with a path or words, its witness is rendered.

        With what is sent, the witness is the message as it leaves the gateway.
        What stands in a partial or a layout belongs to no single variant.
        """
        span = span or item.span
        witness = None
        if sent is not None:
            witness = item.witness(sent.path, sent.worst)
            witness = None if witness is None else as_sent(witness, sent.route)
        elif path is not None:
            witness = item.witness(path, worst)
        elif written is not None:
            witness = item.first_witness(written.paths or written.samples)
        own = item.name in self.fields and span.file == item.file
        return rule.finding(
            message,
            span,
            help=help,
            severity=severity,
            variant=self.variant if own else None,
            field=item.name if own else None,
            witness=witness,
            fix=fix,
        )


@dataclass(frozen=True)
class MessageCase:
    """A message with all its variants.

    Attributes:
        catalog: Everything in the workspace.
        message: The message.
        words: All its variants in all channels and locales.
        layouts: The e-mail layouts of the workspace.
        is_whole: Whether all its words could be read.
    """

    catalog: Catalog
    message: Message
    words: tuple[Words, ...] = field(default=())
    layouts: LayoutCases | None = None
    is_whole: bool = True


@dataclass(frozen=True)
class ExperimentCase:
    """An experiment and what it refers to.

    Attributes:
        catalog: Everything in the workspace.
        experiment: The experiment.
    """

    catalog: Catalog
    experiment: Experiment
