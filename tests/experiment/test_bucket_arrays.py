import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.experiment.bucket_arrays import bucket_arrays
from copylab.experiment.buckets import SCHEMES, bucket

SALT = "winback_hook.9f3a1c"
TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
]
COMPOSED = unicodedata.normalize("NFC", "Zoë-Ångström-")
EDGES = [
    "1",
    " ",
    "\x00",
    "a\x00b",
    "😀",
    "👩‍👩‍👧",
    "用户",
    COMPOSED,
    unicodedata.normalize("NFD", COMPOSED),
    "'",
    "x" * 1_000_000,
]


def expected(salt, units, scheme="md5-v1") -> list:
    return [bucket(salt, unit, scheme=scheme) if unit else None for unit in units]


def pairs(found) -> list:
    rows = zip(found.traffic.to_pylist(), found.arm.to_pylist(), strict=True)
    return [None if row == (None, None) else row for row in rows]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("salt", ["s", SALT, "s" * 54, "s" * 63, "s" * 64, "s" * 300])
def test_keys_of_every_size_have_the_buckets_of_python(salt: str, scheme) -> None:
    units = ["x" * size for size in range(1, 330)]
    found = bucket_arrays(salt, pa.array(units), scheme=scheme)
    assert pairs(found) == expected(salt, units, scheme)


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_every_type_of_text_will_do(kind: pa.DataType) -> None:
    units = [*EDGES, None, "", "1"]
    array = pa.array(units, pa.string()).cast(kind) if "dict" in str(kind) else None
    array = pa.array(units, kind) if array is None else array
    assert pairs(bucket_arrays(SALT, array)) == expected(SALT, units)
    sliced = array.slice(3, 9)
    assert pairs(bucket_arrays(SALT, sliced)) == expected(SALT, units)[3:12]
    assert pairs(bucket_arrays(SALT, array.slice(0, 0))) == []


def test_chunks_may_be_empty_or_missing() -> None:
    chunked = pa.chunked_array([["a"], [], ["b", None]], pa.string())
    assert pairs(bucket_arrays("s", chunked)) == expected("s", ["a", "b", None])
    assert pairs(bucket_arrays("s", pa.chunked_array([], pa.string()))) == []


def test_threads_share_many_rows_without_mixing_them() -> None:
    units = [f"user-{number}" * (number % 7) for number in range(200_000)]
    found = bucket_arrays(SALT, pa.array(units), max_threads=2)
    assert pairs(found) == expected(SALT, units)
    assert bucket_arrays(SALT, pa.array(units), max_threads=1) == found


@given(st.from_regex(r"[a-z0-9._-]+", fullmatch=True), st.lists(st.text() | st.none()))
def test_any_text_has_the_buckets_of_python(salt: str, units: list) -> None:
    sendable = [u for u in units if u is None or u.isascii() or _is_unicode(u)]
    found = bucket_arrays(salt, pa.array(sendable, pa.string()), max_threads=1)
    assert pairs(found) == expected(salt, sendable)


def _is_unicode(text: str) -> bool:
    return not any(0xD800 <= ord(char) < 0xE000 for char in text)


def test_a_column_of_nulls_has_no_buckets() -> None:
    assert pairs(bucket_arrays("s", pa.nulls(3))) == [None, None, None]


@pytest.mark.parametrize(
    "units", [[1, 2], [1.5], [True], [b"a"]], ids=["int", "float", "bool", "bytes"]
)
def test_refuses_units_that_are_no_texts(units: list) -> None:
    with pytest.raises(TypeError, match="units must be texts"):
        bucket_arrays("s", pa.array(units))
    with pytest.raises(TypeError, match="units must be texts"):
        bucket_arrays("s", pa.array(units).dictionary_encode())


def test_refuses_what_is_no_salt_or_scheme() -> None:
    with pytest.raises(ValueError, match="salt == 'A'"):
        bucket_arrays("A", pa.array(["u"]))
    with pytest.raises(TypeError, match="salt must be a str"):
        bucket_arrays(7, pa.array(["u"]))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scheme == 'md5'"):
        bucket_arrays("a", pa.array(["u"]), scheme="md5")  # type: ignore[arg-type]
