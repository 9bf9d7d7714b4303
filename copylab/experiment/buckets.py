"""The hash schemes: one digest, two independent words.

    k       = salt + ":" + unit                       UTF-8
    d       = md5(k)                                  sha256(k) in sha256-v1
    traffic = u32be(d[0:4]) * 1_000_000 >> 32         who takes part
    arm     = u32be(d[4:8]) * 1_000_000 >> 32         which arm they get

Word 0 decides coverage and word 1 the split, so widening the coverage never moves
anybody to another arm. The arithmetic is integer throughout: the largest product,
4.29e15, is exact in every engine, JavaScript's doubles among them.

``md5-v1`` is what experiments use. ``sha256-v1`` is its twin, of the same shape, for
places that have no MD5. Nothing here depends on collisions being hard to find.
"""

from __future__ import annotations

import hashlib
import re
import struct
from functools import partial
from typing import TYPE_CHECKING, Literal, Protocol, TypeGuard, get_args

if TYPE_CHECKING:
    from collections.abc import Callable


class Digest(Protocol):
    """What a hash function gives."""

    def digest(self) -> bytes:
        """Its bytes."""


Scheme = Literal["md5-v1", "sha256-v1"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
MD5_V1: Scheme = "md5-v1"

SLOTS = 1_000_000
"""How many buckets each word has; shares are exact to a millionth."""

SCHEME: Scheme = MD5_V1
"""The scheme of experiments, as exposures carry it."""

SALT_RULE = "lower-case letters, digits, dots, dashes and underscores"
"""What a salt is made of, in words."""

try:
    # Python's own MD5 takes a third of the time that OpenSSL's takes for short keys.
    from _md5 import md5 as _md5  # type: ignore[import-not-found]
except ImportError:  # a Python that is built without it
    _md5 = partial(hashlib.md5, usedforsecurity=False)

md5: Callable[[bytes], Digest] = _md5
"""MD5 at its fastest; nothing here depends on collisions being hard to find."""

_SALT = re.compile(r"[a-z0-9._-]+")
words_of = struct.Struct(">II").unpack_from
"""From a digest to its first two words."""


def is_salt(text: str) -> bool:
    """Whether a text is a salt: ``[a-z0-9._-]+``.

    A colon can not occur, so salt and unit never run into each other.
    """
    return _SALT.fullmatch(text) is not None


def is_unit(value: object) -> TypeGuard[str]:
    """Whether a value is a unit: a text with something in it, and Unicode throughout.

    Half of a surrogate pair is none: it has no UTF-8 that could be hashed.
    """
    if not isinstance(value, str) or not value:
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def salt_prefix(salt: str) -> bytes:
    """The bytes hashed in front of every unit.

    Raises:
        ValueError: The salt is not one; see ``is_salt``.
    """
    if not is_salt(salt):
        raise ValueError(f"salt == {salt!r}, must be made of {SALT_RULE}")
    return f"{salt}:".encode()


def check_scheme(scheme: Scheme) -> Scheme:
    """The scheme.

    Raises:
        ValueError: There is no such scheme.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"scheme == {scheme!r}, must be of {', '.join(SCHEMES)}")
    return scheme


def prefixed_bucket(prefix: bytes, unit: str) -> tuple[int, int]:
    """As ``bucket``, for a prefix made by ``salt_prefix`` once for many units.

    Raises:
        UnicodeEncodeError: The unit holds half of a surrogate pair.
    """
    traffic, arm = words_of(md5(prefix + unit.encode()).digest())
    return traffic * SLOTS >> 32, arm * SLOTS >> 32


def prefixed_bucket_sha256(prefix: bytes, unit: str) -> tuple[int, int]:
    """As ``prefixed_bucket``, in the scheme ``sha256-v1``.

    Raises:
        UnicodeEncodeError: The unit holds half of a surrogate pair.
    """
    digest = hashlib.sha256(prefix + unit.encode(), usedforsecurity=False).digest()
    traffic, arm = words_of(digest)
    return traffic * SLOTS >> 32, arm * SLOTS >> 32


def bucket(salt: str, unit: str, *, scheme: Scheme = SCHEME) -> tuple[int, int]:
    """The traffic bucket and the arm bucket of a unit, both in 0..999_999.

    The unit is taken as it is: no trimming, no case folding, no normalisation, so
    a composed and a decomposed spelling are two units.

    Args:
        salt: Made of lower-case letters, digits, dots, dashes and underscores.
        unit: Who or what is randomised, not empty.
        scheme: The hash scheme, ``md5-v1`` or ``sha256-v1``.

    Raises:
        TypeError: The unit or the salt is not a text.
        ValueError: The unit is empty or no Unicode text, the salt is not a salt, or
            the scheme is unknown.

    Example:
        >>> bucket("winback_hook.9f3a1c", "user-1")
        (538186, 304169)
    """
    if not isinstance(unit, str):
        kind = type(unit).__name__
        raise TypeError(f"unit must be a str, not {kind}: 1, 1.0 and '1' would differ")
    if not isinstance(salt, str):
        raise TypeError(f"salt must be a str, not {type(salt).__name__}")
    if not unit:
        raise ValueError("unit == '', must not be empty")
    if check_scheme(scheme) == MD5_V1:
        return prefixed_bucket(salt_prefix(salt), unit)
    return prefixed_bucket_sha256(salt_prefix(salt), unit)
