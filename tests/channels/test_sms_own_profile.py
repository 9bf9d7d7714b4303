"""Profiles of one's own: resolved, or refused with a cure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.channels.check_routes import check_routes
from copylab.channels.own_profile import profile_problems, resolve_profile
from copylab.channels.sms import measure
from copylab.channels.sms_profile import (
    CODECS,
    SmsProfile,
    load_profile,
    profile_names,
    profile_values,
)
from copylab.config import read_config
from copylab.source import SourceFile

Values = dict[str, str | int | float | bool | None]
SOURCED: Values = {"source": "contract of 2026", "as_of": "2026-03-01"}
TEXTS = st.text(st.characters(codec="cp949", exclude_characters="\x00\x1b"), min_size=1)


def problems(values: Values, **others: Values) -> list[tuple[str, str, str]]:
    found = profile_problems("ours", {"ours": {**SOURCED, **values}, **others})
    return [(problem.key, problem.rule, problem.cure) for problem in found]


def resolve(values: Values, **others: Values) -> SmsProfile | None:
    return resolve_profile("ours", {"ours": {**SOURCED, **values}, **others})


@pytest.mark.parametrize("base", profile_names())
def test_a_profile_that_changes_nothing_is_its_base(base: str) -> None:
    own = resolve({"extends": base})
    assert problems({"extends": base}) == []
    assert own is not None
    changed = {"name": base, "default_market": load_profile(base).default_market}
    copied = {slot: getattr(own, slot) for slot in SmsProfile.__slots__}
    assert SmsProfile(**{**copied, **changed}) == load_profile(base)


@given(TEXTS, st.sampled_from(profile_names()))
def test_it_measures_as_its_base(text: str, base: str) -> None:
    own = resolve({"extends": base})
    assert own is not None
    assert measure(text, own) == measure(text, base)


def test_values_are_laid_over_those_of_the_base() -> None:
    own = resolve(
        {"extends": "gsm", "max_segments": 6, "suffix": " STOP", "prefix": "x"}
    )
    assert own is not None
    assert (own.max_segments, own.suffix, own.prefix) == (6, " STOP", "x")
    assert own.gsm7 == load_profile("gsm").gsm7
    assert own.name == "ours"


def test_null_takes_a_value_of_the_base_away() -> None:
    own = resolve({"extends": "gsm", "max_segments": None})
    assert own is not None
    assert own.max_segments is None


def test_one_of_ones_own_can_be_extended() -> None:
    other: Values = {**SOURCED, "extends": "cn-aliyun", "max_units": 450}
    own = resolve({"extends": "other", "suffix": "退订"}, other=other)
    assert own is not None
    assert (own.max_units, own.suffix, own.encoding) == (450, "退订", "UCS-2")
    assert own.signature_format == "【{}】"


def test_a_profile_from_nothing_needs_its_encoding_and_capacity() -> None:
    sizes: Values = {"gsm7_single_units": 160, "gsm7_part_units": 152}
    own = resolve({"encoding": "GSM-7", **sizes})
    assert own is not None
    assert own.max_segments is None
    assert problems({}) == [
        ("", "missing-key", "add extends: gsm, or an encoding and its capacity")
    ]
    assert problems({"encoding": "auto", **sizes})[0][:2] == ("encoding", "missing-key")
    assert problems({"encoding": "cp949"})[0][2].startswith("add octet_single_units")


@pytest.mark.parametrize(
    ("values", "key", "rule", "cure"),
    [
        ({"max_segment": 6}, "max_segment", "unknown-key", "'max_segments'"),
        ({"colour": 6}, "colour", "unknown-key", "known: about, as_of"),
        ({"max_segments": "6"}, "max_segments", "bad-value", ""),
        ({"max_segments": True}, "max_segments", "bad-value", ""),
        ({"max_segments": 6.5}, "max_segments", "bad-value", ""),
        ({"max_segments": 0}, "max_segments", "bad-value", ""),
        ({"extra_segments": -1}, "extra_segments", "bad-value", ""),
        ({"suffix": 7}, "suffix", "bad-value", "in quotes"),
        ({"signature_counted": "yes"}, "signature_counted", "bad-value", ""),
        ({"signature_format": "[]"}, "signature_format", "bad-value", "{} once"),
        ({"signature_format": "{}{}"}, "signature_format", "bad-value", "{} once"),
        ({"encoding": "UCS2"}, "encoding", "bad-value", "'UCS-2'"),
        ({"encoding": "utf-16"}, "encoding", "bad-value", ""),
        ({"encoding": "rot13"}, "encoding", "bad-value", "write auto"),
        ({"bills": "letters"}, "bills", "bad-value", "write graphemes"),
        ({"extends": "gms"}, "extends", "bad-value", "'gsm'"),
        ({"extends": "ours"}, "extends", "bad-value", "copylab's profiles"),
        ({"default_market": "CN"}, "default_market", "unknown-key", ""),
        ({"ucs2_part_units": 1}, "", "bad-value", "4 units or more"),
        ({"ucs2_part_units": 71}, "", "bad-value", "no more than a whole"),
        ({"suffix": "a\x1b"}, "suffix", "bad-value", ""),
        ({"extends": "kr", "suffix": "é"}, "suffix", "bad-value", "cp949 has"),
        ({"source": None}, "source", "missing-key", "add source:"),
        ({"source": " "}, "source", "bad-value", "add source:"),
        ({"as_of": None}, "as_of", "missing-key", "YYYY-MM-DD"),
        ({"as_of": "March"}, "as_of", "bad-value", "YYYY-MM-DD"),
        ({"as_of": "2026-13-01"}, "as_of", "bad-value", "YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_is_said_once_with_its_cure(
    values: Values, key: str, rule: str, cure: str
) -> None:
    ((found_key, found_rule, found_cure),) = problems({"extends": "gsm", **values})
    assert (found_key, found_rule) == (key, rule)
    assert cure in found_cure


def test_the_name_of_a_profile_of_copylab_is_taken() -> None:
    (problem,) = profile_problems("cn", {"cn": {**SOURCED, "extends": "cn"}})
    assert problem.cure == "name it otherwise, such as our-cn, and write extends: cn"


def test_profiles_that_extend_each_other_are_refused() -> None:
    declared: dict[str, Values] = {
        "a": {**SOURCED, "extends": "b"},
        "b": {**SOURCED, "extends": "c"},
        "c": {**SOURCED, "extends": "a"},
    }
    for name in declared:
        (problem,) = profile_problems(name, declared)
        assert (problem.key, problem.rule) == ("extends", "bad-value")
        assert resolve_profile(name, declared) is None


@pytest.mark.parametrize(
    "values",
    [
        {"extends": "nowhere"}, {"extends": "gsm", "max_segments": "6"}, {},
        {"encoding": "UCS-2"}, {"extends": "gsm", "ucs2_part_units": 1},
    ],
)  # fmt: skip
def test_a_broken_profile_is_none(values: Values) -> None:
    assert resolve(values) is None
    assert problems(values)


def test_a_broken_base_is_told_at_the_base_alone() -> None:
    other: Values = {**SOURCED, "extends": "gsm", "max_units": "many"}
    assert problems({"extends": "other"}, other=other) == []
    assert resolve({"extends": "other"}, other=other) is None


VALUES = st.dictionaries(
    st.sampled_from([*profile_values("gsm"), "extends", "suffix", "bills", "odd"]),
    st.one_of(
        st.none(), st.booleans(), st.integers(-5, 300), st.floats(allow_nan=False),
        st.sampled_from(["gsm", "kr", "ours", "b", "auto", "UCS-2", "cp949", "{}", "é"]),
    ),
)  # fmt: skip


@given(VALUES, VALUES, TEXTS)
def test_any_profile_is_resolved_or_has_a_problem(
    values: Values, other: Values, text: str
) -> None:
    declared = {"ours": {**SOURCED, **values}, "b": {**SOURCED, **other}}
    told = [p for name in declared for p in profile_problems(name, declared)]
    own = resolve_profile("ours", declared)
    assert told or own is not None
    if own is not None:
        try:
            assert measure(text, own).segments >= 1
        except ValueError as error:
            assert "lacks" in str(error)  # noqa: PT017 - either of the two


@pytest.mark.parametrize("codec", CODECS)
def test_a_text_is_as_long_as_its_characters_in_every_codec(codec: str) -> None:
    every = [chr(code) for code in range(0x20, 0x30000) if not 0xD800 <= code < 0xE000]
    known = [char for char in every if char.encode(codec, "ignore")]
    sizes = sum(len(char.encode(codec)) for char in known)
    assert len("".join(known).encode(codec)) == sizes
    assert max(len(char.encode(codec)) for char in known) <= 4


@pytest.mark.parametrize("written", ["our-smpp: ", "our-smpp: [a]", "our-smpp: 7"])
def test_a_profile_without_values_is_a_finding_and_no_fault(written: str) -> None:
    text = f"sms: {{profile: our-smpp, profiles: {{{written}}}}}\n"
    config, _ = read_config(SourceFile("copylab.yaml", text))
    told = check_routes(config, [])
    assert {item.rule for item in told} >= {"missing-key"}
