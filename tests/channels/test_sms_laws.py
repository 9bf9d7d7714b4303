"""Laws of short messages: layouts, normal forms, substitutes, and bad input."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copylab.channels import gsm
from copylab.channels.graphemes import split_graphemes
from copylab.channels.sms import culprits, measure, profile_names, split

CAPACITIES = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
PIECES = st.one_of(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00\x1b"),
    st.sampled_from(sorted(gsm.CHARACTERS)),
    st.sampled_from(
        ["{", "€", "中", "中" * 30, "a" * 70, "👍🏽", "🇩🇪", "1\ufe0f\u20e3", "नमस्ते", "नำ", "\r\n",
         "👨\u200d👩\u200d👧\u200d👦", "e\u0301", "e" + "\u0301" * 70, "한", "’", "…", "\u00a0"]
    ),
)  # fmt: skip
TEXTS = st.lists(PIECES, min_size=1, max_size=90).map("".join)
GSM_TEXTS = st.text(st.sampled_from(sorted(gsm.CHARACTERS)), min_size=1, max_size=700)
ANYTHING = st.text(st.characters() | st.sampled_from("\x00\x1b\ud83d\udc80a中{"))
PROFILES = st.sampled_from(profile_names())


def units_of(text: str, encoding: str) -> int:
    """Septets or UTF-16 units, counted character by character."""
    if encoding == "GSM-7":
        return sum(2 if char in gsm.EXTENSION else 1 for char in text)
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def replaced(text: str) -> str:
    """The text with every substitute put where it belongs."""
    pieces, at = [], 0
    for culprit in culprits(text):
        assert at <= culprit.start <= culprit.index
        assert culprit.substitute is not None
        pieces += [text[at : culprit.start], culprit.substitute]
        at = culprit.index + 1
    return "".join([*pieces, text[at:]])


@given(TEXTS, st.data())
def test_no_part_of_a_text_needs_more_parts_than_the_text(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert measure(text[start:end]).segments <= measure(text).segments


@given(GSM_TEXTS, st.sampled_from("中ç’😀"), st.data())
def test_a_character_outside_of_gsm7_never_lowers_the_parts(
    text: str, foreign: str, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(text) - 1))
    changed = text[:index] + foreign + text[index + 1 :]
    assert measure(changed).segments >= measure(text).segments


@given(TEXTS, st.booleans())
@example("a" * 152 + "{" * 77, True)  # noqa: FBT003 - drawn as well
@example("中" * 66 + "😀" * 34, False)  # noqa: FBT003 - drawn as well
def test_every_part_is_full_but_for_what_stays_whole(text: str, keep: bool) -> None:  # noqa: FBT001 - drawn
    length = measure(text)
    parts = split(text, keep_graphemes=keep)
    if length.segments == 1:
        assert parts == (text,)
        return
    capacity = CAPACITIES[length.encoding][1]
    units = [units_of(part, length.encoding) for part in parts]
    assert sum(units) == length.units
    assert max(units) <= capacity
    if not keep:
        assert tuple(units) == length.segment_units
    for number, following in enumerate(parts[1:]):
        first = split_graphemes(following)[0] if keep else following[0]
        if units_of(first, length.encoding) <= capacity:
            assert units[number] + units_of(first, length.encoding) > capacity


@given(TEXTS)
def test_a_character_is_cut_only_where_no_part_can_hold_it(text: str) -> None:
    ends, at = set(), 0
    for part in split(text, keep_graphemes=True):
        at += len(part)
        ends.add(at)
    at = 0
    for cluster in split_graphemes(text):
        inside = ends & set(range(at + 1, at + len(cluster)))
        assert not inside or units_of(cluster, "UCS-2") > CAPACITIES["UCS-2"][1]
        at += len(cluster)


@given(TEXTS, st.booleans())
def test_no_pair_lies_across_the_end_of_a_part(text: str, keep: bool) -> None:  # noqa: FBT001 - drawn
    for part in split(text, keep_graphemes=keep):
        part.encode("utf-16-be")  # raises for half a pair
        assert gsm.ESCAPE not in part


@given(GSM_TEXTS)
def test_decomposed_text_is_mended_by_its_substitutes(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert unicodedata.normalize("NFC", decomposed) == text
    found = culprits(decomposed)
    assert (measure(decomposed).encoding == "UCS-2") == bool(found)
    assert all(culprit.start == culprit.index - 1 for culprit in found)
    assert replaced(decomposed) == text
    assert measure(decomposed).segments >= measure(text).segments


@given(TEXTS)
def test_text_whose_culprits_have_substitutes_becomes_gsm7(text: str) -> None:
    if any(culprit.substitute is None for culprit in culprits(text)):
        return
    mended = replaced(text)
    assert culprits(mended) == ()
    assert not mended or measure(mended).encoding == "GSM-7"


@given(TEXTS)
def test_a_line_end_of_one_character_saves_one_unit_each(text: str) -> None:
    plain = text.replace("\r\n", "\n")
    before, after = measure(text), measure(plain)
    assert before.encoding == after.encoding
    assert before.units - after.units == text.count("\r\n")
    assert before.segments >= after.segments


@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_measuring_depends_on_nothing_but_the_text(texts: list[str]) -> None:
    alone = [measure(text) for text in texts]
    assert [measure(text) for text in reversed(texts)] == alone[::-1]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(measure, texts * 3)) == alone * 3


@given(TEXTS, PROFILES, st.booleans())
def test_every_profile_divides_a_text_without_loss(
    text: str,
    profile: str,
    keep: bool,  # noqa: FBT001 - drawn
) -> None:
    try:
        length = measure(text, profile)
    except ValueError:
        with pytest.raises(ValueError, match="text holds"):
            split(text, profile, keep_graphemes=keep)
        return
    assert "".join(split(text, profile, keep_graphemes=keep)) == text
    assert sum(length.segment_units) == length.units
    assert 1 <= len(length.segment_units) == length.segments <= length.segments_max


@given(ANYTHING, PROFILES, st.booleans())
def test_no_string_raises_anything_but_a_value_error(
    text: str,
    profile: str,
    keep: bool,  # noqa: FBT001 - drawn
) -> None:
    unsendable = [c for c in text if c in "\x00\x1b" or "\ud800" <= c <= "\udfff"]
    calls = (
        lambda: measure(text, profile),
        lambda: split(text, profile, keep_graphemes=keep),
        lambda: culprits(text),
    )
    for call in calls:
        if unsendable:
            with pytest.raises(ValueError, match="no short message can carry"):
                call()
            continue
        try:
            call()
        except ValueError as error:
            assert not text or "lacks" in str(error)  # noqa: PT017 - one of two


@pytest.mark.parametrize(
    ("char", "encoding", "units"),
    [
        ("\f", "GSM-7", 2),
        ("\v", "UCS-2", 1),
        ("\x85", "UCS-2", 1),
        ("\x7f", "UCS-2", 1),
        ("\u2028", "UCS-2", 1),
        ("\ufffe", "UCS-2", 1),  # a noncharacter
        ("\uffff", "UCS-2", 1),
        ("\ufeff", "UCS-2", 1),
        ("\U0010ffff", "UCS-2", 2),
        ("\u0378", "UCS-2", 1),  # not assigned
        ("\ue000", "UCS-2", 1),  # private
    ],
)
def test_odd_characters_are_counted_as_they_are_sent(
    char: str, encoding: str, units: int
) -> None:
    assert measure(char)[:3] == (encoding, units, 1)
    many = char * 400
    assert measure(many).units == 400 * units
    assert "".join(split(many)) == many


@pytest.mark.parametrize(("char", "part"), [("a", 153), ("中", 67)])
def test_texts_beyond_255_parts_are_counted_and_divided(char: str, part: int) -> None:
    text = char * (part * 255 + 1)
    assert measure(text).segments == 256
    assert len(split(text)) == len(split(text, keep_graphemes=True)) == 256
