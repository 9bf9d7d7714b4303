"""What every detection can do, and what it is told with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from copylab.lint.detect.widened import widened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.detect.needed import Words as Needed
    from copylab.lint.rule import Rule

    Markets = Sequence[str]
    """The markets whose rule it is, of those that receive the words; ``""`` is any."""

    Record = Mapping[str, Any]
    """An entry of a pack, by key; its forms were checked."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How a finding is worded.

    Attributes:
        message: One sentence; ``{match}`` is what was found.
        help: What to do.
    """

    message: str
    help: str

    def about(self, match: re.Match[str] | str | None) -> str:
        """The sentence about what was found, a value as an ellipsis."""
        found = match if isinstance(match, str) else match.group() if match else ""
        shown = " ".join(found.replace("\ufffc", "…").split())
        return (
            self.message.replace("{match}", shown).replace("{{", "{").replace("}}", "}")
        )


class Detection(Protocol):
    """A way to find what a rule is about."""

    def find(self, rule: Rule, words: Words, markets: Markets) -> Iterator[Finding]:
        """What is wrong with one variant.

        Args:
            rule: The rule, which makes the findings.
            words: The variant.
            markets: The markets whose rule it is.
        """

    def lacks(self, words: Words, markets: Markets) -> str:
        """The key that would have to be declared to tell; empty where none is."""

    def needed(self) -> Needed | None:
        """Words of which one is there where it finds something; None: no such."""


def compile_words(pattern: str) -> re.Pattern[str]:
    """A pattern that is met in any case of letters, on folded text."""
    return re.compile(widened(pattern), re.IGNORECASE)


def compile_optional(pattern: str | None) -> re.Pattern[str] | None:
    """The same where there is one."""
    return None if pattern is None else compile_words(pattern)
