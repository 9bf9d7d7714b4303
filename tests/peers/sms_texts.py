"""Texts that short messages are counted wrongly for, from a seed.

Characters of every price and every way to join, put where it matters: at the end of a
part, and in texts whose length is one off a limit. Nothing of copylab is used here, and
nothing that differs between versions of Python.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXTENSION = "\f^{}\\[~]|€"
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
) + EXTENSION
SINGLE, PART, MOST_PARTS = {True: 160, False: 70}, {True: 153, False: 67}, 255

_EMOJI = (
    "😀", "❤\ufe0f", "1\ufe0f\u20e3", "#\u20e3", "🇩🇪", "🇨🇳", "🇩", "👍🏽", "👍", "☝🏿",
    "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "👩🏽\u200d🚀", "🧑🏻\u200d🤝\u200d🧑🏿",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\u200d☠\ufe0f",
    "🇩🇪\u0301\u0302", "🫱🏽", "🫱🏽\u200d🫲🏿", "🥷🏿", "🦰", "👨\u200d🦰", "🐻\u200d❄\ufe0f",
    "❤\ufe0f\u200d🔥", "🫨", "🫩", "\U0001faea", "★\u200d👍", "a\u200d👍", "🏽", "©\ufe0f",
    "☕\ufe0e", "🀄",
)  # fmt: skip
_WORDS = (
    "e\u0301", "n\u0303", "A\u030a", "ọ\u0301", "นำ", "กำ", "ກຳ", "สวัสดี", "한국", "각",
    "नमस्ते", "क्ष", "क्\u200dष", "क्\u200cष", "ज्ञ", "ক্ষ", "ક્ષ", "କ୍ଷ", "క్ష", "ക്ഷ", "க்ஷ", "ಕ್ಷ",
    "မြန်မာ", "ဣန္ဒြိယ", "ខ្មែរ", "ꦏ꧀ꦱ", "\u0600\u0661", "اَلْعَرَبِيَّةُ", "שָׁלוֹם", "བོད", "한",
)  # fmt: skip
_LINES = (
    "\r\n", "\n", "\r", "\f", "\n\r", "\t", "\u2028", "\u2029", "\x85", "\v", "\u200b",
    "\u200d", "\u200c", "\ufeff", "\u00ad", "\u061c", "\u2060", "\ufffe", "\uffff", "\ufdd0",
    "\U0001fffe", "\U0010ffff", "\ue000", "\U000f0000", "\u0378", "\U000e0001", "\x7f", "\x01",
)  # fmt: skip
_JAMO = ((0x1100, 0x115F), (0x1160, 0x11A7), (0x11A8, 0x11FF), (0xAC00, 0xD7A3))
_INDIC = (  # consonants, signs and linkers of a script, mixed without grammar
    "कखगरषिीु्ंँ़\u200d\u200c", "কষরিা্ঁ\u09be\u200c", "କଷିା୍\u0b3e", "క్షరిూ", "ക്ഷരിാൎ\u0d3e",
    "ကခဂ္်ြိာ", "កខគ្ិា", "ꦏꦱ꧀ꦶꦴ", "கஷ்ிா\u0bbe", "កក្\u200c",
)  # fmt: skip
_MARKS = (
    (0x300, 0x36F),
    (0x483, 0x489),
    (0x1AB0, 0x1AEB),
    (0x20D0, 0x20F0),
    (0xFE20, 0xFE2F),
)
_LETTERS = ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x17F), (0x391, 0x3A1), (0x410, 0x44F))
_HAN = ((0x4E00, 0x9FFF), (0x3041, 0x3096), (0xFF01, 0xFF5E), (0x3001, 0x3015))
_RARE_HAN = ((0x20000, 0x2A6DF), (0x30000, 0x3134A))


@dataclass(frozen=True, slots=True)
class _Dice:
    """A source of chance."""

    random: random.Random

    def number(self, first: int, last: int) -> int:
        return first + int(self.random.random() * (last - first + 1))

    def one(self, things):
        return things[self.number(0, len(things) - 1)]

    def within(self, ranges: tuple[tuple[int, int], ...]) -> str:
        return chr(self.number(*self.one(ranges)))

    def any_scalar(self) -> str:
        """Any code point that a short message can carry, small ones more often."""
        last = self.one((0xFF, 0x2FFF, 0xFFFF, 0x1FFFF, 0x10FFFF))
        code = self.number(1, last)
        return "中" if code == 0x1B or 0xD800 <= code <= 0xDFFF else chr(code)

    def marked(self, most: int) -> str:
        """A letter under `most` marks or fewer."""
        marks = (self.within(_MARKS) for _ in range(self.number(1, most)))
        return self.within(_LETTERS) + "".join(marks)

    def indic(self) -> str:
        script = self.one(_INDIC)
        return "".join(self.one(script) for _ in range(self.number(1, 9)))


_PIECES: tuple[Callable[[_Dice], str], ...] = (
    lambda dice: chr(dice.number(0x20, 0x7E)),
    lambda dice: dice.one(GSM),
    lambda dice: dice.one(EXTENSION),
    lambda dice: dice.within(_HAN),
    lambda dice: dice.within(_RARE_HAN),
    lambda dice: dice.one(_EMOJI),
    lambda dice: dice.one(_WORDS),
    lambda dice: dice.one(_LINES),
    lambda dice: dice.marked(2),
    lambda dice: dice.marked(160),
    lambda dice: dice.within(_JAMO),
    lambda dice: dice.indic(),
    lambda dice: dice.any_scalar(),
)
_GSM_PIECES = _PIECES[:3]


def count_units(text: str, *, gsm: bool) -> int:
    """Septets or UTF-16 units of `text`."""
    if gsm:
        return len(text) + sum(char in EXTENSION for char in text)
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def _limit(dice: _Dice, *, gsm: bool) -> int:
    """A length at or beside the end of a message or of one of its first parts."""
    if dice.number(0, 2) == 0:
        return SINGLE[gsm] + dice.number(-2, 2)
    return PART[gsm] * dice.number(1, 5) + dice.number(-2, 2)


def _filled(dice: _Dice, units: int, filler: str) -> str:
    """Characters of one unit each, `units` in all."""
    return "".join(dice.one(filler) for _ in range(units))


def _at_limits(dice: _Dice, *, gsm: bool) -> str:
    """Pieces across the ends of parts, then up to a length beside a limit."""
    piece = dice.one(_GSM_PIECES if gsm else _PIECES)
    filler = (
        dice.one(("a", "abc xyz", GSM[:40])) if gsm else dice.one(("中", "中文a ，。"))
    )
    if dice.number(0, 2_000) == 0:
        return filler[0] * (PART[gsm] * dice.number(6, MOST_PARTS) - dice.number(0, 2))
    target = _limit(dice, gsm=gsm)
    text = ""
    for part in range(1, min(4, 1 + target // PART[gsm])):
        gap = PART[gsm] * part - dice.number(0, 6) - count_units(text, gsm=gsm)
        text += _filled(dice, gap, filler) + piece(dice)
    return text + _filled(dice, target - count_units(text, gsm=gsm), filler)


def _mixed(dice: _Dice, *, gsm: bool) -> str:
    """Pieces of up to three kinds in any order."""
    pieces = _GSM_PIECES if gsm else _PIECES
    kinds = tuple(dice.one(pieces) for _ in range(dice.number(1, 3)))
    most = dice.one((3, 40, 90, 160))
    return "".join(dice.one(kinds)(dice) for _ in range(dice.number(1, most)))


def _repeated(dice: _Dice, *, gsm: bool) -> str:
    """One piece again and again, with one unit in front or none."""
    piece = dice.one(_GSM_PIECES if gsm else _PIECES)(dice)
    times = 1 + _limit(dice, gsm=gsm) // count_units(piece, gsm=gsm)
    return dice.one(("", "a")) + piece * times


_SHAPES = (_at_limits, _at_limits, _mixed, _repeated)


def generate_texts(count: int, seed: int) -> Iterator[str]:
    """`count` texts, none of them empty; the same ones for the same seed.

    Each fits into 255 parts, the most that a message can have.
    """
    dice = _Dice(random.Random(seed))
    made = 0
    while made < count:
        gsm = dice.number(0, 2) == 0
        shape = dice.one(_SHAPES)
        text = shape(dice, gsm=gsm)
        # Half of a part can stay empty before a character that is kept whole.
        if shape is _at_limits or count_units(text, gsm=False) < 8_000:
            made += 1
            yield text
