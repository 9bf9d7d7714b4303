"""User-perceived characters: extended grapheme clusters, Unicode UAX #29.

Categories come from the interpreter's own Unicode data; the properties it does not
carry (pictographs, prepended marks, conjunct consonants) are tables here, taken from
emoji-data.txt, GraphemeBreakProperty.txt and DerivedCoreProperties.txt (Unicode 16).
CR and LF are two characters: a part of a message may end between them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Kind = Literal[
    "control", "extend", "zwj", "spacing", "prepend", "regional", "picture",
    "l", "v", "t", "lv", "lvt", "consonant", "linker", "other",
]  # fmt: skip

ZWJ = "\u200d"

# Characters none of which joins another of them: Latin, Greek, Cyrillic, punctuation
# without format characters, symbols, kana, Han, Hangul syllables, wide forms, and
# pictographs, which join only through a joiner, a skin tone or a variation selector.
is_plain = re.compile(
    "[\x20-\x7e\n\r\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f"
    "\u2010-\u2027\u202f-\u205f\u20a0-\u20bf\u2100-\u2bff\u3000-\u3029\u3030-\u303f"
    "\u3041-\u3096\u309b-\ua48c\uac00-\ud7a3\uf900-\ufaff\uff01-\uff9d"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
    "\U00020000-\U0003fffd]+"
).fullmatch

_PICTURES = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328"
    "\u2388\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe"
    "\u2600-\u2605\u2607-\u2612\u2614-\u2685\u2690-\u2705\u2708-\u2712\u2714\u2716"
    "\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757"
    "\u2763-\u2767\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c"
    "\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f"
    "\U0001f12f\U0001f16c-\U0001f171\U0001f17e\U0001f17f\U0001f18e"
    "\U0001f191-\U0001f19a\U0001f1ad-\U0001f1e5\U0001f201-\U0001f20f\U0001f21a"
    "\U0001f22f\U0001f232-\U0001f23a\U0001f23c-\U0001f23f\U0001f249-\U0001f3fa"
    "\U0001f400-\U0001f53d\U0001f546-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f774-\U0001f77f\U0001f7d5-\U0001f7ff\U0001f80c-\U0001f80f"
    "\U0001f848-\U0001f84f\U0001f85a-\U0001f85f\U0001f888-\U0001f88f"
    "\U0001f8ae-\U0001f8ff\U0001f90c-\U0001f93a\U0001f93c-\U0001f945"
    "\U0001f947-\U0001faff\U0001fc00-\U0001fffd]"
)
_PREPENDED = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e"
    "\U000110bd\U000110cd\U000111c2\U000111c3\U0001193f\U00011941\U00011a3a"
    "\U00011a84\U00011a85\U00011a86\U00011a87\U00011a88\U00011a89\U00011d46"
)
_CONSONANTS = re.compile(
    "[\u0915-\u0939\u0958-\u095f\u0978-\u097f\u0995-\u09a8\u09aa-\u09b0\u09b2"
    "\u09b6-\u09b9\u09dc\u09dd\u09df\u09f0\u09f1\u0a95-\u0aa8\u0aaa-\u0ab0\u0ab2\u0ab3"
    "\u0ab5-\u0ab9\u0af9\u0b15-\u0b28\u0b2a-\u0b30\u0b32\u0b33\u0b35-\u0b39\u0b5c\u0b5d"
    "\u0b5f\u0b71\u0c15-\u0c28\u0c2a-\u0c39\u0c58-\u0c5a\u0d15-\u0d3a]"
)
_LINKERS = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d")
_EXTENDING = frozenset("\u200c\uff9e\uff9f") | {
    chr(code)
    for codes in (range(0x1F3FB, 0x1F400), range(0xE0020, 0xE0080))
    for code in codes
}
_SPACING_LETTERS = frozenset("\u0e33\u0eb3")  # Thai and Lao sara am
_FREE_MARKS = frozenset(  # spacing marks that start a cluster of their own
    "\u102b\u102c\u1038\u1062\u1063\u1064\u1067\u1068\u1069\u106a\u106b\u106c\u106d"
    "\u1083\u1087\u1088\u1089\u108a\u108b\u108c\u108f\u109a\u109b\u109c\u1a61\u1a63"
    "\u1a64\uaa7b\uaa7d\U00011720\U00011721"
)
_JAMO: tuple[tuple[range, Kind], ...] = (
    (range(0x1100, 0x1160), "l"),
    (range(0xA960, 0xA97D), "l"),
    (range(0x1160, 0x11A8), "v"),
    (range(0xD7B0, 0xD7C7), "v"),
    (range(0x11A8, 0x1200), "t"),
    (range(0xD7CB, 0xD7FC), "t"),
)
_JOINED_HANGUL = {
    "l": frozenset({"l", "v", "lv", "lvt"}),
    "lv": frozenset({"v", "t"}),
    "v": frozenset({"v", "t"}),
    "lvt": frozenset({"t"}),
    "t": frozenset({"t"}),
}
_FIRST_SYLLABLE, _LAST_SYLLABLE, _SYLLABLES_A_VOWEL = 0xAC00, 0xD7A3, 28
_FIRST_REGIONAL, _LAST_REGIONAL = 0x1F1E6, 0x1F1FF


@lru_cache(maxsize=4096)
def _kind(char: str) -> Kind:
    """The part `char` plays where clusters are formed."""
    if char == ZWJ:
        return "zwj"
    if char in _PREPENDED:
        return "prepend"
    if char in _LINKERS:
        return "linker"
    if char in _SPACING_LETTERS:
        return "spacing"
    category = unicodedata.category(char)
    if char in _EXTENDING or category in {"Mn", "Me"}:
        return "extend"
    if category == "Mc":
        return "other" if char in _FREE_MARKS else "spacing"
    if category in {"Cc", "Cf", "Zl", "Zp"}:
        return "control"
    return _letter_kind(char)


def _letter_kind(char: str) -> Kind:
    """The part a letter or symbol plays: neither a mark nor a control."""
    code = ord(char)
    if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        return "lvt" if (code - _FIRST_SYLLABLE) % _SYLLABLES_A_VOWEL else "lv"
    if _FIRST_REGIONAL <= code <= _LAST_REGIONAL:
        return "regional"
    for codes, kind in _JAMO:
        if code in codes:
            return kind
    if _PICTURES.match(char):
        return "picture"
    return "consonant" if _CONSONANTS.match(char) else "other"


def _joins(cluster: list[Kind], kind: Kind) -> bool:
    """Whether a character of `kind` belongs to the cluster before it (GB3 to GB13)."""
    last = cluster[-1]
    if last == "control" or kind == "control":
        return False
    if kind in {"extend", "zwj", "spacing", "linker"} or last == "prepend":
        return True
    if kind in _JOINED_HANGUL.get(last, ()):
        return True
    if kind == "picture" and last == "zwj":
        before = [part for part in cluster[:-1] if part not in {"extend", "linker"}]
        return bool(before) and before[-1] == "picture"
    if kind == "consonant":
        return _is_conjunct(cluster)
    return kind == "regional" and last == "regional" and _is_odd_run(cluster)


def _is_conjunct(cluster: list[Kind]) -> bool:
    """Whether the cluster ends in a consonant, marks and a linker among them (GB9c)."""
    linked = False
    for kind in reversed(cluster):
        if kind == "consonant":
            return linked
        if kind == "linker":
            linked = True
        elif kind not in {"extend", "zwj"}:
            return False
    return False


def _is_odd_run(cluster: list[Kind]) -> bool:
    """Whether the cluster ends in an odd number of regional indicators (GB12)."""
    run = 0
    for kind in reversed(cluster):
        if kind != "regional":
            break
        run += 1
    return run % 2 == 1


def split_graphemes(text: str) -> list[str]:
    """The clusters of `text`, in order; joined they are the text.

    Args:
        text: Any text; CR and LF are always two clusters.
    """
    if is_plain(text):
        return list(text)
    clusters: list[str] = []
    kinds: list[Kind] = []
    for char in text:
        kind = _kind(char)
        if kinds and _joins(kinds, kind):
            clusters[-1] += char
            kinds.append(kind)
        else:
            clusters.append(char)
            kinds = [kind]
    return clusters
