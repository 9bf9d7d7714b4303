from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from copylab.channels import gsm
from copylab.channels.route import Route, measurer
from copylab.channels.sms import is_plain_bmp
from copylab.channels.sms_kind import (
    FOREIGN,
    NOT_BASIC,
    NOT_PLAIN,
    frame_kinds,
    is_by_size,
    kind_of,
)
from copylab.channels.sms_profile import load_profile, profile_names

LETTERS = "ab@é\r\n[€^ Δ张，０한é\u3000\u00a0🙂\u0301\u200d\u0e33\u1100\x00\x1b\ud83d"
FRAMES = ["", "【】", "Shop: ", "[S] ", "🙂", " €", "\u0301", "\n"]


def route(profile: str, signature: str, suffix: str) -> Route:
    return Route("", load_profile(profile), signature, suffix, {})


routes = st.lists(
    st.builds(
        route,
        st.sampled_from(sorted(profile_names())),
        st.sampled_from(FRAMES),
        st.sampled_from(FRAMES),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
# Several sizes around the ends of parts, of one letter and a few others.
texts = st.builds(
    lambda letter, size, few: (letter * size)[: max(1, size - len(few))] + few,
    st.sampled_from(LETTERS),
    st.sampled_from([1, 2, 3, 69, 70, 71, 133, 134, 135, 160, 161, 306, 307]),
    st.text(LETTERS, max_size=4),
)


def test_every_basic_character_is_plain() -> None:
    """What has no bit at all is measured by its size in UCS-2, too."""
    assert all(is_plain_bmp(character) for character in gsm.BASIC)


def test_bits_say_what_a_stretch_holds() -> None:
    assert kind_of("") == kind_of("plain words") == 0
    assert kind_of("[") == NOT_BASIC
    assert kind_of("张") == NOT_BASIC | FOREIGN
    assert kind_of("🙂") == NOT_BASIC | NOT_PLAIN | FOREIGN


@given(st.text(LETTERS, max_size=6), st.text(LETTERS, max_size=6))
def test_the_kind_of_a_text_is_that_of_its_stretches(one: str, other: str) -> None:
    assert kind_of(one + other) == kind_of(one) | kind_of(other)


@settings(max_examples=300)
@given(routes, st.lists(texts, min_size=2, max_size=12))
@example((route("gsm", "", ""),), ["a" * 161, "é" * 161, "张" * 71, "한" * 71])
@example(
    (route("gsm", "【】", ""), route("gsm", "", "")),
    ["[" + "a" * 159, "a" * 160, "[" * 160],
)
def test_texts_of_a_kind_and_size_have_one_length(
    chosen: tuple[Route, ...], several: list[str]
) -> None:
    frames = frame_kinds(chosen)
    measure = measurer(chosen)
    found = defaultdict(set)
    for text in several:
        kind = kind_of(text)
        if frames is not None and is_by_size(kind, frames):
            try:
                length: object = measure(text)
            except ValueError:
                length = None
            found[kind, len(text)].add(length)
    assert all(len(lengths) == 1 for lengths in found.values())


def test_a_route_that_rewrites_links_or_counts_octets_is_asked_about_each_text() -> (
    None
):
    plain = route("gsm", "", "")
    rewriting = replace(
        plain, profile=replace(plain.profile, name="short", link_characters=20)
    )
    assert frame_kinds((plain,)) == frozenset((0,))
    assert frame_kinds((plain, rewriting)) is None
    assert frame_kinds((route("kr", "", ""),)) is None
