"""Characters outside GSM-7, and the cheaper ones that read the same.

Only substitutes that keep the spelling are offered: a typographic quote becomes a
plain one, but ç never becomes c, because that is another word to a reader.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.channels import gsm

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where two characters look or mean the same; what Unicode itself folds to the GSM-7
# tables (wide forms, ligatures, no-break space, ellipsis, OHM SIGN) is computed.
_SAME_LOOK = {
    **dict.fromkeys("\t\u1680\u2028\u2029", " "),
    **dict.fromkeys("‘’‚‛′ʼ´`ʹ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‹", "<"),
    **dict.fromkeys("›", ">"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·‣", "-"),
    # Signs of mathematics that are drawn as letters and as signs of writing.
    **dict(zip("∆∑∏", "ΔΣΠ", strict=True)),
    **dict.fromkeys("∖⧵", "\\"),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("∣❘", "|"),
    **dict.fromkeys("∼˜", "~"),
    **dict.fromkeys("∗", "*"),
    **dict.fromkeys("∶", ":"),
    **dict.fromkeys("ˆ", "^"),
    **dict.fromkeys("\u00ad\u180e\u200b\u200e\u200f\u2060\ufeff", ""),
    **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),
}
_TWINS = {  # letters of other alphabets; half a word of them would be a new mixture
    **dict(zip("аеорсухіјѕАВЕКМНОРСТУХІЈЅ", "aeopcyxijsABEKMHOPCTYXIJS", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
}
# Folds of Unicode that change what is read: powers, indices, fractions, rings.
_READS_OTHERWISE = ("<super>", "<sub>", "<fraction>", "<circle>")
_words = re.compile(r"[^\W\d_]+").finditer


@dataclass(frozen=True, slots=True)
class Culprit:
    """One character that keeps a text out of GSM-7.

    Attributes:
        char: The character.
        code_point: Its number.
        name: Its Unicode name.
        index: Its place in the text, in code points from 0.
        substitute: Text that reads the same and is in GSM-7, or None.
        start: Where the substitute's replacement begins: `index`, or the place of the
            letter that a combining mark belongs to. It ends after `index`.
    """

    char: str
    code_point: int
    name: str
    index: int
    substitute: str | None
    start: int


def find_culprits(text: str) -> tuple[Culprit, ...]:
    """Every character of `text` outside GSM-7, in order."""
    other_words = _in_other_words(text)
    return tuple(
        _culprit(text, match.start(), other_words) for match in gsm.find_foreign(text)
    )


def _culprit(text: str, index: int, other_words: set[int]) -> Culprit:
    """The culprit at `index`, with its substitute."""
    char = text[index]
    substitute, start = find_substitute(char), index
    if (char == "·" and _is_inside_word(text, index)) or (
        char in _TWINS and index in other_words
    ):
        substitute = None
    if index and unicodedata.combining(char):
        composed = unicodedata.normalize("NFC", text[index - 1 : index + 1])
        if composed in gsm.CHARACTERS:
            substitute, start = composed, index - 1
    name = unicodedata.name(char, f"U+{ord(char):04X}")
    return Culprit(char, ord(char), name, index, substitute, start)


def _is_inside_word(text: str, index: int) -> bool:
    """Whether letters stand on both sides: the dot of Catalan l·l is spelling."""
    return text[index - 1 : index].isalpha() and text[index + 1 : index + 2].isalpha()


def _in_other_words(text: str) -> set[int]:
    """The places of letters in words that twins alone do not bring into GSM-7."""
    return {
        index
        for word in _words(text)
        if not all(char in _TWINS or char in gsm.CHARACTERS for char in word[0])
        for index in range(*word.span())
    }


def find_substitute(char: str) -> str | None:
    """GSM-7 text that reads the same as `char`, empty for an invisible one, or None."""
    if char in _SAME_LOOK:
        return _SAME_LOOK[char]
    if char in _TWINS:
        return _TWINS[char]
    kind = unicodedata.decomposition(char).split(" ")[0]
    folded = unicodedata.normalize("NFKC", char)
    is_power = kind == "<square>" and not folded.isalpha() and "." not in folded
    if kind in _READS_OTHERWISE or is_power or not gsm.is_gsm(folded):
        return None
    return folded


def write_plain(text: str, found: Sequence[Culprit]) -> str | None:
    """The text with the cheaper characters, or None where one has none.

    Args:
        text: A text.
        found: All that `find_culprits` found in it.
    """
    pieces, at = [], 0
    for item in found:
        if item.substitute is None:
            return None
        pieces += [text[at : item.start], item.substitute]
        at = item.index + 1
    return "".join([*pieces, text[at:]])
