"""Counting short messages by 3GPP TS 23.038 and 23.040."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels import gsm, sms
from copylab.channels.graphemes import is_plain
from copylab.channels.sms import (
    SmsLength,
    UnsendableError,
    culprits,
    measure,
    split,
)
from copylab.channels.sms_profile import Capacity, SmsProfile

SENDABLE = st.characters(exclude_categories=("Cs",), exclude_characters="\x00\x1b")
MIXED = st.one_of(
    SENDABLE,
    st.sampled_from(sorted(gsm.CHARACTERS)),
    st.sampled_from("{}[]|~^€\\"),
    st.sampled_from("中额度您é’👍🏽🇩🇪\u200d\ufe0f\u0301\r\n"),
)
TEXTS = st.text(MIXED, min_size=1, max_size=400)
GSM_TEXTS = st.text(st.sampled_from(sorted(gsm.CHARACTERS)), min_size=1, max_size=700)
PROFILES = st.sampled_from(["gsm", "cn"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, SmsLength("GSM-7", 160, 1, 1, (160,))),
        ("a" * 161, SmsLength("GSM-7", 161, 2, 2, (153, 8))),
        ("a" * 306, SmsLength("GSM-7", 306, 2, 2, (153, 153))),
        ("a" * 307, SmsLength("GSM-7", 307, 3, 3, (153, 153, 1))),
        ("€" * 80, SmsLength("GSM-7", 160, 1, 1, (160,))),
        ("中" * 70, SmsLength("UCS-2", 70, 1, 1, (70,))),
        ("中" * 71, SmsLength("UCS-2", 71, 2, 2, (67, 4))),
        ("中" * 134, SmsLength("UCS-2", 134, 2, 2, (67, 67))),
        ("中" * 135, SmsLength("UCS-2", 135, 3, 3, (67, 67, 1))),
        ("😀" * 35, SmsLength("UCS-2", 70, 1, 1, (70,))),
        ("😀" * 36, SmsLength("UCS-2", 72, 2, 2, (66, 6))),
        ("{€|" + "中" * 67, SmsLength("UCS-2", 70, 1, 1, (70,))),
    ],
)
def test_known_lengths(text: str, expected: SmsLength) -> None:
    assert measure(text) == expected


def test_escape_pair_at_the_end_of_a_part_moves_to_the_next() -> None:
    text = "a" * 152 + "{" + "a" * 152
    assert measure(text).units == 306
    assert measure(text).segment_units == (152, 153, 1)
    assert split(text) == ("a" * 152, "{" + "a" * 151, "a")


def test_surrogate_pair_at_the_end_of_a_part_moves_to_the_next() -> None:
    text = "中" * 66 + "😀" + "中" * 66
    assert measure(text).units == 134
    assert measure(text).segment_units == (66, 67, 1)
    assert split(text) == ("中" * 66, "😀" + "中" * 65, "中")


@pytest.mark.parametrize(
    ("text", "units", "encoding"),
    [("\n", 1, "GSM-7"), ("\r", 1, "GSM-7"), ("\r\n", 2, "GSM-7"),
     ("中\r\n", 3, "UCS-2"), ("\f", 2, "GSM-7"), ("\t", 1, "UCS-2"), ("`", 1, "UCS-2")],
)  # fmt: skip
def test_controls_and_line_ends(text: str, units: int, encoding: str) -> None:
    assert (measure(text).units, measure(text).encoding) == (units, encoding)


def test_crlf_may_be_cut_in_both_layouts() -> None:
    length = measure("中" * 66 + "\r\n" + "中" * 66)
    assert (length.segments, length.segments_max) == (2, 2)


@pytest.mark.parametrize("look_alike", ["\u2126", "\u212b", "\u2206", "Α", "ç"])
def test_look_alikes_of_the_table_force_ucs2(look_alike: str) -> None:
    assert measure(look_alike).encoding == "UCS-2"


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "at least one"), ("a\x00", "NUL"), ("a\x1bb", "ESC"), ("\ud83d", "surrogate"),
     ("\ude00\ud83d", "surrogate"), ("中\x1b", "ESC")],
)  # fmt: skip
@pytest.mark.parametrize("profile", ["gsm", "cn"])
def test_what_cannot_be_sent_is_refused(text: str, said: str, profile: str) -> None:
    with pytest.raises(ValueError, match=said):
        measure(text, profile)


def test_refusal_says_the_place() -> None:
    with pytest.raises(ValueError, match=r"U\+001B\) at index 3"):
        measure("abc\x1b")


@pytest.mark.parametrize(
    ("lead", "cluster", "units"),
    [
        (66, "e\u0301", 2),
        (65, "🇩🇪", 4),
        (66, "❤\ufe0f", 2),
        (66, "นำ", 2),
        (66, "1\ufe0f\u20e3", 3),
    ],
)
def test_clusters_at_the_end_of_a_part_raise_only_the_larger_count(
    lead: int, cluster: str, units: int
) -> None:
    text = "中" * lead + cluster + "中" * (134 - lead - units)
    length = measure(text)
    assert (length.units, length.segments, length.segments_max) == (134, 2, 3)
    assert split(text, keep_graphemes=True)[0] == "中" * lead


def test_cluster_larger_than_a_part_is_cut_between_code_points() -> None:
    text = "e" + "\u0301" * 139
    length = measure(text)
    assert (length.units, length.segments, length.segments_max) == (140, 3, 3)
    assert all(split(text, keep_graphemes=True))


def test_cn_counts_ascii_as_one_of_seventy_and_signature_included() -> None:
    assert measure("a" * 70, "cn") == SmsLength("UCS-2", 70, 1, 1, (70,))
    assert measure("【示例】" + "a" * 156, "cn").segment_units == (67, 67, 26)


KOREA = SmsProfile("test", "cp949", octets=Capacity(90, 80))


def test_byte_codec_counts_octets() -> None:
    assert measure("가" * 45, KOREA) == SmsLength("cp949", 90, 1, 1, (90,))
    assert measure("a" + "가" * 45, KOREA).segment_units == (79, 12)
    assert split("a" + "가" * 45, KOREA) == ("a" + "가" * 39, "가" * 6)


def test_byte_codec_names_a_character_it_lacks() -> None:
    with pytest.raises(ValueError, match=r"U\+1F600\) at index 1, which cp949 lacks"):
        measure("가😀", KOREA)


@pytest.mark.parametrize(
    ("text", "units", "product"),
    [("가" * 45, 90, "SMS"), ("a" * 90, 90, "SMS"), ("가" * 45 + "a", 91, "LMS"),
     ("뷁" * 45, 90, "SMS"), ("가" * 1000, 2000, "LMS"), ("가" * 1500, 3000, "LMS"),
     ("가\r\n", 4, "SMS")],
)  # fmt: skip
def test_korean_messages_are_one_sms_or_one_lms(
    text: str, units: int, product: str
) -> None:
    assert measure(text, "kr") == SmsLength("cp949", units, 1, 1, (units,), product)
    assert split(text, "kr") == (text,)


@pytest.mark.parametrize(
    "text", ["가나é", "가나😀", "가나\u0301", "가나\u1100", "가나丟"]
)
def test_korean_messages_name_what_they_lack(text: str) -> None:
    with pytest.raises(
        UnsendableError, match="at index 2, which cp949 lacks"
    ) as caught:
        measure(text, "kr")
    assert (caught.value.char, caught.value.index) == (text[2], 2)


def test_a_gateway_of_gsm7_alone_names_what_it_lacks() -> None:
    only = SmsProfile("test", "GSM-7", gsm7=Capacity(160, 153))
    assert measure("a{" * 60, only) == measure("a{" * 60)
    assert split("a{" * 60, only) == split("a{" * 60)
    with pytest.raises(UnsendableError, match="at index 3, which GSM-7 lacks"):
        measure("a{\nç", only)
    with pytest.raises(ValueError, match="NUL"):
        measure("ç\x00", only)


def test_a_gateway_that_cuts_between_words_may_need_a_part_more() -> None:
    assert measure("a" * 160, "aws-sns") == measure("a" * 160)
    assert measure("a" * 161, "aws-sns")[2:4] == (2, 3)
    assert measure("中" * 71, "aws-sns")[2:4] == (2, 3)
    assert measure("中" * 70 + "e\u0301", "aws-sns")[2:4] == (2, 3)
    assert measure("{" * 81, "aws-sns")[2:4] == (2, 3)


@given(TEXTS, st.integers(4, 30), st.booleans())
def test_parts_of_any_size_join_to_the_text(text: str, part: int, keep: bool) -> None:  # noqa: FBT001 - drawn
    size = Capacity(part + 3, part)
    how = SmsProfile("test", "auto", gsm7=size, ucs2=size)
    length = measure(text, how)
    parts = split(text, how, keep_graphemes=keep)
    assert "".join(parts) == text
    assert all(parts)
    assert len(parts) == (length.segments_max if keep else length.segments)
    assert max(length.segment_units) <= part + 3


def test_unknown_profile_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"must be one of .*cn, .*gsm, "):
        measure("a", "../gsm")


@given(TEXTS, PROFILES, st.data())
def test_deleting_a_character_never_raises_the_segments(
    text: str, profile: str, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(text) - 1))
    shorter = text[:index] + text[index + 1 :]
    if shorter:
        assert measure(shorter, profile).segments <= measure(text, profile).segments


@given(GSM_TEXTS)
def test_ucs2_never_needs_fewer_parts_than_gsm7(text: str) -> None:
    assert measure(text, "cn").segments >= measure(text).segments


@given(TEXTS, PROFILES, st.booleans())
def test_joined_parts_are_the_text(text: str, profile: str, keep: bool) -> None:  # noqa: FBT001 - drawn
    parts = split(text, profile, keep_graphemes=keep)
    assert "".join(parts) == text
    assert all(parts)
    length = measure(text, profile)
    assert len(parts) == (length.segments_max if keep else length.segments)


@given(TEXTS, PROFILES)
def test_parts_hold_what_a_part_can_and_sum_to_the_units(
    text: str, profile: str
) -> None:
    length = measure(text, profile)
    single, part = {"GSM-7": (160, 153), "UCS-2": (70, 67)}[length.encoding]
    assert sum(length.segment_units) == length.units
    assert len(length.segment_units) == length.segments <= length.segments_max
    assert max(length.segment_units) <= (single if length.segments == 1 else part)
    assert (length.segments == 1) == (length.units <= single)


def fewest_parts(costs: list[int], capacity: int) -> int:
    """The least number of contiguous groups, by trying every cut."""
    best = [0] + [len(costs)] * len(costs)
    for end in range(1, len(costs) + 1):
        total = 0
        for start in range(end - 1, -1, -1):
            total += costs[start]
            if total > capacity:
                break
            best[end] = min(best[end], best[start] + 1)
    return best[-1]


@given(TEXTS)
def test_no_other_cut_needs_fewer_parts(text: str) -> None:
    length = measure(text)
    if length.encoding == "GSM-7":
        costs, capacity = [2 if char in gsm.EXTENSION else 1 for char in text], 153
    else:
        costs, capacity = [1 if ord(char) <= 0xFFFF else 2 for char in text], 67
    assert length.units == sum(costs)
    if length.segments > 1:
        assert length.segments == fewest_parts(costs, capacity)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300), PROFILES)
def test_any_string_is_measured_or_refused_by_value_error(
    text: str, profile: str
) -> None:
    if not text or set(text) & {"\x00", "\x1b"}:
        with pytest.raises(ValueError, match="text "):
            measure(text, profile)
        return
    assert measure(text, profile).units >= len(text)
    assert "".join(split(text, profile)) == text
    assert len(culprits(text)) <= len(text)


@given(st.text(st.characters(), max_size=80))
def test_lone_surrogates_are_always_refused(text: str) -> None:
    with pytest.raises(ValueError, match="which no short message can carry"):
        measure(f"\udc80{text}")


@given(TEXTS)
def test_culprits_are_exactly_the_characters_outside_the_tables(text: str) -> None:
    found = culprits(text)
    assert [c.index for c in found] == [
        i for i, char in enumerate(text) if char not in gsm.CHARACTERS
    ]
    assert bool(found) == (measure(text).encoding == "UCS-2")


@given(TEXTS)
def test_substitutes_are_in_the_tables_and_replace_their_span(text: str) -> None:
    for culprit in culprits(text):
        assert text[culprit.index] == culprit.char
        if culprit.substitute is not None:
            assert set(culprit.substitute) <= gsm.CHARACTERS
            assert culprit.start <= culprit.index


@pytest.mark.parametrize(
    ("char", "substitute"),
    [("’", "'"), ("“", '"'), ("–", "-"), ("…", "..."), ("\u00a0", " "), ("\u200b", ""),
     ("\ufb01", "fi"), ("Ａ", "A"), ("а", "a"), ("Α", "A"), ("\u2126", "Ω"),
     ("\u212b", "Å"), ("\u212a", "K"), ("\u037e", ";"), ("ç", None), ("á", None),
     ("中", None), ("²", None), ("½", None), ("™", None), ("\u200d", None),
     ("\ufe0f", None), ("∆", "Δ"), ("∑", "Σ"), ("∏", "Π"), ("∕", "/"), ("∼", "~"),
     ("∣", "|"), ("∖", "\\"), ("∗", "*"), ("∶", ":"), ("ˆ", "^"), ("△", None),
     ("∇", None), ("µ", None)],
)  # fmt: skip
def test_substitutes_keep_the_spelling(char: str, substitute: str | None) -> None:
    (culprit,) = culprits(f"a{char}b")
    assert culprit.substitute == substitute
    assert (culprit.char, culprit.code_point) == (char, ord(char))


@pytest.mark.parametrize(
    ("text", "substitutes"),
    [
        ("10⁵", [None]),
        ("CO₂", [None]),
        ("ⓒ ⑩", [None, None]),
        ("㎡ ㎏", [None, "kg"]),
        ("col·legi", [None]),
        ("A · B", ["-"]),
        ("сору", list("copy")),
        ("ΑΘΗΝΑ", list("AHNA")),
        ("мама а", [None, None, None, None, "a"]),
    ],
)
def test_substitutes_change_no_meaning_and_mix_no_alphabets(
    text: str, substitutes: list[str | None]
) -> None:
    assert [culprit.substitute for culprit in culprits(text)] == substitutes


@pytest.mark.parametrize("wrong", [[], {}, None, 3, ("gsm",)])
def test_a_profile_that_is_neither_one_nor_a_name_is_told_with_the_names(
    wrong: Any,
) -> None:
    for call in (measure, split):
        with pytest.raises(
            TypeError, match=r"profile is .*, must be .*cn, .*gsm, .*kr"
        ):
            call("a", profile=wrong)


def test_every_letter_with_a_decomposed_form_is_composed() -> None:
    letters = [c for c in gsm.CHARACTERS if len(unicodedata.normalize("NFD", c)) > 1]
    assert len(letters) == 18
    for letter in letters:
        (culprit,) = culprits("x" + unicodedata.normalize("NFD", letter))
        assert (culprit.substitute, culprit.start, culprit.index) == (letter, 1, 2)


def test_culprit_names_its_character() -> None:
    named, unnamed = culprits("ë\t")
    assert named.name == "LATIN SMALL LETTER E WITH DIAERESIS"
    assert unnamed.name == "U+0009"


def test_measuring_by_the_standard_imports_no_yaml() -> None:
    code = (
        "import sys; from copylab.channels.sms import measure; measure('ab中' * 90);"
        "sys.exit('yaml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_short_cut_of_counting_takes_only_characters_that_join_no_other() -> None:
    short = [chr(code) for code in range(0x10000) if sms.is_plain_bmp(chr(code))]
    assert len(short) > 40_000
    assert all(is_plain(char) for char in short)
