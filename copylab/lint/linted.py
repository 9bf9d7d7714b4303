"""Linting one message: what the rules find in it, apart from all others.

What is found depends on the message's files, on the partials and the layout it uses, on
the settings and on the rules, and on nothing else: so it can be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.config import CONFIG_NAME
from copylab.lint.case import MessageCase
from copylab.lint.readability import gaps_in, is_readable, words_of
from copylab.lint.report import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from copylab.catalog import Catalog, Key
    from copylab.findings import Finding
    from copylab.lint.case import Words
    from copylab.lint.layout_case import LayoutCases
    from copylab.lint.rule import Mark, Rule
    from copylab.message.model import Message

_PARTIALS, _LAYOUTS = "templates/_partials/", "templates/_layouts/"


@dataclass(frozen=True, slots=True)
class Linted:
    """What the rules find in a message.

    Attributes:
        message: The message.
        files: Its own file, and those of its copy.
        findings: What is wrong.
        marks: What it may not share with other messages.
        proofs: One for each text.
        unread: Why texts were not read, or only in part; one sentence each.
        unchecked: The rules that could not be checked: what is not declared, and the
            code; sorted, each once.
    """

    message: str
    files: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    marks: tuple[Mark, ...] = ()
    proofs: tuple[Proof, ...] = ()
    unread: tuple[str, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()

    def is_looked_at(self, paths: Sequence[str]) -> bool:
        """Whether any of its files is among some paths."""
        return any(is_below(file, paths) for file in self.files)


def lint_message(
    catalog: Catalog,
    name: str,
    rules: Sequence[Rule],
    layouts: LayoutCases,
    paths: Sequence[str] = (),
) -> Linted:
    """What the rules find in a message.

    Args:
        catalog: The workspace, or the part that holds the message and what it uses.
        name: The message.
        rules: Those that run.
        layouts: The layouts of the workspace.
        paths: The files that are asked about; empty is all.
    """
    message = catalog.messages[name]
    case = _message_case(catalog, message, layouts)
    unread = _unread(case, paths)
    findings: list[Finding] = []
    proofs: list[Proof] = []
    unchecked: set[tuple[str, str]] = set()
    for words in case.words:
        if _can_tell(words, paths):
            findings.extend(check_words(words, rules))
            unchecked.update(unchecked_rules(words, rules))
        if _key(words) not in unread and is_below(_file(words), paths):
            proofs.append(_proof(words, rules))
    own = [rule for rule in rules if rule.subject == "message"]
    for rule in own:
        findings.extend(rule.check(case) if rule.check is not None else ())
    marks = [m for rule in own if rule.marks is not None for m in rule.marks(case)]
    files = (message.file, *(copy.source.name for copy in message.copies.values()))
    return Linted(
        name,
        files,
        tuple(findings),
        tuple(marks),
        tuple(proofs),
        tuple(_not_read(unread)),
        tuple(sorted(unchecked)),
    )


def check_words(words: Words, rules: Sequence[Rule]) -> Iterator[Finding]:
    """The findings of the rules about one variant."""
    for rule in rules:
        if rule.check is not None and _is_about(rule, words):
            yield from rule.check(words)


def unchecked_rules(words: Words, rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """The rules that cannot be checked: the key that is not declared, and the code."""
    for rule in rules:
        if rule.lacks is not None and _is_about(rule, words):
            key = rule.lacks(words)
            if key:
                yield key, rule.code


def _is_about(rule: Rule, words: Words) -> bool:
    """Whether a rule looks at words of this channel and purpose."""
    return rule.subject == "words" and rule.looks_at(
        words.channel, words.message.purpose
    )


def is_below(file: str | None, paths: Sequence[str]) -> bool:
    """Whether a file is one of some paths or lies below; without paths it always is."""
    if not paths or file is None:
        return True
    return any(
        path in {"", "."} or file == path or file.startswith(f"{path}/")
        for path in paths
    )


def _message_case(
    catalog: Catalog, message: Message, layouts: LayoutCases
) -> MessageCase:
    """A message; variants whose words could not be read are left to what was found."""
    keys = _keys(message)
    readable = [
        key for key in keys if key in catalog.templates and is_readable(catalog, key)
    ]
    words = tuple(words_of(catalog, key, layouts) for key in readable)
    is_whole = len(words) == len(keys) and not any(map(gaps_in, words))
    return MessageCase(catalog, message, words, layouts, is_whole)


def _key(words: Words) -> Key:
    return words.message.id, words.channel, words.locale, words.variant


def _keys(message: Message) -> list[Key]:
    """Every text of a message."""
    return [
        (message.id, channel, locale, variant)
        for (channel, locale), copy in message.copies.items()
        for variant in copy.variants
    ]


def _unread(case: MessageCase, paths: Sequence[str]) -> dict[Key, str]:
    """The texts among the paths that were not read, or only in part, and why."""
    found = {}
    read = {_key(words): words for words in case.words}
    for key in _keys(case.message):
        if not is_below(case.message.copies[key[1:3]].source.name, paths):
            continue
        if key not in read:
            found[key] = "it could not be read"
        elif gaps := gaps_in(read[key]):
            found[key] = f"read in part: {gaps}"
    return found


def _not_read(unread: Mapping[Key, str]) -> Iterator[str]:
    for (message, channel, locale, variant), reason in unread.items():
        yield f"{message} {channel}.{locale} {variant}: {reason}"


def _file(words: Words) -> str:
    return words.message.copies[words.channel, words.locale].source.name


def _can_tell(words: Words, paths: Sequence[str]) -> bool:
    """Whether rules on these words can find something in the files asked about.

    That is their own file, the message's and the workspace's settings, the partials
    they include and the layout they stand in.
    """
    if not paths:
        return True
    files = {_file(words), words.message.file, CONFIG_NAME}
    for item in words.fields.values():
        files |= {_PARTIALS + name for name in item.template.lowered.includes}
    files |= {item.file for item in words.layout.values()}
    return any(is_below(file, paths) for file in files)


def _proof(words: Words, rules: Sequence[Rule]) -> Proof:
    decided = [
        rule
        for rule in rules
        if _is_about(rule, words) and not (rule.lacks and rule.lacks(words))
    ]
    ways = 1
    for item in words.fields.values():
        ways *= item.branches
    return Proof(
        words.message.id,
        words.channel,
        words.locale,
        words.variant,
        len(decided),
        ways,
        ways > 0,
        _file(words),
    )
