"""``copylab rule``: what applies to somebody, and packs that are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACK = """\
rules:
- name: acme-free-money
  code: ACME001
  kind: must_not_contain
  severity: error
  patterns: ['free money']
  message: "'{match}' is not said here"
  help: say what the credit costs
  bad:
  - {file: sms.en-US.md, text: 'Example: free money. Reply STOP to opt out'}
  good:
  - {file: sms.en-US.md, text: 'Example: money. Reply STOP to opt out'}
"""


def _changed(old: str, new: str) -> str:
    """The pack, changed; an example under a heading that is there goes with it."""
    if not new:
        return PACK[: PACK.index(old)]
    return PACK.replace(old, new)


def test_what_applies_is_listed_by_market_channel_and_industry(
    run_copylab: Callable[..., Any],
) -> None:
    arguments = ("rule", "--list", "--channel", "sms", "--industry", "lending")
    china = run_copylab(*arguments, "--market", "cn").out
    america = run_copylab(*arguments, "--market", "US").out
    assert "CN-LEND-001" in china
    assert "CN-LEND-001" not in america
    assert "US-LEND-002" in america
    assert "US-LEND-002" not in china
    retail = run_copylab(
        "rule", "--list", "--market", "CN", "--channel", "sms", "--industry", "retail"
    ).out
    assert "CN-LEND-001" not in retail
    assert china.splitlines()[-1] == "copylab checks texts; it gives no legal advice."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--list", "--market", "UK"), "GB (not UK)"),
        (("--list", "--market", "China"), "ISO 3166"),
        (("--market", "CN"), "goes with --list"),
        (("--test", "nowhere"), "cn-law"),
    ],
)
def test_a_wrong_use_says_the_cure(
    run_copylab: Callable[..., Any], arguments: tuple[str, ...], says: str
) -> None:
    result = run_copylab("rule", *arguments)
    assert result.code == 2
    assert says in result.err


def test_a_rule_of_law_says_whom_it_binds_and_how_to_mend_it(
    run_copylab: Callable[..., Any],
) -> None:
    out = run_copylab("rule", "CN-LEND-004").out
    assert "error · sms, push, email · CN · lending" in out
    assert (
        "Fix:\n    Say that the decision is open, such as 额度与利率以审批为准." in out
    )
    assert "read in a report" in out
    assert "2026-11-22" in out
    assert "no legal advice" in out
    assert "every market" in run_copylab("rule", "APPLE-001").out


def test_the_examples_of_a_pack_are_run(
    run_copylab: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(PACK, encoding="utf-8")
    result = run_copylab("rule", "--test", str(path))
    assert (result.code, result.err) == (0, "")
    assert "1 rules" not in result.out
    assert "2 examples: all as they say" in result.out


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Example: free money", "Example: money", "is silent on its bad example 1"),
        ("text: 'Example: money.", "text: 'Example: free money.", "fires on its good"),
        ("  good:\n", "", "has no good example"),
        ("text: 'Example: money.", "text: 'Example: {{ money.", "cannot be read"),
    ],
)
def test_an_example_that_does_not_hold_is_told(
    run_copylab: Callable[..., Any], tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in PACK
    path = tmp_path / "own.yaml"
    path.write_text(_changed(old, new), encoding="utf-8")
    result = run_copylab("rule", "--test", str(path))
    assert result.code == 1
    assert f"ACME001 acme-free-money: {says}" in result.out


@pytest.mark.parametrize(
    "info",
    [
        "../../../../away.md",
        "templates/../../../../away.md",
        "sms.en-US.md repeat=99999999999",
        "sms.en-US.md industry",
    ],
)
def test_an_example_stays_in_its_own_folder(
    run_copylab: Callable[..., Any], tmp_path: Path, info: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(PACK.replace("sms.en-US.md", info, 1), encoding="utf-8")
    result = run_copylab("rule", "--test", str(path))
    assert result.code == 1
    assert "cannot be tried (" in result.out


def test_a_mark_at_the_start_of_a_pack_does_not_stop_its_examples(
    run_copylab: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(f"\ufeff{PACK}", encoding="utf-8")
    result = run_copylab("rule", "--test", str(path))
    assert result.code == 0, result.err


def test_a_pack_that_is_wrong_is_one_message(
    run_copylab: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(PACK.replace("must_not_contain", "forbid"), encoding="utf-8")
    result = run_copylab("rule", "--test", str(path))
    assert result.code == 2
    assert "own.yaml:4" in result.err


def test_a_lender_is_told_of_the_channel_before_any_word(
    run_copylab: Callable[..., Any], tmp_path: Path
) -> None:
    arguments = ("--locale", "zh-CN", "--brand", "安心", "--industry", "lending")
    assert run_copylab("init", ".", *arguments, cwd=tmp_path).code == 0
    ran = run_copylab("lint", "--format", "concise", cwd=tmp_path)
    assert ran.code == 0
    first = ran.out.splitlines()[0]
    assert first.startswith("copylab.yaml:8:11: warning CN-SMS-013")
    assert "not checked: sending.consent is not declared" in ran.out


def test_an_industry_is_a_word(run_copylab: Callable[..., Any], tmp_path: Path) -> None:
    ran = run_copylab("init", ".", "--industry", "a: b", cwd=tmp_path)
    assert ran.code == 2
    assert "a word in small letters" in ran.err
    assert not list(tmp_path.iterdir())
