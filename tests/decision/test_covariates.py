from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.decision.results import metric_specs
from copylab.errors import DataError
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.analysis.metrics import MetricSpec


@pytest.fixture
def spec(
    make_files: Callable[[dict[str, str | bytes]], Path], files: dict[str, str | bytes]
) -> Callable[[str], MetricSpec]:
    def read(covariate: str) -> MetricSpec:
        metrics = str(files["experiments/metrics.yaml"]).replace(
            "value: amount,", f"value: amount, covariate: {covariate},"
        )
        experiment = str(files["experiments/hook.yaml"]) + "strata: channel\n"
        root = make_files(
            {
                **files,
                "experiments/metrics.yaml": metrics,
                "experiments/hook.yaml": experiment,
            }
        )
        catalog = open_workspace(root)
        assert catalog.experiments["hook"].strata == "channel"
        found = metric_specs(catalog, catalog.experiments["hook"])
        return next(item for item in found if item.name == "amount")

    return read


def test_a_time_span_is_the_measure_before_the_exposure(
    spec: Callable[[str], MetricSpec],
) -> None:
    found = spec("28d")
    assert (found.before_hours, found.covariate) == (28 * 24, None)


def test_another_word_is_a_column_of_the_exposures(
    spec: Callable[[str], MetricSpec],
) -> None:
    found = spec("loans_before")
    assert (found.before_hours, found.covariate) == (None, "loans_before")


def test_no_time_at_all_is_refused(spec: Callable[[str], MetricSpec]) -> None:
    with pytest.raises(DataError, match="no time at all"):
        spec("0d")
