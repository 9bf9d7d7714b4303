"""Rules: what a rule is, how it is documented, and where rules are found.

A rule is one file in ``rules/``. Its module docstring is its page: what it checks, why,
a bad and a good example that are run as tests, and its source. The file holds one
``RULE``; rules that are decided while files are read have no check of their own. Rules
that are data are entries of ``packs/rules``, which hold the same parts.
"""

from __future__ import annotations

import pkgutil
import re
import textwrap
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from copylab.findings import Finding, Fix, Severity, Witness, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from copylab.lint.case import MessageCase, Words
    from copylab.lint.detect.deferred import Deferred
    from copylab.lint.detect.hours import Table
    from copylab.lint.provision import Provision
    from copylab.source import Span

Subject = Literal["reading", "words", "message", "experiment"]
"""What a rule looks at: files while they are read, a variant of one channel and
locale, a whole message, or an experiment."""

HEADINGS = ("What", "Why", "Bad", "Good", "Source")
_HEADING = re.compile(rf"^({'|'.join(HEADINGS)}):[ \t]*", re.MULTILINE)
_FENCE = re.compile(
    r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a rule's page.

    Attributes:
        info: What the text is: the path of a file, such as ``sms.en-US.md``.
        text: The text.
    """

    info: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """The documentation of a rule.

    Attributes:
        title: One sentence.
        what: What it checks.
        why: Why that matters.
        bad: Examples on which it fires.
        good: Examples on which it is silent.
        source: Where the limit or the duty comes from.
        fix: What to do; empty where that differs by finding.
    """

    title: str
    what: str
    why: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    source: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a message may not share with another: the later one by id is told.

    A rule that compares messages gives marks, so that a message that did not change
    need not be looked at again.

    Attributes:
        key: The same for messages that share it. What follows its first line end
            stands, line by line, in the files of each.
        message: The id of the message.
        finding: What is told; ``{first}`` in its message stands for the other's id.
    """

    key: str
    message: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    Attributes:
        name: Kebab-case name, unique.
        code: Stable code, unique.
        severity: Its usual severity.
        subject: What it looks at.
        check: From a case to findings; None where files are read.
        channels: The channels whose words it looks at; empty means all.
        purposes: The purposes it is for; empty means all.
        module: The module whose docstring is its page.
        documentation: The page of a rule that is data and has no module of its own.
        origin: The package or the pack it comes from; empty for copylab's own.
        provision: The law, the carrier's or the platform's rule it is, or None.
        lacks: From words to the key of the metadata without which it cannot be checked,
            or an empty text; None where it needs none.
        pack: The pack of copylab's own that it stands in, or an empty text.
        authority: The law, the carrier's or the platform's rule in a line, with when it
            was read and what a finding means; empty for a rule of copylab's own.
        detection: How a rule that is data finds what it is about; None for others.
        disclosed: From words to the figures in the disclosure that the rule asks for;
            nothing in it where a branch lacks the disclosure, None where the rule asks
            for none. None where the rule is not one that asks for words.
        concerns: From words to the markets in which the rule binds them; None where in
            none. None itself where a rule binds all that it looks at.
        hours: From words to the hours in which the rule lets them be sent, by market;
            nothing in it where it is not about them. None where the rule is not one
            about hours.
        marks: What a message may not share with others; None where it may share all.
    """

    name: str
    code: str
    severity: Severity
    subject: Subject
    check: Callable[[Any], Iterable[Finding]] | None = None
    channels: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    module: str = field(default="", compare=False)
    documentation: Page | None = field(default=None, compare=False)
    origin: str = ""
    marks: Callable[[MessageCase], Iterable[Mark]] | None = None
    provision: Provision | None = field(default=None, compare=False)
    lacks: Callable[[Words], str] | None = field(default=None, compare=False)
    pack: str = ""
    authority: str = ""
    detection: Deferred | None = field(default=None, compare=False)
    disclosed: Callable[[Words], frozenset[str] | None] | None = field(
        default=None, compare=False
    )
    concerns: Callable[[Words], tuple[str, ...] | None] | None = field(
        default=None, compare=False
    )
    hours: Callable[[Words], Mapping[str, Sequence[Table]]] | None = field(
        default=None, compare=False
    )

    def looks_at(self, channel: str, purpose: str) -> bool:
        """Whether it is about messages of a channel and purpose."""
        if self.channels and channel not in self.channels:
            return False
        return not self.purposes or purpose in self.purposes

    def is_in_force(self, day: date | None) -> bool:
        """Whether it binds on a day; without one, on the day when its source was read."""
        provision = self.provision
        if provision is None:
            return True
        when = day or provision.basis.checked_on
        return when is None or provision.is_in_force(when)

    def finding(  # noqa: PLR0913 - what a finding is made of
        self,
        message: str,
        span: Span | None,
        *,
        help: str = "",  # noqa: A002 - the word users read
        severity: Severity | None = None,
        variant: str | None = None,
        field: str | None = None,
        witness: Witness | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule."""
        finding = Finding(
            self.name,
            self.code,
            severity or self.severity,
            message,
            variant=variant,
            field=field,
            witness=witness,
            help=help,
            fix=fix,
        )
        return finding if span is None else place(finding, span)

    def page(self) -> Page:
        """The rule's documentation: data, or the docstring of its module."""
        if self.documentation is not None:
            return self.documentation
        return parse_page(import_module(self.module).__doc__ or "")


def parse_page(text: str) -> Page:
    """The parts of a rule's docstring."""
    title, _, rest = text.strip().partition("\n")
    parts = _HEADING.split(textwrap.dedent(rest))
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))

    def prose(name: str) -> str:
        return " ".join(_FENCE.sub("", sections.get(name, "")).split())

    def examples(name: str) -> tuple[Example, ...]:
        found = _FENCE.finditer(sections.get(name, ""))
        return tuple(Example(match["info"].strip(), match["text"]) for match in found)

    return Page(
        title=title.strip(),
        what=prose("What"),
        why=prose("Why"),
        bad=examples("Bad"),
        good=examples("Good"),
        source=prose("Source"),
    )


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by code: copylab's own, and those of installed packages.

    Its own are one file each in ``rules``, and the data rules.

    Raises:
        CopylabError: An installed package offers rules that cannot be used.
    """
    package = import_module("copylab.lint.rules")
    found: list[Rule] = []
    for info in pkgutil.iter_modules(package.__path__):
        module = import_module(f"copylab.lint.rules.{info.name}")
        found.append(module.RULE)
    found += import_module("copylab.lint.pack_rules").builtin_pack_rules()
    found += import_module("copylab.lint.plugins").plugin_rules(found)
    return tuple(sorted(found, key=lambda rule: rule.code))


def find_rule(name: str, rules: Iterable[Rule] | None = None) -> Rule | None:
    """The rule of a name or a code, in any case; codes that it covers are its own, too.

    Args:
        name: A name or a code.
        rules: Where to look; without it, all rules but those of a workspace's packs.
    """
    wanted = name.strip().lower()
    covering = import_module("copylab.lint.pack").covered_codes()
    wanted = covering.get(wanted.upper(), wanted)
    for rule in all_rules() if rules is None else rules:
        if wanted in {rule.name, rule.code.lower()}:
            return rule
    return None
