"""A number in the copy is one of those that are declared, whatever its value can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from copylab.lint.detect.numeric import spans_of
from copylab.lint.engine import lint_catalog
from copylab.lint.text import examine_text
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODE = "X-RATE-001"
MESSAGE = """\
purpose: marketing
live: plain
variables:
  rate: {type: percent, min: 3, max: 24, decimals: 1, missing: skip}
"""


def examined(text: str, locale: str, **metadata: object) -> tuple[list[str], bool]:
    """What the rule says about a text, and whether it was checked."""
    checked = examine_text(
        text,
        channel="push",
        market=locale[-2:],
        locale=locale,
        industry="lending",
        metadata=metadata,
    )
    said = [item.message for item in checked.findings if item.code == CODE]
    return said, CODE not in {code for _, code in checked.unchecked}


@pytest.mark.parametrize(
    ("text", "locale", "wrong"),
    [
        ("年化利率7.2%-24%（单利），请理性借贷", "zh-CN", None),
        ("年化利率7.2%起（单利）", "zh-CN", None),
        ("年化利率９．９％起（单利）", "zh-CN", None),
        ("年化利率5%起（单利）", "zh-CN", "5"),
        ("年化利率7.2%-36%（单利）", "zh-CN", "36"),
        ("年化利率3.6%~24%（单利）", "zh-CN", "3.6"),
        ("您的资料已完成80%，年化利率7.2%起", "zh-CN", None),
        ("Loans from 7.2%-24% APR.", "en-US", None),
        ("Loans at 9.99% fixed APR.", "en-US", None),
        ("Loans with an APR of 29.9%.", "en-US", "29.9"),
        ("APR from 5.9% to 24%.", "en-US", "5.9"),
        ("Save 50% on fees. 9.9% APR.", "en-US", None),
        ("Representative 49.9% APR", "en-GB", "49.9"),
        ("Effektiver Jahreszins 6,99 %", "de-DE", "6.99"),
        ("Nur 6,99 % effektiver Jahreszins", "de-DE", "6.99"),
        ("TAEG fixe de 4,9 %", "fr-FR", "4.9"),
        ("TAE 8,9 %", "es-ES", None),
        ("実質年率3.0%～18.0%", "ja-JP", "3"),
        ("연 이자율 7.2%~19.9%", "ko-KR", None),
        ("연 25% 금리", "ko-KR", "25"),
        ("Welcome back.", "en-US", None),
    ],
)
def test_a_rate_is_one_of_those_that_are_declared(
    text: str, locale: str, wrong: str | None
) -> None:
    said, was_checked = examined(text, locale, annual_rate="7.2-24")
    assert was_checked
    assert [part.split("%")[0] for part in said] == ([] if wrong is None else [wrong])


def test_what_is_not_declared_is_not_checked_where_a_rate_stands() -> None:
    assert examined("Loans at 9.99% APR.", "en-US") == ([], False)
    assert examined("Welcome back to our loans.", "en-US") == ([], True)
    assert examined("Loans at 9.99% APR.", "en-US", annual_rate="soon") == ([], False)
    assert len(examined("Loans at 9.99% APR.", "en-US", annual_rate="")[0]) == 1


def test_a_value_is_held_to_what_is_declared(make_files: Callable[..., Path]) -> None:
    def said(declared: str) -> list[str]:
        root = make_files(
            {
                "copylab.yaml": "brand: {name: Example}\nmarkets: [US]\n"
                f"industry: lending\nsending: {{annual_rate: {declared}}}\n",
                "templates/a/message.yaml": MESSAGE,
                "templates/a/push.en-US.md": "## title\nHi\n## body\n"
                "Loans at {{ rate | percent }} APR.\n",
            }
        )
        report = lint_catalog(open_workspace(root), select=[CODE])
        return [item.message for item in report.findings]

    assert said("3-24") == []
    assert len(said("5-24")) == 1
    assert len(said("[3, 24]")) == 1


@pytest.mark.parametrize(
    ("declared", "spans"),
    [
        (7.2, [("7.2", "7.2")]),
        ("7.2%", [("7.2", "7.2")]),
        ("7.2-24", [("7.2", "24")]),
        ("7,2 % – 24 %", [("7.2", "24")]),
        ([0, "7.2-24"], [("0", "0"), ("7.2", "24")]),
        ("24-7.2", None),
        ("soon", None),
        (True, None),
        ({"a": 1}, None),
        ("nan", None),
        ([7.2, "x"], None),
    ],
)
def test_numbers_and_spans_of_them_are_declared(declared: Any, spans: Any) -> None:
    found = spans_of(declared)
    shown = None if found is None else [(str(low), str(high)) for low, high in found]
    assert shown == spans
