"""Counting short messages as others do: the standards by octets, and three packages."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import regex
import sms_agreement
import sms_octets
from sms_agreement import PAGE, SEED, TEXTS, agrees_by_octets, compare, find_clusters
from sms_disagreements import CAUSES, Place, explain, is_overfull
from sms_texts import EXTENSION, GSM, generate_texts

from copylab.channels import gsm
from copylab.channels.grapheme_kinds import kind_of
from copylab.channels.sms import SmsLength, measure

QUICK_TEXTS = 2_000
EXAMPLE_PARTS = (3, 2)  # of copylab and of Twilio's calculator, for each example


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return list(generate_texts(QUICK_TEXTS, SEED))


def test_counts_and_parts_are_what_a_sender_packs_and_a_phone_reads(texts) -> None:
    assert [text for text in texts if not agrees_by_octets(text)] == []


def test_a_count_by_division_does_not_agree(texts, monkeypatch) -> None:
    def divide(text: str) -> SmsLength:
        right = measure(text)
        single, part = (160, 153) if right.encoding == "GSM-7" else (70, 67)
        parts = 1 if right.units <= single else -(-right.units // part)
        return SmsLength(right.encoding, right.units, parts, parts, right.segment_units)

    monkeypatch.setattr(sms_agreement, "measure", divide)
    assert sum(not agrees_by_octets(text) for text in texts) > QUICK_TEXTS // 50


def test_texts_are_the_same_for_the_same_seed(texts) -> None:
    assert list(generate_texts(200, SEED)) == texts[:200]
    assert list(generate_texts(200, SEED + 1)) != texts[:200]


def test_texts_reach_every_limit_and_every_kind_of_character(texts) -> None:
    lengths = [measure(text) for text in texts]
    units = Counter((length.encoding, length.units) for length in lengths)
    for encoding, single, part in (("GSM-7", 160, 153), ("UCS-2", 70, 67)):
        for limit in (single, 2 * part, 3 * part):
            assert all(units[encoding, limit + by] for by in (-1, 0, 1))
    assert max(length.segments for length in lengths) > 50
    assert any(length.segments < length.segments_max for length in lengths)
    assert any(152 in length.segment_units[:-1] for length in lengths)
    letters = set("".join(texts))
    assert letters >= set(GSM) == gsm.CHARACTERS
    assert {kind_of(letter) for letter in letters} >= {"linker", "lvt", "prepend"}
    assert any(len(cluster) > 67 for text in texts for cluster in find_clusters(text))
    for text in ("\r\n", "👨\u200d👩", "🇩🇪", "👍🏽", "1\ufe0f\u20e3", "นำ", "क्ष"):
        assert any(text in other for other in texts)


def test_tables_of_the_alphabet_are_those_of_another_package() -> None:
    for char in gsm.CHARACTERS:
        escaped = b"\x1b" * (char in EXTENSION)
        code = gsm.EXTENSION_CODES.get(char, gsm.BASIC_BY_CODE.find(char))
        assert sms_octets.encode(char) == (True, escaped + bytes([code]))
    others = (chr(code) for code in range(0x10000) if not 0xD800 <= code <= 0xDFFF)
    assert {c for c in others if sms_octets.encode(c)[0]} == gsm.CHARACTERS | {"\x1b"}


PROPERTIES = {
    "control": r"[\p{GCB=Control}\p{GCB=CR}\p{GCB=LF}]",
    "extend": r"[\p{GCB=Extend}&&\p{InCB=Extend}]",
    "linker": r"[\p{GCB=Extend}&&\p{InCB=Linker}]",
    "nonjoiner": r"[\p{GCB=Extend}--\p{InCB=Extend}--\p{InCB=Linker}]",
    "stacker": r"[\p{InCB=Linker}--\p{GCB=Extend}]",
    "zwj": r"\p{GCB=ZWJ}",
    "spacing": r"\p{GCB=SpacingMark}",
    "prepend": r"\p{GCB=Prepend}",
    "regional": r"\p{GCB=Regional_Indicator}",
    "picture": r"\p{Extended_Pictographic}",
    "consonant": r"\p{InCB=Consonant}",
    **{kind: rf"\p{{GCB={kind.upper()}}}" for kind in ("l", "v", "t", "lv", "lvt")},
}


def test_every_code_point_has_the_kind_that_unicode_18_gives_it() -> None:
    scalars = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    ours: dict[str, list[str]] = {}
    for char in scalars:
        ours.setdefault(kind_of(char), []).append(char)
    everything = "".join(scalars)
    for kind, pattern in PROPERTIES.items():
        assert ours.pop(kind) == regex.findall(pattern, everything, regex.V1), kind
    assert list(ours) == ["other"]


def test_the_page_names_the_causes_and_no_others() -> None:
    rows = re.findall(
        r"^\| ([a-z][^|]*) \| [\d,]+ \| [\d,]+ \| ([^|]*) \| ([^|]*) \|$",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert rows == [(cause.name, cause.why, cause.shown) for cause in CAUSES]


def test_a_plain_disagreement_has_no_excuse() -> None:
    assert explain(Place("中", "文", cuts=True, changed=frozenset())) == []
    assert explain(Place("e", "\u0301", cuts=True, changed=frozenset("文"))) == []
    assert explain(Place("क", "ष", cuts=True, changed=frozenset())) == []
    assert explain(Place("🇩🇪", "🇩🇪", cuts=True, changed=frozenset())) == []
    assert not is_overfull([67, 67, 1])
    assert not is_overfull([70])


@pytest.mark.fuzz
def test_no_text_disagrees_but_for_a_reason_on_the_page() -> None:
    result = compare(list(generate_texts(TEXTS, SEED)))
    assert result.texts == TEXTS
    assert result.unexplained == []
    assert all(tally["count"] for tally in result.explained.values())
    assert PAGE.read_text(encoding="utf-8") == sms_agreement.render_page(result)


@pytest.mark.fuzz
@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_each_example_shows_its_cause_alone(cause) -> None:
    answer = sms_agreement.ask_twilio([cause.text])[0]
    assert (measure(cause.text).segments_max, len(answer["parts"])) == EXAMPLE_PARTS
    result = compare([cause.text])
    assert result.unexplained == []
    assert {name for name, tally in result.explained.items() if tally} == {cause.name}
