"""MD5 of many short keys at once, in numpy: the first two words of each digest.

RFC 1321 over arrays: every step is done for all keys before the next one, so that the
loops run in numpy and two threads share the work. For keys of some tens of bytes, that
is five times as fast as a digest a key.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = NDArray[np.uint32]
    Bytes = NDArray[np.uint8]

BLOCK_BYTES = 64
TAIL_BYTES = 9
"""What follows a key in its last block: a mark, and the key's length in bits."""

_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
_SINES = np.array(
    [math.floor(abs(math.sin(i + 1)) * 2**32) for i in range(64)], dtype=np.uint32
)
_SHIFTS = (7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21)
_ROUND_STEPS = 16


def blocks_of(size: int) -> int:
    """How many blocks of 64 bytes a key of so many bytes fills."""
    return (size + TAIL_BYTES - 1) // BLOCK_BYTES + 1


def digest_words(
    data: Bytes, starts: NDArray[np.int64], sizes: NDArray[np.int64], prefix: bytes
) -> tuple[Words, Words]:
    """The first two words of the MD5 of each key, most significant byte first.

    All keys must fill the same number of blocks.

    Args:
        data: Bytes in which the keys lie, and a block's more behind the last of them
            for each block that a key fills.
        starts: Where each key starts.
        sizes: How many bytes each key has.
        prefix: What is hashed in front of every key.
    """
    lead = len(prefix)
    count = blocks_of(lead + int(sizes.max()))
    room = count * BLOCK_BYTES - TAIL_BYTES + 1 - lead
    kept, filled = _padding(prefix, count, room)
    keys = np.zeros((len(starts), count * BLOCK_BYTES), np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(data, room)
    keys[:, lead : lead + room] = windows[starts]
    whole = keys.view(np.uint64)
    whole &= kept[sizes]
    whole |= filled[sizes]
    words = np.ascontiguousarray(keys.view("<u4").T)
    state = [np.full(len(starts), start, np.uint32) for start in _START]
    for first in range(0, len(words), _ROUND_STEPS):
        mixed = _mix(state, words[first : first + _ROUND_STEPS])
        state = [old + new for old, new in zip(state, mixed, strict=True)]
    return state[0].byteswap(), state[1].byteswap()


@lru_cache(
    maxsize=64
)  # made anew for every few thousand keys, it costs as much as they do
def _padding(
    prefix: bytes, count: int, room: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """By the size of a key, the bits kept of its blocks, and those put into them."""
    lead, end = len(prefix), count * BLOCK_BYTES
    kept = np.zeros((room, end), np.uint8)
    filled = np.zeros((room, end), np.uint8)
    for size in range(room):
        bits = (lead + size) * 8
        kept[size, lead : lead + size] = 0xFF
        filled[size, :lead] = np.frombuffer(prefix, np.uint8)
        filled[size, lead + size] = 0x80
        filled[size, end - 8 :] = np.frombuffer(bits.to_bytes(8, "little"), np.uint8)
    return kept.view(np.uint64), filled.view(np.uint64)


def _mix(state: list[Words], words: Words) -> list[Words]:
    """The state after the 64 steps over one block."""
    a, b, c, d = (part.copy() for part in state)
    mixed, turned = np.empty_like(a), np.empty_like(a)
    for step in range(64):
        turn = step // _ROUND_STEPS
        _choose(turn, b, c, d, mixed)
        index = (step, 5 * step + 1, 3 * step + 5, 7 * step)[turn] % _ROUND_STEPS
        mixed += a
        mixed += _SINES[step]
        mixed += words[index]
        shift = _SHIFTS[turn * 4 + step % 4]
        np.left_shift(mixed, np.uint32(shift), out=turned)
        np.right_shift(mixed, np.uint32(32 - shift), out=mixed)
        mixed |= turned
        mixed += b
        a, b, c, d, mixed = d, mixed, b, c, a
    return [a, b, c, d]


def _choose(turn: int, b: Words, c: Words, d: Words, out: Words) -> None:
    """The function of a round: F, G, H or I of the RFC."""
    if turn == 0:
        np.bitwise_xor(c, d, out=out)
        out &= b
        out ^= d
    elif turn == 1:
        np.bitwise_xor(b, c, out=out)
        out &= d
        out ^= c
    elif turn == 2:  # noqa: PLR2004 - the third of four rounds
        np.bitwise_xor(b, c, out=out)
        out ^= d
    else:
        np.invert(d, out=out)
        out |= b
        out ^= c
