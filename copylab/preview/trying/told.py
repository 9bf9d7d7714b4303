"""Told: the findings of the words that given values print, each on its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from copylab.findings import SEVERITIES, place
from copylab.lint.rule import all_rules
from copylab.lint_settings import OFF
from copylab.preview.trying.excerpt import cut_excerpt, make_marks
from copylab.preview.trying.printed import interval_of
from copylab.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.findings import Finding, Severity
    from copylab.lint.report import Report
    from copylab.lint.rule import Rule
    from copylab.preview.frames.pieces import Mark
    from copylab.preview.trying.excerpt import Line
    from copylab.preview.trying.printed import PrintedField

_PARTIALS, _LAYOUTS = "templates/_partials/", "templates/_layouts/"


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as it stands beside a message.

    Attributes:
        number: Its number there, from 1.
        finding: What was found.
        authority: The law, the carrier's or the platform's rule; may be empty.
        source: Where the rule comes from, in the words of its page.
        lines: The lines of another file than that of the words, marked.
        is_whole: Whether it is about a whole field, not about words of it.
        is_exact: Whether it comes of these very values alone.
        holds: What the rules say of it in exactly this text; empty where they do not.
    """

    number: int
    finding: Finding
    authority: str
    source: str
    lines: tuple[Line, ...] = ()
    is_whole: bool = False
    is_exact: bool = False
    holds: str = ""


@dataclass(frozen=True, slots=True)
class ToldOf:
    """The findings of one text.

    Attributes:
        told: Those about the words that are shown, the gravest first.
        marks: By field, what of the rendered text they are about.
        lines: The lines of the file that they are about, marked.
        elsewhere: How many are about words that other values print.
    """

    told: tuple[Told, ...]
    marks: Mapping[str, tuple[Mark, ...]]
    lines: tuple[Line, ...] = ()
    elsewhere: int = 0


class Teller:
    """Sorts the findings of a message to the words that they are about.

    Args:
        catalog: The workspace's content.
        report: What lint found in it.
        found: The findings in the message's folder, and in what it uses.
        rules: All rules of the workspace.
    """

    def __init__(
        self,
        catalog: Catalog,
        report: Report,
        found: Sequence[Finding],
        rules: Sequence[Rule],
    ) -> None:
        self._catalog = catalog
        self._report = report
        self._found = found
        self._rules = {rule.name: rule for rule in rules}

    def tell(
        self,
        key: Key,
        printed: Sequence[PrintedField],
        exact: Sequence[Finding] = (),
    ) -> ToldOf:
        """The findings of one variant.

        Args:
            key: Message, channel, locale and variant.
            printed: Its fields as they were rendered; empty where nothing was.
            exact: What the rules find in exactly these texts.
        """
        own: list[Finding] = []
        elsewhere = 0
        for finding in self._of_words(key):
            if self._is_elsewhere(finding, printed):
                elsewhere += 1
            else:
                own.append(finding)
        told = sorted(
            [*self._own(key, own, exact), *self._only_exact(key, own, exact, printed)],
            key=lambda item: SEVERITIES.index(item.finding.severity),
        )
        told = [replace(item, number=n) for n, item in enumerate(told, 1)]
        copy = self._catalog.messages[key[0]].copies[key[1], key[2]]
        pointed = [
            (t.number, t.finding) for t in told if not (t.is_whole or t.is_exact)
        ]
        return ToldOf(
            tuple(self._with_lines(item, copy.source.name) for item in told),
            self._marks(told, printed),
            cut_excerpt(copy.source, pointed),
            elsewhere,
        )

    def _own(
        self, key: Key, own: Iterable[Finding], exact: Iterable[Finding]
    ) -> Iterator[Told]:
        """The findings of lint, with what of them holds for exactly this text."""
        holding = {finding.rule: finding.message for finding in exact}
        wholes = [
            template.passage.whole()
            for template in self._catalog.templates.get(key, {}).values()
        ]
        for finding in own:
            told = self._told(finding)
            is_whole = any(place(finding, span) == finding for span in wholes)
            holds = holding.get(finding.rule, "")
            yield replace(told, is_whole=is_whole, holds=holds)

    def _only_exact(
        self,
        key: Key,
        own: Sequence[Finding],
        exact: Iterable[Finding],
        printed: Sequence[PrintedField],
    ) -> Iterator[Told]:
        """What only these values bring in: it stands on something that they print.

        In exactly this text a variable is no variable: what a rule asks for may come of
        one, and must not be told to be missing.
        """
        known = {finding.rule for finding in own}
        for finding in self._kept(key, exact):
            if finding.rule not in known and any(
                item.holds_value(start, end)
                for item in printed
                for start, end in _exact_ranges(finding, item)
            ):
                yield replace(self._told(finding), is_exact=True)

    def about_message(self) -> tuple[Told, ...]:
        """The findings about the message's own file and layouts: of no single words."""
        found = [
            finding
            for finding in self._found
            if finding.file is not None
            and (finding.file.endswith(".yaml") or finding.file.startswith(_LAYOUTS))
        ]
        told = (replace(self._told(f), number=n) for n, f in enumerate(found, 1))
        return tuple(self._with_lines(item, "") for item in told)

    def _of_words(self, key: Key) -> Iterator[Finding]:
        """The findings in the file of a variant and in the partials it includes."""
        copy = self._catalog.messages[key[0]].copies[key[1], key[2]]
        templates = self._catalog.templates.get(key, {})
        included = {
            _PARTIALS + name
            for template in templates.values()
            for name in template.lowered.includes
        }
        for finding in self._found:
            is_own = finding.file == copy.source.name
            if (
                is_own and finding.variant in {None, key[3]}
            ) or finding.file in included:
                yield finding

    def _is_elsewhere(self, finding: Finding, printed: Sequence[PrintedField]) -> bool:
        """Whether a finding is about words that the message does not show."""
        source = self._catalog.sources.get(finding.file or "")
        if source is None or not printed:
            return False
        return any(item.is_elsewhere(finding, source) for item in printed)

    def _kept(self, key: Key, exact: Iterable[Finding]) -> Iterator[Finding]:
        """What is told of exactly this text, with the severities of its file."""
        file = self._catalog.messages[key[0]].copies[key[1], key[2]].source.name
        quiet = {
            item.rule
            for item in (*self._report.suppressed, *self._report.known)
            if item.file == file and item.variant in {None, key[3]}
        }
        settings = self._catalog.config.lint
        for finding in exact:
            chosen = settings.severity_at(file, finding.rule, finding.code)
            if chosen != OFF and finding.rule not in quiet:
                severity: Severity = finding.severity if chosen is None else chosen  # type: ignore[assignment]
                yield replace(finding, severity=severity)

    def _marks(
        self, told: Iterable[Told], printed: Sequence[PrintedField]
    ) -> dict[str, tuple[Mark, ...]]:
        """By field, the marks of findings on the rendered text."""
        marks: dict[str, list[Mark]] = {}
        for one in told:
            for item in printed:
                found = make_marks(self._ranges(one, item), one.finding, one.number)
                marks.setdefault(item.name, []).extend(found)
        return {name: tuple(found) for name, found in marks.items()}

    def _ranges(self, told: Told, item: PrintedField) -> tuple[tuple[int, int], ...]:
        """The stretches of a field that a finding is about."""
        if told.is_whole:
            return ()
        if told.is_exact:
            return _exact_ranges(told.finding, item)
        source = self._catalog.sources.get(told.finding.file or "")
        return () if source is None else item.ranges(told.finding, source)

    def _told(self, finding: Finding) -> Told:
        rule = self._rules.get(finding.rule)
        if rule is None:
            return Told(0, finding, "", "")
        return Told(0, finding, rule.authority, rule.page().source)

    def _with_lines(self, told: Told, shown: str) -> Told:
        """A finding with its own lines, unless its file is shown already."""
        source = self._catalog.sources.get(told.finding.file or "")
        if source is None or source.name == shown:
            return told
        lines = cut_excerpt(source, [(told.number, told.finding)])
        return replace(told, lines=lines)


def _exact_ranges(finding: Finding, item: PrintedField) -> tuple[tuple[int, int], ...]:
    """Where a finding about exactly this text stands in it."""
    interval = interval_of(finding, SourceFile(item.name, item.text))
    if interval is None or interval[1] - interval[0] >= len(item.text):
        return ()
    return (interval,)


def findings_for(
    found: Sequence[Finding], report: Report, layout: str, includes: Iterable[str]
) -> tuple[Finding, ...]:
    """The findings in a message's folder, its partials and its layout.

    Args:
        found: Those in the folder.
        report: What lint found.
        layout: The name of the e-mail's layout; empty for none.
        includes: The partials it includes.
    """
    wanted = {_PARTIALS + name for name in includes}
    around = f"{_LAYOUTS}{layout}."
    shared = (
        item
        for item in report.findings
        if item.file is not None
        and (item.file in wanted or (layout and item.file.startswith(around)))
    )
    return (*found, *shared)


def rules_of(catalog: Catalog) -> tuple[Rule, ...]:
    """The rules of a workspace, those of its packs among them."""
    if not catalog.config.lint.packs:
        return all_rules()
    from copylab.lint.ruleset import find_rules  # noqa: PLC0415 - few have packs

    return find_rules(catalog.config.lint, catalog.sources)[0]
