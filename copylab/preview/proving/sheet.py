"""A proof sheet as data: everything that somebody signs for, and what nobody proved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.config import CONFIG_NAME
from copylab.findings import SEVERITIES
from copylab.lint.layout_case import LayoutCases
from copylab.lint.readability import gaps_of, is_readable, words_of
from copylab.lint.ruleset import find_rules
from copylab.preview.branching import find_branches
from copylab.preview.comparing import compare_with
from copylab.preview.proving.prints import find_prints
from copylab.preview.proving.rules import find_rules_used
from copylab.preview.proving.told import files_of, find_told, is_found_in
from copylab.preview.worst import find_worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from copylab.catalog import Catalog
    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.rule import Rule
    from copylab.message.model import Message, Variable
    from copylab.preview.branching import Branch, FieldBranches, TextBranches
    from copylab.preview.comparing import Compared
    from copylab.preview.proving.prints import Prints
    from copylab.preview.proving.rules import RulesUsed
    from copylab.preview.proving.told import Told
    from copylab.preview.shown import Shown
    from copylab.preview.worst import Worst


@dataclass(frozen=True, slots=True)
class Use:
    """A part that a text has in an experiment.

    Attributes:
        experiment: The name of the experiment.
        status: ``draft``, ``running`` or ``concluded``.
    """

    experiment: str
    status: str


@dataclass(frozen=True, slots=True)
class TextProof:
    """One text of a sheet.

    Attributes:
        number: Which it is on the sheet, from 1.
        text: Its branches, all that are walked.
        worst: The longest it can be made; None where it cannot be rendered.
        hash: The content hash that its exposures carry.
        file: The file that holds its words.
        markets: Where it goes.
        is_live: Whether everybody outside of an experiment gets it.
        uses: The experiments that send it.
        findings: What is wrong with it, the gravest first.
        shared: What is wrong in a file that it uses and others use, too.
        kept: How many findings about it are suppressed, or were accepted before.
    """

    number: int
    text: TextBranches
    worst: Worst | None
    hash: str
    file: str
    markets: tuple[str, ...]
    is_live: bool
    uses: tuple[Use, ...]
    findings: tuple[Finding, ...]
    shared: tuple[Finding, ...] = ()
    kept: int = 0

    @property
    def channel(self) -> str:
        """The channel."""
        return self.text.key[1]

    @property
    def locale(self) -> str:
        """The locale."""
        return self.text.key[2]

    @property
    def variant(self) -> str:
        """The variant."""
        return self.text.key[3]

    @property
    def is_read(self) -> bool:
        """Whether its words could be read."""
        return bool(self.text.fields)

    def count(self, severity: str) -> int:
        """How many of its findings have a severity."""
        found = (*self.findings, *self.shared)
        return sum(finding.severity == severity for finding in found)

    def branch_of(self, finding: Finding) -> tuple[FieldBranches, Branch] | None:
        """The field and the branch that one of its findings is on; None for no single."""
        for field in self.text.fields:
            for branch in field.branches:
                if any(item is finding for item in branch.findings):
                    return field, branch
        return None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is proved of a message, and what is not.

    Attributes:
        message: The message.
        texts: Its texts.
        variables: The variables that its words print or ask about.
        told: What was found.
        shared: The findings in what several texts use, with the numbers of the texts
            that they are about; none where they are about the message itself.
        rules: The rules that were applied, and those that were not.
        gaps: For texts that are not known in full, the text and why.
        compared: What changed since a revision; None where it is compared with none.
        prints: The fingerprints.
    """

    message: Message
    texts: tuple[TextProof, ...]
    variables: tuple[Variable, ...]
    told: Told
    shared: tuple[tuple[Finding, tuple[int, ...]], ...]
    rules: RulesUsed
    gaps: tuple[tuple[TextProof, str], ...]
    compared: Compared | None
    prints: Prints

    @property
    def unread(self) -> tuple[TextProof, ...]:
        """The texts of which nothing is proved, since they could not be read."""
        return tuple(text for text in self.texts if not text.is_read)

    @property
    def sampled(self) -> tuple[TextProof, ...]:
        """The texts that have more branches than can be walked."""
        return tuple(
            text for text in self.texts if text.is_read and not text.text.is_walked
        )

    @property
    def branches(self) -> int:
        """How many branches are shown."""
        return sum(text.text.branches for text in self.texts)


def prove_message(shown: Shown, message_id: str) -> Sheet:
    """The proof sheet of a message as it is now.

    Args:
        shown: The state of the workspace.
        message_id: One of its messages.

    Raises:
        KeyError: There is no such message.
    """
    catalog, day = shown.workspace, shown.at.date()
    message = catalog.messages[message_id]
    words = _read_words(catalog, message)
    rules, _ = find_rules(catalog.config.lint, catalog.sources)
    files = files_of(catalog, message_id, words)
    told = find_told(catalog, shown.report, files, words, rules, day)
    branches = find_branches(catalog, message_id, told.findings, most_shown=None)
    texts = tuple(
        _text(catalog, message, number, text)
        for number, text in enumerate(branches, start=1)
    )
    texts, shared = _share(texts, told, words, {rule.name: rule for rule in rules})
    compared = None
    if shown.base is not None:
        compared = compare_with(shown.base, catalog, message_id, shown.base_name)
    keys = [text.text.key for text in texts]
    return Sheet(
        message=message,
        texts=texts,
        variables=_variables(message, words),
        told=told,
        shared=shared,
        rules=find_rules_used(catalog, words, rules, told, day),
        gaps=tuple((text, text.text.gap) for text in texts if text.text.gap),
        compared=compared,
        prints=find_prints(catalog, keys, (*files, CONFIG_NAME), rules, day),
    )


def _share(
    texts: tuple[TextProof, ...],
    told: Told,
    words: Sequence[Words],
    rules: Mapping[str, Rule],
) -> tuple[tuple[TextProof, ...], tuple[tuple[Finding, tuple[int, ...]], ...]]:
    """The texts with what is wrong in shared files, and that with the texts it is in."""
    owned = {id(finding) for text in texts for finding in text.findings}
    by_key = {(each.channel, each.locale, each.variant): each for each in words}
    shared: list[tuple[Finding, tuple[int, ...]]] = []
    found: dict[int, list[Finding]] = {}
    for finding in _gravest_first(told.findings):
        if id(finding) in owned:
            continue
        numbers = tuple(
            text.number
            for text in texts
            if text.is_read and is_found_in(finding, by_key[text.text.key[1:]], rules)
        )
        shared.append((finding, numbers))
        for number in numbers:
            found.setdefault(number, []).append(finding)
    kept = (*(f for each in told.excused for f in each.findings), *told.known)
    marked = (
        replace(
            text,
            shared=tuple(found.get(text.number, ())),
            kept=sum(_is_own(finding, text) for finding in kept),
        )
        for text in texts
    )
    return tuple(marked), tuple(shared)


def _is_own(finding: Finding, text: TextProof) -> bool:
    """Whether a finding stands in a text's file and is about it."""
    return finding.file == text.file and finding.variant in {text.variant, None}


def _gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda item: SEVERITIES.index(item.severity)))


def _read_words(catalog: Catalog, message: Message) -> tuple[Words, ...]:
    """The texts of a message that can be read, with the layouts around them."""
    layouts = LayoutCases(catalog)
    keys = (
        (message.id, channel, locale, variant)
        for (channel, locale), copy in sorted(message.copies.items())
        for variant in copy.variants
    )
    return tuple(
        words_of(catalog, key, layouts)
        for key in keys
        if key in catalog.templates and is_readable(catalog, key)
    )


def _text(
    catalog: Catalog, message: Message, number: int, text: TextBranches
) -> TextProof:
    _, channel, locale, variant = text.key
    uses = (
        Use(item.name, item.status)
        for item in catalog.experiments.values()
        if item.message == message.id
        and variant in item.arms
        and (not item.channels or channel in item.channels)
    )
    known = text.key in catalog.templates and not gaps_of(catalog, text.key)
    return TextProof(
        number=number,
        text=text,
        worst=find_worst(catalog, text.key),
        hash=catalog.copy_hashes.get(text.key, "") if known else "",
        file=message.copies[channel, locale].source.name,
        markets=message.markets.at(locale),
        is_live=variant == message.live,
        uses=tuple(uses),
        findings=_findings(text),
    )


def _findings(text: TextBranches) -> tuple[Finding, ...]:
    """All that is wrong with a text, each finding once."""
    found: list[Iterable[Finding]] = [text.findings]
    for field in text.fields:
        found += [field.findings, *(branch.findings for branch in field.branches)]
    return _gravest_first({id(item): item for each in found for item in each}.values())


def _variables(message: Message, words: Sequence[Words]) -> tuple[Variable, ...]:
    """The variables that any of the texts, or a layout around them, refers to."""
    used: set[str] = set()
    for each in words:
        used |= each.used
        for item in each.layout.values():
            used |= item.template.lowered.used
    known: Mapping[str, Variable] = message.variables
    return tuple(variable for name, variable in known.items() if name in used)
