"""What a decision rests on: the data's files with their hashes, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.analysis.engines.opening import open_tables
from copylab.analysis.origin import DataFile
from copylab.decision.citing import cite_data
from copylab.decision.data_places import data_places
from copylab.decision.find import find_experiment_named
from copylab.decision.results import present_epoch

if TYPE_CHECKING:
    from copylab.analysis.engines.engine import Engine
    from copylab.analysis.sources import Source
    from copylab.catalog import Catalog
    from copylab.decision.data_places import Files

__all__ = ["Data", "DataFile", "SentCopy", "read_data"]

_NEEDED = ("experiment", "arm", "reason", "channel", "locale", "template_hash")


@dataclass(frozen=True, slots=True)
class SentCopy:
    """A copy that exposures say was sent in an arm.

    Attributes:
        arm: The arm.
        channel: The channel.
        locale: The locale.
        hash: The content hash of the copy.
        sends: How many times.
    """

    arm: str
    channel: str
    locale: str
    hash: str
    sends: int


@dataclass(frozen=True, slots=True)
class Data:
    """The data of an experiment.

    Attributes:
        exposures: The files of exposures, or their table.
        outcomes: The files of outcomes, or their table.
        sent: What was sent in the present epoch; None where the exposures lack the
            columns that say so.
    """

    exposures: tuple[DataFile, ...]
    outcomes: tuple[DataFile, ...]
    sent: tuple[SentCopy, ...] | None


def read_data(
    catalog: Catalog,
    name: str,
    *,
    exposures: Files = None,
    outcomes: Files = None,
    connection: object | None = None,
) -> Data:
    """The data that the analysis of an experiment reads.

    Args:
        catalog: The workspace.
        name: The experiment.
        exposures: As for ``analyze_workspace``.
        outcomes: As for ``analyze_workspace``.
        connection: As for ``analyze_workspace``.

    Raises:
        DataError: The settings name no data.
        DecisionError: There is no such experiment.
        UnreadableError: A file cannot be read.
    """
    experiment = find_experiment_named(catalog, name)
    seen = data_places(catalog, "exposures", exposures, connection=connection)
    events = data_places(catalog, "outcomes", outcomes, connection=connection)
    with open_tables(seen, events, connection=connection, root=catalog.root) as opened:
        engine, (exposed, happened) = opened
        return Data(
            cite_data(engine, exposed, seen, catalog.root),
            cite_data(engine, happened, events, catalog.root),
            _read_sent(engine, present_epoch(experiment, exposed), experiment.name),
        )


def _read_sent(
    engine: Engine, exposures: Source, experiment: str
) -> tuple[SentCopy, ...] | None:
    if not set(_NEEDED) <= set(exposures.columns):
        return None
    named = ("arm", "channel", "locale", "template_hash")
    words = ", ".join(f"{exposures.word(name)} AS {name}" for name in named)
    rows = engine.rows(
        f"SELECT arm, channel, locale, template_hash, count(*) FROM (SELECT {words} "  # noqa: S608 - names are quoted, values are literals
        f"FROM {exposures.relation} WHERE {exposures.assigned(experiment)}) AS sent "
        "WHERE template_hash IS NOT NULL GROUP BY arm, channel, locale, template_hash "
        "ORDER BY arm, channel, locale, template_hash",
        exposures.path,
    )
    return tuple(
        SentCopy(str(arm), str(channel), str(locale), str(copy), int(sends))
        for arm, channel, locale, copy, sends in rows
    )
