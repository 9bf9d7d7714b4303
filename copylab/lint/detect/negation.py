"""What stands shortly before a hit, where a negation would turn its sense round.

A hanzi is as wide as two letters and says about as much: so what is near is counted in
columns. Phrases that hold a negation and deny nothing, such as 非常 or "don't miss", are
blotted out.
"""

from __future__ import annotations

import re
from functools import cache

NEAR_COLUMNS = 24
"""How far before a hit a negation counts: 12 hanzi, or 24 letters."""
_CLAUSE_END = re.compile(r"[,，。.!?;:；：！？\n]")
_FIRST_WIDE = "\u2e80"
_IDLE = (
    "非(?:常|凡|同凡响)|未来|没有?想到|没错|没准|忍不住|了不起|差不多|要不|动不动"
    "|无(?:论|限|忧|比|数|需|须|疑|不|敌|与伦比)|不可或缺|必不可少"
    "|(?:不(?:要|容|可|能|会|得|该)?|别)错过|不同(?!于)|不等(?!于|同)|不用(?!于|作)"
    "|不(?:[断错仅但光只止单愧限妨如少怕愁必到]|一样)"
    r"|\b(?:don.t|do not|never|can.t|cannot|why)"
    r" (?:miss|wait|delay|hesitate|worry|forget|let|beat|go wrong)\b"
    r"|\b(?:isn|aren|don|won|can).t (?:it|that|you|they)\b"
    r"|\bnot (?:only|just|to mention)\b|\bwhy not\b|\bnothing (?:to lose|beats)\b"
    r"|\bnever been (?:easier|simpler|faster|better|cheaper)\b"
    r"|\bno (?:wonder|matter|doubt|better|waiting|fees?|hassles?|stress|fuss|costs?|catch"
    r"|limits?|minimum|paperwork|need|problems?|worries|strings|obligations?)\b"
    r"|\bnicht (?:verpassen|warten|länger|nur)\b|\bno (?:te lo pierdas|esperes)\b"
    r"|\bpas (?:besoin|cher)\b"
)
"""Phrases that deny nothing of what follows them."""


@cache
def _idle() -> re.Pattern[str]:
    return re.compile(_IDLE, re.IGNORECASE)


def clause_before(text: str, start: int) -> str:
    """What stands shortly before a place, in its clause, its first word whole.

    Args:
        text: The text.
        start: Where the hit starts.
    """
    clause = _CLAUSE_END.split(text[max(0, start - 2 * NEAR_COLUMNS) : start])[-1]
    at, columns = len(clause), 0
    while at and columns < NEAR_COLUMNS:
        at -= 1
        columns += 2 if clause[at] >= _FIRST_WIDE else 1
    while at and _is_letter(clause[at - 1]) and _is_letter(clause[at]):
        at -= 1
    return _idle().sub(lambda match: "~" * len(match.group()), clause[at:])


def _is_letter(char: str) -> bool:
    """Whether a character goes on with a word that is written in letters."""
    return char < _FIRST_WIDE and (char.isalpha() or char in "'’")
