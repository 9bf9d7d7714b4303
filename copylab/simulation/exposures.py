"""Exposures: made-up users composed by the path that real sends take."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from copylab.compose.one import Composer
from copylab.compose.result import Rejected
from copylab.errors import DataError
from copylab.experiment.exposure import Exposure

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment
    from copylab.simulation.users import Crowd


def as_running(catalog: Catalog, experiment: Experiment, at: datetime) -> Catalog:
    """The catalog with this experiment alone, running since ``at``.

    An experiment that has been started keeps its epochs.

    Raises:
        DataError: Its layer has not the slots that it asks for.
    """
    try:
        epochs = experiment.epochs or (catalog.next_epoch(experiment, at),)
    except ValueError as error:
        cure = "conclude an experiment of the layer, or ask for fewer slots"
        raise DataError(str(error), file=experiment.file, help=cure) from None
    running = replace(experiment, status="running", epochs=epochs)
    return replace(catalog, experiments={experiment.name: running})


def compose_crowd(
    catalog: Catalog, experiment: Experiment, crowd: Crowd
) -> tuple[list[Exposure], Counter[str]]:
    """The exposure of every user, and why the others have none, with their numbers.

    Args:
        catalog: The workspace, with the experiment running; see ``as_running``.
        experiment: The experiment.
        crowd: The users.
    """
    composers = {
        channel: Composer(catalog, experiment.message, channel)
        for channel in sorted(set(crowd.channels))
    }
    exposures: list[Exposure] = []
    refused: Counter[str] = Counter()
    sends = zip(crowd.users, crowd.times, crowd.channels, strict=True)
    for number, (user, time, channel) in enumerate(sends, start=1):
        composed = composers[channel].compose(user, time, None, f"s{number:06d}")
        if isinstance(composed, Rejected):
            refused[composed.problems[0]] += 1
        elif isinstance(composed.exposure, Exposure):
            exposures.append(composed.exposure)
    return exposures, refused
