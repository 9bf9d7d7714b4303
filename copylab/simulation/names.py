"""Names and words of people who do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator

# Frequent surnames, in the order of their frequency, two of two characters among them.
SURNAMES: tuple[str, ...] = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董",
    *("欧阳", "上官"),
)
GIVEN: tuple[str, ...] = (
    *"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文玲红梅鑫宇欣怡轩浩然雨桐佳",
)
FIRST_NAMES: tuple[str, ...] = (
    *("James", "Mary", "John", "Linda", "Robert", "Susan", "Michael", "Karen"),
    *("David", "Nancy", "William", "Lisa", "Richard", "Emily", "Joseph", "Anna"),
    *("Thomas", "Laura", "Carlos", "Maria", "José", "Zoë", "Daniel", "Sofía"),
    *("Kevin", "Grace", "Brian", "Chloe", "Jason", "Olivia", "Ryan", "Megan"),
)
CHINESE_WORDS = ("春天", "城市", "早晨", "朋友", "计划", "生活", "书店", "旅行")
ENGLISH_WORDS = ("spring", "city", "garden", "window", "river", "paper", "harbor")


def chinese_name(rng: Generator) -> str:
    """A Chinese name of two to four characters."""
    weights = range(len(SURNAMES) * 2, len(SURNAMES), -1)
    total = sum(weights)
    surname = SURNAMES[
        int(rng.choice(len(SURNAMES), p=[weight / total for weight in weights]))
    ]
    given = rng.integers(0, len(GIVEN), size=1 + int(rng.random() < 0.7))  # noqa: PLR2004 - most have two
    return surname + "".join(GIVEN[int(place)] for place in given)


def english_name(rng: Generator) -> str:
    """A first name in Latin letters."""
    return FIRST_NAMES[int(rng.integers(len(FIRST_NAMES)))]


def words(rng: Generator, limit: int, *, chinese: bool) -> str:
    """A few words of at most so many characters, one of them at least in part."""
    known = CHINESE_WORDS if chinese else ENGLISH_WORDS
    picked = [known[int(place)] for place in rng.integers(len(known), size=4)]
    text = picked[0]
    for word in picked[1:]:
        longer = text + ("" if chinese else " ") + word
        if len(longer) > limit:
            break
        text = longer
    return text[:limit].strip()
