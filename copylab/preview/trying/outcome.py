"""Outcomes: what every variant of a place gives a user, with what is wrong about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from copylab.compose.attempt import attempt, take_value
from copylab.compose.result import Rejected, Skipped
from copylab.lint.exact import check_rendered
from copylab.lint.layout_case import LayoutCases
from copylab.preview.frames.make import clock_of, make_frame, prepare_press
from copylab.preview.trying.excerpt import point
from copylab.preview.trying.printed import print_field
from copylab.preview.trying.told import Teller, ToldOf, findings_for, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.channels.composed import Email, Push, Sms
    from copylab.compose.attempt import Attempt, Taken
    from copylab.compose.prepare import Input
    from copylab.findings import Finding
    from copylab.lint.report import Report
    from copylab.lint.rule import Rule
    from copylab.message.model import Message
    from copylab.preview.frames.make import Frame, Press
    from copylab.preview.trying.excerpt import Line, Pointed
    from copylab.preview.trying.printed import PrintedField
    from copylab.preview.trying.told import Told
    from copylab.preview.trying.users import Place

State = Literal["sent", "skipped", "rejected", "broken"]


@dataclass(frozen=True, slots=True)
class TriedField:
    """A field as it was rendered.

    Attributes:
        name: The field.
        pieces: The text, cut where findings begin and end.
    """

    name: str
    pieces: tuple[Pointed, ...]


@dataclass(frozen=True, slots=True)
class TriedVariant:
    """What one variant gives a user.

    Attributes:
        name: The variant.
        state: Whether it is ``sent``, ``skipped`` as planned, ``rejected``, or its
            words are ``broken``.
        reason: The library's word for why there is none; empty where it is sent.
        problems: What is wrong with the values or the words, one sentence each.
        frame: The message as it is seen; None where there is none.
        fields: The fields with their findings marked.
        told: The findings of the words that are shown.
        file: The file of the words.
        lines: The lines of it that findings are about, marked.
        elsewhere: How many findings are about words that other values print.
        is_live: Whether everybody outside of an experiment gets it.
    """

    name: str
    state: State
    reason: str = ""
    problems: tuple[str, ...] = ()
    frame: Frame | None = None
    fields: tuple[TriedField, ...] = ()
    told: tuple[Told, ...] = ()
    file: str = ""
    lines: tuple[Line, ...] = ()
    elsewhere: int = 0
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Trying:
    """A place of a message, ready to be tried with many users.

    Attributes:
        catalog: The workspace's content.
        message: The message.
        place: Where its words stand.
        presses: By variant, its words, compiled.
        teller: Knows the findings.
        rules: The rules that look at such words.
        layouts: The layouts of the workspace.
        is_stale: Whether the words are an earlier state: their findings are none of the
            files that are there now.
    """

    catalog: Catalog
    message: Message
    place: Place
    presses: Mapping[str, Press]
    teller: Teller
    rules: tuple[Rule, ...]
    layouts: LayoutCases
    is_stale: bool = False

    @property
    def file(self) -> str:
        """The file of the words."""
        copy = self.message.copies[self.place.channel, self.place.locale]
        return copy.source.name

    def key(self, variant: str) -> Key:
        """The key of a variant."""
        return self.message.id, self.place.channel, self.place.locale, variant

    def take(self, user: Mapping[str, object]) -> dict[str, Taken]:
        """By variable, what becomes of the values of a user in any variant."""
        taken: dict[str, Taken] = {}
        for variant in self.presses:
            for item in self.sources(variant):
                if item.name not in taken:
                    taken[item.name] = take_value(item, user.get(item.source))[1]
        return taken

    def sources(self, variant: str) -> tuple[Input, ...]:
        """What a variant reads of a user; nothing where its words are broken."""
        copy = self.presses[variant].copy
        return () if copy is None else copy.inputs

    def try_variant(self, variant: str, user: Mapping[str, object]) -> TriedVariant:
        """What a variant gives a user."""
        press = self.presses[variant]
        is_live = variant == self.message.live
        if press.copy is None:
            told = self._tell(variant, (), ())
            return TriedVariant(
                variant,
                "broken",
                problems=press.problems,
                told=told.told,
                file=self.file,
                lines=told.lines,
                is_live=is_live,
            )
        tried = attempt(press.copy, self.place.channel, user)
        outcome = tried.outcome
        if isinstance(outcome, Skipped | Rejected):
            told = self._tell(variant, (), ())
            return TriedVariant(
                variant,
                "skipped" if isinstance(outcome, Skipped) else "rejected",
                outcome.reason,
                outcome.problems,
                told=told.told,
                file=self.file,
                lines=told.lines,
                is_live=is_live,
            )
        return self._sent(variant, tried, outcome)

    def _sent(
        self, variant: str, tried: Attempt, sent: Sms | Push | Email
    ) -> TriedVariant:
        texts = _texts_of(sent, tried, self.presses[variant])
        templates = self.catalog.templates[self.key(variant)]
        printed = [
            print_field(name, templates[name], tried.values, text)
            for name, text in texts.items()
        ]
        exact = check_rendered(
            self.catalog, self.key(variant), texts, self.rules, self.layouts
        )
        told = self._tell(variant, printed, exact)
        clock = clock_of(self.message, self.place.channel)
        frame = make_frame(
            self.message, self.place.locale, sent, marks=told.marks, clock=clock
        )
        fields = (
            TriedField(
                item.name,
                point(item.text, told.marks.get(item.name, ()), 0, len(item.text)),
            )
            for item in printed
        )
        return TriedVariant(
            variant,
            "sent",
            frame=frame,
            fields=tuple(fields),
            told=told.told,
            file=self.file,
            lines=told.lines,
            elsewhere=told.elsewhere,
            is_live=variant == self.message.live,
        )

    def _tell(
        self,
        variant: str,
        printed: Sequence[PrintedField],
        exact: Sequence[Finding],
    ) -> ToldOf:
        if self.is_stale:
            return ToldOf((), {})
        return self.teller.tell(self.key(variant), printed, exact)


def _texts_of(sent: Sms | Push | Email, tried: Attempt, press: Press) -> dict[str, str]:
    """By field, the text as it is sent; of an e-mail's body, its Markdown."""
    assert press.copy is not None
    channel = press.key[1]
    fields = press.copy.fields
    if channel == "sms":
        return {"body": sent.text}  # type: ignore[union-attr]
    texts = {}
    for name, show in fields.items():
        own = getattr(sent, name, None)
        texts[name] = own if own is not None else show(tried.values).strip()
    return texts


def prepare_trying(
    catalog: Catalog,
    message: Message,
    place: Place,
    report: Report,
    found: Sequence[Finding],
    *,
    is_stale: bool = False,
) -> Trying:
    """A place of a message, ready to be tried.

    Args:
        catalog: The workspace's content, with whatever is wrong in it.
        message: The message.
        place: A channel and locale it has words for.
        report: What lint found in the workspace.
        found: The findings in the message's folder.
        is_stale: Whether the content is an earlier state than the report.
    """
    copy = message.copies[place.channel, place.locale]
    keys = {
        variant: (message.id, place.channel, place.locale, variant)
        for variant in copy.variants
    }
    rules = rules_of(catalog)
    layout = message.email.get("layout", "") if place.channel == "email" else ""
    near = findings_for(found, report, layout, _includes(catalog, keys.values()))
    return Trying(
        catalog,
        message,
        place,
        {variant: prepare_press(catalog, key) for variant, key in keys.items()},
        Teller(catalog, report, near, rules),
        tuple(
            rule
            for rule in rules
            if rule.subject == "words"
            and rule.looks_at(place.channel, message.purpose)
            and rule.is_in_force(None)
        ),
        LayoutCases(catalog),
        is_stale,
    )


def _includes(catalog: Catalog, keys: Iterable[Key]) -> set[str]:
    return {
        name
        for key in keys
        for template in catalog.templates.get(key, {}).values()
        for name in template.lowered.includes
    }
