"""The GSM-7 tables."""

from __future__ import annotations

from copylab.channels import gsm


def test_sizes_of_the_tables() -> None:
    assert len(gsm.BASIC_BY_CODE) == len(set(gsm.BASIC_BY_CODE)) == 128
    assert len(gsm.BASIC) == 127
    assert len(gsm.EXTENSION) == 10
    assert len(gsm.CHARACTERS) == 137


def test_characters_stand_at_their_codes() -> None:
    codes = {"@": 0x00, "$": 0x02, "\n": 0x0A, "\r": 0x0D, "Δ": 0x10, "_": 0x11,
             "\x1b": 0x1B, "É": 0x1F, "¤": 0x24, "¡": 0x40, "Ä": 0x5B, "§": 0x5F,
             "¿": 0x60, "à": 0x7F}  # fmt: skip
    assert {char: gsm.BASIC_BY_CODE.index(char) for char in codes} == codes
    for char in "0123456789ABCXYZabcxyz!%&'()*+,-./:;<=>?":
        assert gsm.BASIC_BY_CODE.index(char) == ord(char)


def test_patterns_agree_with_the_tables_for_every_bmp_character() -> None:
    for code in range(0x10000):
        char = chr(code)
        assert bool(gsm.is_basic(char)) == (char in gsm.BASIC)
        assert bool(gsm.is_gsm(char)) == (char in gsm.CHARACTERS)
        assert bool(list(gsm.find_foreign(char))) == (char not in gsm.CHARACTERS)


def test_septets_escape_the_extension_only() -> None:
    assert gsm.to_septets("a{€b") == "a\x1b{\x1b€b"
