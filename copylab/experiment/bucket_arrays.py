"""Buckets of whole Arrow columns: the same numbers as ``bucket``, many at once.

Imports numpy and pyarrow; a service that asks about single users never imports this
module.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copylab.experiment.buckets import (
    MD5_V1,
    SCHEME,
    SLOTS,
    Scheme,
    check_scheme,
    salt_prefix,
)
from copylab.experiment.digest_arrays import (
    BLOCK_BYTES,
    TAIL_BYTES,
    digest_words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Words = NDArray[np.uint32]

_ROWS_AT_ONCE = 65_536
"""So many words fit a core's cache, and are work enough to share between threads."""

_MAX_BLOCKS = 4
"""Longer keys are hashed one by one: a digest costs the same there, and less memory."""


class BucketArrays(NamedTuple):
    """The buckets of a column of units; null where ``bucket`` would refuse the unit.

    Attributes:
        traffic: The buckets of coverage, int32, each in 0..999_999 or null.
        arm: The buckets of the split, likewise.
    """

    traffic: pa.Array
    arm: pa.Array


def bucket_arrays(
    salt: str,
    units: pa.Array | pa.ChunkedArray,
    *,
    scheme: Scheme = SCHEME,
    max_threads: int | None = None,
) -> BucketArrays:
    """Both buckets of every unit; null where the unit is null or empty.

    Args:
        salt: Made of lower-case letters, digits, dots, dashes and underscores.
        units: Texts: ``string``, ``large_string``, ``string_view``, or a dictionary of
            them. Sliced and chunked arrays will do.
        scheme: The hash scheme.
        max_threads: How many threads to use; None is one for each core.

    Raises:
        TypeError: The units are no texts, or the salt is none.
        ValueError: The salt is not a salt, or the scheme is unknown.
    """
    if not isinstance(salt, str):
        raise TypeError(f"salt must be a str, not {type(salt).__name__}")
    prefix = salt_prefix(salt)
    check_scheme(scheme)
    _check_texts(units.type)
    threads = max_threads or os.cpu_count() or 1
    chunks = units.chunks if isinstance(units, pa.ChunkedArray) else [units]
    parts = [_buckets_of(prefix, chunk, scheme, threads) for chunk in chunks]
    if len(parts) == 1:
        return parts[0]
    empty = [pa.array([], pa.int32())]
    return BucketArrays(
        pa.concat_arrays([part.traffic for part in parts] or empty),
        pa.concat_arrays([part.arm for part in parts] or empty),
    )


def _check_texts(kind: pa.DataType) -> None:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if not pa.types.is_null(kind) and not any(check(inner) for check in texts):
        raise TypeError(f"units must be texts, not {kind}: 1, 1.0 and '1' would differ")


def _buckets_of(
    prefix: bytes, units: pa.Array, scheme: Scheme, threads: int
) -> BucketArrays:
    if pa.types.is_dictionary(units.type):
        known = _buckets_of(prefix, units.dictionary, scheme, threads)
        return BucketArrays(*(column.take(units.indices) for column in known))
    texts = units.cast(pa.large_string())
    data, starts = _layout(texts)
    keys = _Keys(prefix, scheme, data, starts)
    refused = np.diff(starts) == 0
    if texts.null_count:
        refused |= pc.is_null(texts).to_numpy(zero_copy_only=False)
    rows = range(0, len(texts), _ROWS_AT_ONCE)
    if threads > 1 and len(rows) > 1:
        with ThreadPoolExecutor(threads) as pool:
            words = list(pool.map(keys.words, rows))
    else:
        words = list(map(keys.words, rows))
    none = np.zeros(0, np.uint32)
    first = np.concatenate([pair[0] for pair in words] or [none])
    second = np.concatenate([pair[1] for pair in words] or [none])
    return BucketArrays(_slots(first, refused), _slots(second, refused))


def _layout(texts: pa.Array) -> tuple[NDArray[np.uint8], Numbers]:
    """The bytes of all texts, and where each starts; the last start is the end."""
    _, offsets, data = texts.buffers()
    if not len(texts) or offsets is None:
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    starts = np.frombuffer(offsets, np.int64, len(texts) + 1, texts.offset * 8)
    empty = np.zeros(0, np.uint8)
    return empty if data is None else np.frombuffer(data, np.uint8), starts


class _Keys(NamedTuple):
    """What is hashed: a prefix, and texts that lie one behind the other."""

    prefix: bytes
    scheme: Scheme
    data: NDArray[np.uint8]
    starts: Numbers

    def words(self, row: int) -> tuple[Words, Words]:
        """The first two words of the digests of some rows, from a row on."""
        starts = self.starts[row : row + _ROWS_AT_ONCE + 1]
        low, high = int(starts[0]), int(starts[-1])
        part = self._replace(data=self.data[low:high], starts=starts - low)
        sizes = np.diff(starts)
        blocks = (sizes + (len(self.prefix) + TAIL_BYTES - 1)) // BLOCK_BYTES + 1
        if self.scheme != MD5_V1:
            blocks[:] = _MAX_BLOCKS + 1
        first, second = np.empty((2, len(sizes)), np.uint32)
        for count in np.unique(blocks).tolist():
            rows = np.flatnonzero(blocks == count)
            first[rows], second[rows] = part.digest(rows, sizes[rows], count)
        return first, second

    def digest(self, rows: Numbers, sizes: Numbers, blocks: int) -> tuple[Words, Words]:
        """The words of some rows that all fill the same number of blocks."""
        starts = self.starts[rows]
        if blocks <= _MAX_BLOCKS:
            # The window around the last key reaches beyond the data.
            room = np.zeros(blocks * BLOCK_BYTES, np.uint8)
            data = np.concatenate((self.data, room))
            return digest_words(data, starts, sizes, self.prefix)
        digest = hashlib.md5 if self.scheme == MD5_V1 else hashlib.sha256
        raw = self.data.tobytes()
        heads = bytearray()
        for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
            key = self.prefix + raw[start : start + size]
            heads += digest(key, usedforsecurity=False).digest()[:8]
        words = np.frombuffer(bytes(heads), ">u4").astype(np.uint32)
        return words[0::2], words[1::2]


def _slots(words: Words, refused: NDArray[np.bool_]) -> pa.Array:
    """The bucket of each word, null where the unit was refused."""
    slots = words.astype(np.uint64)
    slots *= np.uint64(SLOTS)
    slots >>= np.uint64(32)
    return pa.array(slots.astype(np.int32), mask=refused if refused.any() else None)
