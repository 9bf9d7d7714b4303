"""Rule packs of a workspace: rules on wording, written as data by those who own them.

A pack is a YAML file that ``lint: {packs: [compliance/own.yaml]}`` names. Its entries
have the parts of copylab's own pack; the least is a name, a code, a kind, patterns, a
severity, a message and a help.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

from copylab.document import Section, parse_document
from copylab.findings import SEVERITIES, Finding, report
from copylab.lint.plugins import CODE, NAME
from copylab.lint.wording import KINDS, make_wording_rule
from copylab.lint_settings import PURPOSES
from copylab.message.model import FIELDS
from copylab.template.patterns import pattern_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copylab.document import Node
    from copylab.lint.rule import Rule
    from copylab.source import SourceFile

CHECKED = ("primary", "secondary", "unverified", "n/a")
CONFIDENCES = ("certain", "likely", "possible")
FIELD_NAMES = tuple(sorted({name for names in FIELDS.values() for name in names}))
_MARKET = re.compile(r"[A-Z]{2}\Z")
_PATTERNS = ("when", "allow", "unless", "not_after")
_PATTERN_CURE = "write a regular expression of Python; a value stands as \\uFFFC"


def read_pack(
    source: SourceFile, known: Iterable[Rule]
) -> tuple[list[Rule], list[Finding]]:
    """The rules of a pack, and what is wrong with it.

    An entry with anything wrong gives no rule.

    Args:
        source: The file.
        known: The rules there are already, whose names and codes are taken.
    """
    root, findings = parse_document(source)
    if root is None:
        if not findings:
            finding = report("missing-key", "the pack is empty", source.whole())
            findings.append(finding)
        return [], findings
    section = Section(root, findings, "the pack")
    section.take_text("about")
    section.take_text("as_of")
    taken = {word: item for item in known for word in (item.name, item.code)}
    rules = []
    for node in section.take_list("rules", required=True) or ():
        rule = _read_entry(node, findings, source.name, taken)
        if rule is not None:
            rules.append(rule)
            taken |= {rule.name: rule, rule.code: rule}
    section.finish()
    return rules, findings


def _read_entry(
    node: Node, findings: list[Finding], origin: str, taken: dict[str, Rule]
) -> Rule | None:
    """The rule of an entry; None where anything is wrong with it."""
    before = len(findings)
    part = Section(node, findings, "a rule")
    name = _take_name(part, "name", NAME, "words in small letters with hyphens", taken)
    code = _take_name(part, "code", CODE, "capitals and digits, as ACME001", taken)
    entry: dict[str, object] = {"name": name, "code": code}
    entry["kind"] = part.take_choice("kind", KINDS, required=True)
    entry["severity"] = part.take_choice("severity", SEVERITIES, required=True)
    entry["message"] = _take_message(part)
    entry["help"] = part.take_text("help", required=True)
    entry["title"] = part.take_text("title") or entry["message"]
    entry["what"] = part.take_text("what") or ""
    entry["why"] = part.take_text("why") or ""
    entry["source"] = part.take_text("source") or origin
    entry["checked"] = part.take_choice("checked", CHECKED) or "n/a"
    part.take_choice("confidence", CONFIDENCES)
    entry["values"] = part.take_boolean("values")
    entry |= _take_scope(part)
    entry["patterns"] = _take_patterns(part, "patterns", required=True)
    entry["also"] = _take_patterns(part, "also")
    entry |= {key: _take_pattern(part, key) for key in _PATTERNS}
    entry |= {key: _take_examples(part, key) for key in ("bad", "good")}
    part.finish()
    return None if len(findings) > before else make_wording_rule(entry, origin)


def _take_name(
    part: Section, key: str, form: re.Pattern[str], cure: str, taken: dict[str, Rule]
) -> str | None:
    text = part.take_text(key, required=True)
    node = part.take(key)
    if text is None or node is None:
        return None
    if not form.match(text):
        part.wrong(node, f"'{text}' cannot be the {key} of a rule", f"use {cure}")
    elif text in taken:
        owner = taken[text].origin or "copylab"
        message = f"'{text}' is a rule of {owner} already"
        part.wrong(node, message, f"choose another {key}")
    return text


def _take_message(part: Section) -> str | None:
    """The sentence of a finding; what it found stands in it as ``{match}``."""
    text = part.take_text("message", required=True)
    node = part.take("message")
    if text is None or node is None:
        return None
    if not _only_names_the_match(text):
        message = "the message has a brace that stands for nothing"
        part.wrong(node, message, "write {match} for what was found, and {{ for {")
    return text


def _only_names_the_match(text: str) -> bool:
    """Whether nothing but ``{match}`` is filled in: no attribute of it, no format."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return False
    filled = [part[1:] for part in parts if part[1] is not None]
    return all(part == ("match", "", None) for part in filled)


def _take_scope(part: Section) -> dict[str, object]:
    """What an entry is about; what is left out means all."""
    scope: dict[str, object] = {
        "channels": _take_words(part, "channels", tuple(FIELDS)) or (),
        "purposes": _take_words(part, "purposes", PURPOSES) or (),
        "fields": _take_words(part, "fields", FIELD_NAMES) or (),
        "industries": part.take_texts("industries") or (),
    }
    for node in part.take_list("markets") or ():
        if not _MARKET.match(node.text):
            message = f"'{node.text or node.kind}' is not a market"
            part.wrong(node, message, "write ISO 3166 codes: CN, US, GB")
    scope["markets"] = part.take_texts("markets") or ()
    return scope


def _take_words(
    part: Section, key: str, options: tuple[str, ...]
) -> tuple[str, ...] | None:
    words = part.take_texts(key)
    for word in words or ():
        if word not in options:
            node = part.take(key)
            assert node is not None
            part.wrong(node, f"'{word}' is none of the {key}", ", ".join(options))
    return words


def _take_patterns(
    part: Section, key: str, *, required: bool = False
) -> tuple[str, ...]:
    node = part.take(key, required=required)
    patterns = part.take_texts(key) or ()
    if node is not None and node.value == ():
        part.wrong(node, f"{key} lists nothing", _PATTERN_CURE)
    joined = ("|".join(patterns),) if len(patterns) > 1 else ()
    for pattern in (*patterns, *joined):
        assert node is not None
        if not _is_usable(part, node, pattern):
            break
    return patterns


def _take_pattern(part: Section, key: str) -> str | None:
    text = part.take_text(key)
    node = part.take(key)
    if text is not None and node is not None:
        _is_usable(part, node, text)
    return text


def _is_usable(part: Section, node: Node, pattern: str) -> bool:
    """Whether a text is a pattern that finds something; what is wrong is reported."""
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        part.wrong(node, f"'{pattern}' is no pattern: {error}", _PATTERN_CURE)
        return False
    if compiled.match("") is not None:
        message = f"the pattern '{pattern}' is met by every text"
        part.wrong(node, message, "let it ask for a character at least")
        return False
    problem = pattern_problem(compiled)
    if problem is not None:
        message = f"the pattern '{pattern}' could run for ever: {problem}"
        part.wrong(node, message, "write how often each part may repeat at most")
        return False
    return True


def _take_examples(part: Section, key: str) -> list[dict[str, str]]:
    """Examples, each a file's name and its text."""
    examples = []
    for node in part.take_list(key) or ():
        inner = Section(node, part.findings, f"an example under {key}")
        file = inner.take_text("file", required=True)
        text = inner.take_text("text", required=True)
        inner.finish()
        examples.append({"file": file or "", "text": text or ""})
    return examples
