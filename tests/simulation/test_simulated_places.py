"""Simulation goes through the layer, the holdout and the coverage, as sends do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from copylab.compose.one import Composer
from copylab.errors import DataError
from copylab.experiment.holdout import Holdout
from copylab.experiment.layers import Layer
from copylab.simulation.exposures import as_running
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
NAME = "approved_sms_hook"


@pytest.fixture(scope="module")
def layered(repository: Path) -> Workspace:
    workspace = load(repository)
    inside = replace(
        workspace.experiments[NAME],
        layer="recall",
        wanted=Fraction(2, 5),
        audience=None,
    )
    return replace(
        workspace,
        experiments={**workspace.experiments, NAME: inside},
        layers={"recall": Layer("recall", "recall.1")},
        holdout=Holdout(Fraction(1, 10), "holdout.1"),
    )


def test_a_draft_is_simulated_on_the_slots_it_would_get(layered: Workspace) -> None:
    experiment = layered.experiments[NAME]
    running = as_running(layered, experiment, AT)
    composer = Composer(running, experiment.message, "sms")
    reasons = Counter(
        composer._place({"user_id": f"u{number}"}, AT)[1] for number in range(5000)
    )
    assert set(reasons) == {"holdout", "excluded_by_layer", "assigned"}
    assert abs(reasons["holdout"] / 5000 - 0.1) < 4 * (0.09 / 5000) ** 0.5
    assert abs(reasons["assigned"] / 5000 - 0.36) < 4 * (0.25 / 5000) ** 0.5


def test_a_full_layer_is_told(layered: Workspace) -> None:
    experiment = layered.experiments[NAME]
    other = as_running(layered, replace(experiment, name="other"), AT)
    full = replace(layered, experiments=other.experiments)
    more = replace(experiment, wanted=Fraction(7, 10))
    with pytest.raises(DataError, match=r"has 60% left, and '.*' asks for 70%"):
        as_running(full, more, AT)
