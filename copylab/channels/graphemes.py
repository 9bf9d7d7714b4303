"""User-perceived characters: extended grapheme clusters, Unicode 18, UAX #29.

CR and LF are two characters: a part of a message may end between them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from copylab.channels.grapheme_kinds import Kind, kind_of

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

_JOINED_HANGUL = {
    "l": frozenset({"l", "v", "lv", "lvt"}),
    "lv": frozenset({"v", "t"}),
    "v": frozenset({"v", "t"}),
    "lvt": frozenset({"t"}),
    "t": frozenset({"t"}),
}
_EXTENDING = frozenset({"extend", "linker", "nonjoiner"})
_ATTACHED = _EXTENDING | {"zwj", "spacing"}

_kind = lru_cache(maxsize=4096)(kind_of)


def _joins(cluster: list[Kind], kind: Kind) -> bool:
    """Whether a character of `kind` belongs to the cluster before it (GB3 to GB13)."""
    last = cluster[-1]
    if last == "control" or kind == "control":
        return False
    if kind in _ATTACHED or last == "prepend":
        return True
    if kind in _JOINED_HANGUL.get(last, ()):
        return True
    if kind == "picture" and last == "zwj":
        return _is_joined_picture(cluster)
    if kind == "consonant":
        return _is_linked(cluster)
    return kind == "regional" and last == "regional" and _is_odd_run(cluster)


def _is_joined_picture(cluster: list[Kind]) -> bool:
    """Whether the cluster ends in a pictograph, marks and a joiner (GB11)."""
    place = len(cluster) - 2
    while place > 0 and cluster[place] in _EXTENDING:
        place -= 1
    return place >= 0 and cluster[place] == "picture"


def _is_linked(cluster: list[Kind]) -> bool:
    """Whether the cluster ends in a linker, with marks after it or none (GB9c)."""
    for kind in reversed(cluster):
        if kind not in {"extend", "zwj"}:
            return kind in {"linker", "stacker"}
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

    It takes time in proportion to the text's length, however long a cluster is.

    Args:
        text: Any text; CR and LF are always two clusters.
    """
    if is_plain(text):
        return list(text)
    clusters: list[str] = []
    kinds: list[Kind] = []
    start = 0
    for index, char in enumerate(text):
        kind = _kind(char)
        if kinds and _joins(kinds, kind):
            kinds.append(kind)
        else:
            if kinds:
                clusters.append(text[start:index])
            start, kinds = index, [kind]
    if kinds:
        clusters.append(text[start:])
    return clusters
