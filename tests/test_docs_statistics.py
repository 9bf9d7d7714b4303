from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.analysis import (
    adjustment,
    exact_proportions,
    means,
    measuring,
    posteriors,
    proportions,
    ratios,
)
from copylab.analysis.results import Analysis
from copylab.cli.analyze import analyze

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "statistics.md").read_text("utf-8")


def test_every_method_stands_in_the_table_of_tests(page: str) -> None:
    for method in (
        proportions.METHOD,
        exact_proportions.METHOD,
        means.METHOD,
        ratios.METHOD,
    ):
        assert f"| `{method}` |" in page
    assert measuring.CLUSTERED in page


def test_the_limits_are_those_of_the_code(page: str) -> None:
    words = " ".join(page.split())
    assert f"fewer than {exact_proportions._ALWAYS_BELOW} units in all" in words
    assert f"or fewer than {exact_proportions._NEVER_FROM} and" in words
    assert f"below {exact_proportions._SMALLEST_EXPECTED:g} among" in words
    assert f"fewer than {adjustment.SMALLEST_STRATUM} units are put together" in words
    assert f"differ between the arms at p < {adjustment.CHANGED_BELOW}" in words
    assert f"from {posteriors._MANY:,} successes" in words
    assert f"above {100 * measuring.MOST_MIXED:g} % of units" in words


def test_what_the_page_names_exists(page: str) -> None:
    options = {option for item in analyze.params for option in item.opts}
    for option in ("--covariate", "--strata", "--unit", "--holdout", "--correction"):
        assert f"`{option}`" in page
        assert option in options
    fields = Analysis.__dataclass_fields__
    for name in ("ranking", "holdout_lift", "adjustments", "rows"):
        assert f"`{name}`" in page
        assert name in fields


def test_every_part_of_the_page_is_there(page: str) -> None:
    headings = [line[3:] for line in page.splitlines() if line.startswith("## ")]
    for heading in ("Looking early", "Report", "Evidence", "Not covered"):
        assert heading in headings
