import hashlib
import unicodedata
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import copylab.experiment
from copylab.experiment.buckets import (
    SLOTS,
    bucket,
    is_salt,
    prefixed_bucket,
    salt_prefix,
)

SALT = "winback_hook.9f3a1c"
WORD_SQL = "(('0x'||substr(md5(k),{start},8))::BIGINT*1000000)//4294967296"

# Written down once: a change of any of these moves users of running experiments.
VECTORS = [
    ("a", "1", (620867, 461016)),
    (SALT, "user-1", (538186, 304169)),
    (SALT, "用户😀", (412461, 18356)),
    ("a.b-c_9", " ", (791385, 541997)),
]


@pytest.fixture
def units() -> list[str]:
    composed = unicodedata.normalize("NFC", "Zoë-Ångström-")
    decomposed = unicodedata.normalize("NFD", composed)
    stems = [
        "u",
        "",
        " ",
        "  x ",
        "😀",
        "👩‍👩‍👧",
        "用户",
        composed,
        decomposed,
        "a:b",
        "'",
        "%",
    ]
    return [f"{stem}{number}" for stem in stems for number in range(500)]


@pytest.mark.parametrize(("salt", "unit", "expected"), VECTORS)
def test_fixed_vectors_never_move(
    salt: str, unit: str, expected: tuple[int, int]
) -> None:
    assert bucket(salt, unit) == expected


def test_agrees_with_duckdb_on_every_key(units: list[str]) -> None:
    connection = duckdb.connect()
    connection.execute("create table keys(unit varchar)")
    connection.executemany("insert into keys values (?)", [[unit] for unit in units])
    words = ", ".join(WORD_SQL.format(start=start) for start in (1, 9))
    rows = connection.execute(
        f"select unit, {words} from (select unit, ? || ':' || unit k from keys)", [SALT]
    ).fetchall()
    assert len(rows) == len(units)
    assert [(unit, *bucket(SALT, unit)) for unit, _, _ in rows] == rows


@given(st.from_regex(r"[a-z0-9._-]+", fullmatch=True), st.text(min_size=1))
def test_both_words_come_from_one_digest(salt: str, unit: str) -> None:
    try:
        digits = hashlib.md5(f"{salt}:{unit}".encode()).hexdigest()
    except UnicodeEncodeError:
        with pytest.raises(ValueError, match="surrogates"):
            bucket(salt, unit)
        return
    words = int(digits[:8], 16), int(digits[8:16], 16)
    expected = words[0] * SLOTS // 2**32, words[1] * SLOTS // 2**32
    assert bucket(salt, unit) == expected
    assert prefixed_bucket(salt_prefix(salt), unit) == expected
    assert all(0 <= number < SLOTS for number in expected)


@pytest.mark.parametrize("unit", [1, 1.0, True, None, b"u"])
def test_refuses_units_that_are_no_text(unit: object) -> None:
    with pytest.raises(TypeError, match="unit must be a str"):
        bucket(SALT, unit)  # type: ignore[arg-type]


def test_refuses_an_empty_unit() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        bucket(SALT, "")


@pytest.mark.parametrize("salt", ["", "A", "a:b", "a b", "ä", "a\n", "a/b"])
def test_refuses_what_is_no_salt(salt: str) -> None:
    assert not is_salt(salt)
    with pytest.raises(ValueError, match="salt == "):
        bucket(salt, "u")


def test_refuses_a_salt_that_is_no_text() -> None:
    with pytest.raises(TypeError, match="salt must be a str"):
        bucket(7, "u")  # type: ignore[arg-type]


def test_composed_and_decomposed_spellings_are_two_units() -> None:
    composed, decomposed = "Zo\u00eb", "Zoe\u0308"
    assert bucket(SALT, composed) != bucket(SALT, decomposed)


def test_arms_of_two_salts_are_independent() -> None:
    """50 pairs of salts, one character apart: |z| < 4 each."""
    units = [f"user-{number}" for number in range(4000)]
    halves = [
        [bucket(f"salt-{index:02}", unit)[1] < SLOTS // 2 for unit in units]
        for index in range(51)
    ]
    for one, other in pairwise(halves):
        same = sum(a == b for a, b in zip(one, other, strict=True))
        z = (same - len(units) / 2) / (len(units) / 4) ** 0.5
        assert abs(z) < 4


def test_arms_are_uniform_inside_little_traffic() -> None:
    """The two words are independent: the split holds inside the first percent."""
    pairs = [bucket(SALT, f"user-{number}") for number in range(200_000)]
    arms = [arm for traffic, arm in pairs if traffic < SLOTS // 100]
    tenths = [0] * 10
    for arm in arms:
        tenths[arm * 10 // SLOTS] += 1
    expected = len(arms) / 10
    chi_squared = sum((count - expected) ** 2 / expected for count in tenths)
    assert len(arms) == pytest.approx(2000, abs=4 * 2000**0.5)
    assert chi_squared < 33.7  # the 0.9999 quantile with 9 degrees of freedom


def test_is_the_name_of_the_package() -> None:
    assert copylab.experiment.bucket is bucket


@pytest.mark.parametrize("scheme", ["md5", "sha256", "MD5-V1", "", None])
def test_refuses_a_scheme_that_is_not_known(scheme: object) -> None:
    with pytest.raises(ValueError, match="must be of md5-v1, sha256-v1"):
        bucket(SALT, "u", scheme=scheme)  # type: ignore[arg-type]


def test_half_of_a_surrogate_pair_is_no_text() -> None:
    for unit in ("\ud800", "user-\udfff", "😀"[:1] + "\udc00"):
        with pytest.raises(ValueError, match="surrogates"):
            bucket(SALT, unit)
