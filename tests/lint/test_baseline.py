"""Baselines: only what is new stops anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.errors import DataError
from copylab.findings import SEVERITIES, Finding
from copylab.lint.baseline import (
    compare_baseline,
    from_json,
    make_baseline,
    to_json,
)

if TYPE_CHECKING:
    from pathlib import Path

FOUND = Finding(
    "segments-exceed", "SMS001", "warning", "can need 2 parts, the limit is 1",
    file="templates/hello/sms.en-US.md", line=3, column=1, variant="plain", field="body",
)  # fmt: skip
FINDINGS = st.lists(
    st.builds(
        Finding,
        rule=st.sampled_from(["segments-exceed", "empty", "unused-suppression"]),
        code=st.just("X1"),
        severity=st.sampled_from(SEVERITIES),
        message=st.text(max_size=30),
        file=st.sampled_from(["templates/a/sms.en.md", "copylab.yaml", None]),
        line=st.integers(1, 9),
        variant=st.sampled_from(["plain", None]),
    ),
    max_size=12,
)


@given(FINDINGS)
def test_what_was_written_is_read_again_and_nothing_is_new(
    findings: list[Finding],
) -> None:
    entries = make_baseline(findings)
    again = from_json(to_json(entries), "baseline")
    assert set(again) == set(entries)
    compared = compare_baseline(findings, again)
    assert all(item.rule == "unused-suppression" for item in compared.told)
    assert compared.stale == ()


def test_a_finding_is_known_wherever_it_moves_and_whatever_its_figures() -> None:
    entries = make_baseline([FOUND])
    moved = replace(FOUND, line=99, message="can need 2 parts, the limit is 1 now")
    figure = replace(FOUND, line=1, message="can need 3 parts, the limit is 1")
    assert compare_baseline([figure], entries).known == (figure,)
    assert compare_baseline([moved], entries).told == (moved,)


@pytest.mark.parametrize(
    "change",
    [
        {"variant": "coupon"},
        {"rule": "empty"},
        {"file": "templates/other/sms.en-US.md"},
    ],
)
def test_another_variant_rule_or_message_is_new(change: dict[str, str]) -> None:
    other = replace(FOUND, **change)
    assert compare_baseline([other], make_baseline([FOUND])).told == (other,)


def test_a_finding_that_became_graver_is_told_again() -> None:
    graver = replace(FOUND, severity="error")
    entries = make_baseline([FOUND])
    assert compare_baseline([graver], entries).told == (graver,)
    milder = replace(FOUND, severity="info")
    assert compare_baseline([milder], entries).known == (milder,)


def test_a_second_one_of_a_kind_is_new() -> None:
    second = replace(FOUND, line=9)
    compared = compare_baseline([FOUND, second], make_baseline([FOUND]))
    assert (compared.known, compared.told) == ((FOUND,), (second,))


def test_an_entry_is_filed_under_its_message() -> None:
    (entry,) = make_baseline([FOUND])
    assert (entry.message, entry.variant, entry.rule) == (
        "hello",
        "plain",
        "segments-exceed",
    )
    partial = replace(FOUND, file="templates/_partials/rate.md")
    assert make_baseline([partial])[0].message == "templates/_partials/rate.md"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"\xff", b'{"version": 1}', b'{"version": 1, "findings": [1]}',
        b'{"version": 1, "findings": [{"rule": "x"}]}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_baseline_gets_one_message(data: bytes) -> None:
    with pytest.raises(DataError, match="is no baseline"):
        from_json(data, "copylab-baseline.json")


def test_a_baseline_of_another_version_is_refused() -> None:
    with pytest.raises(DataError, match="of version 9"):
        from_json(b'{"version": 9, "findings": []}', "copylab-baseline.json")


CONFIG = "brand: {name: Example}\nmarkets: [US]\nlocales: {default: en-US}\n"
MESSAGE = "purpose: marketing\nlive: plain\n"
WORDS = "Example: see https://bit.ly/x1. Reply STOP to opt out"


@pytest.fixture
def shop(make_files) -> Path:
    return make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/hello/message.yaml": MESSAGE,
            "templates/hello/sms.en-US.md": WORDS,
        }
    )


def test_known_findings_pass_and_new_ones_do_not(shop, run_copylab) -> None:
    assert run_copylab("lint", cwd=shop).code == 1
    ran = run_copylab("lint", "--write-baseline", cwd=shop)
    assert (ran.code, ran.err) == (0, "")
    assert "to copylab-baseline.json" in ran.out
    ran = run_copylab("lint", cwd=shop)
    assert ran.code == 0, ran.out
    assert "known from the baseline" in ran.out
    (shop / "templates/hello/push.en-US.md").write_text(
        "## title\nA\n## body\n \u202eB"
    )
    assert run_copylab("lint", cwd=shop).code == 1


def test_what_is_mended_is_stale_until_it_is_pruned(shop, run_copylab) -> None:
    run_copylab("lint", "--write-baseline", cwd=shop)
    (shop / "templates/hello/sms.en-US.md").write_text(
        "Example: hi. Reply STOP to opt out"
    )
    ran = run_copylab("lint", cwd=shop)
    assert "stale-baseline" in ran.out
    assert "stale-baseline" not in run_copylab("lint", "templates", cwd=shop).out
    ran = run_copylab("lint", "--prune", cwd=shop)
    assert ran.code == 0
    assert "took" in ran.out
    assert json.loads((shop / "copylab-baseline.json").read_text())["findings"] == []
    assert "stale-baseline" not in run_copylab("lint", cwd=shop).out
    assert "nothing is gone" in run_copylab("lint", "--prune", cwd=shop).out


def test_a_broken_baseline_stops_lint_with_one_message(shop, run_copylab) -> None:
    (shop / "copylab-baseline.json").write_text("{")
    ran = run_copylab("lint", cwd=shop)
    assert ran.code == 2
    assert ran.err.startswith("error: copylab-baseline.json: is no baseline")
    assert "--write-baseline" in ran.err


def test_a_baseline_is_about_a_whole_workspace(shop, run_copylab) -> None:
    for more in (["templates"], ["--select", "empty"], ["--changed", "HEAD"]):
        ran = run_copylab("lint", "--write-baseline", *more, cwd=shop)
        assert ran.code == 2
        assert "about a whole workspace" in ran.err
    ran = run_copylab("lint", "--write-baseline", "--prune", cwd=shop)
    assert ran.code == 2
    assert "go one at a time" in ran.err


def test_a_day_can_be_given_for_expiries(shop, run_copylab) -> None:
    comment = "{# copylab: ignore[public-shortener] a test, until 2026-06-30 #}\n"
    (shop / "templates/hello/sms.en-US.md").write_text(comment + WORDS)
    ran = run_copylab("lint", "--as-of", "2026-06-30", cwd=shop)
    assert "1 suppressed by comments" in ran.out
    ran = run_copylab("lint", "--as-of", "2026-07-01", cwd=shop)
    assert "expired-suppression" in ran.out
    assert "public-shortener" in ran.out
