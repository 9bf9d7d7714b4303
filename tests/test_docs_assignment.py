"""docs/assignment.md says how users are placed, checked against what places them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from copylab.cli.compose import compose
from copylab.cli.explain import explain
from copylab.cli.start import start
from copylab.experiment.allocation import allocate, moved_slots, reallocate
from copylab.experiment.buckets import SLOTS
from copylab.experiment.exposure import EXPOSURE_REASONS
from copylab.experiment.read import read_experiment
from copylab.source import SourceFile

if TYPE_CHECKING:
    from pathlib import Path

FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CHANGES = {
    "three thirds to 50, 25, 25 %": (["1/3"] * 3, ["1/2", "1/4", "1/4"]),
    "a fourth equal arm": (["1/3"] * 3, ["1/4"] * 4),
    "50, 50 to 90, 10 %": (["1/2"] * 2, ["9/10", "1/10"]),
    "three thirds to 80, 10, 10 %": (["1/3"] * 3, ["4/5", "1/10", "1/10"]),
    "five fifths to 60, 10, 10, 10, 10 %": (["1/5"] * 5, ["3/5", *["1/10"] * 4]),
}


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs/assignment.md").read_text(encoding="utf-8")


def fences(page: str, kind: str) -> list[str]:
    return [text for name, text in FENCE.findall(page) if name == kind]


@pytest.mark.parametrize("change", CHANGES)
def test_the_table_of_changes_is_what_happens(page: str, change: str) -> None:
    row = next(line for line in page.splitlines() if line.startswith(f"| {change} |"))
    told = [float(cell.strip(" %")) for cell in row.split("|")[2:4]]
    before, after = (
        {f"arm{n}": Fraction(share) for n, share in enumerate(shares)}
        for shares in CHANGES[change]
    )
    old = allocate(before)
    moved = [moved_slots(old, new) for new in (allocate(after), reallocate(old, after))]
    assert [round(100 * slots / SLOTS, 1) for slots in moved] == told


def test_the_slots_of_the_example_are_those_that_a_new_epoch_gets(page: str) -> None:
    text = next(text for text in fences(page, "yaml") if "epochs:" in text)
    source = SourceFile("experiments/winback_hook.yaml", text)
    experiment, findings = read_experiment(source, "winback_hook")
    assert findings == []
    assert experiment is not None
    first, second = experiment.epochs
    assert second.slots == reallocate(first.allocation, second.arms)


def test_every_reason_is_named(page: str) -> None:
    table = page.split("## In which order")[1].split("##", maxsplit=1)[0]
    assert {name for name in EXPOSURE_REASONS if f"`{name}`" in table} == {
        *EXPOSURE_REASONS
    } - {"no_experiment"}


def test_the_options_are_there() -> None:
    assert "--new-epoch" in {name for item in start.params for name in item.opts}
    assert "--arms" in {name for item in compose.params for name in item.opts}
    assert "--force" in {name for item in explain.params for name in item.opts}
