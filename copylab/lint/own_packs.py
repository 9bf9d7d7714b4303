"""Rule packs of a workspace: rules on wording, written as data by those who own them.

A pack is a YAML file that ``lint: {packs: [compliance/own.yaml]}`` names. Its entries
have the parts of copylab's own pack; the least is a name, a code, a kind, patterns, a
severity, a message and a help.
"""

from __future__ import annotations

import re
from datetime import date
from string import Formatter
from typing import TYPE_CHECKING

from copylab.document import Section, parse_document
from copylab.findings import SEVERITIES, Finding, report
from copylab.lint.detect.kinds import KINDS, NEEDED, OFFERED
from copylab.lint.pack_keys import TAKERS, take_words
from copylab.lint.pack_rules import make_pack_rule
from copylab.lint.plugins import CODE, NAME
from copylab.lint.provision import BASIS_KINDS, CHECKED, CONFIDENCES, VERDICTS
from copylab.lint_settings import PURPOSES
from copylab.message.model import FIELDS
from copylab.sms_settings import NOT_MARKETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copylab.document import Node
    from copylab.lint.rule import Rule
    from copylab.source import SourceFile

_MARKET = re.compile(r"[A-Z]{2}\Z")


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
    review_by = _take_day(section, "review_by")
    for key in ("covered", "left_out"):  # lists of codes, for people and for documents
        listed = section.take_section(key)
        if listed is not None:
            for item in listed.entries():
                listed.take_text(item.key)
    taken = {word: item for item in known for word in (item.name, item.code)}
    rules = []
    for node in section.take_list("rules", required=True) or ():
        rule = _read_entry(node, findings, source.name, taken, review_by)
        if rule is not None:
            rules.append(rule)
            taken |= {rule.name: rule, rule.code: rule}
    section.finish()
    return rules, findings


def _read_entry(
    node: Node,
    findings: list[Finding],
    origin: str,
    taken: dict[str, Rule],
    review_by: date | None,
) -> Rule | None:
    """The rule of an entry; None where anything is wrong with it."""
    before = len(findings)
    part = Section(node, findings, "a rule")
    name = _take_name(part, "name", NAME, "words in small letters with hyphens", taken)
    code = _take_name(part, "code", CODE, "capitals and digits, as ACME001", taken)
    entry: dict[str, object] = {"name": name, "code": code}
    kind = part.take_choice("kind", KINDS, required=True)
    entry["kind"] = kind
    entry["severity"] = part.take_choice("severity", SEVERITIES, required=True)
    entry["message"] = _take_message(part)
    entry["help"] = part.take_text("help", required=True)
    entry["title"] = part.take_text("title") or entry["message"]
    for key in ("what", "why", "note"):
        entry[key] = part.take_text(key) or ""
    entry |= _take_law(part, origin)
    entry["review_by"] = entry["review_by"] or review_by
    entry |= _take_scope(part)
    entry |= _take_detection(part, kind)
    entry |= {key: _take_examples(part, key) for key in ("bad", "good")}
    part.finish()
    return None if len(findings) > before else make_pack_rule(entry, origin)


def _take_law(part: Section, origin: str) -> dict[str, object]:
    """What an entry rests on, in full or in one line."""
    law: dict[str, object] = {
        "verdict": part.take_choice("verdict", VERDICTS),
        "confidence": part.take_choice("confidence", CONFIDENCES),
        "source": part.take_text("source") or origin,
        "checked": part.take_choice("checked", CHECKED),
        "basis": None,
    }
    for key in ("effective_from", "effective_until", "review_by"):
        law[key] = _take_day(part, key)
    first, last = law["effective_from"], law["effective_until"]
    if isinstance(first, date) and isinstance(last, date) and last < first:
        node = part.take("effective_until")
        assert node is not None
        part.wrong(node, "the rule ends before it starts", f"write a day from {first}")
    basis = part.take_section("basis")
    if basis is not None:
        law["basis"] = {
            "name": basis.take_text("name", required=True) or "",
            "kind": basis.take_choice("kind", BASIS_KINDS) or "own",
            "clause": basis.take_text("clause") or "",
            "url": basis.take_text("url") or "",
            "checked": basis.take_choice("checked", CHECKED) or "n/a",
            "checked_on": _take_day(basis, "checked_on"),
        }
        basis.finish()
    return law


def _take_day(part: Section, key: str) -> date | None:
    text = part.take_text(key)
    node = part.take(key)
    if text is None or node is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        part.wrong(node, f"'{text}' is no day", "write it as 2026-11-22")
        return None


def _take_detection(part: Section, kind: str | None) -> dict[str, object]:
    """What an entry looks for; keys of other kinds stay and are told as unknown."""
    found: dict[str, object] = {}
    if kind is None:
        return found
    needed = NEEDED[kind]
    for key in (*needed, *OFFERED[kind]):
        value = TAKERS[key](part, key, required=key in needed)
        if value not in (None, ()):
            found[key] = value
    if kind == "numeric" and not any(map(part.take, ("above", "below", "key"))):
        part.wrong(part.node, "the number has no limit", "add above:, below: or key:")
    return found


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
        "channels": take_words(part, "channels", tuple(FIELDS)) or (),
        "purposes": take_words(part, "purposes", PURPOSES) or (),
        "only_with": _take_pairs(part, "only_with"),
        "but_with": _take_pairs(part, "but_with"),
    }
    for key in ("industries", "providers", "products"):
        scope[key] = part.take_texts(key) or ()
    for key in ("markets", "but_not"):
        for node in part.take_list(key) or ():
            if not _MARKET.match(node.text) or node.text in NOT_MARKETS:
                message = f"'{node.text or node.kind}' is not a market"
                cure = "write ISO 3166 codes: CN, US, GB, or EU"
                part.wrong(node, message, NOT_MARKETS.get(node.text, cure))
        scope[key] = part.take_texts(key) or ()
    return scope


def _take_pairs(part: Section, key: str) -> dict[str, tuple[str, ...]]:
    """Keys of ``sending:`` with the words that make a rule one about a message."""
    inner = part.take_section(key)
    if inner is None:
        return {}
    return {entry.key: inner.take_texts(entry.key) or () for entry in inner.entries()}


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
