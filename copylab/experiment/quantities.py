"""Shares, percentages and durations as people write them: ``45%``, ``1/3``, ``7d``."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

_NUMBER = re.compile(r"(\d{1,20}(?:\.\d{1,20})?|\.\d{1,20})\s?(%?)", re.ASCII)
_RATIO = re.compile(r"(\d{1,9})\s?/\s?(\d{1,9})", re.ASCII)
_DURATION = re.compile(r"(\d{1,6})\s?([dhm])", re.ASCII)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


def parse_percent(written: str | float | Decimal | Fraction) -> Fraction:
    """The exact number behind ``15%``, ``0.15``, ``3/20`` or a number.

    Args:
        written: A text, or a number that counts as the fraction itself: 0.15.

    Raises:
        ValueError: It is none of these, or negative.
    """
    if not isinstance(written, str):
        if isinstance(written, bool) or not math.isfinite(written):
            raise ValueError(f"{written!r} is not a percentage")
        if written < 0:
            raise ValueError(f"{written!r} is not a percentage: it is negative")
        return Fraction(str(written))
    text = written.strip()
    if match := _NUMBER.fullmatch(text):
        return Fraction(match[1]) / (100 if match[2] else 1)
    if (match := _RATIO.fullmatch(text)) and int(match[2]):
        return Fraction(int(match[1]), int(match[2]))
    raise ValueError(f"'{text}' is not a percentage")


def parse_share(written: str | float | Decimal | Fraction) -> Fraction:
    """As ``parse_percent``, between 0 and 1.

    Raises:
        ValueError: It is no percentage, or more than the whole.
    """
    share = parse_percent(written)
    if share > 1:
        raise ValueError(f"'{written}' is more than 100%")
    return share


def format_percent(number: Fraction) -> str:
    """The number as a percentage, ``45%``; as a ratio where that would not end.

    What it returns is read by ``parse_percent`` as the same number.
    """
    points = number * 100
    for decimals in range(19):
        scaled = points * 10**decimals
        if scaled.denominator == 1:
            return f"{Decimal(scaled.numerator).scaleb(-decimals):f}%"
    return f"{number.numerator}/{number.denominator}"


def parse_duration(text: str) -> timedelta:
    """The time span behind ``7d``, ``4h`` or ``30m``.

    Raises:
        ValueError: It is not a whole number of days, hours or minutes.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not a time span")
    return int(match[1]) * _UNITS[match[2]]


def format_duration(span: timedelta) -> str:
    """The span in the largest unit that divides it: ``7d``, ``36h``, ``90m``."""
    for letter, unit in _UNITS.items():
        if not span % unit:
            return f"{span // unit}{letter}"
    return f"{span.total_seconds():g}s"
